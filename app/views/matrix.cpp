#include "app/views/matrix.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace heed::app {

namespace {

// More cells in sight than this are one image.
constexpr int kMostRectangles = 1200;
// A dump names all cells up to this many, beyond only those in sight.
constexpr int kMostItems = 20000;
// Weights below this are pale: they hardly matter.
constexpr float kPaleWeight = 0.05F;
constexpr float kPalePlace = 0.3F;   // and only on pale ground
constexpr float kPaleShare = 0.02F;  // of the largest magnitude, for signed values
constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

// The range of rows and columns that is in sight.
struct Sight {
    int row = 0;
    int end_row = 0;
    int column = 0;
    int end_column = 0;

    int rows() const { return end_row - row; }
    int columns() const { return end_column - column; }
    int cells() const { return rows() * columns(); }
};

Sight find_sight(const MatrixLayout& layout, Point origin) {
    const auto first = [](float edge, float begin, float pitch) {
        return std::max(0, static_cast<int>(std::floor((edge - begin) / pitch)));
    };
    const auto end = [](float edge, float begin, float pitch, int count) {
        return std::clamp(static_cast<int>(std::ceil((edge - begin) / pitch)), 0, count);
    };
    const Rect& grid = layout.grid;
    Sight sight{first(grid.y, origin.y, layout.cell_h),
                end(grid.bottom(), origin.y, layout.cell_h, layout.rows),
                first(grid.x, origin.x, layout.cell_w),
                end(grid.right(), origin.x, layout.cell_w, layout.columns)};
    sight.row = std::min(sight.row, sight.end_row);
    sight.column = std::min(sight.column, sight.end_column);
    return sight;
}

bool is_blocked(const MatrixPicture& picture, int row, int column) {
    const float value =
        (picture.blocked != nullptr ? picture.blocked : &picture.values)->at(row, column);
    return value == kMinusInfinity;
}

bool is_pale(const MatrixPicture& picture, const ColourScale& scale, float value) {
    if (picture.is_weights) return value < kPaleWeight;
    const float share = scale.kind == ColourScale::Kind::kWeights ? kPaleWeight : kPaleShare;
    return std::abs(value) < share * scale.high;
}

// What a row or column is called in ids.
int name_of(std::span<const int> names, int i) {
    return names.empty() ? i : names[static_cast<std::size_t>(i)];
}

void paint_image(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture,
                 Point origin, const Sight& sight) {
    const auto edge = [](int a, int b) {
        return (static_cast<std::uint64_t>(a) << 32U) | static_cast<std::uint64_t>(b);
    };
    const std::uint64_t version =
        hash_key(picture.key, {edge(sight.row, sight.end_row), edge(sight.column, sight.end_column),
                               ui.theme.look(), picture.look});
    const Picture image = ui.pictures.get(
        picture.id, version, sight.columns(), sight.rows(), [&](std::span<std::uint32_t> texels) {
            const ColourTable table(ui.theme, picture.scale_at(sight.row, sight.column));
            std::size_t at = 0;
            for (int r = sight.row; r < sight.end_row; ++r) {
                const float* values = picture.values.row(r);
                const float* blocked =
                    picture.blocked != nullptr ? picture.blocked->row(r) : values;
                for (int c = sight.column; c < sight.end_column; ++c) {
                    const bool is_seen = blocked[c] != kMinusInfinity;
                    texels[at++] = is_seen ? table.at_place(picture.scale_at(r, c).place(values[c]))
                                           : table.blocked();
                }
            }
        });
    const Point corner{origin.x + layout.cell_w * static_cast<float>(sight.column),
                       origin.y + layout.cell_h * static_cast<float>(sight.row)};
    const Rect area{corner.x, corner.y, layout.cell_w * static_cast<float>(sight.columns()),
                    layout.cell_h * static_cast<float>(sight.rows())};
    draw_picture(ui, area, image);
    if (layout.gap > 0) {
        const Colour ground = ui.theme.surface;
        for (int c = sight.column; c < sight.end_column; ++c) {
            const Rect cell = layout.cell(origin, sight.row, c);
            fill(ui, {cell.right(), area.y, layout.gap, area.h}, ground);
        }
        for (int r = sight.row; r < sight.end_row; ++r) {
            const Rect cell = layout.cell(origin, r, sight.column);
            fill(ui, {area.x, cell.bottom(), area.w, layout.gap}, ground);
        }
    } else {
        outline(ui, intersect(area, layout.grid), ui.theme.line, ui.hairline());
    }
}

// What may not be seen: a sunk ground with one stroke through it.
void draw_blocked(UiContext& ui, const Rect& cell) {
    fill(ui, cell, ui.theme.sunk, ui.px(3));
    const float reach = std::min(cell.w, cell.h) * 0.2F;
    const Point middle = cell.centre();
    draw_line(ui, {middle.x - reach, middle.y + reach}, {middle.x + reach, middle.y - reach},
              ui.theme.line, ui.hairline());
}

void draw_rectangles(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture,
                     Point origin, const Sight& sight) {
    const float radius = layout.gap >= ui.px(2) ? ui.px(3) : 0;
    for (int r = sight.row; r < sight.end_row; ++r) {
        const float* values = picture.values.row(r);
        for (int c = sight.column; c < sight.end_column; ++c) {
            const Rect cell = layout.cell(origin, r, c);
            if (is_blocked(picture, r, c)) {
                draw_blocked(ui, cell);
                continue;
            }
            const ColourScale& scale = picture.scale_at(r, c);
            fill(ui, cell, scale.colour(ui.theme, values[c]), radius);
            const bool is_empty = std::abs(scale.place(values[c])) < 0.15F;
            if (is_empty && layout.gap > 0) {
                outline(ui, cell, with_alpha(ui.theme.line, 0.7F), ui.hairline(), radius);
            }
        }
    }
}

void draw_numbers(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture,
                  Point origin, const Sight& sight) {
    const Theme& theme = ui.theme;
    for (int r = sight.row; r < sight.end_row; ++r) {
        const float* values = picture.values.row(r);
        for (int c = sight.column; c < sight.end_column; ++c) {
            const bool blocked = is_blocked(picture, r, c);
            if (blocked && picture.is_weights) continue;
            const Rect cell = layout.cell(origin, r, c);
            Colour ink = theme.ink_third;
            const ColourScale& scale = picture.scale_at(r, c);
            const Colour ground = scale.colour(theme, values[c]);
            // Pale, but never unreadable: other scales may give little values strong colours.
            const bool is_quiet =
                is_pale(picture, scale, values[c]) && std::abs(scale.place(values[c])) < kPalePlace;
            if (!blocked && !is_quiet) ink = ink_on(theme, ground);
            const NumberText text = cell_text(picture, r, c);
            // Signed numbers stand on their point, weights in the middle.
            if (picture.is_weights) {
                draw_text(ui, {layout.value_type, ink, Align::kCentre}, cell, text.view());
            } else {
                const float margin = std::max(
                    ui.px(2), (cell.w - measure_text(ui, layout.value_type, text.view())) / 2);
                const Rect place{cell.x, cell.y, cell.w - std::min(margin, ui.px(5)), cell.h};
                draw_text(ui, {layout.value_type, ink, Align::kRight}, place, text.view());
            }
        }
    }
}

// Lines around a row and a column, where they are there (>= 0).
void mark_lines(UiContext& ui, const MatrixLayout& layout, Point origin, CellIndex at, float alpha,
                float width) {
    const float out = layout.gap >= ui.px(2) ? ui.px(2) : ui.hairline();
    const auto around = [&](const Rect& r, Colour colour) {
        outline(ui, {r.x - out, r.y - out, r.w + 2 * out, r.h + 2 * out}, with_alpha(colour, alpha),
                width, ui.px(4));
    };
    if (at.row >= 0 && at.row < layout.rows) {
        const Rect cell = layout.cell(origin, at.row, 0);
        around({origin.x, cell.y, layout.content_w() - layout.gap, cell.h}, ui.theme.query);
    }
    if (at.column >= 0 && at.column < layout.columns) {
        const Rect cell = layout.cell(origin, 0, at.column);
        around({cell.x, origin.y, cell.w, layout.content_h() - layout.gap}, ui.theme.key);
    }
}

void draw_crosshair(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture,
                    Point origin) {
    const CellIndex chosen = picture.chosen;
    if (picture.has_crosshair && picture.mark != MatrixMark::kNone) {
        CellIndex marked = chosen;
        if (picture.mark == MatrixMark::kRow) marked.column = -1;
        if (picture.mark == MatrixMark::kColumn) marked.row = -1;
        mark_lines(ui, layout, origin, marked, 0.6F, std::max(1.0F, std::round(1.5F * ui.scale)));
    }
    if (chosen.row < 0 || chosen.row >= layout.rows || chosen.column < 0 ||
        chosen.column >= layout.columns) {
        return;
    }
    const float out = layout.gap >= ui.px(2) ? ui.px(2) : ui.hairline();
    const Rect cell = layout.cell(origin, chosen.row, chosen.column);
    outline(ui, {cell.x - out, cell.y - out, cell.w + 2 * out, cell.h + 2 * out}, ui.theme.ink,
            2 * ui.hairline(), ui.px(4));
}

void log_cells(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture,
               Point origin, const Sight& sight) {
    if (!ui.items.is_recording()) return;
    const std::string id = std::string(picture.id) + "/cell";
    const bool logs_all = layout.rows * layout.columns <= kMostItems &&
                          picture.values.row_begin() == 0 &&
                          picture.values.row_end() == layout.rows;
    const Sight range = logs_all ? Sight{0, layout.rows, 0, layout.columns} : sight;
    for (int r = range.row; r < range.end_row; ++r) {
        for (int c = range.column; c < range.end_column; ++c) {
            const Rect cell = intersect(layout.cell(origin, r, c), layout.grid);
            log_item(
                ui,
                indexed_id(id, {name_of(picture.row_names, r), name_of(picture.column_names, c)}),
                is_blocked(picture, r, c) ? "blocked" : "cell", cell_text(picture, r, c).view(),
                static_cast<double>(picture.values.at(r, c)), cell);
        }
    }
}

Colour label_colour(const Theme& theme, const MatrixAxis& axis, int position, bool is_chosen) {
    if (is_chosen && axis.role == AxisRole::kQuery) return theme.query;
    if (is_chosen && axis.role == AxisRole::kKey) return theme.key;
    if (is_chosen) return theme.ink;
    return axis.is_faint(position) ? theme.ink_third : theme.ink;
}

Type strong(Type type) {
    if (type == Type::kBody) return Type::kBodyStrong;
    if (type == Type::kNote) return Type::kNoteStrong;
    if (type == Type::kTiny) return Type::kTinyStrong;
    return type;
}

// Whether a label is drawn: every `step`th and the chosen one, which pushes its neighbours away.
bool has_label(int position, int chosen, int step) {
    if (position == chosen) return true;
    return position % step == 0 && (chosen < 0 || std::abs(position - chosen) >= step);
}

void draw_row_labels(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture,
                     Point origin, const Sight& sight) {
    const std::string id = std::string(picture.id) + "/row";
    const Rect& band = layout.row_band;
    ImGui::PushClipRect({band.x, band.y - ui.px(6)}, {band.right() + 1, band.bottom() + ui.px(6)},
                        true);
    for (int r = sight.row; r < sight.end_row; ++r) {
        if (!has_label(r, picture.chosen.row, layout.row_step)) continue;
        const bool is_chosen = r == picture.chosen.row;
        const Rect cell = layout.cell(origin, r, 0);
        const Rect place{band.x, cell.y, band.w, cell.h};
        const std::string label = picture.rows.label(r);
        draw_text(ui,
                  {is_chosen ? strong(layout.row_type) : layout.row_type,
                   label_colour(ui.theme, picture.rows, r, is_chosen), Align::kRight},
                  place, label);
        if (ui.items.is_recording()) {
            log_item(ui, indexed_id(id, {name_of(picture.row_names, r)}),
                     is_chosen ? "chosen" : "label", label, std::nullopt, place);
        }
    }
    ImGui::PopClipRect();
}

void draw_column_labels(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture,
                        Point origin, const Sight& sight) {
    const std::string id = std::string(picture.id) + "/column";
    const Rect& band = layout.column_band;
    const float length = band.h / std::max(0.3F, -std::sin(layout.label_angle)) - ui.px(8);
    for (int c = sight.column; c < sight.end_column; ++c) {
        if (!has_label(c, picture.chosen.column, layout.column_step)) continue;
        const bool is_chosen = c == picture.chosen.column;
        const Rect cell = layout.cell(origin, 0, c);
        const float middle = cell.centre().x;
        if (middle < layout.grid.x || middle > layout.grid.right()) continue;
        const std::string label = picture.columns.label(c);
        const Type type = is_chosen ? strong(layout.column_type) : layout.column_type;
        const TextStyle style{type, label_colour(ui.theme, picture.columns, c, is_chosen),
                              Align::kCentre};
        if (layout.label_angle == 0) {
            const float width = std::max(cell.w, measure_text(ui, type, label) + 2);
            draw_text(ui, style, {middle - width / 2, band.y, width, band.h - ui.px(4)}, label);
        } else {
            draw_turned_text(ui, style, {middle, band.bottom() - ui.px(8)}, layout.label_angle,
                             fit_text(ui, type, label, length));
        }
        if (ui.items.is_recording()) {
            log_item(ui, indexed_id(id, {name_of(picture.column_names, c)}),
                     is_chosen ? "chosen" : "label", label, std::nullopt,
                     {cell.x, band.y, cell.w, band.h});
        }
    }
}

// Moves the open scroll area so that the chosen cell is in sight. The next frame shows it.
void reveal_chosen(UiContext& ui, const MatrixLayout& layout, CellIndex chosen) {
    const auto wanted = [](float at, float side, float from, float seen) {
        if (at >= from && at + side <= from + seen) return from;
        return std::max(0.0F, at + side / 2 - seen / 2);
    };
    const float x = wanted(layout.cell_w * static_cast<float>(chosen.column), layout.cell_w,
                           ImGui::GetScrollX(), layout.grid.w);
    const float y = wanted(layout.cell_h * static_cast<float>(chosen.row), layout.cell_h,
                           ImGui::GetScrollY(), layout.grid.h);
    if (x != ImGui::GetScrollX()) ImGui::SetScrollX(x);
    if (y != ImGui::GetScrollY()) ImGui::SetScrollY(y);
    ui.request_frame_in(0);
}

// The labels under the mouse.
void take_labels(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture,
                 Point origin, MatrixHit& hit) {
    const std::string id(picture.id);
    const Interaction rows = interact(ui, id + "/rows", layout.row_band);
    if (rows.is_hovered || rows.was_clicked) {
        const Point at{layout.grid.x, rows.mouse.y};
        if (const auto cell = cell_under(layout, origin, at)) hit.hovered_row = cell->row;
        if (rows.was_clicked) hit.clicked_row = hit.hovered_row;
    }
    const Interaction columns = interact(ui, id + "/columns", layout.column_band);
    if (columns.is_hovered || columns.was_clicked) {
        hit.hovered_column = column_label_under(layout, origin, columns.mouse);
        if (columns.was_clicked) hit.clicked_column = hit.hovered_column;
    }
    if (hit.hovered_row || hit.hovered_column) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
}

// Ctrl and the wheel over the cells. While an anchor is on its way the scrolling is still the old
// one: the same point stays.
void take_zoom(const MatrixLayout& layout, const MatrixPicture& picture, Point origin, Point mouse,
               MatrixHit& hit) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!io.KeyCtrl || io.MouseWheel == 0) return;
    hit.zoom_steps = io.MouseWheel;
    hit.zoom_share = {(mouse.x - origin.x) / std::max(1.0F, layout.content_w()),
                      (mouse.y - origin.y) / std::max(1.0F, layout.content_h())};
    if (picture.anchor) hit.zoom_share = picture.anchor->first;
    hit.zoom_at = {mouse.x - layout.grid.x, mouse.y - layout.grid.y};
}

// Moves the open scroll area to where the picture asks for.
void move_scroll(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture) {
    if (picture.anchor) {
        const auto& [share, at] = *picture.anchor;
        ImGui::SetScrollX(std::max(0.0F, share.x * layout.content_w() - at.x));
        ImGui::SetScrollY(std::max(0.0F, share.y * layout.content_h() - at.y));
        ui.request_frame_in(0);
    } else if (picture.reveals_chosen && picture.chosen.row >= 0 && picture.chosen.column >= 0) {
        reveal_chosen(ui, layout, picture.chosen);
    }
}

// What is marked quietly: under the mouse here, or elsewhere.
CellIndex find_preview(const MatrixPicture& picture, const std::optional<CellIndex>& hovered) {
    CellIndex preview = picture.preview;
    if (picture.previews && hovered) preview = *hovered;
    return preview;
}

void draw_sight(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture,
                Point origin, const Sight& sight, const CellIndex& preview) {
    if (sight.cells() <= 0) return;
    if (sight.cells() > kMostRectangles) {
        paint_image(ui, layout, picture, origin, sight);
    } else {
        draw_rectangles(ui, layout, picture, origin, sight);
    }
    if (layout.has_numbers && picture.shows_numbers) {
        draw_numbers(ui, layout, picture, origin, sight);
    }
    mark_lines(ui, layout, origin, preview, 0.35F, ui.hairline());
    draw_crosshair(ui, layout, picture, origin);
    log_cells(ui, layout, picture, origin, sight);
}

}  // namespace

NumberText cell_text(const MatrixPicture& picture, int row, int column) {
    const float value = picture.values.at(row, column);
    if (!picture.is_weights) {
        return format_number(static_cast<double>(value), picture.decimals);
    }
    // A weight that is exactly nothing is told apart from one that rounds to it.
    return value == 0 ? format_number(0, 0) : format_weight(static_cast<double>(value));
}

MatrixHit draw_matrix(UiContext& ui, const MatrixLayout& layout, const MatrixPicture& picture) {
    MatrixHit hit;
    if (layout.rows == 0 || layout.columns == 0) return hit;
    const std::string id(picture.id);
    Point origin{layout.grid.x, layout.grid.y};
    if (layout.scrolls) {
        origin =
            begin_scroll(ui, id + "/scroll", layout.window, layout.content_w(), layout.content_h());
        move_scroll(ui, layout, picture);
    }
    const Interaction cells = interact(ui, id + "/cells", layout.grid, FocusKind::kPicture);
    if (cells.is_hovered) {
        hit.hovered = cell_under(layout, origin, cells.mouse);
        take_zoom(layout, picture, origin, cells.mouse, hit);
    }
    if (hit.hovered) {
        hit.hovered_cell = layout.cell(origin, hit.hovered->row, hit.hovered->column);
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (cells.was_clicked) hit.clicked = hit.hovered;
    }
    Sight sight = find_sight(layout, origin);
    sight.row = std::max(sight.row, picture.values.row_begin());
    sight.end_row = std::min(sight.end_row, picture.values.row_end());
    draw_sight(ui, layout, picture, origin, sight, find_preview(picture, hit.hovered));
    if (layout.scrolls) end_scroll();

    draw_row_labels(ui, layout, picture, origin, sight);
    draw_column_labels(ui, layout, picture, origin, sight);
    take_labels(ui, layout, picture, origin, hit);
    hit.first_row = sight.row;
    hit.end_row = sight.end_row;
    return hit;
}

}  // namespace heed::app
