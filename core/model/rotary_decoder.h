// The decoder that Llama and its relatives share: RMS norms, rotary positions, grouped keys, gated
// feed-forward. A family's file says what it has of it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/blocks.h"
#include "core/model/decoder_head.h"
#include "core/model/family.h"
#include "core/model/rotary.h"

namespace heed {

struct RotaryDecoderSpec {
    enum class QkNorm { kNone, kHead, kWhole };  // over a head's columns, or over all of q and of k
    enum class Norms { kBefore, kAround, kAfter };  // of attention and feed-forward

    std::string class_prefix = {};  // "Llama": of LlamaModel, LlamaForCausalLM ...
    std::string other_prefix = {};  // of classes that hold the same decoder
    bool has_token_class = true;    // DecoderHeadSpec's
    bool has_span_class = true;
    int d_model = 0;
    int heads = 0;
    int key_heads = 0;
    int d_head = 0;
    int d_mlp = 0;
    int layers = 0;
    int vocabulary = 0;
    int positions = 0;
    float epsilon = 1e-6F;
    float norm_offset = 0;  // Gemma: 1 + w
    Activation activation = Activation::kSilu;
    Norms norms = Norms::kBefore;
    QkNorm qk_norm = QkNorm::kNone;
    bool has_qkv_bias = false;
    bool has_out_bias = false;
    bool has_mlp_bias = false;
    bool has_fused_maps = false;  // qkv_proj, gate_up_proj
    bool is_tied = false;
    ScoreScale scale = {};
    float embedding_scale = 1;
    float score_cap = 0;  // 0: none
    float logit_cap = 0;
    int pad = -1;                       // id of padding where the config does not say; -1: none
    int window = 0;                     // of sliding layers
    std::vector<bool> sliding = {};     // by layer
    std::vector<bool> has_rotary = {};  // by layer; empty: all
    RotaryConfig rotary;                // of full layers
    std::optional<RotaryConfig> sliding_rotary = {};  // where sliding layers have their own
};

// The part of a spec that Llama-like configs name alike, with the class's defaults.
struct RotaryDecoderDefaults {
    int vocabulary = 32000;
    int d_model = 4096;
    int d_mlp = 11008;
    int layers = 32;
    int heads = 32;
    int key_heads = 0;  // 0: as many as heads
    int d_head = 0;     // 0: d_model / heads
    int positions = 2048;
    double epsilon = 1e-6;
    double theta = 10000;
    std::string_view rotary_share_key = "";  // RotaryDefaults::share_key
    bool is_tied = false;
};
RotaryDecoderSpec read_rotary_decoder(const ModelConfig& config, std::string class_prefix,
                                      const RotaryDecoderDefaults& defaults);

// "sliding_window"; `fallback` where it is absent, 0 (none) where it is null.
int read_window(const ModelConfig& config, int fallback);

// Error where layers slide and there is no window.
std::unique_ptr<Network> make_rotary_decoder(RotaryDecoderSpec spec, const ModelConfig& config,
                                             WeightSource& weights);

}  // namespace heed
