#include "core/model/patch_embedding.h"

#include <cstdint>
#include <utility>

#include "core/base/check.h"

namespace heed {
namespace {

constexpr int kMaxEdge = 1 << 14;  // pixels
constexpr int kMaxPatches = 1 << 20;
constexpr int kMaxPatchNumbers = 1 << 20;

struct EdgeLengths {
    int height = 0;
    int width = 0;
};

EdgeLengths read_edges(const ModelConfig& config, std::string_view key, int fallback, Edges edges) {
    const JsonReader& reader = config.reader();
    const Json* value = reader.json().find_non_null(key);
    if (edges == Edges::kSquare || value == nullptr || !value->is_array()) {
        const int edge = static_cast<int>(reader.get_int(key, fallback, 1, kMaxEdge));
        return {edge, edge};
    }
    const auto is_edge = [](const Json& entry) {
        return entry.is_integer && entry.integer >= 1 && entry.integer <= kMaxEdge;
    };
    if (value->array.size() != 2 || !is_edge(value->array[0]) || !is_edge(value->array[1])) {
        reader.fail(key, "a number, or height and width, 1 to " + std::to_string(kMaxEdge), value);
    }
    return {static_cast<int>(value->array[0].integer), static_cast<int>(value->array[1].integer)};
}

}  // namespace

PictureSize read_picture_size(const ModelConfig& config, int default_patch, Edges edges) {
    const JsonReader& reader = config.reader();
    const EdgeLengths image = read_edges(config, "image_size", 224, edges);
    const EdgeLengths patch = read_edges(config, "patch_size", default_patch, edges);
    const PictureSize size{
        config.size({"num_channels"}, 3), image.height, image.width, {patch.height, patch.width}};
    const std::int64_t rows = image.height / patch.height;
    const std::int64_t columns = image.width / patch.width;
    if (rows == 0 || columns == 0 || rows * columns > kMaxPatches) {
        reader.fail("patch_size",
                    "1 to " + std::to_string(kMaxPatches) + " patches in a picture of " +
                        std::to_string(image.height) + " x " + std::to_string(image.width),
                    reader.json().find("patch_size"));
    }
    const std::int64_t area = std::int64_t{patch.height} * patch.width;
    if (size.channels > kMaxPatchNumbers / area) {
        reader.fail("num_channels",
                    "at most " + std::to_string(kMaxPatchNumbers) + " numbers in a patch",
                    reader.json().find("num_channels"));
    }
    return size;
}

LinearWeights load_patch_projection(WeightSource& weights, const std::string& name,
                                    const PictureSize& size, const Axis& d, Bias bias) {
    const WeightView kernel =
        weights.get(name + ".weight", "W_patch",
                    {d, {"C", size.channels}, {"Y", size.patch.height}, {"X", size.patch.width}});
    const int area = size.patch.height * size.patch.width;
    const WeightView rows =
        kernel.joined(2, {"Y*X", area}).joined(1, {"C*Y*X", size.channels * area});
    LinearWeights projection{rows.transposed(0, 1), std::nullopt};
    if (bias == Bias::kYes) projection.bias = weights.get(name + ".bias", "b_patch", {d});
    return projection;
}

NodeId embed_picture(GraphBuilder& b, const PatchEmbedding& embedding, std::string_view sum) {
    const PictureSize& size = embedding.size;
    std::vector<SequencePart> parts;
    for (const SpecialRow& row : embedding.special) parts.push_back({-1, 0, 1, row.label});
    parts.push_back({1, 0, size.patches(), ""});
    const int tokens = b.joined("tokens", std::move(parts));
    const int places = b.patches("patches", size.grid());
    HEED_CHECK_EQ(places, 1);
    const int pixels =
        b.numbers("pixel_values", {{"C", size.channels}, {"Y", size.height}, {"X", size.width}});

    const NodeId patches = b.patches("patches", pixels, places, size.patch);
    const LinearWeights& map = embedding.projection;
    const NodeId embedded = b.linear("patch_embed", patches, map.weight, map.bias,
                                     Stage::kEmbed);  // [T,C*Y*X][C*Y*X,D] -> [T,D]
    std::vector<GraphBuilder::Rows> rows;
    for (const SpecialRow& row : embedding.special) rows.emplace_back(row.row_TD);
    rows.emplace_back(embedded);
    const NodeId word = b.concat_rows("embed", tokens, rows);
    const NodeId position = b.table_rows("pos_embed", embedding.position_TD, tokens, 0);
    return b.add(sum, {word, position});
}

void describe_picture(const PatchEmbedding& embedding, ModelSummary& sizes) {
    sizes.positions = embedding.length();
    sizes.channels = embedding.size.channels;
    sizes.image_height = embedding.size.height;
    sizes.image_width = embedding.size.width;
    sizes.takes_text = false;
    sizes.takes_image = true;
}

}  // namespace heed
