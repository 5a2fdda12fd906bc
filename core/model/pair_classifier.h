// A classifier on an encoder-decoder: of the whole text, of each token, or of where an answer
// starts and ends. Where it stands on the decoder, that reads the same text as the encoder, one
// place to the right.
#pragma once

#include <string>
#include <vector>

#include "core/model/blocks.h"
#include "core/model/config.h"

namespace heed {

class PairClassifier {
  public:
    // classification_head: dense, tanh, out_proj of the decoder's vector where the text ends;
    // `end` and `labels` count where neither config nor weights say.
    void load_text(const ModelConfig& config, WeightSource& weights, const Axis& d, int end,
                   int labels);
    void load_tokens(const ModelConfig& config, WeightSource& weights, const Axis& d);
    void load_span(WeightSource& weights, const Axis& d);

    bool is_loaded() const { return kind_ != Kind::kNone; }
    void emit(GraphBuilder& b, NodeId final) const;
    // For Network::derived_ids: where the text ends. Error where it does not.
    std::vector<int> derived_ids(const std::vector<int>& ids) const;
    std::vector<std::string> label_names() const;

  private:
    enum class Kind { kNone, kText, kTokens, kSpan };

    Kind kind_ = Kind::kNone;
    std::string where_;  // the config, for messages
    int end_ = 0;
    bool has_probs_ = false;
    LinearWeights dense_, unembed_;
};

// `ids` one place to the right, after `start`.
std::vector<int> shift_right(int start, const std::vector<int>& ids);

}  // namespace heed
