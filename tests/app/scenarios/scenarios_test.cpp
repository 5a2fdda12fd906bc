// Every view at every size, scale and theme, with texts that strain it: what is on the screen stays
// apart and inside, and the layout is what it was. HEED_UPDATE_THUMBNAILS=1 in the environment
// stores the layouts anew.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/window/offscreen.h"
#include "app/window/scenario_runner.h"
#include "app/window/view_table.h"
#include "tests/app/scenarios/thumbnail.h"

using namespace heed;
using namespace heed::app;
using heed::app::test::compare_thumbnails;
using heed::app::test::load_thumbnail;
using heed::app::test::make_thumbnail;
using heed::app::test::save_thumbnail;
using heed::app::test::Thumbnail;

namespace {

constexpr float kGrace_px = 1.01F;  // whole pixels and hairlines that meet

// Layouts that moved exceed these by far; the same layout in other fonts stays below.
constexpr double kMostMean = 3;
constexpr double kMostBlock = 28;

struct Size {
    int width;
    int height;
    float scale;
};
constexpr std::array kSizes{Size{1280, 720, 1}, Size{1280, 720, 2}, Size{1600, 1000, 1},
                            Size{1600, 1000, 2}};

std::string name_of(const Size& size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height) + "@" +
           std::to_string(static_cast<int>(size.scale));
}

struct Sample {
    std::string_view name;
    std::string text;
};

std::vector<Sample> make_samples() {
    std::string sixty;
    constexpr std::array kWords{"the", "dog", "and", "cat", "sat", "on", "a", "mat"};
    for (std::size_t i = 0; i < 58; ++i) {
        sixty += (i > 0 ? " " : "") + std::string(kWords[i % kWords.size()]);
    }
    return {
        {"one", "dog"},
        {"eight", "the cat sat on the mat"},
        {"sixty", sixty},
        {"long-word", "so " + std::string(200, 'w') + " it is"},
        {"scripts", "\u0645\u0631\u062D\u0628\u0627 \u4F60\u597D\u4E16\u754C \U0001F600 caf\u00E9"},
        {"empty", ""},
    };
}

// Runs a scenario's text on the program it is given.
struct Play {
    Offscreen screen;
    ScenarioRunner runner{screen, "test"};

    void run(const std::string& text) { runner.run(parse_scenario(text, "test")); }
    const std::vector<Item>& items() {
        screen.wait(60);
        screen.draw_frame(true);
        return screen.program().items().items();
    }
};

// Items that are read or pressed: no two of them may share a place.
bool stands_alone(const Item& item) {
    static const std::set<std::string_view> kinds{"text",   "button", "chip",  "choice",
                                                  "chosen", "slider", "legend"};
    return item.rect.has_value() && !item.rect->is_empty() && kinds.count(item.kind) > 0;
}

void check_inside(const Item& item, const Size& size) {
    if (!item.rect) return;
    CAPTURE(item.id);
    CHECK(item.rect->x >= -kGrace_px);
    CHECK(item.rect->y >= -kGrace_px);
    CHECK(item.rect->right() <= static_cast<float>(size.width) + kGrace_px);
    CHECK(item.rect->bottom() <= static_cast<float>(size.height) + kGrace_px);
}

void check_apart(const std::vector<Item>& items) {
    std::vector<const Item*> alone;
    for (const Item& item : items) {
        if (stands_alone(item)) alone.push_back(&item);
    }
    for (std::size_t i = 0; i < alone.size(); ++i) {
        for (std::size_t j = i + 1; j < alone.size(); ++j) {
            const Rect shared = intersect(*alone[i]->rect, *alone[j]->rect);
            if (shared.w <= kGrace_px || shared.h <= kGrace_px) continue;
            CAPTURE(alone[i]->id);
            CAPTURE(alone[j]->id);
            CAPTURE(shared.w);
            CAPTURE(shared.h);
            CHECK_MESSAGE(false, "two items share a place");
        }
    }
}

}  // namespace

TEST_SUITE_BEGIN("app/scenarios");

TEST_CASE("every view keeps its parts apart and inside, at every size, for every text") {
    Play stage;
    stage.run("open words\nwait");
    for (const ViewEntry& view : all_views()) {
        if (view.name == "inspector") continue;  // stands beside all others
        stage.run("do view " + std::string(view.name));
        for (const Sample& sample : make_samples()) {
            stage.run("text \"" + sample.text + "\"");
            for (const Size& size : kSizes) {
                stage.screen.resize(size.width, size.height, size.scale);
                CAPTURE(view.name);
                CAPTURE(sample.name);
                CAPTURE(name_of(size));
                const std::vector<Item>& items = stage.items();
                CHECK(items.size() > 10);
                for (const Item& item : items) check_inside(item, size);
                check_apart(items);
                CHECK(stage.screen.take_gl_errors().empty());
            }
        }
    }
}

TEST_CASE("the layout of every view is the one that was stored") {
    const std::filesystem::path folder =
        std::filesystem::path(HEED_SOURCE_DIR) / "tests/data/thumbnails";
    const bool updates = std::getenv("HEED_UPDATE_THUMBNAILS") != nullptr;
    Play stage;
    stage.run("open words\ntext \"Bark is very cute and he is a dog\"\nwait");
    for (const ViewEntry& view : all_views()) {
        if (view.name == "inspector") continue;
        stage.run("do view " + std::string(view.name));
        for (const Size& size : kSizes) {
            for (const std::string theme : {"light", "dark"}) {
                stage.screen.resize(size.width, size.height, size.scale);
                stage.run("theme " + theme + "\nwait");
                const std::string name =
                    std::string(view.name) + "-" + name_of(size) + "-" + theme + ".png";
                const Thumbnail now = make_thumbnail(stage.screen.read());
                if (updates) {
                    save_thumbnail(now, folder / name);
                    continue;
                }
                const auto difference = compare_thumbnails(now, load_thumbnail(folder / name));
                CAPTURE(name);
                CHECK(difference.mean <= kMostMean);
                CHECK(difference.block <= kMostBlock);
            }
        }
    }
}

TEST_CASE("a layout that moved, or another view, is noticed") {
    const std::filesystem::path folder =
        std::filesystem::path(HEED_SOURCE_DIR) / "tests/data/thumbnails";
    const Thumbnail attention = load_thumbnail(folder / "attention-1600x1000@1-light.png");
    const Thumbnail heads = load_thumbnail(folder / "heads-1600x1000@1-light.png");
    CHECK(compare_thumbnails(attention, attention).block == 0);
    CHECK(compare_thumbnails(attention, heads).block > 2 * kMostBlock);
    Thumbnail moved = attention;
    std::rotate(moved.begin(), moved.begin() + 3 * heed::app::test::kThumbnailWidth, moved.end());
    CHECK(compare_thumbnails(attention, moved).block > kMostBlock);
}

TEST_SUITE_END();
