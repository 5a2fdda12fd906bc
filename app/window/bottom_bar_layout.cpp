#include "app/window/bottom_bar_layout.h"

#include <algorithm>
#include <cmath>

namespace heed::app {

namespace {

constexpr float kEdge = 24;
constexpr float kButton = 44;
constexpr float kTrack = 18;
constexpr float kTrackLow = 20;  // that has the title before it
constexpr float kTitleShare = 0.5F;
constexpr float kTallBar = 90;
constexpr float kFormulaShare = 0.45F;  // of the words' width, at most

}  // namespace

BottomBarLayout layout_bottom_bar(const BottomBarRequest& request) {
    const auto px = [&](float design) { return std::round(design * request.scale); };
    BottomBarLayout layout;
    const Rect& bar = request.bar;
    Rect rest = inset(bar, px(kEdge), 0);
    const float side = std::min(px(kButton), bar.h - px(12));
    const auto middle = [&](Rect piece, float height) {
        return Rect{piece.x, std::round(bar.centre().y - height / 2), piece.w, height};
    };
    layout.back = middle(take_left(rest, side, px(8)), side);
    layout.play = middle(take_left(rest, side, px(8)), side);
    layout.next = middle(take_left(rest, side, px(16)), side);
    take_left(rest, std::max(0.0F, request.text_left - rest.x));
    layout.has_small_title = bar.h < px(kTallBar);
    if (layout.has_small_title) {
        layout.track = take_top(rest, px(kTrackLow));
        const float most = layout.track.w * kTitleShare;
        layout.title = take_left(layout.track, std::min(request.title_w, most), px(12));
    } else {
        layout.track = take_top(rest, px(kTrack), px(2));
    }

    const float row_h = std::min(rest.h, px(36));
    const auto row = [&](Rect piece) {
        return Rect{piece.x, std::round(rest.centre().y - row_h / 2), piece.w, row_h};
    };
    if (request.mode_w > 0 && rest.w > request.mode_w + request.code_w + px(200)) {
        layout.mode = row(take_right(rest, request.mode_w, px(8)));
        layout.code = row(take_right(rest, request.code_w, px(20)));
    }
    if (request.formula_w > 0 && request.formula_w <= rest.w * kFormulaShare) {
        layout.formula = row(take_right(rest, request.formula_w, px(24)));
    }
    const float title_h = layout.has_small_title ? 0 : request.title_h;
    layout.lines = rest.h >= title_h + 2 * request.line_h ? 2 : 1;
    const float lines_h = request.line_h * static_cast<float>(layout.lines);
    const float height = std::min(rest.h, title_h + lines_h);
    rest.y += std::max(0.0F, std::floor((rest.h - height) / 2) - px(2));
    rest.h = height;
    if (!layout.has_small_title) layout.title = take_top(rest, request.title_h);
    layout.sentence = rest;
    return layout;
}

}  // namespace heed::app
