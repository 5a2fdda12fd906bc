// Menus: lists of entries with their keys, marks and submenus, in the menu bar and under the right
// button of the mouse.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/icons.h"
#include "app/ui/ui_context.h"

namespace heed::app {

struct MenuEntry {
    enum class Mark { kNone, kOff, kOn, kChosen };  // kOff keeps the place of a mark

    std::string id;  // last part of its id in the dump, "menu/.../<id>"; unique among its sisters
    std::string label;
    std::string chord{};  // "Ctrl+L", or what a submenu is set to
    std::string help{};   // a sentence for the tooltip
    Mark mark = Mark::kNone;
    bool is_enabled = true;
    bool begins_group = false;  // a line above
    std::optional<Icon> icon{};
    std::string action{};  // run when it is chosen
    std::vector<std::string> arguments{};
    std::vector<MenuEntry> children{};  // a submenu
};

// Draws the menu `id` while it is open (open_popup) below `anchor`; the entry that was chosen,
// which closes it. Up, Down, Home, End, Enter, letters; Right opens a submenu and Left leaves it.
std::optional<MenuEntry> draw_menu(UiContext& ui, std::string_view id, const Rect& anchor,
                                   std::span<const MenuEntry> entries);

// Its size; pure but for the fonts.
struct MenuLayout {
    Rect box;
    std::vector<Rect> rows;         // as many as entries
    std::vector<float> separators;  // y
};
MenuLayout layout_menu(const UiContext& ui, std::span<const MenuEntry> entries);

}  // namespace heed::app
