#include "app/text/segments.h"

#include <utf8proc.h>

#include <algorithm>

#include "core/base/utf8.h"

namespace heed::app {

namespace {

enum class Kind { kBlank, kWord, kIdeograph, kKana, kOther };

bool is_ideograph(char32_t c) {
    return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3005 ||
           c == 0x3007;
}

bool is_kana(char32_t c) {
    return (c >= 0x3041 && c <= 0x3096) || (c >= 0x3099 && c <= 0x309F) ||
           (c >= 0x30A1 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF) ||
           (c >= 0xFF66 && c <= 0xFF9D);
}

Kind kind_of(char32_t c) {
    if (is_ideograph(c)) return Kind::kIdeograph;
    if (is_kana(c)) return Kind::kKana;
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_MN:
        case UTF8PROC_CATEGORY_MC:
        case UTF8PROC_CATEGORY_ME:
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NL:
        case UTF8PROC_CATEGORY_NO:
        case UTF8PROC_CATEGORY_PC:
            return Kind::kWord;
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
        case UTF8PROC_CATEGORY_CC:
            return Kind::kBlank;
        default:
            return Kind::kOther;
    }
}

struct Cluster {
    std::size_t begin = 0;
    std::size_t end = 0;
    char32_t first = 0;
    Kind kind = Kind::kOther;
};

std::vector<Cluster> split_clusters(std::string_view text) {
    std::vector<Cluster> clusters;
    utf8proc_int32_t state = 0;
    utf8proc_int32_t before = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        const char32_t value = c.valid ? c.code_point : char32_t{0xFFFD};
        const std::size_t end = at + static_cast<std::size_t>(c.length);
        const auto code = static_cast<utf8proc_int32_t>(value);
        if (at == 0 || utf8proc_grapheme_break_stateful(before, code, &state)) {
            clusters.push_back({at, end, value, kind_of(value)});
        } else {
            clusters.back().end = end;
        }
        before = code;
        at = end;
    }
    return clusters;
}

// An apostrophe or a point between two letters or digits belongs to the word: "don't", "3.5".
bool joins_words(const std::vector<Cluster>& clusters, std::size_t i) {
    const char32_t c = clusters[i].first;
    if (c != '\'' && c != 0x2019 && c != '.') return false;
    return i > 0 && i + 1 < clusters.size() && clusters[i - 1].kind == Kind::kWord &&
           clusters[i + 1].kind == Kind::kWord;
}

// Clusters that a word jump never separates share a number.
std::vector<int> number_words(const std::vector<Cluster>& clusters) {
    std::vector<int> numbers(clusters.size());
    int number = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        if (i > 0) {
            const bool is_joined = joins_words(clusters, i) || joins_words(clusters, i - 1);
            const bool is_same =
                clusters[i].kind == clusters[i - 1].kind && clusters[i].kind != Kind::kIdeograph;
            if (!is_joined && !is_same) ++number;
        }
        numbers[i] = number;
    }
    return numbers;
}

// The cluster that holds byte `at`; the count of clusters at the end of the text.
std::size_t find_cluster(const std::vector<Cluster>& clusters, std::size_t at) {
    const auto found = std::upper_bound(
        clusters.begin(), clusters.end(), at,
        [](std::size_t byte, const Cluster& cluster) { return byte < cluster.end; });
    return static_cast<std::size_t>(found - clusters.begin());
}

bool is_wide(Kind kind) {
    return kind == Kind::kIdeograph || kind == Kind::kKana;
}

// Small kana, closing brackets, stops and marks of length and repetition begin no line.
bool begins_no_line(char32_t c) {
    constexpr std::u32string_view kNever =
        U"、。，．：；！？）］｝〉》」』】〕〗〙〛’”…‥ーゝゞヽヾ々ぁぃぅぇぉっゃゅょゎァィゥェォッ"
        U"ャュョヮ"
        U",.:;!?)]}";
    return kNever.find(c) != std::u32string_view::npos;
}
bool ends_no_line(char32_t c) {
    constexpr std::u32string_view kNever = U"（［｛〈《「『【〔〖〘〚‘“([{";
    return kNever.find(c) != std::u32string_view::npos;
}

bool may_break(const Cluster& before, const Cluster& after) {
    if (after.kind == Kind::kBlank) return false;
    if (before.kind == Kind::kBlank) return before.first != 0xA0 && before.first != 0x202F;
    if (begins_no_line(after.first) || ends_no_line(before.first)) return false;
    if (is_wide(before.kind) || is_wide(after.kind)) return true;
    if (before.first >= 0x3000 && before.first <= 0x303F) return true;
    const bool is_hyphen = before.first == '-' || before.first == 0x2010 || before.first == '/';
    return is_hyphen && after.kind == Kind::kWord;
}

}  // namespace

std::vector<CodePoint> decode_text(std::string_view text) {
    std::vector<CodePoint> points;
    points.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        const std::size_t end = at + static_cast<std::size_t>(c.length);
        points.push_back({c.valid ? c.code_point : char32_t{0xFFFD}, at, end});
        at = end;
    }
    return points;
}

std::vector<TextSegment> split_graphemes(std::string_view text) {
    std::vector<TextSegment> segments;
    for (const Cluster& cluster : split_clusters(text)) {
        segments.push_back({cluster.begin, cluster.end});
    }
    return segments;
}

std::size_t previous_grapheme(std::string_view text, std::size_t at) {
    std::size_t before = 0;
    for (const Cluster& cluster : split_clusters(text)) {
        if (cluster.begin >= at) break;
        before = cluster.begin;
    }
    return before;
}

std::size_t next_grapheme(std::string_view text, std::size_t at) {
    for (const Cluster& cluster : split_clusters(text)) {
        if (cluster.end > at) return cluster.end;
    }
    return text.size();
}

std::size_t snap_to_grapheme(std::string_view text, std::size_t at) {
    if (at >= text.size()) return text.size();
    const std::vector<Cluster> clusters = split_clusters(text);
    return clusters[find_cluster(clusters, at)].begin;
}

std::size_t previous_word(std::string_view text, std::size_t at) {
    const std::vector<Cluster> clusters = split_clusters(text);
    const std::vector<int> numbers = number_words(clusters);
    std::size_t i = find_cluster(clusters, at);
    while (i > 0 && clusters[i - 1].kind == Kind::kBlank) --i;
    if (i == 0) return 0;
    const int number = numbers[i - 1];
    while (i > 0 && numbers[i - 1] == number) --i;
    return clusters[i].begin;
}

std::size_t next_word(std::string_view text, std::size_t at) {
    const std::vector<Cluster> clusters = split_clusters(text);
    const std::vector<int> numbers = number_words(clusters);
    std::size_t i = find_cluster(clusters, at);
    while (i < clusters.size() && clusters[i].kind == Kind::kBlank) ++i;
    if (i == clusters.size()) return text.size();
    const int number = numbers[i];
    while (i < clusters.size() && numbers[i] == number) ++i;
    return clusters[i - 1].end;
}

TextSegment word_at(std::string_view text, std::size_t at) {
    const std::vector<Cluster> clusters = split_clusters(text);
    if (clusters.empty()) return {0, 0};
    const std::vector<int> numbers = number_words(clusters);
    const std::size_t i = std::min(find_cluster(clusters, at), clusters.size() - 1);
    std::size_t first = i;
    std::size_t last = i;
    while (first > 0 && numbers[first - 1] == numbers[i]) --first;
    while (last + 1 < clusters.size() && numbers[last + 1] == numbers[i]) ++last;
    return {clusters[first].begin, clusters[last].end};
}

std::vector<std::size_t> line_break_places(std::string_view text) {
    const std::vector<Cluster> clusters = split_clusters(text);
    std::vector<std::size_t> places;
    for (std::size_t i = 1; i < clusters.size(); ++i) {
        // A hyphen that nothing stands before is a minus: it stays with its number.
        const bool is_sign =
            clusters[i - 1].first == '-' && (i < 2 || clusters[i - 2].kind == Kind::kBlank);
        if (!is_sign && may_break(clusters[i - 1], clusters[i])) {
            places.push_back(clusters[i].begin);
        }
    }
    places.push_back(text.size());
    return places;
}

int count_words(std::string_view text) {
    const std::vector<Cluster> clusters = split_clusters(text);
    const std::vector<int> numbers = number_words(clusters);
    int count = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        const bool is_word = clusters[i].kind != Kind::kBlank && clusters[i].kind != Kind::kOther;
        if (is_word && (i == 0 || numbers[i] != numbers[i - 1])) ++count;
    }
    return count;
}

}  // namespace heed::app
