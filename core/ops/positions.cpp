// Positions inside the attention: rotations (Su et al. 2021), slopes (Press et al. 2021) and
// learned numbers for distances (Raffel et al. 2020).
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "core/ops/kernels.h"
#include "core/ops/rows.h"

namespace heed {
namespace {

// The nearest number that bfloat16 has; of two as near, the one with an even last bit.
float round_to_bfloat16(float x) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    return std::bit_cast<float>((bits + 0x7FFFU + ((bits >> 16) & 1U)) & 0xFFFF0000U);
}

// What one head adds to the scores of the key positions.
struct AlibiHead {
    float slope;
    bool is_coarse;

    AlibiHead(const Attributes& attributes, int h)
        : slope(attributes.slopes[static_cast<std::size_t>(h)]),
          is_coarse(attributes.has_coarse_bias) {
        if (is_coarse) slope = round_to_bfloat16(slope);
    }
    float bias(int s) const {
        if (!is_coarse) return slope * static_cast<float>(s);
        return round_to_bfloat16(slope * round_to_bfloat16(static_cast<float>(s)));
    }
};

// The column that is turned together with `column`, and how.
struct Turn {
    int pair = 0;     // which frequency
    int partner = 0;  // the other column
    double sign = 1;  // of the partner's part: -1 for the first of the two
};

Turn find_turn(const RotaryRule& rule, int column) {
    const int half = static_cast<int>(rule.frequencies.size());
    if (rule.is_interleaved) {
        const bool is_first = column % 2 == 0;
        return {column / 2, is_first ? column + 1 : column - 1, is_first ? -1.0 : 1.0};
    }
    const bool is_first = column < half;
    return {is_first ? column : column - half, is_first ? column + half : column - half,
            is_first ? -1.0 : 1.0};
}

// Columns (i, i + pairs) of a row.
void turn_halves(const float* in, const float* cosines, const float* sines, int pairs, float* out) {
    for (int at = 0; at < pairs; at += kLanes) {
        const Vec x = load_part(in, pairs, at, 0);
        const Vec y = load_part(in + pairs, pairs, at, 0);
        const Vec cosine = load_part(cosines, pairs, at, 0);
        const Vec sine = load_part(sines, pairs, at, 0);
        store_part(x * cosine - y * sine, out, pairs, at);
        store_part(y * cosine + x * sine, out + pairs, pairs, at);
    }
}

// Columns (2 i, 2 i + 1) of a row.
void turn_neighbours(const float* in, const float* cosines, const float* sines, int pairs,
                     float* out) {
    for (int i = 0; i < pairs; ++i) {
        const float x = in[2 * i], y = in[2 * i + 1];
        out[2 * i] = x * cosines[i] - y * sines[i];
        out[2 * i + 1] = y * cosines[i] + x * sines[i];
    }
}

}  // namespace

void run_rotary(const KernelArgs& args, const Box& box) {
    const RotaryRule& rule = args.node.attributes.rotary;
    const int pairs = static_cast<int>(rule.frequencies.size());
    const int width = args.node.shape.extent(2);
    const RotaryTable& turns = *args.node.attributes.turns;
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            float* out = args.out.row(h, t);
            const float* cosines = turns.cosines.data() + std::ptrdiff_t{t} * pairs;
            const float* sines = turns.sines.data() + std::ptrdiff_t{t} * pairs;
            if (rule.is_interleaved) {
                turn_neighbours(in, cosines, sines, pairs, out);
            } else {
                turn_halves(in, cosines, sines, pairs, out);
            }
            std::copy(in + 2 * pairs, in + width, out + 2 * pairs);
        }
    }
}

void explain_rotary(const ExplainArgs& args, Explanation& out) {
    const RotaryRule& rule = args.node.attributes.rotary;
    const int column = args.index.back();
    if (column >= 2 * static_cast<int>(rule.frequencies.size())) {
        out.terms.push_back(whole_term(args.node_cell(0, args.index)));
        return;
    }
    const Turn turn = find_turn(rule, column);
    const int t = args.index[args.index.size() - 2];
    const double frequency = rule.frequencies[static_cast<std::size_t>(turn.pair)];
    const double angle = t * frequency;
    const std::string angle_text = fmt::format("({} * {})", t, format_value(frequency));
    const std::string scale_text = rule.scale == 1 ? "" : format_value(rule.scale) + " ";
    std::vector<int> partner = args.index;
    partner.back() = turn.partner;
    const auto add = [&](const std::vector<int>& index, const std::string& text, double factor) {
        Term term;
        term.cell = args.node_cell(0, index);
        term.times = Factor{std::nullopt, text, factor};
        term.contribution = static_cast<double>(term.cell.value) * factor;
        out.terms.push_back(std::move(term));
    };
    add(args.index, scale_text + "cos" + angle_text, rule.scale * std::cos(angle));
    add(partner, (turn.sign < 0 ? "-" : "") + scale_text + "sin" + angle_text,
        rule.scale * turn.sign * std::sin(angle));
}

void run_alibi(const KernelArgs& args, const Box& box) {
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        const AlibiHead head(args.node.attributes, h);
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            float* out = args.out.row(h, t);
            for (int s = box.col_begin; s < box.col_end; ++s) {
                out[s] = in[s] + head.bias(s);
            }
        }
    }
}

void explain_alibi(const ExplainArgs& args, Explanation& out) {
    const AlibiHead head(args.node.attributes, args.index[0]);
    const int s = args.index[2];
    const double bias = static_cast<double>(head.bias(s));
    Term term = whole_term(args.node_cell(0, args.index));
    const double x = static_cast<double>(term.cell.value);
    out.how = How::kFunction;
    out.steps = {
        {"slope of the head", static_cast<double>(head.slope)},
        {head.is_coarse ? "slope times key position, in bfloat16" : "slope times key position",
         bias},
        {"sum", x + bias}};
    out.numbers = fmt::format("{} = {} + {} * {}", format_value(x + bias), format_value(x),
                              format_value(static_cast<double>(head.slope)), s);
    out.terms.push_back(std::move(term));
}

// Near distances have a bucket each; the others share the rest by the logarithm of the distance,
// in float as the models were trained.
int BucketRule::bucket(int t, int s) const {
    int count = buckets;
    int first = 0;
    int distance = t - s;
    if (is_two_sided) {
        count /= 2;
        if (s > t) first = count;
        distance = std::abs(distance);
    } else {
        distance = std::max(distance, 0);
    }
    const int exact = count / 2;
    if (distance < exact) return first + distance;
    const float share = std::log(static_cast<float>(distance) / static_cast<float>(exact)) /
                        static_cast<float>(std::log(static_cast<double>(max_distance) / exact));
    const int far = exact + static_cast<int>(share * static_cast<float>(count - exact));
    return first + std::min(far, count - 1);
}

void run_bucket_bias(const KernelArgs& args, const Box& box) {
    const WeightView& table_BH = *args.operands[1].view;
    const float* values = args.operands[1].values + table_BH.offset;
    // Cells of equal t - s have equal biases: each is looked up once for the box.
    const int nearest = box.row_begin - (box.col_end - 1);
    std::vector<int> buckets;
    for (int distance = nearest; distance < box.row_end - box.col_begin; ++distance) {
        buckets.push_back(args.node.attributes.buckets.bucket(distance, 0));
    }
    std::vector<float> biases(buckets.size());
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (std::size_t i = 0; i < buckets.size(); ++i) {
            biases[i] = values[buckets[i] * table_BH.strides[0] + h * table_BH.strides[1]];
        }
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            const float* bias = biases.data() + (t - nearest);
            float* out = args.out.row(h, t);
            for (int s = box.col_begin; s < box.col_end; ++s) out[s] = in[s] + bias[-s];
        }
    }
}

void explain_bucket_bias(const ExplainArgs& args, Explanation& out) {
    const int bucket = args.node.attributes.buckets.bucket(args.index[1], args.index[2]);
    out.terms.push_back(whole_term(args.node_cell(0, args.index)));
    out.terms.push_back(whole_term(args.weight_cell(1, {bucket, args.index[0]})));
}

}  // namespace heed
