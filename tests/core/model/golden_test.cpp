// Goldens of our own: tiny models with every node, in tests/data/models
// (tools/make_model_goldens.py).
#include <doctest/doctest.h>

#include <set>

#include "tests/core/model/case_folder.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"

namespace heed::test {
namespace {

std::filesystem::path goldens() {
    return source_dir() / "tests" / "data" / "models";
}

TEST_SUITE_BEGIN("core/model/goldens");

TEST_CASE("every node of the goldens agrees, and no node is left out") {
    const Json manifest = read_manifest(goldens());
    CHECK(manifest.find("cases")->object.size() == 4);
    for (const Json::Member& member : manifest.find("cases")->object) {
        CAPTURE(member.first);
        int compared = 0;
        CHECK(check_case(goldens() / member.first, member.second, compared) == "");
        const auto graph = open_model(goldens() / member.first)->graph(6);
        std::set<std::string> expected;
        for (const Json::Member& tensor : member.second.find("tensors")->object) {
            expected.insert(tensor.first.substr(2));
        }
        for (const Node& node : graph->nodes()) {
            CAPTURE(node.name);
            CHECK(expected.count(node.name) == 1);
        }
        CHECK(compared == 2 * graph->size());
    }
}

TEST_CASE("the nodes that hooks show agree in a small case of each family") {
    for (const auto& group : family_goldens()) {
        const Json manifest = read_manifest(group);
        for (const Json::Member& member : manifest.find("cases")->object) {
            CAPTURE(member.first);
            int compared = 0;
            CHECK(check_case(group / member.first, member.second, compared) == "");
            CHECK(compared == static_cast<int>(member.second.find("tensors")->object.size()));
        }
    }
}

TEST_CASE("a value that is off is named by its node") {
    const Json manifest = read_manifest(goldens());
    const Json& entry = *manifest.find("cases")->find("gpt2-lm");
    const auto model = open_model(goldens() / "gpt2-lm");
    const SafetensorsFile inputs(goldens() / "gpt2-lm" / "input.safetensors");
    const SafetensorsFile expected(goldens() / "gpt2-lm" / "expected.safetensors");
    ModelInput input = read_input(inputs, "a/");
    input.ids[2] = (input.ids[2] + 1) % 23;
    int compared = 0;
    const std::string flaw = find_disagreement(*run_model(*model, input), expected,
                                               *entry.find("tensors"), "a/", compared);
    CHECK(flaw.starts_with("embed: "));
    CHECK(flaw.find("[2,") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
