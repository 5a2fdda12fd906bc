#include "app/cli/command_line.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "app/cli/command.h"
#include "app/cli/version.h"
#include "app/window/run.h"
#include "core/base/error.h"

namespace heed::app {
namespace {

void add_window_options(CLI::App& app, WindowOptions& options) {
    app.add_option("-m,--model", options.model, "Model to open")->type_name("MODEL");
    app.add_option("--text", options.text, "Sentence to begin with");
    app.add_option("--scenario", options.scenario, "Walk through a scenario in the window")
        ->type_name("FILE");
    app.add_option("--backend", options.backend,
                   "Who computes: auto, cpu or gl ($HEED_BACKEND, else auto)");
    app.add_option("FILE", options.files, "Model folder, worksheet or trace file to open");
}

// Bad input and wrong usage end here, in one line each.
int run_parsed(CLI::App& app, int argc, char** argv, int& status, const WindowOptions& window) {
    try {
        app.parse(argc, argv);
        if (app.get_subcommands().empty()) return run_window(window);
        return status;
    } catch (const CLI::CallForVersion&) {
        fmt::print("heed {}\nbackends: cpu, gl\n", kVersion);
        return kExitDone;
    } catch (const CLI::Success& success) {
        app.exit(success);
        return kExitDone;
    } catch (const CLI::ParseError& error) {
        fmt::print(stderr, "heed: {}\nTry heed --help.\n", one_line(error.what(), 400));
        return kExitUsage;
    } catch (const UsageError& error) {
        fmt::print(stderr, "heed: {}\nTry heed --help.\n", one_line(error.what(), 400));
        return kExitUsage;
    } catch (const GlUnavailable& error) {
        fmt::print(stderr, "heed: {}\n", one_line(error.what(), 400));
        return kExitNoGl;
    } catch (const NoOpenGl& error) {
        fmt::print(stderr, "heed: {}\n", one_line(error.what(), 400));
        return kExitNoGl;
    } catch (const Error& error) {
        fmt::print(stderr, "heed: {}\n", one_line(error.what(), 1200));
        return kExitBadInput;
    } catch (const std::filesystem::filesystem_error& error) {
        fmt::print(stderr, "heed: {}\n", one_line(error.what(), 400));
        return kExitBadInput;
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "heed: not enough memory for this model and input\n");
        return kExitBadInput;
    }
}

}  // namespace

int run_command_line(int argc, char** argv) {
    CLI::App app("heed: a microscope for self-attention. Without a subcommand it opens the window.",
                 "heed");
    app.set_version_flag("--version", std::string("heed ") + kVersion);
    app.require_subcommand(0, 1);
    app.footer(
        "Examples:\n"
        "  heed\n"
        "  heed explain 'blocks.0.attn.pattern[2,7,1]' -m words --text \"Bark is very cute\"\n");
    int status = kExitDone;
    WindowOptions window;
    add_window_options(app, window);
    add_models_command(app, status);
    add_info_command(app, status);
    add_tokens_command(app, status);
    add_trace_command(app, status);
    add_show_command(app, status);
    add_explain_command(app, status);
    add_figure_command(app, status);
    add_atlas_command(app, status);
    add_bench_command(app, status);
    add_snapshot_command(app, status);
    add_completion_command(app, status);
    return run_parsed(app, argc, argv, status, window);
}

}  // namespace heed::app
