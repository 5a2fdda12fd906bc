#include "tests/core/model/case_folder.h"

#include <algorithm>

#include "core/format/mapped_file.h"
#include "core/run/backend.h"
#include "tests/support/oracle.h"

namespace heed::test {

ModelInput read_input(const SafetensorsFile& file, const std::string& prefix) {
    ModelInput input;
    const auto read = [&](const char* name) {
        std::vector<int> ids;
        const SafetensorsEntry* entry = file.find(prefix + name);
        if (entry == nullptr) return ids;
        for (const std::int64_t id : read_integers(*entry)) ids.push_back(static_cast<int>(id));
        return ids;
    };
    input.ids = read("input_ids");
    input.type_ids = read("token_type_ids");
    input.target_ids = read("decoder_input_ids");
    input.memory_ids = read("memory_ids");
    if (const SafetensorsEntry* pixels = file.find(prefix + "pixel_values")) {
        input.pixels = std::make_shared<const Tensor>(read_tensor(*pixels));
    }
    return input;
}

CaseBackend cpu_cases() {
    static const std::unique_ptr<Backend> cpu = make_cpu_backend(2);
    return {*cpu};
}

std::shared_ptr<const Trace> run_model(const Model& model, const ModelInput& input,
                                       Backend& backend) {
    const PreparedInput prepared = model.prepare(input);
    const auto plan = backend.prepare(prepared.graph, model.weights());
    return plan->run(prepared.inputs, {});
}

Tolerance read_allowance(const Json::Member& tensor, double share) {
    const JsonReader allowance(tensor.second, "manifest", tensor.first);
    return within(share * (8 * allowance.get_number("f32_error", std::nullopt) +
                           2e-6 * allowance.get_number("scale", std::nullopt)));
}

std::string find_disagreement(const Trace& trace, const SafetensorsFile& expected,
                              const Json& tensors, const std::string& prefix, int& compared,
                              double share) {
    for (const Json::Member& member : tensors.object) {
        if (!member.first.starts_with(prefix)) continue;
        const std::string name = member.first.substr(prefix.size());
        const auto node = trace.graph().find(name);
        if (!node) return name + ": the graph has no such node";
        const SafetensorsEntry* entry = expected.find(member.first);
        if (entry == nullptr) return name + ": no expected values";
        const Tensor want = read_tensor(*entry);
        const Tensor got = trace.tensor(*node);
        if (got.extents() != want.extents()) {
            return name + ": shape " + heed::to_string(got.extents()) + ", expected " +
                   heed::to_string(want.extents());
        }
        const std::string difference = find_difference(
            got.values(), want.values(), read_allowance(member, share), want.extents());
        if (!difference.empty()) return name + ": " + difference;
        ++compared;
    }
    return "";
}

std::vector<std::filesystem::path> family_goldens() {
    const auto all = source_dir() / "tests" / "data" / "families";
    std::vector<std::filesystem::path> groups;
    for (const auto& entry : std::filesystem::directory_iterator(all)) {
        groups.push_back(entry.path());
    }
    std::sort(groups.begin(), groups.end());
    return groups;
}

std::vector<std::filesystem::path> shipped_models() {
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator(assets_folder() / "models")) {
        if (entry.is_directory()) folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

Json read_manifest(const std::filesystem::path& folder) {
    const auto path = folder / "manifest.json";
    return parse_json(read_text_file(path, std::size_t{1} << 24), path.string());
}

std::string check_case(const std::filesystem::path& folder, const Json& entry, int& compared,
                       const CaseBackend& with) {
    const auto model = open_model(folder);
    const SafetensorsFile inputs(folder / "input.safetensors");
    const SafetensorsFile expected(folder / "expected.safetensors");
    for (const Json::Member& input : entry.find("inputs")->object) {
        const std::string prefix = input.first + "/";
        const auto trace = run_model(*model, read_input(inputs, prefix), with.backend);
        const std::string flaw = find_disagreement(*trace, expected, *entry.find("tensors"), prefix,
                                                   compared, with.share);
        if (!flaw.empty()) return "input " + input.first + ": " + flaw;
    }
    return "";
}

}  // namespace heed::test
