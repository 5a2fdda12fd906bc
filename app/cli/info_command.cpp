// `heed info MODEL`: what a model is, and its graph.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "core/ops/op_table.h"

namespace heed::app {
namespace {

bool is_position(const Axis& axis) {
    return axis.name == "T" || axis.name == "S";
}

// "[H=6, T, K=32]": positions by name, for their number comes with the input.
std::string shape_text(const Shape& shape, bool with_positions) {
    std::string text = "[";
    for (const Axis& axis : shape.axes()) {
        if (text.size() > 1) text += ", ";
        text += axis.name;
        if (with_positions || !is_position(axis)) text += fmt::format("={}", axis.extent);
    }
    return text + "]";
}

nlohmann::ordered_json node_json(const Graph& graph, const Node& node, bool with_positions) {
    nlohmann::ordered_json axes = nlohmann::ordered_json::array();
    nlohmann::ordered_json shape = nlohmann::ordered_json::array();
    for (const Axis& axis : node.shape.axes()) {
        axes.push_back(axis.name);
        if (is_position(axis) && !with_positions) {
            shape.push_back(axis.name);
        } else {
            shape.push_back(axis.extent);
        }
    }
    nlohmann::ordered_json json = {{"name", node.name},
                                   {"axes", axes},
                                   {"shape", shape},
                                   {"op", op_row(node.op).name},
                                   {"formula", formula_text(graph, node)},
                                   {"stage", stage_name(node.stage)}};
    if (node.layer >= 0) json["layer"] = node.layer;
    return json;
}

void print_summary(const ModelSummary& summary) {
    const auto line = [](const char* name, const std::string& value) {
        if (!value.empty()) fmt::print("{:<12} {}\n", name, value);
    };
    line("model", summary.name);
    line("family", summary.family);
    line("architecture", summary.architecture);
    line("path", summary.path);
    line("layers", summary.takes_target ? fmt::format("{} in the encoder, {} in the decoder",
                                                      summary.layers, summary.decoder_layers)
                                        : std::to_string(summary.layers));
    line("heads",
         summary.heads == summary.key_heads
             ? std::to_string(summary.heads)
             : fmt::format("{}, {} for keys and values", summary.heads, summary.key_heads));
    line("d_model", std::to_string(summary.d_model));
    line("d_head", std::to_string(summary.d_head));
    if (summary.d_mlp > 0) line("d_mlp", std::to_string(summary.d_mlp));
    const auto both = [&](int source, int target) {
        const std::string text = std::to_string(source);
        if (!summary.takes_target || target == source) return text;
        return text + ", " + std::to_string(target) + " in the decoder";
    };
    if (summary.vocabulary > 0) {
        line("vocabulary", both(summary.vocabulary, summary.target_vocabulary));
    }
    if (summary.channels > 0) {
        line("picture", fmt::format("{} channels, {} x {} pixels", summary.channels,
                                    summary.image_height, summary.image_width));
    }
    if (summary.positions > 0) {
        line("positions", both(summary.positions, summary.target_positions));
    }
    line("parameters", std::to_string(summary.parameters));
    line("weights", summary.weight_type);
    line("tokenizer", summary.tokenizer);
    line("note", summary.note);
}

nlohmann::ordered_json summary_json(const ModelSummary& summary) {
    nlohmann::ordered_json json = {{"model", summary.name},
                                   {"family", summary.family},
                                   {"architecture", summary.architecture},
                                   {"path", summary.path},
                                   {"layers", summary.layers},
                                   {"decoder_layers", summary.decoder_layers},
                                   {"heads", summary.heads},
                                   {"key_heads", summary.key_heads},
                                   {"d_model", summary.d_model},
                                   {"d_head", summary.d_head},
                                   {"d_mlp", summary.d_mlp},
                                   {"vocabulary", summary.vocabulary},
                                   {"positions", summary.positions},
                                   {"parameters", summary.parameters},
                                   {"has_weights", summary.has_weights},
                                   {"weights", summary.weight_type},
                                   {"tokenizer", summary.tokenizer},
                                   {"note", summary.note}};
    if (summary.channels > 0) {
        json["picture"] = {summary.channels, summary.image_height, summary.image_width};
    }
    return json;
}

struct Options {
    std::string model;
    int tokens = 0;
    bool json = false;
};

void print_info(const Options& options) {
    const std::shared_ptr<const Model> model = open_named_model(options.model);
    const ModelSummary& summary = model->summary();
    const bool with_positions = options.tokens > 0 || !summary.needs_input || !summary.takes_text;
    int length = options.tokens > 0 ? options.tokens : 8;
    if (summary.positions > 0) length = std::min(length, summary.positions);
    const std::shared_ptr<const Graph> graph = model->graph(length);
    if (options.json) {
        nlohmann::ordered_json json = summary_json(summary);
        nlohmann::ordered_json nodes = nlohmann::ordered_json::array();
        for (const Node& node : graph->nodes()) {
            nodes.push_back(node_json(*graph, node, with_positions));
        }
        json["nodes"] = std::move(nodes);
        print_json(json);
        return;
    }
    print_summary(summary);
    fmt::print("\n{} nodes\n", graph->size());
    for (const Node& node : graph->nodes()) {
        fmt::print("{:<28} {:<24} {}\n", node.name, shape_text(node.shape, with_positions),
                   formula_text(*graph, node));
    }
}

}  // namespace

void add_info_command(CLI::App& app, int& /*status*/) {
    CLI::App* command =
        app.add_subcommand("info", "Sizes, tokenizer, and every node with shape and formula");
    auto options = std::make_shared<Options>();
    command
        ->add_option("MODEL,-m,--model", options->model,
                     "Folder, worksheet, or a name from `heed models`")
        ->required();
    command->add_option("--tokens", options->tokens, "Show the shapes for this many tokens")
        ->check(CLI::Range(1, 1 << 20));
    add_json_option(*command, options->json);
    command->footer("Example:\n  heed info stories\n");
    command->callback([options] { print_info(*options); });
}

}  // namespace heed::app
