// `heed models`: what can be opened.
#include <fmt/format.h>

#include <functional>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/ui/amounts.h"

namespace heed::app {
namespace {

std::size_t width_of(const std::vector<FoundModel>& models,
                     const std::function<std::string(const FoundModel&)>& text) {
    std::size_t width = 0;
    for (const FoundModel& model : models) width = std::max(width, text(model).size());
    return width;
}

void print_models(const std::vector<FoundModel>& models) {
    const std::size_t name_width = width_of(models, [](const auto& m) { return m.name; });
    const std::size_t family_width = width_of(models, [](const auto& m) { return m.family; });
    std::string origin;
    for (const FoundModel& model : models) {
        if (model.origin != origin) fmt::print("{}{}:\n", origin.empty() ? "" : "\n", model.origin);
        origin = model.origin;
        std::string line = fmt::format(
            "  {:<{}}  {:<{}}  {:>8} parameters  {:>8}", model.name, name_width, model.family,
            family_width, describe_count(model.parameters), describe_bytes(model.bytes));
        if (!model.problem.empty()) line += "  cannot be opened: " + model.problem;
        fmt::print("{}\n", line);
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
