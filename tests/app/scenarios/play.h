// A program that scenarios' texts are played on, and what must hold of every screen.
#pragma once

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/window/offscreen.h"
#include "app/window/scenario_runner.h"

namespace heed::app::test {

inline constexpr float kGrace_px = 1.01F;  // whole pixels and hairlines that meet

struct Size {
    int width;
    int height;
    float scale;
};
// Runs a scenario's text on the program it is given.
struct Play {
    Offscreen screen;
    ScenarioRunner runner{screen, "test"};

    void run(const std::string& text) { runner.run(parse_scenario(text, "test")); }
    const std::vector<Item>& items() {
        screen.wait(60);
        screen.draw_frame(true);
        return screen.program().items().items();
    }
};

// Items that are read or pressed: no two of them may share a place.
inline bool stands_alone(const Item& item) {
    static const std::set<std::string_view> kinds{"text",   "button", "chip",  "choice",
                                                  "chosen", "slider", "legend"};
    return item.rect.has_value() && !item.rect->is_empty() && kinds.count(item.kind) > 0;
}

inline void check_inside(const Item& item, const Size& size) {
    if (!item.rect) return;
    // One comparison for most: a check of its own costs more than drawing the item.
    const Rect& rect = *item.rect;
    const bool is_inside = rect.x >= -kGrace_px && rect.y >= -kGrace_px &&
                           rect.right() <= static_cast<float>(size.width) + kGrace_px &&
                           rect.bottom() <= static_cast<float>(size.height) + kGrace_px;
    if (is_inside) return;
    CAPTURE(item.id);
    CHECK(item.rect->x >= -kGrace_px);
    CHECK(item.rect->y >= -kGrace_px);
    CHECK(item.rect->right() <= static_cast<float>(size.width) + kGrace_px);
    CHECK(item.rect->bottom() <= static_cast<float>(size.height) + kGrace_px);
}

inline void check_apart(const std::vector<Item>& items) {
    std::vector<const Item*> alone;
    for (const Item& item : items) {
        if (stands_alone(item)) alone.push_back(&item);
    }
    for (std::size_t i = 0; i < alone.size(); ++i) {
        for (std::size_t j = i + 1; j < alone.size(); ++j) {
            // A legend's note on what may not be seen is part of it.
            if (alone[j]->id == "view/attention/blocked") continue;
            const Rect shared = intersect(*alone[i]->rect, *alone[j]->rect);
            if (shared.w <= kGrace_px || shared.h <= kGrace_px) continue;
            CAPTURE(alone[i]->id);
            CAPTURE(alone[j]->id);
            CAPTURE(shared.w);
            CAPTURE(shared.h);
            CHECK_MESSAGE(false, "two items share a place");
        }
    }
}

}  // namespace heed::app::test
