#include "app/window/commands.h"

#include <utility>

#include "app/window/view_table.h"

namespace heed::app {

namespace {

std::vector<OptionEntry> options_of(const CommandState& state) {
    return state.visit_options ? list_options(state.visit_options) : std::vector<OptionEntry>{};
}

std::vector<MenuEntry> list_views_for_menu(const Actions& actions) {
    std::vector<MenuEntry> entries;
    for (const ViewEntry& view : all_views()) {
        const Action* action = actions.find("view-" + std::string(view.name));
        if (action == nullptr) continue;
        MenuEntry entry = make_entry(*action);
        entry.label = std::string(view.title);
        entry.help = std::string(view.tells);
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<MenuEntry> list_examples(const CommandState& state) {
    std::vector<MenuEntry> entries;
    for (const Example& example : state.examples) {
        const std::string number = std::to_string(entries.size());
        MenuEntry entry;
        entry.id = number;
        entry.label = example.title();
        entry.help = example.note;
        entry.action = "example";
        entry.arguments = {number};
        entries.push_back(std::move(entry));
    }
    return entries;
}

// Models and examples.
std::vector<PaletteEntry> list_more_for_palette(const CommandState& state) {
    std::vector<PaletteEntry> entries;
    for (std::size_t i = 0; i < state.examples.size(); ++i) {
        PaletteEntry entry;
        entry.title = state.examples[i].title();
        entry.detail = "example";
        entry.words = "sentence text";
        entry.commands = {{"example", {std::to_string(i)}}};
        entries.push_back(std::move(entry));
    }
    if (state.models.found == nullptr) return entries;
    for (const FoundModel& model : *state.models.found) {
        if (!model.problem.empty()) continue;
        PaletteEntry entry;
        entry.title = model.name;
        entry.detail = "model, " + model.family;
        entry.words = "open";
        entry.commands = {{"open", {model.path.string()}}};
        entry.is_listed = false;
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace

void load_commands(CommandState& state) {
    state.menus.plans = load_menus();
    state.keys.mouse = load_mouse_help();
}

void look_for_models(UiContext& ui, ModelShelf& models) {
    const Job<std::vector<FoundModel>> job = ui.jobs.get<std::vector<FoundModel>>(
        "models", models.version, [](const CancelToken&) { return find_models(); });
    if (job.value == nullptr || job.value == models.found) return;
    models.found = job.value;
    models.is_new = true;
}

std::vector<MenuEntry> list_models(const Document& document, const ModelShelf& models) {
    std::vector<MenuEntry> entries;
    const std::vector<FoundModel> none;
    for (const FoundModel& model : models.found != nullptr ? *models.found : none) {
        MenuEntry entry;
        entry.id = indexed_id("model", {static_cast<int>(entries.size())});
        entry.label = model.name;
        entry.chord = !model.problem.empty()         ? "cannot be opened"
                      : model.family == model.origin ? model.family
                                                     : model.family + " \u00b7 " + model.origin;
        entry.help = model.problem;
        entry.is_enabled = model.problem.empty();
        const bool is_shown = document.model_name() == model.path.string();
        entry.mark = is_shown ? MenuEntry::Mark::kChosen : MenuEntry::Mark::kOff;
        entry.action = "open";
        entry.arguments = {model.path.string()};
        entries.push_back(std::move(entry));
    }
    if (!entries.empty()) return entries;
    MenuEntry entry;
    entry.id = "none";
    entry.label = models.found == nullptr ? "Looking for models\u2026" : "No models were found";
    entry.is_enabled = false;
    return {entry};
}

ViewResult draw_command_bar(const Document& document, CommandState& state, UiContext& ui,
                            const Rect& bar) {
    if (state.menus.open < 0 && std::exchange(state.models.is_new, false)) {
        state.menus.menus.clear();
    }
    return draw_menu_bar(ui, bar, state.menus, [&] {
        MenuSources sources{ui.actions, options_of(state), [&](std::string_view list) {
                                if (list == "models") return list_models(document, state.models);
                                if (list == "examples") return list_examples(state);
                                if (list == "views") return list_views_for_menu(ui.actions);
                                return std::vector<MenuEntry>{};
                            }};
        return build_menus(state.menus.plans, sources);
    });
}

ViewResult draw_command_overlays(const Document& document, CommandState& state, UiContext& ui) {
    ViewResult result = draw_palette(ui, state.palette, [&] {
        ++state.models.version;
        PaletteSources sources{ui.actions, document.selection(), document.trace().get(),
                               options_of(state), list_more_for_palette(state)};
        return list_entries(sources);
    });
    draw_key_sheet(ui, state.keys, state.menus.plans);
    result.add(draw_context_menu(ui, state.context, [&] { return options_of(state); }));
    return result;
}

}  // namespace heed::app
