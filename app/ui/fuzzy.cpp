#include "app/ui/fuzzy.h"

#include <algorithm>

namespace heed::app {

namespace {

constexpr double kWhole = 100;         // the word as it stands
constexpr double kAtStart = 40;        // at the beginning of the text
constexpr double kAtWord = 25;         // at the beginning of a word
constexpr double kSpread = 30;         // letters in their order
constexpr double kLongTextCost = 0.1;  // for each character beyond the query

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_equal(char a, char b) {
    return lower(a) == lower(b);
}

bool is_letter(char c) {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool begins_word(std::string_view text, std::size_t at) {
    return at == 0 || !is_letter(text[at - 1]);
}

// The best place of the word as it stands.
std::optional<double> score_whole(std::string_view word, std::string_view text) {
    std::optional<double> best;
    auto from = text.begin();
    while (true) {
        const auto at = std::search(from, text.end(), word.begin(), word.end(), is_equal);
        if (at == text.end()) return best;
        const auto place = static_cast<std::size_t>(at - text.begin());
        double score = kWhole;
        if (place == 0) {
            score += kAtStart;
        } else if (begins_word(text, place)) {
            score += kAtWord;
        }
        const std::size_t end = place + word.size();
        if (begins_word(text, place) && (end == text.size() || !is_letter(text[end]))) score += 10;
        best = std::max(best.value_or(score), score);
        from = at + 1;
    }
}

// Letters in their order, the first at the beginning of a word: more where more begin words.
std::optional<double> score_spread(std::string_view word, std::string_view text) {
    std::size_t at = 0;
    int starts = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        std::size_t found = text.size();
        // A letter that begins a word is worth going on for.
        for (std::size_t j = at; j < text.size(); ++j) {
            if (!is_equal(word[i], text[j])) continue;
            const bool is_start = begins_word(text, j);
            if (found == text.size() && i > 0 && j == at) found = j;
            if (is_start) {
                found = j;
                break;
            }
            if (found == text.size() && i > 0) found = j;
        }
        if (found == text.size()) return std::nullopt;
        if (begins_word(text, found)) ++starts;
        at = found + 1;
    }
    // Letters strewn anywhere are no finding.
    if (2 * starts < static_cast<int>(word.size())) return std::nullopt;
    return kSpread * static_cast<double>(starts) / static_cast<double>(word.size());
}

std::optional<double> score_word(std::string_view word, std::string_view text) {
    const std::optional<double> whole = score_whole(word, text);
    return whole ? whole : score_spread(word, text);
}

}  // namespace

std::optional<double> score_match(std::string_view query, std::string_view text) {
    return score_match(query, text, {});
}

std::optional<double> score_match(std::string_view query, std::string_view main,
                                  std::string_view lesser) {
    double sum = 0;
    double words = 0;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find(' '), query.size());
        const std::string_view word = query.substr(0, end);
        query.remove_prefix(std::min(query.size(), end + 1));
        if (word.empty()) continue;
        const std::optional<double> here = score_word(word, main);
        const std::optional<double> there =
            lesser.empty() ? std::nullopt : score_word(word, lesser);
        if (!here && !there) return std::nullopt;
        sum += std::max(here.value_or(0), 0.5 * there.value_or(0));
        words += 1;
    }
    if (words == 0) return 0;
    return sum / words - kLongTextCost * static_cast<double>(main.size());
}

}  // namespace heed::app
