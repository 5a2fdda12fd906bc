// `heed trace`: runs a model and writes its nodes to a file.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/version.h"
#include "core/run/trace_file.h"

namespace heed::app {
namespace {

struct Options {
    InputOptions input;
    std::vector<std::string> nodes;
    std::string out;
    bool json = false;
};

void run_trace(const Options& options) {
    const ModelRun run = run_named_model(options.input);
    const Graph& graph = run.trace->graph();
    const std::vector<NodeId> nodes = select_nodes(graph, options.nodes);
    save_trace(*run.trace, nodes, options.out, kVersion);
    std::size_t bytes = 0;
    for (const NodeId id : nodes) bytes += graph.node(id).shape.count() * sizeof(float);
    if (!options.json) {
        fmt::print("{}: {} nodes, {:.1f} MB, {} tokens, {:.1f} ms\n", options.out, nodes.size(),
                   static_cast<double>(bytes) / 1e6, graph.sequences().front().length,
                   run.trace->facts().milliseconds);
        return;
    }
    nlohmann::ordered_json names = nlohmann::ordered_json::array();
    for (const NodeId id : nodes) names.push_back(graph.node(id).name);
    print_json({{"file", options.out},
                {"model", run.trace->inputs().model},
                {"tokens", graph.sequences().front().length},
                {"bytes", bytes},
                {"milliseconds", run.trace->facts().milliseconds},
                {"backend", run.trace->facts().backend},
                {"nodes", names}});
}

}  // namespace

void add_trace_command(CLI::App& app, int& /*status*/) {
    CLI::App* command = app.add_subcommand("trace", "Run a model and write its nodes to a file");
    auto options = std::make_shared<Options>();
    add_input_options(*command, options->input);
    command
        ->add_option("--nodes", options->nodes,
                     "Only nodes that match one of these globs; * crosses dots")
        ->delimiter(',')
        ->type_name("GLOB,...");
    command->add_option("-o,--out", options->out, "OUT.safetensors or OUT.npz")
        ->required()
        ->type_name("OUT");
    add_json_option(*command, options->json);
    command->footer(
        "Example:\n  heed trace -m words --text \"Bark is very cute and he is a dog\" "
        "--nodes '*.pattern' -o bark.safetensors\n");
    command->callback([options] { run_trace(*options); });
}

}  // namespace heed::app
