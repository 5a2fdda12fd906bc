#include "core/tokenizer/tokenizer.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "core/base/utf8.h"
#include "core/tokenizer/tokenizer_files.h"
#include "tests/core/tokenizer/cases.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed {
namespace {

constexpr const char* kNames[] = {"bert_uncased", "bert_cased", "gpt2", "roberta"};

// HEED_TOKENIZER_STRINGS sets how many random strings each tokenizer gets.
int string_count() {
    const char* text = std::getenv("HEED_TOKENIZER_STRINGS");
    return text != nullptr ? std::atoi(text) : 2000;
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

}  // namespace

TEST_SUITE_BEGIN("core/tokenizer");

TEST_CASE("any bytes are encoded, with offsets within the text and ids of the vocabulary") {
    for (const char* name : kNames) {
        CAPTURE(name);
        const auto tokenizer = load_tokenizer(test::data_folder() / name);
        std::mt19937 random(1);
        for (int i = 0; i < string_count(); ++i) {
            const std::string text = random_bytes(random);
            const std::string pair = random_bytes(random);
            const Encoding encoding = tokenizer->encode(text, pair, i % 2 == 0);
            bool is_good = true;
            for (const Token& token : encoding) {
                const std::size_t size =
                    token.text < 0 ? 0 : (token.text == 0 ? text.size() : pair.size());
                is_good = is_good && token.begin <= token.end && token.end <= size &&
                          token.id >= 0 && token.id < tokenizer->vocabulary_size() &&
                          !tokenizer->piece(token.id).empty() && !find_invalid_utf8(token.piece);
            }
            CAPTURE(text);
            CHECK(is_good);
            CHECK_FALSE(find_invalid_utf8(tokenizer->decode(ids_of(encoding))));
        }
    }
}

TEST_CASE("GPT-2 gives back what it got") {
    const auto tokenizer = load_tokenizer(test::data_folder() / "gpt2");
    std::mt19937 random(2);
    for (int i = 0; i < string_count(); ++i) {
        const std::string text = random_text(random);
        CAPTURE(text);
        CHECK_EQ(tokenizer->decode(ids_of(tokenizer->encode(text, std::nullopt, true))), text);
        const std::string bytes = random_bytes(random);
        if (bytes.find("<|") != std::string::npos) continue;
        CHECK_EQ(tokenizer->decode(ids_of(tokenizer->encode(bytes, std::nullopt, true))),
                 replace_invalid_utf8(bytes));
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
