// The values of one matrix of a node, kept while the same trace is shown: derived nodes are
// computed once, not in every frame.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <list>
#include <optional>

#include "app/ui/colour_scale.h"
#include "app/ui/pictures.h"
#include "core/run/trace.h"

namespace heed::app {

// Rows [row_begin, row_end) of a matrix, all columns.
class MatrixValues {
  public:
    MatrixValues(Tile tile, int outer);

    int row_begin() const { return tile_.box().row_begin; }
    int row_end() const { return tile_.box().row_end; }
    int columns() const { return tile_.box().cols(); }
    // `columns()` contiguous values.
    const float* row(int r) const { return tile_.row(outer_, r); }
    float at(int r, int c) const { return row(r)[c]; }
    const Tile& tile() const { return tile_; }
    // The largest finite magnitude among these rows.
    float largest() const { return largest_; }
    // Whether some value is -inf: a key that may not be seen.
    bool has_blocked() const { return has_blocked_; }

  private:
    Tile tile_;
    int outer_ = 0;
    float largest_ = 0;
    bool has_blocked_ = false;
};

// Which matrix of which trace.
struct MatrixKey {
    std::uint64_t trace_number = 0;
    NodeId node = -1;
    int outer = 0;

    bool operator==(const MatrixKey&) const = default;
};
// The key and `more` as one number, for pictures.
std::uint64_t hash_key(const MatrixKey& key, std::initializer_list<std::uint64_t> more);

class MatrixCache {
  public:
    // At least the rows [first, end) of the matrix; the whole matrix unless it is very large. Null
    // while the trace has not got them at hand. Valid until the next call with another trace, at
    // least for the next few calls.
    const MatrixValues* get(const Trace& trace, const MatrixKey& key, int first, int end);

  private:
    struct Entry {
        MatrixKey key;
        MatrixValues values;
    };
    std::list<Entry> entries_;  // the last asked for first
};

// How the values of a node are coloured: probabilities from 0 to 1, others from -largest to
// largest.
ColourScale scale_of(const Node& node, const MatrixValues& values);

// A scale as packed colours, for painting many cells.
class ColourTable {
  public:
    ColourTable(const Theme& theme, const ColourScale& scale);
    // -inf has the colour of what may not be seen.
    std::uint32_t at(float value) const;
    // The colour of a place of any scale of this kind, [0, 1] or [-1, 1].
    std::uint32_t at_place(float place) const;
    std::uint32_t blocked() const { return blocked_; }
    // The same colours for shares of the high end, as a device paints them. Of a scale by rank
    // there are none (Bug).
    ColourSteps steps() const;

  private:
    static constexpr int kSteps = 512;
    std::size_t step_at(float place) const;
    ColourScale scale_;
    std::uint32_t blocked_ = 0;
    std::array<std::uint32_t, kSteps + 1> colours_{};
};

}  // namespace heed::app
