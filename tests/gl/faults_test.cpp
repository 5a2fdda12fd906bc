// Whatever the graphics card does wrong, the numbers come out, and one line says who made them.
#include <doctest/doctest.h>

#include "app/gl/compute_backend.h"
#include "tests/core/run/traces.h"

namespace heed::app {
namespace {

using test::make_decoder_pass;
using test::Pass;

// Nothing is measured: every start is the same.
DeviceOptions options_with(const GlFaults& faults) {
    return {nullptr, {}, faults, default_product_table()};
}

// Runs the pass on a device with the faults; empty where the CPU's bits came out with one line of
// explanation.
std::string survive(const Pass& pass, const GlFaults& faults) {
    SafeBackend backend(options_with(faults), 1);
    const auto plan = backend.prepare(pass.graph, pass.weights);
    const auto want = pass.prepare(1)->run(pass.inputs, {});
    // Again after the failure, as a person goes on.
    for (int i = 0; i < 2; ++i) {
        const auto got = plan->run(pass.inputs, {});
        if (got->facts().backend != "cpu") return "computed by " + got->facts().backend;
        if (got->facts().note.empty()) return "no explanation";
        if (got->facts().note.find('\n') != std::string::npos) return "several lines";
        const std::string other = test::find_other_bits(*got, *want);
        if (!other.empty()) return "other bits: " + other;
    }
    return "";
}

TEST_SUITE_BEGIN("gl/faults");

TEST_CASE("without a device, or with one that is wrong, the CPU computes") {
    const Pass pass = make_decoder_pass(5);
    GlFaults faults;
    SUBCASE("no OpenGL") {
        faults.has_no_context = true;
    }
    SUBCASE("OpenGL without compute shaders") {
        faults.has_old_version = true;
    }
    SUBCASE("a product that does not compile") {
        faults.broken_shader = "product_skinny.comp";
    }
    SUBCASE("scores that do not compile") {
        faults.broken_shader = "rows_softmax.comp";
    }
    SUBCASE("rows that do not compile") {
        faults.broken_shader = "rows_norm.comp";
    }
    SUBCASE("wrong products") {
        faults.has_wrong_products = true;
    }
    SUBCASE("cells that are no numbers") {
        faults.has_not_a_number = true;
    }
    SUBCASE("a context that is lost at once") {
        faults.losing_batch = 0;
    }
    SUBCASE("a limit that no row fits") {
        faults.binding_words = 8;
    }
    CHECK(survive(pass, faults) == "");
}

TEST_CASE("every allocation may fail") {
    const Pass pass = make_decoder_pass(5);
    int failed = 0;
    for (; failed < 500; ++failed) {
        CAPTURE(failed);
        GlFaults faults;
        faults.failing_allocation = failed;
        SafeBackend backend(options_with(faults), 1);
        const auto got = backend.prepare(pass.graph, pass.weights)->run(pass.inputs, {});
        if (got->facts().backend == "gl") break;
        CHECK(got->facts().note.find("memory") != std::string::npos);
    }
    // Weights, tables, values, the status: each is a buffer of its own.
    CHECK(failed > 10);
    CHECK(failed < 500);
}

TEST_CASE("a device that failed at one graph computes the next") {
    const Pass pass = make_decoder_pass(5);
    GlFaults faults;
    faults.has_not_a_number = true;
    SafeBackend backend(options_with(faults), 1);
    CHECK(backend.prepare(pass.graph, pass.weights)->run(pass.inputs, {})->facts().backend ==
          "cpu");
    CHECK(backend.device() == nullptr);  // not even the self-test came out
    CHECK(backend.why_not() != "");
}

TEST_CASE("values of a device that is gone are computed again") {
    const Pass pass = make_decoder_pass(5);
    GlFaults faults;
    faults.loses_values = true;
    // The self-test reads values, too: the device is taken as it is.
    const auto device = std::make_shared<ComputeDevice>(options_with(faults));
    const auto got =
        make_device_backend(device)->prepare(pass.graph, pass.weights)->run(pass.inputs, {});
    CHECK(got->facts().backend == "gl");
    const auto want = pass.prepare(1)->run(pass.inputs, {});
    for (NodeId id = 0; id < pass.graph->size(); ++id) {
        CAPTURE(pass.graph->node(id).name);
        const Tensor a = got->tensor(id), b = want->tensor(id);
        CHECK(std::equal(a.values().begin(), a.values().end(), b.values().begin()));
    }
}

TEST_CASE("an edit of a trace is followed wherever it was made") {
    const Pass pass = make_decoder_pass(6);
    const NodeId edited = *pass.graph->find("blocks.0.attn.dots");
    const Edits edits{{{edited, {0, 4, 2}, 3.5F}}};
    const auto want = pass.prepare(1);
    const auto base = want->run(pass.inputs, {});
    const auto after = want->rerun(*base, edits, {});
    GlFaults faults;
    std::string by = "gl";
    SUBCASE("on the card") {}
    SUBCASE("after the card was lost") {
        faults.losing_batch = 0;
        by = "cpu";
    }
    SafeBackend backend(options_with(faults), 1);
    const auto plan = backend.prepare(pass.graph, pass.weights);
    const auto got = plan->rerun(*plan->run(pass.inputs, {}), edits, {});
    CHECK(got->facts().backend == by);
    CHECK(got->value(edited, {0, 4, 2}) == 3.5F);
    for (NodeId id = 0; id < pass.graph->size(); ++id) {
        CAPTURE(pass.graph->node(id).name);
        const Tensor a = got->tensor(id), b = after->tensor(id);
        for (std::size_t i = 0; i < a.values().size(); ++i) {
            if (a.values()[i] == b.values()[i]) continue;
            CHECK(a.values()[i] == doctest::Approx(b.values()[i]).epsilon(1e-4));
        }
    }
}

TEST_CASE("what is set by hand on the card is set once more by the next edit") {
    const Pass pass = make_decoder_pass(6);
    SafeBackend backend(options_with({}), 1);
    const auto plan = backend.prepare(pass.graph, pass.weights);
    for (const std::size_t budget : {std::size_t{0}, std::size_t{1} << 30}) {
        CAPTURE(budget);
        RunOptions options;
        options.keep.budget_bytes = budget;
        const auto base = plan->run(pass.inputs, options);
        REQUIRE(base->facts().backend == "gl");
        const NodeId dots = *pass.graph->find("blocks.0.attn.dots");
        const NodeId masked = *pass.graph->find("blocks.0.attn.masked");
        const auto first = plan->rerun(*base, {{{dots, {0, 4, 2}, 3.5F}}}, options);
        const auto second = plan->rerun(*first, {{{masked, {0, 4, 1}, -2.0F}}}, options);
        CHECK(second->value(dots, {0, 4, 2}) == 3.5F);
        CHECK(second->value(masked, {0, 4, 1}) == -2.0F);
        CHECK(base->value(dots, {0, 4, 2}) != 3.5F);
        const auto plain = pass.prepare(1);
        const auto same = plain->rerun(
            *plain->rerun(*plain->run(pass.inputs, {}), {{{dots, {0, 4, 2}, 3.5F}}}, {}),
            {{{masked, {0, 4, 1}, -2.0F}}}, {});
        const NodeId pattern = *pass.graph->find("blocks.0.attn.pattern");
        for (int s = 0; s < 6; ++s) {
            CHECK(second->value(pattern, {0, 4, s}) ==
                  doctest::Approx(same->value(pattern, {0, 4, s})).epsilon(1e-5));
        }
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::app
