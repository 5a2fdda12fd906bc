#include "core/analysis/logit_lens.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/run/executor.h"

namespace heed {
namespace {

std::size_t at(int id) {
    return static_cast<std::size_t>(id);
}

bool reads(const Node& node, NodeId id) {
    return std::find(node.operands.begin(), node.operands.end(), Operand{OperandKind::kNode, id}) !=
           node.operands.end();
}

// Whether some attention of the graph hides later positions.
bool is_causal(const Graph& graph) {
    return std::any_of(graph.nodes().begin(), graph.nodes().end(), [](const Node& node) {
        const MaskRule rule = node.attributes.mask;
        return node.op == Op::kMask && (rule == MaskRule::kCausal || rule == MaskRule::kWindow);
    });
}

bool is_row_by_row(Op op) {
    const bool is_norm = op == Op::kLayerNorm || op == Op::kRmsNorm;
    return op == Op::kLinear || is_norm || op_row(op).is_row_aligned;
}

// The nodes outside the blocks from which `logits` follows, up to the blocks' outputs.
struct Head {
    std::set<NodeId> rest;
    std::set<NodeId> entries;
};
Head walk_back(const Graph& graph, NodeId logits) {
    Head head;
    std::vector<NodeId> open{logits};
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        const Node& node = graph.node(id);
        if (node.layer >= 0) {
            head.entries.insert(id);
            continue;
        }
        if (!head.rest.insert(id).second) continue;
        for (const Operand& operand : node.operands) {
            if (operand.kind == OperandKind::kNode) open.push_back(operand.id);
        }
    }
    return head;
}

// What block 0 reads from outside, of the shape of `like`.
std::optional<NodeId> find_block_input(const Graph& graph, const Shape& like) {
    for (const Node& node : graph.nodes()) {
        if (node.layer != 0) continue;
        for (const Operand& operand : node.operands) {
            if (operand.kind != OperandKind::kNode || graph.node(operand.id).layer >= 0) continue;
            if (graph.node(operand.id).shape == like) return operand.id;
        }
    }
    return std::nullopt;
}

// The rest of the graph, computed with one node's values exchanged.
class Rest {
  public:
    Rest(const Trace& trace, const LensPlan& plan)
        : trace_(trace), plan_(plan), program_(trace.graph_pointer(), trace.weights_pointer()) {
        for (NodeId id = 0; id < trace.graph().size(); ++id) values_.push_back(trace.held(id));
        // What the rest reads besides, from where it is.
        for (const NodeId id : plan.rest) {
            for (const Operand& operand : trace.graph().node(id).operands) {
                if (operand.kind == OperandKind::kNode && is_read(operand.id)) {
                    values_[at(operand.id)] = read_all(operand.id);
                }
            }
        }
    }

    Tensor compute(NodeId source, int first, int end, ThreadPool& pool, const CancelToken& cancel) {
        values_[at(plan_.entry)] = read_all(source);
        for (const NodeId id : plan_.rest) {
            const Shape& shape = trace_.graph().node(id).shape;
            const auto place = std::make_shared_for_overwrite<float[]>(shape.count());
            compute_node(id, first, end, place.get(), pool, cancel);
            values_[at(id)] = place;
        }
        const MatrixExtents extents = matrix_extents(trace_.graph().node(plan_.logits).shape);
        const int rows = std::min(end, extents.rows) - std::min(first, extents.rows);
        Tensor logits({rows, extents.cols});
        const float* values = values_[at(plan_.logits)].get();
        std::copy_n(values + std::ptrdiff_t{first} * extents.cols,
                    std::ptrdiff_t{rows} * extents.cols, logits.data());
        return logits;
    }

  private:
    // Neither exchanged nor computed here, nor at hand.
    bool is_read(NodeId node) const {
        const bool is_computed =
            std::find(plan_.rest.begin(), plan_.rest.end(), node) != plan_.rest.end();
        return node != plan_.entry && !is_computed && values_[at(node)] == nullptr;
    }
    std::shared_ptr<const float[]> read_all(NodeId node) const {
        const std::shared_ptr<const float[]>& held = trace_.held(node);
        if (held != nullptr) return held;
        const Tensor tensor = trace_.tensor(node);
        const auto copy = std::make_shared_for_overwrite<float[]>(tensor.size());
        std::copy_n(tensor.data(), tensor.size(), copy.get());
        return copy;
    }

    void compute_node(NodeId id, int first, int end, float* data, ThreadPool& pool,
                      const CancelToken& cancel) const {
        const Node& node = trace_.graph().node(id);
        const MatrixExtents extents = matrix_extents(node.shape);
        const MutableBlock out{data, std::ptrdiff_t{extents.cols} * extents.rows, extents.cols, 0,
                               0};
        const ValueTable table{trace_.inputs(), values_, trace_.patches()};
        std::vector<Box> pieces;
        for (Box box : tile_node(trace_.graph(), node)) {
            if (plan_.is_row_by_row) {
                box.row_begin = std::max(box.row_begin, first);
                box.row_end = std::min(box.row_end, end);
            }
            if (box.row_begin < box.row_end) pieces.push_back(box);
        }
        pool.run(static_cast<int>(pieces.size()), [&](int piece) {
            cancel.check();
            program_.compute(id, pieces[at(piece)], table, out);
        });
        const auto patch = trace_.patches().find(id);
        if (patch == trace_.patches().end()) return;
        apply_patch(patch->second, node.shape, whole_box(node.shape), out);
    }

    const Trace& trace_;
    const LensPlan& plan_;
    Program program_;
    std::vector<std::shared_ptr<const float[]>> values_;
};

void check_weights(const Trace& trace) {
    if (trace.weights() != nullptr) return;
    throw Error("logit lens", "weights", "a model at hand", "a recorded trace");
}

// Scores that are only on their way: halved or capped before they are read.
bool is_passed_on(const Graph& graph, NodeId id) {
    const std::vector<NodeId>& readers = graph.consumers(id);
    return std::any_of(readers.begin(), readers.end(), [&graph](NodeId reader) {
        const Op op = graph.node(reader).op;
        return op == Op::kScale || op == Op::kSoftCap;
    });
}

}  // namespace

std::vector<Predictor> find_predictors(const Graph& graph) {
    std::vector<Predictor> found;
    for (NodeId id = 0; id < graph.size(); ++id) {
        const Node& node = graph.node(id);
        const Shape& shape = node.shape;
        if (node.layer >= 0 || node.kind != ValueKind::kSigned) continue;
        if (shape.rank() < 1 || shape.rank() > 2) continue;
        const std::string& letter = shape.axis(-1).name;
        if (letter != "V" && letter != "P") continue;
        if (is_passed_on(graph, id)) continue;
        Predictor predictor;
        predictor.logits = id;
        predictor.is_words = letter == "V";
        predictor.is_per_position = shape.rank() == 2 && shape.axis(0).sequence >= 0;
        predictor.is_causal = predictor.is_words && is_causal(graph);
        for (const NodeId reader : graph.consumers(id)) {
            if (graph.node(reader).kind == ValueKind::kProbability) predictor.probs = reader;
        }
        found.push_back(predictor);
    }
    std::stable_sort(found.begin(), found.end(), [](const Predictor& a, const Predictor& b) {
        if (a.is_words != b.is_words) return a.is_words;
        return a.probs.has_value() && !b.probs.has_value();
    });
    return found;
}

std::optional<LensPlan> find_lens_plan(const Graph& graph, NodeId logits) {
    const Head head = walk_back(graph, logits);
    if (head.entries.size() != 1) return std::nullopt;
    LensPlan plan;
    plan.logits = logits;
    plan.entry = *head.entries.begin();
    const Node& entry = graph.node(plan.entry);
    const std::string last = "blocks." + std::to_string(entry.layer) + ".";
    const std::size_t begin = entry.name.find(last);
    if (begin == std::string::npos) return std::nullopt;
    const std::string before = entry.name.substr(0, begin);
    const std::string after = entry.name.substr(begin + last.size());
    if (const std::optional<NodeId> input = find_block_input(graph, entry.shape)) {
        plan.sources.push_back(*input);
    }
    for (int layer = 0; layer <= entry.layer; ++layer) {
        const std::optional<NodeId> source =
            graph.find(before + "blocks." + std::to_string(layer) + "." + after);
        if (!source || graph.node(*source).shape != entry.shape) return std::nullopt;
        plan.sources.push_back(*source);
    }
    std::set<NodeId> changed{plan.entry};
    for (NodeId id = 0; id < graph.size(); ++id) {
        if (head.rest.count(id) == 0) continue;
        const Node& node = graph.node(id);
        const bool is_due = std::any_of(changed.begin(), changed.end(),
                                        [&](NodeId other) { return reads(node, other); });
        if (!is_due) continue;
        changed.insert(id);
        plan.rest.push_back(id);
        plan.is_row_by_row = plan.is_row_by_row && is_row_by_row(node.op) &&
                             matrix_extents(node.shape).rows == matrix_extents(entry.shape).rows;
    }
    if (plan.rest.empty() || plan.rest.back() != logits) return std::nullopt;
    return plan;
}

Tensor compute_lens_logits(const Trace& trace, const LensPlan& plan, NodeId source, int first,
                           int end, const CancelToken& cancel) {
    check_weights(trace);
    ThreadPool pool(hardware_threads());
    return Rest(trace, plan).compute(source, first, end, pool, cancel);
}

LogitLens compute_logit_lens(const Trace& trace, const LensPlan& plan, const LensRequest& request,
                             const CancelToken& cancel) {
    check_weights(trace);
    LogitLens lens;
    lens.sources = plan.sources;
    lens.first = request.first;
    ThreadPool pool(hardware_threads());
    Rest rest(trace, plan);
    std::vector<int> answers;
    // The last layer first: what it says is what the others are asked about.
    const int count = static_cast<int>(plan.sources.size());
    for (std::size_t i = plan.sources.size(); i-- > 0;) {
        cancel.report(count - 1 - static_cast<int>(i), count);
        const Tensor logits =
            rest.compute(plan.sources[i], request.first, request.end, pool, cancel);
        const int rows = logits.extent(0);
        const int words = logits.extent(1);
        if (lens.cells.empty()) {
            lens.columns = rows;
            lens.cells.resize(plan.sources.size() * at(rows));
            answers.resize(at(rows), -1);
        }
        pool.run(rows, [&](int row) {
            cancel.check();
            const std::span<const float> said =
                logits.values().subspan(at(row) * at(words), at(words));
            LensCell& cell = lens.cells[i * at(rows) + at(row)];
            cell.top = rank_top(said, request.top);
            if (answers[at(row)] < 0) answers[at(row)] = cell.top.front().id;
            cell.answer = rank_entry(said, answers[at(row)]);
            for (const int id : request.ids) cell.asked.push_back(rank_entry(said, id));
        });
    }
    return lens;
}

}  // namespace heed
