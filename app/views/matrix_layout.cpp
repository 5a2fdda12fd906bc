#include <algorithm>
#include <cmath>

#include "app/views/matrix.h"

namespace heed::app {

namespace {

constexpr float kSlant_rad = -0.7F;  // about 40 degrees
constexpr float kUpright_rad = -1.5707964F;
constexpr float kLabelGap = 10;  // design pixels between labels and cells
constexpr float kMostColumnLabel = 96;
constexpr int kMostMeasuredNames = 64;  // of a vocabulary none is measured
constexpr float kNameWidth = 88;        // for its words; longer ones are shortened
constexpr float kMostBandShare = 0.4F;  // of the height
constexpr float kScrollBar = 12;
constexpr float kNumberMargin = 6;  // left and right of a number together
constexpr float kLeastNumberHeight = 16;
constexpr float kLargeCell = 64;
constexpr float kRoomyWidth = 12;  // around a number, before it is set smaller

float widest_label(const UiContext& ui, const MatrixAxis& axis, Type type) {
    if (axis.names != nullptr && axis.extent > kMostMeasuredNames) return ui.px(kNameWidth);
    if (!axis.has_words()) return measure_text(ui, type, std::to_string(axis.extent - 1));
    float widest = 0;
    for (int i = 0; i < axis.extent; ++i) {
        widest = std::max(widest, measure_text(ui, type, axis.label(i)));
    }
    return widest;
}

// Every how many lines of `pitch` there is room for a label of `needed` pixels.
int label_step(float pitch, float needed) {
    return std::max(1, static_cast<int>(std::ceil(needed / std::max(pitch, 0.1F))));
}

struct ColumnBand {
    float angle = 0;
    float height = 0;
    float overhang = 0;
};

ColumnBand measure_columns(const UiContext& ui, const MatrixAxis& columns, float height,
                           float angle) {
    const float line = line_height(ui, Type::kBody);
    if (!columns.has_words()) return {0, line_height(ui, Type::kNumberTiny) + ui.px(4), 0};
    const float most = std::min(ui.px(kMostColumnLabel), height * kMostBandShare);
    const float longest = std::min(most, widest_label(ui, columns, Type::kBodyStrong));
    const float last =
        std::min(most, measure_text(ui, Type::kBody, columns.label(columns.extent - 1)));
    return {angle, std::ceil(longest * -std::sin(angle) + line * std::cos(angle) / 2 + ui.px(8)),
            std::ceil(last * std::cos(angle))};
}

// Sides of a cell, from the room that is there.
void choose_cells(const UiContext& ui, const MatrixFit& fit, float number_w, float room_w,
                  float room_h, MatrixLayout& layout) {
    const auto rows = static_cast<float>(std::max(1, layout.rows));
    const auto columns = static_cast<float>(std::max(1, layout.columns));
    float least_w = fit.least * ui.scale;
    float least_h = fit.least * ui.scale;
    if (fit.keeps_numbers) {
        least_w = number_w + ui.px(kNumberMargin);
        least_h = ui.px(kLeastNumberHeight + 1);
    }
    const auto side = [&](float room, float count, float least, float most) {
        const float fitting = std::clamp(room / count, least, std::max(least, most));
        // Whole pixels, but where that would waste much of the room.
        const float zoomed = std::min(fitting * fit.zoom, std::max(least, most));
        return zoomed >= 6 ? std::floor(zoomed) : zoomed;
    };
    layout.cell_w = side(room_w, columns, least_w, ui.px(fit.most_width));
    layout.cell_h = side(room_h, rows, least_h, ui.px(fit.most_height));
    if (fit.is_square) layout.cell_w = layout.cell_h = std::min(layout.cell_w, layout.cell_h);
    const float smaller = std::min(layout.cell_w, layout.cell_h);
    layout.gap = smaller >= ui.px(18) ? ui.px(2) : (smaller >= ui.px(8) ? ui.hairline() : 0.0F);
    if (layout.cell_w < number_w + ui.px(kRoomyWidth)) layout.value_type = Type::kNumberTiny;
    if (smaller >= ui.px(kLargeCell)) layout.value_type = Type::kCode;
    layout.has_numbers = layout.cell_w >= number_w + layout.gap + ui.px(2) &&
                         layout.cell_h >= ui.px(kLeastNumberHeight);
}

void choose_labels(const UiContext& ui, const MatrixAxis& columns, MatrixLayout& layout) {
    const auto type_for = [&](float pitch) {
        if (pitch >= ui.px(18)) return Type::kBody;
        return pitch >= ui.px(15) ? Type::kNote : Type::kTiny;
    };
    layout.row_type = type_for(layout.cell_h);
    layout.row_step = label_step(layout.cell_h, ui.px(13));
    if (!columns.has_words()) {
        layout.column_type = Type::kNumberTiny;
        layout.column_step =
            label_step(layout.cell_w, widest_label(ui, columns, Type::kNumberTiny) + ui.px(6));
        return;
    }
    const bool is_upright = layout.label_angle < kSlant_rad;
    layout.column_type = is_upright ? type_for(layout.cell_w) : Type::kBody;
    layout.column_step = is_upright ? label_step(layout.cell_w, ui.px(13)) : 1;
}

}  // namespace

Rect MatrixLayout::cell(Point origin, int row, int column) const {
    return {origin.x + cell_w * static_cast<float>(column),
            origin.y + cell_h * static_cast<float>(row), cell_w - gap, cell_h - gap};
}

MatrixLayout layout_matrix(const UiContext& ui, const Rect& rect, const MatrixAxis& rows,
                           const MatrixAxis& columns, const MatrixFit& fit,
                           std::string_view widest_number) {
    MatrixLayout layout;
    layout.rows = rows.extent;
    layout.columns = columns.extent;
    const float number_w = measure_text(ui, Type::kNumberSmall, widest_number);
    const float label_w = std::min({ui.px(fit.most_label), rect.w * 0.3F,
                                    std::ceil(widest_label(ui, rows, Type::kBodyStrong)) + 1});
    const float left = label_w + ui.px(kLabelGap);

    ColumnBand band;
    float room_w = 0;
    float room_h = 0;
    for (const float angle : {kSlant_rad, kUpright_rad}) {
        band = measure_columns(ui, columns, rect.h, angle);
        room_w = std::max(1.0F, rect.w - left - (angle == kSlant_rad ? band.overhang : 0));
        room_h = std::max(1.0F, rect.h - band.height);
        choose_cells(ui, fit, number_w, room_w, room_h, layout);
        // Slanted labels must not run into each other.
        if (layout.cell_w * -std::sin(kSlant_rad) >= line_height(ui, Type::kBody) * 0.85F) break;
    }
    layout.label_angle = band.angle;
    layout.overhang = band.angle == kSlant_rad ? band.overhang : 0;
    choose_labels(ui, columns, layout);

    const bool over_w = layout.content_w() > room_w + 0.5F;
    const bool over_h = layout.content_h() > room_h + 0.5F;
    layout.scrolls = over_w || over_h;
    const float bar = ui.px(kScrollBar);
    const float bar_w = over_h || (over_w && layout.content_h() > room_h - bar) ? bar : 0;
    const float bar_h = over_w || (over_h && layout.content_w() > room_w - bar) ? bar : 0;
    const float seen_w = std::clamp(room_w - bar_w, 0.0F, layout.content_w());
    const float seen_h = std::clamp(room_h - bar_h, 0.0F, layout.content_h());
    const Point corner{rect.x + left, rect.y + band.height};
    layout.grid = {corner.x, corner.y, seen_w, seen_h};
    layout.window = {corner.x, corner.y, seen_w + bar_w, seen_h + bar_h};
    layout.row_band = {rect.x, corner.y, label_w, seen_h};
    layout.column_band = {corner.x, rect.y, seen_w + layout.overhang, band.height};
    return layout;
}

std::optional<CellIndex> cell_under(const MatrixLayout& layout, Point origin, Point mouse) {
    if (!layout.grid.contains(mouse)) return std::nullopt;
    const int row = static_cast<int>(std::floor((mouse.y - origin.y) / layout.cell_h));
    const int column = static_cast<int>(std::floor((mouse.x - origin.x) / layout.cell_w));
    if (row < 0 || row >= layout.rows || column < 0 || column >= layout.columns) {
        return std::nullopt;
    }
    return CellIndex{row, column};
}

std::optional<int> column_label_under(const MatrixLayout& layout, Point origin, Point mouse) {
    if (!layout.column_band.contains(mouse)) return std::nullopt;
    // A label begins over the middle of its column and runs up along its angle.
    const float up = layout.grid.y - mouse.y;
    const float sine = -std::sin(layout.label_angle);
    const float shift = sine > 0.01F ? up * std::cos(layout.label_angle) / sine : 0;
    const float x = mouse.x - shift;
    if (x < layout.grid.x || x >= layout.grid.right()) return std::nullopt;
    const int column = static_cast<int>(std::floor((x - origin.x) / layout.cell_w));
    if (column < 0 || column >= layout.columns) return std::nullopt;
    return column;
}

}  // namespace heed::app
