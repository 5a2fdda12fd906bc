#include "core/tokenizer/sentencepiece_tokenizer.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/tokenizer/added_tokens.h"
#include "core/tokenizer/decoders.h"
#include "core/tokenizer/normalizers.h"
#include "core/tokenizer/post_processors.h"
#include "core/tokenizer/sentencepiece.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

constexpr std::string_view kSpace = "\u2581";

enum class Style { kPlain, kAlbert, kXlnet, kMarian };

struct StyleParts {
    Style style = Style::kPlain;
    bool lower_cases = false;
    std::vector<AddedToken> added_tokens;                 // special ones, found in the text
    std::unique_ptr<const PostProcessor> post_processor;  // null: no template
    std::shared_ptr<const Tokenizer> target;              // Marian's for the decoder; may be null
    std::unique_ptr<const Vocabulary> vocabulary;         // Marian's numbers; else null
    int unknown_id = 0;
};

NormalizedText slice(const NormalizedText& text, std::size_t begin, std::size_t end) {
    return {text.text.substr(begin, end - begin),
            {text.spans.begin() + static_cast<std::ptrdiff_t>(begin),
             text.spans.begin() + static_cast<std::ptrdiff_t>(end)}};
}

void append(NormalizedText& to, const NormalizedText& from) {
    to.text += from.text;
    to.spans.insert(to.spans.end(), from.spans.begin(), from.spans.end());
}

// White space away from the ends, one space for each run of it, `` and '' as ".
NormalizedText tidy(const NormalizedText& text) {
    NormalizedText out;
    std::optional<ByteSpan> space;
    for (std::size_t at = 0; at < text.text.size();) {
        const Utf8Char c = decode_character(text.text, at);
        const ByteSpan span = text.spans[at];
        const std::string_view two = std::string_view(text.text).substr(at, 2);
        const bool is_quote = two == "``" || two == "''";
        at += is_quote ? 2 : static_cast<std::size_t>(c.length);
        if (is_python_white_space(c.code_point)) {
            if (!space && !out.text.empty()) space = span;
            continue;
        }
        if (space) out.append(' ', *space);
        space.reset();
        out.append(is_quote ? U'"' : c.code_point, span);
    }
    return out;
}

// Compatible decomposition without marks that combine.
NormalizedText strip_marks(NormalizedText text) {
    const NormalizedText decomposed =
        make_unicode_normalizer({false, true})->normalize(std::move(text));
    NormalizedText out;
    for (std::size_t at = 0; at < decomposed.text.size();) {
        const Utf8Char c = decode_character(decomposed.text, at);
        if (combining_class(c.code_point) == 0) out.append(c.code_point, decomposed.spans[at]);
        at += static_cast<std::size_t>(c.length);
    }
    return out;
}

// Whether a piece is a number with a comma after it.
bool ends_in_digit_and_comma(std::string_view piece) {
    if (!piece.ends_with(',')) return false;
    const std::vector<char32_t> characters = decode_characters(piece);
    return characters.size() > 1 && is_decimal_digit(characters[characters.size() - 2]);
}

class SentencePieceTokenizer : public Tokenizer {
  public:
    SentencePieceTokenizer(SentencePieceModel model, StyleParts parts, std::string_view where)
        : pieces_(std::move(model), where),
          parts_(std::move(parts)),
          added_(parts_.added_tokens, nullptr) {
        const KnownPieces known{static_cast<std::size_t>(model_size()),
                                [this](int id) { return find_model_piece(id); },
                                [this](std::string_view piece) { return find_model_id(piece); }};
        check_added_tokens(added_.all(), known, where);
        size_ = model_size();
        for (const AddedToken& token : added_.all()) size_ = std::max(size_, token.id + 1);
    }

    Encoding encode(std::string_view text, std::optional<std::string_view> pair,
                    bool add_special) const override;
    const Tokenizer& target() const override { return parts_.target ? *parts_.target : *this; }
    std::string decode(const std::vector<int>& ids) const override;
    int vocabulary_size() const override { return size_; }
    std::string piece(int id) const override;
    std::optional<int> find(std::string_view piece) const override {
        if (const AddedToken* added = added_.find(piece)) return added->id;
        return find_model_id(piece);
    }
    std::string description() const override;
    std::optional<int> mask_id() const override {
        const auto bert = find("[MASK]");
        return bert ? bert : find("<mask>");
    }
    std::optional<int> unknown_id() const override { return parts_.unknown_id; }

  private:
    Encoding encode_text(std::string_view text, int number) const;
    // The piece of an id, nullptr where there is none; in the model alone, or in all.
    const std::string* find_model_piece(int id) const;
    const std::string* find_text(int id) const;
    std::optional<int> find_model_id(std::string_view piece) const {
        return parts_.vocabulary ? parts_.vocabulary->find(piece) : pieces_.find(piece);
    }
    int model_size() const {
        return parts_.vocabulary ? parts_.vocabulary->size()
                                 : static_cast<int>(pieces_.model().pieces.size());
    }
    // The text as the model gets it: lower-cased where that is the style, special tokens as they
    // are.
    NormalizedText prepare(std::string_view text) const;
    void add_words(const NormalizedText& words, Encoding& out) const;
    std::vector<SentencePieceToken> split_digits(std::vector<SentencePieceToken> tokens) const;
    void add_comma_apart(const SentencePieceToken& token,
                         std::vector<SentencePieceToken>& out) const;

    SentencePiece pieces_;
    StyleParts parts_;
    AddedTokens added_;
    int size_ = 0;  // largest id + 1
};

NormalizedText SentencePieceTokenizer::prepare(std::string_view text) const {
    if (!parts_.lower_cases) return make_normalized_text(text, 0, text.size());
    const auto lower = make_lower_case_normalizer();
    NormalizedText out;
    for (const auto& cut : added_.in_original().cut(text)) {
        NormalizedText part = make_normalized_text(text, cut.begin, cut.end);
        append(out, cut.token == nullptr ? lower->normalize(std::move(part)) : part);
    }
    return out;
}

void SentencePieceTokenizer::add_comma_apart(const SentencePieceToken& token,
                                             std::vector<SentencePieceToken>& out) const {
    const bool has_space = token.text.starts_with(kSpace);
    std::string number = token.text.substr(0, token.text.size() - 1);
    if (has_space) number.erase(0, kSpace.size());
    std::vector<SentencePieceToken> parts = pieces_.encode(number);
    if (!has_space && !parts.empty() && parts.front().text.starts_with(kSpace)) {
        parts.front().text.erase(0, kSpace.size());
        parts.front().id = pieces_.id_of(parts.front().text);
        if (parts.front().text.empty()) parts.erase(parts.begin());
    }
    for (SentencePieceToken& part : parts) {
        part.begin = token.begin;
        part.end = token.end - 1;
        out.push_back(std::move(part));
    }
    out.push_back({",", pieces_.id_of(","), token.end - 1, token.end});
}

// A number keeps no comma: "9," is "9" and ",".
std::vector<SentencePieceToken> SentencePieceTokenizer::split_digits(
    std::vector<SentencePieceToken> tokens) const {
    std::vector<SentencePieceToken> out;
    for (SentencePieceToken& token : tokens) {
        if (ends_in_digit_and_comma(token.text)) {
            add_comma_apart(token, out);
        } else {
            out.push_back(std::move(token));
        }
    }
    return out;
}

void SentencePieceTokenizer::add_words(const NormalizedText& words, Encoding& out) const {
    NormalizedText text = words;
    const bool is_tidied = parts_.style == Style::kAlbert || parts_.style == Style::kXlnet;
    if (is_tidied) {
        text = strip_marks(tidy(words));
        if (parts_.lower_cases) text = make_lower_case_normalizer()->normalize(std::move(text));
    }
    std::size_t begin = 0;
    const auto add = [&](const SentencePieceToken& piece) {
        Token& token = out.emplace_back();
        token.piece = piece.text;
        token.id = parts_.vocabulary
                       ? parts_.vocabulary->find(piece.text).value_or(parts_.unknown_id)
                       : piece.id;
        const std::size_t from = begin + piece.begin;
        const std::size_t to = begin + piece.end;
        if (from < text.spans.size()) token.begin = token.end = text.spans[from].begin;
        if (from >= text.spans.size() && from > 0)
            token.begin = token.end = text.spans[from - 1].end;
        if (to > from) token.end = text.spans[to - 1].end;
    };
    // Marian: a language's code at the beginning is a token of its own.
    const std::size_t code_end = text.text.find("<<", 2);
    if (parts_.style == Style::kMarian && text.text.starts_with(">>") && code_end > 2 &&
        code_end != std::string::npos) {
        add({text.text.substr(0, code_end + 2), 0, 0, code_end + 2});
        begin = code_end + 2;
    }
    std::vector<SentencePieceToken> tokens =
        pieces_.encode(std::string_view(text.text).substr(begin));
    if (is_tidied) tokens = split_digits(std::move(tokens));
    for (const SentencePieceToken& token : tokens) add(token);
}

Encoding SentencePieceTokenizer::encode_text(std::string_view text, int number) const {
    Encoding out;
    const NormalizedText prepared = prepare(text);
    for (const auto& cut : added_.in_original().cut(prepared.text)) {
        const NormalizedText part = slice(prepared, cut.begin, cut.end);
        if (cut.token == nullptr) {
            add_words(part, out);
            continue;
        }
        Token& token = out.emplace_back();
        token.id = cut.token->id;
        token.piece = cut.token->content;
        token.begin = part.spans.front().begin;
        token.end = part.spans.back().end;
        token.is_special = cut.token->is_special;
    }
    for (Token& token : out) {
        token.text = number;
        token.type_id = parts_.style == Style::kMarian ? 0 : number;
    }
    return out;
}

Encoding SentencePieceTokenizer::encode(std::string_view text, std::optional<std::string_view> pair,
                                        bool add_special) const {
    if (std::max(text.size(), pair.value_or("").size()) >= UINT32_MAX) {
        throw Error("text", "size", "less than 4 GiB", "more");
    }
    std::vector<EncodedText> texts;
    texts.push_back({text, encode_text(text, 0)});
    if (pair) texts.push_back({*pair, encode_text(*pair, 1)});
    if (parts_.post_processor) parts_.post_processor->process(texts, add_special);
    return join_texts(std::move(texts));
}

std::string SentencePieceTokenizer::decode(const std::vector<int>& ids) const {
    std::vector<std::string> shown;
    for (const int id : ids) {
        const std::string* text = find_text(id);
        if (text != nullptr && !added_.is_special(*text)) shown.push_back(*text);
    }
    if (parts_.style == Style::kPlain) return pieces_.decode_pieces(shown);
    if (parts_.style != Style::kXlnet) shown = {pieces_.decode_pieces(shown)};
    std::vector<std::unique_ptr<const Decoder>> steps;
    steps.push_back(make_replace_decoder(TextPattern::of_text(std::string(kSpace)), " "));
    steps.push_back(make_trim_decoder());
    return make_sequence_decoder(std::move(steps))->decode(std::move(shown));
}

const std::string* SentencePieceTokenizer::find_text(int id) const {
    const std::string* added = added_.find_text(id);
    return added != nullptr ? added : find_model_piece(id);
}

const std::string* SentencePieceTokenizer::find_model_piece(int id) const {
    if (id < 0 || id >= model_size()) return nullptr;
    if (parts_.vocabulary) return parts_.vocabulary->piece(id);
    return &pieces_.model().pieces[static_cast<std::size_t>(id)].text;
}

std::string SentencePieceTokenizer::piece(int id) const {
    if (const std::string* text = find_text(id)) return *text;
    throw Error("token", "id",
                "an id of the vocabulary, below " + std::to_string(vocabulary_size()),
                std::to_string(id));
}

std::string SentencePieceTokenizer::description() const {
    std::string text = pieces_.model().is_bpe ? "SentencePiece BPE, " : "SentencePiece unigram, ";
    text += group_digits(static_cast<std::size_t>(vocabulary_size())) + " entries";
    return parts_.lower_cases ? text + ", lower case" : text;
}

int unknown_id_of(const SentencePieceModel& model) {
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
        if (model.pieces[id].type == SentencePieceModel::Type::kUnknown)
            return static_cast<int>(id);
    }
    return 0;
}

std::optional<int> find_piece(const SentencePieceModel& model, std::string_view text) {
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
        if (model.pieces[id].text == text) return static_cast<int>(id);
    }
    return std::nullopt;
}

// The tokens that the files beside the model say; all are looked for in the text as it stands.
void add_config_tokens(const TokenizerConfig& config, StyleParts& parts) {
    config.add_tokens_to(parts.added_tokens);
    for (AddedToken& token : parts.added_tokens) token.is_normalized = false;
}

// The pieces of `names` that the model has, as special tokens.
std::vector<AddedToken> list_special(const SentencePieceModel& model,
                                     std::initializer_list<std::string_view> names,
                                     std::string_view mask) {
    std::vector<AddedToken> tokens;
    for (const std::string_view name : names) {
        const auto id = find_piece(model, name);
        if (!id) continue;
        AddedToken token;
        token.id = *id;
        token.content = name;
        token.is_special = true;
        token.strips_left = name == mask;
        tokens.push_back(std::move(token));
    }
    return tokens;
}

TemplateItem special_item(const SentencePieceModel& model, std::string_view piece, int type_id) {
    TemplateItem item;
    item.special.push_back({*find_piece(model, piece), std::string(piece)});
    item.type_id = type_id;
    return item;
}

TemplateItem text_item(int text) {
    TemplateItem item;
    item.text = text;
    item.type_id = text;
    return item;
}

StyleParts make_albert_parts(const SentencePieceModel& model, const TokenizerConfig& config) {
    StyleParts parts;
    parts.style = Style::kAlbert;
    parts.lower_cases = config.lower_cases.value_or(true);
    parts.added_tokens =
        list_special(model, {"<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"}, "[MASK]");
    parts.post_processor = make_bert_processor({*find_piece(model, "[CLS]"), "[CLS]"},
                                               {*find_piece(model, "[SEP]"), "[SEP]"});
    return parts;
}

StyleParts make_xlnet_parts(const SentencePieceModel& model, const TokenizerConfig& config) {
    StyleParts parts;
    parts.style = Style::kXlnet;
    parts.lower_cases = config.lower_cases.value_or(false);
    parts.added_tokens = list_special(
        model, {"<unk>", "<s>", "</s>", "<cls>", "<sep>", "<pad>", "<mask>", "<eod>", "<eop>"},
        "<mask>");
    parts.post_processor = make_template_processor(
        {text_item(0), special_item(model, "<sep>", 0), special_item(model, "<cls>", 2)},
        {text_item(0), special_item(model, "<sep>", 0), text_item(1),
         special_item(model, "<sep>", 1), special_item(model, "<cls>", 2)});
    return parts;
}

}  // namespace

std::shared_ptr<const Tokenizer> make_sentencepiece_tokenizer(SentencePieceModel model,
                                                              const TokenizerConfig& config,
                                                              std::string_view where) {
    for (const std::string_view other : {"XLMRoberta", "MBart", "Camembert", "Pegasus", "BigBird",
                                         "Barthez", "M2M100", "NLLB", "Reformer", "Rembert"}) {
        if (config.tokenizer_class.starts_with(other)) {
            throw Error(where, "tokenizer_class", "a tokenizer.json beside the model",
                        in_quotes(config.tokenizer_class) + " without it");
        }
    }
    const auto has = [&model](std::string_view piece) {
        return find_piece(model, piece).has_value();
    };
    StyleParts parts;
    if (has("[CLS]") && has("[SEP]")) {
        parts = make_albert_parts(model, config);
    } else if (has("<cls>") && has("<sep>")) {
        parts = make_xlnet_parts(model, config);
    } else if (model.is_bpe && model.falls_back_to_bytes) {
        return make_llama_tokenizer(std::move(model), config, where);
    } else if (!model.is_bpe && has("<pad>") && has("</s>") && !has("<s>")) {
        return make_t5_tokenizer(std::move(model), config, where);
    }
    add_config_tokens(config, parts);
    parts.unknown_id = unknown_id_of(model);
    return std::make_shared<SentencePieceTokenizer>(std::move(model), std::move(parts), where);
}

std::shared_ptr<const Tokenizer> make_marian_tokenizer(SentencePieceModel source,
                                                       std::unique_ptr<const Vocabulary> vocabulary,
                                                       const TokenizerConfig& config,
                                                       std::string_view where,
                                                       std::shared_ptr<const Tokenizer> target) {
    StyleParts parts;
    parts.style = Style::kMarian;
    parts.target = std::move(target);
    const auto require = [&](std::string_view role, std::string_view fallback) {
        const std::string piece = config.special(role, fallback);
        const auto id = vocabulary->find(piece);
        if (!id)
            throw Error(where, std::string(role), "an entry of the vocabulary", in_quotes(piece));
        AddedToken token;
        token.id = *id;
        token.content = piece;
        token.is_special = true;
        parts.added_tokens.push_back(token);
        return SpecialToken{*id, piece};
    };
    const SpecialToken end = require("eos_token", "</s>");
    parts.unknown_id = require("unk_token", "<unk>").id;
    if (vocabulary->find(config.special("pad_token", "<pad>"))) require("pad_token", "<pad>");
    TemplateItem end_item;
    end_item.special.push_back(end);
    TemplateItem second = text_item(1);
    second.type_id = 0;
    parts.post_processor =
        make_template_processor({text_item(0), end_item}, {text_item(0), second, end_item});
    add_config_tokens(config, parts);
    parts.vocabulary = std::move(vocabulary);
    return std::make_shared<SentencePieceTokenizer>(std::move(source), std::move(parts), where);
}

}  // namespace heed
