#include "app/views/stage_parts.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"

namespace heed::app {

namespace {

PartRole role_of(const Graph& graph, NodeId node) {
    for (const AttentionSite& site : graph.attentions()) {
        if (site.q == node) return PartRole::kQuery;
        if (site.k == node) return PartRole::kKey;
        if (site.v == node || site.z == node) return PartRole::kValue;
    }
    return PartRole::kPlain;
}

StagePart node_part(const Trace& trace, const Selection& selection, NodeId node) {
    const MatrixPlace place = place_matrix(trace, selection, node);
    StagePart part;
    part.name = std::string(local_name(trace.graph().node(node).name));
    part.id = part.name;
    part.role = role_of(trace.graph(), node);
    part.number = node;
    part.outer = place.outer;
    part.rows = place.rows;
    part.columns = place.columns;
    return part;
}

void transpose(StagePart& part) {
    part.is_transposed = !part.is_transposed;
    part.name += "\u1d40";
    std::swap(part.rows, part.columns);
}

MatrixAxis plain_axis(const Axis& axis) {
    return {axis_letter(axis), axis.extent, {}, AxisRole::kPlain};
}

// A weight as rows and columns; an axis H takes the head of the output's cell.
StagePart weight_part(const Graph& graph, int weight, const std::vector<int>& cell,
                      const Shape& out) {
    const WeightView& view = graph.weight(weight);
    StagePart part;
    part.source = PartSource::kWeight;
    part.number = weight;
    part.name = view.symbol;
    part.id = view.symbol;
    part.rows.extent = 1;
    part.columns.extent = 1;
    std::vector<int> free;
    for (int i = 0; i < view.shape.rank(); ++i) {
        const bool is_head =
            view.shape.axis(i).name == "H" && out.rank() > 0 && out.axis(0).name == "H";
        part.fixed.push_back(is_head ? cell[0] : -1);
        if (!is_head) free.push_back(i);
    }
    HEED_CHECK_LE(free.size(), std::size_t{2});
    if (!free.empty()) part.columns = plain_axis(view.shape.axis(free.back()));
    if (free.size() == 2) part.rows = plain_axis(view.shape.axis(free.front()));
    return part;
}

StagePart numbers_part(const Trace& trace, PartSource source, int number, const MatrixAxis& rows) {
    StagePart part;
    part.source = source;
    part.number = number;
    part.id = source == PartSource::kIds ? "ids" : "positions";
    part.name = part.id;
    if (source == PartSource::kIds) {
        part.name = trace.graph().inputs()[static_cast<std::size_t>(number)].name;
    }
    part.rows = rows;
    part.columns.extent = 1;
    return part;
}

void fill_product(const Trace& trace, const Selection& selection, const Node& node,
                  StageEquation& equation) {
    const Graph& graph = trace.graph();
    equation.is_product = true;
    const auto operand = [&](std::size_t i) {
        return node_part(trace, selection, node.operands[i].id);
    };
    if (node.op == Op::kLinear) {
        equation.inputs = {operand(0),
                           weight_part(graph, node.operands[1].id, equation.cell, node.shape)};
        if (node.operands.size() > 2) {
            equation.bias = weight_part(graph, node.operands[2].id, equation.cell, node.shape);
        }
        return;
    }
    if (node.op == Op::kDotWeight) {
        equation.inputs = {weight_part(graph, node.operands[1].id, equation.cell, node.shape),
                           operand(0)};
        if (node.operands.size() > 2) {
            // One number for all words.
            equation.bias = weight_part(graph, node.operands[2].id, equation.cell, node.shape);
            equation.bias->fixed.assign(equation.bias->fixed.size(), 0);
            equation.bias->columns = equation.output.columns;
        }
        if (node.shape.rank() > 1) {
            equation.output.only_row = equation.cell[equation.cell.size() - 2];
        }
    } else {
        equation.inputs = {operand(0), operand(1)};
        equation.inputs[1].rows.role = AxisRole::kKey;
    }
    if (node.op != Op::kMatmul) transpose(equation.inputs[1]);
}

std::string mask_arrow(MaskRule rule) {
    switch (rule) {
        case MaskRule::kNone:
            return "nothing hidden";
        case MaskRule::kCausal:
            return "hide the future";
        case MaskRule::kWindow:
        case MaskRule::kBand:
            return "hide what is far";
    }
    return "";
}

std::string arrow_of(const Node& node) {
    switch (node.op) {
        case Op::kScale:
            return "\u00b7 " + node.attributes.scale_text;
        case Op::kMask:
            return mask_arrow(node.attributes.mask);
        case Op::kSoftmax:
            return "softmax";
        case Op::kNormaliseSum:
            return "\u00f7 sum of the row";
        case Op::kActivation:
            return activation_name(node.attributes.activation);
        case Op::kLayerNorm:
            return "norm";
        case Op::kGather:
            return "look up";
        case Op::kMergeHeads:
            return "side by side";
        case Op::kSplitHeads:
            return "cut into heads";
        case Op::kTakeRow:
            return "row " + std::to_string(node.attributes.offset);
        default:
            return "=";
    }
}

void fill_chain(const Trace& trace, const Selection& selection, const Node& node,
                StageEquation& equation) {
    equation.arrow = arrow_of(node);
    equation.sign = "+";
    if (node.op == Op::kRecorded || node.op == Op::kSinusoid || node.op == Op::kTableRows) {
        if (node.op != Op::kRecorded) {
            equation.inputs = {
                numbers_part(trace, PartSource::kPositions, -1, equation.output.rows)};
            equation.arrow = node.op == Op::kSinusoid ? "sin, cos" : "look up";
        }
        return;
    }
    if (node.op == Op::kGather) {
        equation.inputs = {
            numbers_part(trace, PartSource::kIds, node.operands[1].id, equation.output.rows)};
        return;
    }
    for (const Operand& operand : node.operands) {
        if (operand.kind != OperandKind::kNode) continue;
        equation.inputs.push_back(node_part(trace, selection, operand.id));
    }
    if (node.op == Op::kMergeHeads) {
        StagePart& head = equation.inputs[0];
        head.column_offset =
            std::min(selection.head, trace.graph().node(head.number).shape.extent(0) - 1) *
            head.columns.extent;
    }
    if (node.op == Op::kSplitHeads) {
        equation.inputs[0].column_offset = -equation.cell[0] * equation.output.columns.extent;
    }
    if (node.op == Op::kPairSum) {
        equation.inputs[0].only_row = equation.cell[1];
        equation.inputs[1].rows.role = AxisRole::kKey;
    }
}

// Parts of one name (x + x) are told apart by their place.
void number_ids(StageEquation& equation) {
    for (std::size_t i = 0; i < equation.inputs.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (equation.inputs[j].id == equation.inputs[i].id) {
                equation.inputs[i].id += "." + std::to_string(i);
            }
        }
    }
}

}  // namespace

StageEquation make_equation(const Trace& trace, const Selection& selection, NodeId id) {
    const Node& node = trace.graph().node(id);
    StageEquation equation;
    equation.node = id;
    equation.cell = place_matrix(trace, selection, id).cell;
    equation.output = node_part(trace, selection, id);
    equation.output.id = "";
    const bool is_product = node.op == Op::kLinear || node.op == Op::kMatmulNt ||
                            node.op == Op::kMatmul || node.op == Op::kDotWeight;
    (is_product ? fill_product : fill_chain)(trace, selection, node, equation);
    number_ids(equation);
    return equation;
}

StageEquation keep_word(StageEquation equation, int query, int words) {
    const auto row_of = [query, words](const StagePart& part) {
        return query + part.rows.extent - words;
    };
    const auto is_of_words = [](const StagePart& part) {
        return part.rows.role == AxisRole::kQuery && !part.rows.tokens.empty() && !part.only_row;
    };
    // What has no row for the word is not what its row is made of.
    std::vector<StagePart>& inputs = equation.inputs;
    if (!equation.is_product) {
        inputs.erase(std::remove_if(inputs.begin(), inputs.end(),
                                    [&](const StagePart& part) {
                                        return is_of_words(part) && row_of(part) < 0;
                                    }),
                     inputs.end());
    }
    const auto keep = [&](StagePart& part) {
        if (!is_of_words(part)) return;
        part.only_row = std::clamp(row_of(part), 0, std::max(0, part.rows.extent - 1));
    };
    for (std::size_t i = 0; i < inputs.size() && (i == 0 || !equation.is_product); ++i) {
        keep(inputs[i]);
    }
    keep(equation.output);
    return equation;
}

float PartValues::at(int row, int column) const {
    const int r = part_->only_row.value_or(row);
    switch (part_->source) {
        case PartSource::kNode:
            return part_->is_transposed ? values_->at(column, r) : values_->at(r, column);
        case PartSource::kWeight:
            return weights_[r * row_stride_ + column * column_stride_];
        case PartSource::kIds:
            return static_cast<float>(ids_[static_cast<std::size_t>(r)]);
        case PartSource::kPositions:
            return static_cast<float>(r);
    }
    return 0;
}

PartValues read_part(const Trace& trace, const StagePart& part, std::uint64_t trace_number,
                     int first_row, int end_row, MatrixCache& cache) {
    PartValues read;
    read.part_ = &part;
    if (part.source == PartSource::kNode) {
        int first = part.is_transposed ? 0 : first_row;
        int end = part.is_transposed ? part.columns.extent : end_row;
        if (part.only_row) {
            first = *part.only_row;
            end = first + 1;
        }
        read.values_ = cache.get(trace, {trace_number, part.number, part.outer}, first, end);
        read.is_ready_ = read.values_ != nullptr;
    } else if (part.source == PartSource::kWeight) {
        const WeightView& view = trace.graph().weight(part.number);
        const WeightStore* store = trace.weights();
        if (store == nullptr || !store->has_values(view.tensor)) return read;
        std::ptrdiff_t offset = view.offset;
        std::vector<std::ptrdiff_t> free;
        for (std::size_t i = 0; i < part.fixed.size(); ++i) {
            if (part.fixed[i] >= 0) {
                offset += view.step(static_cast<int>(i), part.fixed[i]);
            } else {
                free.push_back(view.strides[i]);
            }
        }
        read.weights_ = store->values(view.tensor).data() + offset;
        read.column_stride_ = free.empty() ? 0 : free.back();
        read.row_stride_ = free.size() == 2 ? free.front() : 0;
        read.is_ready_ = true;
    } else if (part.source == PartSource::kIds) {
        read.ids_ = trace.inputs().ids[static_cast<std::size_t>(part.number)];
        read.is_ready_ = !read.ids_.empty();
    } else {
        read.is_ready_ = true;
    }
    return read;
}

std::vector<int> part_cell(const Trace& trace, const StagePart& part, int row, int column) {
    const int r = part.only_row.value_or(row);
    if (part.source == PartSource::kWeight) {
        std::vector<int> index = part.fixed;
        const auto free = std::count(index.begin(), index.end(), -1);
        bool is_row = free == 2;
        for (int& i : index) {
            if (i >= 0) continue;
            i = is_row ? r : column;
            is_row = false;
        }
        return index;
    }
    if (part.source != PartSource::kNode) return {r};
    const Shape& shape = trace.graph().node(part.number).shape;
    std::vector<int> cell(static_cast<std::size_t>(shape.rank()), 0);
    int rest = part.outer;
    for (int i = shape.rank() - 3; i >= 0; --i) {
        cell[static_cast<std::size_t>(i)] = rest % shape.extent(i);
        rest /= shape.extent(i);
    }
    if (!cell.empty()) cell.back() = part.is_transposed ? r : column;
    if (cell.size() >= 2) cell[cell.size() - 2] = part.is_transposed ? column : r;
    return cell;
}

}  // namespace heed::app
