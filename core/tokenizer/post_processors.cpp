#include "core/tokenizer/post_processors.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/utf8.h"
#include "core/tokenizer/byte_letters.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

Token make_special(const SpecialToken& special, int type_id) {
    Token token;
    token.id = special.id;
    token.piece = special.piece;
    token.type_id = type_id;
    token.is_special = true;
    return token;
}

void set_type_ids(Encoding& tokens, int type_id) {
    for (Token& token : tokens) token.type_id = type_id;
}

bool is_space_or_its_letter(char32_t c) {
    return c == kSpaceLetter || is_white_space(c);
}

// The byte after `count` more characters of the text, at most `limit`.
std::size_t step_right(std::string_view text, std::size_t at, std::size_t count,
                       std::size_t limit) {
    for (; count > 0 && at < limit; --count) {
        at += static_cast<std::size_t>(decode_character(text, at).length);
    }
    return std::min(at, limit);
}

// The byte `count` characters to the left; nullopt where the text has fewer.
std::optional<std::size_t> step_left(std::string_view text, std::size_t at, std::size_t count) {
    for (; count > 0; --count) {
        if (at == 0) return std::nullopt;
        // The character that ends here: the longest valid one, or one stray byte.
        std::size_t before = at - 1;
        for (std::size_t length = 2; length <= 4 && length <= at; ++length) {
            const Utf8Char c = decode_character(text.substr(0, at), at - length);
            if (c.valid && static_cast<std::size_t>(c.length) == length) before = at - length;
        }
        at = before;
    }
    return at;
}

void trim_token(Token& token, std::string_view text, bool is_first, bool adds_prefix_space) {
    const std::vector<char32_t> piece = [&] {
        std::vector<char32_t> out;
        for (std::size_t at = 0; at < token.piece.size();) {
            const Utf8Char c = decode_character(token.piece, at);
            out.push_back(c.code_point);
            at += static_cast<std::size_t>(c.length);
        }
        return out;
    }();
    const auto leading_end = std::find_if_not(piece.begin(), piece.end(), is_space_or_its_letter);
    const auto trailing_end =
        std::find_if_not(piece.rbegin(), piece.rend(), is_space_or_its_letter);
    auto leading = static_cast<std::size_t>(std::distance(piece.begin(), leading_end));
    const auto trailing = static_cast<std::size_t>(std::distance(piece.rbegin(), trailing_end));
    const bool is_at_start = is_first || token.begin == 0;
    if (is_at_start && adds_prefix_space && leading == 1) leading = 0;
    token.begin = step_right(text, token.begin, leading, token.end);
    if (const auto end = step_left(text, token.end, trailing)) {
        token.end = std::max(*end, token.begin);
    }
}

void trim_offsets(std::vector<EncodedText>& texts, bool adds_prefix_space) {
    for (EncodedText& part : texts) {
        for (std::size_t i = 0; i < part.tokens.size(); ++i) {
            trim_token(part.tokens[i], part.text, i == 0, adds_prefix_space);
        }
    }
}

class TemplateProcessor : public PostProcessor {
  public:
    TemplateProcessor(std::vector<TemplateItem> single, std::vector<TemplateItem> pair)
        : single_(std::move(single)), pair_(std::move(pair)) {}

    void process(std::vector<EncodedText>& texts, bool add_special) const override {
        const std::vector<TemplateItem>& items = texts.size() > 1 ? pair_ : single_;
        std::vector<EncodedText> out;
        for (const TemplateItem& item : items) {
            if (item.text >= 0) {
                out.push_back(std::move(texts[static_cast<std::size_t>(item.text)]));
                set_type_ids(out.back().tokens, item.type_id);
            } else if (add_special) {
                Encoding& specials = out.emplace_back().tokens;
                for (const SpecialToken& special : item.special) {
                    specials.push_back(make_special(special, item.type_id));
                }
            }
        }
        texts = std::move(out);
    }

  private:
    std::vector<TemplateItem> single_;
    std::vector<TemplateItem> pair_;
};

// `cls` A `sep`, and for each further one (`sep`) B `sep`.
void wrap(std::vector<EncodedText>& texts, const SpecialToken& cls, const SpecialToken& sep,
          bool is_sep_before_pair, int pair_type_id) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        Encoding& tokens = texts[i].tokens;
        const int type_id = i == 0 ? 0 : pair_type_id;
        if (i == 0) {
            tokens.insert(tokens.begin(), make_special(cls, type_id));
        } else if (is_sep_before_pair) {
            tokens.insert(tokens.begin(), make_special(sep, type_id));
        }
        tokens.push_back(make_special(sep, type_id));
    }
}

class BertProcessor : public PostProcessor {
  public:
    BertProcessor(SpecialToken cls, SpecialToken sep)
        : cls_(std::move(cls)), sep_(std::move(sep)) {}
    void process(std::vector<EncodedText>& texts, bool add_special) const override {
        if (!add_special) return;
        wrap(texts, cls_, sep_, false, 1);
    }

  private:
    SpecialToken cls_;
    SpecialToken sep_;
};

class RobertaProcessor : public PostProcessor {
  public:
    RobertaProcessor(SpecialToken cls, SpecialToken sep, TrimOptions trim)
        : cls_(std::move(cls)), sep_(std::move(sep)), trim_(trim) {}
    void process(std::vector<EncodedText>& texts, bool add_special) const override {
        if (trim_.trims_offsets) trim_offsets(texts, trim_.adds_prefix_space);
        for (EncodedText& text : texts) set_type_ids(text.tokens, 0);
        if (add_special) wrap(texts, cls_, sep_, true, 0);
    }

  private:
    SpecialToken cls_;
    SpecialToken sep_;
    TrimOptions trim_;
};

class ByteLevelProcessor : public PostProcessor {
  public:
    explicit ByteLevelProcessor(TrimOptions trim) : trim_(trim) {}
    void process(std::vector<EncodedText>& texts, bool /*add_special*/) const override {
        if (trim_.trims_offsets) trim_offsets(texts, trim_.adds_prefix_space);
    }

  private:
    TrimOptions trim_;
};

class SequenceProcessor : public PostProcessor {
  public:
    explicit SequenceProcessor(std::vector<std::unique_ptr<const PostProcessor>> steps)
        : steps_(std::move(steps)) {}
    void process(std::vector<EncodedText>& texts, bool add_special) const override {
        for (const auto& step : steps_) step->process(texts, add_special);
    }

  private:
    std::vector<std::unique_ptr<const PostProcessor>> steps_;
};

}  // namespace

Encoding join_texts(std::vector<EncodedText> texts) {
    Encoding out;
    for (EncodedText& text : texts) {
        if (out.empty()) {
            out = std::move(text.tokens);
        } else {
            std::move(text.tokens.begin(), text.tokens.end(), std::back_inserter(out));
        }
    }
    return out;
}

std::unique_ptr<const PostProcessor> make_template_processor(std::vector<TemplateItem> single,
                                                             std::vector<TemplateItem> pair) {
    return std::make_unique<TemplateProcessor>(std::move(single), std::move(pair));
}

std::unique_ptr<const PostProcessor> make_bert_processor(SpecialToken cls, SpecialToken sep) {
    return std::make_unique<BertProcessor>(std::move(cls), std::move(sep));
}

std::unique_ptr<const PostProcessor> make_roberta_processor(SpecialToken cls, SpecialToken sep,
                                                            TrimOptions trim) {
    return std::make_unique<RobertaProcessor>(std::move(cls), std::move(sep), trim);
}

std::unique_ptr<const PostProcessor> make_byte_level_processor(TrimOptions trim) {
    return std::make_unique<ByteLevelProcessor>(trim);
}

std::unique_ptr<const PostProcessor> make_sequence_processor(
    std::vector<std::unique_ptr<const PostProcessor>> steps) {
    return std::make_unique<SequenceProcessor>(std::move(steps));
}

}  // namespace heed
