#include "core/model/decoder_head.h"

#include <string_view>
#include <utility>

namespace heed {

DecoderHead::DecoderHead(const ModelConfig& config, const WeightSource& weights,
                         DecoderHeadSpec spec)
    : spec_(std::move(spec)) {
    std::vector<std::pair<std::string, Kind>> classes;
    for (const std::string& prefix : {spec_.class_prefix, spec_.other_prefix}) {
        if (prefix.empty()) continue;
        classes.emplace_back(prefix + "Model", Kind::kNone);
        for (const std::string& ending : spec_.language_classes) {
            classes.emplace_back(prefix + ending, Kind::kLanguage);
        }
        classes.emplace_back(prefix + "ForSequenceClassification", Kind::kSequence);
        if (spec_.has_token_class) {
            classes.emplace_back(prefix + "ForTokenClassification", Kind::kToken);
        }
        if (spec_.has_span_class) {
            classes.emplace_back(prefix + "ForQuestionAnswering", Kind::kSpan);
        }
    }
    std::vector<std::string_view> known;
    std::string_view usual;
    const Kind kind_in_files = kind_of_files(weights);
    for (const auto& [name, kind] : classes) {
        known.push_back(name);
        if (kind == kind_in_files && usual.empty()) usual = name;
    }
    architecture_ = config.architecture_among(known, usual);
    for (const auto& [name, kind] : classes) {
        if (name == architecture_) kind_ = kind;
    }
    pad_ = spec_.pad;
    if (config.reader().json().find("pad_token_id") != nullptr) {
        pad_ = static_cast<int>(config.reader().get_int("pad_token_id", -1, -1, 1 << 24));
    }
}

// What stands in for the class where a config does not name it.
DecoderHead::Kind DecoderHead::kind_of_files(const WeightSource& weights) const {
    if (weights.has(spec_.language + ".weight")) return Kind::kLanguage;
    // Both may have one name; only that of tokens has a bias.
    if (spec_.has_token_class && weights.has(spec_.token_classifier + ".bias")) return Kind::kToken;
    if (weights.has(spec_.sequence_classifier + ".weight")) return Kind::kSequence;
    if (spec_.has_span_class && weights.has("qa_outputs.weight")) return Kind::kSpan;
    // A tied head is absent, but only a model with a head names what it stands on.
    const std::string& table = spec_.embedding;
    const bool is_part = table.starts_with("model.") || table.starts_with("transformer.");
    return spec_.is_tied && is_part && weights.has(table) ? Kind::kLanguage : Kind::kNone;
}

std::string DecoderHead::embedding_tensor(const WeightSource& weights) const {
    const bool is_tied = kind_ == Kind::kLanguage && spec_.is_tied;
    if (!is_tied || weights.has(spec_.embedding)) return spec_.embedding;
    return weights.tied(spec_.embedding, spec_.language + ".weight");
}

void DecoderHead::load(const ModelConfig& config, WeightSource& weights, const Axis& d,
                       const Axis& v) {
    const auto labels = [&](const std::string& name) {
        return Axis{"P", weights.rows(name + ".weight", config.labels())};
    };
    const std::string& sequence = spec_.sequence_classifier;
    const std::string& token = spec_.token_classifier;
    switch (kind_) {
        case Kind::kNone:
            return;
        case Kind::kLanguage: {
            const std::string own = spec_.language + ".weight";
            const std::string name =
                spec_.is_tied ? weights.tied(embedding_tensor(weights), own) : own;
            unembed_ = {weights.get(name, "W_U", {v, d}).transposed(0, 1), std::nullopt};
            if (spec_.language_bias == Bias::kNo) return;
            unembed_.bias = weights.get(spec_.language + ".bias", "b_U", {v});
            return;
        }
        case Kind::kSequence:
            unembed_ = load_linear(weights, sequence, "U", d, labels(sequence), Bias::kNo);
            break;
        case Kind::kToken:
            unembed_ = load_linear(weights, token, "U", d, labels(token));
            break;
        case Kind::kSpan:
            unembed_ = load_linear(weights, "qa_outputs", "U", d, {"P", 2});
            has_probs_ = false;
            return;
    }
    has_probs_ = config.is_distribution(unembed_.weight.shape.extent(1));
}

void DecoderHead::emit(GraphBuilder& b, NodeId final) const {
    if (kind_ == Kind::kNone) return;
    if (kind_ == Kind::kSequence) {
        const int limit = b.shape(final).extent(0);
        const int position = b.ids("pooled_position", b.sequence("pooled", 1), limit);
        const NodeId row = b.pick_row("score.in", final, position, Stage::kUnembed);
        unembed(b, row, unembed_, has_probs_);
    } else if (kind_ == Kind::kLanguage && spec_.logit_cap > 0) {
        const NodeId raw = b.linear("logits_raw", final, unembed_.weight, unembed_.bias,
                                    Stage::kUnembed);  // [T,D][D,V] -> [T,V]
        const NodeId logits = b.soft_cap("logits", raw, spec_.logit_cap, Stage::kUnembed);
        b.softmax("probs", logits, Stage::kUnembed);
    } else {
        unembed(b, final, unembed_, has_probs_);
    }
}

// The position of the last token that is no padding: it has seen all others.
std::vector<int> DecoderHead::derived_ids(const std::vector<int>& ids) const {
    int last = static_cast<int>(ids.size()) - 1;
    if (pad_ < 0) return {last};
    while (last > 0 && ids[static_cast<std::size_t>(last)] == pad_) --last;
    return {last};
}

std::vector<std::string> DecoderHead::label_names() const {
    if (kind_ == Kind::kSpan) return {"start", "end"};
    return {};
}

}  // namespace heed
