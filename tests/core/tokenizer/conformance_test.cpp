#include <doctest/doctest.h>

#include "tests/core/tokenizer/cases.h"
#include "tests/support/oracle.h"

namespace heed {
namespace {

void check_cases(const std::filesystem::path& tokenizer_path,
                 const std::filesystem::path& cases_path) {
    const auto tokenizer = load_tokenizer(tokenizer_path);
    REQUIRE(tokenizer != nullptr);
    for (const test::TokenizerCase& c : test::read_cases(cases_path)) {
        CAPTURE(c.text);
        CHECK_EQ(test::find_difference(*tokenizer, c), "");
    }
}

TEST_SUITE_BEGIN("core/tokenizer/conformance");

TEST_CASE("tiny tokenizers agree with the reference library") {
    for (const char* name : {"bert_uncased", "bert_cased", "gpt2", "roberta", "llama", "llama3",
                             "falcon", "unigram", "unigram_bytes", "cuts", "words", "albert",
                             "xlnet", "marian", "gpt", "ctrl", "llama_model"}) {
        CAPTURE(std::string(name));
        const auto folder = test::data_folder() / name;
        check_cases(folder, folder / "cases.jsonl");
    }
    for (const char* name : {"spm_unigram", "spm_bpe", "spm_spaces"}) {
        CAPTURE(std::string(name));
        const auto folder = test::data_folder() / name;
        check_cases(folder / "x.model", folder / "cases.jsonl");
    }
}

TEST_CASE("what a Marian decoder is given is spelt by a model of its own") {
    for (const char* name : {"marian_target", "marian_two"}) {
        CAPTURE(std::string(name));
        const auto folder = test::data_folder() / name;
        const auto tokenizer = load_tokenizer(folder);
        REQUIRE(tokenizer != nullptr);
        bool has_other_spelling = false;
        for (const test::TokenizerCase& c : test::read_cases(folder / "cases.jsonl")) {
            CAPTURE(c.text);
            CHECK_EQ(test::find_difference(tokenizer->target(), c), "");
            has_other_spelling |= !test::find_difference(*tokenizer, c).empty();
        }
        CHECK(has_other_spelling);
    }
    const auto alone = load_tokenizer(test::data_folder() / "marian");
    CHECK(&alone->target() == alone.get());
}

TEST_CASE("published tokenizers agree with the reference library on every line") {
    const auto oracle = test::find_oracle("oracle/tokenizers");
    const auto published = test::find_oracle("tokenizers");
    if (!oracle || !published) return;
    struct Published {
        const char* name;
        const char* file;  // "" the folder
    };
    for (const Published& p : {Published{"bert-base-uncased", ""},
                               {"bert-base-uncased", "vocab.txt"},
                               {"bert-base-cased", ""},
                               {"bert-base-multilingual-cased", ""},
                               {"bge-large-zh-v1.5", ""},
                               {"bge-large-zh-v1.5", "vocab.txt"},
                               {"gpt2", ""},
                               {"gpt2", "vocab.json"},
                               {"phi-2", ""},
                               {"roberta-base", ""},
                               {"roberta-base", "merges.txt"},
                               {"gpt-neox-20b", ""},
                               {"falcon", ""},
                               {"clip-vit-large-patch14", ""},
                               {"llama2", "tokenizer.json"},
                               {"t5-small", ""},
                               {"llama2", "tokenizer.model"},
                               {"t5-v1_1", "tokenizer.json"},
                               {"t5-v1_1", "spiece.model"},
                               {"albert-base-v2", ""},
                               {"xlnet-base-cased", ""},
                               {"opus-mt-en-mg", ""},
                               {"opus-mt-tc-big-fr-en", ""},
                               {"openai-gpt", ""},
                               {"ctrl", ""}}) {
        CAPTURE(std::string(p.name));
        CAPTURE(std::string(p.file));
        check_cases(*published / p.name / p.file, *oracle / (std::string(p.name) + ".jsonl"));
    }
}

TEST_CASE("SentencePiece models that stand alone agree with its library") {
    const auto oracle = test::find_oracle("oracle/tokenizers");
    const auto published = test::find_oracle("tokenizers");
    if (!oracle || !published) return;
    for (const std::string name :
         {"test_sentencepiece", "test_sentencepiece_bpe", "test_sentencepiece_no_bos"}) {
        CAPTURE(name);
        check_cases(*published / "hf-fixtures" / (name + ".model"),
                    *oracle / ("hf-fixtures--" + name + ".jsonl"));
    }
}

TEST_CASE("a difference in any part of a case is noticed") {
    const auto folder = test::data_folder() / "bert_uncased";
    const auto tokenizer = load_tokenizer(folder);
    test::TokenizerCase c = test::read_cases(folder / "cases.jsonl").at(2);
    REQUIRE_EQ(test::find_difference(*tokenizer, c), "");
    SUBCASE("id") {
        c.ids[1] += 1;
    }
    SUBCASE("piece") {
        c.pieces->at(1) += "x";
    }
    SUBCASE("offset") {
        c.offsets->at(1).second += 1;
    }
    SUBCASE("type id") {
        c.type_ids->at(1) += 1;
    }
    SUBCASE("decoded") {
        c.decoded += " ";
    }
    SUBCASE("count") {
        c.ids.push_back(0);
    }
    CHECK_NE(test::find_difference(*tokenizer, c), "");
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed
