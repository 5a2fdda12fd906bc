#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/format/safetensors.h"
#include "tests/app/cli/run_heed.h"
#include "tests/support/oracle.h"
#include "tests/support/temp_dir.h"

using heed::test::HeedRun;
using heed::test::run_heed;
using heed::test::split_lines;
using heed::test::TempDir;
using nlohmann::json;

namespace {

const std::string kBark = "Bark is very cute and he is a dog";

json run_json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const HeedRun run = run_heed(arguments);
    INFO(run.err);
    REQUIRE(run.status == 0);
    return json::parse(run.out);
}

void check_one_line(const HeedRun& run, int status) {
    CHECK(run.status == status);
    CHECK(run.out == "");
    CHECK(split_lines(run.err).size() == 1);
}

}  // namespace

TEST_SUITE_BEGIN("app/cli");

TEST_CASE("--version and --help need no display and no input") {
    CHECK(run_heed({"--version"}).status == 0);
    CHECK(run_heed({"--version"}).out.rfind("heed ", 0) == 0);
    for (const char* command : {"models", "info", "tokens", "trace", "show", "explain", "figure",
                                "bench", "snapshot", "completion"}) {
        CAPTURE(command);
        const HeedRun run = run_heed({command, "--help"});
        CHECK(run.status == 0);
        CHECK(run.out.find("Example") != std::string::npos);
    }
}

TEST_CASE("wrong usage ends with status 2 and says where help is") {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"explain"},
          {"tokens", "--text", "a"},
          {"bench", "--repeat", "x"},
          {"trace", "-m", "words", "-o", "unwritten.safetensors"},
          {"show", "embed", "--nonsense"}}) {
        const HeedRun run = run_heed(arguments);
        CHECK(run.status == 2);
        CHECK(run.out == "");
        CHECK(run.err.find("--help") != std::string::npos);
    }
}

TEST_CASE("bad input ends with status 1 and exactly one line") {
    check_one_line(run_heed({"info", "no-such-model"}), 1);
    check_one_line(run_heed({"show", "blocks.0.attn.patern", "-m", "journey"}), 1);
    check_one_line(run_heed({"explain", "blocks.0.attn.z[0,9,0]", "-m", "journey"}), 1);
    check_one_line(run_heed({"explain", "blocks.0.attn.z[0,1]", "-m", "journey"}), 1);
    check_one_line(run_heed({"explain", "blocks.0.attn.z[", "-m", "journey"}), 1);
    check_one_line(run_heed({"show", "embed", "-m", "words", "--ids", "1,x"}), 1);
    check_one_line(run_heed({"show", "embed", "-m", "words", "--ids", "999999999"}), 1);
    check_one_line(run_heed({"show", "embed", "-m", "words", "--image", "cat.png"}), 1);
    const HeedRun nearest = run_heed({"show", "blocks.0.attn.patern", "-m", "journey"});
    CHECK(nearest.err.find("blocks.0.attn.pattern") != std::string::npos);
}

// The software renderer computes in the tests; a machine without any OpenGL says so.
TEST_CASE("the gl backend gives the CPU's numbers") {
    const std::vector<std::string> question = {"show", "blocks.0.attn.pattern", "-m", "journey",
                                               "--json"};
    std::vector<std::string> on_card = question;
    on_card.insert(on_card.end(), {"--backend", "gl"});
    const HeedRun run = run_heed(on_card);
    REQUIRE(run.status == 0);
    CHECK(run.err == "");
    const json got = json::parse(run.out), want = run_json(question);
    const json a = got.flatten(), b = want.flatten();
    REQUIRE(a.size() == b.size());
    for (const auto& [key, value] : b.items()) {
        CAPTURE(key);
        if (value.is_number_float()) {
            CHECK(a[key].get<double>() == doctest::Approx(value.get<double>()).epsilon(1e-5));
        } else {
            CHECK(a[key] == value);
        }
    }
    CHECK(run_heed({"show", "embed", "-m", "journey", "--backend", "cuda"}).status == 2);
}

TEST_CASE("models lists what is shipped") {
    const json document = run_json({"models"});
    bool has_words = false;
    for (const json& model : document["models"]) has_words |= model["name"] == "words";
    CHECK(has_words);
}

TEST_CASE("info tells every node with shape and formula") {
    const json document = run_json({"info", "words"});
    CHECK(document["family"] == "bert");
    CHECK(document["nodes"].size() > 60);
    for (const json& node : document["nodes"]) {
        CHECK(!node["formula"].get<std::string>().empty());
        CHECK(node["shape"].size() == node["axes"].size());
    }
}

TEST_CASE("tokens gives the same for a text and for a file of texts") {
    const json one = run_json({"tokens", "-m", "words", "--text", kBark});
    CHECK(one["ids"].size() == one["tokens"].size());
    CHECK(one["offsets"].size() == one["ids"].size());
    const TempDir folder;
    const std::string line = json(kBark).dump();
    const auto file = folder.write(
        "texts.jsonl", line + "\n{\"text\":" + line + ",\"add_special\":false,\"other\":1}\n");
    const HeedRun run = run_heed({"tokens", "-m", "words", "--file", file.string()});
    REQUIRE(run.status == 0);
    const std::vector<std::string> lines = split_lines(run.out);
    REQUIRE(lines.size() == 2);
    CHECK(json::parse(lines[0]) == one);
    CHECK(json::parse(lines[1])["ids"].size() == one["ids"].size() - 2);
    const HeedRun bare =
        run_heed({"tokens", "-m", "words", "--no-special", "--file", file.string()});
    REQUIRE(split_lines(bare.out).size() == 2);
    CHECK(split_lines(bare.out)[0] == lines[1]);
    const auto bad = folder.write("bad.jsonl", "\"fine\"\n{\"texd\":1}\n");
    const HeedRun refused = run_heed({"tokens", "-m", "words", "--file", bad.string()});
    CHECK(refused.status == 1);
    CHECK(split_lines(refused.err).size() == 1);
    CHECK(refused.err.find(":2") != std::string::npos);
}

TEST_CASE("tokens spells a text for the decoder where that is asked for") {
    const auto model = heed::test::source_dir() / "tests/data/tokenizer/marian_two";
    const std::vector<std::string> asked{"tokens", "-m", model.string(), "--text", "die Bank"};
    std::vector<std::string> for_target = asked;
    for_target.push_back("--target");
    const json source = run_json(asked);
    const json target = run_json(for_target);
    CHECK(source["ids"] != target["ids"]);
    CHECK(target["decoded"] == "die Bank");
}

TEST_CASE("tokens reads a tokenizer's file alone and writes any text as JSON") {
    const TempDir folder;
    const auto file = folder.write(
        "tokenizer.json", R"({"model": {"type": "BPE", "vocab": {"\u0001\"\\\n\u2028é": 0, "a": 1},
                              "merges": [], "ignore_merges": true}, "decoder": {"type": "Fuse"}})");
    const std::string text = "\x01\"\\\n\u2028é";
    const json tokens = run_json({"tokens", "-m", file.string(), "--text", text});
    CHECK(tokens["tokens"] == json::array({text}));
    CHECK(tokens["offsets"] == json::array({json::array({0, text.size()})}));
    CHECK(tokens["decoded"] == text);
    CHECK(run_heed({"tokens", "-m", folder.path().string(), "--text", "a"}).status == 0);
    const auto other = folder.write(
        "other.json", R"({"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}})");
    const HeedRun named = run_heed({"tokens", "-m", other.string(), "--text", "a"});
    CHECK(named.status == 1);
    CHECK(split_lines(named.err).size() == 1);
    CHECK(named.err.find("\"WordLevel\"") != std::string::npos);
}

TEST_CASE("trace writes what it was asked for") {
    const TempDir folder;
    const std::string out = (folder / "t.safetensors").string();
    const json document = run_json(
        {"trace", "-m", "words", "--text", kBark, "--nodes", "*.pattern,embed", "-o", out});
    const heed::SafetensorsFile file(out);
    CHECK(file.entries().size() == document["nodes"].size());
    CHECK(file.entries().size() == 5);
    CHECK(json::parse(file.metadata().at("tokens")).size() == document["tokens"]);
    CHECK(file.metadata().at("text") == kBark);
    const heed::Tensor pattern = heed::read_tensor(*file.find("blocks.0.attn.pattern"));
    const int positions = pattern.extent(2);
    for (std::size_t row = 0; row < pattern.size() / static_cast<std::size_t>(positions); ++row) {
        double sum = 0;
        for (int s = 0; s < positions; ++s) {
            sum += static_cast<double>(pattern.values()[row * static_cast<std::size_t>(positions) +
                                                        static_cast<std::size_t>(s)]);
        }
        CHECK(sum == doctest::Approx(1).epsilon(1e-5));
    }
    check_one_line(run_heed({"trace", "-m", "words", "--text", "a", "--nodes", "nope*", "-o", out}),
                   1);
    check_one_line(run_heed({"trace", "-m", "words", "--text", "a", "-o", "no/such/folder/x.npz"}),
                   1);
}

TEST_CASE("show gives a node's values with the words of its axes") {
    const json document = run_json({"show", "attn.pattern", "--layer", "0", "-m", "journey"});
    CHECK(document["shape"] == json::array({1, 6, 6}));
    CHECK(document["labels"][1][1] == "journey");
    CHECK(document["values"][0][1][1].get<double>() == doctest::Approx(0.2379).epsilon(0.001));
}

TEST_CASE("explanations add up on the command line too") {
    const json z = run_json({"explain", "blocks.0.attn.z[0,1,2]", "-m", "journey"});
    CHECK(z["how"] == "sum");
    double sum = 0;
    for (const json& term : z["terms"]) {
        sum += term["contribution"].get<double>();
        CHECK(term["contribution"].get<double>() ==
              doctest::Approx(term["value"].get<double>() * term["times"]["value"].get<double>()));
    }
    CHECK(sum == doctest::Approx(z["value"].get<double>()));
    const json pattern = run_json({"explain", "blocks.0.attn.pattern[0,1,2]", "-m", "journey"});
    CHECK(pattern["how"] == "function");
    CHECK(pattern["steps"].back()["value"].get<double>() ==
          doctest::Approx(pattern["value"].get<double>()).epsilon(1e-5));
    const json embed = run_json({"explain", "embed[2,1]", "-m", "words", "--text", kBark});
    CHECK(embed["terms"][0]["chosen_by"]["node"] == "input_ids");
    CHECK(embed["terms"][0]["index"][0] == embed["terms"][0]["chosen_by"]["value"]);
}

TEST_CASE("a masked score is the string -inf") {
    const json masked =
        run_json({"explain", "blocks.0.attn.masked[0,0,1]", "-m", "stories", "--ids", "5,6"});
    CHECK(masked["value"] == "-inf");
    CHECK(masked["how"] == "function");
}

TEST_CASE("an input longer than the model is cut with a warning, not refused") {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "dog ";
    const HeedRun run = run_heed({"show", "embed", "-m", "words", "--text", text, "--json"});
    CHECK(run.status == 0);
    CHECK(run.err.find("128") != std::string::npos);
    CHECK(json::parse(run.out)["shape"][0] == 128);
}

TEST_CASE("completion is bash that bash accepts") {
    const HeedRun run = run_heed({"completion", "bash"});
    CHECK(run.status == 0);
    const TempDir folder;
    const auto script = folder.write("heed.bash", run.out);
    CHECK(std::system(("bash -n " + script.string()).c_str()) == 0);
}

TEST_SUITE_END();
