// What opens over everything else: lists, menus, sheets. One covers the whole picture, so that a
// press outside its box closes it and reaches nothing else; Esc closes it too. Its controls have
// the keys while it is open, and whoever had them gets them back.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/focus.h"
#include "app/ui/geometry.h"

namespace heed::app {

struct UiContext;

struct OpenPopup {
    std::string id;
    FocusKey returns_to = 0;
    bool returns_ring = false;
    bool is_new = true;       // in its first frame
    bool takes_text = false;  // what is written goes to it: Space presses nothing
    int frames_unseen = 0;    // since its owner drew it last
    std::string typed;        // letters of a jump to an entry
    double typed_s = 0;
    std::vector<int> path;  // the entries whose submenus are open
    FocusKey rests_on = 0;  // the entry under the mouse, and since when
    double rests_since_s = 0;
    std::vector<Rect> boxes;  // of this frame
};

// The open ones, the outermost first.
struct PopupState {
    std::vector<OpenPopup> open;
};

// What controls remember between frames.
struct ControlState {
    FocusState focus;
    PopupState popups;
};

// Reads ImGui's input: moves the focus, closes what Esc closes. Before anything is drawn and before
// the actions' keys are run.
void begin_controls(ControlState& controls, bool is_typing);
// Draws the ring, forgets what nobody draws any more. After everything else, in the last window.
void end_controls(UiContext& ui);
// Whether an unmodified key is the controls' own in this frame.
bool takes_key(const ControlState& controls, int key);

void open_popup(UiContext& ui, std::string_view id);
void close_popup(UiContext& ui, std::string_view id);
void close_all_popups(ControlState& controls);
bool is_popup_open(const ControlState& controls, std::string_view id);

// True while it is open: then its box is drawn and everything until end_popup() lies over all else.
bool begin_popup(UiContext& ui, std::string_view id, const Rect& box);
// A further box of the open popup, as of a submenu: until end_popup_part().
void begin_popup_part(UiContext& ui, std::string_view id, const Rect& box);
void end_popup_part(UiContext& ui);
void end_popup(UiContext& ui);
// The state of an open popup; it must be open.
OpenPopup& find_popup(UiContext& ui, std::string_view id);

// Letters that were typed go to `popup.typed` (they make one word while no second passes between
// them); the first of `count` entries that `matches` then.
std::optional<int> type_ahead(UiContext& ui, OpenPopup& popup, int count,
                              const std::function<bool(int)>& matches);

// Where a box of this size goes: below `anchor` (or beside it), inside the picture.
Rect place_below(const UiContext& ui, const Rect& anchor, float width, float height);
Rect place_beside(const UiContext& ui, const Rect& anchor, float width, float height);

}  // namespace heed::app
