#include "app/views/vectors_space.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"

namespace heed::app {

namespace {

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

// The same extents and the same words.
bool is_like(const Node& node, const Shape& shape) {
    return node.shape.extents() == shape.extents() && node.shape.axis(0) == shape.axis(0);
}

// Whether a row of the node depends on nothing but its own word or patch.
bool is_of_own_word(const Graph& graph, NodeId id) {
    const Node& node = graph.node(id);
    const bool is_row_wise = node.op == Op::kGather || node.op == Op::kPatches ||
                             node.op == Op::kLinear || node.op == Op::kConcatRows;
    return is_row_wise && std::all_of(node.operands.begin(), node.operands.end(),
                                      [&graph](const Operand& operand) {
                                          return operand.kind != OperandKind::kNode ||
                                                 is_of_own_word(graph, operand.id);
                                      });
}

// The first node of the words' own vectors, of `sequence` where there is one, and of the width that
// the layers work with where there is one.
std::optional<NodeId> find_static(const Graph& graph, std::optional<int> sequence) {
    std::optional<NodeId> asked;
    std::optional<NodeId> first;
    for (NodeId id = 0; id < graph.size(); ++id) {
        const Node& node = graph.node(id);
        const bool is_words = node.shape.rank() == 2 && node.shape.axis(0).sequence >= 0;
        if (node.layer >= 0 || node.stage != Stage::kEmbed || !is_words) continue;
        if (!first) first = id;
        if (sequence && node.shape.axis(0).sequence != *sequence) continue;
        if (!asked) asked = id;
        const bool is_wide = std::any_of(
            graph.nodes().begin(), graph.nodes().end(),
            [&node](const Node& in) { return in.layer >= 0 && is_like(in, node.shape); });
        if (is_wide && is_of_own_word(graph, id)) return id;
    }
    return asked ? asked : first;
}

// "final" of the stack that `fixed` is in: "decoder.final" beside "decoder.embed".
std::optional<NodeId> find_final(const Graph& graph, NodeId fixed) {
    const std::string& name = graph.node(fixed).name;
    const std::size_t dot = name.rfind('.');
    return graph.find(name.substr(0, dot == std::string::npos ? 0 : dot + 1) + "final");
}

// What the blocks read from outside, unless it is the static vectors themselves.
std::optional<NodeId> find_entry(const Graph& graph, NodeId fixed) {
    for (const Node& node : graph.nodes()) {
        if (node.layer < 0) continue;
        for (const Operand& operand : node.operands) {
            if (operand.kind != OperandKind::kNode) continue;
            const Node& read = graph.node(operand.id);
            if (read.layer >= 0 || !is_like(read, graph.node(fixed).shape)) continue;
            if (operand.id == fixed) return std::nullopt;
            return operand.id;
        }
    }
    return std::nullopt;
}

template <class Number>
double cosine_of(const Number* a, const Number* b, int count) {
    double product = 0;
    double length_a = 0;
    double length_b = 0;
    for (int i = 0; i < count; ++i) {
        const auto x = static_cast<double>(a[i]);
        const auto y = static_cast<double>(b[i]);
        product += x * y;
        length_a += x * x;
        length_b += y * y;
    }
    const double lengths = std::sqrt(length_a) * std::sqrt(length_b);
    return lengths > 0 ? product / lengths : 0;
}

void take_off_mean(std::vector<double>& vectors, int words, int width) {
    for (int d = 0; d < width; ++d) {
        double mean = 0;
        for (int t = 0; t < words; ++t) mean += vectors[at(t * width + d)];
        mean /= std::max(1, words);
        for (int t = 0; t < words; ++t) vectors[at(t * width + d)] -= mean;
    }
}

void make_unit(std::vector<double>& vectors, int words, int width) {
    for (int t = 0; t < words; ++t) {
        double square = 0;
        for (int d = 0; d < width; ++d) square += std::pow(vectors[at(t * width + d)], 2);
        const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
        for (int d = 0; d < width; ++d) vectors[at(t * width + d)] *= scale;
    }
}

// Static and all steps one after the other.
std::vector<NodeId> all_steps(const VectorPath& path) {
    std::vector<NodeId> nodes{path.fixed};
    nodes.insert(nodes.end(), path.steps.begin(), path.steps.end());
    return nodes;
}

void append_points(const Trace& trace, const VectorPath& path, const SpaceOptions& options,
                   const CancelToken& cancel, std::vector<double>& points) {
    for (const NodeId node : all_steps(path)) {
        cancel.check();
        const std::vector<double> vectors = read_vectors(trace, node, options);
        points.insert(points.end(), vectors.begin(), vectors.end());
    }
}

}  // namespace

int VectorPath::step(int wanted) const {
    return wanted < 0 || wanted >= size() ? size() - 1 : wanted;
}

std::optional<VectorPath> find_vector_path(const Graph& graph, std::optional<int> sequence) {
    const std::optional<NodeId> fixed = find_static(graph, sequence);
    if (!fixed) return std::nullopt;
    VectorPath path;
    path.fixed = *fixed;
    const Shape& shape = graph.node(*fixed).shape;
    const auto add = [&path](NodeId node, std::string label) {
        path.steps.push_back(node);
        path.labels.push_back(std::move(label));
    };
    if (const std::optional<NodeId> entry = find_entry(graph, *fixed)) add(*entry, "in");
    std::vector<NodeId> last(at(graph.layers()), -1);
    for (NodeId id = 0; id < graph.size(); ++id) {
        const Node& node = graph.node(id);
        if (node.layer >= 0 && is_like(node, shape)) last[at(node.layer)] = id;
    }
    for (int layer = 0; layer < graph.layers(); ++layer) {
        if (last[at(layer)] >= 0) add(last[at(layer)], std::to_string(layer));
    }
    const std::optional<NodeId> final = find_final(graph, *fixed);
    if (final && is_like(graph.node(*final), shape) && graph.node(*final).op != Op::kAlias) {
        add(*final, "final");
    }
    if (path.steps.empty()) return std::nullopt;
    return path;
}

double compute_cosine(const float* a, const float* b, int count) {
    return cosine_of(a, b, count);
}

double compute_cosine(const double* a, const double* b, int count) {
    return cosine_of(a, b, count);
}

std::vector<double> read_vectors(const Trace& trace, NodeId node, const SpaceOptions& options) {
    const Tensor tensor = trace.tensor(node);
    HEED_CHECK_EQ(tensor.rank(), 2);
    std::vector<double> vectors(tensor.values().begin(), tensor.values().end());
    if (options.centres) take_off_mean(vectors, tensor.extent(0), tensor.extent(1));
    if (options.is_unit) make_unit(vectors, tensor.extent(0), tensor.extent(1));
    return vectors;
}

Tile CosineMatrix::tile() const {
    return {values, {0, 1, 0, words, 0, words}, 0, words};
}

CosineMatrix compute_cosines(const Trace& trace, NodeId node, const SpaceOptions& options,
                             const CancelToken& cancel) {
    const int words = trace.graph().node(node).shape.extent(0);
    const int width = trace.graph().node(node).shape.extent(1);
    std::vector<double> vectors = read_vectors(trace, node, options);
    make_unit(vectors, words, width);
    const auto values = std::make_shared_for_overwrite<float[]>(at(words) * at(words));
    for (int a = 0; a < words; ++a) {
        cancel.check();
        cancel.report(a, words);
        for (int b = 0; b <= a; ++b) {
            double product = 0;
            const double* x = &vectors[at(a * width)];
            const double* y = &vectors[at(b * width)];
            for (int d = 0; d < width; ++d) product += x[d] * y[d];
            values[a * words + b] = values[b * words + a] = static_cast<float>(product);
        }
    }
    return {words, values};
}

WordPlane compute_word_plane(const Trace& trace, const Trace* other, const VectorPath& path,
                             const SpaceOptions& options, const CancelToken& cancel) {
    const Shape& shape = trace.graph().node(path.fixed).shape;
    WordPlane plane;
    plane.steps = path.size() + 1;
    plane.words = shape.extent(0);
    std::vector<double> points;
    append_points(trace, path, options, cancel, points);
    if (other != nullptr) {
        plane.other_words = other->graph().node(path.fixed).shape.extent(0);
        append_points(*other, path, options, cancel, points);
    }
    const int count = plane.steps * (plane.words + plane.other_words);
    const Pca pca = compute_pca(points, count, shape.extent(1), 2, cancel);
    plane.shares = pca.shares;
    for (int i = 0; i < count; ++i) {
        auto& spots = i < plane.steps * plane.words ? plane.spots : plane.other_spots;
        spots.push_back({pca.coordinate(i, 0), pca.coordinate(i, 1)});
    }
    return plane;
}

std::vector<SharedWord> find_shared_words(const Trace& trace, const Trace& other,
                                          const VectorPath& path) {
    std::vector<SharedWord> shared;
    const auto labels_of = [&path](const Trace& of) {
        return of.labels(of.graph().node(path.fixed).shape.axis(0).sequence);
    };
    const std::span<const TokenLabel> own = labels_of(trace);
    const std::span<const TokenLabel> others = labels_of(other);
    for (std::size_t i = 0; i < own.size(); ++i) {
        const auto twin = std::find_if(others.begin(), others.end(), [&](const TokenLabel& label) {
            return label.id == own[i].id && label.text == own[i].text;
        });
        if (twin == others.end()) continue;
        shared.push_back(
            {static_cast<int>(i), static_cast<int>(twin - others.begin()), own[i].is_special});
    }
    std::stable_sort(shared.begin(), shared.end(), [](const SharedWord& a, const SharedWord& b) {
        return !a.is_special && b.is_special;
    });
    return shared;
}

std::vector<std::vector<double>> compare_words(const Trace& trace, const Trace& other,
                                               const VectorPath& path,
                                               const std::vector<SharedWord>& shared,
                                               const SpaceOptions& options,
                                               const CancelToken& cancel) {
    const int width = trace.graph().node(path.fixed).shape.extent(1);
    std::vector<std::vector<double>> cosines(shared.size());
    for (const NodeId node : all_steps(path)) {
        cancel.check();
        const std::vector<double> own = read_vectors(trace, node, options);
        const std::vector<double> others = read_vectors(other, node, options);
        for (std::size_t i = 0; i < shared.size(); ++i) {
            cosines[i].push_back(compute_cosine(&own[at(shared[i].own * width)],
                                                &others[at(shared[i].other * width)], width));
        }
    }
    return cosines;
}

}  // namespace heed::app
