#include "app/gl/pass_recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/gl/faults.h"
#include "app/gl/fusions.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

// Nodes begin at whole multiples of it, so that bindings do on every device (at most 256 bytes).
constexpr std::int64_t kNodeAlignment = 64;

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

std::int64_t aligned(std::int64_t words) {
    return (words + kNodeAlignment - 1) / kNodeAlignment * kNodeAlignment;
}

WeightType device_type(StoredType type) {
    switch (type) {
        case StoredType::kF32:
            return WeightType::kF32;
        case StoredType::kF16:
            return WeightType::kF16;
        case StoredType::kBf16:
            return WeightType::kBf16;
    }
    report_bug(__FILE__, __LINE__, "a type of weights that does not exist");
}

// Two halves of a box: of its heads, else its rows, else (products) its columns.
std::optional<std::pair<Box, Box>> cut_box(const Box& box, bool cuts_columns) {
    Box first = box, second = box;
    if (box.outers() > 1) {
        first.outer_end = second.outer_begin = box.outer_begin + box.outers() / 2;
    } else if (box.rows() > 1) {
        first.row_end = second.row_begin = box.row_begin + box.rows() / 2;
    } else if (cuts_columns && box.cols() > 1) {
        first.col_end = second.col_begin = box.col_begin + box.cols() / 2;
    } else {
        return std::nullopt;
    }
    return std::pair(first, second);
}

class PassRecorder {
  public:
    explicit PassRecorder(const PassRequest& request)
        : request_(request), graph_(request.graph), recorder_(request.limits) {
        pass_.places.resize(at(graph_.size()));
    }

    RecordedPass record() {
        lay_out_inputs();
        lay_out_nodes();
        choose_fusions();
        for (NodeId id = 0; id < graph_.size(); ++id) {
            if (pass_.places[at(id)].slab < 0) continue;
            const Node& node = graph_.node(id);
            if (node.op == Op::kAlias && request_.is_due[at(id)]) {
                const NodeId from = root_of(graph_, node.operands[0].id, request_.patches);
                pass_.copies.push_back({recorder_.mark().commands, from, id});
            } else if (request_.is_due[at(id)]) {
                ++pass_.nodes_computed;
                const std::optional<Fusion>& fusion = fusions_[at(id)];
                if (!fusion) {
                    compute({std::nullopt, {id}, {whole_block(id)}}, whole_box(node.shape));
                } else if (fusion->nodes.front() == id) {
                    compute_together(*fusion);
                }
            } else {
                pass_.copied.push_back(id);
            }
            write_patch(id, whole_box(node.shape), whole_block(id));
        }
        watch_last_nodes();
        pass_.list = recorder_.take_list();
        return std::move(pass_);
    }

  private:
    void lay_out_inputs() {
        for (int i = 0; i < static_cast<int>(graph_.inputs().size()); ++i) {
            pass_.inputs.push_back(pass_.input_words);
            const auto count = static_cast<std::int64_t>(graph_.input_shape(i).count());
            pass_.input_words += aligned(count);
        }
    }

    bool needs_memory(NodeId id) const {
        if (request_.is_derived[at(id)]) return false;
        const std::vector<NodeId>& edited = request_.edited;
        if (std::find(edited.begin(), edited.end(), id) != edited.end()) return true;
        const bool is_name = root_of(graph_, id, request_.patches) != id;
        return request_.is_due[at(id)] && !is_name;
    }

    void lay_out_nodes() {
        for (NodeId id = 0; id < graph_.size(); ++id) {
            if (!needs_memory(id)) continue;
            const auto count = static_cast<std::int64_t>(graph_.node(id).shape.count());
            const std::int64_t words = aligned(count);
            if (pass_.slabs.empty() || pass_.slabs.back() + words > request_.slab_words) {
                pass_.slabs.push_back(0);
            }
            pass_.places[at(id)] = {static_cast<int>(pass_.slabs.size()) - 1, pass_.slabs.back(),
                                    count};
            pass_.slabs.back() += words;
        }
    }

    DeviceBlock whole_block(NodeId id) const {
        const MatrixExtents extents = matrix_extents(graph_.node(id).shape);
        DeviceBlock block;
        block.buffer = {BufferKind::kNode, root_of(graph_, id, request_.patches)};
        block.row_stride = extents.cols;
        block.outer_stride = std::int64_t{extents.cols} * extents.rows;
        return block;
    }

    // For each node that is due the fusion it is in, unless one of that is set by hand or taken
    // over.
    void choose_fusions() {
        fusions_.resize(at(graph_.size()));
        if (!request_.has_fusions) return;
        for (Fusion& fusion : find_fusions(graph_, request_.is_derived)) {
            const bool is_whole =
                std::all_of(fusion.nodes.begin(), fusion.nodes.end(), [this](NodeId id) {
                    return request_.is_due[at(id)] && pass_.places[at(id)].slab >= 0 &&
                           request_.patches.count(id) == 0;
                });
            if (!is_whole) continue;
            for (const NodeId id : fusion.nodes) fusions_[at(id)] = fusion;
        }
    }

    // Nodes that nobody reads tell of all before them: a cell that is no number ends up there.
    void watch_last_nodes() {
        for (NodeId id = 0; id < graph_.size(); ++id) {
            if (!graph_.consumers(id).empty() || pass_.places[at(id)].slab < 0) continue;
            if (!request_.is_due[at(id)]) continue;
            record_watch(recorder_, whole_block(id), graph_.node(id).shape, id);
        }
    }

    // Nodes that are computed by the same dispatches, and where their values go.
    struct Work {
        std::optional<FusionKind> fusion;  // of several nodes
        std::vector<NodeId> nodes;
        std::vector<DeviceBlock> blocks;
    };

    void compute_together(const Fusion& fusion) {
        Work work{fusion.kind, fusion.nodes, {}};
        for (const NodeId id : fusion.nodes) work.blocks.push_back(whole_block(id));
        compute(work, whole_box(graph_.node(fusion.nodes.front()).shape));
    }

    bool cuts_columns(const Work& work) const {
        if (work.fusion) return *work.fusion == FusionKind::kLinearAndActivation;
        return op_row(graph_.node(work.nodes.front()).op).tiling == Tiling::kProduct;
    }

    // Computes a box, in pieces that the device's limits allow.
    void compute(const Work& work, const Box& box) {
        if (box.outers() == 0 || box.rows() == 0 || box.cols() == 0) return;
        const Recorder::Mark mark = recorder_.mark();
        const std::size_t writes = pass_.writes.size();
        std::vector<BufferRef> scratch;
        try {
            compute_whole(work, box, scratch);
        } catch (const TooLarge&) {
            recorder_.take_back(mark);
            pass_.writes.resize(writes);
            const auto halves = cut_box(box, cuts_columns(work));
            if (!halves) {
                throw GlFailure("the graphics card", graph_.node(work.nodes.front()).name,
                                "rows that fit into a buffer",
                                fmt::format("one of {} numbers", box.cols()));
            }
            for (const BufferRef& buffer : scratch) recorder_.give_back(buffer);
            compute(work, halves->first);
            compute(work, halves->second);
            return;
        }
        for (const BufferRef& buffer : scratch) recorder_.give_back(buffer);
    }

    void compute_whole(const Work& work, const Box& box, std::vector<BufferRef>& scratch) {
        std::vector<std::vector<DeviceOperand>> operands(work.nodes.size());
        std::vector<OpArgs> members;
        for (std::size_t i = 0; i < work.nodes.size(); ++i) {
            const Node& node = graph_.node(work.nodes[i]);
            for (const Operand& source : node.operands) {
                operands[i].push_back(find_operand(source, box, scratch));
            }
            members.push_back(
                {graph_, node, work.nodes[i], operands[i], work.blocks[i], recorder_});
        }
        if (work.fusion) {
            record_fusion(*work.fusion, members, box);
            return;
        }
        const RecordOp recorder = op_recorder(members.front().node.op);
        HEED_CHECK(recorder != nullptr);
        recorder(members.front(), box);
    }

    DeviceOperand find_operand(const Operand& source, const Box& box,
                               std::vector<BufferRef>& scratch) {
        DeviceOperand operand;
        operand.kind = source.kind;
        if (source.kind == OperandKind::kWeight) {
            operand.view = &graph_.weight(source.id);
            operand.weight = {BufferKind::kWeight, operand.view->tensor};
            operand.type = device_type(request_.weights.stored_type(operand.view->tensor));
        } else if (source.kind == OperandKind::kInput) {
            operand.input = {BufferKind::kInput, 0};
            operand.input_first = pass_.inputs[at(source.id)];
        } else if (request_.is_derived[at(root_of(graph_, source.id, request_.patches))]) {
            operand.block = derive(source.id, box, scratch);
        } else {
            operand.block = whole_block(source.id);
        }
        return operand;
    }

    // The rows of `rows` of a node that is not kept, computed into scratch.
    DeviceBlock derive(NodeId id, const Box& rows, std::vector<BufferRef>& scratch) {
        Box box = rows;
        box.col_begin = 0;
        box.col_end = matrix_extents(graph_.node(id).shape).cols;
        const std::int64_t words = std::int64_t{box.outers()} * box.rows() * box.cols();
        if (words > recorder_.limits().binding_words) throw TooLarge();
        DeviceBlock block;
        block.buffer = recorder_.take_scratch(words);
        scratch.push_back(block.buffer);
        block.row_stride = box.cols();
        block.outer_stride = block.row_stride * box.rows();
        block.outer_begin = box.outer_begin;
        block.row_begin = box.row_begin;
        compute({std::nullopt, {id}, {block}}, box);
        write_patch(id, box, block);
        return block;
    }

    void write_patch(NodeId id, const Box& box, const DeviceBlock& out) {
        const auto patch = request_.patches.find(id);
        if (patch == request_.patches.end()) return;
        const Shape& shape = graph_.node(id).shape;
        for (const auto& [flat, value] : patch->second) {
            const RowPlace place = place_of(shape, unflatten(shape.extents(), flat));
            const bool is_inside = place.outer >= box.outer_begin && place.outer < box.outer_end &&
                                   place.row >= box.row_begin && place.row < box.row_end;
            if (!is_inside) continue;
            pass_.writes.push_back({recorder_.mark().commands, out.buffer,
                                    out.at(place.outer, place.row, place.col), value});
        }
    }

    const PassRequest& request_;
    const Graph& graph_;
    Recorder recorder_;
    RecordedPass pass_;
    std::vector<std::optional<Fusion>> fusions_;  // for each node
};

}  // namespace

RecordedPass record_pass(const PassRequest& request) {
    return PassRecorder(request).record();
}

NodeId root_of(const Graph& graph, NodeId node, const std::map<NodeId, Patch>& patches) {
    while (graph.node(node).op == Op::kAlias && patches.count(node) == 0) {
        node = graph.node(node).operands[0].id;
    }
    return node;
}

}  // namespace heed::app
