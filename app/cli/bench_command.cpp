// `heed bench`: how long a pass takes, beside what this machine could do at best.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/window/run.h"
#include "core/base/error.h"
#include "core/run/bench.h"

namespace heed::app {
namespace {

struct Options {
    InputOptions input;
    BenchOptions bench;
    int tokens = 64;
    bool frames = false;
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

void run_bench_command(const Options& options) {
    if (options.frames) return run_frames(options);
    make_backend(options.input);  // refuses backends that are not there
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
    const BenchResult result = run_bench(model->graph(tokens), model->weights(), options.bench);
    if (options.json) {
        print_json({{"model", summary.name},
                    {"tokens", tokens},
                    {"threads", result.threads},
                    {"forward_ms", result.forward_ms},
                    {"gflops", result.gflops},
                    {"peak_gflops", result.peak_gflops},
                    {"nodes", result.nodes},
                    {"bytes", result.bytes}});
        return;
    }
    fmt::print("{}: {} tokens, {} threads, every node kept\n", summary.name, tokens,
               result.threads);
    fmt::print("forward     {:.2f} ms (median of {})\n", result.forward_ms, options.bench.repeats);
    fmt::print("products    {:.1f} GFLOP/s, {:.0f} % of this machine's {:.1f}\n", result.gflops,
               100 * result.gflops / result.peak_gflops, result.peak_gflops);
    fmt::print("kept        {} nodes, {:.1f} MB\n", result.nodes,
               static_cast<double>(result.bytes) / 1e6);
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
    command->add_option("--backend", options->input.backend, "cpu or gl")->capture_default_str();
    command->add_flag("--frames", options->frames, "Time frames of each view instead");
    add_json_option(*command, options->json);
    command->footer("Example:\n  heed bench -m words --tokens 64 --repeat 20\n");
    command->callback([options] { run_bench_command(*options); });
}

}  // namespace heed::app
