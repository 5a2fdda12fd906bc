// What the menus hold, read from assets/help/menus.json, and the sentences of help beside it. An
// entry is the name of an action, "-" for a line, or an object with a title and a list.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/menu.h"
#include "app/ui/options.h"

namespace heed::app {

struct MenuPlan {
    std::string title;   // of a menu or submenu; of an action: empty
    std::string action;  // "-" is a line
    std::string list;    // "models", "examples", "views", "options", "options VIEW", "option NAME"
    std::vector<MenuPlan> entries;
};

// Throws Error.
std::vector<MenuPlan> parse_menus(std::string_view json, std::string_view where);
std::vector<MenuPlan> load_menus();
// Gives every action its sentence of assets/help/actions.json. Throws Error.
void load_action_help(Actions& actions);

// Where lists come from.
struct MenuSources {
    const Actions& actions;
    std::vector<OptionEntry> options;
    // The entries of "models", "examples", "views"; nothing for another name.
    std::function<std::vector<MenuEntry>(std::string_view list)> list;
};

// The menus with their entries. Names of actions that are not there are passed over;
// actions without arguments that no menu names are under Go > More. Menus
// without entries are left out.
struct Menu {
    std::string id;  // "file"
    std::string title;
    std::vector<MenuEntry> entries;
};
std::vector<Menu> build_menus(const std::vector<MenuPlan>& plans, const MenuSources& sources);

// One action as an entry: title, keys, mark, help.
MenuEntry make_entry(const Action& action);
// An option: a flag with its mark, choices as a submenu, others with their value, leading to the
// palette.
MenuEntry make_entry(const OptionEntry& option);
// Options of "attention." and the like, in their order.
std::vector<MenuEntry> make_entries(const std::vector<OptionEntry>& options,
                                    std::string_view group);

}  // namespace heed::app
