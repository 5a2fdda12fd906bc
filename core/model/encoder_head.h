// What stands on an encoder: nothing, the words of its vocabulary, a classifier of the text or of
// each token. Chosen by the class that the config names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/blocks.h"
#include "core/model/family.h"

namespace heed {

enum class EncoderTask {
    kNone,
    kWords,          // masked ones, or the next
    kWordsAndPair,   // and how two texts belong together
    kPair,           // only that
    kDiscriminator,  // whether each token was replaced
    kSequence,       // a label of the text
    kToken,          // a label of each token
    kSpan,           // where an answer starts and ends
};

struct EncoderClass {
    std::string architecture;
    EncoderTask task = EncoderTask::kNone;
    bool has_pooler = false;
};
// The class of a config; where it names none, `words` if the files hold the tensor `probe`, else
// the first of `classes`. Error for one that is not among them.
const EncoderClass& choose_encoder_class(const ModelConfig& config, const WeightSource& weights,
                                         const std::vector<EncoderClass>& classes,
                                         std::string_view words, const std::string& probe);

// dense, activation, norm: nodes <name>.dense, <name>.act, <name>.norm.
struct HeadTransform {
    LinearWeights dense;
    Activation activation = Activation::kGeluErf;
    std::optional<NormWeights> norm;
};
NodeId transform(GraphBuilder& b, const std::string& name, NodeId x, const HeadTransform& weights);

// The map to the words of the vocabulary, which mostly shares the embedding's matrix.
struct WordMapSpec {
    std::string embedding;  // the tensor that a tied map shares
    std::string map;        // "cls.predictions.decoder": of its own weight and bias
    std::string bias;       // where the tied map's bias lies; empty: as its own
    bool is_tied = true;
    Bias has_bias = Bias::kYes;

    // The tensor of the embedding: its own, or where the files hold only the tied map, that.
    std::string embedding_tensor(const WeightSource& weights) const;
    LinearWeights load(WeightSource& weights, const Axis& width, const Axis& v) const;
};

struct EncoderHeadSpec {
    std::vector<EncoderClass> classes;  // the bare model first
    std::string words_class;            // where a config names none: "BertForMaskedLM"
    std::string pooler;                 // "pooler.dense", after the model's prefix
    WordMapSpec words;
    std::string words_dense;  // "cls.predictions.transform.dense"
    std::string words_norm;
    Activation words_activation = Activation::kGeluErf;
    std::string pair;                      // "cls.seq_relationship"
    std::string pair_node;                 // "next_sentence": of its logits beside those of words
    std::vector<std::string> pair_labels;  // what its two mean
    Activation discriminator_activation = Activation::kGeluErf;
    std::string sequence_dense;  // a map before the classifier; empty: that reads `pooled`
    Activation sequence_activation = Activation::kTanh;
    std::string sequence = "classifier";
};

class EncoderHead {
  public:
    EncoderHead() = default;
    // Error where the config names a class that is not among the spec's.
    EncoderHead(const ModelConfig& config, const WeightSource& weights, EncoderHeadSpec spec);
    // Fetches its weights; `prefix` is the model's, `d` its width, `e` that of its embedding.
    void load(const ModelConfig& config, WeightSource& weights, const std::string& prefix,
              const Axis& d, const Axis& e, const Axis& v, float epsilon);

    const std::string& architecture() const { return class_.architecture; }
    std::string embedding_tensor(const WeightSource& weights) const;
    void emit(GraphBuilder& b, NodeId final) const;
    std::vector<std::string> label_names() const;

  private:
    void load_classifier(const ModelConfig& config, WeightSource& weights, const Axis& d);
    bool has_words() const;
    NodeId emit_pooled(GraphBuilder& b, NodeId final) const;
    void emit_pair(GraphBuilder& b, NodeId pooled) const;

    EncoderHeadSpec spec_;
    EncoderClass class_;
    bool has_probs_ = true;
    LinearWeights pooler_, unembed_, pair_;
    HeadTransform transform_;
};

}  // namespace heed
