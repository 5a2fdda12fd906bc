#include "core/model/pair_classifier.h"

#include <algorithm>

#include "core/base/error.h"

namespace heed {

void PairClassifier::load_text(const ModelConfig& config, WeightSource& weights, const Axis& d,
                               int end, int labels) {
    kind_ = Kind::kText;
    where_ = config.where();
    end_ = static_cast<int>(config.reader().get_int("eos_token_id", end, 0, 1 << 24));
    const std::string map = "classification_head.out_proj";
    const bool is_said = config.reader().has("num_labels") || config.reader().has("id2label");
    const Axis p{"P", weights.rows(map + ".weight", is_said ? config.labels() : labels)};
    dense_ = load_linear(weights, "classification_head.dense", "head", d, d);
    unembed_ = load_linear(weights, map, "U", d, p);
    has_probs_ = config.is_distribution(p.extent);
}

void PairClassifier::load_tokens(const ModelConfig& config, WeightSource& weights, const Axis& d) {
    kind_ = Kind::kTokens;
    const Axis p{"P", weights.rows("classifier.weight", config.labels())};
    unembed_ = load_linear(weights, "classifier", "U", d, p);
    has_probs_ = config.is_distribution(p.extent);
}

void PairClassifier::load_span(WeightSource& weights, const Axis& d) {
    kind_ = Kind::kSpan;
    unembed_ = load_linear(weights, "qa_outputs", "U", d, {"P", 2});
}

void PairClassifier::emit(GraphBuilder& b, NodeId final) const {
    if (kind_ != Kind::kText) {
        unembed(b, final, unembed_, has_probs_);
        return;
    }
    const int length = b.shape(final).extent(0);
    const int position = b.ids("pooled_position", b.sequence("pooled", 1), length);
    const NodeId row = b.pick_row("head.in", final, position, Stage::kUnembed);
    const NodeId dense =
        b.linear("head.dense", row, dense_.weight, dense_.bias, Stage::kUnembed);  // [D][D,D]
    const NodeId act = b.activation("head.act", dense, Activation::kTanh, Stage::kUnembed);
    unembed(b, act, unembed_, has_probs_);
}

std::vector<int> PairClassifier::derived_ids(const std::vector<int>& ids) const {
    const auto last = std::find(ids.rbegin(), ids.rend(), end_);
    if (last == ids.rend()) {
        throw Error(where_, "input_ids",
                    "the id " + std::to_string(end_) + " (eos_token_id), where the class reads",
                    "none");
    }
    return {static_cast<int>(ids.rend() - last) - 1};
}

std::vector<std::string> PairClassifier::label_names() const {
    if (kind_ == Kind::kSpan) return {"start", "end"};
    return {};
}

std::vector<int> shift_right(int start, const std::vector<int>& ids) {
    std::vector<int> shifted = {start};
    if (!ids.empty()) shifted.insert(shifted.end(), ids.begin(), ids.end() - 1);
    return shifted;
}

}  // namespace heed
