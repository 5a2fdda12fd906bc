// What a person can read on the screen, item by item: the source of a scenario's dump and the place
// where its clicks find their targets. Filled while a frame is drawn, only when somebody asked.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/ui/geometry.h"

namespace heed::app {

struct Item {
    std::string id;               // "view/attention/cell[3,5]"
    std::string kind;             // "cell", "button", "text", ...
    std::string text;             // as it is read, whole even where the drawing is shortened
    std::optional<double> value;  // unrounded; -inf where a masked cell shows it
    std::optional<Rect> rect;     // the visible part; nullopt when scrolled out of sight
};

class ItemLog {
  public:
    // Forgets the frame before. Nothing is kept of a frame that is not recorded.
    void begin_frame(bool record);
    bool is_recording() const { return recording_; }

    // Call only while recording (Bug otherwise): building ids and texts costs, so a drawer asks
    // is_recording() first. The part of `rect` outside `clip` is out of sight. An id that was
    // added before in the frame is a Bug: it would make clicks ambiguous.
    void add(std::string_view id, std::string_view kind, std::string_view text,
             std::optional<double> value, const Rect& rect, const Rect& clip);

    const Item* find(std::string_view id) const;
    const std::vector<Item>& items() const { return items_; }
    // The id in the log that shares the longest beginning with `id`, for messages; "" when empty.
    std::string_view find_nearest(std::string_view id) const;

  private:
    bool recording_ = false;
    std::vector<Item> items_;
    std::unordered_map<std::string, std::size_t> positions_;  // id -> index in items_
};

// "view/attention/cell" and {3, 5}: "view/attention/cell[3,5]".
std::string indexed_id(std::string_view id, std::initializer_list<int> index);

}  // namespace heed::app
