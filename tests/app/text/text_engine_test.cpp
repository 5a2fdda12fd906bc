// Shaping, the atlas and what is kept. The fonts are the machine's: a text in a script that it has
// no font for is drawn as code points, which is a case of its own here.
#include "app/text/text_engine.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <set>
#include <string>

#include "core/base/utf8.h"

using namespace heed::app;

namespace {

const std::array<std::string, 9> kTexts{
    "Bark is very cute",
    "0.125",
    "\u0627\u0644\u0643\u0644\u0628 \u062c\u0645\u064a\u0644",
    "\u72d7\u5f88\u53ef\u7231\u3002",
    "\u72ac\u306f\u304b\u308f\u3044\u3044",
    "e\u0301a\u0308\u0323 na\u00efve \u00c5ngstr\u00f6m",
    "\U0001F468\u200D\U0001F469\u200D\U0001F467 \U0001F1E9\U0001F1EA\U0001F44D\U0001F3FD",
    "a \u0643\u0644\u0628 b 12",
    "\U0010FFFD\u0378 \xff",
};

// The left and right end of what is drawn.
std::pair<float, float> ink_of(const LaidText& laid) {
    std::pair<float, float> ink{1e9F, -1e9F};
    for (const GlyphQuad& quad : laid.quads) {
        ink.first = std::min(ink.first, quad.x);
        ink.second = std::max(ink.second, quad.x + quad.w);
    }
    return ink;
}

}  // namespace

TEST_SUITE_BEGIN("app/text/engine");

TEST_CASE("every cluster has its place within the width, and glyphs stay within it too") {
    for (const float scale : {1.0F, 2.0F, 3.0F}) {
        TextEngine engine;
        engine.set_scale(scale);
        for (const std::string& text : kTexts) {
            for (const Type type : {Type::kBody, Type::kSentence, Type::kNumber, Type::kFormula}) {
                CAPTURE(text);
                CAPTURE(scale);
                const LaidText& laid = engine.lay(type, text);
                const ShapedText& shaped = laid.shaped;
                CHECK(shaped.width > 0);
                CHECK(shaped.clusters.size() == split_graphemes(text).size());
                float sum = 0;
                for (const ClusterPlace& place : shaped.clusters) {
                    CHECK(place.left >= 0);
                    CHECK(place.right <= shaped.width + 0.01F);
                    sum += place.right - place.left;
                }
                // What is measured is what is drawn: no part of the width is nobody's.
                CHECK(sum == doctest::Approx(static_cast<double>(shaped.width)));
                const auto [left, right] = ink_of(laid);
                const float em = face_of(type).em_px * scale;
                CHECK(left > -0.3F * em);
                CHECK(right < shaped.width + 0.3F * em);
            }
        }
    }
}

TEST_CASE("letters stand on whole pixels and digits are all as wide as each other") {
    TextEngine engine;
    engine.set_scale(1.3F);
    for (const PlacedGlyph& glyph : engine.shape(Type::kBody, "crisp AVAT text").glyphs) {
        CHECK(glyph.x == std::round(glyph.x));
        CHECK(glyph.y == std::round(glyph.y));
    }
    for (const Type type : {Type::kNumber, Type::kNumberTiny, Type::kCode, Type::kResult}) {
        const float width = engine.shape(type, "0").width;
        for (char digit = '1'; digit <= '9'; ++digit) {
            CHECK(engine.shape(type, std::string(1, digit)).width == width);
        }
        CHECK(engine.shape(type, "0.1234").width == 6 * width);
    }
}

TEST_CASE("Arabic is joined and runs from the right") {
    TextEngine engine;
    const std::string word = "\u0643\u0644\u0628";
    const ShapedText joined = engine.shape(Type::kBody, word);
    if (!joined.boxes.empty()) {
        MESSAGE("no Arabic font here");
        return;
    }
    CHECK(joined.is_rtl);
    REQUIRE(joined.clusters.size() == 3);
    CHECK(joined.clusters[0].left > joined.clusters[2].left);
    CHECK(joined.clusters[0].right == joined.width);
    // The letter alone looks different from the one at the beginning of a word.
    std::set<unsigned> alone;
    for (const PlacedGlyph& glyph : engine.shape(Type::kBody, word.substr(0, 2)).glyphs) {
        alone.insert(glyph.glyph);
    }
    CHECK(alone.count(joined.glyphs.back().glyph) == 0);
}

TEST_CASE("Latin words within Arabic keep their order") {
    TextEngine engine;
    const ShapedText& mixed = engine.shape(Type::kBody, "\u0643 ab \u0644");
    CHECK(mixed.is_rtl);
    REQUIRE(mixed.clusters.size() == 6);
    CHECK(mixed.clusters[2].left < mixed.clusters[3].left);   // a before b
    CHECK(mixed.clusters[0].left > mixed.clusters[3].right);  // the first letter at the right
    CHECK(mixed.clusters[5].right < mixed.clusters[2].left);
}

TEST_CASE("no ligatures where every character counts") {
    TextEngine engine;
    for (const Type type : {Type::kBody, Type::kCode}) {
        const ShapedText& arrow = engine.shape(type, "-> fi != ");
        CHECK(arrow.glyphs.size() == 9);
        const ShapedText& dash = engine.shape(type, "-");
        CHECK(arrow.glyphs[0].glyph == dash.glyphs[0].glyph);
    }
}

TEST_CASE("what no font has is its code point in a box") {
    TextEngine engine;
    const ShapedText& shaped = engine.shape(Type::kBody, "a\U0010FFFD");
    REQUIRE(shaped.boxes.size() == 1);
    CHECK(shaped.glyphs.size() == 1 + 6);
    CHECK(shaped.boxes[0].x > shaped.clusters[0].right - 0.5F);
    CHECK(shaped.boxes[0].x + shaped.boxes[0].w <= shaped.width);
    CHECK(shaped.boxes[0].y > -shaped.baseline);
    CHECK(shaped.boxes[0].y + shaped.boxes[0].h < shaped.height - shaped.baseline);
}

TEST_CASE("a long text of characters that no font has is drawn without searching for each") {
    TextEngine engine;
    std::string text;
    for (char32_t c = 0xF0000; c < 0xF0000 + 5000; ++c) heed::append_utf8(text, c);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(engine.shape(Type::kBody, text).boxes.size() == 5000);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    MESSAGE("5000 characters that no font has: ", took.count(), " ms");
    // Generous: the machine of the tests is shared and may be instrumented.
    CHECK(took.count() < 2000);
}

TEST_CASE("an emoji of several code points is one, in colours where the machine has them") {
    TextEngine engine;
    const LaidText& laid =
        engine.lay(Type::kBody, "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466");
    CHECK(laid.shaped.clusters.size() == 1);
    if (!laid.shaped.boxes.empty() || laid.quads.empty() || !laid.quads[0].is_coloured) {
        MESSAGE("no coloured font here");
        return;
    }
    REQUIRE(laid.quads.size() == 1);
    CHECK(laid.quads[0].h < 20);
    // More than one colour arrived.
    const GlyphQuad& quad = laid.quads[0];
    const auto side = static_cast<float>(engine.atlas().side());
    std::set<std::uint32_t> colours;
    for (int y = 0; y < static_cast<int>(quad.h); ++y) {
        for (int x = 0; x < static_cast<int>(quad.w); ++x) {
            const auto at =
                static_cast<std::size_t>((quad.v0 * side + static_cast<float>(y)) * side +
                                         quad.u0 * side + static_cast<float>(x));
            colours.insert(engine.atlas().texels(quad.page)[at]);
        }
    }
    CHECK(colours.size() > 10);
}

TEST_CASE("a text is worked out once, and forgotten when there are too many others") {
    TextEngine engine;
    engine.begin_frame();
    for (int i = 0; i < 3; ++i) engine.lay(Type::kNumber, "0.25");
    CHECK(engine.shaped_count() == 1);
    engine.lay(Type::kNumberSmall, "0.25");
    CHECK(engine.shaped_count() == 2);
    for (int i = 0; i < 20000; ++i) engine.shape(Type::kNumber, std::to_string(i));
    CHECK(engine.kept_count() >= 20000);
    engine.begin_frame();
    engine.shape(Type::kNumber, "19999");
    engine.begin_frame();
    engine.begin_frame();
    CHECK(engine.kept_count() <= 16384);
    const int before = engine.shaped_count();
    engine.shape(Type::kNumber, "19999");
    CHECK(engine.shaped_count() == before);
    engine.shape(Type::kNumber, "1");
    CHECK(engine.shaped_count() == before + 1);
}

TEST_CASE("new characters add to the atlas and change no more than their own rectangles") {
    TextEngine engine;
    engine.lay(Type::kBody, "abc");
    GlyphAtlas& atlas = engine.atlas();
    REQUIRE(atlas.page_count() == 1);
    atlas.take_changes(0);
    CHECK(atlas.take_changes(0).is_empty());
    engine.lay(Type::kBody, "cab");
    CHECK(atlas.take_changes(0).is_empty());
    const std::vector<std::uint32_t> before(atlas.texels(0).begin(), atlas.texels(0).end());
    engine.lay(Type::kBody, "x");
    const PageRect changes = atlas.take_changes(0);
    CHECK(changes.w < 24);
    CHECK(changes.h < 24);
    REQUIRE(atlas.texels(0).size() == before.size());
    const int rows = static_cast<int>(before.size()) / atlas.side();
    for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < atlas.side(); ++x) {
            const bool is_inside = x >= changes.x && x < changes.x + changes.w && y >= changes.y &&
                                   y < changes.y + changes.h;
            const auto at = static_cast<std::size_t>(y * atlas.side() + x);
            if (!is_inside && before[at] != atlas.texels(0)[at]) FAIL("outside the changes");
        }
    }
}

TEST_CASE("a page takes memory for the rows that hold glyphs, and the empty texels around them") {
    TextEngine engine;
    engine.set_scale(2);
    engine.lay(Type::kBody, "abc");
    GlyphAtlas& atlas = engine.atlas();
    const auto side = static_cast<std::size_t>(atlas.side());
    CHECK(atlas.texels(0).size() < side * side / 4);
    const PageRect changes = atlas.take_changes(0);
    CHECK(static_cast<std::size_t>(changes.y + changes.h) * side <= atlas.texels(0).size());
    for (int x = changes.x; x < changes.x + changes.w; ++x) {
        CAPTURE(x);
        for (const int y : {changes.y, changes.y + changes.h - 1}) {
            CHECK(atlas.texels(
                      0)[static_cast<std::size_t>(y) * side + static_cast<std::size_t>(x)] == 0);
        }
    }
}

TEST_CASE("glyphs never overlap on their page, and a full page is followed by another") {
    TextEngine engine;
    engine.set_scale(4);
    std::vector<GlyphQuad> quads;
    for (char32_t c = 0x21; c < 0x250; ++c) {
        std::string text;
        text += static_cast<char>(0xC0 | (c >> 6));
        text += static_cast<char>(0x80 | (c & 0x3F));
        if (c < 0x80) text = std::string(1, static_cast<char>(c));
        for (int type = 0; type < kTypeCount; ++type) {
            const LaidText& laid = engine.lay(static_cast<Type>(type), text);
            quads.insert(quads.end(), laid.quads.begin(), laid.quads.end());
        }
    }
    CHECK(engine.atlas().page_count() > 1);
    const auto side = static_cast<std::size_t>(engine.atlas().side());
    std::vector<std::vector<bool>> taken(static_cast<std::size_t>(engine.atlas().page_count()),
                                         std::vector<bool>(side * side));
    std::set<std::tuple<int, float, float>> seen;
    bool is_apart = true;
    for (const GlyphQuad& quad : quads) {
        if (!seen.insert({quad.page, quad.u0, quad.v0}).second) continue;
        const auto x0 = static_cast<std::size_t>(std::lround(quad.u0 * static_cast<float>(side)));
        const auto y0 = static_cast<std::size_t>(std::lround(quad.v0 * static_cast<float>(side)));
        for (std::size_t y = y0; y < y0 + static_cast<std::size_t>(quad.h); ++y) {
            for (std::size_t x = x0; x < x0 + static_cast<std::size_t>(quad.w); ++x) {
                auto cell = taken[static_cast<std::size_t>(quad.page)][y * side + x];
                is_apart = is_apart && !cell;
                cell = true;
            }
        }
    }
    CHECK(is_apart);
}

TEST_CASE("another scale makes the atlas anew; what must be first stays first") {
    TextEngine engine;
    engine.set_first_texels(2, 1, {0xFFFFFFFF, 0xFF0000FF});
    const std::uint64_t before = engine.atlas_generation();
    engine.lay(Type::kBody, "abc");
    engine.set_scale(2);
    CHECK(engine.atlas_generation() > before);
    CHECK(engine.kept_count() == 0);
    CHECK(engine.atlas().texels(0)[1] == 0xFF0000FF);
    engine.set_scale(2);
    CHECK(engine.atlas_generation() == before + 1);
    const ShapedText& twice = engine.shape(Type::kBody, "abc");
    CHECK(twice.height > 30);
}

TEST_CASE("a word of two hundred letters is as wide as its letters") {
    TextEngine engine;
    const std::string word(200, 'm');
    CHECK(engine.shape(Type::kBody, word).width == 200 * engine.shape(Type::kBody, "m").width);
    CHECK(engine.shape(Type::kBody, "").width == 0);
    CHECK(engine.line_height(Type::kBody) == 17);
}

TEST_SUITE_END();
