// The encoder that BERT and its relatives share: embeddings with a norm, blocks that normalise
// after each sum. A family's file says what it has of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/model/encoder_head.h"
#include "core/model/family.h"

namespace heed {

// The names of a block's tensors, after its place.
struct EncoderLayerNames {
    std::string q = "attention.self.query";
    std::string k = "attention.self.key";
    std::string v = "attention.self.value";
    std::string out = "attention.output.dense";
    std::string ln1 = "attention.output.LayerNorm";
    std::string mlp_in = "intermediate.dense";
    std::string mlp_out = "output.dense";
    std::string ln2 = "output.LayerNorm";
};

struct EncoderSpec {
    std::string prefix;  // of the model in one with a head: "bert."
    int d_model = 0;
    int d_embedding = 0;
    int heads = 0;
    int d_mlp = 0;
    int vocabulary = 0;
    int position_rows = 0;
    int types = 0;  // 0: tokens have none
    float epsilon = 1e-12F;
    Activation activation = Activation::kGeluErf;
    MaskRule mask = MaskRule::kNone;
    // Tokens but this one count from it on, and it stands at its own number; -1: all from 0 on.
    int pad = -1;
    std::string projection;  // from the embedding's width to the model's; empty: they are one
    EncoderLayerNames names;
    std::vector<std::string> blocks;  // places of their tensors; several may share one
    EncoderHeadSpec head;
};

// The part of a spec that BERT's relatives name alike, with the class's defaults.
struct EncoderDefaults {
    int vocabulary = 30522;
    int d_model = 768;
    int d_embedding = 0;  // 0: that of the model, whatever the config says
    int heads = 12;
    int d_mlp = 3072;
    int layers = 12;
    std::string_view activation = "gelu";
};
EncoderSpec read_encoder(const ModelConfig& config, const EncoderDefaults& defaults);

std::unique_ptr<Network> make_encoder(EncoderSpec spec, const ModelConfig& config,
                                      WeightSource& weights);

}  // namespace heed
