#include "core/tokenizer/regex.h"

#include <oniguruma.h>

#include <utility>

#include "core/base/error.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

const OnigUChar* bytes_of(const char* text) {
    return reinterpret_cast<const OnigUChar*>(text);
}

// Punctuation by its POSIX name has the symbols too; Oniguruma knows that since 6.9.9 only.
std::string complete_punctuation(std::string_view expression) {
    static constexpr std::string_view kName = "[:punct:]";
    std::string out;
    for (std::size_t at = 0; at < expression.size();) {
        if (expression.substr(at).starts_with(kName)) {
            out += "\\p{P}\\p{S}";
            at += kName.size();
        } else {
            out += expression[at++];
        }
    }
    return out;
}

// Steps that one search may take before it is given up: expressions come from files.
constexpr unsigned long kMostRetries = 10'000'000;

}  // namespace

struct Regex::Compiled {
    regex_t* handle = nullptr;
    std::string expression;
    ~Compiled() {
        if (handle != nullptr) onig_free(handle);
    }
};

Regex::Regex(std::string_view expression, std::string_view where, std::string_view field)
    : compiled_(std::make_unique<Compiled>()) {
    compiled_->expression = expression;
    OnigErrorInfo info;
    const std::string complete = complete_punctuation(expression);
    const OnigUChar* begin = bytes_of(complete.data());
    const int status = onig_new(&compiled_->handle, begin, begin + complete.size(),
                                ONIG_OPTION_NONE, ONIG_ENCODING_UTF8, ONIG_SYNTAX_RUBY, &info);
    if (status == ONIG_NORMAL) return;
    OnigUChar message[ONIG_MAX_ERROR_MESSAGE_LEN];
    const int length = onig_error_code_to_str(message, status, &info);
    throw Error(
        where, field, "a regular expression",
        in_quotes(expression) + ": " +
            std::string(reinterpret_cast<const char*>(message), static_cast<std::size_t>(length)));
}

Regex::~Regex() = default;

std::vector<TextRange> Regex::find_all(std::string_view text) const {
    std::vector<TextRange> found;
    const OnigUChar* begin = bytes_of(text.data());
    const OnigUChar* end = begin + text.size();
    const OnigUChar* at = begin;
    const std::unique_ptr<OnigRegion, void (*)(OnigRegion*)> region(
        onig_region_new(), [](OnigRegion* r) { onig_region_free(r, 1); });
    onig_set_retry_limit_in_search(kMostRetries);
    while (!text.empty() && at <= end) {
        const int place = onig_search(compiled_->handle, begin, end, at, end, region.get(), 0);
        if (place == ONIG_MISMATCH) break;
        if (place < 0) fail_search(place);
        const TextRange match{static_cast<std::size_t>(region->beg[0]),
                              static_cast<std::size_t>(region->end[0])};
        const bool is_empty = match.begin == match.end;
        if (is_empty && !found.empty() && found.back().end == match.end) {
            // The same place once more: the search goes on one character later.
            const auto here = static_cast<std::size_t>(at - begin);
            at += at < end ? decode_character(text, here).length : 1;
            continue;
        }
        found.push_back(match);
        at = begin + match.end;
    }
    return found;
}

void Regex::fail_search(int status) const {
    OnigUChar message[ONIG_MAX_ERROR_MESSAGE_LEN];
    const int length = onig_error_code_to_str(message, status);
    throw Error(
        "text", "", "one that " + in_quotes(compiled_->expression) + " can be looked for in",
        std::string(reinterpret_cast<const char*>(message), static_cast<std::size_t>(length)));
}

TextPattern TextPattern::of_text(std::string text) {
    TextPattern pattern;
    pattern.text_ = std::move(text);
    return pattern;
}

TextPattern TextPattern::of_regex(std::string_view expression, std::string_view where,
                                  std::string_view field) {
    TextPattern pattern;
    pattern.regex_ = std::make_shared<const Regex>(expression, where, field);
    return pattern;
}

std::vector<TextRange> TextPattern::find_all(std::string_view text) const {
    if (regex_ != nullptr) return regex_->find_all(text);
    std::vector<TextRange> found;
    if (text_.empty()) {
        for (std::size_t at = 0; at < text.size();) {
            found.push_back({at, at});
            at += static_cast<std::size_t>(decode_character(text, at).length);
        }
        if (!text.empty()) found.push_back({text.size(), text.size()});
        return found;
    }
    for (std::size_t at = text.find(text_); at != std::string_view::npos;
         at = text.find(text_, at + text_.size())) {
        found.push_back({at, at + text_.size()});
    }
    return found;
}

}  // namespace heed
