#include "core/graph/graph.h"

#include <cctype>
#include <cmath>

#include "core/base/check.h"

namespace heed {

const char* stage_name(Stage stage) {
    switch (stage) {
        case Stage::kEmbed:
            return "embed";
        case Stage::kPosition:
            return "position";
        case Stage::kNormalise:
            return "normalise";
        case Stage::kProject:
            return "project q k v";
        case Stage::kScore:
            return "score";
        case Stage::kScale:
            return "scale";
        case Stage::kMask:
            return "mask";
        case Stage::kSoftmax:
            return "softmax";
        case Stage::kWeigh:
            return "weigh and sum";
        case Stage::kConcatenate:
            return "concatenate";
        case Stage::kProjectOut:
            return "project out";
        case Stage::kAdd:
            return "add";
        case Stage::kFeedForward:
            return "feed forward";
        case Stage::kUnembed:
            return "unembed";
    }
    report_bug(__FILE__, __LINE__, "a stage that does not exist");
}

const char* activation_name(Activation activation) {
    switch (activation) {
        case Activation::kGeluErf:
            return "gelu";
        case Activation::kGeluTanh:
            return "gelu_tanh";
        case Activation::kRelu:
            return "relu";
        case Activation::kSilu:
            return "silu";
        case Activation::kTanh:
            return "tanh";
        case Activation::kQuickGelu:
            return "quick_gelu";
        case Activation::kSigmoid:
            return "sigmoid";
    }
    report_bug(__FILE__, __LINE__, "an activation that does not exist");
}

MatrixExtents matrix_extents(const Shape& shape) {
    MatrixExtents extents;
    const int rank = shape.rank();
    if (rank >= 1) extents.cols = shape.extent(rank - 1);
    if (rank >= 2) extents.rows = shape.extent(rank - 2);
    for (int i = 0; i + 2 < rank; ++i) extents.outer *= shape.extent(i);
    return extents;
}

RotaryTable make_rotary_table(const RotaryRule& rule, int length) {
    RotaryTable table;
    for (int t = 0; t < length; ++t) {
        for (const double frequency : rule.frequencies) {
            table.cosines.push_back(static_cast<float>(rule.scale * std::cos(t * frequency)));
            table.sines.push_back(static_cast<float>(rule.scale * std::sin(t * frequency)));
        }
    }
    return table;
}

Box whole_box(const Shape& shape) {
    const MatrixExtents extents = matrix_extents(shape);
    return {0, extents.outer, 0, extents.rows, 0, extents.cols};
}

Shape Graph::input_shape(int input) const {
    const GraphInput& source = inputs_.at(static_cast<std::size_t>(input));
    if (source.takes_numbers()) return source.numbers;
    const int length = sequences_.at(static_cast<std::size_t>(source.sequence)).length;
    return {{"T", length, source.sequence}};
}

const Node& Graph::node(NodeId id) const {
    HEED_CHECK_LE(0, id);
    HEED_CHECK_LT(id, size());
    return nodes_[static_cast<std::size_t>(id)];
}

const WeightView& Graph::weight(int id) const {
    HEED_CHECK_LE(0, id);
    HEED_CHECK_LT(static_cast<std::size_t>(id), weights_.size());
    return weights_[static_cast<std::size_t>(id)];
}

std::optional<NodeId> Graph::find(std::string_view name) const {
    const auto found = by_name_.find(std::string(name));
    if (found == by_name_.end()) return std::nullopt;
    return found->second;
}

const std::vector<NodeId>& Graph::consumers(NodeId id) const {
    HEED_CHECK_LT(static_cast<std::size_t>(id), consumers_.size());
    return consumers_[static_cast<std::size_t>(id)];
}

std::string_view short_name(std::string_view node_name) {
    const std::size_t dot = node_name.rfind('.');
    return dot == std::string_view::npos ? node_name : node_name.substr(dot + 1);
}

std::string axis_letter(const Axis& axis) {
    if (axis.name == "H*K") return "j";
    if (axis.name == "C*Y*X") return "i";
    std::string letter = axis.name;
    for (char& c : letter) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return letter;
}

std::string axis_letters(const Shape& shape) {
    std::string letters;
    for (const Axis& axis : shape.axes()) {
        if (!letters.empty()) letters += ',';
        letters += axis_letter(axis);
    }
    return letters;
}

bool matches_glob(std::string_view glob, std::string_view name) {
    std::size_t g = 0, n = 0, star = std::string_view::npos, resume = 0;
    while (n < name.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            resume = n;
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n])) {
            ++g;
            ++n;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (g < glob.size() && glob[g] == '*') ++g;
    return g == glob.size();
}

}  // namespace heed
