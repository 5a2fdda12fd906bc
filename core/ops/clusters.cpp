// Vocabularies in clusters: frequent words have wide vectors, rare ones narrow ones and share a
// place in the head (adaptive softmax, Grave et al. 2017; adaptive input, Baevski, Auli 2019).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/check.h"
#include "core/ops/kernels.h"

namespace heed {
namespace {

// The cluster of word `id`: clusters[c] is the first word of cluster c.
int cluster_of(const std::vector<int>& clusters, int id) {
    const auto after = std::upper_bound(clusters.begin(), clusters.end(), id);
    return static_cast<int>(after - clusters.begin()) - 1;
}

float weight_at(const OperandValue& weight, int row, int column) {
    const WeightView& view = *weight.view;
    return weight.values[view.offset + row * view.strides[0] + column * view.strides[1]];
}

// Operands of a cluster's embedding: its table [N, E] and its map (E, D).
int table_operand(int cluster) {
    return 1 + 2 * cluster;
}

}  // namespace

void run_cluster_embed(const KernelArgs& args, const Box& box) {
    const std::vector<int>& clusters = args.node.attributes.clusters;
    for (int t = box.row_begin; t < box.row_end; ++t) {
        const int id = args.operands[0].ids[static_cast<std::size_t>(t)];
        const int cluster = cluster_of(clusters, id);
        const auto at = static_cast<std::size_t>(table_operand(cluster));
        const int row = id - clusters[static_cast<std::size_t>(cluster)];
        const int width = args.operands[at].view->shape.extent(1);
        float* out = args.out.row(0, t);
        for (int d = box.col_begin; d < box.col_end; ++d) {
            float sum = 0;
            for (int e = 0; e < width; ++e) {
                sum +=
                    weight_at(args.operands[at], row, e) * weight_at(args.operands[at + 1], e, d);
            }
            out[d] = sum;
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
    const int cols = args.node.shape.extent(-1);
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            const float largest = *std::max_element(in, in + cols);
            double sum = 0;
            for (int i = 0; i < cols; ++i) sum += std::exp(static_cast<double>(in[i] - largest));
            const auto shift = static_cast<float>(std::log(sum));
            float* out = args.out.row(h, t);
            for (int i = box.col_begin; i < box.col_end; ++i) out[i] = in[i] - largest - shift;
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
    for (int t = box.row_begin; t < box.row_end; ++t) {
        const float* head = args.operands[0].block.row(0, t);
        float* out = args.out.row(0, t);
        for (int v = box.col_begin; v < box.col_end; ++v) {
            const int cluster = cluster_of(clusters, v);
            if (cluster == 0) {
                out[v] = head[v];
                continue;
            }
            const auto at = static_cast<std::size_t>(cluster);
            const float* tail = args.operands[at].block.row(0, t);
            out[v] = head[clusters[1] + cluster - 1] + tail[v - clusters[at]];
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
