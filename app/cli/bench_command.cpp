// `heed bench`: how long a pass takes, beside what this machine could do at best.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/gl/pass_count.h"
#include "app/gl/pass_recorder.h"
#include "app/window/run.h"
#include "core/base/error.h"
#include "core/ops/op_table.h"
#include "core/run/bench.h"

namespace heed::app {
namespace {

struct Options {
    InputOptions input;
    BenchOptions bench;
    int tokens = 64;
    bool frames = false;
    bool per_node = false;
    bool counts = false;
    bool json = false;
};

void run_frames(const Options& options) {
    FrameBenchOptions bench;
    bench.model = options.input.model;
    if (options.tokens > 2) bench.tokens = options.tokens - 2;
    const FrameBenchResult result = run_frame_bench(bench);
    if (options.json) {
        nlohmann::json views = nlohmann::json::array();
        for (const FrameTime& view : result.views) {
            views.push_back(
                {{"view", view.view}, {"build_ms", view.build_ms}, {"whole_ms", view.whole_ms}});
        }
        print_json({{"tokens", result.tokens}, {"views", views}});
        return;
    }
    fmt::print("1600x1000, {} tokens: medians in ms\n{:<12}{:>10}{:>10}\n", result.tokens, "view",
               "building", "in all");
    for (const FrameTime& view : result.views) {
        fmt::print("{:<12}{:>10.2f}{:>10.1f}\n", view.view, view.build_ms, view.whole_ms);
    }
}

// Milliseconds by op of the measured pass, the slowest first.
std::vector<std::pair<std::string, double>> times_by_op(const Graph& graph, const RunFacts& facts) {
    std::map<std::string, double> sums;
    for (std::size_t id = 0; id < facts.node_milliseconds.size(); ++id) {
        sums[op_row(graph.node(static_cast<NodeId>(id)).op).name] += facts.node_milliseconds[id];
    }
    std::vector<std::pair<std::string, double>> times(sums.begin(), sums.end());
    std::erase_if(times, [](const auto& time) { return time.second <= 0; });
    std::stable_sort(times.begin(), times.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return times;
}

void print_times(const Graph& graph, const RunFacts& facts) {
    fmt::print("by op, of one pass in ms (ops that are computed together count as the last)\n");
    for (const auto& [op, time] : times_by_op(graph, facts)) {
        fmt::print("  {:<24}{:>10.3f}\n", op, time);
    }
}

nlohmann::ordered_json bench_json(const Options& options, const ModelSummary& summary, int tokens,
                                  const Graph& graph, const BenchResult& result) {
    nlohmann::ordered_json json = {{"model", summary.name},
                                   {"tokens", tokens},
                                   {"backend", result.facts.backend},
                                   {"threads", result.threads},
                                   {"forward_ms", result.forward_ms},
                                   {"gflops", result.gflops},
                                   {"peak_gflops", result.peak_gflops},
                                   {"nodes", result.nodes},
                                   {"bytes", result.bytes}};
    if (options.per_node) {
        for (NodeId id = 0; id < graph.size(); ++id) {
            const auto at = static_cast<std::size_t>(id);
            if (at >= result.facts.node_milliseconds.size()) break;
            json["node_ms"][graph.node(id).name] = result.facts.node_milliseconds[at];
        }
    }
    return json;
}

void print_bench(const Options& options, const ModelSummary& summary, int tokens,
                 const Graph& graph, const BenchResult& result) {
    const bool is_cpu = result.facts.backend == "cpu";
    fmt::print("{}: {} tokens, {}, every node kept\n", summary.name, tokens,
               is_cpu ? fmt::format("{} threads", result.threads) : "on the graphics card");
    fmt::print("forward     {:.2f} ms (median of {})\n", result.forward_ms, options.bench.repeats);
    fmt::print("products    {:.1f} GFLOP/s", result.gflops);
    if (result.peak_gflops > 0) {
        fmt::print(", {:.0f} % of this machine's {:.1f}", 100 * result.gflops / result.peak_gflops,
                   result.peak_gflops);
    }
    fmt::print("\nkept        {} nodes, {:.1f} MB\n", result.nodes,
               static_cast<double>(result.bytes) / 1e6);
    if (options.per_node) print_times(graph, result.facts);
}

// What a pass on a graphics card that binds up to 1 GB at once would do: recorded and counted, not
// run.
void print_count(const Options& options, const Model& model, int tokens) {
    const std::shared_ptr<const Graph> graph = model.graph(tokens);
    RecorderLimits limits;
    limits.binding_words = std::int64_t{1} << 28;
    const auto nodes = static_cast<std::size_t>(graph->size());
    const RecordedPass pass = record_pass({*graph,
                                           *model.weights(),
                                           limits,
                                           std::vector<bool>(nodes, true),
                                           std::vector<bool>(nodes, false),
                                           {},
                                           {}});
    const PassCount count = count_pass(*graph, pass.list);
    if (!options.json) {
        fmt::print("{}", describe_pass(*graph, count));
        return;
    }
    print_json({{"model", model.summary().name},
                {"tokens", tokens},
                {"dispatches", count.all.dispatches},
                {"barriers", count.all.barriers},
                {"most_in_layer", count.most_in_layer()},
                {"flops", count.all.flops},
                {"bytes", count.all.bytes},
                {"intensity", count.all.intensity()}});
}

void run_bench_command(Options& options) {
    if (options.frames) return run_frames(options);
    std::unique_ptr<Backend> backend;
    if (!options.counts) backend = make_backend(options.input);
    if (backend != nullptr && backend->name() != "cpu") options.bench.backend = backend.get();
    options.bench.measures_nodes = options.per_node;
    const std::shared_ptr<const Model> model = open_named_model(options.input.model);
    const ModelSummary& summary = model->summary();
    if (!summary.has_weights) throw Error(summary.path, "", "a model with weights", "none");
    int tokens = options.tokens;
    if (!summary.takes_text) {
        tokens = summary.positions;
    } else if (summary.positions > 0 && tokens > summary.positions) {
        print_warning(
            fmt::format("{} tokens cut to the model's {} positions", tokens, summary.positions));
        tokens = summary.positions;
    }
    if (options.counts) return print_count(options, *model, tokens);
    const std::shared_ptr<const Graph> graph = model->graph(tokens);
    const BenchResult result = run_bench(graph, model->weights(), options.bench);
    if (const std::string& note = result.facts.note; !note.empty()) {
        print_warning("computed by the CPU: " + note);
    }
    if (options.json) {
        print_json(bench_json(options, summary, tokens, *graph, result));
    } else {
        print_bench(options, summary, tokens, *graph, result);
    }
}

}  // namespace

void add_bench_command(CLI::App& app, int& /*status*/) {
    CLI::App* command =
        app.add_subcommand("bench", "Time a pass that keeps every node, beside the machine's peak");
    auto options = std::make_shared<Options>();
    options->input.model = "words";
    options->input.threads = 0;
    command
        ->add_option("-m,--model", options->input.model,
                     "Folder, worksheet, or a name from `heed models`")
        ->capture_default_str()
        ->type_name("MODEL");
    command->add_option("--tokens", options->tokens, "Length of the random input")
        ->capture_default_str()
        ->check(CLI::Range(1, 1 << 20));
    command->add_option("--repeat", options->bench.repeats, "Timed passes")
        ->capture_default_str()
        ->check(CLI::Range(1, 1 << 20));
    command->add_option("--threads", options->bench.threads, "Threads (0: one a core)")
        ->check(CLI::Range(0, 256));
    command->add_option("--backend", options->input.backend,
                        "auto, cpu or gl ($HEED_BACKEND, else cpu)");
    command->add_flag("--frames", options->frames, "Time frames of each view instead");
    command->add_flag(
        "--count", options->counts,
        "Count dispatches, operations and bytes of a pass in compute shaders instead");
    command->add_flag("--per-node", options->per_node, "Time each node of a pass, too");
    add_json_option(*command, options->json);
    command->footer("Example:\n  heed bench -m words --tokens 64 --repeat 20\n");
    command->callback([options] { run_bench_command(*options); });
}

}  // namespace heed::app
