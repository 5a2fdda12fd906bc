#include "app/gl/self_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "app/gl/compute_plan.h"
#include "core/graph/builder.h"

namespace heed::app {

namespace {

// Sizes that are no multiples of any tile.
constexpr int kTokens = 37, kHeads = 3, kHeadWidth = 23, kWidth = kHeads * kHeadWidth, kInner = 130;
constexpr int kWords = 50;
// Of the largest magnitude of a node: many times what rounding in another order makes.
constexpr double kAllowance = 2e-5;

class TestGraph {
  public:
    TestGraph() : weights_(std::make_shared<WeightStore>()) {}

    WeightView weight(const std::string& symbol, const Shape& shape) {
        const std::size_t count = shape.count();
        auto values = std::make_shared<std::vector<float>>(count);
        for (float& value : *values) value = number_(random_);
        const WeightId id = weights_->add(symbol, shape.extents(), [values] {
            return WeightValues{values, *values};
        });
        return WeightView::whole(*weights_, id, symbol, shape);
    }

    std::shared_ptr<const Graph> build() {
        GraphBuilder b;
        const int text = b.sequence("text", kTokens);
        const int ids = b.ids("input_ids", text, kWords);
        const Axis model{"D", kWidth}, heads{"H", kHeads}, head{"K", kHeadWidth};
        const Axis inner{"F", kInner};
        const NodeId x =
            b.gather("embed", weight("W_E", {{"N", kWords}, model}), ids, Stage::kEmbed);
        const auto project = [&](const char* name) {
            return b.linear(name, x, weight(std::string("W_") + name, {model, heads, head}),
                            weight(std::string("b_") + name, {heads, head}), Stage::kProject);
        };
        const NodeId q = project("q"), k = project("k"), v = project("v");
        const NodeId scaled = b.scale("scaled", b.matmul_nt("dots", q, k), 0.2F, "0.2");
        const NodeId pattern = b.softmax("pattern", b.mask("masked", scaled, MaskRule::kCausal));
        const NodeId concat = b.merge_heads("concat", b.matmul("z", pattern, v));
        const NodeId sum = b.add("sum", {x, concat});
        const NodeId norm =
            b.layer_norm("norm", sum, weight("w_N", {model}), weight("b_N", {model}), 1e-5F);
        const NodeId pre = b.linear("pre", norm, weight("W_in", {model, inner}),
                                    weight("b_in", {inner}), Stage::kFeedForward);
        b.activation("post", pre, Activation::kGeluErf, Stage::kFeedForward);
        return b.build();
    }

    std::shared_ptr<const WeightStore> weights() const { return weights_; }

  private:
    std::shared_ptr<WeightStore> weights_;
    std::mt19937 random_{5};
    std::uniform_real_distribution<float> number_{-0.5F, 0.5F};
};

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
    TestGraph test;
    const std::shared_ptr<const Graph> graph = test.build();
    RunInputs inputs;
    inputs.ids.emplace_back();
    for (int t = 0; t < kTokens; ++t) inputs.ids.back().push_back(t * 7 % kWords);
    inputs.numbers.emplace_back();
    const auto weights = std::make_shared<DeviceWeights>(*device, test.weights());
    const auto got = make_compute_plan(device, graph, test.weights(), weights)->run(inputs, {});
    const auto want = make_cpu_backend(1)->prepare(graph, test.weights())->run(inputs, {});
    for (NodeId id = 0; id < graph->size(); ++id) {
        double error = difference(got->tensor(id), want->tensor(id));
        if (device->faults().has_wrong_products) error += 1;
        if (error <= kAllowance) continue;
        throw GlFailure(device->renderer(), "the self-test's node " + graph->node(id).name,
                        "the CPU's numbers",
                        fmt::format("others, by {:.1e} of the largest", error));
    }
}

}  // namespace heed::app
