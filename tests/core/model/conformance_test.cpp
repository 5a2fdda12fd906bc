// Every node of every case of the oracle, within the tolerances of its manifest.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/format/mapped_file.h"
#include "tests/core/model/case_folder.h"
#include "tests/support/oracle.h"

namespace heed::test {
namespace {

constexpr std::array<std::string_view, 12> kFamilies = {"bert", "gemma", "gemma2",  "gemma3_text",
                                                        "gpt2", "llama", "mistral", "olmo2",
                                                        "phi3", "qwen2", "qwen3",   "smollm3"};

Json read_json(const std::filesystem::path& path) {
    return parse_json(read_text_file(path, std::size_t{64} << 20), path.string());
}

TEST_SUITE_BEGIN("core/model/conformance");

TEST_CASE("all cases of the oracle agree with PyTorch at every node") {
    const auto oracle = find_oracle("oracle/models");
    if (!oracle) return;
    const Json manifest = read_json(*oracle / "manifest.json");
    int cases = 0;
    int compared = 0;
    for (const Json::Member& member : manifest.find("cases")->object) {
        const std::string& type = member.second.find("model_type")->string;
        if (std::find(kFamilies.begin(), kFamilies.end(), type) == kFamilies.end()) continue;
        CAPTURE(member.first);
        std::string flaw;
        CHECK_NOTHROW(flaw = check_case(*oracle / member.first, member.second, compared));
        CHECK(flaw == "");
        ++cases;
    }
    CHECK(cases >= 39);
    MESSAGE(cases << " cases, " << compared << " tensors");
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
