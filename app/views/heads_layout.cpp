#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/ui/widgets.h"
#include "app/views/heads.h"

namespace heed::app {

namespace {

// Design pixels.
constexpr float kMostSide = 132;
constexpr float kPreviewLeast = 264;
constexpr float kPreviewMost = 380;
constexpr float kBand = 20;
constexpr float kBandGap = 8;
constexpr float kNarrowBand = 20;

// How thumbnails of one size stand.
struct Fit {
    float side = 0;
    float gap = 0;
    float bar = 0;
    float caption = 0;
    bool has_names = false;
    bool has_values = false;
    bool has_labels = false;
    bool has_label_values = false;
    int columns = 1;

    float pitch() const { return side + gap; }
    float row_pitch() const { return side + gap + bar + caption; }
};

Fit make_fit(const UiContext& ui, const HeadsRequest& request, float side, float value_w) {
    Fit fit;
    fit.side = side;
    fit.gap = side >= ui.px(12) ? ui.px(4) : std::ceil(side * 0.15F);
    if (request.has_metric && side >= 4) {
        fit.bar =
            (side >= ui.px(28) ? ui.px(4) : std::max(1.0F, ui.px(side >= ui.px(12) ? 3 : 1))) +
            std::max(1.0F, fit.gap / 2);
    }
    const bool wants_names = !request.is_grid;
    const float both = request.widest_name + value_w + ui.px(6);
    fit.has_names = wants_names && side >= request.widest_name;
    fit.has_values = request.has_metric && side >= (wants_names ? both : value_w);
    const bool has_room = request.is_grid && !request.has_metric;
    fit.has_labels = has_room && request.widest_label > 0 && side >= request.widest_label;
    fit.has_label_values = fit.has_labels && side >= request.widest_told;
    if (fit.has_names || fit.has_values || fit.has_labels) fit.caption = ui.px(15);
    return fit;
}

int rows_of(int count, int columns) {
    return (count + columns - 1) / columns;
}

// Height that all rows need with `fit`; fills in its columns.
float measure(const HeadsRequest& request, const Rect& room, float band, float band_gap, Fit& fit) {
    fit.columns = request.is_grid ? request.columns
                                  : std::max(1, static_cast<int>((room.w + fit.gap) / fit.pitch()));
    float height = 0;
    if (request.groups.empty()) {
        const int rows = request.is_grid ? request.layers : rows_of(request.count, fit.columns);
        height = fit.row_pitch() * static_cast<float>(rows);
    }
    for (const int count : request.groups) {
        height +=
            band + band_gap + fit.row_pitch() * static_cast<float>(rows_of(count, fit.columns));
    }
    return height - (request.groups.empty() ? 0 : band_gap) - fit.gap;
}

// The largest thumbnails with which all fits.
Fit choose_fit(const UiContext& ui, const HeadsRequest& request, const Rect& room, float band,
               float band_gap) {
    const float value_w = measure_text(ui, Type::kNumberTiny, "0.00");
    for (float side = ui.px(kMostSide); side >= 2; side -= 1) {
        Fit fit = make_fit(ui, request, side, value_w);
        const float height = measure(request, room, band, band_gap, fit);
        const float width = fit.pitch() * static_cast<float>(fit.columns) - fit.gap;
        if (height <= room.h && width <= room.w) return fit;
    }
    Fit fit;
    fit.columns = request.is_grid ? request.columns : std::max(1, request.count);
    int rows = request.layers + static_cast<int>(request.groups.size());
    if (!request.is_grid) {
        const float area = std::max(1.0F, room.w * room.h);
        const float pitch = std::sqrt(area / static_cast<float>(std::max(1, request.count)));
        fit.columns = std::max(1, static_cast<int>(room.w / pitch));
        rows = rows_of(request.count, fit.columns) + static_cast<int>(request.groups.size());
    }
    const float pitch = std::min(room.w / static_cast<float>(std::max(1, fit.columns)),
                                 room.h / static_cast<float>(std::max(1, rows)));
    fit.gap = pitch * 0.15F;
    fit.side = pitch - fit.gap;
    return fit;
}

void place_controls(const UiContext& ui, const HeadsRequest& request, Rect& rest,
                    HeadsLayout& layout) {
    layout.title = take_top(rest, ui.px(28), ui.px(8));
    const float title = measure_text(ui, Type::kLabel, "All heads") + ui.px(16);
    const float gap = ui.px(8);
    float wanted = 0;
    for (const float width : request.controls) wanted += width + gap;
    // Lines of their own where the height allows, else what fits beside the title.
    int lines = 0;
    if (wanted > layout.title.w - title && rest.h >= ui.px(330)) {
        lines = wanted > rest.w && rest.h >= ui.px(400) ? 2 : 1;
    }
    Rect line = layout.title;
    if (lines > 0) {
        line = take_top(rest, ui.px(28), lines > 1 ? ui.px(6) : ui.px(10));
    } else {
        take_left(line, title);
    }
    float x = line.x;
    std::size_t first = 0;  // of the line
    for (const float width : request.controls) {
        if (x + width > line.right() && lines > 1) {
            line = take_top(rest, ui.px(28), ui.px(10));
            x = line.x;
            lines = 1;
            first = layout.controls.size();
        }
        if (x + width > line.right()) break;
        layout.controls.push_back({x, line.y, width, line.h});
        x += width + gap;
    }
    if (lines > 0 || layout.controls.size() == first) return;
    const float shift = line.right() - layout.controls.back().right();
    for (Rect& control : layout.controls) control.x += shift;
    layout.title.w = layout.controls.front().x - gap - layout.title.x;
}

// Width of what stands beside the groups where they have no line of their own.
float narrow_band(const UiContext& ui, const HeadsRequest& request, const HeadsLayout& layout) {
    return layout.has_side_captions ? request.widest_group + ui.px(6) : ui.px(kNarrowBand);
}

void place_slots(const UiContext& ui, const HeadsRequest& request, const Rect& room, const Fit& fit,
                 HeadsLayout& layout) {
    std::vector<int> groups = request.groups;
    if (groups.empty())
        groups = {request.is_grid ? request.layers * request.columns : request.count};
    const bool has_bands = !request.groups.empty();
    float y = room.y;
    for (const int count : groups) {
        if (has_bands) {
            const float height = layout.has_narrow_bands ? fit.side : ui.px(kBand);
            const float side = narrow_band(ui, request, layout);
            layout.bands.push_back(layout.has_narrow_bands
                                       ? Rect{room.x - side, y, side - ui.px(4), height}
                                       : Rect{room.x, y, room.w, height});
            if (!layout.has_narrow_bands) y += height;
        }
        for (int i = 0; i < count; ++i) {
            const auto column = static_cast<float>(i % fit.columns);
            const auto row = static_cast<float>(i / fit.columns);
            layout.slots.push_back(
                {room.x + fit.pitch() * column, y + fit.row_pitch() * row, fit.side, fit.side});
        }
        y += fit.row_pitch() * static_cast<float>(rows_of(count, fit.columns));
        if (has_bands) y += layout.has_narrow_bands ? ui.px(4) : ui.px(kBandGap);
    }
}

void keep_fit(const Fit& fit, HeadsLayout& layout) {
    layout.side = fit.side;
    layout.pitch = fit.pitch();
    layout.row_pitch = fit.row_pitch();
    layout.columns = fit.columns;
    layout.bar_h = fit.bar;
    layout.caption_h = fit.caption;
    layout.has_names = fit.has_names;
    layout.has_values = fit.has_values;
    layout.has_labels = fit.has_labels;
    layout.has_label_values = fit.has_label_values;
}

// What all thumbnails take, with what stands under them.
Rect measure_grid(const Rect& room, const Fit& fit, const std::vector<Rect>& slots) {
    float bottom = room.y;
    float right = room.x;
    for (const Rect& slot : slots) {
        bottom = std::max(bottom, slot.bottom() + fit.bar + fit.caption);
        right = std::max(right, slot.right());
    }
    return {room.x, room.y, right - room.x, bottom - room.y};
}

}  // namespace

Rect HeadsLayout::reach(int place) const {
    const Rect& slot = slots[static_cast<std::size_t>(place)];
    return {slot.x, slot.y, pitch, row_pitch};
}

HeadsLayout layout_heads(const UiContext& ui, const HeadsRequest& request) {
    HeadsLayout layout;
    Rect rest = request.inside;
    if (rest.w >= ui.px(720) && rest.h >= ui.px(340)) {
        const float width = std::clamp(rest.w * 0.36F, ui.px(kPreviewLeast), ui.px(kPreviewMost));
        layout.preview = take_right(rest, width, ui.px(28));
    }
    place_controls(ui, request, rest, layout);
    const bool has_facts = request.inside.h >= ui.px(140);
    const bool has_legend = request.inside.h >= ui.px(420) && rest.w >= ui.px(360);
    if (request.inside.h >= ui.px(200)) layout.strongest = take_bottom(rest, ui.px(28), ui.px(6));
    if (has_legend) layout.legend = take_bottom(rest, ui.px(32), ui.px(12));
    if (has_facts) layout.facts = take_bottom(rest, ui.px(18), ui.px(10));

    float band = 0;
    float band_gap = 0;
    if (request.is_grid) {
        const std::string last = std::to_string(std::max(0, request.last_layer));
        const float labels = std::ceil(measure_text(ui, Type::kNumberTiny, last)) + ui.px(8);
        layout.column_labels = take_top(rest, ui.px(18));
        layout.row_labels = take_left(rest, labels, ui.px(2));
    }
    if (!request.groups.empty()) {
        const auto count = static_cast<float>(request.groups.size());
        band = ui.px(kBand);
        band_gap = ui.px(kBandGap);
        layout.has_narrow_bands = count * (band + band_gap) > rest.h * 0.4F;
        if (layout.has_narrow_bands) {
            band = 0;
            band_gap = ui.px(4);
            layout.has_side_captions =
                request.widest_group > 0 && request.widest_group < rest.w * 0.3F;
            take_left(rest, narrow_band(ui, request, layout));
        }
    }
    const Fit fit = choose_fit(ui, request, rest, band, band_gap);
    keep_fit(fit, layout);
    layout.label_step = std::max(1, static_cast<int>(std::ceil(ui.px(16) / layout.pitch)));
    place_slots(ui, request, rest, fit, layout);
    layout.grid = measure_grid(rest, fit, layout.slots);
    layout.row_labels.h = layout.grid.h;
    layout.row_labels.w = std::max(0.0F, layout.row_labels.w - ui.px(6));
    layout.column_labels.x = layout.grid.x;
    layout.column_labels.w = layout.grid.w;
    // What tells of the heads stands right under them.
    if (has_facts) layout.facts.y = std::min(layout.facts.y, layout.grid.bottom() + ui.px(10));
    if (has_legend) layout.legend.y = layout.facts.bottom() + ui.px(10);
    if (!layout.strongest.is_empty()) {
        layout.strongest.y =
            has_legend ? layout.legend.bottom() + ui.px(14) : layout.facts.bottom() + ui.px(6);
    }
    return layout;
}

}  // namespace heed::app
