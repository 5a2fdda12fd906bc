// Every view at every size, scale and theme, with texts that strain it: what is on the screen stays
// apart and inside, and the layout is what it was. HEED_UPDATE_THUMBNAILS=1 in the environment
// stores the layouts anew.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/window/view_table.h"
#include "tests/app/scenarios/play.h"
#include "tests/app/scenarios/thumbnail.h"

using namespace heed;
using namespace heed::app;
using heed::app::test::check_apart;
using heed::app::test::check_inside;
using heed::app::test::compare_thumbnails;
using heed::app::test::load_thumbnail;
using heed::app::test::make_thumbnail;
using heed::app::test::Play;
using heed::app::test::save_thumbnail;
using heed::app::test::Size;
using heed::app::test::Thumbnail;

namespace {

// Layouts that moved exceed these by far; the same layout in other fonts stays below.
constexpr double kMostMean = 3;
constexpr double kMostBlock = 28;

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
    const auto load = [&](std::string_view view) {
        return load_thumbnail(folder / (std::string(view) + "-1600x1000@1-light.png"));
    };
    const Thumbnail attention = load("attention");
    CHECK(compare_thumbnails(attention, attention).block == 0);
    for (const ViewEntry& one : all_views()) {
        for (const ViewEntry& other : all_views()) {
            if (one.name == "inspector" || other.name == "inspector") continue;
            if (one.name == other.name) continue;
            CAPTURE(one.name);
            CAPTURE(other.name);
            CHECK(compare_thumbnails(load(one.name), load(other.name)).block > kMostBlock);
        }
    }
    Thumbnail moved = attention;
    std::rotate(moved.begin(), moved.begin() + 3 * heed::app::test::kThumbnailWidth, moved.end());
    CHECK(compare_thumbnails(attention, moved).block > kMostBlock);
}

TEST_SUITE_END();
