// Every node of every case of the oracle, within the tolerances of its manifest.
#include <doctest/doctest.h>

#include "core/format/mapped_file.h"
#include "tests/core/model/case_folder.h"
#include "tests/support/oracle.h"

namespace heed::test {
namespace {

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
        CAPTURE(member.first);
        std::string flaw;
        CHECK_NOTHROW(flaw = check_case(*oracle / member.first, member.second, compared));
        CHECK(flaw == "");
        ++cases;
    }
    CHECK(cases >= 104);
    MESSAGE(cases << " cases, " << compared << " tensors");
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
