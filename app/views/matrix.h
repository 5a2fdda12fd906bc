// A matrix as numbers on colour with labelled axes: the picture that attention and stages are made
// of. Its layout is pure; its drawing costs what is in sight, not what is there.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "app/ui/numbers.h"
#include "app/ui/widgets.h"
#include "app/views/axes.h"
#include "app/views/cell_scales.h"
#include "app/views/matrix_values.h"

namespace heed::app {

// How large a cell may be, in design pixels.
struct MatrixFit {
    bool is_square = false;
    bool keeps_numbers = false;  // cells never become too small for their numbers; it scrolls
    float least = 2;             // side of a cell
    float most_width = 56;
    float most_height = 56;
    float zoom = 1;          // >= 1: times the size at which all fits
    float most_label = 112;  // width of a row's label
};

struct MatrixLayout {
    Rect row_band;     // labels of the rows, right-aligned
    Rect column_band;  // labels of the columns, above; reaches over the right edge when turned
    Rect window;       // the cells in sight, with their scroll bars
    Rect grid;         // the cells in sight
    float cell_w = 0;  // from one cell to the next
    float cell_h = 0;
    float gap = 0;          // between two cells
    float label_angle = 0;  // of column labels, radians
    float overhang = 0;     // of the last column's label beyond the grid
    Type row_type = Type::kBody;
    Type column_type = Type::kBody;
    Type value_type = Type::kNumberSmall;
    int row_step = 1;  // every how many rows are labelled
    int column_step = 1;
    bool has_numbers = false;
    bool scrolls = false;
    int rows = 0;
    int columns = 0;

    float content_w() const { return cell_w * static_cast<float>(columns); }
    float content_h() const { return cell_h * static_cast<float>(rows); }
    // The cell at a row and column of a grid whose first corner is at `origin`, without the gap.
    Rect cell(Point origin, int row, int column) const;
};

// `widest_number`: the widest text that a cell is to hold.
MatrixLayout layout_matrix(const UiContext& ui, const Rect& rect, const MatrixAxis& rows,
                           const MatrixAxis& columns, const MatrixFit& fit,
                           std::string_view widest_number);

// The cell under `mouse`, where it is over one in sight.
struct CellIndex {
    int row = 0;
    int column = 0;
    bool operator==(const CellIndex&) const = default;
};
std::optional<CellIndex> cell_under(const MatrixLayout& layout, Point origin, Point mouse);
// The column whose turned label is under `mouse`.
std::optional<int> column_label_under(const MatrixLayout& layout, Point origin, Point mouse);

// Which lines of the chosen cell are marked.
enum class MatrixMark { kNone, kCell, kRow, kColumn };

struct MatrixPicture {
    std::string_view id;  // of the items: "<id>/cell[r,c]", "<id>/row[r]", "<id>/column[c]"
    const MatrixAxis& rows;
    const MatrixAxis& columns;
    const MatrixValues& values;
    const MatrixValues* blocked = nullptr;  // -inf where a cell may not be seen
    ColourScale scale{};
    const CellScales* scales = nullptr;  // instead of `scale`, where rows or columns have their own
    MatrixKey key{};
    std::uint64_t look = 0;  // another one where the same values are coloured in another way
    int decimals = 2;
    bool is_weights = false;  // ".69" instead of "0.69"
    bool shows_numbers = true;
    CellIndex chosen{-1, -1};
    bool has_crosshair = false;
    MatrixMark mark = MatrixMark::kCell;  // with has_crosshair
    bool previews = false;                // the row and column under the mouse are marked, quietly
    CellIndex preview{-1, -1};            // the same, from elsewhere; each part alone
    bool reveals_chosen = false;          // scrolls so that the chosen cell is in sight
    // The content's point that is to lie at a place of the grid (share of the content; pixels).
    std::optional<std::pair<Point, Point>> anchor{};
    // What rows and columns are called in ids; empty: their numbers.
    std::span<const int> row_names{};
    std::span<const int> column_names{};

    const ColourScale& scale_at(int row, int column) const {
        return scales != nullptr ? scales->at(row, column) : scale;
    }
};

struct MatrixHit {
    std::optional<CellIndex> hovered;
    std::optional<CellIndex> clicked;
    std::optional<int> hovered_row;  // its label
    std::optional<int> hovered_column;
    std::optional<int> clicked_row;
    std::optional<int> clicked_column;
    Rect hovered_cell;
    float zoom_steps = 0;  // of the wheel with Ctrl, over the cells
    Point zoom_share;      // of the content, under the mouse
    Point zoom_at;         // pixels from the grid's corner
    int first_row = 0;     // in sight
    int end_row = 0;
};

MatrixHit draw_matrix(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture);

// The text of a cell: what the drawing and the dump say.
NumberText cell_text(const MatrixPicture& picture, int row, int column);

}  // namespace heed::app
