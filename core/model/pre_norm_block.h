// A block that normalises before attention and before the feed-forward part, as the encoders of
// pictures and CLIP's of texts have it.
#pragma once

#include "core/model/blocks.h"

namespace heed {

struct PreNormLayer {
    NormWeights ln1;
    AttentionWeights attention;
    NormWeights ln2;
    FeedForwardWeights mlp;
};

// Nodes resid_pre to resid_post of the open block, of x [T, D].
NodeId pre_norm_block(GraphBuilder& b, NodeId x, const PreNormLayer& layer, const PatternRule& rule,
                      Activation activation);

}  // namespace heed
