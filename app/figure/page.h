// Figures as PNG and PDF, through cairo. Both are bytes: whoever saves writes them as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/figure/figure.h"
#include "app/figure/figure_text.h"

namespace heed::app {

struct FigurePixels {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba;  // [height, width, 4], alpha not multiplied in
};

// `enlarge` pixels of the picture for one of the figure. Throws Error where it would be too large.
FigurePixels paint_figure(const Figure& figure, FigureFonts& fonts, float enlarge);
std::string encode_figure_png(const Figure& figure, FigureFonts& fonts, float enlarge);

// One page, as large as the figure (96 pixels are an inch). Text stays text, its fonts are in the
// file; the same figure gives the same bytes.
std::string encode_figure_pdf(const Figure& figure, FigureFonts& fonts);

}  // namespace heed::app
