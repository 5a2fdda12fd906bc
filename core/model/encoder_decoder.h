// The encoder-decoder that BART and its relatives share (Lewis et al. 2020, after Vaswani et al.
// 2017): learned or sinusoidal positions, norms before or after, cross-attention. A family's file
// says what it has of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/model/family.h"

namespace heed {

struct EncoderDecoderSpec {
    std::string class_prefix;  // "Bart": of BartModel, BartForCausalLM (the decoder alone) ...
    std::string language_class = "ForConditionalGeneration";  // its ending
    bool has_classifiers = false;  // of the text, and of where an answer is
    int labels = 2;                // of a classifier where neither config nor weights say
    // What a classifier's decoder starts with is the text's own last token.
    bool turns_round = false;
    bool norms_first = false;  // before attention and feed-forward, inside the residual
    bool has_embedding_norm = false;
    bool has_final_norm = false;
    bool is_sinusoidal = false;  // positions are computed where the files have no table of them
    int position_offset = 0;     // row of position 0
    bool shares_tables = true;   // of encoder and decoder
    int vocabulary = 50265;      // defaults of the config's fields
    int start_token = 2;
};

std::unique_ptr<Network> make_encoder_decoder(const EncoderDecoderSpec& spec,
                                              const ModelConfig& config, WeightSource& weights);

}  // namespace heed
