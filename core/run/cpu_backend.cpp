// The reference backend: kernels and a pool of threads, one piece of a node a thread.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/base/check.h"
#include "core/base/parallel.h"
#include "core/run/arena.h"
#include "core/run/backend.h"
#include "core/run/executor.h"

namespace heed {
namespace {

using Clock = std::chrono::steady_clock;
using Values = std::vector<std::shared_ptr<const float[]>>;

std::size_t at(int id) {
    return static_cast<std::size_t>(id);
}

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Recomputes rows of derived nodes for readers of a trace.
class CpuProvider : public TileProvider {
  public:
    CpuProvider(std::shared_ptr<const Program> program, std::shared_ptr<const Values> values)
        : program_(std::move(program)), values_(std::move(values)) {}

    std::optional<Tile> read(const Trace& trace, NodeId node, const Box& box) const override {
        const Tile rows = program_->derive(node, box, {trace.inputs(), *values_, trace.patches()});
        if (box.outers() == 0 || box.rows() == 0) return Tile(nullptr, box, 0, 0);
        const std::ptrdiff_t row_stride = rows.box().cols();
        const auto owner = std::make_shared<Tile>(rows);
        const float* first = rows.row(box.outer_begin, box.row_begin) + box.col_begin;
        return Tile({owner, first}, box, row_stride * box.rows(), row_stride);
    }

  private:
    std::shared_ptr<const Program> program_;
    std::shared_ptr<const Values> values_;
};

class CpuPlan : public Plan {
  public:
    CpuPlan(std::shared_ptr<const Program> program, std::shared_ptr<ThreadPool> pool,
            std::shared_ptr<ArenaPool> arenas)
        : program_(std::move(program)), pool_(std::move(pool)), arenas_(std::move(arenas)) {}

    std::shared_ptr<const Trace> run(const RunInputs& inputs, const RunOptions& options) override {
        check_inputs(program_->graph(), inputs);
        const std::vector<bool> all(at(program_->graph().size()), true);
        return execute(inputs, Values(all.size()), {}, all, options);
    }

    std::shared_ptr<const Trace> rerun(const Trace& base, const Edits& edits,
                                       const RunOptions& options) override {
        const Graph& graph = program_->graph();
        HEED_CHECK(base.graph_pointer() == program_->graph_pointer());
        std::map<NodeId, Patch> patches = base.patches();
        Values values(at(graph.size()));
        for (NodeId id = 0; id < graph.size(); ++id) values[at(id)] = base.held(id);
        for (const CellEdit& edit : edits.cells) {
            const std::vector<int> extents = graph.node(edit.node).shape.extents();
            patches[edit.node][flat_index(extents, edit.index)] = edit.value;
        }
        return execute(base.inputs(), std::move(values), std::move(patches),
                       find_downstream(graph, edits), options, &edits);
    }

  private:
    // Memory for the nodes in `is_wanted`, in one piece.
    ArenaCursor reserve(const std::vector<bool>& needs_memory, std::size_t& bytes) {
        std::size_t count = 0;
        for (NodeId id = 0; id < program_->graph().size(); ++id) {
            if (!needs_memory[at(id)]) continue;
            count += ArenaCursor::padded(program_->graph().node(id).shape.count());
        }
        bytes = count * sizeof(float);
        return ArenaCursor(arenas_->take(count));
    }

    std::vector<bool> find_memory_needs(const std::vector<bool>& is_due,
                                        const std::vector<bool>& is_derived,
                                        const std::map<NodeId, Patch>& patches,
                                        const Edits* edits) const {
        std::vector<bool> needs(is_due.size(), false);
        for (NodeId id = 0; id < program_->graph().size(); ++id) {
            const bool is_name = program_->graph().node(id).op == Op::kAlias;
            needs[at(id)] =
                is_due[at(id)] && !is_derived[at(id)] && (!is_name || patches.count(id) > 0);
        }
        if (edits == nullptr) return needs;
        for (const CellEdit& edit : edits->cells) {
            if (!is_derived[at(edit.node)]) needs[at(edit.node)] = true;
        }
        return needs;
    }

    void compute_node(NodeId id, const ValueTable& table, float* data, const CancelToken& cancel) {
        const Node& node = program_->graph().node(id);
        const MatrixExtents extents = matrix_extents(node.shape);
        const MutableBlock out = {data, std::ptrdiff_t{extents.cols} * extents.rows, extents.cols,
                                  0, 0};
        // A derived operand is recomputed for each piece: long runs of rows are cheaper then.
        constexpr int kRowsOfDerived = 64;
        const bool reads_derived = !node.operands.empty() &&
                                   node.operands[0].kind == OperandKind::kNode &&
                                   table.values[at(node.operands[0].id)] == nullptr;
        const std::vector<Box> pieces =
            tile_node(program_->graph(), node, reads_derived ? kRowsOfDerived : 1);
        pool_->run(static_cast<int>(pieces.size()), [&](int piece) {
            cancel.check();
            program_->compute(id, pieces[at(piece)], table, out);
        });
    }

    void patch_node(NodeId id, const std::map<NodeId, Patch>& patches, float* data) const {
        const auto patch = patches.find(id);
        if (patch == patches.end()) return;
        for (const auto& [flat, value] : patch->second) data[flat] = value;
    }

    // Computes the nodes that are due, in order; `values` holds what is taken over.
    std::shared_ptr<const Trace> execute(const RunInputs& inputs, Values values,
                                         std::map<NodeId, Patch> patches,
                                         const std::vector<bool>& is_due, const RunOptions& options,
                                         const Edits* edits = nullptr) {
        const auto start = Clock::now();
        const Graph& graph = program_->graph();
        const std::vector<bool> is_derived = edits == nullptr
                                                 ? choose_derived(graph, options.keep.budget_bytes)
                                                 : derived_in(values, graph);
        Trace::Parts parts;
        const std::vector<bool> needs = find_memory_needs(is_due, is_derived, patches, edits);
        ArenaCursor memory = reserve(needs, parts.facts.bytes);
        if (options.measures_nodes) parts.facts.node_milliseconds.resize(at(graph.size()));
        for (NodeId id = 0; id < graph.size(); ++id) {
            options.progress.cancel.check();
            if (options.progress.report) options.progress.report(id, graph.size());
            if (!is_due[at(id)] && !needs[at(id)]) continue;
            const Node& node = graph.node(id);
            if (is_derived[at(id)]) continue;
            if (!needs[at(id)]) {  // another name for the same numbers
                values[at(id)] = values[at(node.operands[0].id)];
                continue;
            }
            const std::shared_ptr<float[]> place = memory.next(node.shape.count());
            if (is_due[at(id)]) {
                const ValueTable table = {inputs, values, patches};
                const auto begin = Clock::now();
                compute_node(id, table, place.get(), options.progress.cancel);
                if (options.measures_nodes) {
                    parts.facts.node_milliseconds[at(id)] = milliseconds_since(begin);
                }
                if (node.op != Op::kAlias) ++parts.facts.nodes_computed;
            } else {
                const float* old = values[at(id)].get();
                std::copy(old, old + node.shape.count(), place.get());
            }
            patch_node(id, patches, place.get());
            values[at(id)] = place;
        }
        if (options.progress.report) options.progress.report(graph.size(), graph.size());
        parts.graph = program_->graph_pointer();
        parts.weights = program_->weights_pointer();
        parts.inputs = inputs;
        parts.patches = std::move(patches);
        parts.facts.backend = "cpu";
        parts.facts.note = options.note;
        parts.facts.threads = pool_->threads();
        parts.facts.milliseconds = milliseconds_since(start);
        parts.provider =
            std::make_shared<CpuProvider>(program_, std::make_shared<const Values>(values));
        parts.values = std::move(values);
        return std::make_shared<const Trace>(std::move(parts));
    }

    static std::vector<bool> derived_in(const Values& values, const Graph& graph) {
        std::vector<bool> is_derived(at(graph.size()), false);
        for (std::size_t id = 0; id < values.size(); ++id) is_derived[id] = values[id] == nullptr;
        return is_derived;
    }

    std::shared_ptr<const Program> program_;
    std::shared_ptr<ThreadPool> pool_;
    std::shared_ptr<ArenaPool> arenas_;
};

class CpuBackend : public Backend {
  public:
    explicit CpuBackend(int threads)
        : pool_(std::make_shared<ThreadPool>(threads > 0 ? threads : hardware_threads())),
          arenas_(ArenaPool::create()) {}

    std::string name() const override { return "cpu"; }

    std::unique_ptr<Plan> prepare(std::shared_ptr<const Graph> graph,
                                  std::shared_ptr<const WeightStore> weights) override {
        auto program = std::make_shared<const Program>(std::move(graph), std::move(weights));
        return std::make_unique<CpuPlan>(std::move(program), pool_, arenas_);
    }

  private:
    std::shared_ptr<ThreadPool> pool_;
    std::shared_ptr<ArenaPool> arenas_;
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend(int threads) {
    return std::make_unique<CpuBackend>(threads);
}

}  // namespace heed
