// Who computes: by choice, or by what was measured.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "app/gl/chosen_backend.h"
#include "tests/core/run/traces.h"
#include "tests/support/temp_dir.h"

namespace heed::app {
namespace {

const SpeedTable kCardWinsLarge = {{1e6, 0.1, 0.5}, {1e8, 2, 2.1}, {1e10, 200, 20}};

TEST_SUITE_BEGIN("gl/chosen backend");

TEST_CASE("the sample nearest in size decides") {
    CHECK_FALSE(card_wins({}, 1e9));
    CHECK_FALSE(card_wins(kCardWinsLarge, 0));
    CHECK_FALSE(card_wins(kCardWinsLarge, 9e8));  // nearer to 1e8 than to 1e10, by ratio
    CHECK(card_wins(kCardWinsLarge, 1.1e9));
    CHECK(card_wins(kCardWinsLarge, 1e12));
    CHECK(card_ever_wins(kCardWinsLarge));
    CHECK_FALSE(card_ever_wins({{1e6, 1, 1}}));
}

TEST_CASE("what was measured is kept for its device alone") {
    const test::TempDir folder;
    CHECK_FALSE(read_speed_table(folder.path(), "card\n4.6"));
    REQUIRE(write_speed_table(folder.path(), "card\n4.6", kCardWinsLarge));
    CHECK(read_speed_table(folder.path(), "card\n4.6") == kCardWinsLarge);
    CHECK_FALSE(read_speed_table(folder.path(), "card\n4.5"));
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        std::ofstream(entry.path())
            << "{\"device\": \"card\\n4.6\", \"samples\": [{\"flops\": 0}]}";
    }
    CHECK_FALSE(read_speed_table(folder.path(), "card\n4.6"));
    CHECK_FALSE(write_speed_table("/dev/null/nowhere", "card", kCardWinsLarge));
}

TEST_CASE("names of choices") {
    CHECK(find_choice("auto") == BackendChoice::kAuto);
    CHECK(find_choice("gl") == BackendChoice::kGl);
    CHECK_FALSE(find_choice("cuda"));
    ::setenv("HEED_BACKEND", "cpu", 1);
    CHECK(choice_from_environment() == BackendChoice::kCpu);
    ::setenv("HEED_BACKEND", "cuda", 1);
    CHECK_THROWS_AS(choice_from_environment(), Error);
    ::unsetenv("HEED_BACKEND");
    CHECK_FALSE(choice_from_environment());
}

TEST_CASE("auto takes what is known to be faster") {
    const test::Pass pass = test::make_decoder_pass(5);
    const test::TempDir folder;
    DeviceOptions options{nullptr, folder.path(), {}, default_product_table()};
    const std::string driver = ComputeDevice(options).driver();
    std::string by = "cpu";
    SUBCASE("it is slower") {
        REQUIRE(write_speed_table(folder.path(), driver, {{1e6, 1, 2}}));
    }
    SUBCASE("it is faster") {
        REQUIRE(write_speed_table(folder.path(), driver, {{1e6, 2, 1}}));
        by = "gl";
    }
    ChosenBackend backend(BackendChoice::kAuto, options, 1);
    const auto run = [&] {
        return backend.prepare(pass.graph, pass.weights)->run(pass.inputs, {})->facts().backend;
    };
    run();  // begins to look for what is known
    backend.wait_until_measured();
    CHECK(run() == by);
    CHECK(backend.reason().find("auto, ") == 0);
    backend.choose(BackendChoice::kGl);
    CHECK(run() == "gl");
    backend.choose(BackendChoice::kCpu);
    CHECK(run() == "cpu");
}

TEST_CASE("auto without a card is the CPU, and says why") {
    const test::Pass pass = test::make_decoder_pass(5);
    DeviceOptions options;
    options.faults.has_no_context = true;
    ChosenBackend backend(BackendChoice::kAuto, options, 1);
    for (int i = 0; i < 2; ++i) {
        const auto trace = backend.prepare(pass.graph, pass.weights)->run(pass.inputs, {});
        CHECK(trace->facts().backend == "cpu");
        CHECK(trace->facts().note == "");  // nobody asked for the card
        backend.wait_until_measured();
    }
    CHECK(backend.reason().find("OpenGL") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::app
