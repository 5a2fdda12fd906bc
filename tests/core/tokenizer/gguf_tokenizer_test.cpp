// Tokenizers of GGUF files, written here out of the published tokenizers as llama.cpp's converter
// does, against what the reference libraries make of the texts.
#include "core/tokenizer/gguf_tokenizer.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/tokenizer/sentencepiece_model.h"
#include "tests/core/tokenizer/cases.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed {
namespace {

namespace fs = std::filesystem;
using test::GgufWriter;

constexpr std::int32_t kNormal = 1;
constexpr std::int32_t kControl = 3;
constexpr std::int32_t kUserDefined = 4;

std::shared_ptr<const Tokenizer> open(const GgufWriter& writer) {
    const test::TempDir folder;
    return load_tokenizer(folder.write("blob", writer.done()));
}

std::string refuse(const GgufWriter& writer) {
    return test::message_of([&] { (void)open(writer); });
}

// The tokens of a tokenizer.json by id, with their types.
struct Tokens {
    std::vector<std::string> texts;
    std::vector<std::int32_t> types;
};

Tokens list_tokens(const Json& json) {
    Tokens tokens;
    const auto put = [&](const std::string& text, std::int64_t id, std::int32_t type) {
        const auto at = static_cast<std::size_t>(id);
        if (tokens.texts.size() <= at) {
            tokens.texts.resize(at + 1);
            tokens.types.resize(at + 1, kNormal);
        }
        tokens.texts[at] = text;
        tokens.types[at] = type;
    };
    for (const auto& [text, id] : json.find("model")->find("vocab")->object) {
        put(text, id.integer, kNormal);
    }
    for (const Json& added : json.find("added_tokens")->array) {
        put(added.find("content")->string, added.find("id")->integer,
            added.find("special")->boolean ? kControl : kUserDefined);
    }
    return tokens;
}

std::vector<std::string> list_merges(const Json& json) {
    std::vector<std::string> merges;
    for (const Json& merge : json.find("model")->find("merges")->array) {
        merges.push_back(merge.is_string() ? merge.string
                                           : merge.array[0].string + " " + merge.array[1].string);
    }
    return merges;
}

Json read_json(const fs::path& path) {
    return parse_json(read_text_file(path, std::size_t{64} << 20), path.string());
}

GgufWriter write_byte_level(const Json& json, std::string_view pre) {
    const Tokens tokens = list_tokens(json);
    GgufWriter writer;
    writer.string("general.architecture", "gpt2");
    writer.string("tokenizer.ggml.model", "gpt2");
    writer.string("tokenizer.ggml.pre", pre);
    writer.strings("tokenizer.ggml.tokens", tokens.texts);
    writer.integers("tokenizer.ggml.token_type", tokens.types);
    writer.strings("tokenizer.ggml.merges", list_merges(json));
    return writer;
}

GgufWriter write_wordpiece(const Json& json) {
    Tokens tokens = list_tokens(json);
    for (std::size_t id = 0; id < tokens.texts.size(); ++id) {
        std::string& text = tokens.texts[id];
        if (tokens.types[id] == kControl) continue;
        text = text.starts_with("##") ? text.substr(2) : "\u2581" + text;
    }
    GgufWriter writer;
    writer.string("tokenizer.ggml.model", "bert");
    writer.strings("tokenizer.ggml.tokens", tokens.texts);
    writer.integers("tokenizer.ggml.token_type", tokens.types);
    const auto put_id = [&](const char* key, const char* text) {
        const auto at = std::find(tokens.texts.begin(), tokens.texts.end(), text);
        writer.number(key, static_cast<std::uint32_t>(at - tokens.texts.begin()));
    };
    put_id("tokenizer.ggml.unknown_token_id", "[UNK]");
    put_id("tokenizer.ggml.seperator_token_id", "[SEP]");
    put_id("tokenizer.ggml.cls_token_id", "[CLS]");
    return writer;
}

GgufWriter write_sentencepiece(const fs::path& path) {
    const MappedFile file(path);
    const SentencePieceModel model = parse_sentencepiece_model(file.text(), path.string());
    std::vector<std::string> texts;
    std::vector<float> scores;
    std::vector<std::int32_t> types;
    for (const SentencePieceModel::Piece& piece : model.pieces) {
        texts.push_back(piece.text);
        scores.push_back(piece.score);
        types.push_back(static_cast<std::int32_t>(piece.type));
    }
    GgufWriter writer;
    writer.string("tokenizer.ggml.model", "llama");
    writer.strings("tokenizer.ggml.tokens", texts);
    writer.reals("tokenizer.ggml.scores", scores);
    writer.integers("tokenizer.ggml.token_type", types);
    writer.number("tokenizer.ggml.bos_token_id", 1);
    writer.number("tokenizer.ggml.eos_token_id", 2);
    return writer;
}

void check_cases(const Tokenizer& tokenizer, const fs::path& cases) {
    for (const test::TokenizerCase& c : test::read_cases(cases)) {
        CAPTURE(c.text);
        CHECK_EQ(test::find_difference(tokenizer, c), "");
    }
}

// A byte-level tokenizer of the letters a, b, the bytes' digits, and what `extra` adds.
GgufWriter tiny(std::string_view pre, const std::vector<std::string>& more,
                const std::vector<std::string>& merges) {
    std::vector<std::string> texts = {"<s>", "</s>", "a", "b", "1", "2", "3", "4", "\u0120", "'"};
    texts.insert(texts.end(), more.begin(), more.end());
    std::vector<std::int32_t> types(texts.size(), kNormal);
    types[0] = types[1] = kControl;
    GgufWriter writer;
    writer.string("tokenizer.ggml.model", "gpt2");
    writer.string("tokenizer.ggml.pre", pre);
    writer.strings("tokenizer.ggml.tokens", texts);
    writer.integers("tokenizer.ggml.token_type", types);
    writer.strings("tokenizer.ggml.merges", merges);
    writer.number("tokenizer.ggml.bos_token_id", 0);
    writer.number("tokenizer.ggml.eos_token_id", 1);
    return writer;
}

std::vector<std::string> pieces_of(const Tokenizer& tokenizer, std::string_view text) {
    std::vector<std::string> pieces;
    for (const Token& token : tokenizer.encode(text, std::nullopt, true)) {
        pieces.push_back(token.piece);
    }
    return pieces;
}

using Pieces = std::vector<std::string>;

TEST_SUITE_BEGIN("core/tokenizer/gguf_tokenizer");

TEST_CASE("published tokenizers agree on every line after the way through a GGUF file") {
    const auto oracle = test::find_oracle("oracle/tokenizers");
    const auto published = test::find_oracle("tokenizers");
    if (!oracle || !published) return;
    for (const auto& [name, pre] :
         {std::pair{"gpt2", "gpt-2"}, {"phi-2", "phi-2"}, {"falcon", "falcon"}}) {
        CAPTURE(std::string(name));
        const Json json = read_json(*published / name / "tokenizer.json");
        check_cases(*open(write_byte_level(json, pre)), *oracle / (std::string(name) + ".jsonl"));
    }
    const Json bert = read_json(*published / "bert-base-uncased" / "tokenizer.json");
    check_cases(*open(write_wordpiece(bert)), *oracle / "bert-base-uncased.jsonl");
    check_cases(*open(write_sentencepiece(*published / "llama2" / "tokenizer.model")),
                *oracle / "llama2.jsonl");
}

TEST_CASE("small tokenizers agree after the way through a GGUF file") {
    const fs::path folder = test::data_folder();
    check_cases(*open(write_wordpiece(read_json(folder / "bert_uncased" / "tokenizer.json"))),
                folder / "bert_uncased" / "cases.jsonl");
}

TEST_CASE("each way to cut words is the one of its name") {
    const Pieces merges = {"1 2", "12 3", "123 4", "\u0120 a", "' b", "\u0120 1"};
    const Pieces more = {"12",
                         "123",
                         "1234",
                         "\u0120"
                         "a",
                         "'b",
                         "\u0120"
                         "1"};
    const auto cut = [&](std::string_view pre, std::string_view text) {
        return pieces_of(*open(tiny(pre, more, merges)), text);
    };
    CHECK(cut("gpt-2", "a 1234") == Pieces{"a", "\u0120", "1234"});
    CHECK(cut("default", "1234 a") == Pieces{"1234",
                                             "\u0120"
                                             "a"});
    CHECK(cut("smollm", "1234 a") == Pieces{"1", "2", "3", "4",
                                            "\u0120"
                                            "a"});
    CHECK(cut("smollm", "a 1") == Pieces{"a", "\u0120", "1"});
    CHECK(cut("llama-bpe", "1234") == Pieces{"<s>", "123", "4"});
    CHECK(cut("llama-bpe", "'ba") == Pieces{"<s>", "'b", "a"});
    CHECK(cut("qwen2", "1234") == Pieces{"1", "2", "3", "4"});
    CHECK(cut("falcon", "1234") == Pieces{"123", "4"});
}

TEST_CASE("the file says what is set before and after a text") {
    GgufWriter writer = tiny("gpt-2", {}, {});
    CHECK(pieces_of(*open(writer), "a") == Pieces{"a"});
    writer.flag("tokenizer.ggml.add_bos_token", true);
    writer.flag("tokenizer.ggml.add_eos_token", true);
    const auto tokenizer = open(writer);
    CHECK(pieces_of(*tokenizer, "a") == Pieces{"<s>", "a", "</s>"});
    const Encoding pair = tokenizer->encode("a", "b", true);
    REQUIRE(pair.size() == 6);
    CHECK(pair[3].id == 0);
    CHECK(pair[4].type_id == 1);
    CHECK(tokenizer->encode("<s>a", std::nullopt, false).front().is_special);
    CHECK(tokenizer->decode({0, 2, 1}) == "a");
    CHECK(tokenizer->is_byte_level());
}

TEST_CASE("a file without a tokenizer has none") {
    GgufWriter writer;
    writer.string("general.architecture", "gpt2");
    CHECK(open(writer) == nullptr);
    writer.string("tokenizer.ggml.model", "no_vocab");
    CHECK(open(writer) == nullptr);
}

TEST_CASE("what is not supported or does not fit is named by its key") {
    CHECK_EQ(test::find_flaw(refuse(tiny("tekken", {}, {})),
                             {"blob", "tokenizer.ggml.pre", "llama-bpe", "tekken"}),
             "");
    GgufWriter kind;
    kind.string("tokenizer.ggml.model", "rwkv");
    CHECK_EQ(test::find_flaw(refuse(kind), {"tokenizer.ggml.model", "gpt2, llama", "rwkv"}), "");
    CHECK_EQ(test::find_flaw(refuse(tiny("gpt-2", {}, {"ab"})),
                             {"tokenizer.ggml.merges[0]", "two pieces"}),
             "");
    CHECK_EQ(test::find_flaw(refuse(tiny("gpt-2", {}, {"a b"})), {"ab"}), "");
    CHECK_EQ(test::find_flaw(refuse(tiny("gpt-2", {"a"}, {})), {"tokenizer.ggml.tokens"}), "");

    GgufWriter types;
    types.string("tokenizer.ggml.model", "gpt2");
    types.strings("tokenizer.ggml.tokens", {"a", "b"});
    GgufWriter few = types;
    few.integers("tokenizer.ggml.token_type", {1});
    CHECK_EQ(test::find_flaw(refuse(few), {"token_type", "2 tokens", "an array of 1"}), "");
    GgufWriter odd = types;
    odd.integers("tokenizer.ggml.token_type", {1, 9});
    CHECK_EQ(test::find_flaw(refuse(odd), {"token_type[1]", "0 to 6", "found 9"}), "");
    GgufWriter begin = types;
    begin.flag("tokenizer.ggml.add_bos_token", true);
    CHECK_EQ(test::find_flaw(refuse(begin), {"bos_token_id", "nothing"}), "");
    begin.number("tokenizer.ggml.bos_token_id", 2);
    CHECK_EQ(test::find_flaw(refuse(begin), {"bos_token_id", "0 to 1", "the number 2"}), "");
    GgufWriter scores;
    scores.string("tokenizer.ggml.model", "llama");
    scores.strings("tokenizer.ggml.tokens", {"<unk>", "<s>"});
    CHECK_EQ(test::find_flaw(refuse(scores), {"tokenizer.ggml.scores", "2 tokens"}), "");
    GgufWriter invalid;
    invalid.string("tokenizer.ggml.model", "gpt2");
    invalid.strings("tokenizer.ggml.tokens", {"a", "\xFF"});
    CHECK_EQ(test::find_flaw(refuse(invalid), {"tokenizer.ggml.tokens[1]", "UTF-8"}), "");
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed
