#include "app/gl/probe_pass.h"

#include <random>
#include <string>
#include <vector>

#include "core/graph/builder.h"

namespace heed::app {

namespace {

constexpr int kWords = 50;

class ProbeBuilder {
  public:
    explicit ProbeBuilder(const ProbeSize& size)
        : size_(size), weights_(std::make_shared<WeightStore>()) {}

    ProbePass build() {
        GraphBuilder b;
        const int text = b.sequence("text", size_.tokens);
        const int ids = b.ids("input_ids", text, kWords);
        const Axis model{"D", size_.heads * size_.head_width};
        const NodeId x =
            b.gather("embed", weight("W_E", {{"N", kWords}, model}), ids, Stage::kEmbed);
        const NodeId sum = b.add("sum", {x, attend(b, x, model)});
        feed_forward(b, sum, model);
        ProbePass pass{b.build(), weights_, {}};
        pass.inputs.ids.emplace_back();
        for (int t = 0; t < size_.tokens; ++t) pass.inputs.ids.back().push_back(t * 7 % kWords);
        pass.inputs.numbers.emplace_back();
        return pass;
    }

  private:
    WeightView weight(const std::string& symbol, const Shape& shape) {
        const auto values = std::make_shared<std::vector<float>>(shape.count());
        for (float& value : *values) value = number_(random_);
        const auto fetch = [values] { return WeightValues{values, *values}; };
        const WeightId id = weights_->add(symbol, shape.extents(), fetch);
        return WeightView::whole(*weights_, id, symbol, shape);
    }

    NodeId attend(GraphBuilder& b, NodeId x, const Axis& model) {
        const Axis heads{"H", size_.heads}, head{"K", size_.head_width};
        const auto project = [&](const std::string& name) {
            return b.linear(name, x, weight("W_" + name, {model, heads, head}),
                            weight("b_" + name, {heads, head}), Stage::kProject);
        };
        const NodeId q = project("q"), k = project("k"), v = project("v");
        const NodeId scaled = b.scale("scaled", b.matmul_nt("dots", q, k), 0.2F, "0.2");
        const NodeId pattern = b.softmax("pattern", b.mask("masked", scaled, MaskRule::kCausal));
        return b.merge_heads("concat", b.matmul("z", pattern, v));
    }

    void feed_forward(GraphBuilder& b, NodeId sum, const Axis& model) {
        const Axis inner{"F", size_.inner};
        const NodeId norm =
            b.layer_norm("norm", sum, weight("w_N", {model}), weight("b_N", {model}), 1e-5F);
        const NodeId pre = b.linear("pre", norm, weight("W_in", {model, inner}),
                                    weight("b_in", {inner}), Stage::kFeedForward);
        const NodeId post = b.activation("post", pre, Activation::kGeluErf, Stage::kFeedForward);
        b.linear("out", post, weight("W_out", {inner, model}), std::nullopt, Stage::kFeedForward);
    }

    ProbeSize size_;
    std::shared_ptr<WeightStore> weights_;
    std::mt19937 random_{5};
    std::uniform_real_distribution<float> number_{-0.5F, 0.5F};
};

}  // namespace

ProbePass make_probe_pass(const ProbeSize& size) {
    return ProbeBuilder(size).build();
}

}  // namespace heed::app
