#include "app/window/shell_layout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

using namespace heed::app;

namespace {

struct Size {
    float width;
    float height;
    float scale;
};
const std::vector<Size> kSizes{{1280, 720, 1},     {1280, 720, 2},  {1280, 720, 3},
                               {1600, 1000, 1},    {1600, 1000, 2}, {1920, 1080, 1.5F},
                               {2560, 1440, 1.5F}, {3840, 2160, 1}, {3840, 2160, 2},
                               {3840, 2160, 3},    {800, 500, 1}};

void check_apart(const std::vector<std::pair<const char*, Rect>>& parts, const Rect& screen) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        CAPTURE(parts[i].first);
        if (parts[i].second.is_empty()) continue;
        const Rect& part = parts[i].second;
        CHECK(part.x >= screen.x);
        CHECK(part.y >= screen.y);
        CHECK(part.right() <= screen.right() + 0.01F);
        CHECK(part.bottom() <= screen.bottom() + 0.01F);
        for (std::size_t j = i + 1; j < parts.size(); ++j) {
            CAPTURE(parts[j].first);
            const Rect shared = intersect(parts[i].second, parts[j].second);
            CHECK(std::min(shared.w, shared.h) <= 0.01F);
        }
    }
}

void check_layout(const ShellRequest& request) {
    const ShellLayout l = layout_shell(request);
    check_apart({{"menu", l.menu_bar},
                 {"top", l.top_bar},
                 {"tokens", l.tokens},
                 {"tabs", l.tabs},
                 {"banner", l.banner},
                 {"rail", l.rail},
                 {"centre", l.panels[0]},
                 {"right top", l.panels[1]},
                 {"right bottom", l.panels[2]},
                 {"side", l.side_tabs},
                 {"bottom", l.bottom_bar},
                 {"rail splitter", l.rail_splitter},
                 {"right splitter", l.right_splitter},
                 {"row splitter", l.row_splitter}},
                {0, 0, request.width, request.height});
    const PanelArrangement& wish = request.arrangement;
    const Slot large = wish.maximised.value_or(Slot::kCentre);
    CHECK(l.panel(large).w >= 300 * request.scale);
    CHECK(l.panel(large).h >= 50 * request.scale);
    CHECK(l.banner.is_empty() != request.has_banner);
    CHECK_FALSE(l.tokens.is_empty());
    CHECK_FALSE(l.tabs.is_empty());
    if (!wish.shows_rail) CHECK(l.rail.is_empty());
    if (!wish.shows_bottom) CHECK(l.bottom_bar.is_empty());
    if (!wish.shows_right_top && !wish.maximised) CHECK(l.panels[1].is_empty());
    if (!wish.shows_right_bottom && !wish.maximised) CHECK(l.panels[2].is_empty());
}

// Calls `use` with every combination of hidden panels.
template <class Use>
void for_each_arrangement(const Use& use) {
    for (int bits = 0; bits < 32; ++bits) {
        for (int alone = -1; alone < kSlotCount; ++alone) {
            PanelArrangement wish;
            wish.shows_rail = (bits & 1) == 0;
            wish.shows_right_top = (bits & 2) == 0;
            wish.shows_right_bottom = (bits & 4) == 0;
            wish.shows_bottom = (bits & 8) == 0;
            wish.prefers_bottom = (bits & 16) != 0;
            if (alone >= 0) wish.maximised = static_cast<Slot>(alone);
            use(wish);
        }
    }
}

}  // namespace

TEST_SUITE_BEGIN("app/window/shell_layout");

TEST_CASE("no part overlaps another or leaves the picture, at any size, whatever is hidden") {
    for (const Size& size : kSizes) {
        CAPTURE(size.width);
        CAPTURE(size.scale);
        for_each_arrangement([&](const PanelArrangement& wish) {
            for (const bool has_banner : {false, true}) {
                for (const float tokens : {0.0F, 400.0F, 5000.0F}) {
                    CAPTURE(tokens);
                    ShellRequest request{size.width, size.height, size.scale};
                    request.menu_bar_height = has_banner ? 0 : 28 * size.scale;
                    request.has_banner = has_banner;
                    request.arrangement = wish;
                    request.tokens_width = tokens * size.scale;
                    request.tabs_width = 450 * size.scale;
                    request.short_tabs_width = 110 * size.scale;
                    check_layout(request);
                }
            }
        });
    }
}

TEST_CASE("whatever sizes a person drags the panels to, all have room") {
    for (const Size& size : kSizes) {
        for (const float rail : {kRailLeast, kRailMost}) {
            for (const float right : {kRightLeast, 500.0F, kRightMost}) {
                for (const float share : {kTopShareLeast, 0.5F, kTopShareMost}) {
                    CAPTURE(size.width);
                    CAPTURE(size.scale);
                    CAPTURE(right);
                    ShellRequest request{size.width, size.height, size.scale};
                    request.tabs_width = 450 * size.scale;
                    request.short_tabs_width = 110 * size.scale;
                    request.arrangement.rail_width = rail;
                    request.arrangement.right_width = right;
                    request.arrangement.top_share = share;
                    check_layout(request);
                }
            }
        }
    }
}

TEST_CASE("both right panels are there at 1280x720 and larger, else a switch between them") {
    for (const Size& size : kSizes) {
        CAPTURE(size.width);
        CAPTURE(size.scale);
        const ShellLayout l = layout_shell({size.width, size.height, size.scale});
        const bool has_top = !l.panel(Slot::kRightTop).is_empty();
        const bool has_bottom = !l.panel(Slot::kRightBottom).is_empty();
        if (size.height / size.scale >= 720) {
            CHECK(has_top);
            CHECK(has_bottom);
        }
        CHECK(l.side_tabs.is_empty() == (has_top == has_bottom));
    }
}

TEST_CASE("a dragged size is the size that is had, where there is room") {
    ShellRequest request{1920, 1080, 1.5F};
    request.arrangement.rail_width = 200;
    request.arrangement.right_width = 350;
    request.arrangement.top_share = 0.25F;
    ShellLayout l = layout_shell(request);
    CHECK(l.rail.w == 300);
    CHECK(l.panel(Slot::kRightTop).w == 525);
    request = {1600, 1000, 1};
    request.arrangement.top_share = 0.25F;
    l = layout_shell(request);
    const float all = l.panel(Slot::kRightBottom).bottom() - l.panel(Slot::kRightTop).y;
    CHECK(std::abs(l.panel(Slot::kRightTop).h - all * 0.25F) <= 1);
}

TEST_CASE("tabs get a line of their own when the chips need theirs, and do not flicker") {
    ShellRequest request{1600, 1000, 1};
    request.tabs_width = 450;
    request.short_tabs_width = 110;
    const float row = layout_shell(request).tabs.right() - layout_shell(request).tokens.x;
    request.tokens_width = row - 450 - 16;
    CHECK_FALSE(layout_shell(request).tabs_have_line);
    request.tokens_width += 1;
    CHECK(layout_shell(request).tabs_have_line);
    CHECK(layout_shell(request).tokens.w == row);
    request.tokens_width -= 30;
    request.tabs_had_line = true;
    CHECK(layout_shell(request).tabs_have_line);
    request.tokens_width -= 60;
    CHECK_FALSE(layout_shell(request).tabs_have_line);
    request = {1280, 720, 3};
    request.tokens_width = 4000;
    request.tabs_width = 1350;
    request.short_tabs_width = 330;
    CHECK(layout_shell(request).tabs_are_short);
    CHECK(layout_shell(request).tabs.w == 330);
}

TEST_CASE("no view is shown twice, and the places that were chosen come back") {
    for (const std::string_view centre : kViewNames) {
        for (const std::string_view top : kViewNames) {
            for (const std::string_view bottom : kViewNames) {
                CAPTURE(centre);
                CAPTURE(top);
                CAPTURE(bottom);
                Panels panels;
                panels.views = {std::string(centre), std::string(top), std::string(bottom)};
                const auto shown = shown_views(panels);
                CHECK(shown[0] == centre);
                CHECK(shown[0] != shown[1]);
                CHECK(shown[0] != shown[2]);
                CHECK(shown[1] != shown[2]);
                if (top != centre) CHECK(shown[1] == top);
                if (bottom != centre && bottom != top) CHECK(shown[2] == bottom);
            }
        }
    }
}

TEST_CASE("a view that is put where another stands changes places with it") {
    Panels panels;
    place_view(panels, Slot::kCentre, "heads");
    CHECK(panels.views == std::array<std::string, 3>{"heads", "attention", "inspector"});
    place_view(panels, Slot::kRightBottom, "vectors");
    CHECK(panels.views == std::array<std::string, 3>{"heads", "attention", "vectors"});
    place_view(panels, Slot::kRightBottom, "heads");
    CHECK(panels.views == std::array<std::string, 3>{"vectors", "attention", "heads"});
}

TEST_CASE("the top bar's parts lie apart, with and without a pair") {
    for (const Size& size : kSizes) {
        for (const bool has_pair : {false, true}) {
            CAPTURE(size.width);
            CAPTURE(size.scale);
            const float s = size.scale;
            const Rect bar{0, 0, size.width, 64 * s};
            const TopBarLayout l =
                layout_top_bar({bar, s, 60 * s, 110 * s, 100 * s, 60 * s, 70 * s, has_pair});
            check_apart({{"name", l.name},
                         {"model", l.model},
                         {"text", l.text},
                         {"pair", l.pair},
                         {"button", l.pair_button},
                         {"status", l.status},
                         {"theme", l.theme}},
                        bar);
            CHECK(l.text.w >= 80 * s);
            const bool is_wide = size.width >= 1200 * s;
            if (is_wide) CHECK_FALSE((l.pair_button.is_empty() || l.status.is_empty()));
            CHECK((l.theme.is_empty() && is_wide) == false);
            CHECK(l.pair.is_empty() != has_pair);
        }
    }
}

TEST_SUITE_END();
