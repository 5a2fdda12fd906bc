// The decoder of GPT and what came of it: blocks of attention and feed-forward with layer norms. A
// family's file reads its config and weights into a plan; the forward pass is here.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/model/blocks.h"
#include "core/model/decoder_head.h"
#include "core/model/family.h"

namespace heed {

struct DecoderBlock {
    std::optional<NormWeights> ln1, ln2;
    AttentionWeights attention;
    std::optional<NormWeights> q_norm, k_norm;  // over a head's columns
    FeedForwardWeights mlp;
    PatternRule pattern;
};

struct DecoderPlan {
    // In which order a block normalises and adds.
    enum class Order {
        kBefore,    // r = x + attn(ln1(x));  r + mlp(ln2(r))
        kAfter,     // n = ln1(x + attn(x));  ln2(n + mlp(n))
        kNormed,    // n = ln1(x), r = n + attn(n);  m = ln2(r), m + mlp(m)
        kParallel,  // x + attn(ln1(x)) + mlp(ln2(x)); without an ln2, ln1 feeds both
    };

    Axis d, f, v;
    int heads = 0;
    int key_heads = 0;
    int d_head = 0;
    int positions = 0;

    WeightView word;                          // [V, D], or [V, E] where project_in makes D of E
    std::optional<LinearWeights> project_in;  // (E, D)
    float embedding_scale = 1;
    std::optional<WeightView> position_table;  // [positions + position_offset, D]
    int position_offset = 0;                   // row of position 0
    bool has_waves = false;                    // sines, then cosines, instead of a table
    std::optional<NormWeights> embedding_norm;

    Order order = Order::kBefore;
    Activation activation = Activation::kGeluTanh;
    std::function<RotaryRule(int length)> rotary;  // empty: none
    std::vector<DecoderBlock> blocks;

    std::optional<NormWeights> final_norm;
    std::optional<LinearWeights> project_out;  // (D, E)
    DecoderHead head;
};

std::unique_ptr<Network> make_block_decoder(DecoderPlan plan);

}  // namespace heed
