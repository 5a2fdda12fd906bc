// How a person commands the program, drawn around the views: menu bar, palette, sheet of keys,
// context menus. All of them run the registry's actions.
#pragma once

#include <functional>

#include "app/document/document.h"
#include "app/ui/options.h"
#include "app/window/context_menu.h"
#include "app/window/examples.h"
#include "app/window/key_sheet.h"
#include "app/window/menu_bar.h"
#include "app/window/palette.h"

namespace heed::app {

struct CommandState {
    MenuBarState menus;
    PaletteState palette;
    KeySheetState keys;
    ContextMenuState context;
    VisitOptions visit_options;  // everything that `set` sets
    std::vector<Example> examples;
};

// What the menus are made of, read from assets/help. Throws Error.
void load_commands(CommandState& state);

ViewResult draw_command_bar(const Document& document, CommandState& state, UiContext& ui,
                            const Rect& bar);
// After all else: what opens over it.
ViewResult draw_command_overlays(const Document& document, CommandState& state, UiContext& ui);

}  // namespace heed::app
