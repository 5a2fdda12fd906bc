// Explanations add up for every cell of every node of a small model of each family, down to the
// ids.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "core/model/registry.h"
#include "core/run/explain.h"
#include "tests/core/model/case_folder.h"
#include "tests/core/ops/explanation_walk.h"
#include "tests/support/oracle.h"

namespace heed::test {
namespace {

// The numbers of a trace, asked for cell by cell.
class TraceReader : public CellReader {
  public:
    explicit TraceReader(const Trace& trace) : trace_(trace) {}
    const Graph& graph() const override { return trace_.graph(); }
    const WeightStore& weights() const override { return *trace_.weights(); }
    float node_value(NodeId node, const std::vector<int>& index) const override {
        return trace_.value(node, index);
    }
    float input_value(int input, const std::vector<int>& index) const override {
        return trace_.input_value(input, index);
    }

  private:
    const Trace& trace_;
};

void check_all_cells(const Trace& trace) {
    const Walk walked =
        walk_explanations(TraceReader(trace), [&trace](NodeId node, const std::vector<int>& index) {
            return explain(trace, node, index);
        });
    CHECK(walked.flaw == "");
    CHECK(walked.given == 0);
    std::size_t all = 0;
    for (const Node& node : trace.graph().nodes()) all += node.shape.count();
    CHECK(static_cast<std::size_t>(walked.cells) == all);
}

TEST_SUITE_BEGIN("core/model/explanations");

TEST_CASE("every cell of a small model of each family adds up") {
    const auto folder = source_dir() / "tests" / "data" / "models";
    for (const char* name : {"bert-mlm", "bert-seqcls", "gpt2-lm", "gpt2-untied"}) {
        CAPTURE(name);
        const auto model = open_model(folder / name);
        const SafetensorsFile inputs(folder / name / "input.safetensors");
        check_all_cells(*run_model(*model, read_input(inputs, "a/")));
    }
}

TEST_CASE("every cell of the families' small cases adds up") {
    for (const auto& group : family_goldens()) {
        const Json manifest = read_manifest(group);
        for (const Json::Member& member : manifest.find("cases")->object) {
            CAPTURE(member.first);
            const auto folder = group / member.first;
            const SafetensorsFile inputs(folder / "input.safetensors");
            check_all_cells(*run_model(*open_model(folder), read_input(inputs, "a/")));
        }
    }
}

TEST_CASE("every cell of each family of the oracle adds up, of its shortest input") {
    const auto oracle = find_oracle("oracle/models");
    if (!oracle) return;
    const Json manifest = read_manifest(*oracle);
    std::set<std::string> families;
    for (const Json::Member& member : manifest.find("cases")->object) {
        CAPTURE(member.first);
        const std::string family = member.second.find("family")->string;
        const std::string type = member.second.find("model_type")->string;
        const bool is_known =
            (", " + supported_families() + ",").find(", " + type + ",") != std::string::npos;
        if (!is_known || !families.insert(family).second) continue;
        const auto folder = *oracle / member.first;
        const SafetensorsFile inputs(folder / "input.safetensors");
        check_all_cells(*run_model(*open_model(folder), read_input(inputs, "b/")));
    }
    CHECK(families.size() >= 38);
}

TEST_CASE("every cell of every shipped worksheet adds up") {
    for (const FoundModel& found : find_models()) {
        if (found.origin != "worksheet") continue;
        CAPTURE(found.name);
        check_all_cells(*run_model(*open_model(found.path), {}));
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
