// How a person commands the program, drawn around the views: menu bar, palette, sheet of keys,
// context menus. All of them run the registry's actions.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "app/document/document.h"
#include "app/ui/options.h"
#include "app/window/context_menu.h"
#include "app/window/examples.h"
#include "app/window/key_sheet.h"
#include "app/window/menu_bar.h"
#include "app/window/palette.h"
#include "core/model/model.h"

namespace heed::app {

// The models that can be opened, looked for on another thread.
struct ModelShelf {
    std::shared_ptr<const std::vector<FoundModel>> found;  // null: not known yet
    std::uint64_t version = 1;                             // another one looks again
    bool is_new = false;                                   // found since the menus were made
};

struct CommandState {
    ModelShelf models;
    MenuBarState menus;
    PaletteState palette;
    KeySheetState keys;
    ContextMenuState context;
    VisitOptions visit_options;  // everything that `set` sets
    std::vector<Example> examples;
};

// What the menus are made of, read from assets/help. Throws Error.
void load_commands(CommandState& state);

// Once a frame.
void look_for_models(UiContext& ui, ModelShelf& models);
// An entry for each model, the open one marked; never none: one that says so.
std::vector<MenuEntry> list_models(const Document& document, const ModelShelf& models);

ViewResult draw_command_bar(const Document& document, CommandState& state, UiContext& ui,
                            const Rect& bar);
// After all else: what opens over it.
ViewResult draw_command_overlays(const Document& document, CommandState& state, UiContext& ui);

}  // namespace heed::app
