#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/base/utf8.h"
#include "core/tokenizer/byte_letters.h"
#include "core/tokenizer/tokenizer_files.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed {
namespace {

using test::find_flaw;
using test::message_of;

constexpr const char* kWebPage = "<!DOCTYPE html><html><body>404</body></html>";
constexpr const char* kLfsPointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\n";

// A whole tokenizer.json with one component replaced.
std::string make_json(const std::string& key, const std::string& value) {
    std::string model =
        R"({"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "a": 1, "##b": 2}})";
    std::string added = "[]", normalizer = "null", pre = "null", post = "null", decoder = "null";
    for (auto& [name, text] : {std::pair<std::string, std::string*>{"model", &model},
                               {"added_tokens", &added},
                               {"normalizer", &normalizer},
                               {"pre_tokenizer", &pre},
                               {"post_processor", &post},
                               {"decoder", &decoder}}) {
        if (name == key) *text = value;
    }
    return "{\"added_tokens\": " + added + ", \"normalizer\": " + normalizer +
           ", \"pre_tokenizer\": " + pre + ", \"post_processor\": " + post +
           ", \"decoder\": " + decoder + ", \"model\": " + model + "}";
}

std::string refuse_json(const std::string& text) {
    return message_of([&] { parse_tokenizer_json(text, "t.json"); });
}

std::string refuse_vocab_txt(const std::string& text) {
    return message_of([&] { parse_vocab_txt(text, "vocab.txt"); });
}

std::string refuse_merges(const std::string& text) {
    return message_of([&] { parse_merges(text, "merges.txt"); });
}

std::string refuse_vocab_json(const std::string& text) {
    return message_of([&] { parse_vocab_json(text, "vocab.json"); });
}

std::string wordpiece_with(const std::string& vocab) {
    return make_json("model", R"({"type": "WordPiece", "vocab": )" + vocab + "}");
}

std::string bpe_with(const std::string& merges, const std::string& more = "") {
    return make_json("model", R"({"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": )" +
                                  merges + more + "}");
}

// One "letter": id for each of the 256 byte letters.
std::string byte_vocabulary(const std::string& more) {
    std::string out = "{";
    for (std::size_t byte = 0; byte < 256; ++byte) {
        std::string letter;
        append_utf8(letter, kByteLetters[byte]);
        if (letter == "\"" || letter == "\\") letter = std::string("\\").append(letter);
        out += "\"" + letter + "\": " + std::to_string(byte) + ", ";
    }
    return out + more + "}";
}

}  // namespace

TEST_SUITE_BEGIN("core/tokenizer/refusals");

TEST_CASE("a good small tokenizer.json is taken") {
    CHECK_EQ(refuse_json(make_json("", "")), test::kNotRefused);
    CHECK_EQ(refuse_json(bpe_with(R"(["a b"])")), test::kNotRefused);
    CHECK_EQ(refuse_json(bpe_with(R"([["a", "b"]])")), test::kNotRefused);
}

TEST_CASE("what stands in place of a file is named") {
    for (const auto refuse : {refuse_json, refuse_vocab_txt, refuse_merges, refuse_vocab_json}) {
        CHECK_EQ(find_flaw(refuse(""), {"expected a ", "found an empty file"}), "");
        CHECK_EQ(find_flaw(refuse(kWebPage), {"found a web page"}), "");
        CHECK_EQ(find_flaw(refuse(kLfsPointer), {"found a Git LFS pointer"}), "");
    }
}

TEST_CASE("broken JSON is refused") {
    const std::string good = make_json("", "");
    CHECK_EQ(find_flaw(refuse_json(good.substr(0, good.size() / 2)), {"t.json: line 1"}), "");
    CHECK_EQ(find_flaw(refuse_json(std::string(100000, '[')), {"256 levels"}), "");
    CHECK_EQ(find_flaw(refuse_json("{\"a\": \"\xff\"}"), {"UTF-8"}), "");
    CHECK_EQ(find_flaw(refuse_json("[]"), {"an object", "an array"}), "");
    CHECK_EQ(find_flaw(refuse_json("{}"), {"model", "an object", "nothing"}), "");
    CHECK_EQ(find_flaw(refuse_json(wordpiece_with(R"({"[UNK]": 0, "a": 1, "a": 2})")),
                       {"\"a\"", "twice"}),
             "");
}

TEST_CASE("ids that cannot be are refused") {
    const auto refuse = [](const std::string& vocab) { return refuse_json(wordpiece_with(vocab)); };
    CHECK_EQ(find_flaw(refuse(R"({"[UNK]": 0, "a": 0})"), {"model.vocab", "each id once"}), "");
    CHECK_EQ(find_flaw(refuse(R"({"[UNK]": 0, "a": -1})"), {"model.vocab", "id -1"}), "");
    CHECK_EQ(find_flaw(refuse(R"({"[UNK]": 0, "a": 4611686018427387904})"), {"ids from 0"}), "");
    CHECK_EQ(find_flaw(refuse(R"({"[UNK]": 0, "a": 99999999999999999999999})"), {"an id"}), "");
    CHECK_EQ(find_flaw(refuse(R"({"[UNK]": 0, "a": 1.5})"), {"model.vocab", "\"a\""}), "");
    CHECK_EQ(find_flaw(refuse(R"({"[UNK]": 0, "a": "1"})"), {"an id", "the string"}), "");
    CHECK_EQ(find_flaw(refuse("{}"), {"model.vocab", "at least one entry"}), "");
    CHECK_EQ(find_flaw(refuse("[]"), {"model.vocab", "an object"}), "");
    CHECK_EQ(find_flaw(refuse(R"({"a": 0})"), {"unk_token", "\"[UNK]\""}), "");
}

TEST_CASE("merges that do not fit the vocabulary are refused") {
    CHECK_EQ(find_flaw(refuse_json(bpe_with(R"(["a c"])")), {"merge 0", "\"c\" is none"}), "");
    CHECK_EQ(find_flaw(refuse_json(bpe_with(R"(["b a"])")), {"merge 0", "\"ba\" is none"}), "");
    CHECK_EQ(find_flaw(refuse_json(bpe_with(R"(["ab"])")), {"model.merges", "two pieces"}), "");
    CHECK_EQ(find_flaw(refuse_json(bpe_with(R"(["a b c"])")), {"model.merges"}), "");
    CHECK_EQ(find_flaw(refuse_json(bpe_with(R"([["a"]])")), {"model.merges"}), "");
    CHECK_EQ(find_flaw(refuse_json(bpe_with("7")), {"model.merges", "an array"}), "");
    CHECK_EQ(find_flaw(refuse_json(bpe_with("[]", R"(, "dropout": 0.1)")), {"dropout"}), "");
    CHECK_EQ(find_flaw(refuse_json(bpe_with("[]", R"(, "unk_token": "x")")), {"unk_token"}), "");
}

TEST_CASE("scores, expressions and rewritings that cannot be used are refused") {
    const auto refuse_model = [](const char* model) {
        return refuse_json(make_json("model", model));
    };
    CHECK_EQ(find_flaw(refuse_model(R"({"type": "Unigram", "vocab": [["a"]]})"),
                       {"model.vocab", "its score"}),
             "");
    CHECK_EQ(find_flaw(refuse_model(R"({"type": "Unigram", "vocab": [["a", -1]], "unk_id": 7})"),
                       {"unk_id", "7"}),
             "");
    CHECK_EQ(find_flaw(refuse_json(make_json(
                           "normalizer",
                           R"({"type": "Replace", "pattern": {"Regex": "(a"}, "content": ""})")),
                       {"normalizer.pattern.Regex", "a regular expression", "(a"}),
             "");
    for (const char* blob : {"####", "AAAA", "/////w==", "BAAAAA=="}) {
        CAPTURE(blob);
        const std::string json =
            std::string(R"({"type": "Precompiled", "precompiled_charsmap": ")") + blob + "\"}";
        CHECK_EQ(find_flaw(refuse_json(make_json("normalizer", json)), {"precompiled_charsmap"}),
                 "");
    }
}

TEST_CASE("components that heed does not have are named") {
    for (const char* key : {"normalizer", "pre_tokenizer", "post_processor", "decoder", "model"}) {
        CAPTURE(key);
        const std::string message = refuse_json(make_json(key, R"({"type": "Magic"})"));
        CHECK_EQ(find_flaw(message, {key, "heed has", "found \"Magic\""}), "");
        CHECK_EQ(find_flaw(refuse_json(make_json(key, "3")), {key, "an object"}), "");
    }
    const std::string nested = R"({"type": "Sequence", "normalizers": [{"type": "Magic"}]})";
    CHECK_EQ(find_flaw(refuse_json(make_json("normalizer", nested)),
                       {"normalizer.normalizers[0].type", "\"Magic\""}),
             "");
    CHECK_EQ(find_flaw(refuse_json(make_json("model", R"({"vocab": {"a": 0}})")),
                       {"model.type", "\"WordLevel\""}),
             "");
    CHECK_EQ(find_flaw(refuse_json(make_json("pre_tokenizer",
                                             R"({"type": "Punctuation", "behavior": "x"})")),
                       {"behavior", "Isolated"}),
             "");
}

TEST_CASE("post-processors with wrong parts are refused") {
    const auto refuse = [](const std::string& value) {
        return refuse_json(make_json("post_processor", value));
    };
    CHECK_EQ(find_flaw(refuse(R"({"type": "BertProcessing", "cls": ["a"], "sep": ["a", 1]})"),
                       {"post_processor.cls"}),
             "");
    CHECK_EQ(find_flaw(refuse(R"({"type": "TemplateProcessing", "single": [{"X": 1}]})"),
                       {"post_processor.single[0]", "Sequence or a SpecialToken"}),
             "");
    CHECK_EQ(find_flaw(refuse(R"({"type": "TemplateProcessing",
                                  "single": [{"Sequence": {"id": "B"}}]})"),
                       {"single[0].Sequence.id"}),
             "");
    CHECK_EQ(find_flaw(refuse(R"({"type": "TemplateProcessing", "special_tokens": {},
                                  "single": [{"SpecialToken": {"id": "[CLS]"}}]})"),
                       {"special_tokens", "[CLS]"}),
             "");
    CHECK_EQ(find_flaw(refuse(R"({"type": "TemplateProcessing", "single": [
                                  {"Sequence": {"id": "A"}}, {"Sequence": {"id": "A"}}]})"),
                       {"each text once"}),
             "");
}

TEST_CASE("added tokens that contradict the vocabulary are refused") {
    const auto refuse = [](const std::string& value) {
        return refuse_json(make_json("added_tokens", value));
    };
    CHECK_EQ(find_flaw(refuse(R"([{"id": 1, "content": "b"}])"), {"added_tokens", "\"a\""}), "");
    CHECK_EQ(find_flaw(refuse(R"([{"id": 9, "content": "a"}])"), {"added_tokens", "1"}), "");
    CHECK_EQ(find_flaw(refuse(R"([{"id": 9, "content": ""}])"), {"an empty one"}), "");
    CHECK_EQ(find_flaw(refuse(R"([{"id": 999999999, "content": "x"}])"), {"ids from 0"}), "");
    CHECK_EQ(
        find_flaw(refuse(R"([{"id": 7, "content": "x"}, {"id": 7, "content": "y"}])"), {"once"}),
        "");
    CHECK_EQ(find_flaw(refuse(R"([{"content": "x"}])"), {"added_tokens[0].id"}), "");
    CHECK_EQ(find_flaw(refuse("{}"), {"added_tokens", "an array"}), "");
}

TEST_CASE("a vocab.txt with a fault is refused with its line") {
    CHECK_EQ(find_flaw(refuse_vocab_txt("a\nb\na\n"), {"line 3", "\"a\" twice"}), "");
    CHECK_EQ(find_flaw(refuse_vocab_txt("a\n\nb\n"), {"line 2", "an empty line"}), "");
    CHECK_EQ(find_flaw(refuse_vocab_txt("a\n\xff\n"), {"line 2", "UTF-8"}), "");
    CHECK_EQ(find_flaw(refuse_vocab_txt(std::string("a\nb\0c\n", 6)), {"line 2", "zero"}), "");
    CHECK_EQ(refuse_vocab_txt("a\r\nb\r\n\n\n"), test::kNotRefused);
    const auto refuse_bert = [](const std::string& text) {
        return message_of([&] { make_bert_tokenizer(parse_vocab_txt(text, "v"), {}, "v"); });
    };
    CHECK_EQ(find_flaw(refuse_bert("[UNK]\na\n"), {"\"[CLS]\""}), "");
    CHECK_EQ(find_flaw(refuse_bert("[CLS]\n[SEP]\na\n"), {"unk_token", "\"[UNK]\""}), "");
}

TEST_CASE("merges.txt and vocab.json with a fault are refused") {
    CHECK_EQ(find_flaw(refuse_merges("#version: 0.2\na b\nab\n"), {"line 3", "\"ab\""}), "");
    CHECK_EQ(find_flaw(refuse_merges("a b c\n"), {"line 1", "two pieces"}), "");
    CHECK_EQ(find_flaw(refuse_merges("a b\n\xc3 x\n"), {"line 2", "UTF-8"}), "");
    CHECK_EQ(find_flaw(refuse_vocab_json("[1]"), {"an object"}), "");
    CHECK_EQ(find_flaw(refuse_vocab_json(R"({"a": null})"), {"\"a\"", "null"}), "");
    const auto refuse_pair = [](const std::string& vocab, const std::string& merges) {
        return message_of([&] {
            make_byte_level_tokenizer(parse_vocab_json(vocab, "v"), parse_merges(merges, "m"), {},
                                      "m");
        });
    };
    CHECK_EQ(find_flaw(refuse_pair(R"({"a": 0})", "a a\n"), {"a letter for each byte"}), "");
    CHECK_EQ(find_flaw(refuse_pair(byte_vocabulary(R"("a</w>": 256)"), "a b\n"), {"</w>"}), "");
    CHECK_EQ(find_flaw(refuse_pair(byte_vocabulary(R"("ab": 256)"), "a b\nab c\n"),
                       {"m: line 2", "merge 1", "\"abc\" is none"}),
             "");
    CHECK_EQ(refuse_pair(byte_vocabulary(R"("ab": 256)"), "a b\n"), test::kNotRefused);
}

TEST_CASE("a tokenizer_config.json with wrong types is refused") {
    const auto refuse = [](const std::string& text) {
        return message_of([&] { parse_tokenizer_config(text, "c"); });
    };
    CHECK_EQ(find_flaw(refuse(R"({"do_lower_case": "yes"})"), {"do_lower_case"}), "");
    CHECK_EQ(find_flaw(refuse(R"({"mask_token": 3})"), {"mask_token"}), "");
    CHECK_EQ(find_flaw(refuse(kWebPage), {"a web page"}), "");
    const TokenizerConfig config =
        parse_tokenizer_config(R"({"mask_token": {"content": "<m>"}})", "c");
    CHECK_EQ(config.special("mask_token", ""), "<m>");
}

TEST_CASE("folders and files that are none are refused without waiting") {
    const test::TempDir dir;
    CHECK(load_tokenizer(dir.path()) == nullptr);
    const auto refuse = [](const std::filesystem::path& path) {
        return message_of([&] { load_tokenizer(path); });
    };
    CHECK_EQ(find_flaw(refuse(dir / "nothing.txt"), {"nothing.txt", "a file"}), "");
    CHECK_EQ(find_flaw(refuse(dir.write("x.bin", "a")), {"x.bin", "another kind"}), "");
    dir.write("merges.txt", "a b\n");
    CHECK_EQ(find_flaw(refuse(dir.path()), {"merges.txt", "vocab.json beside it"}), "");
    std::filesystem::create_directory(dir / "tokenizer.json");
    CHECK_EQ(find_flaw(refuse(dir.path()), {"tokenizer.json", "a directory"}), "");
    std::filesystem::remove(dir / "tokenizer.json");
    REQUIRE_EQ(::mkfifo((dir / "tokenizer.json").c_str(), 0600), 0);
    CHECK_EQ(find_flaw(refuse(dir.path()), {"tokenizer.json", "a named pipe"}), "");
}

TEST_SUITE_END();

}  // namespace heed
