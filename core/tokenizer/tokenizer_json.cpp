// tokenizer.json: one object with the components of a tokenizer, each with its "type".
#include <algorithm>
#include <functional>
#include <utility>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/tokenizer/pipeline.h"
#include "core/tokenizer/tokenizer_files.h"
#include "core/tokenizer/unigram.h"
#include "core/tokenizer/wordpiece.h"

namespace heed {
namespace {

constexpr std::int64_t kMaxId = INT32_MAX - 1;

// The elements of the array `key`; an Error where it is none.
const std::vector<Json>& require_array(const JsonReader& reader, std::string_view key) {
    const Json* array = reader.get_array(key);
    if (array == nullptr) reader.fail(key, "an array", nullptr);
    return array->array;
}

const Json& require_object(const JsonReader& reader, std::string_view key) {
    const Json* object = reader.get_object(key);
    if (object == nullptr) reader.fail(key, "an object", nullptr);
    return *object;
}

[[noreturn]] void refuse_component(const JsonReader& reader, std::string_view kind,
                                   const std::string& type, std::string_view known) {
    throw Error(reader.place(reader.json()), reader.field("type"),
                "a " + std::string(kind) + " that heed has (" + std::string(known) + ")",
                in_quotes(type));
}

// The components of a Sequence, each read by `read`.
template <class Component>
std::vector<std::unique_ptr<const Component>> read_steps(
    const JsonReader& reader, std::string_view key, const std::string& where,
    std::unique_ptr<const Component> (*read)(const Json&, const std::string&, const std::string&)) {
    std::vector<std::unique_ptr<const Component>> steps;
    for (const Json& step : require_array(reader, key)) {
        const std::string field = reader.field(key) + "[" + std::to_string(steps.size()) + "]";
        steps.push_back(read(step, where, field));
    }
    return steps;
}

// {"String": "a"} or {"Regex": "a+"}.
TextPattern read_pattern(const JsonReader& reader, const std::string& where) {
    const JsonReader pattern(require_object(reader, "pattern"), where, reader.field("pattern"));
    if (pattern.has("Regex")) {
        const std::string expression = pattern.get_string("Regex", std::nullopt);
        return TextPattern::of_regex(expression, pattern.place(pattern.json()),
                                     pattern.field("Regex"));
    }
    return TextPattern::of_text(pattern.get_string("String", std::nullopt));
}

CharsMap read_charsmap(const JsonReader& reader, const std::string& where) {
    static constexpr std::string_view kKey = "precompiled_charsmap";
    const auto blob = decode_base64(reader.get_string(kKey, ""));
    if (!blob) reader.fail(kKey, "base64", nullptr);
    return CharsMap(*blob, where, reader.field(kKey));
}

std::unique_ptr<const Normalizer> read_normalizer(const Json& json, const std::string& where,
                                                  const std::string& field) {
    const JsonReader reader(json, where, field);
    const std::string type = reader.get_string("type", std::nullopt);
    if (type == "BertNormalizer") {
        BertNormalizerOptions options;
        options.clean_text = reader.get_bool("clean_text", true);
        options.sets_chinese_apart = reader.get_bool("handle_chinese_chars", true);
        options.lower_cases = reader.get_bool("lowercase", true);
        options.strips_accents = reader.get_bool("strip_accents", options.lower_cases);
        return make_bert_normalizer(options);
    }
    if (type == "Lowercase") return make_lower_case_normalizer();
    if (type == "NFC") return make_unicode_normalizer({true, false});
    if (type == "NFD") return make_unicode_normalizer({false, false});
    if (type == "NFKC") return make_unicode_normalizer({true, true});
    if (type == "NFKD") return make_unicode_normalizer({false, true});
    if (type == "Replace") {
        return make_replace_normalizer(read_pattern(reader, where),
                                       reader.get_string("content", std::nullopt));
    }
    if (type == "Prepend") {
        return make_prepend_normalizer(reader.get_string("prepend", std::nullopt));
    }
    if (type == "Strip") {
        return make_strip_normalizer(reader.get_bool("strip_left", true),
                                     reader.get_bool("strip_right", true));
    }
    if (type == "Precompiled") {
        return make_precompiled_normalizer(read_charsmap(reader, where));
    }
    if (type == "Sequence") {
        return make_sequence_normalizer(
            read_steps<Normalizer>(reader, "normalizers", where, read_normalizer));
    }
    refuse_component(reader, "normalizer", type,
                     "BertNormalizer, Lowercase, NFC, NFD, NFKC, NFKD, Replace, Prepend, Strip, "
                     "Precompiled, Sequence");
}

CutBehaviour read_behaviour(const JsonReader& reader) {
    const std::string name = reader.get_string("behavior", "Isolated");
    if (name == "Removed") return CutBehaviour::kRemoved;
    if (name == "Isolated") return CutBehaviour::kIsolated;
    if (name == "Contiguous") return CutBehaviour::kContiguous;
    if (name == "MergedWithPrevious") return CutBehaviour::kMergedWithPrevious;
    if (name == "MergedWithNext") return CutBehaviour::kMergedWithNext;
    reader.fail("behavior", "Removed, Isolated, Contiguous, MergedWithPrevious or MergedWithNext",
                reader.json().find("behavior"));
}

// Older files say add_prefix_space instead of prepend_scheme.
MetaspaceOptions read_metaspace(const JsonReader& reader) {
    using Prepend = MetaspaceOptions::Prepend;
    MetaspaceOptions options;
    options.replacement = reader.get_string("replacement", options.replacement);
    options.cuts_words = reader.get_bool("split", true);
    const std::string scheme = reader.get_string("prepend_scheme", "");
    if (scheme == "first") {
        options.prepend = Prepend::kFirst;
    } else if (scheme == "never") {
        options.prepend = Prepend::kNever;
    } else if (scheme.empty()) {
        options.prepend =
            reader.get_bool("add_prefix_space", true) ? Prepend::kAlways : Prepend::kNever;
    } else if (scheme != "always") {
        reader.fail("prepend_scheme", "always, first or never",
                    reader.json().find("prepend_scheme"));
    }
    return options;
}

std::unique_ptr<const PreTokenizer> read_pre_tokenizer(const Json& json, const std::string& where,
                                                       const std::string& field) {
    const JsonReader reader(json, where, field);
    const std::string type = reader.get_string("type", std::nullopt);
    if (type == "BertPreTokenizer") return make_bert_pre_tokenizer();
    if (type == "ByteLevel") {
        return make_byte_level_pre_tokenizer(
            {reader.get_bool("add_prefix_space", true), reader.get_bool("use_regex", true)});
    }
    if (type == "Digits") {
        return make_digits_pre_tokenizer(reader.get_bool("individual_digits", false));
    }
    if (type == "Punctuation") return make_punctuation_pre_tokenizer(read_behaviour(reader));
    if (type == "WhitespaceSplit") return make_white_space_pre_tokenizer();
    if (type == "Whitespace") return make_word_pre_tokenizer();
    if (type == "Metaspace") return make_metaspace_pre_tokenizer(read_metaspace(reader));
    if (type == "Split") {
        return make_split_pre_tokenizer(read_pattern(reader, where), read_behaviour(reader),
                                        reader.get_bool("invert", false));
    }
    if (type == "Sequence") {
        return make_sequence_pre_tokenizer(
            read_steps<PreTokenizer>(reader, "pretokenizers", where, read_pre_tokenizer));
    }
    refuse_component(
        reader, "pre-tokenizer", type,
        "BertPreTokenizer, ByteLevel, Digits, Metaspace, Punctuation, Split, Whitespace, "
        "WhitespaceSplit, Sequence");
}

// ["[SEP]", 102].
SpecialToken read_piece_and_id(const JsonReader& reader, std::string_view key) {
    const Json* json = reader.json().find(key);
    const bool is_good = json != nullptr && json->is_array() && json->array.size() == 2 &&
                         json->array[0].is_string() && json->array[1].is_integer &&
                         json->array[1].integer >= 0 && json->array[1].integer <= kMaxId;
    if (!is_good) reader.fail(key, "a piece and its id", json);
    return {static_cast<int>(json->array[1].integer), json->array[0].string};
}

// The ids and pieces that a template calls by one name.
std::vector<SpecialToken> read_special_tokens(const JsonReader& specials, const std::string& name,
                                              const std::string& where) {
    const std::string field = specials.field(name);
    const JsonReader reader(require_object(specials, name), where, field);
    const std::vector<Json>& ids = require_array(reader, "ids");
    const std::vector<Json>& pieces = require_array(reader, "tokens");
    if (ids.size() != pieces.size()) {
        reader.fail("tokens", "as many as ids, " + std::to_string(ids.size()),
                    reader.json().find("tokens"));
    }
    std::vector<SpecialToken> out;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!ids[i].is_integer || ids[i].integer < 0 || ids[i].integer > kMaxId) {
            reader.fail("ids", "ids of the vocabulary", &ids[i]);
        }
        if (!pieces[i].is_string()) reader.fail("tokens", "pieces", &pieces[i]);
        out.push_back({static_cast<int>(ids[i].integer), pieces[i].string});
    }
    return out;
}

std::vector<TemplateItem> read_template(const JsonReader& reader, std::string_view key,
                                        int text_count, const std::string& where) {
    static constexpr std::string_view kExpected = "items with a Sequence or a SpecialToken";
    std::vector<TemplateItem> items;
    for (const Json& json : require_array(reader, key)) {
        const std::string field = reader.field(key) + "[" + std::to_string(items.size()) + "]";
        const JsonReader item_reader(json, where, field);
        TemplateItem item;
        if (const Json* special = item_reader.get_object("SpecialToken")) {
            const JsonReader fields(*special, where, field + ".SpecialToken");
            const JsonReader specials(require_object(reader, "special_tokens"), where,
                                      reader.field("special_tokens"));
            item.special =
                read_special_tokens(specials, fields.get_string("id", std::nullopt), where);
            item.type_id = static_cast<int>(fields.get_int("type_id", 0, 0, kMaxId));
        } else if (const Json* sequence = item_reader.get_object("Sequence")) {
            const JsonReader fields(*sequence, where, field + ".Sequence");
            const std::string name = fields.get_string("id", std::nullopt);
            item.text = name == "A" ? 0 : 1;
            if ((name != "A" && name != "B") || item.text >= text_count) {
                fields.fail("id", text_count == 1 ? "\"A\"" : "\"A\" or \"B\"",
                            fields.json().find("id"));
            }
            for (const TemplateItem& other : items) {
                if (other.text == item.text) fields.fail("id", "each text once", &json);
            }
            item.type_id = static_cast<int>(fields.get_int("type_id", 0, 0, kMaxId));
        } else {
            throw Error(item_reader.place(json), field, kExpected, json.describe());
        }
        items.push_back(std::move(item));
    }
    return items;
}

std::unique_ptr<const PostProcessor> read_post_processor(const Json& json, const std::string& where,
                                                         const std::string& field) {
    const JsonReader reader(json, where, field);
    const std::string type = reader.get_string("type", std::nullopt);
    const TrimOptions trim{reader.get_bool("trim_offsets", true),
                           reader.get_bool("add_prefix_space", true)};
    if (type == "TemplateProcessing") {
        std::vector<TemplateItem> single = read_template(reader, "single", 1, where);
        return make_template_processor(std::move(single), read_template(reader, "pair", 2, where));
    }
    if (type == "BertProcessing") {
        return make_bert_processor(read_piece_and_id(reader, "cls"),
                                   read_piece_and_id(reader, "sep"));
    }
    if (type == "RobertaProcessing") {
        return make_roberta_processor(read_piece_and_id(reader, "cls"),
                                      read_piece_and_id(reader, "sep"), trim);
    }
    if (type == "ByteLevel") return make_byte_level_processor(trim);
    if (type == "Sequence") {
        return make_sequence_processor(
            read_steps<PostProcessor>(reader, "processors", where, read_post_processor));
    }
    refuse_component(reader, "post-processor", type,
                     "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, Sequence");
}

std::unique_ptr<const Decoder> read_decoder(const Json& json, const std::string& where,
                                            const std::string& field) {
    const JsonReader reader(json, where, field);
    const std::string type = reader.get_string("type", std::nullopt);
    if (type == "WordPiece") {
        return make_wordpiece_decoder(reader.get_string("prefix", "##"),
                                      reader.get_bool("cleanup", true));
    }
    if (type == "ByteLevel") return make_byte_level_decoder();
    if (type == "ByteFallback") return make_byte_fallback_decoder();
    if (type == "Fuse") return make_fuse_decoder();
    if (type == "BPEDecoder") return make_bpe_decoder(reader.get_string("suffix", "</w>"));
    if (type == "Metaspace") {
        const MetaspaceOptions options = read_metaspace(reader);
        return make_metaspace_decoder(options.replacement,
                                      options.prepend == MetaspaceOptions::Prepend::kNever);
    }
    if (type == "Replace") {
        return make_replace_decoder(read_pattern(reader, where),
                                    reader.get_string("content", std::nullopt));
    }
    if (type == "Strip") {
        return make_strip_decoder(reader.get_string("content", " "),
                                  static_cast<int>(reader.get_int("start", 0, 0, kMaxId)),
                                  static_cast<int>(reader.get_int("stop", 0, 0, kMaxId)));
    }
    if (type == "Sequence") {
        return make_sequence_decoder(read_steps<Decoder>(reader, "decoders", where, read_decoder));
    }
    refuse_component(reader, "decoder", type,
                     "WordPiece, ByteLevel, ByteFallback, Fuse, BPEDecoder, Metaspace, Replace, "
                     "Strip, Sequence");
}

// What ends a word in CLIP's file, told by its byte letters and its first special token; empty for
// any other file.
std::string find_clip_suffix(const JsonReader& root, const std::vector<AddedToken>& added) {
    const Json* decoder = root.get_object("decoder");
    const Json* type = decoder == nullptr ? nullptr : decoder->find("type");
    if (type == nullptr || !type->is_string() || type->string != "ByteLevel") return "";
    const auto is_start = [](const AddedToken& token) {
        return token.content == "<|startoftext|>";
    };
    if (std::none_of(added.begin(), added.end(), is_start)) return "";
    const Json* suffix = root.get_object("model")->find("end_of_word_suffix");
    return suffix != nullptr && suffix->is_string() ? suffix->string : "";
}

// CLIP's decoder knows the letters alone, and the tokenizer's class does the rest: suffixes as
// spaces, none at the ends.
std::unique_ptr<const Decoder> end_words(std::unique_ptr<const Decoder> letters,
                                         const std::string& suffix) {
    std::vector<std::unique_ptr<const Decoder>> steps;
    steps.push_back(std::move(letters));
    steps.push_back(make_replace_decoder(TextPattern::of_text(suffix), " "));
    steps.push_back(make_trim_decoder());
    return make_sequence_decoder(std::move(steps));
}

std::vector<AddedToken> read_added_tokens(const JsonReader& root, const std::string& where) {
    std::vector<AddedToken> tokens;
    const Json* array = root.get_array("added_tokens");
    if (array == nullptr) return tokens;
    for (const Json& json : array->array) {
        const JsonReader reader(json, where, "added_tokens[" + std::to_string(tokens.size()) + "]");
        AddedToken token;
        token.id = static_cast<int>(reader.get_int("id", std::nullopt, 0, kMaxId));
        token.content = reader.get_string("content", std::nullopt);
        token.is_special = reader.get_bool("special", false);
        token.is_normalized = reader.get_bool("normalized", !token.is_special);
        token.strips_left = reader.get_bool("lstrip", false);
        token.strips_right = reader.get_bool("rstrip", false);
        token.is_single_word = reader.get_bool("single_word", false);
        tokens.push_back(std::move(token));
    }
    return tokens;
}

std::unique_ptr<const Vocabulary> read_vocabulary(const JsonReader& reader,
                                                  const std::string& where, std::string_view key) {
    const Json& object = require_object(reader, key);
    std::vector<Vocabulary::Entry> entries;
    entries.reserve(object.object.size());
    for (const auto& [piece, id] : object.object) {
        if (!id.is_integer) {
            throw Error(reader.place(id), reader.field(key) + "[" + in_quotes(piece) + "]", "an id",
                        id.describe());
        }
        entries.push_back({piece, id.integer, id.line});
    }
    return std::make_unique<Vocabulary>(std::move(entries), where, reader.field(key));
}

// "a b", or ["a", "b"] in newer files.
BpeMerge read_merge(const JsonReader& reader, const Json& json) {
    if (json.is_array() && json.array.size() == 2 && json.array[0].is_string() &&
        json.array[1].is_string()) {
        return {json.array[0].string, json.array[1].string, json.line};
    }
    const std::size_t space = json.is_string() ? json.string.find(' ') : std::string::npos;
    const bool is_pair = space != std::string::npos && space > 0 &&
                         space + 1 < json.string.size() &&
                         json.string.find(' ', space + 1) == std::string::npos;
    if (!is_pair) reader.fail("merges", "two pieces with a space between", &json);
    return {json.string.substr(0, space), json.string.substr(space + 1), json.line};
}

std::unique_ptr<const TokenModel> read_bpe(const JsonReader& reader, const std::string& where) {
    if (reader.get_number("dropout", 0.0) != 0.0) {
        reader.fail("dropout", "none (tokens must not be left to chance)",
                    reader.json().find("dropout"));
    }
    BpeOptions options;
    options.falls_back_to_bytes = reader.get_bool("byte_fallback", false);
    const std::string unknown = reader.get_string("unk_token", "");
    if (!unknown.empty()) options.unknown_piece = unknown;
    options.continuing_prefix = reader.get_string("continuing_subword_prefix", "");
    options.end_of_word_suffix = reader.get_string("end_of_word_suffix", "");
    options.is_unknown_fused = reader.get_bool("fuse_unk", false);
    options.ignores_merges = reader.get_bool("ignore_merges", false);
    std::vector<BpeMerge> merges;
    for (const Json& merge : require_array(reader, "merges")) {
        merges.push_back(read_merge(reader, merge));
    }
    return std::make_unique<Bpe>(read_vocabulary(reader, where, "vocab"), merges, options, where);
}

std::unique_ptr<const TokenModel> read_wordpiece(const JsonReader& reader,
                                                 const std::string& where) {
    WordPieceOptions options;
    options.unknown_piece = reader.get_string("unk_token", options.unknown_piece);
    options.continuing_prefix =
        reader.get_string("continuing_subword_prefix", options.continuing_prefix);
    options.max_word_characters = static_cast<int>(
        reader.get_int("max_input_chars_per_word", options.max_word_characters, 0, kMaxId));
    return std::make_unique<WordPiece>(read_vocabulary(reader, where, "vocab"), options, where);
}

// [["▁the", -3.2], ...]; the place is the id.
std::unique_ptr<const TokenModel> read_unigram(const JsonReader& reader, const std::string& where) {
    std::vector<Vocabulary::Entry> entries;
    std::vector<double> scores;
    for (const Json& json : require_array(reader, "vocab")) {
        const bool is_pair = json.is_array() && json.array.size() == 2 &&
                             json.array[0].is_string() && json.array[1].is_number();
        if (!is_pair) reader.fail("vocab", "pairs of a piece and its score", &json);
        entries.push_back(
            {json.array[0].string, static_cast<std::int64_t>(entries.size()), json.line});
        scores.push_back(round_as_digits(json.array[1].number));
    }
    UnigramOptions options;
    options.falls_back_to_bytes = reader.get_bool("byte_fallback", false);
    if (reader.has("unk_id")) {
        options.unknown_id = static_cast<int>(reader.get_int("unk_id", std::nullopt, 0, kMaxId));
    }
    return std::make_unique<Unigram>(
        std::make_unique<Vocabulary>(std::move(entries), where, reader.field("vocab")),
        std::move(scores), options, where);
}

// Older files do not say the model's type; what it has tells.
std::string guess_model_type(const JsonReader& reader) {
    if (reader.has("merges")) return "BPE";
    if (reader.has("max_input_chars_per_word")) return "WordPiece";
    const Json* vocab = reader.json().find("vocab");
    return vocab != nullptr && vocab->is_array() ? "Unigram" : "WordLevel";
}

std::unique_ptr<const TokenModel> read_model(const Json& json, const std::string& where) {
    const JsonReader reader(json, where, "model");
    std::string type = reader.get_string("type", "");
    if (type.empty()) type = guess_model_type(reader);
    if (type == "BPE") return read_bpe(reader, where);
    if (type == "WordPiece") return read_wordpiece(reader, where);
    if (type == "Unigram") return read_unigram(reader, where);
    refuse_component(reader, "model", type, "BPE, WordPiece, Unigram");
}

// Whether a component or one of its steps spells bytes as letters.
bool has_byte_level(const Json* component) {
    if (component == nullptr) return false;
    const Json* type = component->find("type");
    if (type != nullptr && type->is_string() && type->string == "ByteLevel") return true;
    const Json* steps = component->find("pretokenizers");
    if (steps == nullptr) return false;
    for (const Json& step : steps->array) {
        if (has_byte_level(&step)) return true;
    }
    return false;
}

}  // namespace

std::shared_ptr<const Tokenizer> parse_tokenizer_json(std::string_view text,
                                                      std::string_view where) {
    if (const std::string wrong = recognise_wrong_content(text.substr(0, 1024)); !wrong.empty()) {
        throw Error(where, "", "a tokenizer.json", wrong);
    }
    const std::string place(where);
    const Json json = parse_json(text, where);
    const JsonReader root(json, place);
    TokenizerParts parts;
    parts.model = read_model(require_object(root, "model"), place);
    if (const Json* component = root.get_object("normalizer")) {
        parts.normalizer = read_normalizer(*component, place, "normalizer");
    }
    if (const Json* component = root.get_object("pre_tokenizer")) {
        parts.pre_tokenizer = read_pre_tokenizer(*component, place, "pre_tokenizer");
        parts.is_byte_level = has_byte_level(component);
    }
    if (const Json* component = root.get_object("post_processor")) {
        parts.post_processor = read_post_processor(*component, place, "post_processor");
    }
    if (const Json* component = root.get_object("decoder")) {
        parts.decoder = read_decoder(*component, place, "decoder");
    }
    parts.added_tokens = read_added_tokens(root, place);
    const std::string suffix = find_clip_suffix(root, parts.added_tokens);
    if (!suffix.empty()) parts.decoder = end_words(std::move(parts.decoder), suffix);
    return make_tokenizer(std::move(parts), place);
}

}  // namespace heed
