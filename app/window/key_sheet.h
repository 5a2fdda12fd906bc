// The sheet of keys (F1): every key by the menu it belongs to, and what the mouse does.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/actions.h"
#include "app/ui/search_line.h"
#include "app/ui/ui_context.h"
#include "app/window/menu_book.h"

namespace heed::app {

struct KeyLine {
    std::string keys;  // "Ctrl+K", or "press a cell"
    std::string tells;
};
struct KeySection {
    std::string title;
    std::vector<KeyLine> lines;
};

// Of assets/help/mouse.json. Throws Error.
std::vector<KeySection> parse_mouse_help(std::string_view json, std::string_view where);
std::vector<KeySection> load_mouse_help();
// A section for each menu with the actions that have keys, then those of no menu.
std::vector<KeySection> list_key_sections(const Actions& actions,
                                          const std::vector<MenuPlan>& plans);
// The lines that hold every word of `query`; sections without any are left out.
std::vector<KeySection> filter_sections(const std::vector<KeySection>& sections,
                                        std::string_view query);
// docs/keys.md: every action with its keys and what it does.
std::string write_keys_page(const Actions& actions, const std::vector<MenuPlan>& plans,
                            const std::vector<KeySection>& mouse);

struct KeySheetState {
    bool is_wanted = false;  // opens in the next frame
    SearchState query;
    std::vector<KeySection> mouse;
    std::vector<KeySection> sections;  // of the open sheet
};

void draw_key_sheet(UiContext& ui, KeySheetState& state, const std::vector<MenuPlan>& plans);

}  // namespace heed::app
