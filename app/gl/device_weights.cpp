#include "app/gl/device_weights.h"

namespace heed::app {

DeviceWeights::DeviceWeights(ComputeDevice& device, std::shared_ptr<const WeightStore> store)
    : device_(device), store_(std::move(store)) {}

void DeviceWeights::bring(const Graph& graph, const CancelToken& cancel) {
    for (const WeightView& view : graph.weights()) {
        if (buffers_.count(view.tensor) > 0) continue;
        cancel.check();
        const StoredWeights stored = store_->stored(view.tensor);
        // Numbers of 16 bits may end with half a word.
        const auto words = static_cast<std::int64_t>((stored.bytes.size() + 3) / 4);
        if (words == 0) continue;
        const std::shared_ptr<const DeviceBuffer> buffer = device_.memory().take(words);
        device_.memory().upload(*buffer, 0, stored.bytes);
        buffers_.emplace(view.tensor, buffer);
    }
    device_.check();
}

}  // namespace heed::app
