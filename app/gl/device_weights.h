// A model's weights on the device, as the file has them. Each tensor goes there once. Used on the
// device's thread.
#pragma once

#include <map>
#include <memory>

#include "app/gl/compute_device.h"
#include "core/base/progress.h"
#include "core/graph/graph.h"

namespace heed::app {

class DeviceWeights {
  public:
    // The device outlives it.
    DeviceWeights(ComputeDevice& device, std::shared_ptr<const WeightStore> store);

    // Brings what the graph uses to the device. Throws GlFailure, Cancelled.
    void bring(const Graph& graph, const CancelToken& cancel);
    const std::shared_ptr<const DeviceBuffer>& at(WeightId tensor) const {
        return buffers_.at(tensor);
    }
    const WeightStore& store() const { return *store_; }

  private:
    ComputeDevice& device_;
    std::shared_ptr<const WeightStore> store_;
    std::map<WeightId, std::shared_ptr<const DeviceBuffer>> buffers_;
};

}  // namespace heed::app
