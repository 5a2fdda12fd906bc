#include "core/analysis/token_groups.h"

#include <doctest/doctest.h>

using namespace heed;

namespace {

TokenLabel label(const std::string& text, std::size_t begin, std::size_t end,
                 bool is_special = false) {
    TokenLabel made;
    made.text = text;
    made.piece = text;
    made.begin = begin;
    made.end = end;
    made.text_index = is_special ? -1 : 0;
    made.is_special = is_special;
    return made;
}

// Tokens that follow each other in a text; a leading space is a byte of its own.
std::vector<TokenLabel> labels_of(const std::vector<std::string>& texts) {
    std::vector<TokenLabel> labels;
    std::size_t at = 0;
    for (const std::string& text : texts) {
        labels.push_back(label(text, at, at + text.size()));
        at += text.size();
    }
    return labels;
}

std::vector<std::string> words_of(const std::vector<TokenLabel>& labels) {
    std::vector<std::string> words;
    for (const TokenGroup& group : group_words(labels, static_cast<int>(labels.size()))) {
        words.push_back(group.text);
    }
    return words;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_SUITE_BEGIN("core/analysis/token_groups");

TEST_CASE("pieces with ## go on with the word before") {
    const std::vector<TokenLabel> labels{label("[CLS]", 0, 0, true), label("token", 0, 5),
                                         label("##iz", 5, 7),        label("##ers", 7, 10),
                                         label(",", 10, 11),         label("yes", 12, 15),
                                         label("[SEP]", 0, 0, true)};
    CHECK(words_of(labels) == Texts{"[CLS]", "tokenizers", ",", "yes", "[SEP]"});
    const auto groups = group_words(labels, 7);
    CHECK(groups[1].positions == std::vector<int>{1, 2, 3});
    CHECK(groups[0].is_special);
    CHECK(!groups[1].is_special);
}

TEST_CASE("pieces that touch are one word, spaces and punctuation part words") {
    CHECK(words_of(labels_of({"Hel", "lo", " tok", "ens", ",", " don", "'t", "!"})) ==
          Texts{"Hello", " tokens", ",", " don't", "!"});
    CHECK(words_of(labels_of({" caf", "\u00e9", " 12", "34"})) == Texts{" caf\u00e9", " 1234"});
    CHECK(words_of(labels_of({"\u6211", "\u7231", "\u4f60"})) ==
          Texts{"\u6211", "\u7231", "\u4f60"});
}

TEST_CASE("the bytes of one character stay together") {
    std::vector<TokenLabel> labels = labels_of({"a", " "});
    labels.push_back(label("\\xf0\\x9f", 2, 6));
    labels.push_back(label("\\x98\\x80", 2, 6));
    labels.push_back(label("\\xf0\\x9f", 6, 10));
    const auto groups = group_words(labels, 5);
    CHECK(groups.size() == 4);
    CHECK(groups[2].positions == std::vector<int>{2, 3});
}

TEST_CASE("without bytes only spaces and ## tell") {
    CHECK(words_of({label("the", 0, 0), label(" cat", 0, 0), label("s", 0, 0)}) ==
          Texts{"the", " cats"});
    CHECK(words_of({label("the", 0, 0), label("cat", 0, 0)}) == Texts{"the", "cat"});
    CHECK(words_of({}).empty());
    CHECK(group_words({}, 3).size() == 3);
}

TEST_CASE("hidden positions go, and what is asked for alone stays") {
    const std::vector<TokenLabel> labels{label("[CLS]", 0, 0, true), label("un", 0, 2),
                                         label("##do", 2, 4), label("it", 5, 7),
                                         label("[SEP]", 0, 0, true)};
    const auto kept = [&](const TokenFilter& filter, bool joins) {
        std::vector<std::vector<int>> positions;
        for (const TokenGroup& group : filter_groups(
                 joins ? group_words(labels, 5) : list_tokens(labels, 5), labels, filter)) {
            positions.push_back(group.positions);
        }
        return positions;
    };
    using Positions = std::vector<std::vector<int>>;
    CHECK(kept({true, false, {}, {}}, true) == Positions{{1, 2}, {3}});
    CHECK(kept({false, true, {3}, {}}, false) == Positions{{1}, {2}, {4}});
    CHECK(kept({false, false, {}, {2, 4}}, true) == Positions{{1, 2}, {4}});
    CHECK(kept({false, false, {2}, {}}, true) == Positions{{0}, {1}, {3}, {4}});
    CHECK(kept({true, false, {1, 2, 3}, {}}, true).empty());
}

TEST_CASE("steps go from one shown group to the next") {
    const std::vector<TokenGroup> groups{
        {{1, 2}, "", false}, {{4}, "", false}, {{6, 7}, "", false}};
    CHECK(find_group(groups, 2) == 0);
    CHECK(find_group(groups, 3) == -1);
    CHECK(step_group(groups, 2, 1) == 4);
    CHECK(step_group(groups, 4, 1) == 6);
    CHECK(step_group(groups, 7, 1) == 6);
    CHECK(step_group(groups, 4, -1) == 1);
    CHECK(step_group(groups, 3, 1) == 4);
    CHECK(step_group(groups, 5, -1) == 4);
    CHECK(step_group(groups, 0, -1) == 1);
    CHECK(step_group(groups, 0, 1) == 1);
    CHECK(step_group({}, 0, 1) == -1);
}

TEST_SUITE_END();
