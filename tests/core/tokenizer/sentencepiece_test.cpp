// SentencePiece model files: what they may hold and what is refused.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "core/tokenizer/sentencepiece_tokenizer.h"
#include "tests/core/tokenizer/cases.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed {
namespace {

using test::find_flaw;

std::string varint(std::uint64_t value) {
    std::string out;
    for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
    return out + static_cast<char>(value);
}

std::string bytes_field(unsigned number, const std::string& bytes) {
    return varint(number << 3 | 2) + varint(bytes.size()) + bytes;
}

std::string number_field(unsigned number, std::uint64_t value) {
    return varint(number << 3) + varint(value);
}

std::string float_field(unsigned number, float value) {
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return varint(number << 3 | 5) + bytes;
}

std::string piece(const std::string& text, float score, unsigned type) {
    return bytes_field(1, bytes_field(1, text) + float_field(2, score) + number_field(3, type));
}

// A unigram model of a few pieces, with `more` at its end.
std::string model_with(const std::string& more) {
    return piece("<unk>", 0, 2) + piece("\u2581a", -1, 1) + piece("b", -2, 1) + more;
}

std::string refuse(const std::string& bytes) {
    return test::message_of([&] {
        make_sentencepiece_tokenizer(parse_sentencepiece_model(bytes, "x.model"), {}, "x.model");
    });
}

std::vector<int> encode(const std::string& bytes, std::string_view text) {
    const auto tokenizer =
        make_sentencepiece_tokenizer(parse_sentencepiece_model(bytes, "x.model"), {}, "x.model");
    std::vector<int> ids;
    for (const Token& token : tokenizer->encode(text, std::nullopt, true)) ids.push_back(token.id);
    return ids;
}

}  // namespace

TEST_SUITE_BEGIN("core/tokenizer/sentencepiece");

TEST_CASE("a good small model is taken, unknown fields left out") {
    CHECK_EQ(refuse(model_with("")), test::kNotRefused);
    CHECK_EQ(encode(model_with(bytes_field(77, "later")), "a  b?"), std::vector{1, 0, 2, 0});
    CHECK_EQ(encode(model_with(number_field(77, 1) + varint(78 << 3 | 1) + "12345678"), "ab"),
             std::vector{1, 2});
}

TEST_CASE("files that are no model are refused") {
    CHECK_EQ(find_flaw(refuse(""), {"x.model", "a SentencePiece model", "an empty file"}), "");
    CHECK_EQ(find_flaw(refuse("version https://git-lfs.github.com/spec/v1\n"), {"Git LFS"}), "");
    CHECK_EQ(find_flaw(refuse("<!DOCTYPE html>"), {"a web page"}), "");
    CHECK_EQ(find_flaw(refuse("IQ== 0\nIg== 1\n"), {"x.model", "a SentencePiece model"}), "");
    CHECK_EQ(find_flaw(refuse(number_field(77, 1)), {"no pieces"}), "");
}

TEST_CASE("sizes that the file does not have are refused") {
    for (const std::uint64_t size :
         {std::uint64_t{100}, std::uint64_t{1} << 31, std::uint64_t{1} << 63, UINT64_MAX}) {
        CAPTURE(size);
        CHECK_EQ(find_flaw(refuse(model_with(varint(1 << 3 | 2) + varint(size) + "abc")),
                           {"a length of " + std::to_string(size)}),
                 "");
    }
    CHECK_EQ(find_flaw(refuse(model_with(std::string(12, '\xFF'))), {"more than 64 bits"}), "");
    CHECK_EQ(find_flaw(refuse(model_with("\x0A")), {"the end of the file"}), "");
    CHECK_EQ(find_flaw(refuse(model_with("\x0D")), {"the end of the file"}), "");
    CHECK_EQ(find_flaw(refuse(model_with(number_field(1, 5))), {"a number"}), "");
    CHECK_EQ(find_flaw(refuse(model_with("\x0F")), {"a field of kind 7"}), "");
}

TEST_CASE("pieces that cannot be used are refused") {
    const auto refuse_piece = [](const std::string& text, float score, unsigned type) {
        return refuse(model_with(piece(text, score, type)));
    };
    CHECK_EQ(find_flaw(refuse_piece("", 0, 1), {"piece 3", "a text in UTF-8"}), "");
    CHECK_EQ(find_flaw(refuse_piece("\xC3", 0, 1), {"piece 3", "UTF-8"}), "");
    CHECK_EQ(find_flaw(refuse_piece("b", 0, 1), {"piece 3", "each piece once"}), "");
    CHECK_EQ(find_flaw(refuse_piece("c", 0, 9), {"a piece of an unknown kind"}), "");
    CHECK_EQ(find_flaw(refuse_piece("c", std::nanf(""), 1), {"piece 3", "a finite score"}), "");
    CHECK_EQ(find_flaw(refuse_piece(std::string(600, 'c'), 0, 1), {"at most 512 bytes"}), "");
    CHECK_EQ(find_flaw(refuse_piece("c", 0, 6), {"a byte like <0x41>"}), "");
    CHECK_EQ(find_flaw(refuse(piece("a", 0, 1)), {"a piece for what is unknown"}), "");
}

TEST_CASE("kinds of models that heed does not have are named") {
    const auto refuse_trainer = [](const std::string& fields) {
        return refuse(model_with(bytes_field(2, fields)));
    };
    CHECK_EQ(find_flaw(refuse_trainer(number_field(3, 3)), {"model_type", "BPE (2)"}), "");
    CHECK_EQ(find_flaw(refuse_trainer(number_field(24, 1)), {"treat_whitespace_as_suffix"}), "");
    const auto refuse_table = [](const std::string& table) {
        return refuse(model_with(bytes_field(3, bytes_field(2, table))));
    };
    CHECK_EQ(find_flaw(refuse_table("\xFF\xFF\xFF\xFF"), {"precompiled_charsmap"}), "");
    CHECK_EQ(find_flaw(refuse_table(std::string("\4\0\0\0abcd\xC3", 9)), {"rewritings in UTF-8"}),
             "");
    TokenizerConfig config;
    config.tokenizer_class = "PegasusTokenizer";
    const std::string message = test::message_of([&] {
        make_sentencepiece_tokenizer(parse_sentencepiece_model(model_with(""), "x.model"), config,
                                     "x.model");
    });
    CHECK_EQ(find_flaw(message, {"tokenizer_class", "PegasusTokenizer"}), "");
}

TEST_CASE("a folder's model comes after its tokenizer.json and before other vocabularies") {
    const test::TempDir dir;
    dir.write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n");
    CHECK_EQ(load_tokenizer(dir.path())->description(), "WordPiece, 3 entries, lower case");
    dir.write("spiece.model", model_with(""));
    CHECK_EQ(load_tokenizer(dir.path())->description(), "SentencePiece unigram, 3 entries");
    dir.write("tokenizer.json", R"({"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}})");
    CHECK_EQ(load_tokenizer(dir.path())->description(), "BPE, 1 entries");
}

TEST_CASE("tokens that the files beside a model add are found in the text") {
    const test::TempDir dir;
    dir.write("spiece.model", model_with(""));
    dir.write("added_tokens.json", R"({"<new>": 3, "[PAD]": 4})");
    dir.write("special_tokens_map.json", R"({"pad_token": {"content": "[PAD]"}})");
    const auto tokenizer = load_tokenizer(dir.path());
    CHECK_EQ(tokenizer->vocabulary_size(), 5);
    const Encoding encoding = tokenizer->encode("a<new>[PAD]", std::nullopt, true);
    REQUIRE_EQ(encoding.size(), 3);
    CHECK_EQ(encoding[1].id, 3);
    CHECK_FALSE(encoding[1].is_special);
    CHECK_EQ(encoding[1].begin, 1);
    CHECK_EQ(encoding[2].id, 4);
    CHECK(encoding[2].is_special);
    CHECK_EQ(tokenizer->piece(3), "<new>");
    CHECK_EQ(tokenizer->find("<new>").value_or(-1), 3);
    CHECK_EQ(tokenizer->decode({1, 3, 4}), "a<new>");
    dir.write("added_tokens.json", R"({"<new>": 1})");
    CHECK_EQ(find_flaw(test::message_of([&] { load_tokenizer(dir.path()); }),
                       {"added_tokens", "\"<new>\" with id 1"}),
             "");
}

TEST_SUITE_END();

}  // namespace heed
