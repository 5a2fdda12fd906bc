#include "core/tokenizer/tokenizer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "core/base/utf8.h"
#include "core/tokenizer/byte_letters.h"
#include "core/tokenizer/tokenizer_files.h"
#include "tests/core/tokenizer/cases.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed {
namespace {

// HEED_TOKENIZER_STRINGS sets how many random strings each tokenizer gets.
int string_count() {
    const char* text = std::getenv("HEED_TOKENIZER_STRINGS");
    return text != nullptr ? std::atoi(text) : 500;
}

// The tiny tokenizers, and the published ones where they are there.
std::vector<std::filesystem::path> list_tokenizers() {
    namespace fs = std::filesystem;
    std::vector<fs::path> paths;
    std::vector<fs::path> folders = {test::data_folder()};
    if (const auto published = test::find_oracle("tokenizers")) folders.push_back(*published);
    for (const fs::path& folder : folders) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            const bool is_model = entry.path().extension() == ".model";
            if (is_model || (entry.is_directory() && load_tokenizer(entry.path()))) {
                paths.push_back(entry.path());
            }
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

// What is wrong with a token of a text and a pair of so many bytes; empty for nothing.
std::string find_flaw(const Tokenizer& tokenizer, const Encoding& encoding, std::size_t text_size,
                      std::size_t pair_size) {
    for (const Token& token : encoding) {
        const std::size_t size = token.text < 0 ? 0 : (token.text == 0 ? text_size : pair_size);
        if (token.begin > token.end || token.end > size) return "span of " + token.piece;
        if (token.id < 0 || token.id >= tokenizer.vocabulary_size()) return "id of " + token.piece;
        if (tokenizer.piece(token.id).empty()) return "no piece for " + token.piece;
        if (find_invalid_utf8(token.piece)) return "a piece that is no UTF-8";
    }
    return "";
}

// Bytes of any kind; half of the texts hold parts that the tokenizers look for.
std::string random_bytes(std::mt19937& random) {
    constexpr const char* kParts[] = {"[MASK]",       "<mask>", "<|endoftext|>", " word ",
                                      "e\u0301",      "日本",   "\u0344",        "don't",
                                      "\u00A0\u3000", "step  "};
    std::string out;
    const std::size_t length = random() % 40;
    const bool has_parts = random() % 2 == 0;
    while (out.size() < length) {
        if (has_parts && random() % 3 == 0) {
            out += kParts[random() % std::size(kParts)];
        } else {
            out += static_cast<char>(random() % 256);
        }
    }
    return out;
}

std::string random_text(std::mt19937& random) {
    std::string out;
    const std::size_t length = random() % 20;
    for (std::size_t i = 0; i < length; ++i) {
        const auto c = static_cast<char32_t>(random() % (random() % 2 == 0 ? 0x80 : 0x110000));
        append_utf8(out, c >= 0xD800 && c < 0xE000 ? U'x' : c);
    }
    return out;
}

std::vector<int> ids_of(const Encoding& encoding) {
    std::vector<int> ids;
    for (const Token& token : encoding) ids.push_back(token.id);
    return ids;
}

// Whether the vocabulary has a letter for each byte: Falcon's has none for 0xF2, which code points
// from U+80000 on begin with, nor for some control characters.
bool has_letters(const Tokenizer& tokenizer, std::string_view text) {
    return std::all_of(text.begin(), text.end(), [&tokenizer](char byte) {
        std::string letter;
        append_utf8(letter, kByteLetters[static_cast<unsigned char>(byte)]);
        return tokenizer.find(letter).has_value();
    });
}

}  // namespace

TEST_SUITE_BEGIN("core/tokenizer");

TEST_CASE("any bytes are encoded, with offsets within the text and ids of the vocabulary") {
    for (const std::filesystem::path& path : list_tokenizers()) {
        CAPTURE(path);
        const auto tokenizer = load_tokenizer(path);
        std::mt19937 random(1);
        for (int i = 0; i < string_count(); ++i) {
            const std::string text = random_bytes(random);
            const std::string pair = i % 3 == 0 ? random_text(random) : random_bytes(random);
            const Encoding encoding = tokenizer->encode(text, pair, i % 2 == 0);
            CAPTURE(text);
            CAPTURE(pair);
            CHECK_EQ(find_flaw(*tokenizer, encoding, text.size(), pair.size()), "");
            CHECK_FALSE(find_invalid_utf8(tokenizer->decode(ids_of(encoding))));
        }
    }
}

TEST_CASE("byte-level tokenizers without a normalizer give back what they got") {
    std::vector<std::filesystem::path> paths = {test::data_folder() / "gpt2",
                                                test::data_folder() / "falcon"};
    if (const auto published = test::find_oracle("tokenizers")) {
        for (const char* name : {"gpt2", "phi-2", "roberta-base", "falcon"}) {
            paths.push_back(*published / name);
        }
    }
    for (const std::filesystem::path& path : paths) {
        CAPTURE(path);
        const auto tokenizer = load_tokenizer(path);
        int compared = 0;
        std::mt19937 random(2);
        for (int i = 0; i < string_count(); ++i) {
            const std::string bytes = random_bytes(random);
            for (const std::string& text : {random_text(random), replace_invalid_utf8(bytes)}) {
                if (!has_letters(*tokenizer, text)) continue;
                // Special tokens are left out of what is decoded.
                if (text.find("<|") != std::string::npos || text.find("<m") != std::string::npos)
                    continue;
                CAPTURE(text);
                const Encoding encoding = tokenizer->encode(text, std::nullopt, true);
                CHECK_EQ(tokenizer->decode(ids_of(encoding)), text);
                ++compared;
            }
        }
        CHECK_GT(compared, string_count() / 2);
    }
}

TEST_CASE("bytes that are no UTF-8 are read as U+FFFD and keep their places") {
    const auto tokenizer = load_tokenizer(test::data_folder() / "gpt2");
    const Encoding encoding = tokenizer->encode("a\xFFz", std::nullopt, true);
    REQUIRE_EQ(encoding.size(), 5);
    for (std::size_t i = 1; i < 4; ++i) {
        CHECK_EQ(encoding[i].begin, 1);
        CHECK_EQ(encoding[i].end, 2);
    }
    CHECK_EQ(encoding[4].begin, 2);
}

TEST_CASE("tokens say which text they are of and whether they are special") {
    const auto tokenizer = load_tokenizer(test::data_folder() / "bert_uncased");
    const Encoding encoding = tokenizer->encode("dog [MASK]", "river", true);
    REQUIRE_EQ(encoding.size(), 6);
    const int texts[] = {-1, 0, 0, -1, 1, -1};
    const bool specials[] = {true, false, true, true, false, true};
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK_EQ(encoding[i].text, texts[i]);
        CHECK_EQ(encoding[i].is_special, specials[i]);
    }
    CHECK_EQ(encoding[2].begin, 4);
    CHECK_EQ(tokenizer->encode("dog", "", true).size(), 4);
    CHECK_EQ(tokenizer->encode("dog", std::nullopt, true).size(), 3);
}

TEST_CASE("a tokenizer says what it is and has") {
    const auto bert = load_tokenizer(test::data_folder() / "bert_uncased");
    CHECK_EQ(bert->description().substr(0, 9), "WordPiece");
    CHECK_NE(bert->description().find("lower case"), std::string::npos);
    CHECK_EQ(bert->unknown_id().value_or(-1), 1);
    CHECK_EQ(bert->mask_id().value_or(-1), 4);
    CHECK_EQ(bert->piece(4), "[MASK]");
    CHECK_EQ(bert->find("[SEP]").value_or(-1), 3);
    CHECK_FALSE(bert->find("no such piece"));
    CHECK_FALSE(bert->is_byte_level());
    const auto cased = load_tokenizer(test::data_folder() / "bert_cased" / "vocab.txt");
    CHECK_EQ(cased->description().find("lower case"), std::string::npos);
    const auto gpt2 = load_tokenizer(test::data_folder() / "gpt2" / "vocab.json");
    CHECK_EQ(gpt2->description(), "byte-level BPE, 400 entries");
    CHECK_EQ(gpt2->vocabulary_size(), 400);
    CHECK(gpt2->is_byte_level());
    CHECK_FALSE(gpt2->mask_id());
    CHECK_FALSE(gpt2->unknown_id());
}

TEST_CASE("an id out of range is an error where its piece is asked for, and no text") {
    const auto tokenizer = load_tokenizer(test::data_folder() / "gpt2");
    for (const int id : {-1, 400, 2147483647}) {
        const std::string found = "found " + std::to_string(id);
        CHECK_EQ(test::find_flaw(test::message_of([&] { tokenizer->piece(id); }), {found}), "");
        CHECK_EQ(tokenizer->decode({id, 399}), tokenizer->decode({399}));
    }
}

TEST_CASE("tokenizer_config.json beside a vocab.txt decides on case, else the entries do") {
    const test::TempDir dir;
    dir.write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\ndog\nDog\n");
    const auto first_id = [&] {
        return load_tokenizer(dir.path())->encode("Dog", std::nullopt, false).at(0).id;
    };
    CHECK_EQ(first_id(), 4);
    dir.write("tokenizer_config.json", R"({"do_lower_case": true})");
    CHECK_EQ(first_id(), 3);
    dir.write("tokenizer_config.json", "{}");
    dir.write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\ndog\ncat\n");
    CHECK_EQ(first_id(), 3);
}

TEST_CASE("threads may share a tokenizer") {
    const auto tokenizer = load_tokenizer(test::data_folder() / "roberta");
    const std::string text = "the river <mask> flows past the bank word e\u0301";
    const std::vector<int> expected = ids_of(tokenizer->encode(text, text, true));
    std::vector<std::thread> threads;
    std::vector<int> agreed(4, 0);
    for (std::size_t t = 0; t < agreed.size(); ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                agreed[t] += ids_of(tokenizer->encode(text, text, true)) == expected ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK_EQ(agreed, std::vector<int>(4, 50));
}

TEST_SUITE_END();

}  // namespace heed
