#include "app/window/shell_layout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
#include <vector>

using namespace heed::app;

namespace {

struct Size {
    float width;
    float height;
    float scale;
};
const std::vector<Size> kSizes{{1280, 720, 1},  {1600, 1000, 1},    {1600, 1000, 2},
                               {1920, 1080, 1}, {2560, 1440, 1.5F}, {3840, 2160, 1},
                               {3840, 2160, 3}, {800, 500, 1}};

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

}  // namespace

TEST_SUITE_BEGIN("app/window/shell_layout");

TEST_CASE("no part overlaps another or leaves the picture, at any size") {
    for (const Size& size : kSizes) {
        for (const bool has_banner : {false, true}) {
            for (const bool prefers_inspector : {false, true}) {
                CAPTURE(size.width);
                CAPTURE(size.scale);
                const ShellLayout l = layout_shell({size.width, size.height, size.scale, has_banner,
                                                    prefers_inspector, 264 * size.scale});
                check_apart({{"top", l.top_bar},
                             {"tokens", l.tokens},
                             {"tabs", l.tabs},
                             {"banner", l.banner},
                             {"rail", l.rail},
                             {"centre", l.centre},
                             {"heads", l.heads},
                             {"inspector", l.inspector},
                             {"side", l.side_tabs},
                             {"bottom", l.bottom_bar}},
                            {0, 0, size.width, size.height});
                CHECK(l.centre.w >= 300 * size.scale);
                CHECK(l.centre.w > l.heads.w);
                CHECK((l.heads.is_empty() || l.inspector.is_empty()) != l.side_tabs.is_empty());
                CHECK(l.banner.is_empty() != has_banner);
            }
        }
    }
}

TEST_CASE("heads and inspector are both there at 1280x720 and larger") {
    for (const Size& size : kSizes) {
        if (size.height / size.scale < 720) continue;
        const ShellLayout l =
            layout_shell({size.width, size.height, size.scale, false, false, 264});
        CHECK_FALSE(l.heads.is_empty());
        CHECK_FALSE(l.inspector.is_empty());
    }
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
            CHECK(l.pair.is_empty() != has_pair);
        }
    }
}

TEST_SUITE_END();
