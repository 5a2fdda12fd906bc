// Every node of every case, computed by the graphics card: the oracle's, and the families' goldens.
#include <doctest/doctest.h>

#include "app/gl/compute_backend.h"
#include "tests/core/model/case_folder.h"
#include "tests/support/oracle.h"

namespace heed::app {
namespace {

// Of what the CPU may be off by: products are summed in other orders (../shared/oracle/models).
constexpr double kShare = 4;

struct Device {
    std::unique_ptr<Backend> backend = make_device_backend(open_device({}));
    test::CaseBackend cases{*backend, kShare};
};

int check_folder(const std::filesystem::path& folder, Device& device, int& compared) {
    const Json manifest = test::read_manifest(folder);
    int cases = 0;
    for (const Json::Member& member : manifest.find("cases")->object) {
        CAPTURE(member.first);
        std::string flaw;
        CHECK_NOTHROW(
            flaw = test::check_case(folder / member.first, member.second, compared, device.cases));
        CHECK(flaw == "");
        ++cases;
    }
    return cases;
}

TEST_SUITE_BEGIN("gl/conformance");

TEST_CASE("all cases of the oracle agree with PyTorch at every node on the graphics card") {
    const auto oracle = test::find_oracle("oracle/models");
    if (!oracle) return;
    Device device;
    int compared = 0;
    CHECK(check_folder(*oracle, device, compared) >= 104);
    MESSAGE(compared << " tensors");
}

TEST_CASE("the families' goldens agree with PyTorch at every node on the graphics card") {
    Device device;
    int cases = 0, compared = 0;
    for (const auto& folder : test::family_goldens()) {
        cases += check_folder(folder, device, compared);
    }
    CHECK(cases > 30);
    MESSAGE(cases << " cases, " << compared << " tensors");
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::app
