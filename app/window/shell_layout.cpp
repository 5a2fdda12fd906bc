#include "app/window/shell_layout.h"

#include <algorithm>
#include <cmath>

namespace heed::app {

namespace {

// Lengths of the design, in pixels at scale 1.
constexpr float kTopBar = 64;
constexpr float kTopBarLow = 48;
constexpr float kTokens = 56;
constexpr float kTokensLow = 40;
constexpr float kTabLine = 40;
constexpr float kTabs = 32;
constexpr float kBottomBar = 96;
constexpr float kBottomBarLow = 64;
constexpr float kBanner = 36;
constexpr float kGap = 16;
constexpr float kEdge = 24;
constexpr float kRail = 208;
constexpr float kRailNarrow = 160;
constexpr float kSide = 392;
constexpr float kSideNarrow = 260;
constexpr float kSideShare = 0.27F;  // of the picture's width, between the two
constexpr float kTopShare = 0.43F;   // of the right column's height
constexpr float kTopLeast = 180;
constexpr float kTopMost = 360;
constexpr float kPanelLeast = 120;  // height that a person can leave to a right panel
constexpr float kBothLeast = 400;   // height of a column that has room for both
constexpr float kCentreLeast = 320;
constexpr float kLowPicture = 640;
constexpr float kFlatPicture = 420;  // so low that only one bar has room
constexpr float kNarrowPicture = 1200;
constexpr float kSlimPicture = 720;  // so narrow that rail and right column have no room
constexpr float kTextLeast = 180;    // of the field for the sentence
constexpr float kJump = 80;          // tabs come back beside the chips when so much more is free

class Layout {
  public:
    explicit Layout(const ShellRequest& request) : request_(request) {
        is_low_ = request.height < px(kLowPicture);
        is_flat_ = request.height < px(kFlatPicture);
        is_narrow_ = request.width < px(kNarrowPicture);
        is_slim_ = request.width < px(kSlimPicture);
    }

    ShellLayout make() {
        Rect rest{0, 0, request_.width, request_.height};
        layout_.menu_bar = take_top(rest, request_.menu_bar_height);
        layout_.top_bar = take_top(rest, px(is_flat_ ? kTopBarLow : kTopBar));
        if (request_.arrangement.shows_bottom && !is_flat_) {
            layout_.bottom_bar = take_bottom(rest, px(is_low_ ? kBottomBarLow : kBottomBar));
        }
        place_rail(rest);
        rest.w = std::max(0.0F, rest.w - px(is_slim_ ? kGap : kEdge));
        place_tokens(rest);
        if (request_.has_banner) layout_.banner = take_top(rest, px(kBanner), px(kGap / 2));
        take_bottom(rest, px(kGap));
        if (const std::optional<Slot> alone = request_.arrangement.maximised) {
            layout_.panels[static_cast<std::size_t>(*alone)] = rest;
            return layout_;
        }
        place_panels(rest);
        return layout_;
    }

  private:
    float px(float design) const { return std::round(design * request_.scale); }
    Rect& panel(Slot slot) { return layout_.panels[static_cast<std::size_t>(slot)]; }

    void place_rail(Rect& rest) {
        const PanelArrangement& wish = request_.arrangement;
        if (!wish.shows_rail || wish.maximised || is_slim_) {
            take_left(rest, 0, px(is_slim_ ? kGap : kEdge));
            return;
        }
        const float own = is_narrow_ ? kRailNarrow : kRail;
        const float most = std::max(px(kRailLeast), request_.width * 0.4F);
        const float width =
            wish.rail_width > 0 ? std::clamp(px(wish.rail_width), px(kRailLeast), most) : px(own);
        layout_.rail = take_left(rest, width, px(kEdge));
        layout_.rail_splitter = {layout_.rail.right(), rest.y, px(kEdge), rest.h};
    }

    void place_tokens(Rect& rest) {
        Rect row = take_top(rest, px(is_flat_ ? kTokensLow : kTokens));
        const float height = std::min(row.h, px(kTabs));
        row = {row.x, std::round(row.centre().y - height / 2), row.w, height};
        const float reserve = request_.tabs_had_line ? px(kJump) : 0.0F;
        const bool fits = request_.tokens_width + px(kGap) + request_.tabs_width + reserve <= row.w;
        layout_.tabs_have_line = !fits && !is_low_;
        if (layout_.tabs_have_line) {
            layout_.tokens = row;
            layout_.tabs = take_top(rest, px(kTabLine));
            layout_.tabs.h = std::min(layout_.tabs.h, px(kTabs));
            layout_.tabs_are_short = request_.tabs_width > layout_.tabs.w;
            layout_.tabs.w =
                std::min(layout_.tabs.w,
                         layout_.tabs_are_short ? request_.short_tabs_width : request_.tabs_width);
            return;
        }
        // Without a line of their own they leave half of the row to the chips.
        layout_.tabs_are_short = !fits && request_.tabs_width > row.w / 2;
        const float wanted =
            layout_.tabs_are_short ? request_.short_tabs_width : request_.tabs_width;
        layout_.tabs = take_right(row, std::min(wanted, row.w / 2), px(kGap));
        layout_.tokens = row;
    }

    void place_panels(Rect rest) {
        const PanelArrangement& wish = request_.arrangement;
        const float room = rest.w - px(kGap) - px(kCentreLeast);
        const bool has_right = wish.shows_right_top || wish.shows_right_bottom;
        if (!has_right || is_slim_ || room < px(kRightLeast)) {
            panel(Slot::kCentre) = rest;
            return;
        }
        const float own = std::clamp(request_.width * kSideShare, px(kSideNarrow), px(kSide));
        const float width =
            std::clamp(wish.right_width > 0 ? px(wish.right_width) : own, px(kRightLeast), room);
        Rect column = take_right(rest, std::round(width), px(kGap));
        panel(Slot::kCentre) = rest;
        layout_.right_splitter = {rest.right(), rest.y, column.x - rest.right(), rest.h};
        place_column(column);
    }

    void place_column(Rect column) {
        const PanelArrangement& wish = request_.arrangement;
        if (!wish.shows_right_top || !wish.shows_right_bottom) {
            panel(wish.shows_right_top ? Slot::kRightTop : Slot::kRightBottom) = column;
            return;
        }
        // A message that comes and goes does not change what is there.
        const float banner = request_.has_banner ? px(kBanner + kGap / 2) : 0.0F;
        if (column.h + banner < px(kBothLeast)) {
            layout_.side_tabs = take_top(column, px(36), px(kGap / 2));
            panel(wish.prefers_bottom ? Slot::kRightBottom : Slot::kRightTop) = column;
            return;
        }
        const float own = std::clamp(column.h * kTopShare, px(kTopLeast), px(kTopMost));
        const float height = std::clamp(wish.top_share > 0 ? column.h * wish.top_share : own,
                                        px(kPanelLeast), column.h - px(kGap) - px(kPanelLeast));
        panel(Slot::kRightTop) = take_top(column, std::round(height), px(kGap));
        const Rect& above = panel(Slot::kRightTop);
        layout_.row_splitter = {column.x, above.bottom(), column.w, column.y - above.bottom()};
        panel(Slot::kRightBottom) = column;
    }

    const ShellRequest& request_;
    ShellLayout layout_;
    bool is_low_ = false;
    bool is_flat_ = false;
    bool is_narrow_ = false;
    bool is_slim_ = false;
};

}  // namespace

Rect ShellLayout::work_area() const {
    Rect area = tokens;
    for (const Rect& part : {tabs, banner, panels[0], panels[1], panels[2]}) {
        if (part.is_empty()) continue;
        area.w = std::max(area.right(), part.right()) - area.x;
        area.h = std::max(area.bottom(), part.bottom()) - area.y;
    }
    if (!rail.is_empty()) {
        area.w = area.right() - rail.x;
        area.x = rail.x;
    }
    return area;
}

ShellLayout layout_shell(const ShellRequest& request) {
    return Layout(request).make();
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
    // What the sentence needs more than they do is in the menus too, all but the time.
    const float least = px(request.has_pair ? 2 * kTextLeast : kTextLeast);
    const auto has_room = [&](float width) { return rest.w - width - px(12) >= least; };
    if (has_room(request.theme_width)) {
        layout.theme = row(take_right(rest, request.theme_width, px(12)), 30);
    }
    const float status = std::min(request.status_width, rest.w * 0.25F);
    if (has_room(status + request.pair_button_width)) {
        layout.status = row(take_right(rest, status, px(12)), 30);
    }
    if (request.pair_button_width > 0 && has_room(request.pair_button_width)) {
        layout.pair_button = row(take_right(rest, request.pair_button_width, px(12)), 30);
    }
    if (request.has_pair) {
        layout.pair = row(take_right(rest, std::floor((rest.w - px(8)) / 2), px(8)), 40);
    }
    layout.text = row(rest, 40);
    return layout;
}

}  // namespace heed::app
