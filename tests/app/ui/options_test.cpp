#include "app/ui/options.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>

#include "tests/support/refusal.h"

using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

enum class Shade { kPale, kDeep };
constexpr std::array<std::string_view, 2> kShades{"pale", "deep"};

struct Inner {
    float share = 0.25F;
    std::vector<int> heads;

    void visit(OptionVisitor& v) {
        v.real("share", "Share of the mass", share, -1, 1);
        v.list("heads", "Chosen heads", heads);
    }
    bool operator==(const Inner&) const = default;
};

struct Sample {
    bool is_on = true;
    int count = 3;
    Shade shade = Shade::kPale;
    Inner inner;

    void visit(OptionVisitor& v) {
        v.flag("on", "Switched on", is_on);
        v.number("count", "How many", count, -5, 12);
        visit_choice(v, "shade", "Shade", shade, kShades);
        v.begin("inner");
        inner.visit(v);
        v.end();
    }
    bool operator==(const Sample&) const = default;
};

VisitOptions visit_of(Sample& sample) {
    return [&sample](OptionVisitor& v) { sample.visit(v); };
}

}  // namespace

TEST_SUITE_BEGIN("app/ui/options");

TEST_CASE("options are listed with their full names, values and words") {
    Sample sample;
    sample.inner.heads = {2, 5};
    const std::vector<OptionEntry> entries = list_options(visit_of(sample));
    REQUIRE(entries.size() == 5);
    CHECK(entries[0].name == "on");
    CHECK(entries[0].value == "on");
    CHECK(entries[0].words == std::vector<std::string>{"on", "off"});
    CHECK(entries[1].expected == "-5 to 12");
    CHECK(entries[2].value == "pale");
    CHECK(entries[2].words == std::vector<std::string>{"pale", "deep"});
    CHECK(entries[3].name == "inner.share");
    CHECK(entries[3].value == "0.25");
    CHECK(entries[3].title == "Share of the mass");
    CHECK(entries[4].value == "2,5");
}

TEST_CASE("each kind of option is set by its text") {
    Sample sample;
    const VisitOptions visit = visit_of(sample);
    set_option(visit, "on", "off");
    set_option(visit, "count", "-5");
    set_option(visit, "shade", "deep");
    set_option(visit, "inner.share", "-0.125");
    set_option(visit, "inner.heads", "7,1,7,0");
    CHECK_FALSE(sample.is_on);
    CHECK(sample.count == -5);
    CHECK(sample.shade == Shade::kDeep);
    CHECK(sample.inner.share == -0.125F);
    CHECK(sample.inner.heads == std::vector<int>{0, 1, 7});
    set_option(visit, "inner.heads", "");
    CHECK(sample.inner.heads.empty());
}

TEST_CASE("what cannot be is refused with what would be right, and nothing is changed") {
    struct Wrong {
        const char* name;
        const char* text;
        const char* expected;
    };
    for (const Wrong& wrong :
         {Wrong{"on", "true", "on or off"}, Wrong{"on", "", "on or off"},
          Wrong{"count", "13", "-5 to 12"}, Wrong{"count", "3.5", "-5 to 12"},
          Wrong{"count", " 3", "-5 to 12"}, Wrong{"count", "99999999999", "-5 to 12"},
          Wrong{"shade", "Deep", "pale, deep"}, Wrong{"inner.share", "nan", "-1 to 1"},
          Wrong{"inner.share", "inf", "-1 to 1"}, Wrong{"inner.share", "1.5", "-1 to 1"},
          Wrong{"inner.share", "1e999", "-1 to 1"}, Wrong{"inner.heads", "1,", "between commas"},
          Wrong{"inner.heads", ",1", "between commas"}, Wrong{"inner.heads", "-1", "between"},
          Wrong{"inner.heads", "1 2", "between"}, Wrong{"inner", "1", "name of an option"},
          Wrong{"share", "1", "name of an option"}, Wrong{"", "1", "name of an option"}}) {
        CAPTURE(wrong.name);
        CAPTURE(wrong.text);
        Sample sample;
        const std::string message =
            message_of([&] { set_option(visit_of(sample), wrong.name, wrong.text); });
        CHECK(find_flaw(message, {"set", wrong.name, wrong.expected}) == "");
        CHECK(sample == Sample{});
    }
}

TEST_CASE("a list has an end") {
    Sample sample;
    std::string text = "0";
    for (std::size_t i = 1; i <= kMostListed; ++i) text += "," + std::to_string(i);
    CHECK(message_of([&] { set_option(visit_of(sample), "inner.heads", text); }) !=
          heed::test::kNotRefused);
    CHECK(sample.inner.heads.empty());
}

TEST_CASE("what was read and is set again is exactly what it was, and the hash tells changes") {
    std::mt19937 random(5);
    Sample sample;
    for (int i = 0; i < 2000; ++i) {
        CAPTURE(i);
        Sample next;
        next.is_on = random() % 2 == 0;
        next.count = static_cast<int>(random() % 18) - 5;
        next.shade = static_cast<Shade>(random() % 2);
        next.inner.share = std::ldexp(static_cast<float>(random()) / 4294967296.0F,
                                      -static_cast<int>(random() % 40));
        for (unsigned h = 0; h < random() % 4; ++h) {
            next.inner.heads.push_back(static_cast<int>(h * 3 + random() % 3));
        }
        const bool is_same = next == sample;
        CHECK((hash_options(visit_of(next)) == hash_options(visit_of(sample))) == is_same);
        for (const OptionValue& option : read_options(visit_of(next))) {
            set_option(visit_of(sample), option.name, option.value);
        }
        CHECK(sample == next);
        CHECK(hash_options(visit_of(next)) == hash_options(visit_of(sample)));
    }
}

TEST_SUITE_END();
