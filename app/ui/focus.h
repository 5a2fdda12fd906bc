// Which control has the keys. Controls tell in the order of drawing where they are; Tab walks that
// order, arrows walk inside a group, Enter and Space press. Pure: it knows no ImGui and draws
// nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/geometry.h"

namespace heed::app {

using FocusKey = std::uint64_t;  // of an id; 0: none
FocusKey focus_key(std::string_view id);

enum class FocusKind {
    kControl,    // Enter and Space press it
    kValue,      // arrows change it as well: sliders, choices
    kText,       // writing begins as soon as it has the keys
    kPicture,    // one stop for many cells; what moves in it are actions
    kItem,       // of a menu or list: it follows the mouse and has no ring
    kMouseOnly,  // never has the keys
};

// What went down in a frame, without Ctrl and Alt.
struct FocusKeys {
    bool tab = false;
    bool back_tab = false;
    bool press = false;  // Enter or Space
    bool escape = false;
    int right = 0;  // -1, 0, 1
    int down = 0;
    bool home = false;
    bool end = false;
    bool mouse = false;      // a button of the mouse
    bool is_typing = false;  // a text field has the keys: only Tab is ours
};

// What a control is told about itself.
struct FocusAnswer {
    bool is_focused = false;
    bool shows = false;  // the ring or the highlight is to be seen
    bool was_pressed = false;
    bool has_arrived = false;  // by keys, in this frame: it comes in sight
    int right = 0;             // arrows, for kValue
    int down = 0;
    bool home = false;
    bool end = false;
};

class FocusState {
  public:
    // Moves the focus among the stops of the frame before.
    void begin_frame(const FocusKeys& keys);
    // Notes a stop. Empty rectangles and kMouseOnly are none.
    FocusAnswer add(std::string_view id, const Rect& rect, FocusKind kind);
    // Gives the keys to a control; by the mouse no ring is shown.
    void give(std::string_view id, bool by_keys);
    void give(FocusKey key, bool by_keys);
    void leave();

    // Stops between the two are one for Tab, which enters at `chosen` (an id) where it is there;
    // arrows move among them. Groups do not nest.
    void begin_group(std::string_view id, std::string_view chosen);
    void end_group() { group_ = 0; }
    // Stops between the two lie over all others: while there are any, only they have the keys.
    void begin_layer() { ++layer_; }
    void end_layer() { --layer_; }

    // Whether this frame's unmodified `key` (keys.h) is the focus's own and no action's.
    bool takes(int key) const;
    // Tab went down while somebody was writing: the field lets go.
    bool leaves_text() const { return keys_.is_typing && (keys_.tab || keys_.back_tab); }

    const FocusKeys& keys() const { return keys_; }
    FocusKey focused() const { return focused_; }
    bool shows_ring() const { return shows_ring_; }
    // Its id, "" where no stop of this frame had the keys.
    const std::string& focused_id() const { return focused_id_; }
    // Where the ring goes, around a stop of this frame that is not an item.
    std::optional<Rect> ring() const { return ring_; }
    Rect ring_clip;  // set by whoever added the focused stop

    struct Stop {
        FocusKey key = 0;
        FocusKey group = 0;
        int layer = 0;
        FocusKind kind = FocusKind::kControl;
        Rect rect;
    };
    // Of the frame that is being drawn, or was.
    const std::vector<Stop>& stops() const { return stops_; }

  private:
    void walk(int by);
    void move_in_group();
    const Stop* find_before(FocusKey key) const;
    FocusKey entry_of(FocusKey group) const;

    std::vector<Stop> stops_;
    std::vector<Stop> before_;             // of the top layer of the frame before
    std::map<FocusKey, FocusKey> chosen_;  // group -> where Tab enters
    FocusKeys keys_;
    FocusKey focused_ = 0;
    FocusKey group_ = 0;
    int layer_ = 0;
    std::size_t place_ = 0;  // of the focused stop, for when it vanishes
    bool shows_ring_ = false;
    bool has_arrived_ = false;
    bool takes_press_ = false;
    bool takes_arrows_ = false;
    bool takes_escape_ = false;
    std::string focused_id_;
    std::optional<Rect> ring_;
};

}  // namespace heed::app
