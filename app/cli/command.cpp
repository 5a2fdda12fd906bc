#include "app/cli/command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/gl/chosen_backend.h"
#include "app/gl/compute_backend.h"
#include "core/base/error.h"
#include "core/format/safetensors.h"
#include "core/model/model_picture.h"

namespace heed::app {
namespace {

// "1,2,3" -> {1, 2, 3}
std::vector<int> parse_ids(const std::string& text, const char* option) {
    std::vector<int> ids;
    const char* at = text.data();
    const char* end = at + text.size();
    while (true) {
        while (at != end && *at == ' ') ++at;
        int id = 0;
        const auto [next, error] = std::from_chars(at, end, id);
        if (error != std::errc()) {
            throw Error(option, "", "whole numbers such as 1,2,3", in_quotes(text));
        }
        ids.push_back(id);
        at = next;
        while (at != end && *at == ' ') ++at;
        if (at == end) return ids;
        if (*at != ',') throw Error(option, "", "whole numbers such as 1,2,3", in_quotes(text));
        ++at;
    }
}

std::vector<int> read_id_tensor(const SafetensorsFile& file, const std::string& key) {
    const SafetensorsEntry* entry = file.find(key);
    if (entry == nullptr) return {};
    if (entry->extents.size() != 1) {
        throw Error(file.path(), key, "one axis [T]", to_string(entry->extents));
    }
    std::vector<int> ids;
    for (const std::int64_t id : read_integers(*entry)) {
        if (id < INT32_MIN || id > INT32_MAX) {
            throw Error(file.path(), key, "an id", std::to_string(id));
        }
        ids.push_back(static_cast<int>(id));
    }
    return ids;
}

ModelInput read_input_file(const InputOptions& options) {
    const SafetensorsFile file(options.input_file);
    const std::string prefix = options.input_name.empty() ? "" : options.input_name + "/";
    ModelInput input;
    input.ids = read_id_tensor(file, prefix + "input_ids");
    input.type_ids = read_id_tensor(file, prefix + "token_type_ids");
    input.target_ids = read_id_tensor(file, prefix + "decoder_input_ids");
    input.memory_ids = read_id_tensor(file, prefix + "memory_ids");
    if (const SafetensorsEntry* pixels = file.find(prefix + "pixel_values")) {
        input.pixels = std::make_shared<const Tensor>(read_tensor(*pixels));
    }
    if (input.ids.empty() && input.pixels == nullptr) {
        throw Error(file.path(), prefix + "input_ids", "a tensor of ids (or pixel_values)",
                    "nothing");
    }
    return input;
}

// A line on stderr that grows with the work, only where a person sees it.
std::function<void(int, int)> make_progress_report() {
    if (isatty(STDERR_FILENO) == 0) return nullptr;
    return [](int done, int total) {
        if (done == total) {
            std::fputs("\r\x1b[K", stderr);
        } else if (done % 8 == 0) {
            fmt::print(stderr, "\r{} of {} nodes", done, total);
        }
        std::fflush(stderr);
    };
}

}  // namespace

void add_model_option(CLI::App& command, InputOptions& options) {
    command
        .add_option("-m,--model", options.model, "Folder, worksheet, or a name from `heed models`")
        ->required()
        ->type_name("MODEL");
}

void add_input_options(CLI::App& command, InputOptions& options) {
    add_model_option(command, options);
    CLI::Option* text = command.add_option("--text", options.text, "The sentence");
    text->each([&options](const std::string&) { options.has_text = true; });
    command.add_option("--pair", options.pair, "A second sentence")
        ->each([&options](const std::string&) { options.has_pair = true; })
        ->needs(text);
    command.add_flag("--no-special", options.no_special,
                     "Without the tokens that the model adds around a sentence");
    CLI::Option* ids = command.add_option("--ids", options.ids, "Token ids: 1,2,3");
    ids->excludes(text);
    command.add_option("--type-ids", options.type_ids, "Type ids beside --ids: 0,0,1")->needs(ids);
    CLI::Option* file = command.add_option("--input", options.input_file,
                                           "Safetensors file with input_ids (and others)");
    file->excludes(text)->excludes(ids)->type_name("FILE");
    command.add_option("--input-name", options.input_name, "Prefix of the keys in --input: NAME/")
        ->needs(file);
    command.add_option("--image", options.image, "A PNG or JPEG picture, for models that take one")
        ->excludes(text)
        ->excludes(ids)
        ->excludes(file)
        ->type_name("FILE");
    CLI::Option* target =
        command.add_option("--target", options.target, "The decoder's text, for encoder-decoders");
    target->each([&options](const std::string&) { options.has_target = true; })->excludes(file);
    command.add_option("--target-ids", options.target_ids, "The decoder's ids, all of them")
        ->excludes(target)
        ->excludes(file);
    command.add_option("--memory", options.memory, "The segment before, for models that keep one")
        ->each([&options](const std::string&) { options.has_memory = true; })
        ->excludes(file);
    command.add_option("--backend", options.backend, "auto, cpu or gl ($HEED_BACKEND, else cpu)");
    command.add_option("--threads", options.threads, "Threads to compute with (0: one a core)")
        ->check(CLI::Range(0, 256));
}

void add_json_option(CLI::App& command, bool& json) {
    command.add_flag("--json", json, "One JSON document on stdout and nothing else");
}

std::shared_ptr<const Model> open_named_model(const std::string& name) {
    return open_model(resolve_model(name));
}

ModelInput read_input(const InputOptions& options, const Model& model) {
    ModelInput input;
    if (!options.input_file.empty()) {
        input = read_input_file(options);
        show_pixels(model, input);
        return input;
    }
    if (!options.image.empty()) {
        add_picture(model, load_image(options.image), options.image, input);
        return input;
    }
    input.add_special = !options.no_special;
    if (!options.target_ids.empty())
        input.target_ids = parse_ids(options.target_ids, "--target-ids");
    if (options.has_target) input.target = options.target;
    if (options.has_memory) input.memory = options.memory;
    if (!options.ids.empty()) {
        input.ids = parse_ids(options.ids, "--ids");
        if (!options.type_ids.empty()) input.type_ids = parse_ids(options.type_ids, "--type-ids");
        return input;
    }
    if (!options.has_text && model.summary().needs_input) {
        const ModelSummary& summary = model.summary();
        throw UsageError(!summary.takes_text   ? "an input is missing: --image or --input"
                         : summary.takes_image ? "an input is missing: --text, --ids, --image or "
                                                 "--input"
                                               : "an input is missing: --text, --ids or --input");
    }
    if (options.has_text) input.text = options.text;
    if (options.has_pair) input.pair = options.pair;
    return input;
}

std::unique_ptr<Backend> make_backend(const InputOptions& options) {
    auto choice = find_choice(options.backend);
    if (options.backend.empty()) choice = choice_from_environment().value_or(BackendChoice::kCpu);
    if (!choice) {
        throw UsageError("--backend: expected auto, cpu or gl, found " +
                         in_quotes(options.backend));
    }
    if (choice == BackendChoice::kCpu) return make_cpu_backend(options.threads);
    DeviceOptions device;
    device.cache = device_cache_folder();
    if (choice == BackendChoice::kAuto) {
        return std::make_unique<ChosenBackend>(*choice, std::move(device), options.threads);
    }
    auto backend = std::make_unique<SafeBackend>(std::move(device), options.threads);
    try {
        backend->open();
    } catch (const Error& error) {
        throw GlUnavailable(std::string("--backend gl: ") + error.what());
    }
    return backend;
}

ModelRun run_named_model(const InputOptions& options) {
    const std::unique_ptr<Backend> backend = make_backend(options);
    ModelRun run;
    run.model = open_named_model(options.model);
    const PreparedInput prepared = run.model->prepare(read_input(options, *run.model));
    for (const std::string& note : prepared.notes) print_warning(note);
    RunOptions run_options;
    run_options.progress.report = make_progress_report();
    const std::unique_ptr<Plan> plan = backend->prepare(prepared.graph, run.model->weights());
    run.trace = plan->run(prepared.inputs, run_options);
    if (const std::string& note = run.trace->facts().note; !note.empty()) {
        print_warning("computed by the CPU: " + note);
    }
    return run;
}

void print_json(const nlohmann::ordered_json& json) {
    std::cout << json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
              << '\n';
}

nlohmann::ordered_json json_number(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    return value;
}

void print_warning(const std::string& text) {
    fmt::print(stderr, "heed: warning: {}\n", one_line(text, 400));
}

}  // namespace heed::app
