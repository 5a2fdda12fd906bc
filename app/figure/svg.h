// Figures as SVG 1.1 with text as text: real <text> elements in the fonts of the look, so that a
// drawing program or a search finds the words. Pure.
#pragma once

#include <string>
#include <string_view>

#include "app/figure/figure.h"
#include "app/figure/figure_text.h"

namespace heed::app {

// `fonts` tells where baselines lie. The same figure gives the same bytes.
std::string encode_figure_svg(const Figure& figure, FigureFonts& fonts);

// `text` as content of an element or an attribute in double quotes: what XML gives a meaning is
// escaped, what XML forbids becomes U+FFFD.
std::string escape_xml(std::string_view text);

// "12", "0.5", "-3.25": at most three decimals, no exponent.
std::string svg_number(float value);

// RFC 4648.
std::string encode_base64(std::string_view bytes);

}  // namespace heed::app
