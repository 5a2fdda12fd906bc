#include "app/gl/fusions.h"

#include <algorithm>
#include <string>

#include "app/gl/cell_pass.h"
#include "app/gl/row_programs.h"
#include "app/gl/score_stages.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr std::size_t kMostStages = 4;  // of shaders/rows_softmax.comp
constexpr std::size_t kMostAdded = 4;   // of shaders/rows_norm.comp

std::size_t at(int id) {
    return static_cast<std::size_t>(id);
}

// Looks for fusions from their last nodes back.
class Finder {
  public:
    Finder(const Graph& graph, const std::vector<bool>& is_derived)
        : graph_(graph), is_free_(at(graph.size())) {
        for (std::size_t id = 0; id < is_free_.size(); ++id) is_free_[id] = !is_derived[id];
    }

    std::vector<Fusion> find() {
        for (NodeId id = 0; id < graph_.size(); ++id) {
            if (!is_free_[at(id)]) continue;
            switch (graph_.node(id).op) {
                case Op::kSoftmax:
                    add(FusionKind::kScores, find_stages(id), id);
                    break;
                case Op::kLayerNorm:
                case Op::kRmsNorm:
                    add(FusionKind::kSumAndNorm, find_before(id, Op::kAdd), id);
                    break;
                case Op::kActivation:
                    add(FusionKind::kLinearAndActivation, find_before(id, Op::kLinear), id);
                    break;
                default:
                    break;
            }
        }
        return std::move(fusions_);
    }

  private:
    // The node that computes operand 0, if it is kept and in no fusion yet.
    std::optional<NodeId> before(NodeId id) const {
        NodeId from = graph_.node(id).operands[0].id;
        while (graph_.node(from).op == Op::kAlias) from = graph_.node(from).operands[0].id;
        if (!is_free_[at(from)]) return std::nullopt;
        return from;
    }

    std::vector<NodeId> find_before(NodeId id, Op op) const {
        const std::optional<NodeId> from = before(id);
        if (!from || graph_.node(*from).op != op) return {};
        const std::size_t operands = graph_.node(*from).operands.size();
        if (op == Op::kAdd && (operands < 2 || operands > kMostAdded)) return {};
        return {*from};
    }

    // Those before a softmax, the first one first.
    std::vector<NodeId> find_stages(NodeId softmax) const {
        std::vector<NodeId> stages;
        for (auto from = before(softmax); from; from = before(*from)) {
            const Node& node = graph_.node(*from);
            const bool fits = std::all_of(stages.begin(), stages.end(), [&](NodeId other) {
                return fit_one_chain(node, graph_.node(other));
            });
            if (stage_macro(node) == nullptr || !fits || stages.size() == kMostStages) break;
            stages.insert(stages.begin(), *from);
        }
        return stages;
    }

    void add(FusionKind kind, std::vector<NodeId> nodes, NodeId last) {
        if (nodes.empty()) return;
        nodes.push_back(last);
        for (const NodeId id : nodes) is_free_[at(id)] = false;
        fusions_.push_back({kind, std::move(nodes)});
    }

    const Graph& graph_;
    std::vector<bool> is_free_;
    std::vector<Fusion> fusions_;
};

Strides strides_of(const DeviceBlock& block, const Box& box) {
    return strides_from(block, box.outer_begin, box.row_begin);
}

void record_scores(std::span<const OpArgs> members, const Box& box) {
    const OpArgs& softmax = members.back();
    const std::span<const OpArgs> stages = members.first(members.size() - 1);
    Defines defines = {{"KIND", "KIND_SOFTMAX"}};
    for (std::size_t i = 0; i < stages.size(); ++i) {
        defines.emplace_back("STAGE" + std::to_string(i), stage_macro(stages[i].node));
        add_stage_defines(stages[i], defines);
    }
    CellPass pass(softmax.recorder, softmax.id, "rows_softmax.comp", std::move(defines),
                  frame_of(box));
    const DeviceBlock& in = stages.front().operands[0].block;
    pass.write(0, softmax.out.buffer, strides_of(softmax.out, box));
    pass.read(1, in.buffer, strides_of(in, box));
    int slot = 2;
    for (const OpArgs& stage : stages) {
        pass.write(slot++, stage.out.buffer, strides_of(stage.out, box));
        bind_stage(stage, box, pass);
    }
    pass.run_rows();
}

void record_sum_and_norm(const OpArgs& sum, const OpArgs& norm, const Box& box) {
    constexpr int kSumSlot = 5;
    Defines defines = {{"OPERANDS", std::to_string(sum.operands.size())}};
    add_norm_defines(norm, defines);
    CellPass pass(norm.recorder, norm.id, "rows_norm.comp", std::move(defines), frame_of(box));
    pass.write(0, norm.out.buffer, strides_of(norm.out, box));
    int slot = 1;
    for (const DeviceOperand& operand : sum.operands) {
        pass.read(slot++, operand.block.buffer, strides_of(operand.block, box));
    }
    pass.write(kSumSlot, sum.out.buffer, strides_of(sum.out, box));
    bind_norm(norm, pass);
    pass.run_rows();
}

}  // namespace

std::vector<Fusion> find_fusions(const Graph& graph, const std::vector<bool>& is_derived) {
    return Finder(graph, is_derived).find();
}

void record_fusion(FusionKind kind, std::span<const OpArgs> members, const Box& box) {
    HEED_CHECK_LE(2u, members.size());
    switch (kind) {
        case FusionKind::kScores:
            record_scores(members, box);
            return;
        case FusionKind::kSumAndNorm:
            record_sum_and_norm(members[0], members[1], box);
            return;
        case FusionKind::kLinearAndActivation:
            record_linear_with_activation(members[0], members[1], box);
            return;
    }
    report_bug(__FILE__, __LINE__, "a kind of fusion that does not exist");
}

}  // namespace heed::app
