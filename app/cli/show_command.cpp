// `heed show NODE`: a node as a table with token labels.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/ops/op_table.h"
#include "core/run/explain.h"

namespace heed::app {
namespace {

constexpr int kShownColumns = 12;
constexpr int kLabelWidth = 12;
constexpr int kCellWidth = 9;

struct Options {
    InputOptions input;
    std::string node;
    int head = -1;
    int layer = -1;
    bool all = false;
    bool json = false;
};

// The node that was meant: a whole name, or with --layer the part after "blocks.L.".
NodeId find_node(const Graph& graph, const Options& options) {
    std::vector<std::string> names = {options.node};
    if (options.layer >= 0) {
        names.insert(names.begin(), fmt::format("blocks.{}.{}", options.layer, options.node));
        names.push_back(fmt::format("blocks.{}.attn.{}", options.layer, options.node));
    }
    for (const std::string& name : names) {
        if (const auto node = graph.find(name)) return *node;
    }
    const std::string nearest = nearest_node_name(graph, names.front());
    throw Error("show", "",
                nearest.empty() ? "a node (see `heed info`)" : "a node such as " + nearest,
                in_quotes(names.front()));
}

// `text` cut or filled to `width` characters, counted as code points.
std::string fit(const std::string& text, int width) {
    std::string out;
    int used = 0;
    for (std::size_t at = 0; at < text.size() && used < width;) {
        const Utf8Char c = decode_utf8(text, at);
        out += text.substr(at, static_cast<std::size_t>(c.length));
        at += static_cast<std::size_t>(c.length);
        ++used;
    }
    return out + std::string(static_cast<std::size_t>(width - used), ' ');
}

// The same count of decimals in the whole table, so that the eye can compare.
std::string format_table_value(float value) {
    if (!std::isfinite(value) || std::abs(value) >= 1000.0F) {
        return format_value(static_cast<double>(value));
    }
    return fmt::format("{:.4f}", static_cast<double>(value));
}

// What a position of an axis is called: a token of its sequence, a word, a label, else a number.
std::string axis_label(const Trace& trace, const Axis& axis, int position) {
    const auto tokens = trace.labels(axis.sequence);
    const auto at = static_cast<std::size_t>(position);
    if (at < tokens.size()) return one_line(tokens[at].text);
    const AxisNames* names = trace.inputs().names.get();
    std::string name = names == nullptr ? "" : names->name(axis, position);
    return name.empty() ? axis_letter(axis) + std::to_string(position) : name;
}

std::vector<std::string> axis_labels(const Trace& trace, const Axis& axis, int count) {
    std::vector<std::string> labels;
    for (int i = 0; i < count; ++i) labels.push_back(axis_label(trace, axis, i));
    return labels;
}

void print_matrix(const Trace& trace, NodeId id, int outer, bool all) {
    const Shape& shape = trace.graph().node(id).shape;
    const MatrixExtents extents = matrix_extents(shape);
    const std::vector<std::string> rows = shape.rank() > 1
                                              ? axis_labels(trace, shape.axis(-2), extents.rows)
                                              : std::vector<std::string>{""};
    const bool is_square = shape.rank() > 1 && shape.axis(-1).sequence >= 0;
    const int shown = all || is_square ? extents.cols : std::min(extents.cols, kShownColumns);
    const std::vector<std::string> columns = axis_labels(trace, shape.axis(-1), shown);
    std::string line(kLabelWidth, ' ');
    for (int c = 0; c < shown; ++c) {
        line += " " + fit(columns[static_cast<std::size_t>(c)], kCellWidth - 1);
    }
    fmt::print("{}\n", line);
    const Tile tile = trace.wait(id, {outer, outer + 1, 0, extents.rows, 0, extents.cols});
    for (int r = 0; r < extents.rows; ++r) {
        line = fit(rows[static_cast<std::size_t>(r)], kLabelWidth);
        for (int c = 0; c < shown; ++c) {
            line +=
                fmt::format(" {:>{}}", format_table_value(tile.row(outer, r)[c]), kCellWidth - 1);
        }
        fmt::print("{}\n", line);
    }
    if (shown < extents.cols) {
        fmt::print("({} of {} columns; --all prints the rest)\n", shown, extents.cols);
    }
}

void print_node(const Trace& trace, NodeId id, const Options& options) {
    const Node& node = trace.graph().node(id);
    fmt::print("{} {}\n{}\n", node.name, to_string(node.shape), formula_text(trace.graph(), node));
    const MatrixExtents extents = matrix_extents(node.shape);
    for (int outer = 0; outer < extents.outer; ++outer) {
        if (options.head >= 0 && node.shape.rank() > 2 &&
            outer / (extents.outer / node.shape.extent(0)) != options.head) {
            continue;
        }
        if (node.shape.rank() > 2) {
            const std::vector<int> index =
                unflatten(node.shape.extents(), static_cast<std::size_t>(outer) *
                                                    static_cast<std::size_t>(extents.rows) *
                                                    static_cast<std::size_t>(extents.cols));
            fmt::print("\nhead {}", index[0]);
            if (node.shape.rank() > 3) fmt::print(", query {}", index[1]);
            fmt::print("\n");
        }
        print_matrix(trace, id, outer, options.all);
    }
}

// Nested arrays of the values under `prefix`.
nlohmann::ordered_json nested_values(const Tensor& tensor, std::size_t axis, std::size_t& at) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (int i = 0; i < tensor.extents()[axis]; ++i) {
        if (axis + 1 == tensor.extents().size()) {
            list.push_back(json_number(static_cast<double>(tensor.data()[at++])));
        } else {
            list.push_back(nested_values(tensor, axis + 1, at));
        }
    }
    return list;
}

void print_node_json(const Trace& trace, NodeId id, const Options& options) {
    const Node& node = trace.graph().node(id);
    nlohmann::ordered_json axes = nlohmann::ordered_json::array();
    nlohmann::ordered_json labels = nlohmann::ordered_json::array();
    for (const Axis& axis : node.shape.axes()) {
        axes.push_back(axis.name);
        labels.push_back(axis.sequence >= 0
                             ? nlohmann::ordered_json(axis_labels(trace, axis, axis.extent))
                             : nlohmann::ordered_json(nullptr));
    }
    std::size_t at = 0;
    nlohmann::ordered_json values = nested_values(trace.tensor(id), 0, at);
    nlohmann::ordered_json json = {{"node", node.name},
                                   {"shape", node.shape.extents()},
                                   {"axes", axes},
                                   {"labels", labels},
                                   {"formula", formula_text(trace.graph(), node)}};
    if (options.head >= 0 && node.shape.rank() > 2) {
        json["head"] = options.head;
        values = nlohmann::ordered_json(values[static_cast<std::size_t>(options.head)]);
    }
    json["values"] = std::move(values);
    print_json(json);
}

void run_show(const Options& options) {
    const ModelRun run = run_named_model(options.input);
    const NodeId id = find_node(run.trace->graph(), options);
    const Shape& shape = run.trace->graph().node(id).shape;
    if (options.head >= 0 && (shape.rank() < 3 || options.head >= shape.extent(0))) {
        throw Error("show", "--head",
                    shape.rank() < 3 ? "a node with heads"
                                     : fmt::format("a head from 0 to {}", shape.extent(0) - 1),
                    std::to_string(options.head));
    }
    if (options.json) {
        print_node_json(*run.trace, id, options);
    } else {
        print_node(*run.trace, id, options);
    }
}

}  // namespace

void add_show_command(CLI::App& app, int& /*status*/) {
    CLI::App* command = app.add_subcommand("show", "A node as a table with token labels");
    auto options = std::make_shared<Options>();
    command
        ->add_option("NODE", options->node, "blocks.3.attn.pattern, or attn.pattern with --layer")
        ->required();
    add_input_options(*command, options->input);
    command->add_option("--head", options->head, "Only this head")->check(CLI::NonNegativeNumber);
    command->add_option("--layer", options->layer, "NODE is inside this block")
        ->check(CLI::NonNegativeNumber);
    command->add_flag("--all", options->all, "All columns of wide nodes");
    add_json_option(*command, options->json);
    command->footer(
        "Example:\n  heed show attn.pattern --layer 0 --head 2 -m words --text \"a very cute "
        "dog\"\n");
    command->callback([options] { run_show(*options); });
}

}  // namespace heed::app
