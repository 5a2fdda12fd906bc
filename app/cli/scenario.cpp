#include "app/cli/scenario.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace heed::app {

namespace {

constexpr int kLongestSide = 16384;
constexpr std::int64_t kMostPixels = 64LL * 1024 * 1024;
constexpr float kSmallestScale = 0.5F;
constexpr float kLargestScale = 4.0F;
constexpr float kLongestDrag = 1e6F;

using Test = step::Expect::Test;
constexpr std::array kTests{
    std::pair<std::string_view, Test>{"=", Test::kEqual},
    std::pair<std::string_view, Test>{"==", Test::kEqual},
    std::pair<std::string_view, Test>{"!=", Test::kNotEqual},
    std::pair<std::string_view, Test>{"<", Test::kLess},
    std::pair<std::string_view, Test>{"<=", Test::kLessOrEqual},
    std::pair<std::string_view, Test>{">", Test::kGreater},
    std::pair<std::string_view, Test>{">=", Test::kGreaterOrEqual},
    std::pair<std::string_view, Test>{"contains", Test::kContains},
};

// The words of one line, and what an error about them begins with.
class Line {
  public:
    Line(std::string_view text, std::string where) : where_(std::move(where)) { split(text); }

    bool is_empty() const { return words_.empty(); }
    const std::string& step() const { return words_.front(); }
    std::size_t arguments() const { return words_.size() - 1; }

    [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
        throw Error(where_, words_.empty() ? "" : one_line(step(), 40), expected, found);
    }
    void expect_count(std::size_t low, std::size_t high, std::string_view expected) const {
        if (arguments() < low) {
            fail(expected, arguments() == 0 ? "nothing" : in_quotes(words_.back()));
        }
        if (arguments() > high) fail(expected, in_quotes(words_[high + 1]));
    }
    const std::string& word(std::size_t argument) const { return words_[argument + 1]; }
    std::string take(std::size_t argument, std::string_view expected) const {
        if (word(argument).empty()) fail(expected, "an empty word");
        return word(argument);
    }
    std::vector<std::string> rest(std::size_t argument) const {
        return {words_.begin() + static_cast<std::ptrdiff_t>(argument) + 1, words_.end()};
    }
    double number(std::size_t argument, double low, double high, std::string_view expected) const {
        const std::string& text = word(argument);
        double value = 0;
        const char* end = text.data() + text.size();
        const auto [stop, failure] = std::from_chars(text.data(), end, value);
        const bool is_number = failure == std::errc() && stop == end && std::isfinite(value);
        if (!is_number || value < low || value > high) fail(expected, in_quotes(text));
        return value;
    }

  private:
    void split(std::string_view text) {
        std::size_t at = 0;
        while (at < text.size()) {
            if (text[at] == ' ' || text[at] == '\t') {
                ++at;
            } else if (text[at] == '#') {
                return;
            } else {
                at = text[at] == '"' ? split_quoted(text, at) : split_plain(text, at);
            }
        }
    }
    std::size_t split_plain(std::string_view text, std::size_t at) {
        const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
        words_.emplace_back(text.substr(at, end - at));
        return end;
    }
    // `at` is at the opening quote; returns the place after the closing one.
    std::size_t split_quoted(std::string_view text, std::size_t at) {
        std::string word;
        for (std::size_t i = at + 1; i < text.size(); ++i) {
            if (text[i] == '"') {
                if (i + 1 < text.size() && text[i + 1] != ' ' && text[i + 1] != '\t') {
                    fail("a blank after the closing quote", in_quotes(text.substr(i + 1)));
                }
                words_.push_back(std::move(word));
                return i + 1;
            }
            word += text[i] == '\\' ? unescape(text, ++i) : text[i];
        }
        fail("a closing quote", "the end of the line");
    }
    char unescape(std::string_view text, std::size_t at) {
        const char c = at < text.size() ? text[at] : '\0';
        if (c == '"' || c == '\\') return c;
        if (c == 'n') return '\n';
        if (c == 't') return '\t';
        fail(R"(one of \" \\ \n \t)",
             c == '\0' ? std::string("the end of the line") : std::string{'\\', c});
    }

    std::string where_;
    std::vector<std::string> words_;
};

StepAction parse_size(const Line& line) {
    constexpr std::string_view kExpected = "WIDTHxHEIGHT and a scale, as in 1600x1000 2.0";
    line.expect_count(1, 2, kExpected);
    const std::string& text = line.word(0);
    step::Size size;
    const char* end = text.data() + text.size();
    const auto [cross, width_failure] = std::from_chars(text.data(), end, size.width);
    if (width_failure != std::errc() || cross == end || *cross != 'x') {
        line.fail(kExpected, in_quotes(text));
    }
    const auto [stop, height_failure] = std::from_chars(cross + 1, end, size.height);
    if (height_failure != std::errc() || stop != end) line.fail(kExpected, in_quotes(text));
    const auto fits = [](int side) { return side >= 16 && side <= kLongestSide; };
    if (!fits(size.width) || !fits(size.height) ||
        std::int64_t{size.width} * size.height > kMostPixels) {
        line.fail("sides from 16 to 16384 and at most 64 million pixels", in_quotes(text));
    }
    if (line.arguments() == 2) {
        size.scale = static_cast<float>(line.number(1, static_cast<double>(kSmallestScale),
                                                    static_cast<double>(kLargestScale),
                                                    "a scale from 0.5 to 4"));
    }
    return size;
}

StepAction parse_theme(const Line& line) {
    line.expect_count(1, 1, "light or dark");
    const std::optional<ThemeKind> theme = find_theme(line.word(0));
    if (!theme) line.fail("light or dark", in_quotes(line.word(0)));
    return step::SetTheme{*theme};
}

StepAction parse_key(const Line& line) {
    constexpr std::string_view kExpected = "a key, as in Ctrl+Z or Left";
    line.expect_count(1, 1, kExpected);
    const std::optional<KeyChord> chord = parse_key_chord(line.word(0));
    if (!chord) line.fail(kExpected, in_quotes(line.word(0)));
    return step::PressKey{*chord};
}

StepAction parse_do(const Line& line) {
    line.expect_count(1, 64, "an action");
    return step::Do{line.take(0, "an action"), line.rest(1)};
}

StepAction parse_drag(const Line& line) {
    line.expect_count(3, 3, "an item, dx and dy");
    const auto distance = [&](std::size_t argument) {
        return static_cast<float>(line.number(argument, -static_cast<double>(kLongestDrag),
                                              static_cast<double>(kLongestDrag),
                                              "a distance in pixels"));
    };
    return step::Drag{line.take(0, "an item"), distance(1), distance(2)};
}

StepAction parse_click(const Line& line) {
    line.expect_count(1, 2, "an item, and right for the right button");
    const bool is_right = line.arguments() == 2;
    if (is_right && line.word(1) != "right") line.fail("right", in_quotes(line.word(1)));
    return step::Click{line.take(0, "an item"), is_right};
}

StepAction parse_scroll(const Line& line) {
    line.expect_count(2, 2, "an item and dy");
    const double dy = line.number(1, -static_cast<double>(kLongestDrag),
                                  static_cast<double>(kLongestDrag), "a distance in pixels");
    return step::Scroll{line.take(0, "an item"), static_cast<float>(dy)};
}

StepAction parse_expect(const Line& line) {
    line.expect_count(4, 4, "ITEM text|value OP VALUE");
    step::Expect expect;
    expect.item = line.take(0, "an item");
    if (line.word(1) == "value") {
        expect.field = step::Expect::Field::kValue;
    } else if (line.word(1) != "text") {
        line.fail("text or value", in_quotes(line.word(1)));
    }
    const auto test = std::find_if(kTests.begin(), kTests.end(),
                                   [&](const auto& known) { return known.first == line.word(2); });
    if (test == kTests.end()) {
        line.fail("one of = != < <= > >= contains", in_quotes(line.word(2)));
    }
    expect.test = test->second;
    expect.wanted = line.word(3);
    if (expect.field == step::Expect::Field::kValue) {
        if (expect.test == Test::kContains) line.fail("a comparison of numbers", "\"contains\"");
        expect.number = line.number(3, -1e300, 1e300, "a number");
        const std::size_t point = expect.wanted.find('.');
        if (point != std::string::npos) {
            const std::string_view digits = std::string_view(expect.wanted).substr(point + 1);
            const std::size_t count = std::min(digits.find_first_of("eE"), digits.size());
            expect.decimals = static_cast<int>(std::min<std::size_t>(count, 20));
        }
    } else if (expect.test != Test::kEqual && expect.test != Test::kNotEqual &&
               expect.test != Test::kContains) {
        line.fail("= != or contains for a text", in_quotes(line.word(2)));
    }
    return expect;
}

// A step with one word that may not be empty.
template <class Step>
StepAction parse_word(const Line& line, std::string_view expected) {
    line.expect_count(1, 1, expected);
    return Step{line.take(0, expected)};
}

StepAction parse_text(const Line& line, bool is_pair) {
    line.expect_count(1, 1, "one text in double quotes");
    return step::SetText{line.word(0), is_pair};
}

StepAction parse_type(const Line& line) {
    line.expect_count(1, 1, "one text in double quotes");
    return step::Type{line.word(0)};
}

StepAction parse_wait(const Line& line) {
    line.expect_count(0, 0, "nothing");
    return step::Wait{};
}

using Parse = StepAction (*)(const Line&);
constexpr std::array kSteps{
    std::pair<std::string_view, Parse>{"size", parse_size},
    std::pair<std::string_view, Parse>{"theme", parse_theme},
    std::pair<std::string_view, Parse>{
        "open", [](const Line& l) { return parse_word<step::Open>(l, "a model"); }},
    std::pair<std::string_view, Parse>{"text", [](const Line& l) { return parse_text(l, false); }},
    std::pair<std::string_view, Parse>{"pair", [](const Line& l) { return parse_text(l, true); }},
    std::pair<std::string_view, Parse>{
        "image", [](const Line& l) { return parse_word<step::OpenImage>(l, "a file"); }},
    std::pair<std::string_view, Parse>{"do", parse_do},
    std::pair<std::string_view, Parse>{"key", parse_key},
    std::pair<std::string_view, Parse>{"type", parse_type},
    std::pair<std::string_view, Parse>{"click", parse_click},
    std::pair<std::string_view, Parse>{
        "hover", [](const Line& l) { return parse_word<step::Hover>(l, "an item"); }},
    std::pair<std::string_view, Parse>{"drag", parse_drag},
    std::pair<std::string_view, Parse>{"scroll", parse_scroll},
    std::pair<std::string_view, Parse>{"wait", parse_wait},
    std::pair<std::string_view, Parse>{
        "shot", [](const Line& l) { return parse_word<step::Shot>(l, "a file"); }},
    std::pair<std::string_view, Parse>{
        "dump", [](const Line& l) { return parse_word<step::Dump>(l, "a file"); }},
    std::pair<std::string_view, Parse>{"expect", parse_expect},
};

ScenarioStep parse_step(const Line& line, int number) {
    const auto known = std::find_if(kSteps.begin(), kSteps.end(),
                                    [&](const auto& step) { return step.first == line.step(); });
    if (known == kSteps.end()) {
        std::string names = "one of";
        for (const auto& step : kSteps) names.append(" ").append(step.first);
        line.fail(names, "this step");
    }
    return {number, line.step(), known->second(line)};
}

}  // namespace

std::vector<ScenarioStep> parse_scenario(std::string_view text, std::string_view where) {
    std::vector<ScenarioStep> steps;
    int number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view content = text.substr(at, end - at);
        at = end + 1;
        ++number;
        if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
        const std::string place = std::string(where) + ": line " + std::to_string(number);
        if (find_invalid_utf8(content) || content.find('\0') != std::string_view::npos) {
            throw Error(place, "", "UTF-8 text", in_quotes(content, 40));
        }
        const Line line(content, place);
        if (!line.is_empty()) steps.push_back(parse_step(line, number));
    }
    return steps;
}

std::string_view test_sign(step::Expect::Test test) {
    const auto known = std::find_if(kTests.begin(), kTests.end(),
                                    [&](const auto& pair) { return pair.second == test; });
    return known == kTests.end() ? "" : known->first;
}

}  // namespace heed::app
