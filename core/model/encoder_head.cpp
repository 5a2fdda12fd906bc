#include "core/model/encoder_head.h"

#include <utility>

namespace heed {

const EncoderClass& choose_encoder_class(const ModelConfig& config, const WeightSource& weights,
                                         const std::vector<EncoderClass>& classes,
                                         std::string_view words, const std::string& probe) {
    std::vector<std::string_view> known;
    for (const EncoderClass& row : classes) known.push_back(row.architecture);
    const std::string name =
        config.architecture_among(known, weights.has(probe) ? words : known.front());
    std::size_t chosen = 0;
    while (classes[chosen].architecture != name) ++chosen;
    return classes[chosen];
}

NodeId transform(GraphBuilder& b, const std::string& name, NodeId x, const HeadTransform& weights) {
    const NodeId dense =
        b.linear(name + ".dense", x, weights.dense.weight, weights.dense.bias, Stage::kUnembed);
    const NodeId act = b.activation(name + ".act", dense, weights.activation, Stage::kUnembed);
    return weights.norm ? norm(b, name + ".norm", act, *weights.norm) : act;
}

std::string WordMapSpec::embedding_tensor(const WeightSource& weights) const {
    if (!is_tied || weights.has(embedding)) return embedding;
    return weights.tied(embedding, map + ".weight");
}

LinearWeights WordMapSpec::load(WeightSource& weights, const Axis& width, const Axis& v) const {
    const std::string own = map + ".weight";
    const std::string matrix = is_tied ? weights.tied(embedding_tensor(weights), own) : own;
    LinearWeights words{weights.get(matrix, "W_U", {v, width}).transposed(0, 1), std::nullopt};
    if (has_bias == Bias::kNo) return words;
    const std::string own_bias = map + ".bias";
    std::string vector = own_bias;
    if (!bias.empty() && (is_tied || !weights.has(own_bias))) vector = weights.tied(bias, own_bias);
    words.bias = weights.get(vector, "b_U", {v});
    return words;
}

EncoderHead::EncoderHead(const ModelConfig& config, const WeightSource& weights,
                         EncoderHeadSpec spec)
    : spec_(std::move(spec)),
      class_(choose_encoder_class(config, weights, spec_.classes, spec_.words_class,
                                  spec_.words_dense + ".weight")) {}

bool EncoderHead::has_words() const {
    return class_.task == EncoderTask::kWords || class_.task == EncoderTask::kWordsAndPair;
}

std::string EncoderHead::embedding_tensor(const WeightSource& weights) const {
    return has_words() ? spec_.words.embedding_tensor(weights) : spec_.words.embedding;
}

void EncoderHead::load(const ModelConfig& config, WeightSource& weights, const std::string& prefix,
                       const Axis& d, const Axis& e, const Axis& v, float epsilon) {
    const std::string pooler = prefix + spec_.pooler;
    // A bare model may have been saved without its pooler.
    if (class_.task == EncoderTask::kNone && weights.has_values()) {
        class_.has_pooler = class_.has_pooler && weights.has(pooler + ".weight");
    }
    if (class_.has_pooler) pooler_ = load_linear(weights, pooler, "pool", d, d);
    if (has_words()) {
        transform_ = {load_linear(weights, spec_.words_dense, "head", d, e), spec_.words_activation,
                      load_norm(weights, spec_.words_norm, "head", e, epsilon)};
        unembed_ = spec_.words.load(weights, e, v);
    }
    if (class_.task == EncoderTask::kWordsAndPair || class_.task == EncoderTask::kPair) {
        pair_ = load_linear(weights, spec_.pair, "pair", d, {"P", 2});
    }
    load_classifier(config, weights, d);
}

void EncoderHead::load_classifier(const ModelConfig& config, WeightSource& weights, const Axis& d) {
    const auto load = [&](const std::string& name) {
        const Axis labels{"P", weights.rows(name + ".weight", config.labels())};
        has_probs_ = config.is_distribution(labels.extent);
        unembed_ = load_linear(weights, name, "U", d, labels);
    };
    if (class_.task == EncoderTask::kSequence) {
        if (!spec_.sequence_dense.empty()) {
            transform_ = {load_linear(weights, spec_.sequence_dense, "head", d, d),
                          spec_.sequence_activation, std::nullopt};
        }
        load(spec_.sequence);
    }
    if (class_.task == EncoderTask::kToken) load("classifier");
    if (class_.task == EncoderTask::kSpan) {
        unembed_ = load_linear(weights, "qa_outputs", "U", d, {"P", 2});
    }
    if (class_.task == EncoderTask::kDiscriminator) {
        const std::string name = "discriminator_predictions.";
        transform_ = {load_linear(weights, name + "dense", "head", d, d),
                      spec_.discriminator_activation, std::nullopt};
        unembed_ = load_linear(weights, name + "dense_prediction", "U", d, {"P", 1});
    }
}

NodeId EncoderHead::emit_pooled(GraphBuilder& b, NodeId final) const {
    const NodeId first = b.take_row("pooler.in", final, 0, Stage::kUnembed);
    const NodeId dense =
        b.linear("pooler.dense", first, pooler_.weight, pooler_.bias, Stage::kUnembed);
    return b.activation("pooled", dense, Activation::kTanh, Stage::kUnembed);
}

void EncoderHead::emit_pair(GraphBuilder& b, NodeId pooled) const {
    if (class_.task == EncoderTask::kPair) {
        unembed(b, pooled, pair_, true);
        return;
    }
    const NodeId logits =
        b.linear(spec_.pair_node + "_logits", pooled, pair_.weight, pair_.bias, Stage::kUnembed);
    b.softmax(spec_.pair_node + "_probs", logits, Stage::kUnembed);
}

void EncoderHead::emit(GraphBuilder& b, NodeId final) const {
    const NodeId pooled = class_.has_pooler ? emit_pooled(b, final) : final;
    switch (class_.task) {
        case EncoderTask::kNone:
            return;
        case EncoderTask::kWords:
            unembed(b, transform(b, "head", final, transform_), unembed_, true);
            return;
        case EncoderTask::kWordsAndPair:
            unembed(b, transform(b, "head", final, transform_), unembed_, true);
            emit_pair(b, pooled);
            return;
        case EncoderTask::kPair:
            emit_pair(b, pooled);
            return;
        case EncoderTask::kDiscriminator: {
            const NodeId act = transform(b, "head", final, transform_);
            const NodeId logits = b.dot_weight("logits", act, unembed_.weight.picked(1, 0),
                                               unembed_.bias, Stage::kUnembed);
            b.activation("probs", logits, Activation::kSigmoid, Stage::kUnembed);
            return;
        }
        case EncoderTask::kSequence: {
            if (spec_.sequence_dense.empty()) {
                unembed(b, pooled, unembed_, has_probs_);
                return;
            }
            const NodeId first = b.take_row("head.in", final, 0, Stage::kUnembed);
            unembed(b, transform(b, "head", first, transform_), unembed_, has_probs_);
            return;
        }
        case EncoderTask::kToken:
            unembed(b, final, unembed_, has_probs_);
            return;
        case EncoderTask::kSpan:
            unembed(b, final, unembed_, false);
            return;
    }
}

std::vector<std::string> EncoderHead::label_names() const {
    if (class_.task == EncoderTask::kPair) return spec_.pair_labels;
    if (class_.task == EncoderTask::kWordsAndPair) return spec_.pair_labels;
    if (class_.task == EncoderTask::kSpan) return {"start", "end"};
    return {};
}

}  // namespace heed
