// vocab.txt, and vocab.json + merges.txt.
#include <array>
#include <functional>
#include <utility>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/tokenizer/byte_letters.h"
#include "core/tokenizer/pipeline.h"
#include "core/tokenizer/tokenizer_files.h"
#include "core/tokenizer/unicode.h"
#include "core/tokenizer/wordpiece.h"

namespace heed {
namespace {

void refuse_wrong_content(std::string_view text, std::string_view where,
                          std::string_view expected) {
    const std::string wrong = recognise_wrong_content(text.substr(0, 1024));
    if (!wrong.empty()) throw Error(where, "", expected, wrong);
}

std::string line_place(std::string_view where, int line) {
    return std::string(where) + ": line " + std::to_string(line);
}

// Calls read(line, number from 1) for each line, without its "\n" or "\r\n". Every line must be
// UTF-8 without U+0000.
void read_lines(std::string_view text, std::string_view where,
                const std::function<void(std::string_view line, int number)>& read) {
    int number = 0;
    while (!text.empty()) {
        ++number;
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (find_invalid_utf8(line)) {
            throw Error(line_place(where, number), "", "UTF-8", in_quotes(line));
        }
        if (line.find('\0') != std::string_view::npos) {
            throw Error(line_place(where, number), "", "text", "a byte of zero");
        }
        read(line, number);
    }
}

bool has_capital(std::string_view piece) {
    std::vector<char32_t> lower;
    for (const char32_t c : decode_characters(piece)) {
        lower.clear();
        append_lower_case(lower, c);
        if (lower.size() != 1 || lower.front() != c) return true;
    }
    return false;
}

// Entries in brackets are special ("[CLS]", "[unused7]") and tell nothing.
bool looks_cased(const Vocabulary& vocabulary) {
    std::size_t capitals = 0;
    for (int id = 0; id < vocabulary.size(); ++id) {
        const std::string* piece = vocabulary.piece(id);
        if (piece == nullptr || (piece->starts_with('[') && piece->ends_with(']'))) continue;
        if (has_capital(*piece)) ++capitals;
    }
    return 100 * capitals > vocabulary.entry_count();
}

AddedToken make_special(int id, std::string_view content) {
    AddedToken token;
    token.id = id;
    token.content = content;
    token.is_special = true;
    return token;
}

// Adds `piece` where the vocabulary has it and it is not there yet.
void add_special(std::vector<AddedToken>& tokens, const Vocabulary& vocabulary,
                 std::string_view piece) {
    const std::optional<int> id = vocabulary.find(piece);
    if (!id || piece.empty()) return;
    for (const AddedToken& token : tokens) {
        if (token.id == *id) return;
    }
    tokens.push_back(make_special(*id, piece));
}

SpecialToken require_special(const Vocabulary& vocabulary, const std::string& piece,
                             std::string_view where) {
    const std::optional<int> id = vocabulary.find(piece);
    if (!id) throw Error(where, "", "an entry " + in_quotes(piece), "none");
    return {*id, piece};
}

}  // namespace

std::unique_ptr<const Vocabulary> parse_vocab_txt(std::string_view text, std::string_view where) {
    refuse_wrong_content(text, where, "a vocab.txt");
    std::vector<Vocabulary::Entry> entries;
    int empty_line = 0;  // the first of the empty lines that the file may end with
    read_lines(text, where, [&](std::string_view line, int number) {
        if (line.empty()) {
            if (empty_line == 0) empty_line = number;
            return;
        }
        if (empty_line != 0) {
            throw Error(line_place(where, empty_line), "", "an entry", "an empty line");
        }
        entries.push_back({std::string(line), number - 1, number});
    });
    return std::make_unique<Vocabulary>(std::move(entries), where, "");
}

std::shared_ptr<const Tokenizer> make_bert_tokenizer(std::unique_ptr<const Vocabulary> vocabulary,
                                                     const TokenizerConfig& config,
                                                     std::string_view where) {
    TokenizerParts parts;
    const Vocabulary& pieces = *vocabulary;
    BertNormalizerOptions normalizer;
    normalizer.lower_cases = config.lower_cases.value_or(!looks_cased(pieces));
    normalizer.strips_accents = config.strips_accents.value_or(normalizer.lower_cases);
    normalizer.sets_chinese_apart = config.sets_chinese_apart;
    parts.normalizer = make_bert_normalizer(normalizer);
    parts.pre_tokenizer = make_bert_pre_tokenizer();

    WordPieceOptions options;
    options.unknown_piece = config.special("unk_token", "[UNK]");
    const SpecialToken cls = require_special(pieces, config.special("cls_token", "[CLS]"), where);
    const SpecialToken sep = require_special(pieces, config.special("sep_token", "[SEP]"), where);
    add_special(parts.added_tokens, pieces, config.special("pad_token", "[PAD]"));
    add_special(parts.added_tokens, pieces, options.unknown_piece);
    add_special(parts.added_tokens, pieces, cls.piece);
    add_special(parts.added_tokens, pieces, sep.piece);
    add_special(parts.added_tokens, pieces, config.special("mask_token", "[MASK]"));

    config.add_tokens_to(parts.added_tokens);

    parts.model = std::make_unique<WordPiece>(std::move(vocabulary), options, where);
    parts.post_processor = make_bert_processor(cls, sep);
    parts.decoder = make_wordpiece_decoder("##", true);
    return make_tokenizer(std::move(parts), where);
}

std::unique_ptr<const Vocabulary> parse_vocab_json(std::string_view text, std::string_view where) {
    refuse_wrong_content(text, where, "a vocab.json");
    const Json json = parse_json(text, where);
    if (!json.is_object()) {
        throw Error(where, "", "an object of pieces and ids", json.describe());
    }
    std::vector<Vocabulary::Entry> entries;
    entries.reserve(json.object.size());
    for (const auto& [piece, id] : json.object) {
        if (!id.is_integer) {
            throw Error(line_place(where, id.line), in_quotes(piece), "an id", id.describe());
        }
        entries.push_back({piece, id.integer, id.line});
    }
    return std::make_unique<Vocabulary>(std::move(entries), where, "");
}

std::vector<BpeMerge> parse_merges(std::string_view text, std::string_view where) {
    refuse_wrong_content(text, where, "a merges.txt");
    std::vector<BpeMerge> merges;
    read_lines(text, where, [&](std::string_view line, int number) {
        const bool is_header = number == 1 && line.starts_with("#version");
        if (line.empty() || is_header) return;
        const std::size_t space = line.find(' ');
        const bool is_pair = space != std::string_view::npos && space > 0 &&
                             space + 1 < line.size() &&
                             line.find(' ', space + 1) == std::string_view::npos;
        if (!is_pair) {
            throw Error(line_place(where, number), "", "two pieces with a space between",
                        in_quotes(line));
        }
        merges.push_back(
            {std::string(line.substr(0, space)), std::string(line.substr(space + 1)), number});
    });
    return merges;
}

std::shared_ptr<const Tokenizer> make_byte_level_tokenizer(
    std::unique_ptr<const Vocabulary> vocabulary, const std::vector<BpeMerge>& merges,
    const TokenizerConfig& config, std::string_view where) {
    TokenizerParts parts;
    const Vocabulary& pieces = *vocabulary;
    for (const char32_t letter : kByteLetters) {
        std::string piece;
        append_utf8(piece, letter);
        if (!pieces.find(piece)) {
            throw Error(where, "", "a byte-level vocabulary, with a letter for each byte",
                        "none for " + in_quotes(piece));
        }
    }
    if (pieces.find("a</w>")) {
        throw Error(where, "", "a byte-level vocabulary", "pieces that end in \"</w>\"");
    }
    const bool is_roberta = config.tokenizer_class.empty()
                                ? pieces.find("<s>") && pieces.find("</s>") && pieces.find("<mask>")
                                : config.tokenizer_class.find("Roberta") != std::string::npos;
    if (is_roberta) {
        const std::string mask = config.special("mask_token", "<mask>");
        const SpecialToken cls = require_special(pieces, config.special("cls_token", "<s>"), where);
        const SpecialToken sep =
            require_special(pieces, config.special("sep_token", "</s>"), where);
        for (const auto& piece : {cls.piece, config.special("pad_token", "<pad>"), sep.piece,
                                  config.special("unk_token", "<unk>"), mask}) {
            add_special(parts.added_tokens, pieces, piece);
        }
        for (AddedToken& token : parts.added_tokens) token.strips_left = token.content == mask;
        parts.post_processor = make_roberta_processor(cls, sep, {true, config.adds_prefix_space});
    } else {
        add_special(parts.added_tokens, pieces, "<|endoftext|>");
        for (const auto& special : config.special_tokens) {
            add_special(parts.added_tokens, pieces, special.second);
        }
    }
    config.add_tokens_to(parts.added_tokens);
    parts.pre_tokenizer = make_byte_level_pre_tokenizer({config.adds_prefix_space, true});
    parts.decoder = make_byte_level_decoder();
    parts.is_byte_level = true;
    parts.model = std::make_unique<Bpe>(std::move(vocabulary), merges, BpeOptions{}, where);
    return make_tokenizer(std::move(parts), where);
}

}  // namespace heed
