// Matrices of a worksheet: written out, or drawn from a seed.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/format/json.h"

namespace heed {

// Rows of equal length. A worksheet says [in][out].
struct SheetMatrix {
    int rows = 0;
    int cols = 0;
    std::vector<float> values;  // row-major
};

// Reads [[...], ...] or {"shape": [rows, cols], "seed": S, "std": D}; `field` names it in messages.
// `where` (a path) begins them. At most 4,096 rows and columns. Throws Error: ragged or empty rows,
// numbers that are not finite.
SheetMatrix read_sheet_matrix(std::string_view where, std::string_view field, const Json& value);
// A list of numbers, as a matrix of one row.
SheetMatrix read_sheet_vector(std::string_view where, std::string_view field, const Json& value);

// Normally distributed numbers around 0, the same on every machine. A 64-bit Mersenne Twister
// (std::mt19937_64) seeded with `seed` gives pairs of words a, b; each pair gives two numbers by
// Box and Muller: with u = ((a >> 11) + 1) / 2^53 and w = (b >> 11) / 2^53 they are deviation *
// sqrt(-2 ln u) * cos(2 pi w) and the same with sin. They fill the rows in order.
SheetMatrix draw_sheet_matrix(int rows, int cols, std::uint64_t seed, double deviation);

}  // namespace heed
