#include "app/window/shell_layout.h"

#include <algorithm>
#include <cmath>

namespace heed::app {

namespace {

// Lengths of the design, in pixels at scale 1.
constexpr float kTopBar = 64;
constexpr float kTokens = 56;
constexpr float kBottomBar = 96;
constexpr float kBottomBarLow = 64;
constexpr float kBanner = 36;
constexpr float kGap = 16;
constexpr float kEdge = 24;
constexpr float kRail = 208;
constexpr float kRailNarrow = 160;
constexpr float kSide = 392;
constexpr float kSideNarrow = 260;
constexpr float kSideShare = 0.27F;   // of the picture's width, between the two
constexpr float kHeadsShare = 0.43F;  // of the right column's height
constexpr float kHeadsLeast = 200;
constexpr float kHeadsMost = 360;
constexpr float kBothLeast = 470;  // height of a column that has room for heads and inspector
constexpr float kLowPicture = 640;
constexpr float kNarrowPicture = 1200;

}  // namespace

ShellLayout layout_shell(const ShellRequest& request) {
    const auto px = [&](float design) { return std::round(design * request.scale); };
    const bool is_low = request.height < px(kLowPicture);
    const bool is_narrow = request.width < px(kNarrowPicture);
    ShellLayout layout;
    Rect rest{0, 0, request.width, request.height};
    layout.top_bar = take_top(rest, px(kTopBar));
    layout.bottom_bar = take_bottom(rest, px(is_low ? kBottomBarLow : kBottomBar));
    layout.rail = take_left(rest, px(is_narrow ? kRailNarrow : kRail), px(kEdge));
    rest.w = std::max(0.0F, rest.w - px(kEdge));

    Rect row = take_top(rest, px(kTokens));
    row = inset(row, 0, px(12));
    layout.tabs = take_right(row, request.tabs_width, px(kGap));
    layout.tokens = row;
    layout.banner = request.has_banner ? take_top(rest, px(kBanner), px(kGap / 2)) : Rect{};
    take_bottom(rest, px(kGap));

    const float side = std::clamp(request.width * kSideShare, px(kSideNarrow), px(kSide));
    Rect column = take_right(rest, side, px(kGap));
    layout.centre = rest;
    if (column.h >= px(kBothLeast)) {
        const float heads =
            std::clamp(std::round(column.h * kHeadsShare), px(kHeadsLeast), px(kHeadsMost));
        layout.heads = take_top(column, heads, px(kGap));
        layout.inspector = column;
        return layout;
    }
    layout.side_tabs = take_top(column, px(36), px(kGap / 2));
    (request.prefers_inspector ? layout.inspector : layout.heads) = column;
    return layout;
}

TopBarLayout layout_top_bar(const TopBarRequest& request) {
    const auto px = [&](float design) { return std::round(design * request.scale); };
    TopBarLayout layout;
    Rect rest = inset(request.bar, px(kEdge), 0);
    const auto row = [&](Rect piece, float height) {
        return Rect{piece.x, std::round(piece.centre().y - px(height) / 2), piece.w, px(height)};
    };
    layout.name = row(take_left(rest, request.name_width, px(kEdge)), 40);
    layout.model =
        row(take_left(rest, std::min(request.model_width, rest.w * 0.35F), px(kGap)), 32);
    layout.theme = row(take_right(rest, request.theme_width, px(12)), 30);
    layout.status =
        row(take_right(rest, std::min(request.status_width, rest.w * 0.25F), px(12)), 30);
    if (request.pair_button_width > 0) {
        layout.pair_button = row(take_right(rest, request.pair_button_width, px(12)), 30);
    }
    if (request.has_pair) {
        layout.pair = row(take_right(rest, std::floor((rest.w - px(8)) / 2), px(8)), 40);
    }
    layout.text = row(rest, 40);
    return layout;
}

}  // namespace heed::app
