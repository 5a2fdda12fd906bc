// Values of a trace that lie on the device: read when somebody looks at them, a copy of the rows
// that were asked for at a time.
#pragma once

#include <memory>
#include <vector>

#include "app/gl/compute_device.h"
#include "core/run/trace.h"

namespace heed::app {

// Words of a buffer from `first` on; no buffer where the values are derived.
struct DeviceSpan {
    std::shared_ptr<const DeviceBuffer> buffer;
    std::int64_t first = 0;
    std::int64_t count = 0;
};

class DeviceValues : public TileProvider {
  public:
    DeviceValues(std::shared_ptr<ComputeDevice> device, std::shared_ptr<const Graph> graph,
                 std::shared_ptr<const WeightStore> weights, std::vector<DeviceSpan> spans);
    ~DeviceValues() override;

    // What the device has of a node; no buffer where it is derived.
    const DeviceSpan& span(NodeId node) const;
    // Bytes of values that were copied to the host so far.
    std::int64_t bytes_read() const;
    // Asks for the tile where it is not there yet; where the device is free it may be waited for,
    // 4 ms of any 16. What came for a read is kept until it is not read for long.
    std::optional<Tile> read(const Trace& trace, NodeId node, const Box& box) const override;
    Tile wait(const Trace& trace, NodeId node, const Box& box) const override;
    bool holds(NodeId node) const override { return span(node).buffer != nullptr; }
    bool is_pending() const override;
    // `wake` is called from the device's thread.
    void set_wake(std::function<void()> wake) const override;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace heed::app
