#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/choices.h"
#include "app/views/attention.h"
#include "app/views/attention_labels.h"

namespace heed::app {

namespace {

constexpr float kLeastRoad = 84;  // design pixels between the two sides of the lines
constexpr float kMostRoad = 240;
constexpr float kMostLoneRoad = 420;
constexpr float kLineLabel = 84;  // most width of their labels
constexpr float kLoneLabel = 160;
constexpr float kWorthIt = 0.62F;  // how much smaller cells may become to make room for lines
constexpr float kHeading = 34;     // of the lines
constexpr float kLeastPitch = 17;  // of lines that stand alone
constexpr float kMostPitch = 40;
constexpr float kLeastTitle = 96;
constexpr float kCaptionFrom = 150;  // height of a card that has a line below the picture
constexpr float kLegendFrom = 210;   // that has a legend
constexpr float kRowsFrom = 330;     // height of a card that has a second row of controls
constexpr float kBar = 12;
constexpr float kPictureGap = 28;
constexpr float kLeastBeside = 230;  // side of the room that cells and picture each need

float most_cell(int tokens) {
    return tokens <= 3 ? 120.0F : (tokens <= 6 ? 88.0F : 56.0F);
}

// Few words stand in the middle of the room rather than in its corner.
void centre(const Rect& room, AttentionLayout& layout) {
    const bool has_matrix = layout.matrix.rows > 0;
    const float right = layout.lines.is_empty()
                            ? layout.matrix.window.right() + layout.matrix.overhang
                            : layout.lines.right();
    const float bottom = has_matrix ? layout.matrix.window.bottom() : layout.lines.bottom();
    const float dx = std::floor(std::max(0.0F, room.right() - right) / 2);
    const float dy = std::floor(std::max(0.0F, room.bottom() - bottom) / 3);
    for (Rect* rect :
         {&layout.matrix.row_band, &layout.matrix.column_band, &layout.matrix.window,
          &layout.matrix.grid, &layout.lines, &layout.line_queries, &layout.line_keys}) {
        rect->x += dx;
        rect->y += dy;
    }
}

float line_label_width(const UiContext& ui, const MatrixAxis& axis, float most) {
    float widest = measure_text(ui, Type::kBodyStrong, "query");
    for (int i = 0; i < axis.extent; ++i) {
        widest = std::max(widest, measure_text(ui, Type::kBodyStrong, axis.label(i)));
    }
    return std::min(ui.px(most), std::ceil(widest) + 1);
}

// The bands of labels at both sides of `layout.lines`, below its heading.
void place_bands(const UiContext& ui, const AttentionRequest& request, float most_label,
                 AttentionLayout& layout) {
    const Rect& lines = layout.lines;
    const float top = lines.y + ui.px(kHeading);
    const float height = lines.bottom() - top;
    const float keys = line_label_width(ui, request.keys, most_label);
    layout.line_queries = {lines.x, top, line_label_width(ui, request.queries, most_label), height};
    layout.line_keys = {lines.right() - keys, top, keys, height};
}

// Splits `room` into the matrix and the lines at its right, where there is room for both.
void place_beside(const UiContext& ui, const AttentionRequest& request, const MatrixFit& fit,
                  const Rect& room, AttentionLayout& layout) {
    const float labels = line_label_width(ui, request.queries, kLineLabel) +
                         line_label_width(ui, request.keys, kLineLabel);
    const float needed = labels + ui.px(20 + kLeastRoad + 24);
    if (room.w < needed * 2 || layout.matrix.rows < 2) return;
    if (request.keys.extent > request.queries.extent) return;  // keys would end below the cells
    const Rect rest{room.x, room.y, room.w - needed, room.h};
    const MatrixLayout beside =
        layout_matrix(ui, rest, request.queries, request.keys, fit, request.widest_number);
    if (beside.scrolls || beside.cell_h < layout.matrix.cell_h * kWorthIt) return;
    layout.matrix = beside;
    const float left = beside.grid.right() + std::max(ui.px(24), beside.overhang + ui.px(8));
    const float width = std::min(room.right() - left, labels + ui.px(20 + kMostRoad));
    layout.lines = {left, beside.grid.y - ui.px(kHeading), width, beside.grid.h + ui.px(kHeading)};
    place_bands(ui, request, kLineLabel, layout);
    layout.line_pitch = beside.cell_h;
    layout.line_gap = beside.gap;
    layout.line_step = beside.row_step;
    layout.line_type = beside.row_type;
    layout.line_content = beside.content_h();
}

void place_alone(const UiContext& ui, const AttentionRequest& request, const Rect& room,
                 AttentionLayout& layout) {
    const int count = std::max({1, request.queries.extent, request.keys.extent});
    const float height = std::max(ui.px(20), room.h - ui.px(kHeading));
    layout.line_pitch = std::floor(
        std::clamp(height / static_cast<float>(count), ui.px(kLeastPitch), ui.px(kMostPitch)));
    layout.line_content = layout.line_pitch * static_cast<float>(count);
    layout.line_type = layout.line_pitch >= ui.px(18) ? Type::kBody : Type::kNote;
    const bool scrolls = layout.line_content > height;
    const float bar = scrolls ? ui.px(kBar) : 0;
    const float labels = line_label_width(ui, request.queries, kLoneLabel) +
                         line_label_width(ui, request.keys, kLoneLabel);
    const float width = std::min(room.w - bar, labels + ui.px(20 + kMostLoneRoad));
    const float shown = std::min(layout.line_content, height);
    layout.lines = {room.x, room.y, width, shown + ui.px(kHeading)};
    place_bands(ui, request, std::min(kLoneLabel, width / ui.scale / 3), layout);
    layout.matrix.row_type = layout.line_type;
}

struct Wish {
    AttentionControl control;
    float width;
    float gap;
};

// From the right, as many as leave room for the title; the first of the list are the last to go.
void place_first_row(const UiContext& ui, const AttentionRequest& request, bool can_zoom,
                     Rect header, AttentionLayout& layout) {
    const auto text = [&](AttentionControl c) {
        return std::ceil(measure_button(ui, control_label(c)));
    };
    const float small = ui.px(28);
    const float gap = ui.px(6);
    std::vector<Wish> wishes{{AttentionControl::kMenu, small, gap}};
    if (can_zoom) {
        wishes.push_back({AttentionControl::kZoomIn, small, gap});
        wishes.push_back({AttentionControl::kZoomOut, small, ui.px(2)});
    }
    for (const AttentionControl c : {AttentionControl::kLines, AttentionControl::kHeat}) {
        wishes.push_back({c, text(c), gap});
    }
    wishes.push_back(
        {AttentionControl::kScale, std::ceil(measure_drop_down(ui, scale_labels())), gap});
    if (request.has_picture) {
        wishes.push_back({AttentionControl::kPicture, text(AttentionControl::kPicture), gap});
    }
    for (const AttentionControl c :
         {AttentionControl::kNumbers, AttentionControl::kMerge, AttentionControl::kHide}) {
        wishes.push_back({c, text(c), gap});
    }
    const float title = std::ceil(measure_text(ui, Type::kTitle, request.title)) + 1;
    float room = header.w - std::max(ui.px(kLeastTitle), std::min(title, header.w * 0.45F));
    std::array<float, kAttentionControls> widths{};
    for (const Wish& wish : wishes) {
        if (wish.width + wish.gap > room) break;
        room -= wish.width + wish.gap;
        widths[static_cast<std::size_t>(wish.control)] = wish.width;
    }
    for (const AttentionControl c :
         {AttentionControl::kMenu, AttentionControl::kHide, AttentionControl::kMerge,
          AttentionControl::kScale, AttentionControl::kNumbers, AttentionControl::kPicture,
          AttentionControl::kLines, AttentionControl::kHeat, AttentionControl::kZoomIn,
          AttentionControl::kZoomOut}) {
        const float width = widths[static_cast<std::size_t>(c)];
        if (width > 0) layout.control(c) = take_right(header, width, gap);
    }
    layout.title = take_left(header, std::min(title, header.w), ui.px(16));
    if (header.w > ui.px(80)) layout.subtitle = header;
}

float chip_width(const UiContext& ui, int head) {
    return std::ceil(measure_text(ui, Type::kNoteStrong, std::to_string(head))) + ui.px(24);
}

float chips_width(const UiContext& ui, int heads) {
    float width = 0;
    for (int h = 0; h < heads; ++h) width += chip_width(ui, h) + ui.px(4);
    return width;
}

void place_chips(const UiContext& ui, int heads, const Rect& row, AttentionLayout& layout) {
    layout.control(AttentionControl::kHeads) = row;
    Rect rest = row;
    for (int h = 0; h < heads && rest.w >= chip_width(ui, h); ++h) {
        layout.chips.push_back(take_left(rest, chip_width(ui, h), ui.px(4)));
    }
}

// The controls below the title; `rest` is what is left of the card. Chips of many heads have a row
// of their own.
void place_second_row(const UiContext& ui, const AttentionRequest& request, Rect& rest,
                      AttentionLayout& layout) {
    Rect row = take_top(rest, ui.px(28), ui.px(8));
    const auto take = [&](AttentionControl c, float width) {
        if (row.w >= width) layout.control(c) = take_left(row, width, ui.px(6));
    };
    take(AttentionControl::kChoice, std::ceil(measure_drop_down(ui, choice_labels())));
    take(AttentionControl::kKind, std::ceil(measure_drop_down(ui, kind_labels())));
    if (request.has_only) {
        take(AttentionControl::kOnly,
             std::ceil(measure_button(ui, control_label(AttentionControl::kOnly))));
    }
    const float chips = chips_width(ui, request.chips);
    const bool fits = chips <= row.w;
    if (request.chips > 0 && fits) {
        place_chips(ui, request.chips, take_left(row, chips, ui.px(6)), layout);
    } else if (request.chips > 0) {
        place_chips(ui, request.chips, take_top(rest, ui.px(28), ui.px(8)), layout);
    }
    if (request.parts != AttentionParts::kHeat && row.w >= ui.px(170)) {
        layout.control(AttentionControl::kThreshold) = take_right(row, std::min(row.w, ui.px(240)));
    }
}

// What stands below the picture where the card is so high that the picture can spare it.
struct Footer {
    float caption = 0;  // heights in design pixels; 0: not there
    float badge = 0;
    float legend = 0;

    float height() const {
        float sum = 0;
        for (const float part : {caption, badge, legend}) sum += part > 0 ? part + 6 : 0;
        return sum > 0 ? sum + 12 : 0;
    }
};

Footer choose_footer(const UiContext& ui, const AttentionRequest& request) {
    const bool has_heat = request.parts != AttentionParts::kLines || request.picture != nullptr;
    Footer footer;
    if (request.inside.h >= ui.px(kCaptionFrom)) footer.caption = 18;
    if (request.has_badge) footer.badge = 22;
    if (has_heat && request.inside.h >= ui.px(kLegendFrom)) footer.legend = 32;
    return footer;
}

void place_footer(const UiContext& ui, const AttentionRequest& request, const Footer& footer,
                  AttentionLayout& layout) {
    const bool has_matrix = layout.matrix.rows > 0;
    const bool is_picture_alone = !has_matrix && layout.lines.is_empty();
    const Rect& window = has_matrix         ? layout.matrix.window
                         : is_picture_alone ? layout.picture.frame
                                            : layout.lines;
    const float left = request.inside.x;
    const float width = request.inside.w;
    // Under the cells rather than under their labels, where the width allows.
    const float indent = std::clamp(width - ui.px(480), 0.0F, window.x - left);
    const float low = layout.picture.is_empty()
                          ? window.bottom()
                          : std::max(window.bottom(), layout.picture.whole.bottom());
    float top = low + ui.px(12);
    const auto line = [&](float height) {
        if (height <= 0) return Rect{};
        const Rect made{left + indent, top, width - indent, ui.px(height)};
        top += ui.px(height + 6);
        return made;
    };
    layout.caption = line(footer.caption);
    layout.badge = line(footer.badge);
    layout.legend = line(footer.legend);
}

// Puts the picture at the right of `room`, or below, and returns what is left; nothing where there
// is room for the picture alone.
Rect place_picture(const UiContext& ui, const PictureRequest& request, const Rect& room,
                   AttentionLayout& layout) {
    const float gap = ui.px(kPictureGap);
    Rect rest = room;
    const bool is_wide = room.w >= ui.px(2 * kLeastBeside) + gap;
    if (is_wide) {
        // As much as it can use, which is mostly as much as its height allows.
        const Rect half{room.x, room.y, std::floor((room.w - gap) / 2), room.h};
        layout.picture = layout_picture(ui, half, request);
        if (layout.picture.is_empty()) return room;
        const Rect place = take_right(rest, std::min(half.w, layout.picture.whole.w), gap);
        layout.picture = layout_picture(ui, place, request);
        return rest;
    }
    const bool is_high = room.h >= ui.px(2 * kLeastBeside) + gap;
    if (!is_high) {
        layout.picture = layout_picture(ui, room, request);
        return layout.picture.is_empty() ? room : Rect{};
    }
    layout.picture = layout_picture(ui, take_bottom(rest, (room.h - gap) / 2, gap), request);
    return layout.picture.is_empty() ? room : rest;
}

}  // namespace

AttentionLayout layout_attention(const UiContext& ui, const AttentionRequest& request) {
    AttentionLayout layout;
    Rect rest = request.inside;
    const Rect header = take_top(rest, ui.px(28), ui.px(8));
    const bool has_second = request.inside.h >= ui.px(kRowsFrom);
    if (has_second) place_second_row(ui, request, rest, layout);
    const bool has_heat = request.parts != AttentionParts::kLines;
    const Footer footer = choose_footer(ui, request);
    const float least = std::min(rest.h, ui.px(40));
    Rect room{rest.x, rest.y, rest.w, std::max(least, rest.h - ui.px(footer.height()))};
    if (request.picture != nullptr) room = place_picture(ui, *request.picture, room, layout);
    if (room.is_empty()) {
        // The picture has it all.
    } else if (has_heat) {
        MatrixFit fit;
        fit.is_square = true;
        fit.most_width = fit.most_height =
            most_cell(std::max(request.queries.extent, request.keys.extent));
        fit.zoom = request.zoom;
        layout.matrix =
            layout_matrix(ui, room, request.queries, request.keys, fit, request.widest_number);
        if (request.parts == AttentionParts::kBoth) place_beside(ui, request, fit, room, layout);
    } else {
        place_alone(ui, request, room, layout);
    }
    const bool can_zoom = has_heat && (!layout.matrix.has_numbers || layout.matrix.scrolls);
    place_first_row(ui, request, can_zoom, header, layout);
    if (!room.is_empty()) centre(room, layout);
    place_footer(ui, request, footer, layout);
    return layout;
}

}  // namespace heed::app
