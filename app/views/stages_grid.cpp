#include "app/views/stages_grid.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "app/ui/numbers.h"

namespace heed::app {

namespace {

constexpr int kMostRectangles = 1200;
constexpr float kPaleWeight = 0.05F;
constexpr float kPaleShare = 0.02F;
constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

bool is_plain(const StagePart& part) {
    return part.source == PartSource::kIds || part.source == PartSource::kPositions;
}

NumberText text_of(const GridPicture& picture, float value) {
    if (!picture.is_weights) return format_number(static_cast<double>(value), picture.decimals);
    return value == 0 ? format_number(0, 0) : format_weight(static_cast<double>(value));
}

bool is_pale(const GridPicture& picture, float value) {
    if (picture.scale.kind == ColourScale::Kind::kWeights) return value < kPaleWeight;
    return std::abs(value) < kPaleShare * picture.scale.high;
}

void draw_hidden(UiContext& ui, const Rect& cell) {
    fill(ui, cell, ui.theme.sunk, ui.px(2));
    const float reach = std::min(cell.w, cell.h) * 0.2F;
    const Point middle = cell.centre();
    draw_line(ui, {middle.x - reach, middle.y + reach}, {middle.x + reach, middle.y - reach},
              ui.theme.ink_third, ui.hairline());
}

void draw_number(UiContext& ui, const GridPicture& picture, const Rect& cell, float value) {
    const Theme& theme = ui.theme;
    Colour ink = theme.ink;
    if (!is_plain(picture.part)) {
        ink = is_pale(picture, value) ? theme.ink_third
                                      : ink_on(theme, picture.scale.colour(theme, value));
    }
    if (value == kMinusInfinity) ink = theme.ink_second;
    draw_text(ui, {Type::kNumberTiny, ink, Align::kCentre}, cell, text_of(picture, value).view());
}

void draw_cells(UiContext& ui, const EquationLayout& layout, const GridPicture& picture) {
    const PartPlace& place = picture.place;
    const float radius = layout.gap >= ui.px(2) ? ui.px(3) : 0;
    for (int r = place.rows.first; r < place.rows.end(); ++r) {
        for (int c = place.columns.first; c < place.columns.end(); ++c) {
            const Rect cell = layout.cell(place, r, c);
            const float value = picture.values.at(r, c);
            if (is_plain(picture.part)) {
                fill(ui, cell, ui.theme.sunk, radius);
            } else if (value == kMinusInfinity) {
                layout.has_numbers ? fill(ui, cell, ui.theme.sunk, radius) : draw_hidden(ui, cell);
            } else {
                fill(ui, cell, picture.scale.colour(ui.theme, value), radius);
                if (layout.gap > 0 && std::abs(picture.scale.place(value)) < 0.15F) {
                    outline(ui, cell, with_alpha(ui.theme.line, 0.7F), ui.hairline(), radius);
                }
            }
            if (layout.has_numbers) draw_number(ui, picture, cell, value);
        }
    }
}

std::uint64_t version_of(const UiContext& ui, const GridPicture& picture) {
    const auto two = [](int a, int b) {
        return (static_cast<std::uint64_t>(a) << 32U) | static_cast<std::uint64_t>(b);
    };
    const PartPlace& place = picture.place;
    return hash_key(
        {ui.trace_number, picture.part.number, picture.part.outer},
        {two(place.rows.first, place.rows.count), two(place.columns.first, place.columns.count),
         two(static_cast<int>(picture.part.source), picture.part.is_transposed ? 1 : 0),
         static_cast<std::uint64_t>(picture.part.only_row.value_or(-1) + 1),
         std::bit_cast<std::uint32_t>(picture.scale.high), ui.theme.look()});
}

void paint_cells(UiContext& ui, const GridPicture& picture) {
    const PartPlace& place = picture.place;
    const Picture image =
        ui.pictures.get(picture.id, version_of(ui, picture), place.columns.count, place.rows.count,
                        [&](std::span<std::uint32_t> texels) {
                            const ColourTable table(ui.theme, picture.scale);
                            std::size_t at = 0;
                            for (int r = place.rows.first; r < place.rows.end(); ++r) {
                                for (int c = place.columns.first; c < place.columns.end(); ++c) {
                                    texels[at++] = table.at(picture.values.at(r, c));
                                }
                            }
                        });
    draw_picture(ui, place.grid, image);
    outline(ui, place.grid, ui.theme.line, ui.hairline());
}

void log_cells(UiContext& ui, const EquationLayout& layout, const GridPicture& picture) {
    if (!ui.items.is_recording()) return;
    const std::string id = std::string(picture.id) + "/cell";
    const PartPlace& place = picture.place;
    for (int r = place.rows.first; r < place.rows.end(); ++r) {
        for (int c = place.columns.first; c < place.columns.end(); ++c) {
            const float value = picture.values.at(r, c);
            log_item(ui, indexed_id(id, {r, c}), value == kMinusInfinity ? "blocked" : "cell",
                     text_of(picture, value).view(), static_cast<double>(value),
                     layout.cell(place, r, c));
        }
    }
}

void mark_chosen(UiContext& ui, const EquationLayout& layout, const GridPicture& picture) {
    const PartPlace& place = picture.place;
    const auto holds = [](const AxisSight& sight, int at) {
        return at >= sight.first && at < sight.end();
    };
    const bool has_row = holds(place.rows, picture.chosen_row);
    const bool has_column = holds(place.columns, picture.chosen_column);
    const float out = std::max(ui.hairline(), layout.gap);
    const float width = std::max(1.0F, std::round(1.5F * ui.scale));
    const auto around = [out](const Rect& r) {
        return Rect{r.x - out, r.y - out, r.w + 2 * out, r.h + 2 * out};
    };
    if (has_row && picture.row_colour.a > 0) {
        const Rect cell = layout.cell(place, picture.chosen_row, place.columns.first);
        outline(ui, around({place.grid.x, cell.y, place.grid.w - layout.gap, cell.h}),
                picture.row_colour, width, ui.px(4));
    }
    if (has_column && picture.column_colour.a > 0) {
        const Rect cell = layout.cell(place, place.rows.first, picture.chosen_column);
        outline(ui, around({cell.x, place.grid.y, cell.w, place.grid.h - layout.gap}),
                picture.column_colour, width, ui.px(4));
    }
    if (picture.marks_cell && has_row && has_column) {
        outline(ui, around(layout.cell(place, picture.chosen_row, picture.chosen_column)),
                ui.theme.ink, 2 * ui.hairline(), ui.px(4));
    }
}

bool has_label(int position, int chosen, int step) {
    if (position == chosen) return true;
    return position % step == 0 && (chosen < 0 || std::abs(position - chosen) >= step);
}

Colour label_colour(const Theme& theme, const MatrixAxis& axis, int position, bool is_chosen) {
    if (is_chosen && axis.role == AxisRole::kQuery) return theme.query;
    if (is_chosen && axis.role == AxisRole::kKey) return theme.key;
    if (is_chosen) return theme.ink;
    return axis.is_faint(position) || !axis.has_words() ? theme.ink_third : theme.ink;
}

void draw_row_labels(UiContext& ui, const EquationLayout& layout, const GridPicture& picture) {
    const PartPlace& place = picture.place;
    const MatrixAxis& axis = picture.part.rows;
    if (place.row_band.is_empty() || axis.letter.empty()) return;
    const bool is_numbered = !axis.has_words();
    const int step = std::max(1, static_cast<int>(std::ceil(ui.px(13) / layout.cell_h)));
    const int chosen = picture.chosen_row;
    const std::string id = std::string(picture.id) + "/row";
    for (int r = place.rows.first; r < place.rows.end(); ++r) {
        if (!has_label(r, chosen, step)) continue;
        const bool is_chosen = r == chosen;
        const Rect cell = layout.cell(place, r, place.columns.first);
        const float h = std::max(cell.h, ui.px(13));
        const Rect band{place.row_band.x, cell.centre().y - h / 2, place.row_band.w, h};
        const Type type =
            is_numbered ? Type::kNumberTiny : (is_chosen ? Type::kNoteStrong : Type::kNote);
        const std::string label = axis.label(r);
        draw_text(ui, {type, label_colour(ui.theme, axis, r, is_chosen), Align::kRight}, band,
                  label);
        log_item(ui, indexed_id(id, {r}), is_chosen ? "chosen" : "label", label, std::nullopt,
                 band);
    }
}

void draw_column_labels(UiContext& ui, const EquationLayout& layout, const GridPicture& picture) {
    const PartPlace& place = picture.place;
    const MatrixAxis& axis = picture.part.columns;
    if (place.column_band.is_empty() || axis.letter.empty()) return;
    const bool is_numbered = !axis.has_words();
    const bool is_turned = !is_numbered && layout.label_angle != 0;
    const float needed =
        is_numbered
            ? measure_text(ui, Type::kNumberTiny, std::to_string(axis.extent - 1)) + ui.px(4)
            : ui.px(13);
    const int step =
        is_numbered || is_turned
            ? std::max(1, static_cast<int>(std::ceil(needed / std::max(0.5F, layout.cell_w))))
            : 1;
    const int chosen = picture.chosen_column;
    const Rect& band = place.column_band;
    const float length = band.h / std::max(0.3F, -std::sin(layout.label_angle)) - ui.px(6);
    const std::string id = std::string(picture.id) + "/column";
    for (int c = place.columns.first; c < place.columns.end(); ++c) {
        if (!has_label(c, chosen, step)) continue;
        const bool is_chosen = c == chosen;
        const Rect cell = layout.cell(place, place.rows.first, c);
        const Type type =
            is_numbered ? Type::kNumberTiny : (is_chosen ? Type::kNoteStrong : Type::kNote);
        const TextStyle style{type, label_colour(ui.theme, axis, c, is_chosen), Align::kCentre};
        const std::string label = axis.label(c);
        const float middle = cell.centre().x;
        if (is_turned) {
            draw_turned_text(ui, style, {middle, band.bottom() - ui.px(6)}, layout.label_angle,
                             fit_text(ui, type, label, length));
        } else {
            const float w = std::max(cell.w, needed);
            const float h = line_height(ui, type);
            draw_text(ui, style, {middle - w / 2, band.bottom() - h - ui.px(2), w, h}, label);
        }
        log_item(ui, indexed_id(id, {c}), is_chosen ? "chosen" : "label", label, std::nullopt,
                 {cell.x, band.y, cell.w, band.h});
    }
}

std::optional<int> under(float at, float begin, float pitch, const AxisSight& sight) {
    const int index = sight.first + static_cast<int>(std::floor((at - begin) / pitch));
    if (index < sight.first || index >= sight.end()) return std::nullopt;
    return index;
}

void take_mouse(UiContext& ui, const EquationLayout& layout, const GridPicture& picture,
                GridHit& hit) {
    const std::string id(picture.id);
    const PartPlace& place = picture.place;
    const Interaction cells = interact(ui, id + "/cells", place.grid, FocusKind::kPicture);
    if (cells.is_hovered) {
        hit.hovered_row = under(cells.mouse.y, place.grid.y, layout.cell_h, place.rows);
        hit.hovered_column = under(cells.mouse.x, place.grid.x, layout.cell_w, place.columns);
        if (!hit.hovered_row || !hit.hovered_column) hit.hovered_row = std::nullopt;
        if (hit.hovered_row) {
            hit.cell = layout.cell(place, *hit.hovered_row, *hit.hovered_column);
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        }
        hit.was_clicked = cells.was_clicked && hit.hovered_row.has_value();
    }
    const Interaction rows = interact(ui, id + "/rows", place.row_band, FocusKind::kMouseOnly);
    if (rows.was_clicked) {
        hit.clicked_row = under(rows.mouse.y, place.grid.y, layout.cell_h, place.rows);
    }
    const Interaction columns =
        interact(ui, id + "/columns", place.column_band, FocusKind::kMouseOnly);
    if (columns.was_clicked) {
        // A slanted label begins over its column and runs to the right.
        const float up = place.grid.y - columns.mouse.y;
        const bool is_slanted = layout.label_angle < 0 && layout.label_angle > -1.5F &&
                                picture.part.columns.has_words();
        const float x = columns.mouse.x - (is_slanted ? up / std::tan(-layout.label_angle) : 0);
        hit.clicked_column = under(x, place.grid.x, layout.cell_w, place.columns);
    }
    if (rows.is_hovered || columns.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
}

}  // namespace

GridHit draw_grid(UiContext& ui, const EquationLayout& layout, const GridPicture& picture) {
    GridHit hit;
    const PartPlace& place = picture.place;
    if (place.rows.count == 0 || place.columns.count == 0) return hit;
    const bool is_image =
        place.rows.count * place.columns.count > kMostRectangles && !layout.has_numbers;
    if (is_image) {
        paint_cells(ui, picture);
    } else {
        draw_cells(ui, layout, picture);
    }
    mark_chosen(ui, layout, picture);
    draw_row_labels(ui, layout, picture);
    draw_column_labels(ui, layout, picture);
    log_cells(ui, layout, picture);
    take_mouse(ui, layout, picture, hit);
    return hit;
}

PartLook look_of(const Trace& trace, const StagePart& part, const PartValues& values,
                 const AxisSight& rows, const AxisSight& columns) {
    PartLook look;
    float largest = values.largest();
    if (part.source != PartSource::kNode) {
        for (int r = rows.first; r < rows.end(); ++r) {
            for (int c = columns.first; c < columns.end(); ++c) {
                const float value = std::abs(values.at(r, c));
                if (std::isfinite(value)) largest = std::max(largest, value);
            }
        }
    }
    look.is_weights = part.source == PartSource::kNode &&
                      trace.graph().node(part.number).kind == ValueKind::kProbability;
    look.scale = {look.is_weights ? ColourScale::Kind::kWeights : ColourScale::Kind::kSigned,
                  ValueScale::kSquareRoot, look.is_weights ? 1.0F : (largest > 0 ? largest : 1.0F)};
    const std::array magnitude{largest};
    look.decimals = is_plain(part) ? 0 : std::min(2, choose_decimals(magnitude));
    look.widest =
        look.is_weights
            ? ".00"
            : std::string(format_number(-static_cast<double>(largest), look.decimals).view());
    return look;
}

}  // namespace heed::app
