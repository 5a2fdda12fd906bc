// Regular expressions of the published tokenizers: Oniguruma's Ruby syntax over UTF-8, which their
// files are written for.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace heed {

// Bytes [begin, end) of a text.
struct TextRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};

class Regex {
  public:
    // Throws Error (`where`, `field`) for an expression that cannot be compiled.
    Regex(std::string_view expression, std::string_view where, std::string_view field);
    ~Regex();
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    // All matches from left to right, none overlapping. Empty ones count, but not right after
    // another match, nor in an empty text. `text` is valid UTF-8. Throws Error where the search
    // takes too many steps.
    std::vector<TextRange> find_all(std::string_view text) const;

  private:
    [[noreturn]] void fail_search(int status) const;

    struct Compiled;
    std::unique_ptr<Compiled> compiled_;
};

// What Replace and Split look for: a text or an expression. An empty text stands between all
// characters.
class TextPattern {
  public:
    static TextPattern of_text(std::string text);
    static TextPattern of_regex(std::string_view expression, std::string_view where,
                                std::string_view field);

    std::vector<TextRange> find_all(std::string_view text) const;

  private:
    std::string text_;                    // used where there is no expression
    std::shared_ptr<const Regex> regex_;  // may be null
};

}  // namespace heed
