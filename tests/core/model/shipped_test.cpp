// The models that ship, node by node against PyTorch: tests/data/shipped
// (tools/make_shipped_goldens.py).
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/format/mapped_file.h"
#include "core/model/model_picture.h"
#include "tests/core/model/case_folder.h"
#include "tests/support/checksum.h"
#include "tests/support/oracle.h"

namespace heed::test {
namespace {

namespace fs = std::filesystem;

fs::path golden(const fs::path& model, const std::string& ending) {
    return source_dir() / "tests" / "data" / "shipped" / (model.filename().string() + ending);
}

Json read_golden(const fs::path& model) {
    const fs::path path = golden(model, ".json");
    return parse_json(read_text_file(path, std::size_t{1} << 24), path.string());
}

// Why the goldens say nothing about the model; empty where they are of its very weights.
std::string find_staleness(const fs::path& model) {
    const std::string name = model.filename().string();
    if (!fs::exists(golden(model, ".json"))) {
        return name + " has no goldens: run tools/make_shipped_goldens.py " + name;
    }
    const Json facts = read_golden(model);
    const Json& weights = *facts.find("weights");
    const MappedFile file(model / "model.safetensors");
    if (weights.find("bytes")->integer == static_cast<std::int64_t>(file.bytes().size()) &&
        weights.find("fnv1a64")->string == fnv1a64(file.text())) {
        return "";
    }
    return name + ": the goldens are of other weights: run tools/make_shipped_goldens.py " + name;
}

std::vector<int> read_ids(const Json& input, const char* key) {
    std::vector<int> ids;
    if (const Json* list = input.find(key)) {
        for (const Json& id : list->array) ids.push_back(static_cast<int>(id.integer));
    }
    return ids;
}

ModelInput read_shipped_input(const Model& model, const fs::path& folder, const Json& asked) {
    ModelInput input;
    const auto text = [&](const char* key) -> std::optional<std::string> {
        const Json* value = asked.find_non_null(key);
        return value == nullptr ? std::nullopt : std::optional(value->string);
    };
    if (const auto image = text("image")) {
        add_picture(model, load_image(folder / *image), *image, input);
        return input;
    }
    input.text = text("text");
    input.pair = text("pair");
    input.target = text("target");
    // A target of nothing is what a decoder begins with; heed would take the usual one.
    if (input.target && input.target->empty()) {
        input.target.reset();
        input.target_ids = read_ids(asked, "decoder_input_ids");
    }
    return input;
}

// Which token differs from those of transformers; empty where none does.
std::string find_other_token(const Trace& trace, const Json& asked) {
    int sequence = 0;
    for (const char* key : {"input_ids", "decoder_input_ids"}) {
        if (asked.find(key) == nullptr) continue;
        std::vector<int> got;
        for (const TokenLabel& label : trace.labels(sequence++)) got.push_back(label.id);
        if (got != read_ids(asked, key)) return std::string(key) + " differ";
    }
    return "";
}

// The cells of a node of `count` that the goldens keep: all, or `kept`, by steps of the golden
// ratio.
std::vector<std::size_t> kept_cells(std::size_t count, std::size_t kept) {
    std::vector<std::size_t> cells;
    const double golden_ratio = (std::sqrt(5.0) - 1) / 2;
    for (std::size_t j = 0; j < std::min(count, kept); ++j) {
        const double place = std::fmod(static_cast<double>(j) * golden_ratio, 1.0);
        cells.push_back(
            count <= kept ? j : static_cast<std::size_t>(place * static_cast<double>(count)));
    }
    return cells;
}

// The expected values: those that are kept, and elsewhere what was computed.
std::vector<float> fill_expected(const Tensor& got, const Tensor& cells) {
    std::vector<float> want(got.values().begin(), got.values().end());
    const std::vector<std::size_t> places = kept_cells(want.size(), cells.values().size());
    REQUIRE_EQ(places.size(), cells.values().size());
    for (std::size_t i = 0; i < places.size(); ++i) want[places[i]] = cells.values()[i];
    return want;
}

// The first node that differs, in the order of the graph; empty where all agree.
std::string find_first_disagreement(const Trace& trace, const SafetensorsFile& cells,
                                    const Json& tensors, const std::string& key) {
    std::size_t listed = 0;
    for (const Json::Member& member : tensors.object) listed += member.first.starts_with(key + "/");
    if (listed != static_cast<std::size_t>(trace.graph().size())) {
        return std::to_string(listed) + " nodes in the goldens, " +
               std::to_string(trace.graph().size()) + " in the graph";
    }
    for (const Node& node : trace.graph().nodes()) {
        const std::string name = key + "/" + node.name;
        const auto entry = std::find_if(tensors.object.begin(), tensors.object.end(),
                                        [&](const auto& member) { return member.first == name; });
        if (entry == tensors.object.end()) return node.name + ": not in the goldens";
        const Tensor got = trace.tensor(*trace.graph().find(node.name));
        std::vector<int> shape = read_ids(entry->second, "shape");
        if (got.extents() != shape) {
            return node.name + ": shape " + heed::to_string(got.extents()) + ", expected " +
                   heed::to_string(shape);
        }
        const std::vector<float> want = fill_expected(got, read_tensor(*cells.find(name)));
        const std::string difference =
            find_difference(got.values(), want, read_allowance(*entry), got.extents());
        if (!difference.empty()) return node.name + ": " + difference;
    }
    return "";
}

TEST_SUITE_BEGIN("core/model/shipped");

TEST_CASE("every shipped model has goldens of its very weights") {
    const std::vector<fs::path> models = shipped_models();
    CHECK(models.size() >= 3);
    for (const fs::path& model : models) CHECK_EQ(find_staleness(model), "");
}

TEST_CASE("every node of the shipped models agrees with PyTorch") {
    for (const fs::path& folder : shipped_models()) {
        if (!find_staleness(folder).empty()) continue;  // told above
        CAPTURE(folder.filename().string());
        const auto model = open_model(folder);
        const Json facts = read_golden(folder);
        const SafetensorsFile cells(golden(folder, ".safetensors"));
        CHECK(facts.find("inputs")->object.size() == 3);
        for (const Json::Member& member : facts.find("inputs")->object) {
            CAPTURE(member.first);
            const ModelInput input = read_shipped_input(*model, folder, member.second);
            const auto trace = run_model(*model, input);
            CHECK_EQ(find_other_token(*trace, member.second), "");
            CHECK_EQ(find_first_disagreement(*trace, cells, *facts.find("tensors"), member.first),
                     "");
        }
    }
}

TEST_CASE("the first node that is off is named") {
    const fs::path folder = assets_folder() / "models" / "echo";
    const auto model = open_model(folder);
    const Json facts = read_golden(folder);
    const SafetensorsFile cells(golden(folder, ".safetensors"));
    const Json& asked = *facts.find("inputs")->find("a");
    ModelInput input = read_shipped_input(*model, folder, asked);
    input.text->back() = 'y';
    const auto trace = run_model(*model, input);
    CHECK_EQ(find_other_token(*trace, asked), "input_ids differ");
    const std::string flaw = find_first_disagreement(*trace, cells, *facts.find("tensors"), "a");
    CHECK(flaw.starts_with("embed: [15,"));
}

TEST_CASE("the cells that are kept lie in every row of a node") {
    std::set<std::size_t> rows;
    for (const std::size_t cell : kept_cells(std::size_t{50} * 64, 192)) rows.insert(cell / 64);
    CHECK_EQ(rows.size(), 50);
    CHECK_EQ(kept_cells(5, 192), std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
