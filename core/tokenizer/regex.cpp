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

// Steps that one search may take before it is given up: expressions come from files.
constexpr unsigned long kMostRetries = 10'000'000;

}  // namespace

struct Regex::Compiled {
    regex_t* handle = nullptr;
    ~Compiled() {
        if (handle != nullptr) onig_free(handle);
    }
};

Regex::Regex(std::string_view expression, std::string_view where, std::string_view field)
    : compiled_(std::make_unique<Compiled>()) {
    OnigErrorInfo info;
    const OnigUChar* begin = bytes_of(expression.data());
    const int status = onig_new(&compiled_->handle, begin, begin + expression.size(),
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
    while (at < end) {
        const int place = onig_search(compiled_->handle, begin, end, at, end, region.get(), 0);
        if (place < 0) break;
        const TextRange match{static_cast<std::size_t>(region->beg[0]),
                              static_cast<std::size_t>(region->end[0])};
        if (match.end > match.begin) {
            found.push_back(match);
            at = begin + match.end;
        } else {
            at = begin + match.begin;
            if (at < end) at += decode_character(text, match.begin).length;
        }
    }
    return found;
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
    if (text_.empty()) return found;
    for (std::size_t at = text.find(text_); at != std::string_view::npos;
         at = text.find(text_, at + text_.size())) {
        found.push_back({at, at + text_.size()});
    }
    return found;
}

}  // namespace heed
