// Patterns, and what becomes of the places where they match.
#include <doctest/doctest.h>

#include "core/tokenizer/pre_tokenizers.h"
#include "core/tokenizer/regex.h"
#include "core/tokenizer/tokenizer_files.h"
#include "tests/support/refusal.h"

namespace heed {
namespace {

// The matches with "[" before and "]" after each.
std::string mark(const TextPattern& pattern, std::string_view text) {
    std::string out;
    std::size_t at = 0;
    for (const TextRange& match : pattern.find_all(text)) {
        out += std::string(text.substr(at, match.begin - at)) + "[" +
               std::string(text.substr(match.begin, match.end - match.begin)) + "]";
        at = match.end;
    }
    return out + std::string(text.substr(at));
}

std::string mark(const char* expression, std::string_view text) {
    return mark(TextPattern::of_regex(expression, "t", "f"), text);
}

// The words with "|" between.
std::string cut(const PreTokenizer& pre_tokenizer, std::string_view text) {
    CutText cut;
    cut.normalized = make_normalized_text(text, 0, text.size());
    cut.parts.push_back({0, text.size()});
    pre_tokenizer.cut(cut);
    std::string out;
    for (const CutText::Part& part : cut.parts) {
        if (!out.empty()) out += "|";
        out += cut.normalized.text.substr(part.begin, part.end - part.begin);
    }
    return out;
}

std::string split(const char* expression, CutBehaviour behaviour, bool is_inverted,
                  std::string_view text) {
    return cut(*make_split_pre_tokenizer(TextPattern::of_regex(expression, "t", "f"), behaviour,
                                         is_inverted),
               text);
}

}  // namespace

TEST_SUITE_BEGIN("core/tokenizer/patterns");

TEST_CASE("an empty match counts, but not right after another one") {
    CHECK_EQ(mark("a*", "baac"), "[]b[aa]c[]");
    CHECK_EQ(mark("(?=[A-Z])", "oneTwoé"), "one[]Twoé");
    CHECK_EQ(mark("$", "é"), "é[]");
    CHECK_EQ(mark("a*", ""), "");
    CHECK_EQ(mark(TextPattern::of_text(""), "aé"), "[]a[]é[]");
    CHECK_EQ(mark(TextPattern::of_text(""), ""), "");
    CHECK_EQ(mark(TextPattern::of_text("ab"), "ababb"), "[ab][ab]b");
}

TEST_CASE("punctuation by its POSIX name has symbols, as Unicode category it has none") {
    CHECK_EQ(mark("[[:punct:]]", "a+b,™\u00ab"), "a[+]b[,][™][\u00ab]");
    CHECK_EQ(mark("[a[:punct:]]+", "ba$^c"), "b[a$^]c");
    CHECK_EQ(mark("\\p{P}", "a+b,"), "a+b[,]");
}

TEST_CASE("an expression that takes too many steps on a text is an error") {
    const Regex slow("(a*)*(b)\\2c", "t", "f");
    const std::string message =
        test::message_of([&] { slow.find_all(std::string(5000, 'a') + "b"); });
    CHECK_EQ(test::find_flaw(message, {"(a*)*(b)"}), "");
}

TEST_CASE("every behaviour of a cut") {
    using enum CutBehaviour;
    const std::string_view text = "--a-b--";
    CHECK_EQ(split("-", kRemoved, false, text), "a|b");
    CHECK_EQ(split("-", kIsolated, false, text), "-|-|a|-|b|-|-");
    CHECK_EQ(split("-", kContiguous, false, text), "--|a|-|b|--");
    CHECK_EQ(split("-", kMergedWithPrevious, false, text), "-|-|a-|b-|-");
    CHECK_EQ(split("-", kMergedWithNext, false, text), "-|-a|-b|-|-");
    CHECK_EQ(split("[a-z]", kRemoved, true, "a1bc2"), "a|b|c");
    CHECK_EQ(split("(?=[A-Z])", kIsolated, false, "oneTwo"), "one|Two");
    CHECK_EQ(cut(*make_punctuation_pre_tokenizer(kRemoved), text), "a|b");
    CHECK_EQ(cut(*make_punctuation_pre_tokenizer(kIsolated), text), "-|-|a|-|b|-|-");
    CHECK_EQ(cut(*make_punctuation_pre_tokenizer(kContiguous), text), "--|a|-|b|--");
    CHECK_EQ(cut(*make_punctuation_pre_tokenizer(kMergedWithPrevious), text), "-|-|a-|b-|-");
    CHECK_EQ(cut(*make_punctuation_pre_tokenizer(kMergedWithNext), text), "-|-a|-b|-|-");
}

TEST_SUITE_END();

}  // namespace heed
