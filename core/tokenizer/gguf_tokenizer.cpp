#include "core/tokenizer/gguf_tokenizer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/error.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/pipeline.h"
#include "core/tokenizer/sentencepiece_tokenizer.h"
#include "core/tokenizer/tokenizer_files.h"

namespace heed {
namespace {

using Type = SentencePieceModel::Type;

constexpr std::string_view kTokens = "tokenizer.ggml.tokens";
constexpr std::string_view kTypes = "tokenizer.ggml.token_type";
constexpr std::string_view kScores = "tokenizer.ggml.scores";
constexpr std::string_view kPre = "tokenizer.ggml.pre";
constexpr std::string_view kSpace = "\u2581";

// How byte-level BPE cuts a text into words.
enum class Cut { kGpt2, kDigits, kFalcon, kRegex };

struct PreTokenization {
    std::string_view name;
    Cut cut = Cut::kGpt2;
    std::string_view regex{};
    bool is_composed = false;     // NFC first
    bool ignores_merges = false;  // a word that is an entry is that entry
    bool adds_begin = false;      // where the file does not say
};

// The expressions of Llama 3's and Qwen 2's tokenizer.json.
constexpr std::string_view kLlama3 =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
    " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
constexpr std::string_view kQwen2 =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
    " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

constexpr std::array kPreTokenizations = {
    PreTokenization{"default"},
    PreTokenization{"gpt-2"},
    PreTokenization{"phi-2"},
    PreTokenization{"smollm", Cut::kDigits},
    PreTokenization{"starcoder", Cut::kDigits},
    PreTokenization{"refact", Cut::kDigits},
    PreTokenization{"falcon", Cut::kFalcon},
    PreTokenization{"llama-bpe", Cut::kRegex, kLlama3, false, true, true},
    PreTokenization{"llama3", Cut::kRegex, kLlama3, false, true, true},
    PreTokenization{"llama-v3", Cut::kRegex, kLlama3, false, true, true},
    PreTokenization{"qwen2", Cut::kRegex, kQwen2, true},
    PreTokenization{"deepseek-r1-qwen", Cut::kRegex, kQwen2, true, false, true},
};

struct Pieces {
    std::vector<std::string> texts;
    std::vector<Type> types;
};

Pieces read_pieces(const GgufFile& file) {
    Pieces pieces;
    pieces.texts = file.get_strings(kTokens);
    const std::vector<std::int64_t> types = file.get_integers(kTypes);
    if (!types.empty() && types.size() != pieces.texts.size()) {
        file.fail(kTypes, "a type for each of " + std::to_string(pieces.texts.size()) + " tokens");
    }
    pieces.types.assign(pieces.texts.size(), Type::kNormal);
    for (std::size_t id = 0; id < types.size(); ++id) {
        if (types[id] < 0 || types[id] > 6) {
            throw Error(file.path(), std::string(kTypes) + "[" + std::to_string(id) + "]", "0 to 6",
                        std::to_string(types[id]));
        }
        // 0 is "undefined": nothing is known of it.
        if (types[id] > 0) pieces.types[id] = static_cast<Type>(types[id]);
    }
    return pieces;
}

std::unique_ptr<const Vocabulary> make_vocabulary(const std::vector<std::string>& texts,
                                                  std::string_view where) {
    std::vector<Vocabulary::Entry> entries;
    entries.reserve(texts.size());
    for (const std::string& text : texts) {
        entries.push_back({text, static_cast<std::int64_t>(entries.size()), 0});
    }
    return std::make_unique<Vocabulary>(std::move(entries), where, kTokens);
}

// The id under tokenizer.ggml.`role`; nullopt where the file does not say.
std::optional<SpecialToken> find_special(const GgufFile& file, const Pieces& pieces,
                                         std::string_view role) {
    const std::string key = "tokenizer.ggml." + std::string(role);
    if (file.value(key) == nullptr) return std::nullopt;
    const auto last = static_cast<std::int64_t>(pieces.texts.size()) - 1;
    const auto id = static_cast<int>(file.get_int(key, std::nullopt, 0, last));
    return SpecialToken{id, pieces.texts[static_cast<std::size_t>(id)]};
}

// A template with the tokens of `begin` before and those of `end` after each text.
std::unique_ptr<const PostProcessor> make_template(const std::vector<SpecialToken>& begin,
                                                   const std::vector<SpecialToken>& end) {
    const auto items_of = [&](int text) {
        std::vector<TemplateItem> items;
        if (!begin.empty()) items.push_back({begin, -1, text});
        items.push_back({{}, text, text});
        if (!end.empty()) items.push_back({end, -1, text});
        return items;
    };
    std::vector<TemplateItem> both = items_of(0);
    for (TemplateItem& item : items_of(1)) both.push_back(std::move(item));
    return make_template_processor(items_of(0), std::move(both));
}

// What the file says of beginnings and ends, or `fallback`.
std::vector<SpecialToken> read_added(const GgufFile& file, const Pieces& pieces,
                                     std::string_view flag, std::string_view role, bool fallback) {
    if (!file.get_bool("tokenizer.ggml." + std::string(flag), fallback)) return {};
    const auto token = find_special(file, pieces, role);
    if (!token) file.fail("tokenizer.ggml." + std::string(role), "the id of a token to be added");
    return {*token};
}

std::unique_ptr<const PreTokenizer> make_cutter(const PreTokenization& pre,
                                                std::string_view where) {
    std::vector<std::unique_ptr<const PreTokenizer>> steps;
    const auto split = [&](std::string_view regex) {
        steps.push_back(make_split_pre_tokenizer(TextPattern::of_regex(regex, where, kPre),
                                                 CutBehaviour::kIsolated, false));
    };
    switch (pre.cut) {
        case Cut::kGpt2:
            return make_byte_level_pre_tokenizer({false, true});
        case Cut::kDigits:
            steps.push_back(make_digits_pre_tokenizer(true));
            steps.push_back(make_byte_level_pre_tokenizer({false, true}));
            break;
        case Cut::kFalcon:
            steps.push_back(make_punctuation_pre_tokenizer(CutBehaviour::kContiguous));
            steps.push_back(make_byte_level_pre_tokenizer({false, true}));
            steps.push_back(make_digits_pre_tokenizer(false));
            split("[0-9][0-9][0-9]");
            break;
        case Cut::kRegex:
            split(pre.regex);
            steps.push_back(make_byte_level_pre_tokenizer({false, false}));
            break;
    }
    return make_sequence_pre_tokenizer(std::move(steps));
}

const PreTokenization& read_pre(const GgufFile& file) {
    // Older files do not say: the architecture tells.
    const bool is_qwen = file.get_string("general.architecture", "").starts_with("qwen");
    const std::string name = file.get_string(kPre, is_qwen ? "qwen2" : "default");
    std::string known;
    for (const PreTokenization& row : kPreTokenizations) {
        if (row.name == name) return row;
        known += (known.empty() ? "" : ", ") + std::string(row.name);
    }
    file.fail(kPre, "one of " + known);
}

std::vector<BpeMerge> read_merges(const GgufFile& file) {
    constexpr std::string_view kMerges = "tokenizer.ggml.merges";
    std::vector<BpeMerge> merges;
    for (const std::string& text : file.get_strings(kMerges)) {
        const std::size_t space = text.find(' ', 1);
        if (text.empty() || space == std::string::npos || space + 1 == text.size()) {
            throw Error(file.path(),
                        std::string(kMerges) + "[" + std::to_string(merges.size()) + "]",
                        "two pieces with a space between", in_quotes(text));
        }
        merges.push_back({text.substr(0, space), text.substr(space + 1), 0});
    }
    return merges;
}

// Byte-level BPE: GPT-2's kind.
std::shared_ptr<const Tokenizer> make_byte_level(const GgufFile& file) {
    const PreTokenization& pre = read_pre(file);
    const Pieces pieces = read_pieces(file);
    TokenizerParts parts;
    if (pre.is_composed) parts.normalizer = make_unicode_normalizer({true, false});
    parts.pre_tokenizer = make_cutter(pre, file.path());
    for (std::size_t id = 0; id < pieces.texts.size(); ++id) {
        const Type type = pieces.types[id];
        if (type != Type::kControl && type != Type::kUserDefined) continue;
        AddedToken token;
        token.id = static_cast<int>(id);
        token.content = pieces.texts[id];
        token.is_special = type == Type::kControl;
        parts.added_tokens.push_back(std::move(token));
    }
    const auto begin = read_added(file, pieces, "add_bos_token", "bos_token_id", pre.adds_begin);
    const auto end = read_added(file, pieces, "add_eos_token", "eos_token_id", false);
    parts.post_processor = make_template(begin, end);
    parts.decoder = make_byte_level_decoder();
    parts.is_byte_level = true;
    BpeOptions options;
    options.ignores_merges = pre.ignores_merges;
    parts.model = std::make_unique<Bpe>(make_vocabulary(pieces.texts, file.path()),
                                        read_merges(file), options, file.path());
    return make_tokenizer(std::move(parts), file.path());
}

// Pieces, scores and types as a SentencePiece model has them.
SentencePieceModel read_sentencepiece(const GgufFile& file) {
    Pieces pieces = read_pieces(file);
    const std::vector<double> scores = file.get_numbers(kScores);
    if (scores.size() != pieces.texts.size()) {
        file.fail(kScores,
                  "a score for each of " + std::to_string(pieces.texts.size()) + " tokens");
    }
    SentencePieceModel model;
    for (std::size_t id = 0; id < scores.size(); ++id) {
        model.pieces.push_back(
            {std::move(pieces.texts[id]), static_cast<float>(scores[id]), pieces.types[id]});
    }
    model.adds_dummy_prefix = file.get_bool("tokenizer.ggml.add_space_prefix", true);
    return model;
}

// The roles that the file names, for parts that look them up by name.
TokenizerConfig read_roles(const GgufFile& file, const Pieces& pieces) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kRoles = {{
        {"bos_token_id", "bos_token"},
        {"eos_token_id", "eos_token"},
        {"unknown_token_id", "unk_token"},
        {"padding_token_id", "pad_token"},
        {"seperator_token_id", "sep_token"},
        {"cls_token_id", "cls_token"},
        {"mask_token_id", "mask_token"},
    }};
    TokenizerConfig config;
    for (const auto& [key, role] : kRoles) {
        if (const auto token = find_special(file, pieces, key)) {
            config.special_tokens.emplace_back(role, token->piece);
        }
    }
    return config;
}

std::shared_ptr<const Tokenizer> make_llama(const GgufFile& file) {
    TokenizerConfig config = read_roles(file, read_pieces(file));
    config.adds_begin = file.get_bool("tokenizer.ggml.add_bos_token", true);
    config.adds_end = file.get_bool("tokenizer.ggml.add_eos_token", false);
    SentencePieceModel model = read_sentencepiece(file);
    model.is_bpe = true;
    model.falls_back_to_bytes = true;
    return make_llama_tokenizer(std::move(model), config, file.path());
}

std::shared_ptr<const Tokenizer> make_t5(const GgufFile& file) {
    constexpr std::string_view kMap = "tokenizer.ggml.precompiled_charsmap";
    const TokenizerConfig config = read_roles(file, read_pieces(file));
    SentencePieceModel model = read_sentencepiece(file);
    std::string map;
    for (const std::int64_t byte : file.get_integers(kMap)) map += static_cast<char>(byte);
    model.charsmap = CharsMap(map, file.path(), kMap);
    model.removes_extra_spaces =
        file.get_bool("tokenizer.ggml.remove_extra_whitespaces", model.removes_extra_spaces);
    return make_t5_tokenizer(std::move(model), config, file.path());
}

// WordPiece: the file marks beginnings of words by a "▁" where BERT marks what goes on by "##".
std::shared_ptr<const Tokenizer> make_bert(const GgufFile& file) {
    Pieces pieces = read_pieces(file);
    for (std::size_t id = 0; id < pieces.texts.size(); ++id) {
        std::string& text = pieces.texts[id];
        const bool is_bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
        if (text.starts_with(kSpace)) {
            text.erase(0, kSpace.size());
        } else if (pieces.types[id] == Type::kNormal && !is_bracketed) {
            text.insert(0, "##");
        }
    }
    TokenizerConfig config = read_roles(file, pieces);
    return make_bert_tokenizer(make_vocabulary(pieces.texts, file.path()), config, file.path());
}

}  // namespace

std::shared_ptr<const Tokenizer> make_gguf_tokenizer(const GgufFile& file) {
    constexpr std::string_view kModel = "tokenizer.ggml.model";
    if (file.value(kModel) == nullptr) return nullptr;
    const std::string model = file.get_string(kModel, std::nullopt);
    if (model == "gpt2") return make_byte_level(file);
    if (model == "llama") return make_llama(file);
    if (model == "bert") return make_bert(file);
    if (model == "t5") return make_t5(file);
    if (model == "no_vocab" || model == "none") return nullptr;
    file.fail(kModel, "gpt2, llama, bert or t5");
}

}  // namespace heed
