// Vocabularies in clusters: frequent words have wide vectors, rare ones narrow ones and share a
// place in the head (adaptive softmax, Grave et al. 2017; adaptive input, Baevski, Auli 2019).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ops/kernels.h"
#include "core/ops/product.h"
#include "core/ops/rows.h"
#include "core/ops/vector_math.h"

namespace heed {
namespace {

// The cluster of word `id`: clusters[c] is the first word of cluster c.
int cluster_of(const std::vector<int>& clusters, int id) {
    const auto after = std::upper_bound(clusters.begin(), clusters.end(), id);
    return static_cast<int>(after - clusters.begin()) - 1;
}

// Operands of a cluster's embedding: its table [N, E] and its map (E, D).
int table_operand(int cluster) {
    return 1 + 2 * cluster;
}

// Rows of the words of `cluster` among those of `box`, one after the other, and where they go.
struct ClusterRows {
    std::vector<float> vectors;  // [rows, E]
    std::vector<int> rows;
};

ClusterRows collect_rows(const KernelArgs& args, const Box& box, int cluster) {
    const std::vector<int>& clusters = args.node.attributes.clusters;
    const OperandValue& table = args.operands[static_cast<std::size_t>(table_operand(cluster))];
    const WeightView& view = *table.view;
    ClusterRows found;
    for (int t = box.row_begin; t < box.row_end; ++t) {
        const int id = args.operands[0].ids[static_cast<std::size_t>(t)];
        if (cluster_of(clusters, id) != cluster) continue;
        const int row = id - clusters[static_cast<std::size_t>(cluster)];
        const float* from = table.values + view.offset + row * view.strides[0];
        for (int e = 0; e < view.shape.extent(1); ++e) {
            found.vectors.push_back(from[e * view.strides[1]]);
        }
        found.rows.push_back(t);
    }
    return found;
}

}  // namespace

void run_cluster_embed(const KernelArgs& args, const Box& box) {
    const int clusters = static_cast<int>(args.node.attributes.clusters.size());
    std::vector<float> product;
    for (int cluster = 0; cluster < clusters; ++cluster) {
        const ClusterRows found = collect_rows(args, box, cluster);
        const int rows = static_cast<int>(found.rows.size());
        if (rows == 0) continue;
        const OperandValue& map =
            args.operands[static_cast<std::size_t>(table_operand(cluster)) + 1];
        const WeightView& view = *map.view;
        const int depth = view.shape.extent(0);
        product.resize(found.rows.size() * static_cast<std::size_t>(box.cols()));
        multiply({found.vectors.data(), depth, rows, depth},
                 {map.values + view.offset + box.col_begin * view.strides[1], view.strides[0],
                  view.strides[1], box.cols()},
                 {}, product.data(), box.cols());  // [rows,E][E,D] -> [rows,D]
        for (int i = 0; i < rows; ++i) {
            const float* from = product.data() + std::ptrdiff_t{i} * box.cols();
            float* out = args.out.row(0, found.rows[static_cast<std::size_t>(i)]);
            std::copy(from, from + box.cols(), out + box.col_begin);
        }
    }
}

void explain_cluster_embed(const ExplainArgs& args, Explanation& out) {
    const std::vector<int>& clusters = args.node.attributes.clusters;
    const Cell id = args.input_cell(0, {args.index[0]});
    const int cluster = cluster_of(clusters, static_cast<int>(id.value));
    const int table = table_operand(cluster);
    const int row = static_cast<int>(id.value) - clusters[static_cast<std::size_t>(cluster)];
    const int weight = args.node.operands[static_cast<std::size_t>(table)].id;
    const int width = args.reader.graph().weight(weight).shape.extent(1);
    for (int e = 0; e < width; ++e) {
        Term term = product_term(args.weight_cell(table, {row, e}),
                                 args.weight_cell(table + 1, {e, args.index[1]}));
        term.chosen_by = id;
        out.terms.push_back(std::move(term));
    }
}

void run_log_softmax(const KernelArgs& args, const Box& box) {
    constexpr float kLowest = -std::numeric_limits<float>::infinity();
    const int cols = args.node.shape.extent(-1);
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            const float largest = max_row(in, cols);
            const float sum = sum_row(in, cols, kLowest,
                                      [largest](const Vec& x) { return exp_vec(x - largest); });
            const float shift = std::log(sum);
            map_row(in, args.out.row(h, t), cols,
                    [largest, shift](const Vec& x) { return x - largest - shift; });
        }
    }
}

void explain_log_softmax(const ExplainArgs& args, Explanation& out) {
    const int cols = args.node.shape.extent(-1);
    std::vector<int> at = args.index;
    double largest = -INFINITY;
    for (int i = 0; i < cols; ++i) {
        at.back() = i;
        Term term;
        term.cell = args.node_cell(0, at);
        largest = std::max(largest, static_cast<double>(term.cell.value));
        out.terms.push_back(std::move(term));
    }
    double sum = 0;
    for (const Term& term : out.terms) {
        sum += std::exp(static_cast<double>(term.cell.value) - largest);
    }
    const auto own = static_cast<std::size_t>(args.index.back());
    const double x = static_cast<double>(out.terms[own].cell.value);
    const double value = x - largest - std::log(sum);
    out.how = How::kFunction;
    out.steps = {{"row max", largest},
                 {"sum of exponentials", sum},
                 {"its logarithm", std::log(sum)},
                 {"x - max - logarithm", value}};
    out.numbers = fmt::format("{} = {} - {} - log({})", format_value(value), format_value(x),
                              format_value(largest), format_value(sum));
}

// Columns of the head are the first cluster's words, then one for each other cluster.
void run_cluster_logprobs(const KernelArgs& args, const Box& box) {
    const std::vector<int>& clusters = args.node.attributes.clusters;
    const int words = args.node.shape.extent(1);
    for (int t = box.row_begin; t < box.row_end; ++t) {
        const float* head = args.operands[0].block.row(0, t);
        float* out = args.out.row(0, t);
        for (std::size_t c = 0; c < clusters.size(); ++c) {
            const int begin = clusters[c];
            const int end = c + 1 < clusters.size() ? clusters[c + 1] : words;
            if (c == 0) {
                std::copy(head, head + end, out);
                continue;
            }
            const float share = head[clusters[1] + static_cast<int>(c) - 1];
            const float* tail = args.operands[c].block.row(0, t);
            for (int v = begin; v < end; ++v) out[v] = share + tail[v - begin];
        }
    }
}

void explain_cluster_logprobs(const ExplainArgs& args, Explanation& out) {
    const std::vector<int>& clusters = args.node.attributes.clusters;
    const int t = args.index[0], v = args.index[1];
    const int cluster = cluster_of(clusters, v);
    const int column = cluster == 0 ? v : clusters[1] + cluster - 1;
    out.terms.push_back(whole_term(args.node_cell(0, {t, column})));
    if (cluster == 0) return;
    const int first = clusters[static_cast<std::size_t>(cluster)];
    out.terms.push_back(whole_term(args.node_cell(cluster, {t, v - first})));
}

}  // namespace heed
