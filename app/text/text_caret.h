// Where a caret stands in a line, and where a press or an arrow key puts it: the geometry of a
// text field. Pure.
//
// Where two directions meet one place between two characters is two places on the screen; a caret
// therefore belongs to the character before it or to the one after it.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "app/text/shaped_text.h"

namespace heed::app {

struct Caret {
    std::size_t at = 0;     // byte, between two clusters
    bool is_after = false;  // belongs to the cluster before it

    bool operator==(const Caret&) const = default;
};

// Pixels from the left end of the line.
float caret_x(const ShapedText& shaped, const Caret& caret);
// The caret nearest to `x`.
Caret caret_near(const ShapedText& shaped, float x);
// The caret one cluster further to the right or left on the screen; the same at the end.
Caret caret_beside(const ShapedText& shaped, const Caret& caret, bool to_right);
// What the bytes [begin, end) cover, as stretches of x from left to right: several where directions
// are mixed.
std::vector<std::pair<float, float>> selected_stretches(const ShapedText& shaped, std::size_t begin,
                                                        std::size_t end);

}  // namespace heed::app
