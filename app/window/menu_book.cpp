#include "app/window/menu_book.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

std::string read_help(const char* name, std::string& where) {
    const std::filesystem::path path = assets_folder() / "help" / name;
    where = path.string();
    const std::ifstream file(path);
    if (!file) throw Error(where, "", "a file that can be read", "none");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

MenuPlan parse_plan(const Json& json, std::string_view where) {
    MenuPlan plan;
    if (json.is_string()) {
        plan.action = json.string;
        return plan;
    }
    if (!json.is_object()) throw Error(where, "menus", "a name or an object", json.describe());
    for (const auto& [key, value] : json.object) {
        if (key == "title" && value.is_string()) {
            plan.title = value.string;
        } else if (key == "list" && value.is_string()) {
            plan.list = value.string;
        } else if (key == "entries" && value.is_array()) {
            for (const Json& entry : value.array) plan.entries.push_back(parse_plan(entry, where));
        } else {
            throw Error(where, key, "title, list or entries", value.describe());
        }
    }
    return plan;
}

std::string to_id(std::string_view title) {
    std::string id;
    for (const char c : title) {
        if (c >= 'A' && c <= 'Z') {
            id += static_cast<char>(c - 'A' + 'a');
        } else {
            id += c == ' ' ? '-' : c;
        }
    }
    return id;
}

std::string capitalised(std::string_view word) {
    std::string text(word);
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    }
    return text;
}

// Groups of the options ("attention", "look"), in their order.
std::vector<std::string> list_groups(const std::vector<OptionEntry>& options) {
    std::vector<std::string> groups;
    for (const OptionEntry& option : options) {
        const std::string group = option.name.substr(0, option.name.find('.'));
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
    }
    return groups;
}

class Builder {
  public:
    explicit Builder(const MenuSources& sources) : sources_(sources) {}

    std::vector<MenuEntry> build(const std::vector<MenuPlan>& plans) {
        std::vector<MenuEntry> entries;
        bool begins_group = false;
        for (const MenuPlan& plan : plans) {
            if (plan.action == "-") {
                begins_group = true;
                continue;
            }
            for (MenuEntry& entry : build_one(plan)) {
                entry.begins_group = std::exchange(begins_group, false) || entry.begins_group;
                entries.push_back(std::move(entry));
            }
        }
        return entries;
    }

    // Actions without arguments that no menu has named.
    std::vector<MenuEntry> build_rest() {
        std::vector<MenuEntry> entries;
        for (const Action& action : sources_.actions.all()) {
            if (!action.arguments.empty() || named_.count(action.name) > 0) continue;
            entries.push_back(make_entry(action));
        }
        return entries;
    }

  private:
    std::vector<MenuEntry> build_one(const MenuPlan& plan) {
        if (!plan.action.empty()) {
            const Action* action = sources_.actions.find(plan.action);
            if (action == nullptr) return {};
            named_.insert(action->name);
            return {make_entry(*action)};
        }
        std::vector<MenuEntry> inside =
            plan.list.empty() ? build(plan.entries) : build_list(plan.list);
        if (plan.title.empty() || inside.empty()) return inside;
        MenuEntry entry;
        entry.id = to_id(plan.title);
        entry.label = plan.title;
        entry.children = std::move(inside);
        return {entry};
    }

    std::vector<MenuEntry> build_list(const std::string& list) {
        if (list == "options") return list_all_options();
        if (list.rfind("options ", 0) == 0) return make_entries(sources_.options, list.substr(8));
        if (list.rfind("option ", 0) == 0) {
            for (const OptionEntry& option : sources_.options) {
                if (option.name == list.substr(7)) return make_entry(option).children;
            }
            return {};
        }
        std::vector<MenuEntry> entries =
            sources_.list ? sources_.list(list) : std::vector<MenuEntry>{};
        for (const MenuEntry& entry : entries) named_.insert(entry.action);
        return entries;
    }

    std::vector<MenuEntry> list_all_options() {
        std::vector<MenuEntry> entries;
        for (const std::string& group : list_groups(sources_.options)) {
            MenuEntry entry;
            entry.id = group;
            entry.label = capitalised(group);
            entry.children = make_entries(sources_.options, group);
            entries.push_back(std::move(entry));
        }
        return entries;
    }

    const MenuSources& sources_;
    std::set<std::string> named_;
};

}  // namespace

std::vector<MenuPlan> parse_menus(std::string_view json, std::string_view where) {
    const Json root = parse_json(json, where);
    const Json* menus = root.find("menus");
    if (menus == nullptr || !menus->is_array()) {
        throw Error(where, "menus", "a list", menus == nullptr ? "nothing" : menus->describe());
    }
    std::vector<MenuPlan> plans;
    for (const Json& menu : menus->array) plans.push_back(parse_plan(menu, where));
    return plans;
}

std::vector<MenuPlan> load_menus() {
    std::string where;
    const std::string json = read_help("menus.json", where);
    return parse_menus(json, where);
}

void load_action_help(Actions& actions) {
    std::string where;
    const std::string json = read_help("actions.json", where);
    const Json root = parse_json(json, where);
    if (!root.is_object()) throw Error(where, "", "an object of sentences", root.describe());
    for (const auto& [name, sentence] : root.object) {
        if (!sentence.is_string()) throw Error(where, name, "a sentence", sentence.describe());
        actions.set_help(name, sentence.string);
    }
}

MenuEntry make_entry(const Action& action) {
    MenuEntry entry;
    entry.id = action.name;
    entry.label = action.shown_title ? action.shown_title() : action.title;
    entry.help = action.help;
    entry.action = action.name;
    if (!action.chords.empty()) entry.chord = to_string(action.chords.front());
    entry.is_enabled = !action.is_enabled || action.is_enabled();
    if (action.is_on) {
        entry.mark = action.is_on({}) ? MenuEntry::Mark::kOn : MenuEntry::Mark::kOff;
    }
    return entry;
}

MenuEntry make_entry(const OptionEntry& option) {
    MenuEntry entry;
    entry.id = option.name.substr(option.name.find('.') + 1);
    entry.label = option.title;
    entry.action = "set";
    const bool is_flag = option.words == std::vector<std::string>{"on", "off"};
    if (is_flag) {
        entry.mark = option.value == "on" ? MenuEntry::Mark::kOn : MenuEntry::Mark::kOff;
        entry.arguments = {option.name, option.value == "on" ? "off" : "on"};
        return entry;
    }
    entry.chord = option.value;
    if (option.words.empty()) {
        entry.label += "\u2026";
        entry.action = "command-palette";
        entry.arguments = {"set " + option.name + " "};
        return entry;
    }
    for (const std::string& word : option.words) {
        MenuEntry choice;
        choice.id = word;
        choice.label = word;
        choice.mark = word == option.value ? MenuEntry::Mark::kChosen : MenuEntry::Mark::kOff;
        choice.action = "set";
        choice.arguments = {option.name, word};
        entry.children.push_back(std::move(choice));
    }
    return entry;
}

std::vector<MenuEntry> make_entries(const std::vector<OptionEntry>& options,
                                    std::string_view group) {
    std::vector<MenuEntry> entries;
    const std::string start = std::string(group) + ".";
    for (const OptionEntry& option : options) {
        if (option.name.rfind(start, 0) == 0) entries.push_back(make_entry(option));
    }
    return entries;
}

std::vector<Menu> build_menus(const std::vector<MenuPlan>& plans, const MenuSources& sources) {
    Builder builder(sources);
    std::vector<Menu> menus;
    for (const MenuPlan& plan : plans) {
        Menu menu{to_id(plan.title), plan.title, builder.build(plan.entries)};
        if (!menu.entries.empty()) menus.push_back(std::move(menu));
    }
    std::vector<MenuEntry> rest = builder.build_rest();
    const auto go =
        std::find_if(menus.begin(), menus.end(), [](const Menu& menu) { return menu.id == "go"; });
    if (rest.empty() || go == menus.end()) return menus;
    MenuEntry more;
    more.id = "more";
    more.label = "More";
    more.begins_group = true;
    more.children = std::move(rest);
    go->entries.push_back(std::move(more));
    return menus;
}

}  // namespace heed::app
