// Turns a line of text into glyphs in their places: runs, fonts for what each cluster needs,
// HarfBuzz, and everything in the order in which it is seen. Advances are whole pixels, so that the
// same letters always look the same.
#pragma once

#include <string_view>

#include "app/text/font_book.h"
#include "app/text/shaped_text.h"
#include "app/text/text_runs.h"
#include "app/text/type.h"

namespace heed::app {

// Line ends and tabs are blanks. A character without a glyph anywhere is its code point in a box.
ShapedText shape_text(FontBook& fonts, Type type, float scale, std::string_view text,
                      TextDirection direction);

}  // namespace heed::app
