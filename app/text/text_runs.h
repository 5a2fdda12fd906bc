// Cuts a line into runs of one direction and one script, and says in which order they stand
// (Unicode Annexes 9 and 24). Pure; it knows no fonts.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "app/text/segments.h"

namespace heed::app {

enum class TextDirection { kOfText, kLeftToRight, kRightToLeft };

struct TextRun {
    std::size_t begin = 0;  // code points
    std::size_t end = 0;
    int level = 0;        // of embedding: odd ones are read from the right
    unsigned script = 0;  // as HarfBuzz names it

    bool is_rtl() const { return level % 2 == 1; }
};

struct RunList {
    bool is_rtl = false;        // the whole line
    std::vector<TextRun> runs;  // in the order of the text
};

// kOfText: the direction of the first letter that has one, left to right where none has.
RunList split_runs(std::span<const CodePoint> points, TextDirection direction);

// The positions of runs with these levels, from left to right.
std::vector<std::size_t> visual_order(std::span<const int> levels);

}  // namespace heed::app
