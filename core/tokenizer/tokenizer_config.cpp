// What stands beside a vocabulary: tokenizer_config.json, special_tokens_map.json and
// added_tokens.json.
#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/tokenizer/tokenizer_files.h"

namespace heed {
namespace {

constexpr std::string_view kRoles[] = {"unk_token", "cls_token", "sep_token", "mask_token",
                                       "pad_token", "bos_token", "eos_token"};

Json read_json(std::string_view text, std::string_view where, const std::string& expected) {
    const std::string wrong = recognise_wrong_content(text.substr(0, 1024));
    if (!wrong.empty()) throw Error(where, "", expected, wrong);
    Json json = parse_json(text, where);
    if (!json.is_object()) throw Error(where, "", expected, json.describe());
    return json;
}

// The pieces of the roles that `reader` says and `config` does not have yet. Each is a string, or
// an object with the string in "content".
void read_roles(const JsonReader& reader, TokenizerConfig& config) {
    for (const std::string_view role : kRoles) {
        const Json* value = reader.json().find_non_null(role);
        if (value != nullptr && value->is_object()) value = value->find_non_null("content");
        if (value == nullptr || !config.special(role, "").empty()) continue;
        if (!value->is_string()) reader.fail(role, "a piece", value);
        config.special_tokens.emplace_back(role, value->string);
    }
}

// {"50257": {"content": "<|im_end|>", "lstrip": false, ...}, ...}.
void read_added_tokens(const Json& tokens, const std::string& where, TokenizerConfig& config) {
    for (const auto& [id, json] : tokens.object) {
        const std::string field = "added_tokens_decoder[" + in_quotes(id) + "]";
        if (!json.is_object()) throw Error(where, field, "an object", json.describe());
        const JsonReader reader(json, where, field);
        AddedToken token;
        const char* end = id.data() + id.size();
        const auto [at, failure] = std::from_chars(id.data(), end, token.id);
        if (failure != std::errc() || at != end || token.id < 0) {
            throw Error(where, "added_tokens_decoder", "ids", in_quotes(id));
        }
        token.content = reader.get_string("content", std::nullopt);
        token.is_special = reader.get_bool("special", false);
        token.is_normalized = reader.get_bool("normalized", !token.is_special);
        token.strips_left = reader.get_bool("lstrip", false);
        token.strips_right = reader.get_bool("rstrip", false);
        token.is_single_word = reader.get_bool("single_word", false);
        config.added_tokens.push_back(std::move(token));
    }
}

}  // namespace

std::string TokenizerConfig::special(std::string_view role, std::string_view fallback) const {
    for (const auto& [name, piece] : special_tokens) {
        if (name == role) return piece;
    }
    return std::string(fallback);
}

void TokenizerConfig::add_tokens_to(std::vector<AddedToken>& tokens) const {
    for (const AddedToken& token : added_tokens) {
        const auto same = std::find_if(tokens.begin(), tokens.end(), [&token](const auto& other) {
            return other.content == token.content;
        });
        if (same == tokens.end()) {
            tokens.push_back(token);
        } else {
            *same = token;
        }
    }
}

TokenizerConfig parse_tokenizer_config(std::string_view text, std::string_view where) {
    const Json json = read_json(text, where, "a tokenizer_config.json");
    const JsonReader reader(json, std::string(where));
    TokenizerConfig config;
    if (reader.has("do_lower_case")) config.lower_cases = reader.get_bool("do_lower_case", false);
    if (reader.has("strip_accents")) {
        config.strips_accents = reader.get_bool("strip_accents", false);
    }
    config.sets_chinese_apart = reader.get_bool("tokenize_chinese_chars", true);
    config.adds_prefix_space = reader.get_bool("add_prefix_space", false);
    config.adds_begin = reader.get_bool("add_bos_token", true);
    config.adds_end = reader.get_bool("add_eos_token", false);
    config.has_two_vocabularies = reader.get_bool("separate_vocabs", false);
    config.tokenizer_class = reader.get_string("tokenizer_class", "");
    read_roles(reader, config);
    if (const Json* tokens = reader.get_object("added_tokens_decoder")) {
        read_added_tokens(*tokens, std::string(where), config);
    }
    return config;
}

void parse_special_tokens_map(std::string_view text, std::string_view where,
                              TokenizerConfig& config) {
    const Json json = read_json(text, where, "a special_tokens_map.json");
    read_roles(JsonReader(json, std::string(where)), config);
}

void parse_added_tokens(std::string_view text, std::string_view where, TokenizerConfig& config) {
    const Json json = read_json(text, where, "an added_tokens.json");
    // tokenizer_config.json says more of the same tokens; transformers reads only that then.
    if (!config.added_tokens.empty()) return;
    for (const auto& [piece, id] : json.object) {
        if (!id.is_integer || id.integer < 0 || id.integer >= INT32_MAX) {
            throw Error(where, in_quotes(piece), "an id", id.describe());
        }
        AddedToken token;
        token.id = static_cast<int>(id.integer);
        token.content = piece;
        token.is_special = std::any_of(
            config.special_tokens.begin(), config.special_tokens.end(),
            [&content = token.content](const auto& role) { return role.second == content; });
        token.is_normalized = !token.is_special;
        config.added_tokens.push_back(std::move(token));
    }
}

}  // namespace heed
