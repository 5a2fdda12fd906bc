#include "tests/core/ops/twin.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/base/check.h"
#include "tests/core/ops/graph_run.h"
#include "tests/core/ops/twin_operands.h"

namespace heed::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TwinCell linear_twin(const Operands& in, const std::vector<int>& i) {
    TwinCell cell;
    const int rank = in.shape(1).rank();
    for (int d = 0; d < in.shape(1).extent(0); ++d) {
        std::vector<int> x = {d};
        if (in.shape(0).rank() == 2) x = {i[i.size() - 2], d};
        std::vector<int> w = {d, i.back()};
        if (rank == 3) w = {d, i[0], i[2]};
        add_product(cell, in.at(0, x), in.at(1, w));
    }
    if (in.has(2)) {
        add_product(
            cell, 1,
            in.at(2, rank == 3 ? std::vector<int>{i[0], i[2]} : std::vector<int>{i.back()}));
    }
    return cell;
}

TwinCell layer_norm_twin(const Operands& in, std::vector<int> i) {
    const int own = i.back();
    const int width = in.node.shape.extent(-1);
    double mean = 0, variance = 0, largest = 0;
    for (i.back() = 0; i.back() < width; ++i.back()) {
        mean += in.at(0, i) / width;
        largest = std::max(largest, std::abs(in.at(0, i)));
    }
    for (i.back() = 0; i.back() < width; ++i.back()) {
        variance += (in.at(0, i) - mean) * (in.at(0, i) - mean) / width;
    }
    i.back() = own;
    const double deviation = std::sqrt(variance + static_cast<double>(in.node.attributes.epsilon));
    const double weight = in.has(1) ? in.at(1, {own}) : 1;
    const double bias = in.has(2) ? in.at(2, {own}) : 0;
    TwinCell cell;
    cell.value = (in.at(0, i) - mean) / deviation * weight + bias;
    // The mean is a sum of numbers as large as `largest`.
    cell.magnitude = (largest + std::abs(mean)) / deviation * std::abs(weight) + std::abs(bias);
    return cell;
}

TwinCell softmax_twin(const Operands& in, std::vector<int> i) {
    const double own = in.at(0, i);
    double sum = 0, largest = -kInfinity;
    for (i.back() = 0; i.back() < in.node.shape.extent(-1); ++i.back()) {
        largest = std::max(largest, in.at(0, i));
    }
    for (i.back() = 0; i.back() < in.node.shape.extent(-1); ++i.back()) {
        const double score = in.at(0, i);
        if (score != -kInfinity) sum += std::exp(score - largest);
    }
    if (own == -kInfinity) return {0, 0};
    return {std::exp(own - largest) / sum, 1};
}

TwinCell normalise_sum_twin(const Operands& in, std::vector<int> i) {
    const double own = in.at(0, i);
    double sum = 0;
    for (i.back() = 0; i.back() < in.node.shape.extent(-1); ++i.back()) {
        if (in.at(0, i) != -kInfinity) sum += in.at(0, i);
    }
    if (own == -kInfinity) return {0, 0};
    return {own / sum, std::abs(own / sum)};
}

TwinCell matmul_twin(const Operands& in, const std::vector<int>& i, bool is_transposed) {
    TwinCell cell;
    const int h = i[0];
    const int kv = h * in.shape(1).extent(0) / in.shape(0).extent(0);
    for (int c = 0; c < in.shape(0).extent(2); ++c) {
        const std::vector<int> right =
            is_transposed ? std::vector<int>{kv, i[2], c} : std::vector<int>{kv, c, i[2]};
        add_product(cell, in.at(0, {h, i[1], c}), in.at(1, right));
    }
    return cell;
}

TwinCell dot_weight_twin(const Operands& in, const std::vector<int>& i) {
    TwinCell cell;
    std::vector<int> x = i;
    x.push_back(0);
    for (x.back() = 0; x.back() < in.shape(0).extent(-1); ++x.back()) {
        add_product(cell, in.at(0, x), in.at(1, {x.back()}));
    }
    if (in.has(2)) add_product(cell, 1, in.at(2, {0}));
    return cell;
}

TwinCell rms_norm_twin(const Operands& in, std::vector<int> i) {
    const int own = i.back();
    const int width = in.node.shape.extent(-1);
    double squares = 0;
    for (i.back() = 0; i.back() < width; ++i.back()) squares += in.at(0, i) * in.at(0, i);
    i.back() = own;
    const double root =
        std::sqrt(squares / width + static_cast<double>(in.node.attributes.epsilon));
    const auto offset = static_cast<double>(in.node.attributes.weight_offset);
    TwinCell gain = {1, 1};
    if (in.has(1)) gain = sum_of(in.at(1, {own}), offset);
    return {in.at(0, i) / root * gain.value, std::abs(in.at(0, i) / root) * gain.magnitude};
}

TwinCell activation_twin(const Operands& in, const std::vector<int>& i) {
    const double x = in.at(0, i);
    const double value = activate_twin(in.node.attributes.activation, x);
    return {value, std::max(std::abs(x), std::abs(value))};
}

TwinCell gate_twin(const Operands& in, const std::vector<int>& i) {
    const TwinCell open = activation_twin(in, i);
    const double up = in.at(1, i);
    return {open.value * up, open.magnitude * std::abs(up)};
}

TwinCell log_softmax_twin(const Operands& in, std::vector<int> i) {
    const double own = in.at(0, i);
    // The textbook's form, without taking the largest off.
    double sum = 0;
    for (i.back() = 0; i.back() < in.node.shape.extent(-1); ++i.back()) {
        sum += std::exp(in.at(0, i));
    }
    return sum_of(own, -std::log(sum));
}

// Ops that fetch each cell from somewhere.
TwinCell fetch_twin(const Operands& in, const std::vector<int>& i) {
    const Node& node = in.node;
    switch (node.op) {
        case Op::kGather:
            return copy_of(in.at(0, {in.id(1, i[0]), i[1]}));
        case Op::kTableRows:
            return copy_of(in.at(0, {i[0] + node.attributes.offset, i[1]}));
        case Op::kSinusoid:
            return sinusoid_twin(node, i);
        case Op::kAlias:
            return copy_of(in.at(0, i));
        case Op::kSplitHeads:
            return copy_of(in.at(0, {i[1], i[0] * node.shape.extent(2) + i[2]}));
        case Op::kMergeHeads: {
            const int width = in.shape(0).extent(2);
            return copy_of(in.at(0, {i[1] / width, i[0], i[1] % width}));
        }
        case Op::kMask:
            return mask_twin(in, i);
        case Op::kTakeRow:
            return copy_of(in.at(0, {node.attributes.offset, i[0]}));
        case Op::kConcatRows:
            return concat_rows_twin(in, i);
        case Op::kConcatColumns:
            return concat_columns_twin(in, i);
        case Op::kTakeRows:
            return copy_of(in.at(0, {i[0] + node.attributes.offset, i[1]}));
        case Op::kPickRow:
            return copy_of(in.at(0, {in.id(1, 0), i[0]}));
        case Op::kMeanRows:
            return mean_rows_twin(in, i);
        case Op::kZeros:
            return {};
        case Op::kPatches:
            return patches_twin(in, i);
        case Op::kClusterEmbed:
            return cluster_embed_twin(in, i);
        default:
            break;
    }
    HEED_CHECK(false);
    return {};
}

}  // namespace

double activate_twin(Activation activation, double x) {
    constexpr double kPi = 3.14159265358979323846;
    const auto logistic = [](double u) { return 1 / (1 + std::exp(-u)); };
    switch (activation) {
        case Activation::kGeluErf:
            return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
        case Activation::kGeluTanh:
            return x * logistic(2 * std::sqrt(2 / kPi) * (x + 0.044715 * std::pow(x, 3)));
        case Activation::kRelu:
            return x > 0 ? x : 0;
        case Activation::kSilu:
            return x * logistic(x);
        case Activation::kTanh:
            return std::tanh(x);
        case Activation::kQuickGelu:
            return x * logistic(1.702 * x);
        case Activation::kSigmoid:
            return logistic(x);
    }
    return 0;
}

TwinCell compute_twin(const CellReader& reader, const Node& node, const std::vector<int>& i) {
    const Operands in = {reader, node};
    switch (node.op) {
        case Op::kAdd: {
            TwinCell cell;
            for (int a = 0; in.has(a); ++a) add_product(cell, 1, in.at(a, i));
            return cell;
        }
        case Op::kLayerNorm:
            return layer_norm_twin(in, i);
        case Op::kLinear:
            return linear_twin(in, i);
        case Op::kMatmulNt:
            return matmul_twin(in, i, true);
        case Op::kScale:
            return copy_of(in.at(0, i) * static_cast<double>(node.attributes.scale));
        case Op::kSoftmax:
            return softmax_twin(in, i);
        case Op::kNormaliseSum:
            return normalise_sum_twin(in, i);
        case Op::kMatmul:
            return matmul_twin(in, i, false);
        case Op::kActivation:
            return activation_twin(in, i);
        case Op::kPairSum:
            return sum_of(in.at(0, {i[0], i[1], i[3]}), in.at(1, {i[0], i[2], i[3]}));
        case Op::kDotWeight:
            return dot_weight_twin(in, i);
        case Op::kRmsNorm:
            return rms_norm_twin(in, i);
        case Op::kRotary:
            return rotary_twin(in, i);
        case Op::kGate:
            return gate_twin(in, i);
        case Op::kSoftCap: {
            const auto cap = static_cast<double>(node.attributes.cap);
            return copy_of(cap * std::tanh(in.at(0, i) / cap));
        }
        case Op::kAlibi:
            return alibi_twin(in, i);
        case Op::kBucketBias:
            return bucket_bias_twin(in, i);
        case Op::kHeadBias:
            return sum_of(in.at(0, i), in.at(1, {i[0], i[2]}));
        case Op::kDistanceDots:
            return distance_dots_twin(in, i);
        case Op::kLogSoftmax:
            return log_softmax_twin(in, i);
        case Op::kClusterLogprobs:
            return cluster_logprobs_twin(in, i);
        default:
            return fetch_twin(in, i);
    }
}

bool is_within_rounding(double a, double b, double magnitude) {
    if (a == b) return true;
    constexpr double kRoundings = 64.0 / (1 << 24);
    return std::abs(a - b) <= kRoundings * magnitude + 1e-37;
}

std::string find_twin_difference(const CellReader& reader, NodeId id) {
    const Node& node = reader.graph().node(id);
    std::string difference;
    for_each_cell(node.shape, [&](const std::vector<int>& index) {
        if (!difference.empty()) return;
        const double got = static_cast<double>(reader.node_value(id, index));
        const TwinCell want = compute_twin(reader, node, index);
        if (is_within_rounding(got, want.value, want.magnitude)) return;
        difference = node.name + to_string(index) + ": got " + std::to_string(got) + ", want " +
                     std::to_string(want.value);
    });
    return difference;
}

}  // namespace heed::test
