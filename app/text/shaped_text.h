// One line of text as glyphs in their places: what is measured, drawn on the screen, and written
// into vector figures. Plain data; lengths are pixels, x from the left end, y down from the
// baseline.
#pragma once

#include <cstddef>
#include <vector>

namespace heed::app {

struct PlacedGlyph {
    int font = 0;        // TextEngine::font_file(font) says which file and face
    unsigned glyph = 0;  // its number in that face
    float em_px = 0;     // the size it is drawn at
    float x = 0;         // of its origin
    float y = 0;
    std::size_t cluster = 0;  // the first byte of the characters it stands for
};

// Drawn around the code point of a character that no font of the machine has; the digits are among
// the glyphs.
struct MissingBox {
    float x = 0;
    float y = 0;  // the top
    float w = 0;
    float h = 0;
};

// What a person takes for one character (a grapheme cluster), and where it stands.
struct ClusterPlace {
    std::size_t begin = 0;  // bytes
    std::size_t end = 0;
    float left = 0;
    float right = 0;
    bool is_rtl = false;  // it is read from the right
};

struct ShapedText {
    float width = 0;
    float height = 0;                 // of the type's line, whatever fonts stand in it
    float baseline = 0;               // from the top of the line
    bool is_rtl = false;              // the direction of the whole line
    std::vector<PlacedGlyph> glyphs;  // from left to right
    std::vector<MissingBox> boxes;
    std::vector<ClusterPlace> clusters;  // in the order of the text, one after the other
};

}  // namespace heed::app
