#include "core/tokenizer/pipeline.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace heed {
namespace {

// Splits words and keeps what came out, for words come again. Refers to the text that the words
// are parts of.
class CachedSplitter {
  public:
    explicit CachedSplitter(const TokenModel& model) : splitter_(model.make_splitter()) {}

    // The pieces of `word`; valid until the next call.
    struct Range {
        const WordToken* begin = nullptr;
        const WordToken* end = nullptr;
    };
    Range split(std::string_view word) {
        const auto [entry, is_new] = known_.try_emplace(word);
        if (is_new) {
            entry->second.first = tokens_.size();
            splitter_->split(word, tokens_);
            entry->second.second = tokens_.size();
        }
        return {tokens_.data() + entry->second.first, tokens_.data() + entry->second.second};
    }
    // Forgets the words; to be called before their text goes.
    void clear() {
        known_.clear();
        tokens_.clear();
    }

  private:
    std::unique_ptr<WordSplitter> splitter_;
    std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>> known_;
    std::vector<WordToken> tokens_;
};

class PipelineTokenizer : public Tokenizer {
  public:
    explicit PipelineTokenizer(TokenizerParts parts)
        : parts_(std::move(parts)),
          added_(std::move(parts_.added_tokens), parts_.normalizer.get()) {
        size_ = parts_.model->vocabulary().size();
        for (const AddedToken& token : added_.all()) size_ = std::max(size_, token.id + 1);
        if (parts_.decoder == nullptr) parts_.decoder = make_joining_decoder();
    }

    Encoding encode(std::string_view text, std::optional<std::string_view> pair,
                    bool add_special) const override;
    std::string decode(const std::vector<int>& ids) const override;
    int vocabulary_size() const override { return size_; }
    std::string piece(int id) const override;
    std::optional<int> find(std::string_view piece) const override;
    std::string description() const override;
    std::optional<int> mask_id() const override;
    std::optional<int> unknown_id() const override { return parts_.model->unknown_id(); }
    bool is_byte_level() const override { return parts_.is_byte_level; }

  private:
    Encoding encode_text(std::string_view text, int number) const;
    // Cuts bytes [begin, end) of `text`, which hold none of the tokens that are looked for in the
    // original, into words.
    CutText cut_words(std::string_view text, std::size_t begin, std::size_t end) const;
    Token make_added(const AddedToken& added, std::string_view piece, ByteSpan span) const;

    TokenizerParts parts_;
    AddedTokens added_;
    int size_ = 0;
};

Token PipelineTokenizer::make_added(const AddedToken& added, std::string_view piece,
                                    ByteSpan span) const {
    Token token;
    token.id = added.id;
    token.piece = piece;
    token.begin = span.begin;
    token.end = span.end;
    token.is_special = added.is_special;
    return token;
}

CutText PipelineTokenizer::cut_words(std::string_view text, std::size_t begin,
                                     std::size_t end) const {
    CutText cut;
    cut.normalized = make_normalized_text(text, begin, end);
    if (parts_.normalizer) cut.normalized = parts_.normalizer->normalize(std::move(cut.normalized));
    for (const auto& part : added_.in_normalized().cut(cut.normalized.text)) {
        cut.parts.push_back({part.begin, part.end, part.token == nullptr ? -1 : part.token->id});
    }
    if (parts_.pre_tokenizer) parts_.pre_tokenizer->cut(cut);
    return cut;
}

Encoding PipelineTokenizer::encode_text(std::string_view text, int number) const {
    Encoding out;
    CachedSplitter splitter(*parts_.model);
    const Vocabulary& vocabulary = parts_.model->vocabulary();
    const auto add_words = [&](std::size_t begin, std::size_t end) {
        const CutText cut = cut_words(text, begin, end);
        const std::vector<ByteSpan>& spans = cut.normalized.spans;
        const std::string_view normalized = cut.normalized.text;
        out.reserve(out.size() + cut.parts.size());
        for (const CutText::Part& part : cut.parts) {
            const std::string_view word = normalized.substr(part.begin, part.end - part.begin);
            if (part.added_token >= 0) {
                out.push_back(make_added(*added_.find_id(part.added_token), word,
                                         {spans[part.begin].begin, spans[part.end - 1].end}));
                continue;
            }
            const CachedSplitter::Range pieces = splitter.split(word);
            for (const WordToken* piece = pieces.begin; piece != pieces.end; ++piece) {
                Token& token = out.emplace_back();
                token.id = piece->id;
                token.piece = piece->text.empty() ? vocabulary.known_piece(piece->id) : piece->text;
                token.begin = spans[part.begin + piece->begin].begin;
                token.end = spans[part.begin + piece->end - 1].end;
            }
        }
        splitter.clear();
    };
    // Tokens of the original text stand where they are; what lies between goes through the rest.
    const auto cuts = added_.in_original().cut(text);
    for (const auto& cut : cuts) {
        if (cut.token == nullptr) {
            add_words(cut.begin, cut.end);
        } else {
            out.push_back(make_added(
                *cut.token, text.substr(cut.begin, cut.end - cut.begin),
                {static_cast<std::uint32_t>(cut.begin), static_cast<std::uint32_t>(cut.end)}));
        }
    }
    for (Token& token : out) {
        token.text = number;
        token.type_id = parts_.has_one_type ? 0 : number;
    }
    return out;
}

Encoding PipelineTokenizer::encode(std::string_view text, std::optional<std::string_view> pair,
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

std::string PipelineTokenizer::decode(const std::vector<int>& ids) const {
    std::vector<std::string> pieces;
    pieces.reserve(ids.size());
    for (const int id : ids) {
        const AddedToken* added = added_.find_id(id);
        if (added != nullptr && added->is_special) continue;
        const std::string* text = added_.find_text(id);
        if (text == nullptr) text = parts_.model->vocabulary().piece(id);
        if (text != nullptr && !added_.is_special(*text)) pieces.push_back(*text);
    }
    return parts_.decoder->decode(pieces);
}

std::string PipelineTokenizer::piece(int id) const {
    if (const AddedToken* added = added_.find_id(id)) return added->content;
    if (const std::string* piece = parts_.model->vocabulary().piece(id)) return *piece;
    throw Error("token", "id", "an id of the vocabulary, below " + std::to_string(size_),
                std::to_string(id));
}

std::optional<int> PipelineTokenizer::find(std::string_view piece) const {
    if (const AddedToken* added = added_.find(piece)) return added->id;
    return parts_.model->vocabulary().find(piece);
}

std::string PipelineTokenizer::description() const {
    const Vocabulary& vocabulary = parts_.model->vocabulary();
    std::size_t entries = vocabulary.entry_count();
    for (const AddedToken& token : added_.all()) {
        if (vocabulary.piece(token.id) == nullptr) ++entries;
    }
    std::string out = parts_.is_byte_level ? "byte-level " : "";
    out += parts_.model->name() + ", " + group_digits(entries) + " entries";
    if (parts_.normalizer && parts_.normalizer->is_lower_casing()) out += ", lower case";
    return out;
}

std::optional<int> PipelineTokenizer::mask_id() const {
    for (const std::string_view name : {"[MASK]", "<mask>"}) {
        if (const AddedToken* added = added_.find(name)) return added->id;
    }
    return parts_.model->vocabulary().find("[MASK]");
}

}  // namespace

std::shared_ptr<const Tokenizer> make_tokenizer(TokenizerParts parts, std::string_view where) {
    const Vocabulary& vocabulary = parts.model->vocabulary();
    check_added_tokens(
        parts.added_tokens,
        {vocabulary.entry_count(), [&vocabulary](int id) { return vocabulary.piece(id); },
         [&vocabulary](std::string_view piece) { return vocabulary.find(piece); }},
        where);
    return std::make_shared<PipelineTokenizer>(std::move(parts));
}

}  // namespace heed
