#include <algorithm>
#include <cmath>
#include <vector>

#include "core/analysis/pattern.h"
#include "core/base/check.h"
#include "core/ops/product.h"

namespace heed {
namespace {

constexpr int kRowsAtOnce = 64;

// The matrix that takes the heads, joined, to the output: [H*K, D]. Only where its numbers are at
// hand.
struct OutputMap {
    bool is_identity = false;  // what the heads give is the output
    const WeightView* weight = nullptr;
    const float* values = nullptr;
};

std::optional<OutputMap> find_output_map(const Trace& trace, const AttentionSite& site) {
    if (!site.out || !site.concat) return std::nullopt;
    const Node& out = trace.graph().node(*site.out);
    if (out.operands.empty() || out.operands.front() != Operand{OperandKind::kNode, *site.concat}) {
        return std::nullopt;
    }
    OutputMap map;
    map.is_identity = out.op == Op::kAlias;
    if (map.is_identity) return map;
    if (out.op != Op::kLinear || trace.weights() == nullptr) return std::nullopt;
    map.weight = &trace.graph().weight(out.operands[1].id);
    if (map.weight->shape.rank() != 2 || !trace.weights()->has_values(map.weight->tensor)) {
        return std::nullopt;
    }
    map.values = trace.weights()->values(map.weight->tensor).data() + map.weight->offset;
    return map;
}

float length_of(const float* values, int count) {
    double sum = 0;
    for (int i = 0; i < count; ++i)
        sum += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    return static_cast<float>(std::sqrt(sum));
}

}  // namespace

ValueLengths compute_value_lengths(const Trace& trace, const AttentionSite& site,
                                   const CancelToken& cancel) {
    HEED_CHECK(site.v.has_value());
    const Shape& shape = trace.graph().node(*site.v).shape;
    const Tile v_HSK = trace.wait(*site.v, whole_box(shape));
    const int keys = shape.extent(-2);
    const int width = shape.extent(-1);
    const int value_heads = matrix_extents(shape).outer;
    const std::optional<OutputMap> map = find_output_map(trace, site);
    const bool is_mapped =
        map && map->weight != nullptr && map->weight->shape.extent(0) == site.heads * width;
    ValueLengths made{Tensor({site.heads, keys}), (map && map->is_identity) || is_mapped};
    std::vector<float> carried;
    for (int h = 0; h < site.heads; ++h) {
        const int own = h * value_heads / site.heads;
        float* lengths = made.lengths.data() + static_cast<std::ptrdiff_t>(h) * keys;
        if (!is_mapped) {
            for (int s = 0; s < keys; ++s) lengths[s] = length_of(v_HSK.row(own, s), width);
            continue;
        }
        const std::ptrdiff_t down = map->weight->strides[0];
        const RightMatrix w_o_KD{map->values + h * width * down, down, map->weight->strides[1],
                                 map->weight->shape.extent(1)};
        carried.resize(static_cast<std::size_t>(kRowsAtOnce) *
                       static_cast<std::size_t>(w_o_KD.cols));
        for (int s = 0; s < keys; s += kRowsAtOnce) {
            cancel.check();
            const int count = std::min(kRowsAtOnce, keys - s);
            const float* first = v_HSK.row(own, s);
            const std::ptrdiff_t stride = count > 1 ? v_HSK.row(own, s + 1) - first : width;
            multiply({first, stride, count, width}, w_o_KD, {}, carried.data(),
                     w_o_KD.cols);  // [S,K][K,D] -> [S,D]
            for (int i = 0; i < count; ++i) {
                lengths[s + i] = length_of(
                    carried.data() + static_cast<std::ptrdiff_t>(i) * w_o_KD.cols, w_o_KD.cols);
            }
        }
    }
    return made;
}

}  // namespace heed
