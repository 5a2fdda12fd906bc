#include <algorithm>
#include <cmath>

#include "app/views/vectors.h"

namespace heed::app {

namespace {

constexpr float kLeastRow = 20;  // design pixels
constexpr float kMostRow = 40;
constexpr float kColumnGap = 20;
constexpr float kStripCell = 8;
constexpr float kMostStripCell = 28;
constexpr float kLeastCosine = 52;
constexpr float kMostCosine = 116;
constexpr float kCosineShare = 0.15F;  // of the width
constexpr float kPathHeight = 96;
constexpr float kMostPath = 150;
constexpr float kLeastForPath = 420;  // height of the body
constexpr float kLeastForLegends = 230;
constexpr float kLeastForBars = 560;  // width
constexpr float kPathShare = 0.38F;
constexpr float kMostLabel = 112;
constexpr float kMostLabelShare = 0.25F;
constexpr float kEdge = 8;  // of a chosen row's ground beyond its number
constexpr float kControl = 28;
constexpr float kWideFrame = 760;  // caption and controls share a line
constexpr float kMode = 84;
constexpr float kSlider = 150;
constexpr float kLeastNearest = 70;

// The slider with its label and value, from the right end of `line`.
void place_slider(const UiContext& ui, Rect& line, VectorsFrame& frame) {
    const float label = std::ceil(measure_text(ui, Type::kNote, "after layer")) + 1;
    const float value = std::ceil(measure_text(ui, Type::kNoteStrong, "final")) + 1;
    const float room = line.w - label - value - 2 * ui.px(8);
    const float width = std::min(ui.px(kSlider), room);
    if (width < ui.px(40)) return;
    frame.slider_value = take_right(line, value, ui.px(8));
    frame.slider = take_right(line, width, ui.px(8));
    frame.slider_label = take_right(line, label, ui.px(20));
}

}  // namespace

std::vector<std::string> list_toggles(VectorsMode mode) {
    if (mode == VectorsMode::kWords) return {"order"};
    if (mode == VectorsMode::kCosines) return {"centre"};
    if (mode == VectorsMode::kMap) return {"paths", "centre", "unit"};
    return {"centre", "unit"};
}

VectorsFrame layout_vectors_frame(const UiContext& ui, const Rect& inside, VectorsMode mode,
                                  int steps) {
    VectorsFrame frame;
    Rect rest = inside;
    Rect first = take_top(rest, ui.px(kControl), ui.px(8));
    frame.modes = take_right(first, std::min(first.w, 4 * ui.px(kMode)), ui.px(16));
    if (first.w >= ui.px(80)) frame.title = first;
    Rect controls = take_top(rest, ui.px(kControl), ui.px(4));
    const bool is_wide = inside.w >= ui.px(kWideFrame);
    if (!is_wide) frame.caption = take_top(rest, ui.px(20), ui.px(6));
    const bool has_slider = steps > 1 && mode != VectorsMode::kCompare;
    if (has_slider) place_slider(ui, controls, frame);
    for (const std::string& name : list_toggles(mode)) {
        const float width = measure_button(ui, name == "order" ? "by change" : name);
        const float least = is_wide ? ui.px(200) : 0;
        if (controls.w < width + least) break;
        frame.toggles.push_back(take_right(controls, width, ui.px(8)));
    }
    if (is_wide) frame.caption = controls;
    rest.y += ui.px(6);
    rest.h = std::max(0.0F, rest.h - ui.px(6));
    frame.body = rest;
    return frame;
}

VectorsWordsLayout layout_vectors_words(const UiContext& ui, const Rect& body,
                                        const MatrixAxis& words, int width, int steps) {
    VectorsWordsLayout layout;
    Rect rest = body;
    if (body.h >= ui.px(kLeastForPath) && steps > 0) {
        layout.path = take_bottom(rest, ui.px(kPathHeight), ui.px(4));
        layout.path_title = take_bottom(rest, ui.px(20), ui.px(16));
    }
    if (body.h >= ui.px(kLeastForLegends)) {
        layout.legends = take_bottom(rest, ui.px(36), ui.px(12));
    }
    layout.headings = take_top(rest, ui.px(22), ui.px(4));

    const auto count = static_cast<float>(std::max(1, words.extent));
    layout.row_height = std::floor(std::clamp(rest.h / count, ui.px(kLeastRow), ui.px(kMostRow)));
    layout.scrolls = layout.row_height * count > rest.h;
    const float height = std::min(rest.h, layout.row_height * count);
    // What belongs to the list stays close to it.
    const float spare = rest.h - height;
    layout.list = {rest.x, rest.y, rest.w, height};
    if (!layout.legends.is_empty()) layout.legends.y -= spare;
    if (!layout.path.is_empty()) {
        layout.path_title.y -= spare;
        layout.path.y -= spare;
        layout.path.h += std::min(spare, ui.px(kMostPath - kPathHeight));
    }

    for (int i = 0; i < words.extent; ++i) {
        layout.label_w =
            std::max(layout.label_w, measure_text(ui, Type::kBodyStrong, words.label(i)));
    }
    layout.label_w =
        std::min({std::ceil(layout.label_w) + 1, ui.px(kMostLabel), body.w * kMostLabelShare});
    layout.cosine_w =
        std::clamp(std::round(body.w * kCosineShare), ui.px(kLeastCosine), ui.px(kMostCosine));
    const float gap = ui.px(kColumnGap);
    const float bar = layout.scrolls ? ui.px(12) : 0;
    const float room = rest.w - bar - ui.px(kEdge) - layout.label_w - layout.cosine_w - 3 * gap;
    const float strip = std::max(ui.px(24), std::floor(room / 2));
    layout.shown = std::clamp(static_cast<int>(strip / ui.px(kStripCell)), 1, std::max(1, width));
    layout.strip_w = std::min(strip, ui.px(kMostStripCell) * static_cast<float>(layout.shown));
    layout.fixed_x = layout.label_w + gap;
    layout.context_x = layout.fixed_x + layout.strip_w + gap;
    layout.cosine_x = layout.context_x + layout.strip_w + gap;

    if (layout.path.is_empty() || body.w < ui.px(kLeastForBars)) return layout;
    const float path = std::round(body.w * kPathShare);
    layout.bars_title = layout.path_title;
    layout.bars = layout.path;
    layout.path = take_right(layout.bars, path, ui.px(32));
    layout.path_title = take_right(layout.bars_title, path, ui.px(32));
    return layout;
}

VectorsCosinesLayout layout_vectors_cosines(const UiContext& ui, const Rect& body,
                                            const MatrixAxis& words) {
    VectorsCosinesLayout layout;
    Rect rest = body;
    layout.legend = take_bottom(rest, ui.px(32), ui.px(6));
    layout.caption = take_bottom(rest, ui.px(18), ui.px(8));
    MatrixFit fit;
    fit.is_square = true;
    const auto place = [&](Rect half, Rect& title, MatrixLayout& matrix) {
        title = take_top(half, ui.px(20), ui.px(4));
        matrix = layout_matrix(ui, half, words, words, fit, "-0.00");
    };
    const bool is_beside = body.w >= body.h * 0.9F;
    const float half = is_beside ? (rest.w - ui.px(24)) / 2 : (rest.h - ui.px(16)) / 2;
    const Rect first =
        is_beside ? take_left(rest, half, ui.px(24)) : take_top(rest, half, ui.px(16));
    place(first, layout.fixed_title, layout.fixed);
    place(rest, layout.context_title, layout.context);
    // Caption and legend stay close to the matrices.
    const float end = layout.context.window.bottom() + ui.px(14);
    const float spare = std::max(0.0F, layout.caption.y - end);
    layout.caption.y -= spare;
    layout.legend.y -= spare;
    const float least = ui.px(kLeastNearest);
    const float top = layout.legend.bottom() + ui.px(18);
    if (!is_beside || body.bottom() - top < least) return layout;
    layout.fixed_nearest = {layout.fixed_title.x, top, half, body.bottom() - top};
    layout.context_nearest = {layout.context_title.x, top, half, body.bottom() - top};
    return layout;
}

VectorsMapLayout layout_vectors_map(const UiContext& ui, const Rect& body) {
    VectorsMapLayout layout;
    Rect rest = body;
    Rect foot = take_bottom(rest, ui.px(kControl), ui.px(4));
    layout.reset = take_right(foot, std::min(foot.w, measure_button(ui, "show all")), ui.px(16));
    layout.note = foot;
    layout.x_label = take_bottom(rest, ui.px(18), ui.px(2));
    layout.x_numbers = take_bottom(rest, ui.px(16), ui.px(2));
    layout.y_label = take_left(rest, ui.px(18), ui.px(4));
    layout.y_numbers =
        take_left(rest, std::ceil(measure_text(ui, Type::kNumberTiny, "-0.00")) + 1, ui.px(6));
    layout.plot = rest;
    for (Rect* under : {&layout.x_label, &layout.x_numbers}) {
        under->x = rest.x;
        under->w = rest.w;
    }
    layout.y_label.h = layout.y_numbers.h = rest.h;
    return layout;
}

VectorsCompareLayout layout_vectors_compare(const UiContext& ui, const Rect& body) {
    VectorsCompareLayout layout;
    Rect rest = body;
    layout.chips = take_top(rest, ui.px(kControl), ui.px(12));
    const bool is_beside = rest.w >= ui.px(620);
    Rect chart = rest;
    if (is_beside) {
        chart = take_left(rest, std::round(rest.w * 0.45F), ui.px(28));
        layout.map = rest;
    } else if (rest.h >= ui.px(420)) {
        chart = take_top(rest, std::round(rest.h * 0.42F), ui.px(16));
        layout.map = rest;
    }
    layout.chart_title = take_top(chart, ui.px(20), ui.px(8));
    layout.chart_steps = take_bottom(chart, ui.px(34), ui.px(2));
    layout.chart_numbers =
        take_left(chart, std::ceil(measure_text(ui, Type::kNumberTiny, "-0.50")) + 1, ui.px(8));
    layout.chart = chart;
    layout.chart_steps.x = chart.x;
    layout.chart_steps.w = chart.w;
    return layout;
}

Point MapView::place(const WordPlane::Spot& spot) const {
    const Point middle = plot.centre();
    return {middle.x + static_cast<float>((spot.x - x) * scale),
            middle.y - static_cast<float>((spot.y - y) * scale)};
}

MapView fit_map(const WordPlane& plane, const Rect& plot, float margin, const MapWindow& window) {
    double low_x = 0;
    double high_x = 0;
    double low_y = 0;
    double high_y = 0;
    bool is_first = true;
    for (const auto* spots : {&plane.spots, &plane.other_spots}) {
        for (const WordPlane::Spot& spot : *spots) {
            low_x = is_first ? spot.x : std::min(low_x, spot.x);
            high_x = is_first ? spot.x : std::max(high_x, spot.x);
            low_y = is_first ? spot.y : std::min(low_y, spot.y);
            high_y = is_first ? spot.y : std::max(high_y, spot.y);
            is_first = false;
        }
    }
    const auto room_w = static_cast<double>(std::max(1.0F, plot.w - 2 * margin));
    const auto room_h = static_cast<double>(std::max(1.0F, plot.h - 2 * margin));
    constexpr double kLeastSpan = 1e-9;  // all points in one place
    const double scale = std::min(room_w / std::max(kLeastSpan, high_x - low_x),
                                  room_h / std::max(kLeastSpan, high_y - low_y));
    MapView view;
    view.plot = plot;
    const bool is_one_place = high_x - low_x < kLeastSpan && high_y - low_y < kLeastSpan;
    view.scale = (is_one_place ? 100.0 : scale) * static_cast<double>(window.zoom);
    view.x = (low_x + high_x) / 2 + window.x;
    view.y = (low_y + high_y) / 2 + window.y;
    return view;
}

}  // namespace heed::app
