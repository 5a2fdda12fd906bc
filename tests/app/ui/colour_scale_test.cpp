#include "app/ui/colour_scale.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "app/ui/head_colours.h"
#include "app/ui/legend.h"

using namespace heed::app;

namespace {

std::vector<float> draw_weights(int count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<float> values;
    for (int i = 0; i < count; ++i) {
        const auto u = static_cast<float>(random() % 100000) / 100000.0F;
        values.push_back(i % 5 == 0 ? 0.0F : u * u * u * 0.9F);
    }
    return values;
}

std::vector<ColourScale> every_scale(const std::vector<float>& values) {
    std::vector<ColourScale> scales;
    for (const auto kind : {ColourScale::Kind::kWeights, ColourScale::Kind::kSigned}) {
        for (const float high : {1.0F, 0.03F, 250.0F}) {
            for (const ValueScale scale : {ValueScale::kLinear, ValueScale::kSquareRoot,
                                           ValueScale::kLogarithmic, ValueScale::kQuantile}) {
                ColourScale made{kind, scale, high};
                if (scale == ValueScale::kQuantile) {
                    made.quantiles = std::make_shared<const Quantiles>(values);
                    made.high = made.quantiles->value_at(1);
                }
                scales.push_back(made);
            }
        }
    }
    return scales;
}

}  // namespace

TEST_SUITE_BEGIN("app/ui/colour_scale");

TEST_CASE("the value at the place of a value is the value, for every scale") {
    for (const ColourScale& scale : every_scale(draw_weights(4000, 3))) {
        CAPTURE(static_cast<int>(scale.scale));
        CAPTURE(static_cast<int>(scale.kind));
        const float low = scale.scale == ValueScale::kLogarithmic ? kLogFloor * scale.high : 0;
        for (int i = 0; i <= 400; ++i) {
            const float value = low + (scale.high - low) * static_cast<float>(i) / 400.0F;
            if (scale.kind == ColourScale::Kind::kSigned && value <= low) continue;
            CHECK(scale.value_at(scale.place(value)) ==
                  doctest::Approx(static_cast<double>(value)).epsilon(1e-3));
            if (scale.kind == ColourScale::Kind::kSigned) {
                CHECK(scale.value_at(scale.place(-value)) ==
                      doctest::Approx(static_cast<double>(-value)).epsilon(1e-3));
            }
        }
    }
}

TEST_CASE("a larger value never has a lower place, and nothing leaves the palette") {
    for (const ColourScale& scale : every_scale(draw_weights(700, 4))) {
        const float least = scale.kind == ColourScale::Kind::kSigned ? -1.0F : 0.0F;
        float before = least;
        for (int i = -600; i <= 600; ++i) {
            const float place = scale.place(scale.high * static_cast<float>(i) / 500.0F);
            CHECK(place >= before);
            CHECK(place <= 1);
            before = place;
        }
        CHECK(before == 1);
        CHECK(scale.place(-std::numeric_limits<float>::infinity()) == 0);
        CHECK(scale.place(std::numeric_limits<float>::quiet_NaN()) == 0);
    }
}

TEST_CASE("a rank is the share of the values below") {
    const std::vector<float> values = draw_weights(2001, 5);
    const Quantiles quantiles(values);
    for (const float value : values) {
        int below = 0;
        for (const float other : values) below += other < value ? 1 : 0;
        // A few hundred steps stand for all values.
        CHECK(std::abs(quantiles.place(value) - static_cast<float>(below) / 2000.0F) < 0.006F);
    }
    const Quantiles few({3, 1, 2, 2, 2});
    CHECK(few.place(1) == 0);
    CHECK(few.place(2) == doctest::Approx(0.25));
    CHECK(few.place(3) == 1);
    CHECK(Quantiles({0.5F, 0.5F}).place(0.5F) == 1);
    CHECK(Quantiles({0, 0}).place(0) == 0);
    CHECK(Quantiles({}).is_empty());
}

TEST_CASE("the legend's numbers stand where their colours are") {
    for (const ColourScale& scale : every_scale(draw_weights(900, 6))) {
        const std::vector<LegendTick> ticks = list_ticks(scale);
        REQUIRE(ticks.size() >= 2);
        CHECK(ticks.front().along == 0);
        CHECK(ticks.back().along == 1);
        CHECK(ticks.front().is_end);
        CHECK(ticks.back().is_end);
        float before = -1;
        for (const LegendTick& tick : ticks) {
            CHECK(tick.along > before);
            before = tick.along;
            const bool is_signed = scale.kind == ColourScale::Kind::kSigned;
            const float place = is_signed ? 2 * tick.along - 1 : tick.along;
            CHECK(std::abs(scale.place(tick.value) - place) < 1e-6F);
        }
    }
    const ColourScale logarithmic{ColourScale::Kind::kWeights, ValueScale::kLogarithmic, 1};
    CHECK(list_ticks(logarithmic).front().text == "\u2264 0.001");
    const auto shares =
        list_ticks({ColourScale::Kind::kWeights, ValueScale::kLinear, 1}, LegendUnit::kShare);
    CHECK(shares[1].text == "25 %");
}

TEST_CASE("small numbers are named too") {
    CHECK(tick_text(0.05F) == "0.05");
    CHECK(tick_text(1) == "1");
    CHECK(tick_text(-2.5F) == "\u22122.5");
    CHECK(tick_text(3e-6F) == "3e\u22126");
    CHECK(tick_text(-2e-12F) == "\u22122e\u221212");
    CHECK(tick_text(0) == "0");
}

TEST_CASE("any number of heads has colours that are told apart") {
    for (const bool is_dark : {false, true}) {
        const Colour ground = theme_of(is_dark ? ThemeKind::kDark : ThemeKind::kLight).surface;
        for (const int count : {1, 2, 4, 6, 8, 12, 16, 25, 32, 48}) {
            const std::vector<Colour> colours = make_head_colours(count, is_dark);
            REQUIRE(colours.size() == static_cast<std::size_t>(count));
            float least = 10;
            for (std::size_t i = 0; i < colours.size(); ++i) {
                CHECK(compute_contrast(colours[i], ground) > 1.9F);
                for (std::size_t j = 0; j < i; ++j) {
                    least = std::min(least, compute_difference(colours[i], colours[j]));
                }
            }
            CAPTURE(count);
            CHECK(least > (count <= 4 ? 0.12F : (count <= 8 ? 0.07F : 0.025F)));
        }
    }
    CHECK(compute_difference(rgb(0xFFFFFF), rgb(0x000000)) == doctest::Approx(1).epsilon(0.01));
    CHECK(from_oklch(1, 0, 0) == rgb(0xFFFFFF));
}

TEST_SUITE_END();
