// What stands on a decoder: nothing, the words of its vocabulary, or a classifier. Chosen by the
// class that the config names.
#pragma once

#include <string>
#include <vector>

#include "core/model/blocks.h"
#include "core/model/family.h"

namespace heed {

struct DecoderHeadSpec {
    std::string class_prefix;                   // "Llama": of LlamaModel, LlamaForCausalLM ...
    std::string other_prefix;                   // counts as well; empty: none
    std::vector<std::string> language_classes;  // endings: "ForCausalLM", "LMHeadModel"
    std::string embedding;                      // the tensor that a tied head shares
    std::string language = "lm_head";           // "embed_out"
    Bias language_bias = Bias::kNo;
    bool is_tied = false;
    bool has_token_class = true;  // "...ForTokenClassification"
    bool has_span_class = true;   // "...ForQuestionAnswering"
    std::string token_classifier = "classifier";
    std::string sequence_classifier = "score";
    float logit_cap = 0;  // 0: none
    int pad = -1;         // id of padding where the config does not say; -1: none
};

class DecoderHead {
  public:
    DecoderHead() = default;
    // Error where the config names a class that is not among these.
    DecoderHead(const ModelConfig& config, const WeightSource& weights, DecoderHeadSpec spec);
    // Fetches its weights: from vectors of width `d` to the words `v`.
    void load(const ModelConfig& config, WeightSource& weights, const Axis& d, const Axis& v);

    const std::string& architecture() const { return architecture_; }
    // The tensor of the embedding: its own, or where the files hold only the tied head, that.
    std::string embedding_tensor(const WeightSource& weights) const;
    // logits of `final` [T, D], and probs where they are a distribution.
    void emit(GraphBuilder& b, NodeId final) const;
    // For Network::derived_ids and label_names.
    std::vector<int> derived_ids(const std::vector<int>& ids) const;
    std::vector<std::string> label_names() const;

  private:
    enum class Kind { kNone, kLanguage, kSequence, kToken, kSpan };

    Kind kind_of_files(const WeightSource& weights) const;

    DecoderHeadSpec spec_;
    std::string architecture_;
    Kind kind_ = Kind::kNone;
    bool has_probs_ = true;
    int pad_ = -1;  // id that a sequence classifier looks away from; -1: none
    LinearWeights unembed_;
};

}  // namespace heed
