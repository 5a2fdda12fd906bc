// Which token is said next: the rules of generation_config.json, and what transformers says with
// them (tools/family_goldens/generated.py).
#include "core/model/generation.h"

#include <doctest/doctest.h>

#include <cmath>

#include "core/analysis/logit_lens.h"
#include "core/format/mapped_file.h"
#include "tests/core/model/case_folder.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed::test {
namespace {

GenerationRules rules_of(const std::string& text) {
    const Json json = parse_json(text, "generation_config.json");
    return read_generation_rules(JsonReader(json, "generation_config.json"));
}

std::vector<int> ids_of(const Json& list) {
    std::vector<int> ids;
    for (const Json& id : list.array) ids.push_back(static_cast<int>(id.integer));
    return ids;
}

// Says `count` tokens one after the other, or fewer where the model ends.
std::vector<int> generate(const Model& model, ModelInput input, std::size_t count) {
    const ModelSummary& summary = model.summary();
    std::vector<int> said;
    while (said.size() < count) {
        const auto trace = run_model(model, input);
        const auto predictors = find_predictors(trace->graph());
        REQUIRE(!predictors.empty());
        const Tensor logits = trace->tensor(predictors.front().logits);
        const auto words = static_cast<std::size_t>(summary.takes_target ? summary.target_vocabulary
                                                                         : summary.vocabulary);
        std::vector<int>& ids = summary.takes_target ? input.target_ids : input.ids;
        const auto next = choose_next_id(logits.values().last(words), summary.generation, ids,
                                         summary.takes_target && ids.size() == 1);
        REQUIRE(next.has_value());
        said.push_back(*next);
        ids.push_back(*next);
        if (summary.generation.ends(*next)) break;
        if (static_cast<int>(ids.size()) == summary.generation.most) break;
    }
    return said;
}

// The model of a case with its rules beside it, in `folder`.
std::shared_ptr<const Model> open_with(const TempDir& folder, const std::string& name,
                                       const std::string& rules) {
    const auto from = source_dir() / "tests" / "data" / "families" / "generators" / name;
    for (const char* file : {"config.json", "model.safetensors"}) {
        std::filesystem::copy_file(from / file, folder / file);
    }
    folder.write("generation_config.json", rules);
    return open_model(folder.path());
}

TEST_SUITE_BEGIN("core/model/generation");

TEST_CASE("the next token is the likeliest one that may be said") {
    const std::vector<float> logits{0.5F, 3, 3, -1, 2};
    CHECK(choose_next_id(logits, {}, {}, false) == 1);
    GenerationRules rules = rules_of(R"({"bad_words_ids": [[1], [4, 2]], "suppress_tokens": [2],
        "begin_suppress_tokens": [4, -1], "eos_token_id": [0, 7]})");
    CHECK(choose_next_id(logits, rules, {}, false) == 4);
    CHECK(choose_next_id(logits, rules, {}, true) == 0);
    CHECK(rules.ends(7));
    CHECK_FALSE(rules.ends(4));
    rules.always_first = 3;
    CHECK(choose_next_id(logits, rules, {}, true) == 3);
    CHECK(choose_next_id(logits, rules, {}, false) == 4);
    rules.always_first = 99;  // the model has no such token
    CHECK(choose_next_id(logits, rules, {}, true) == 0);
    const std::vector<float> one{-INFINITY};
    CHECK(choose_next_id(one, {}, {}, false) == 0);
    rules.never = {0};
    CHECK_FALSE(choose_next_id(one, rules, {}, false).has_value());
}

TEST_CASE("what went before decides what may follow") {
    const std::vector<float> logits{0.5F, 3, 2.9F, -1, 2};
    const std::vector<int> before{1, 4, 2, 1};
    const auto next = [&](const char* rules) {
        return choose_next_id(logits, rules_of(rules), before, false);
    };
    CHECK(next("{}") == 1);
    CHECK(next(R"({"no_repeat_ngram_size": 1})") == 0);
    CHECK(next(R"({"no_repeat_ngram_size": 2, "suppress_tokens": [1, 2]})") == 0);
    CHECK(next(R"({"bad_words_ids": [[2, 1, 1]]})") == 2);
    CHECK(next(R"({"bad_words_ids": [[4, 1, 1], [0, 1, 4, 2, 1, 1]]})") == 1);
    CHECK(next(R"({"eos_token_id": 1, "min_length": 5})") == 2);
    CHECK(next(R"({"eos_token_id": 1, "min_length": 4})") == 1);
    CHECK(next(R"({"forced_eos_token_id": 3, "max_length": 5})") == 3);
    CHECK(next(R"({"forced_eos_token_id": 3, "max_length": 6})") == 1);
    CHECK(next(R"({"repetition_penalty": 7.0})") == 0);
}

TEST_CASE("rules of another kind are refused by name") {
    for (const char* text :
         {R"({"eos_token_id": "x"})", R"({"bad_words_ids": [3]})", R"({"suppress_tokens": [1.5]})",
          R"({"forced_bos_token_id": 99999999})"}) {
        CAPTURE(text);
        const std::string message = message_of([text] { rules_of(text); });
        CHECK(find_flaw(message, {"generation_config.json", "expected", "found"}) == "");
    }
    CHECK(rules_of(R"({"eos_token_id": null, "bad_words_ids": null})").end_ids.empty());
    const TempDir folder;
    const std::string message = message_of([&] { open_with(folder, "bart", "[1]"); });
    CHECK(find_flaw(message, {"generation_config.json", "an object"}) == "");
}

TEST_CASE("without a generation_config.json the config says it") {
    const TempDir folder;
    const auto model = open_with(folder, "bart", R"({"eos_token_id": 5})");
    CHECK(model->summary().generation.end_ids == std::vector<int>{5});
    std::filesystem::remove(folder / "generation_config.json");
    CHECK(open_model(folder.path())->summary().generation.end_ids == std::vector<int>{2});
}

TEST_CASE("what is said token by token is what transformers says") {
    const auto path = source_dir() / "tests" / "data" / "generated.json";
    const Json cases = parse_json(read_text_file(path, std::size_t{1} << 24), path.string());
    REQUIRE(cases.array.size() > 50);
    for (const Json& c : cases.array) {
        const std::string name = c.find("model")->string;
        const std::string rules = c.find("rules")->string;
        CAPTURE(name);
        CAPTURE(rules);
        const TempDir folder;
        const auto model = open_with(folder, name, rules);
        ModelInput input;
        input.ids = ids_of(*c.find("source"));
        input.target_ids = ids_of(*c.find("start"));
        CHECK(generate(*model, input, 6) == ids_of(*c.find("generated")));
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
