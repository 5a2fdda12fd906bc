// The actions that open menus, palette and sheet of keys.
#include "app/ui/options.h"
#include "app/window/program.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

MenuEntry make_figure_entry(const char* id, const char* label, const char* action,
                            std::vector<std::string> arguments) {
    MenuEntry entry;
    entry.id = id;
    entry.label = label;
    entry.action = action;
    entry.arguments = std::move(arguments);
    return entry;
}

// Saving begins in the palette, with a name that can be changed.
MenuEntry make_saving_entry(const FigureDesk& desk, const char* id, const char* label,
                            const char* action, FigureFormat format, const std::string& figure) {
    const std::string path =
        (FigureDesk::suggest_folder() / desk.suggest_name(figure, format)).string();
    return make_figure_entry(id, label, "command-palette",
                             {std::string(action) + " \"" + path + "\" " + figure});
}

void add_figure_entries(const FigureDesk& desk, const ContextPlace& place,
                        std::vector<MenuEntry>& entries) {
    if (place.figure.empty()) return;
    const std::string& figure = place.figure;
    entries.push_back(
        make_figure_entry("copy-figure", "Copy the picture", "copy-figure", {figure}));
    MenuEntry saving = make_figure_entry("save", "Save the picture", "", {});
    saving.children = {
        make_saving_entry(desk, "svg", "SVG\u2026", "save-figure", FigureFormat::kSvg, figure),
        make_saving_entry(desk, "png", "PNG\u2026", "save-figure", FigureFormat::kPng, figure),
        make_saving_entry(desk, "pdf", "PDF\u2026", "save-figure", FigureFormat::kPdf, figure)};
    entries.push_back(std::move(saving));
    if (!place.has_numbers) return;
    MenuEntry copying =
        make_figure_entry("copy-numbers", "Copy its numbers", "copy-numbers", {figure});
    copying.begins_group = true;
    entries.push_back(std::move(copying));
    MenuEntry table = make_figure_entry("save-numbers", "Save its numbers", "", {});
    table.children = {
        make_saving_entry(desk, "csv", "CSV\u2026", "save-numbers", FigureFormat::kCsv, figure),
        make_saving_entry(desk, "npy", "NPY\u2026", "save-numbers", FigureFormat::kNpy, figure)};
    entries.push_back(std::move(table));
}

}  // namespace

void Program::add_command_actions() {
    load_commands(shell_.commands);
    shell_.commands.examples = shell_.sentence.examples;
    shell_.commands.visit_options = option_visit();
    CommandState& commands = shell_.commands;
    commands.context.providers.emplace_back(
        [this](const ContextPlace& place, std::vector<MenuEntry>& entries) {
            add_figure_entries(figures_, place, entries);
        });
    actions_.add({"command-palette",
                  "Find an action, head or word\u2026",
                  "[TEXT]",
                  {{true, false, false, 'K'}},
                  {},
                  {},
                  [this, &commands](ActionArguments arguments) {
                      if (arguments.size() > 1) {
                          throw Error("do", "command-palette", "at most one text", "several");
                      }
                      if (arguments.empty() && is_popup_open(controls_, "palette")) {
                          return close_all_popups(controls_);
                      }
                      commands.palette.query = arguments.empty() ? "" : arguments.front();
                      commands.palette.is_wanted = true;
                  }});
    actions_.add({"keys",
                  "Keys and mouse",
                  "",
                  {{false, false, false, kKeyF1}},
                  {},
                  {},
                  [this, &commands](ActionArguments) {
                      if (is_popup_open(controls_, "keys")) return close_all_popups(controls_);
                      commands.keys.is_wanted = true;
                  }});
    actions_.add({"menu",
                  "Open the menus",
                  "",
                  {{false, false, false, kKeyF1 + 9}},
                  {},
                  {},
                  [this, &commands](ActionArguments) {
                      close_all_popups(controls_);
                      commands.menus.is_wanted = true;
                  }});
    actions_.add({"context-menu",
                  "Menu of what is there",
                  "",
                  {{false, true, false, kKeyF1 + 9}},
                  {},
                  {},
                  [&commands](ActionArguments) { commands.context.is_wanted = true; }});
    load_action_help(actions_);
}

}  // namespace heed::app
