// The texts of a figure as glyphs: which file, which glyph, where; so that a page can embed the
// fonts and still tell which letters a glyph stands for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/drawing.h"

struct FT_FaceRec_;

namespace heed::app {

struct FigureGlyph {
    int font = 0;  // FigureFonts::face(font)
    unsigned glyph = 0;
    float em_px = 0;
    float x = 0;              // of its origin: pixels from the left end of the text
    float y = 0;              // down from the baseline
    std::size_t cluster = 0;  // the first byte of the characters that it stands for
};

// One line, its glyphs from left to right.
struct FigureLine {
    float ascent = 0;  // from the middle of the line's height down to the baseline
    std::vector<FigureGlyph> glyphs;
    // Around the code points of characters that no font has; from the left end and the baseline.
    std::vector<Rect> boxes;
};

class FigureFonts {
  public:
    FigureFonts();
    ~FigureFonts();
    FigureFonts(const FigureFonts&) = delete;
    FigureFonts& operator=(const FigureFonts&) = delete;

    // `text` as it is drawn at `scale`, stretched to the width that it has on the screen.
    FigureLine shape(const drawn::Text& text, float scale);
    // Lives as long as this. Throws Error where its file cannot be opened any more.
    FT_FaceRec_* face(int font);

  private:
    struct System;
    std::unique_ptr<System> system_;
};

}  // namespace heed::app
