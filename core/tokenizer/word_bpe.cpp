// The tokenizers of GPT (2018) and CTRL: byte pair encoding over the letters of words, with "</w>"
// after a word's last letter.
#include <deque>
#include <unordered_set>
#include <utility>

#include "core/base/error.h"
#include "core/tokenizer/pipeline.h"
#include "core/tokenizer/tokenizer_files.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

constexpr std::string_view kWordEnd = "</w>";
constexpr std::string_view kGoesOn = "@@";
constexpr std::string_view kUnknown = "<unk>";
// Stands for letters that no merge knows; no letter is spelt so.
constexpr std::string_view kNoMerge = "\x01unknown\x01";

AddedToken make_unknown_token(const Vocabulary& vocabulary, std::string_view where) {
    const auto id = vocabulary.find(kUnknown);
    if (!id) throw Error(where, "", "an entry " + in_quotes(kUnknown), "none");
    AddedToken token;
    token.id = *id;
    token.content = kUnknown;
    token.is_special = true;
    return token;
}

// Every part of a merge and what it makes, numbered.
std::unique_ptr<const Vocabulary> list_symbols(const std::vector<BpeMerge>& merges,
                                               std::string_view where) {
    std::vector<Vocabulary::Entry> entries;
    std::unordered_set<std::string> seen;
    const auto add = [&](const std::string& symbol) {
        if (!seen.insert(symbol).second) return;
        entries.push_back({symbol, static_cast<std::int64_t>(entries.size()), 0});
    };
    add(std::string(kNoMerge));
    for (const BpeMerge& merge : merges) {
        add(merge.left);
        add(merge.right);
        add(merge.left + merge.right);
    }
    return std::make_unique<Vocabulary>(std::move(entries), where, "merges");
}

BpeOptions make_symbol_options() {
    BpeOptions options;
    options.unknown_piece = kNoMerge;
    options.end_of_word_suffix = kWordEnd;
    return options;
}

// CTRL's: merges work on letters with "</w>"; what is left is looked up with "@@" after every piece
// but the last. A word of one letter is looked up as it is.
class CtrlModel : public TokenModel {
  public:
    CtrlModel(std::unique_ptr<const Vocabulary> vocabulary, const std::vector<BpeMerge>& merges,
              int unknown_id, std::string_view where)
        : vocabulary_(std::move(vocabulary)),
          merges_(list_symbols(merges, where), merges, make_symbol_options(), where),
          unknown_id_(unknown_id) {}

    const Vocabulary& vocabulary() const override { return *vocabulary_; }
    std::optional<int> unknown_id() const override { return unknown_id_; }
    std::string name() const override { return "BPE"; }
    std::unique_ptr<WordSplitter> make_splitter() const override;

    const Bpe& merges() const { return merges_; }

  private:
    std::unique_ptr<const Vocabulary> vocabulary_;
    Bpe merges_;
    int unknown_id_;
};

class CtrlSplitter : public WordSplitter {
  public:
    explicit CtrlSplitter(const CtrlModel& model)
        : model_(model), merger_(model.merges().make_splitter()) {}

    void split(std::string_view word, std::vector<WordToken>& out) override {
        merged_.clear();
        merger_->split(word, merged_);
        for (const WordToken& part : merged_) {
            const bool is_last = part.end == word.size();
            std::string piece(word.substr(part.begin, part.end - part.begin));
            if (!is_last) piece += kGoesOn;
            WordToken token{model_.unknown_id().value_or(0), part.begin, part.end, {}};
            if (const auto id = model_.vocabulary().find(piece)) {
                token.id = *id;
            } else {
                token.text = unknown_.emplace_back(std::move(piece));
            }
            out.push_back(token);
        }
    }

  private:
    const CtrlModel& model_;
    std::unique_ptr<WordSplitter> merger_;
    std::vector<WordToken> merged_;
    std::deque<std::string> unknown_;  // the spelling of unknown pieces
};

std::unique_ptr<WordSplitter> CtrlModel::make_splitter() const {
    return std::make_unique<CtrlSplitter>(*this);
}

// Words end at white space; a line feed right after a word belongs to it.
class LinePreTokenizer : public PreTokenizer {
  public:
    void cut(CutText& text) const override {
        cut_parts(text, [](std::string_view part, const AddPiece& add) {
            std::size_t begin = 0;
            bool in_word = false;
            for (std::size_t at = 0; at < part.size();) {
                const Utf8Char c = decode_character(part, at);
                const std::size_t next = at + static_cast<std::size_t>(c.length);
                if (is_white_space(c.code_point)) {
                    if (in_word) add(begin, c.code_point == '\n' ? next : at);
                    in_word = false;
                } else if (!in_word) {
                    begin = at;
                    in_word = true;
                }
                at = next;
            }
            if (in_word) add(begin, part.size());
        });
    }
};

std::shared_ptr<const Tokenizer> make_ctrl_tokenizer(std::unique_ptr<const Vocabulary> vocabulary,
                                                     const std::vector<BpeMerge>& merges,
                                                     const TokenizerConfig& config,
                                                     std::string_view where) {
    TokenizerParts parts;
    parts.added_tokens.push_back(make_unknown_token(*vocabulary, where));
    config.add_tokens_to(parts.added_tokens);
    parts.pre_tokenizer = std::make_unique<LinePreTokenizer>();
    std::vector<std::unique_ptr<const Decoder>> decoders;
    decoders.push_back(make_joining_decoder());
    decoders.push_back(make_fuse_decoder());
    decoders.push_back(make_replace_decoder(TextPattern::of_text(std::string(kGoesOn) + " "), ""));
    decoders.push_back(make_trim_decoder());
    parts.decoder = make_sequence_decoder(std::move(decoders));
    parts.has_one_type = true;
    const int unknown = parts.added_tokens.front().id;
    parts.model = std::make_unique<CtrlModel>(std::move(vocabulary), merges, unknown, where);
    return make_tokenizer(std::move(parts), where);
}

std::shared_ptr<const Tokenizer> make_gpt_tokenizer(std::unique_ptr<const Vocabulary> vocabulary,
                                                    const std::vector<BpeMerge>& merges,
                                                    const TokenizerConfig& config,
                                                    std::string_view where) {
    TokenizerParts parts;
    parts.added_tokens.push_back(make_unknown_token(*vocabulary, where));
    config.add_tokens_to(parts.added_tokens);
    BertNormalizerOptions normalizer;
    normalizer.lower_cases = true;
    normalizer.strips_accents = true;
    parts.normalizer = make_bert_normalizer(normalizer);
    parts.pre_tokenizer = make_bert_pre_tokenizer();
    parts.decoder = make_bpe_decoder(std::string(kWordEnd));
    BpeOptions options;
    options.unknown_piece = kUnknown;
    options.end_of_word_suffix = kWordEnd;
    parts.model = std::make_unique<Bpe>(std::move(vocabulary), merges, options, where);
    return make_tokenizer(std::move(parts), where);
}

}  // namespace

std::shared_ptr<const Tokenizer> make_merging_tokenizer(
    std::unique_ptr<const Vocabulary> vocabulary, const std::vector<BpeMerge>& merges,
    const TokenizerConfig& config, std::string_view where) {
    if (vocabulary->find("a</w>") && config.tokenizer_class.find("CLIP") == std::string::npos) {
        return make_gpt_tokenizer(std::move(vocabulary), merges, config, where);
    }
    if (vocabulary->find("e@@")) {
        return make_ctrl_tokenizer(std::move(vocabulary), merges, config, where);
    }
    return make_byte_level_tokenizer(std::move(vocabulary), merges, config, where);
}

}  // namespace heed
