#include <algorithm>
#include <cmath>

#include "app/ui/widgets.h"
#include "app/views/neuron.h"

namespace heed::app {

namespace {

// Design pixels.
constexpr float kLabels = 104;
constexpr float kEndNumber = 74;  // right of the running sum
constexpr float kMostPitch = 64;
constexpr float kLeastPitch = 2;
constexpr float kNumberPitch = 46;  // a number fits in a strip's cell
constexpr float kStrip = 22;
constexpr float kStep = 50;
constexpr float kRowLeast = 22;
constexpr float kRowMost = 40;

NeuronHeader layout_header(const UiContext& ui, Rect& rest) {
    NeuronHeader header;
    Rect line = take_top(rest, ui.px(28), ui.px(10));
    const bool is_narrow = line.w < ui.px(460);
    const float modes = ui.px(is_narrow ? 92 : 116);
    header.mode = take_right(line, modes, ui.px(8));
    header.sort = take_right(line, modes, ui.px(16));
    header.title = line;
    return header;
}

}  // namespace

NeuronPairLayout layout_neuron_pair(const UiContext& ui, const NeuronPairRequest& request) {
    NeuronPairLayout layout;
    Rect rest = request.inside;
    layout.header = layout_header(ui, rest);
    const bool is_high = request.inside.h >= ui.px(400);
    const bool is_middling = request.inside.h >= ui.px(290);
    if (is_middling) layout.sentence = take_top(rest, ui.px(is_high ? 42 : 20), ui.px(10));
    layout.figure = rest;
    if (is_middling) {
        const Rect line = take_bottom(rest, ui.px(kStep), ui.px(14));
        const auto count = static_cast<float>(std::max(1, request.steps));
        const float gap = ui.px(28);
        const float width = std::min(ui.px(190), std::floor((line.w - gap * (count - 1)) / count));
        for (int i = 0; i < request.steps; ++i) {
            layout.steps.push_back(
                {line.x + (width + gap) * static_cast<float>(i), line.y, width, line.h});
        }
    }
    if (is_high) layout.legend = take_bottom(rest, ui.px(32), ui.px(14));

    const float labels_w = std::min(ui.px(kLabels), rest.w * 0.3F);
    layout.labels = take_left(rest, labels_w, ui.px(10));
    rest.w = std::max(ui.px(8), rest.w - std::min(ui.px(kEndNumber), rest.w * 0.25F));
    const auto width = static_cast<float>(std::max(1, request.width));
    const float least = kLeastPitch * ui.scale;
    const float fitting = std::clamp(rest.w / width, least, ui.px(kMostPitch));
    layout.pitch = fitting >= 4 ? std::floor(fitting) : fitting;
    layout.shown = std::clamp(static_cast<int>(rest.w / layout.pitch + 0.001F), 0, request.width);
    layout.has_numbers = layout.pitch >= ui.px(kNumberPitch);
    const float label_w =
        measure_text(ui, Type::kNumberTiny, std::to_string(request.width)) + ui.px(6);
    layout.label_step = std::max(1, static_cast<int>(std::ceil(label_w / layout.pitch)));
    rest.w = layout.pitch * static_cast<float>(layout.shown);

    const float strip = rest.h >= ui.px(170) ? ui.px(kStrip) : ui.px(14);
    for (int i = 0; i < request.strips; ++i) {
        layout.strips.push_back(take_top(rest, strip, ui.px(4)));
    }
    take_top(rest, ui.px(8));
    layout.dimensions = take_bottom(rest, ui.px(15), ui.px(2));
    const bool has_running = rest.h >= ui.px(110);
    if (has_running) layout.running = take_bottom(rest, std::floor(rest.h * 0.42F), ui.px(16));
    layout.bars = rest;
    return layout;
}

NeuronRowLayout layout_neuron_row(const UiContext& ui, const NeuronRowRequest& request) {
    NeuronRowLayout layout;
    Rect rest = request.inside;
    layout.header = layout_header(ui, rest);
    const bool is_high = request.inside.h >= ui.px(400);
    if (request.inside.h >= ui.px(260)) {
        layout.sentence = take_top(rest, ui.px(is_high ? 42 : 20), ui.px(10));
    }
    layout.figure = rest;
    if (is_high) layout.legend = take_bottom(rest, ui.px(32), ui.px(14));
    layout.query = take_top(rest, ui.px(kStrip), ui.px(8));
    layout.headings = take_top(rest, ui.px(18), ui.px(4));
    layout.list = rest;

    const auto keys = static_cast<float>(std::max(1, request.keys));
    layout.row_h = std::clamp(std::floor(rest.h / keys), ui.px(kRowLeast), ui.px(kRowMost));
    layout.scrolls = layout.row_h * keys > rest.h + 0.5F;
    const float inner = rest.w - (layout.scrolls ? ui.px(12) : 0);
    layout.label_w = std::min({ui.px(112), inner * 0.28F, std::ceil(request.widest_label) + 1});
    layout.label_w = std::max(layout.label_w, std::min(inner * 0.28F, ui.px(56)));
    const float score_w = ui.px(66);
    const float weight_w = ui.px(44);
    const bool has_bar = inner >= ui.px(420);
    layout.bar_w = has_bar ? ui.px(inner >= ui.px(640) ? 110 : 60) : 0;
    layout.strip_x = layout.label_w + ui.px(10);
    layout.strip_w =
        std::max(ui.px(20), inner - layout.strip_x - score_w - ui.px(12) - layout.bar_w - weight_w);
    // No dimension is wider than in the other picture.
    layout.strip_w = std::min(layout.strip_w,
                              ui.px(kMostPitch) * static_cast<float>(std::max(1, request.width)));
    layout.score_x = layout.strip_x + layout.strip_w + score_w;
    layout.bar_x = layout.score_x + ui.px(12);
    layout.weight_x = layout.bar_x + layout.bar_w + weight_w;
    layout.list.h = std::min(rest.h, layout.row_h * keys);
    return layout;
}

}  // namespace heed::app
