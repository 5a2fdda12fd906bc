#include <algorithm>
#include <cmath>

#include "app/views/predict.h"

namespace heed::app {

namespace {

constexpr float kControl = 28;  // design pixels
constexpr float kMode = 78;
constexpr float kMostSearch = 220;
constexpr float kLeastSearch = 110;
constexpr float kListShare = 0.5F;
constexpr float kLeastBeside = 640;  // width that has room for list and lens
constexpr float kLabelRow = 24;
constexpr float kLeastList = 120;
constexpr float kLeastCell = 52;
constexpr float kMostCell = 116;
constexpr float kLeastCellHeight = 22;
constexpr float kMostCellHeight = 44;
constexpr float kRanks = 62;

}  // namespace

PredictFrame layout_predict_frame(const UiContext& ui, const Rect& inside,
                                  const PredictRequest& request) {
    PredictFrame frame;
    Rect rest = inside;
    Rect first = take_top(rest, ui.px(kControl), ui.px(6));
    if (request.has_lens) {
        frame.modes = take_right(first, std::min(first.w, 2 * ui.px(kMode)), ui.px(16));
    }
    frame.title = first;
    frame.caption = take_top(rest, ui.px(20), ui.px(8));
    const bool is_list = request.mode == PredictMode::kList;
    const bool has_controls = is_list || request.jump_w > 0 || request.mask_w > 0;
    Rect controls;
    if (has_controls) controls = take_top(rest, ui.px(kControl), ui.px(12));
    if (request.jump_w > 0 && controls.w > request.jump_w) {
        frame.jump = take_right(controls, request.jump_w, ui.px(8));
    }
    if (request.mask_w > 0 && controls.w > request.mask_w) {
        frame.mask = take_right(controls, request.mask_w, ui.px(8));
    }
    if (request.has_search && is_list && controls.w >= ui.px(kLeastSearch)) {
        const float width = std::min(ui.px(kMostSearch), controls.w);
        frame.search = take_left(controls, width, ui.px(16));
    }
    frame.actual = controls;
    if (!is_list) {
        frame.lens = rest;
        return frame;
    }
    const float labels = ui.px(kLabelRow) * static_cast<float>(request.other_labels);
    if (request.other_labels > 0 && rest.h - labels >= ui.px(kLeastList)) {
        frame.labels = take_bottom(rest, labels, ui.px(12));
    }
    if (request.has_lens && inside.w >= ui.px(kLeastBeside)) {
        frame.list = take_left(rest, std::round(rest.w * kListShare), ui.px(28));
        frame.lens = rest;
    } else {
        frame.list = rest;
    }
    return frame;
}

PredictRow layout_predict_row(const UiContext& ui, const Rect& row, bool has_probability) {
    PredictRow parts;
    Rect rest = row;
    parts.rank =
        take_left(rest, std::ceil(measure_text(ui, Type::kNumberSmall, "50,257")) + 1, ui.px(10));
    const float number = std::ceil(measure_text(ui, Type::kNumber, "0.000000")) + 1;
    parts.logit = take_right(rest, std::min(rest.w * 0.3F, number), ui.px(10));
    if (has_probability) {
        parts.probability = take_right(rest, std::min(rest.w * 0.4F, number), ui.px(10));
    }
    const bool has_bar = has_probability && rest.w >= ui.px(130);
    parts.word = has_bar ? take_left(rest, std::min(ui.px(130), rest.w * 0.5F), ui.px(10)) : rest;
    if (has_bar) parts.bar = rest;
    return parts;
}

LensLayout layout_lens(const UiContext& ui, const Rect& rect, int rows, int columns) {
    LensLayout layout;
    Rect rest = rect;
    layout.title = take_top(rest, ui.px(20), ui.px(6));
    layout.legend = take_bottom(rest, ui.px(32), ui.px(4));
    layout.caption = take_bottom(rest, ui.px(18), ui.px(8));
    layout.headings = take_top(rest, ui.px(18), ui.px(4));
    const float labels = std::ceil(measure_text(ui, Type::kNoteStrong, "layer 00")) + 1;
    layout.labels = take_left(rest, labels, ui.px(8));
    layout.ranks = take_right(rest, std::min(ui.px(kRanks), rest.w * 0.3F), ui.px(10));
    const auto across = static_cast<float>(std::max(1, columns));
    const auto down = static_cast<float>(std::max(1, rows));
    layout.cell_w = std::floor(std::clamp(rest.w / across, ui.px(kLeastCell), ui.px(kMostCell)));
    layout.cell_h =
        std::floor(std::clamp(rest.h / down, ui.px(kLeastCellHeight), ui.px(kMostCellHeight)));
    const bool over_w = layout.cell_w * across > rest.w;
    const bool over_h = layout.cell_h * down > rest.h;
    layout.scrolls = over_w || over_h;
    const float bar = ui.px(12);
    layout.window = rest;
    layout.window.w = std::min(rest.w, layout.cell_w * across + (over_h ? bar : 0));
    layout.window.h = std::min(rest.h, layout.cell_h * down + (over_w ? bar : 0));
    layout.labels.h = layout.ranks.h = layout.window.h;
    layout.ranks.x = layout.window.right() + ui.px(10);
    layout.headings.x = rest.x;
    layout.headings.w = layout.ranks.right() - rest.x;
    // Caption and legend stay close to the cells.
    const float spare = std::max(0.0F, layout.caption.y - layout.window.bottom() - ui.px(12));
    layout.caption.y -= spare;
    layout.legend.y -= spare;
    return layout;
}

}  // namespace heed::app
