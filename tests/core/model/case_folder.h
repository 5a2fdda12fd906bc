// A folder with a model, inputs and expected values at every node, as the oracle and the goldens
// have them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/format/json.h"
#include "core/format/safetensors.h"
#include "core/model/model.h"
#include "core/run/backend.h"
#include "tests/support/close.h"

namespace heed::test {

// The ids, types and pixels under `prefix` ("a/") of an input file.
ModelInput read_input(const SafetensorsFile& file, const std::string& prefix);

// What computes the cases, and how far it may be from the expected values: as a multiple of what
// the CPU may.
struct CaseBackend {
    Backend& backend;
    double share = 1;
};
CaseBackend cpu_cases();

// Runs `input` through `model`.
std::shared_ptr<const Trace> run_model(const Model& model, const ModelInput& input,
                                       Backend& backend = cpu_cases().backend);

// How far a tensor may be off, from its entry in a manifest ("a/embed_out": {"f32_error",
// "scale"}): max |got - expected| <= share * (8 * f32_error + 2e-6 * scale).
Tolerance read_allowance(const Json::Member& tensor, double share = 1);

// Compares a trace with each tensor that `tensors` lists in forward order and `expected` holds,
// names beginning with `prefix`. Empty where all agree, else one line that names the first node
// that does not. `compared` counts the tensors.
std::string find_disagreement(const Trace& trace, const SafetensorsFile& expected,
                              const Json& tensors, const std::string& prefix, int& compared,
                              double share = 1);

// The groups of families' goldens (tools/family_goldens): folders with a manifest.json and cases.
std::vector<std::filesystem::path> family_goldens();
// The manifest.json of such a folder.
Json read_manifest(const std::filesystem::path& folder);

// The folders of the models that ship, by name.
std::vector<std::filesystem::path> shipped_models();

// All inputs of one case; `entry` is its entry in the manifest. Empty where all agree.
std::string check_case(const std::filesystem::path& folder, const Json& entry, int& compared,
                       const CaseBackend& with = cpu_cases());

}  // namespace heed::test
