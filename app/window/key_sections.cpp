// What the sheet of keys and docs/keys.md say.
#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "app/ui/fuzzy.h"
#include "app/window/key_sheet.h"
#include "core/base/error.h"
#include "core/format/json.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

void collect_names(const std::vector<MenuPlan>& plans, std::vector<std::string>& names) {
    for (const MenuPlan& plan : plans) {
        if (!plan.action.empty() && plan.action != "-") names.push_back(plan.action);
        if (plan.list == "views") names.emplace_back("view-*");
        collect_names(plan.entries, names);
    }
}

bool is_named(const std::string& name, const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& wanted) {
        return wanted == name || (wanted == "view-*" && name.rfind("view-", 0) == 0);
    });
}

std::string all_chords(const Action& action) {
    std::string text;
    for (const KeyChord& chord : action.chords) {
        text += (text.empty() ? "" : " or ") + to_string(chord);
    }
    return text;
}

// Actions by the menu that names them first; the rest under "Other".
struct ActionGroup {
    std::string title;
    std::vector<const Action*> actions;
};

std::vector<ActionGroup> group_actions(const Actions& actions, const std::vector<MenuPlan>& plans) {
    std::vector<ActionGroup> groups;
    std::set<std::string> done;
    const auto add_group = [&](const std::string& title, const auto& belongs) {
        ActionGroup group{title, {}};
        for (const Action& action : actions.all()) {
            if (done.count(action.name) > 0 || !belongs(action.name)) continue;
            done.insert(action.name);
            group.actions.push_back(&action);
        }
        if (!group.actions.empty()) groups.push_back(std::move(group));
    };
    for (const MenuPlan& plan : plans) {
        std::vector<std::string> names;
        collect_names(plan.entries, names);
        add_group(plan.title, [&](const std::string& name) { return is_named(name, names); });
    }
    add_group("Other", [](const std::string&) { return true; });
    return groups;
}

std::string escaped(std::string text) {
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
        text.insert(at, "\\");
    }
    return text;
}

}  // namespace

std::vector<KeySection> parse_mouse_help(std::string_view json, std::string_view where) {
    const Json root = parse_json(json, where);
    const Json* sections = root.find("sections");
    if (sections == nullptr || !sections->is_array()) {
        throw Error(where, "sections", "a list",
                    sections == nullptr ? "nothing" : sections->describe());
    }
    std::vector<KeySection> result;
    for (const Json& section : sections->array) {
        const JsonReader reader(section, std::string(where));
        KeySection read{reader.get_string("title", std::nullopt), {}};
        const Json* lines = section.find("lines");
        if (lines == nullptr || !lines->is_array()) throw Error(where, "lines", "a list", "none");
        for (const Json& line : lines->array) {
            if (!line.is_array() || line.array.size() != 2 || !line.array[0].is_string() ||
                !line.array[1].is_string()) {
                throw Error(where, "lines", "two texts", line.describe());
            }
            read.lines.push_back({line.array[0].string, line.array[1].string});
        }
        result.push_back(std::move(read));
    }
    return result;
}

std::vector<KeySection> load_mouse_help() {
    const std::filesystem::path path = assets_folder() / "help" / "mouse.json";
    const std::ifstream file(path);
    if (!file) throw Error(path.string(), "", "a file that can be read", "none");
    std::ostringstream text;
    text << file.rdbuf();
    return parse_mouse_help(text.str(), path.string());
}

std::vector<KeySection> list_key_sections(const Actions& actions,
                                          const std::vector<MenuPlan>& plans) {
    std::vector<KeySection> sections;
    for (const ActionGroup& group : group_actions(actions, plans)) {
        KeySection section{group.title, {}};
        for (const Action* action : group.actions) {
            if (action->chords.empty()) continue;
            section.lines.push_back({all_chords(*action), action->title});
        }
        if (!section.lines.empty()) sections.push_back(std::move(section));
    }
    return sections;
}

std::vector<KeySection> filter_sections(const std::vector<KeySection>& sections,
                                        std::string_view query) {
    std::vector<KeySection> found;
    for (const KeySection& section : sections) {
        KeySection kept{section.title, {}};
        for (const KeyLine& line : section.lines) {
            if (score_match(query, line.keys + " " + line.tells, section.title)) {
                kept.lines.push_back(line);
            }
        }
        if (!kept.lines.empty()) found.push_back(std::move(kept));
    }
    return found;
}

std::string write_keys_page(const Actions& actions, const std::vector<MenuPlan>& plans,
                            const std::vector<KeySection>& mouse) {
    std::string page =
        "# Actions and keys\n\nThe same registry is behind the menus, the keys, the palette "
        "(Ctrl+K) and the\nscenario step `do`. This page is made from it: `ctest` fails where it "
        "is not, and\n`HEED_WRITE_DOCS=1 build/tests/app/test_app_window -tc=\"*keys.md*\"` makes "
        "it anew.\n";
    for (const ActionGroup& group : group_actions(actions, plans)) {
        page += "\n## " + group.title + "\n\n| action | keys | does |\n|---|---|---|\n";
        for (const Action* action : group.actions) {
            const std::string arguments =
                action->arguments.empty() ? "" : " " + escaped(action->arguments);
            const std::string& told = action->help.empty() ? action->title : action->help;
            page += "| `" + action->name + arguments + "` | " + all_chords(*action) + " | " +
                    escaped(told) + " |\n";
        }
    }
    page +=
        "\nOptions of the views are set by `set OPTION VALUE`; the palette and the menus list "
        "them.\n\n# Mouse and focus\n";
    for (const KeySection& section : mouse) {
        page += "\n## " + section.title + "\n\n";
        for (const KeyLine& line : section.lines) {
            page += "- " + line.keys + ": " + line.tells + "\n";
        }
    }
    return page;
}

}  // namespace heed::app
