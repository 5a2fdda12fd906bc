// A picture as a sequence: cut into patches, each mapped to the model's width, after learned rows
// that stand for the whole picture (Dosovitskiy et al. 2021).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/graph/builder.h"
#include "core/model/blocks.h"
#include "core/model/config.h"
#include "core/model/model.h"

namespace heed {

// What a model takes, in pixels; what is left over of the picture at the right and below belongs to
// no patch.
struct PictureSize {
    int channels = 3;
    int height = 224;
    int width = 224;
    PatchSize patch;

    PatchGrid grid() const { return {height / patch.height, width / patch.width}; }
    int patches() const { return grid().rows * grid().columns; }
};

enum class Edges { kSquare, kAnyRectangle };
// num_channels, image_size and patch_size: a number each, or [height, width] where the class takes
// rectangles. Throws Error, for a picture smaller than a patch too.
PictureSize read_picture_size(const ModelConfig& config, int default_patch, Edges edges);

// A learned row that stands before the patches.
struct SpecialRow {
    std::string label;  // "[CLS]"
    WeightView row_TD;  // [1, D]
};

struct PatchEmbedding {
    PictureSize size;
    LinearWeights projection;  // (C*Y*X, D)
    std::vector<SpecialRow> special;
    WeightView position_TD;  // of the special rows, then the patches

    int length() const { return static_cast<int>(special.size()) + size.patches(); }
};

// A convolution whose steps are as wide as its kernel, as a linear map of patches: "<name>.weight"
// [D, C, Y, X] and "<name>.bias".
LinearWeights load_patch_projection(WeightSource& weights, const std::string& name,
                                    const PictureSize& size, const Axis& d, Bias bias);

// Sequences tokens and patches, the first of the graph, the input pixel_values [C, Y, X], and
// nodes patches, patch_embed, embed, pos_embed and their sum, called `sum`. // -> [T, D]
NodeId embed_picture(GraphBuilder& b, const PatchEmbedding& embedding, std::string_view sum);

// What the model takes, for its summary.
void describe_picture(const PatchEmbedding& embedding, ModelSummary& sizes);

}  // namespace heed
