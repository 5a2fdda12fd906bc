#include "core/analysis/atlas.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "core/analysis/atlas_file.h"
#include "core/format/atomic_file.h"
#include "tests/core/analysis/pattern_traces.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::test;

namespace {

const AtlasHead& head_of(const Atlas& atlas, const std::string& site, int head) {
    for (const AtlasHead& entry : atlas.heads) {
        if (entry.site == site && entry.head == head) return entry;
    }
    FAIL("no such head");
    return atlas.heads.front();
}

// An atlas of one head whose numbers a test sets.
Atlas make_plain_atlas() {
    Atlas atlas;
    atlas.model = "plain";
    atlas.texts = 3;
    atlas.tokens = 40;
    atlas.kinds.push_back({"pronoun", false, 100, -2, 0.4});
    AtlasHead head;
    head.site = "blocks.0.attn";
    head.hits.push_back(std::nullopt);
    atlas.heads.push_back(head);
    return atlas;
}

std::vector<std::string> label_texts(const Atlas& atlas) {
    std::vector<std::string> texts;
    for (const HeadLabel& label : list_head_labels(atlas, atlas.heads.front())) {
        texts.push_back(label.text);
    }
    return texts;
}

}  // namespace

TEST_SUITE_BEGIN("core/atlas");

TEST_CASE("measures are means over the rows of all texts, beside a head that looks at all alike") {
    const std::vector<std::shared_ptr<const Trace>> traces{make_stack_trace(5, 2),
                                                           make_stack_trace(8, 2)};
    AtlasBuilder builder({});
    for (const auto& trace : traces) builder.add_text(*trace);
    const Atlas atlas = builder.finish();
    CHECK(atlas.texts == 2);
    CHECK(atlas.tokens == 13);
    REQUIRE(atlas.heads.size() == 8);
    for (int site = 0; site < 2; ++site) {
        for (int head = 0; head < 4; ++head) {
            double before = 0;
            double own = 0;
            double level = 0;
            int rows = 0;
            for (const auto& trace : traces) {
                const Rows pattern = read_rows(*trace, site, head);
                for (std::size_t t = 1; t < pattern.size(); ++t, ++rows) {
                    before += pattern[t][t - 1];
                    own += pattern[t][t];
                    level += 1.0 / static_cast<double>(t + 1);
                }
            }
            CHECK(rows == 4 + 7);
            const AtlasHead& entry = head_of(
                atlas, traces[0]->graph().attentions()[static_cast<std::size_t>(site)].name, head);
            CHECK(*entry.measures[HeadMetric::kPrevious] ==
                  doctest::Approx(before / rows).epsilon(1e-5));
            CHECK(*entry.measures[HeadMetric::kOwn] == doctest::Approx(own / rows).epsilon(1e-5));
            CHECK(*entry.level[HeadMetric::kOwn] == doctest::Approx(level / rows).epsilon(1e-5));
            CHECK(*entry.level[HeadMetric::kConfidence] ==
                  doctest::Approx(level / rows).epsilon(1e-5));
            CHECK(!entry.repeats.has_value());
        }
    }
}

TEST_CASE("in a sequence that comes twice, what followed the first time counts") {
    const int lead = 1;
    const int period = 4;
    const auto trace = make_stack_trace(lead + 2 * period + 1, 1);
    AtlasBuilder builder({});
    builder.add_repeats(*trace, lead, period);
    const Atlas atlas = builder.finish();
    CHECK(atlas.sequences == 1);
    CHECK(atlas.period == period);
    for (int head = 0; head < 4; ++head) {
        const Rows pattern = read_rows(*trace, 0, head);
        double want = 0;
        double level = 0;
        for (int i = 0; i < period; ++i) {
            const int second = lead + period + i;
            want +=
                pattern[static_cast<std::size_t>(second)][static_cast<std::size_t>(lead + i + 1)];
            level += 1.0 / (second + 1);
        }
        const AtlasHead& entry = atlas.heads[static_cast<std::size_t>(head)];
        CHECK(*entry.repeats == doctest::Approx(want / period).epsilon(1e-5));
        CHECK(entry.repeats_level == doctest::Approx(level / period));
    }
}

TEST_CASE(
    "a pair is hit where the largest weight of its row lies on it; offsets are the baseline") {
    const auto trace = make_stack_trace(9, 2);
    AtlasBuilder builder({"a", "b"});
    const std::vector<ExpectedPair> pairs{
        {{4}, {3}, false}, {{5}, {4}, false}, {{6, 7}, {5, 6}, false}, {{8}, {2}, false}};
    for (const ExpectedPair& pair : pairs) builder.add_pair(*trace, 0, pair);
    const Atlas atlas = builder.finish();
    CHECK(atlas.kinds[0].count == 4);
    CHECK(atlas.kinds[0].offset == -1);
    CHECK(atlas.kinds[0].baseline == doctest::Approx(0.75));
    CHECK(atlas.kinds[1].count == 0);
    CHECK(!atlas.kinds[0].is_by_chance());
    builder.set_chance(0, 0.5);
    CHECK(builder.finish().kinds[0].baseline == doctest::Approx(0.75));
    builder.set_chance(0, 0.875);
    CHECK(builder.finish().kinds[0].baseline == doctest::Approx(0.875));
    CHECK(builder.finish().kinds[0].is_by_chance());
    for (int site = 0; site < 2; ++site) {
        for (int head = 0; head < 4; ++head) {
            const Rows pattern = read_rows(*trace, site, head);
            int hits = 0;
            for (const ExpectedPair& pair : pairs) {
                const std::vector<double>& row =
                    pattern[static_cast<std::size_t>(pair.from.back())];
                int largest = 0;
                for (int s = 1; s < 9; ++s) {
                    if (row[static_cast<std::size_t>(s)] > row[static_cast<std::size_t>(largest)]) {
                        largest = s;
                    }
                }
                for (const int to : pair.to) hits += to == largest ? 1 : 0;
            }
            const AtlasHead& entry = head_of(
                atlas, trace->graph().attentions()[static_cast<std::size_t>(site)].name, head);
            CHECK(*entry.hits[0] == doctest::Approx(hits / 4.0));
            CHECK(!entry.hits[1].has_value());
        }
    }
}

TEST_CASE("a label needs a share of its own and one above its baseline") {
    Atlas atlas = make_plain_atlas();
    AtlasHead& head = atlas.heads.front();
    CHECK(label_texts(atlas).empty());
    head.measures[HeadMetric::kPrevious] = 0.94;
    head.level[HeadMetric::kPrevious] = 0.1;
    head.measures[HeadMetric::kFirst] = 0.5;
    head.level[HeadMetric::kFirst] = 0.45;
    head.measures[HeadMetric::kOwn] = 0.29;
    CHECK(label_texts(atlas) == std::vector<std::string>{"previous token"});
    // The best offset hits 0.4 of the pairs.
    head.hits.front() = 0.4;
    CHECK(label_texts(atlas) == std::vector<std::string>{"previous token"});
    head.hits.front() = 0.7;
    CHECK(label_texts(atlas) == std::vector<std::string>{"previous token", "pronoun"});
    // Of four pairs, 0.7 may be chance.
    atlas.kinds.front().count = 4;
    CHECK(label_texts(atlas) == std::vector<std::string>{"previous token"});
    head.repeats = 0.97;
    head.repeats_level = 0.03;
    CHECK(label_texts(atlas) == std::vector<std::string>{"induction", "previous token"});
}

TEST_CASE("an atlas comes back from its file, and a bad file is refused by name") {
    const TempDir folder;
    const std::filesystem::path path = folder / "atlas.json";
    Atlas atlas = make_plain_atlas();
    atlas.sequences = 20;
    atlas.period = 25;
    atlas.seed = 7;
    AtlasHead& head = atlas.heads.front();
    head.measures[HeadMetric::kEntropy] = 1.25;
    head.level[HeadMetric::kEntropy] = 2;
    head.repeats = 0.5;
    head.repeats_level = 0.25;
    head.hits.front() = 0.75;
    const std::string text = encode_atlas(atlas);
    write_file_atomically(path, text);
    const Atlas back = read_atlas(path);
    CHECK(encode_atlas(back) == text);
    CHECK(back.heads.front().hits == head.hits);
    CHECK(back.heads.front().measures == head.measures);
    CHECK(back.kinds.front().baseline == 0.4);
    atlas.kinds.front().chance = 0.4;
    write_file_atomically(path, encode_atlas(atlas));
    CHECK(read_atlas(path).kinds.front().is_by_chance());

    const auto refusal = [&](const std::string& from, const std::string& to) {
        std::string broken = text;
        const std::size_t at = broken.find(from);
        REQUIRE(at != std::string::npos);
        write_file_atomically(path, broken.replace(at, from.size(), to));
        return message_of([&] { read_atlas(path); });
    };
    CHECK(find_flaw(refusal("\"head\": 0", "\"head\": \"x\""), {"atlas.json", "heads[0].head"}) ==
          "");
    CHECK(find_flaw(refusal("\"level\": {", "\"other\": {"), {"atlas.json", "heads[0].level"}) ==
          "");
    CHECK(find_flaw(refusal("\"heads\": [", "\"heads\": 3, \"x\": ["), {"atlas.json", "heads"}) ==
          "");
    const auto trace = make_stack_trace(4, 1);
    CHECK(find_flaw(message_of([&] { check_atlas(atlas, trace->graph(), path); }),
                    {"atlas.json", "4 heads", "1"}) == "");
}

TEST_CASE("the tokens of a word are those that overlap its bytes in its own text") {
    std::vector<TokenLabel> labels(4);
    labels[0].is_special = true;
    labels[1] = {"un", "un", 1, 0, 2, 0, 0, false};
    labels[2] = {"##fair", "##fair", 2, 2, 6, 0, 0, false};
    labels[3] = {"to", "to", 3, 0, 2, 1, 0, false};
    CHECK(find_word_tokens(labels, 0, 0, 6) == std::vector<int>{1, 2});
    CHECK(find_word_tokens(labels, 0, 3, 6) == std::vector<int>{2});
    CHECK(find_word_tokens(labels, 1, 0, 2) == std::vector<int>{3});
    CHECK(find_word_tokens(labels, 0, 6, 9).empty());
}
