// What the subcommands share: options for a model and its input, running it, and how to print.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/graph/explanation.h"
#include "core/model/model.h"
#include "core/run/backend.h"

namespace heed::app {

// Exit statuses (INTERFACES.md).
constexpr int kExitDone = 0;
constexpr int kExitBadInput = 1;
constexpr int kExitUsage = 2;
constexpr int kExitNoGl = 3;
constexpr int kExitBug = 70;

// Asked for in a way that cannot be: printed with a hint at --help, exit status 2.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// A thing that needs OpenGL where there is none, or none yet: exit status 3.
class GlUnavailable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// INPUT of the command line.
struct InputOptions {
    std::string model;
    std::string text;
    std::string pair;
    bool has_text = false;
    bool has_pair = false;
    bool no_special = false;
    std::string ids;
    std::string type_ids;
    std::string input_file;
    std::string input_name;
    std::string image;
    std::string target;
    bool has_target = false;
    std::string target_ids;
    std::string memory;
    bool has_memory = false;
    std::string backend;  // "auto", "cpu", "gl"; empty: $HEED_BACKEND, else cpu
    int threads = 0;
};

// Adds -m/--model (required) and, with `with_input`, the options of INPUT and of the backend.
void add_model_option(CLI::App& command, InputOptions& options);
void add_input_options(CLI::App& command, InputOptions& options);
void add_json_option(CLI::App& command, bool& json);

// Opens the model that was named.
std::shared_ptr<const Model> open_named_model(const std::string& name);

// Reads the options of INPUT for `model`. Throws Error, UsageError.
ModelInput read_input(const InputOptions& options, const Model& model);

// Makes the backend that was asked for. Throws GlUnavailable where there is no graphics card to
// compute with, UsageError for an unknown name.
std::unique_ptr<Backend> make_backend(const InputOptions& options);

// A model run on its input, with its notes printed as warnings.
struct ModelRun {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Trace> trace;
};
ModelRun run_named_model(const InputOptions& options);

// One JSON document and a line break on stdout.
void print_json(const nlohmann::ordered_json& json);
// A finite number, or the string "-inf", "inf", "nan".
nlohmann::ordered_json json_number(double value);
void print_warning(const std::string& text);

// Subcommands: each adds itself to `app`; `status` is what the process is to return.
void add_models_command(CLI::App& app, int& status);
void add_info_command(CLI::App& app, int& status);
void add_tokens_command(CLI::App& app, int& status);
void add_trace_command(CLI::App& app, int& status);
void add_show_command(CLI::App& app, int& status);
void add_explain_command(CLI::App& app, int& status);
void add_figure_command(CLI::App& app, int& status);
void add_atlas_command(CLI::App& app, int& status);
void add_bench_command(CLI::App& app, int& status);
void add_snapshot_command(CLI::App& app, int& status);
void add_completion_command(CLI::App& app, int& status);

}  // namespace heed::app
