// The actions that open menus, palette and sheet of keys.
#include "app/ui/options.h"
#include "app/window/program.h"
#include "core/base/error.h"

namespace heed::app {

void Program::add_command_actions() {
    load_commands(shell_.commands);
    shell_.commands.examples = shell_.sentence.examples;
    shell_.commands.visit_options = option_visit();
    CommandState& commands = shell_.commands;
    commands.context.providers.emplace_back(
        [](const ContextPlace& place, std::vector<MenuEntry>& entries) {
            if (place.figure.empty()) return;
            for (MenuEntry& entry : list_figure_entries(place.figure, place.has_numbers)) {
                entries.push_back(std::move(entry));
            }
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
                      commands.palette.query.reset(arguments.empty() ? "" : arguments.front());
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
