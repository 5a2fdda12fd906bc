#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/app/cli/run_heed.h"
#include "tests/support/oracle.h"
#include "tests/support/temp_dir.h"

using heed::test::HeedRun;
using heed::test::read_file;
using heed::test::run_heed;
using heed::test::split_lines;
using heed::test::TempDir;
using nlohmann::json;

namespace {

constexpr const char* kTexts = "Bark is very cute and he is a dog.\n\nThe cat sat on the mat.\n";

}  // namespace

TEST_SUITE_BEGIN("app/cli/atlas");

TEST_CASE("an atlas is written as JSON and as a picture, and told as a table") {
    const TempDir folder;
    const std::string texts = folder.write("texts.txt", kTexts).string();
    const std::string pairs =
        folder
            .write("pairs.jsonl", R"({"kind": "pronoun", "text": "Bark is a dog and he is cute.", )"
                                  R"("from": "he", "to": "Bark"})"
                                  "\n"
                                  R"({"kind": "pronoun", "text": "he saw Tom and he ran", )"
                                  R"("pairs": [[{"word": "he", "nth": 2}, "Tom"]]})"
                                  "\n")
            .string();
    const std::string out = (folder / "atlas.json").string();
    const HeedRun run = run_heed(
        {"atlas", "words", texts, "--pairs", pairs, "--sequences", "2", "-o", out, "--json"});
    REQUIRE(run.status == 0);
    CHECK(run.err == "");
    CHECK(run.out == read_file(out));
    const json told = json::parse(run.out);
    CHECK(told["model"] == "words");
    CHECK(told["texts"] == 2);
    CHECK(told["random"]["sequences"] == 2);
    CHECK(told["heads"].size() == 24);
    REQUIRE(told["kinds"].size() == 1);
    CHECK(told["kinds"][0]["count"] == 2);
    for (const json& head : told["heads"]) {
        CHECK(head["measures"]["previous"] >= 0);
        CHECK(head["level"]["previous"] > 0);
        CHECK(head["repeats"]["value"] >= 0);
        CHECK(head["pairs"].contains("pronoun"));
    }
    CHECK(read_file(folder / "atlas.svg").find("blocks.3.attn.5") != std::string::npos);
    // The same words, the same numbers.
    const HeedRun again = run_heed({"atlas", "words", texts, "--pairs", pairs, "--sequences", "2",
                                    "--threads", "1", "--json"});
    CHECK(again.out == run.out);
    const HeedRun table = run_heed({"atlas", "words", texts, "--limit", "1"});
    CHECK(table.status == 0);
    CHECK(split_lines(table.out).size() == 2 + 24);
    CHECK(table.out.find("words: 1 texts") == 0);
}

TEST_CASE("an encoder-decoder's atlas has all its attentions") {
    const TempDir folder;
    const auto model = heed::test::source_dir() / "tests/data/families/generators/bart";
    const HeedRun run = run_heed({"atlas", model.string(), folder.write("t.txt", "a\n").string()});
    CHECK(run.status == 1);
    CHECK(split_lines(run.err).size() == 1);
    CHECK(run.err.find("t.txt:1: expected a text, a tab, its target") != std::string::npos);
}

TEST_CASE("pictures are listed a file a line, and their tokens counted once") {
    const TempDir folder;
    const auto data = heed::test::source_dir() / "tests/data";
    std::filesystem::copy_file(data / "image/png-2-8.png", folder / "a.png");
    const std::string list = folder.write("pictures.txt", "a.png\na.png\n").string();
    const std::string model = (data / "families/pictures/vit-pooler").string();
    const HeedRun run = run_heed({"atlas", model, list, "--json"});
    REQUIRE_EQ(run.err, "");
    const json told = json::parse(run.out);
    CHECK(told["texts"] == 2);
    CHECK(told["tokens"] == 2 * (1 + 2 * 2));
}

TEST_CASE("what an atlas cannot read is refused by file and line") {
    const TempDir folder;
    const std::string texts = folder.write("texts.txt", kTexts).string();
    const auto refusal = [&](const std::string& line) {
        const std::string pairs = folder.write("pairs.jsonl", line).string();
        const HeedRun run = run_heed({"atlas", "words", texts, "--pairs", pairs});
        CHECK(run.status == 1);
        CHECK(split_lines(run.err).size() == 1);
        return run.err;
    };
    CHECK(refusal(R"({"kind": "x", "text": "a dog", "from": "cat", "to": "dog"})")
              .find("pairs.jsonl:1: pairs: expected words of the text, found \"cat\"") !=
          std::string::npos);
    // "he" within another word is no word.
    CHECK(
        refusal(R"({"kind": "x", "text": "the dog", "from": "he", "to": "dog"})").find("\"he\"") !=
        std::string::npos);
    CHECK(refusal(R"({"kind": "x", "text": "a dog"})").find("pairs, or from and to") !=
          std::string::npos);
    CHECK(refusal(R"({"text": "a dog", "from": "a", "to": "dog"})").find("kind") !=
          std::string::npos);
    CHECK(refusal("[]").find("expected an object") != std::string::npos);
    const HeedRun empty = run_heed({"atlas", "words", folder.write("e.txt", "\n\n").string()});
    CHECK(empty.status == 1);
    CHECK(empty.err.find("a line a text") != std::string::npos);
    const HeedRun table = run_heed({"atlas", "words", texts, "--picture", "x.csv"});
    CHECK(table.status == 1);
    CHECK(table.err.find("--picture") != std::string::npos);
}
