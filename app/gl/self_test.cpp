#include "app/gl/self_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/gl/compute_plan.h"
#include "app/gl/probe_pass.h"

namespace heed::app {

namespace {

// Sizes that are no multiples of any tile.
constexpr ProbeSize kSize = {37, 3, 23, 130};
// Of the largest magnitude of a node: many times what rounding in another order makes.
constexpr double kAllowance = 2e-5;

// Largest difference as a share of the node's largest magnitude; masked cells are -inf in both.
double difference(const Tensor& got, const Tensor& want) {
    double largest = 0, difference = 0;
    const auto values = want.values();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto w = static_cast<double>(values[i]), g = static_cast<double>(got.values()[i]);
        if (std::isinf(w) && g == w) continue;
        if (!std::isfinite(g) || !std::isfinite(w)) return INFINITY;
        largest = std::max(largest, std::abs(w));
        difference = std::max(difference, std::abs(g - w));
    }
    return largest > 0 ? difference / largest : difference;
}

}  // namespace

void check_device(const std::shared_ptr<ComputeDevice>& device) {
    const ProbePass pass = make_probe_pass(kSize);
    const auto weights = std::make_shared<DeviceWeights>(*device, pass.weights);
    const auto got =
        make_compute_plan(device, pass.graph, pass.weights, weights)->run(pass.inputs, {});
    const auto want = make_cpu_backend(1)->prepare(pass.graph, pass.weights)->run(pass.inputs, {});
    for (NodeId id = 0; id < pass.graph->size(); ++id) {
        double error = difference(got->tensor(id), want->tensor(id));
        if (device->faults().has_wrong_products) error += 1;
        if (error <= kAllowance) continue;
        throw GlFailure(device->renderer(), "the self-test's node " + pass.graph->node(id).name,
                        "the CPU's numbers",
                        fmt::format("others, by {:.1e} of the largest", error));
    }
}

}  // namespace heed::app
