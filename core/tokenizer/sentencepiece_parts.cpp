// LLaMA's and T5's tokenizers from their SentencePiece models alone, as the parts that their
// tokenizer.json names.
#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/base/error.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/pipeline.h"
#include "core/tokenizer/sentencepiece_tokenizer.h"
#include "core/tokenizer/unicode.h"
#include "core/tokenizer/unigram.h"

namespace heed {
namespace {

constexpr const char* kSpace = "\u2581";

std::unique_ptr<const Vocabulary> make_vocabulary(const SentencePieceModel& model,
                                                  std::string_view where) {
    std::vector<Vocabulary::Entry> entries;
    for (const SentencePieceModel::Piece& piece : model.pieces) {
        check_piece(piece, entries.size(), where);
        entries.push_back({piece.text, static_cast<std::int64_t>(entries.size()), 0});
    }
    return std::make_unique<Vocabulary>(std::move(entries), where, "pieces");
}

AddedToken make_added(int id, std::string content, bool is_normalized) {
    AddedToken token;
    token.id = id;
    token.content = std::move(content);
    token.is_special = true;
    token.is_normalized = is_normalized;
    return token;
}

TemplateItem special_item(const Vocabulary& vocabulary, const std::string& piece, int type_id,
                          std::string_view where) {
    const auto id = vocabulary.find(piece);
    if (!id) throw Error(where, "", "a piece " + in_quotes(piece), "none");
    TemplateItem item;
    item.special.push_back({*id, piece});
    item.type_id = type_id;
    return item;
}

TemplateItem text_item(int text, int type_id) {
    TemplateItem item;
    item.text = text;
    item.type_id = type_id;
    return item;
}

// What LLaMA sets around text number `text`.
std::vector<TemplateItem> llama_template(const Vocabulary& vocabulary,
                                         const TokenizerConfig& config, int text,
                                         std::string_view where) {
    std::vector<TemplateItem> items;
    const auto add = [&](std::string_view role, std::string_view fallback) {
        items.push_back(special_item(vocabulary, config.special(role, fallback), text, where));
    };
    if (config.adds_begin) add("bos_token", "<s>");
    items.push_back(text_item(text, text));
    if (config.adds_end) add("eos_token", "</s>");
    return items;
}

// A merge for each way to cut a piece into two pieces; better scores first, then shorter parts.
std::vector<BpeMerge> list_merges(const SentencePieceModel& model, const Vocabulary& vocabulary) {
    struct Scored {
        BpeMerge merge;
        float score = 0;
        int left = 0;
        int right = 0;
        std::size_t left_length = 0;
        std::size_t right_length = 0;
    };
    std::vector<Scored> all;
    for (const SentencePieceModel::Piece& piece : model.pieces) {
        if (piece.type != SentencePieceModel::Type::kNormal) continue;
        const std::size_t first = all.size();
        const std::size_t length = decode_characters(piece.text).size();
        std::size_t at = 0;
        for (std::size_t before = 1; before < length; ++before) {
            at += static_cast<std::size_t>(decode_character(piece.text, at).length);
            std::string left = piece.text.substr(0, at);
            std::string right = piece.text.substr(at);
            const auto left_id = vocabulary.find(left);
            const auto right_id = vocabulary.find(right);
            if (!left_id || !right_id) continue;
            all.push_back({{std::move(left), std::move(right), 0},
                           piece.score,
                           *left_id,
                           *right_id,
                           before,
                           length - before});
        }
        std::sort(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                  [](const Scored& a, const Scored& b) {
                      return std::pair(a.left, a.right) < std::pair(b.left, b.right);
                  });
    }
    std::stable_sort(all.begin(), all.end(), [](const Scored& a, const Scored& b) {
        return std::tuple(-a.score, b.left_length, b.right_length) <
               std::tuple(-b.score, a.left_length, a.right_length);
    });
    std::vector<BpeMerge> merges;
    for (Scored& scored : all) merges.push_back(std::move(scored.merge));
    return merges;
}

}  // namespace

std::shared_ptr<const Tokenizer> make_llama_tokenizer(SentencePieceModel model,
                                                      const TokenizerConfig& config,
                                                      std::string_view where) {
    auto vocabulary = make_vocabulary(model, where);
    TokenizerParts parts;
    std::vector<std::unique_ptr<const Normalizer>> normalizers;
    if (model.adds_dummy_prefix) normalizers.push_back(make_prepend_normalizer(kSpace));
    normalizers.push_back(make_replace_normalizer(TextPattern::of_text(" "), kSpace));
    parts.normalizer = make_sequence_normalizer(std::move(normalizers));
    std::vector<TemplateItem> single = llama_template(*vocabulary, config, 0, where);
    std::vector<TemplateItem> pair = single;
    for (TemplateItem& item : llama_template(*vocabulary, config, 1, where)) {
        pair.push_back(std::move(item));
    }
    parts.post_processor = make_template_processor(std::move(single), std::move(pair));
    std::vector<std::unique_ptr<const Decoder>> decoders;
    decoders.push_back(make_replace_decoder(TextPattern::of_text(kSpace), " "));
    decoders.push_back(make_byte_fallback_decoder());
    decoders.push_back(make_fuse_decoder());
    if (model.adds_dummy_prefix) decoders.push_back(make_strip_decoder(" ", 1, 0));
    parts.decoder = make_sequence_decoder(std::move(decoders));
    BpeOptions options;
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
        const SentencePieceModel::Piece& piece = model.pieces[id];
        const bool is_unknown = piece.type == SentencePieceModel::Type::kUnknown;
        if (is_unknown) options.unknown_piece = piece.text;
        if (is_unknown || piece.type == SentencePieceModel::Type::kControl) {
            parts.added_tokens.push_back(make_added(static_cast<int>(id), piece.text, true));
        } else if (piece.type == SentencePieceModel::Type::kUserDefined) {
            // Looked for as SentencePiece does, in the text with its spaces spelt; where a space is
            // prepended that would be one more.
            parts.added_tokens.push_back(
                make_added(static_cast<int>(id), piece.text, !model.adds_dummy_prefix));
            parts.added_tokens.back().is_special = false;
        }
    }
    options.is_unknown_fused = true;
    options.falls_back_to_bytes = true;
    config.add_tokens_to(parts.added_tokens);
    const std::vector<BpeMerge> merges = list_merges(model, *vocabulary);
    parts.model = std::make_unique<Bpe>(std::move(vocabulary), merges, options, where);
    return make_tokenizer(std::move(parts), where);
}

std::shared_ptr<const Tokenizer> make_t5_tokenizer(SentencePieceModel model,
                                                   const TokenizerConfig& config,
                                                   std::string_view where) {
    static constexpr int kExtraTokens = 100;
    auto vocabulary = make_vocabulary(model, where);
    const std::string end = config.special("eos_token", "</s>");
    TokenizerParts parts;
    std::vector<std::unique_ptr<const Normalizer>> normalizers;
    normalizers.push_back(make_precompiled_normalizer(std::move(model.charsmap)));
    normalizers.push_back(make_strip_normalizer(false, true));
    normalizers.push_back(
        make_replace_normalizer(TextPattern::of_regex(" {2,}", where, ""), kSpace));
    parts.normalizer = make_sequence_normalizer(std::move(normalizers));
    MetaspaceOptions metaspace;
    metaspace.prepend = MetaspaceOptions::Prepend::kFirst;
    parts.pre_tokenizer = make_metaspace_pre_tokenizer(metaspace);
    parts.decoder = make_metaspace_decoder(kSpace, false);
    const TemplateItem end_item = special_item(*vocabulary, end, 0, where);
    parts.post_processor = make_template_processor(
        {text_item(0, 0), end_item}, {text_item(0, 0), end_item, text_item(1, 0), end_item});
    UnigramOptions options;
    std::vector<double> scores;
    for (const SentencePieceModel::Piece& piece : model.pieces) {
        const int id = static_cast<int>(scores.size());
        const bool is_unknown = piece.type == SentencePieceModel::Type::kUnknown;
        if (is_unknown) options.unknown_id = id;
        if (is_unknown || piece.type == SentencePieceModel::Type::kControl) {
            parts.added_tokens.push_back(make_added(id, piece.text, false));
        }
        scores.push_back(static_cast<double>(piece.score));
    }
    // The last of the sentinels comes first.
    for (int i = 0; i < kExtraTokens && !vocabulary->find("<extra_id_0>"); ++i) {
        parts.added_tokens.push_back(
            make_added(vocabulary->size() + i,
                       "<extra_id_" + std::to_string(kExtraTokens - 1 - i) + ">", false));
    }
    config.add_tokens_to(parts.added_tokens);
    parts.model =
        std::make_unique<Unigram>(std::move(vocabulary), std::move(scores), options, where);
    return make_tokenizer(std::move(parts), where);
}

}  // namespace heed
