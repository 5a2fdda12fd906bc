#include "core/run/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <optional>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/ops/op_table.h"

namespace heed {
namespace {

// Reads the numbers of a trace.
class TraceReader : public CellReader {
  public:
    explicit TraceReader(const Trace& trace) : trace_(trace) {}
    const Graph& graph() const override { return trace_.graph(); }
    const WeightStore& weights() const override { return *trace_.weights(); }
    float node_value(NodeId node, const std::vector<int>& index) const override {
        if (trace_.held(node) != nullptr) return trace_.value(node, index);
        const RowPlace place = place_of(graph().node(node).shape, index);
        Rows& rows = rows_[node];
        if (!rows.tile || !rows.has(place)) {
            const MatrixExtents extents = matrix_extents(graph().node(node).shape);
            const int end = std::min(extents.rows, place.row + rows.next);
            rows.next *= 2;
            rows.tile =
                trace_.wait(node, {place.outer, place.outer + 1, place.row, end, 0, extents.cols});
        }
        return rows.tile->at(place.outer, place.row, place.col);
    }
    float input_value(int input, const std::vector<int>& index) const override {
        return trace_.input_value(input, index);
    }

  private:
    // What was read last of a node: an explanation asks for cells one by one, in a row or down a
    // column. Each reading takes twice the rows of the one before.
    struct Rows {
        std::optional<Tile> tile;
        int next = 1;

        bool has(const RowPlace& place) const {
            const Box& box = tile->box();
            return box.outer_begin == place.outer && box.row_begin <= place.row &&
                   place.row < box.row_end;
        }
    };

    const Trace& trace_;
    mutable std::map<NodeId, Rows> rows_;
};

bool is_patched(const Trace& trace, NodeId node, const std::vector<int>& index) {
    const auto patch = trace.patches().find(node);
    if (patch == trace.patches().end()) return false;
    return patch->second.count(flat_index(trace.graph().node(node).shape.extents(), index)) > 0;
}

int edit_distance(std::string_view a, std::string_view b) {
    std::vector<int> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i) + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const int cost = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({cost, row[j] + 1, diagonal + 1});
        }
    }
    return row[b.size()];
}

// "1,3,5" -> {1, 3, 5}
std::vector<int> parse_indices(std::string_view text, std::string_view whole) {
    std::vector<int> index;
    while (true) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view part = text.substr(0, comma);
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
        int value = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc() || end != part.data() + part.size()) {
            throw Error("explain", in_quotes(whole), "a cell such as blocks.0.attn.z[1,3,5]",
                        in_quotes(part) + " for an index");
        }
        index.push_back(value);
        if (comma == text.size()) return index;
        text.remove_prefix(comma + 1);
    }
}

void check_index(const std::string& name, const Shape& shape, const std::vector<int>& index) {
    if (index.size() != static_cast<std::size_t>(shape.rank())) {
        throw Error("explain", name, fmt::format("{} indices {}", shape.rank(), to_string(shape)),
                    fmt::format("{}", index.size()));
    }
    for (std::size_t i = 0; i < index.size(); ++i) {
        const Axis& axis = shape.axis(static_cast<int>(i));
        if (index[i] >= 0 && index[i] < axis.extent) continue;
        throw Error("explain", name,
                    fmt::format("an index of axis {} from 0 to {}", axis.name, axis.extent - 1),
                    std::to_string(index[i]));
    }
}

}  // namespace

Explanation explain(const Trace& trace, NodeId node, const std::vector<int>& index) {
    const bool is_recorded = trace.graph().node(node).op == Op::kRecorded;
    if (trace.weights() == nullptr && !is_recorded) {
        throw Error("explain", trace.graph().node(node).name, "a trace with its model at hand",
                    "a trace read from a file");
    }
    if (is_patched(trace, node, index)) {
        Explanation out;
        out.cell = {CellKind::kNode, node, trace.graph().node(node).name, index,
                    trace.value(node, index)};
        out.formula = formula_text(trace.graph(), trace.graph().node(node));
        out.how = How::kInput;
        out.numbers = format_value(static_cast<double>(out.cell.value)) + ", set by hand";
        return out;
    }
    return explain_cell(TraceReader(trace), node, index);
}

Explanation explain_input(const Trace& trace, int input, const std::vector<int>& index) {
    const GraphInput& source = trace.graph().inputs().at(static_cast<std::size_t>(input));
    Explanation out;
    out.cell = {CellKind::kInput, input, source.name, index, trace.input_value(input, index)};
    out.how = How::kInput;
    out.formula = source.name + "[" + axis_letters(trace.graph().input_shape(input)) + "]";
    out.numbers = format_value(static_cast<double>(out.cell.value));
    if (source.takes_numbers()) return out;
    const auto labels = trace.labels(source.sequence);
    const auto position = static_cast<std::size_t>(index.at(0));
    if (position < labels.size() && source.name.ends_with("input_ids")) {
        out.numbers += ", the id of " + in_quotes(labels[position].text);
    }
    return out;
}

Cell parse_cell(const Graph& graph, std::string_view text) {
    const std::size_t open = text.find('[');
    if (open == std::string_view::npos || text.back() != ']') {
        throw Error("explain", "", "a cell such as blocks.0.attn.z[1,3,5]", in_quotes(text));
    }
    const std::string name(text.substr(0, open));
    std::vector<int> index = parse_indices(text.substr(open + 1, text.size() - open - 2), text);
    if (const auto node = graph.find(name)) {
        check_index(name, graph.node(*node).shape, index);
        return {CellKind::kNode, *node, name, std::move(index), 0};
    }
    for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
        const GraphInput& input = graph.inputs()[i];
        if (input.name != name) continue;
        const int number = static_cast<int>(i);
        check_index(name, graph.input_shape(number), index);
        return {CellKind::kInput, number, name, std::move(index), 0};
    }
    const std::string nearest = nearest_node_name(graph, name);
    throw Error("explain", "",
                nearest.empty() ? "a node of the graph" : "a node such as " + nearest,
                in_quotes(name));
}

Cell parse_cell(const Trace& trace, std::string_view text) {
    Cell cell = parse_cell(trace.graph(), text);
    cell.value = cell.kind == CellKind::kNode ? trace.value(cell.id, cell.index)
                                              : trace.input_value(cell.id, cell.index);
    return cell;
}

std::string nearest_node_name(const Graph& graph, std::string_view name) {
    std::string best;
    int smallest = static_cast<int>(name.size()) / 2 + 2;
    for (const Node& node : graph.nodes()) {
        const int distance = edit_distance(node.name, name);
        if (distance >= smallest) continue;
        smallest = distance;
        best = node.name;
    }
    return best;
}

}  // namespace heed
