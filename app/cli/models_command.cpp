// `heed models`: what can be opened.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"

namespace heed::app {
namespace {

std::string describe_size(const FoundModel& model) {
    if (model.parameters >= 1000000) {
        return fmt::format("{:.1f} M parameters", static_cast<double>(model.parameters) / 1e6);
    }
    return fmt::format("{} parameters", model.parameters);
}

void print_models(const std::vector<FoundModel>& models) {
    std::size_t name_width = 4;
    for (const FoundModel& model : models) name_width = std::max(name_width, model.name.size());
    std::string origin;
    for (const FoundModel& model : models) {
        if (model.origin != origin) fmt::print("{}{}:\n", origin.empty() ? "" : "\n", model.origin);
        origin = model.origin;
        const std::string what = model.problem.empty()
                                     ? fmt::format("{:<10} {}", model.family, describe_size(model))
                                     : "cannot be opened: " + model.problem;
        fmt::print("  {:<{}}  {}\n", model.name, name_width, what);
    }
    if (models.empty())
        fmt::print("no models found; put a folder into ~/.local/share/heed/models\n");
}

nlohmann::ordered_json describe_json(const FoundModel& model) {
    nlohmann::ordered_json json = {
        {"name", model.name},     {"path", model.path.string()},    {"origin", model.origin},
        {"family", model.family}, {"parameters", model.parameters}, {"bytes", model.bytes}};
    if (!model.problem.empty()) json["problem"] = model.problem;
    return json;
}

}  // namespace

void add_models_command(CLI::App& app, int& /*status*/) {
    struct Options {
        bool json = false;
        bool names = false;
    };
    CLI::App* command = app.add_subcommand("models", "List the models that can be opened");
    auto options = std::make_shared<Options>();
    add_json_option(*command, options->json);
    command->add_flag("--names", options->names, "Only the names, one a line");
    command->footer("Example:\n  heed models\n");
    command->callback([options] {
        const std::vector<FoundModel> models = find_models();
        if (options->json) {
            nlohmann::ordered_json list = nlohmann::ordered_json::array();
            for (const FoundModel& model : models) list.push_back(describe_json(model));
            print_json({{"models", list}});
        } else if (options->names) {
            for (const FoundModel& model : models) {
                if (model.problem.empty()) fmt::print("{}\n", model.name);
            }
        } else {
            print_models(models);
        }
    });
}

}  // namespace heed::app
