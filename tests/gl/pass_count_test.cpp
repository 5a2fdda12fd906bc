#include <doctest/doctest.h>

#include "app/gl/pass_count.h"
#include "app/gl/pass_recorder.h"
#include "tests/core/ops/graph_run.h"

using namespace heed;
using namespace heed::app;
using namespace heed::test;

namespace {

PassCount count_graph(TestGraph& test, const RecorderLimits& limits) {
    const std::shared_ptr<const Graph> graph = test.builder.build();
    const auto size = static_cast<std::size_t>(graph->size());
    PassRequest request{
        *graph, *test.store, limits, std::vector<bool>(size, true), std::vector<bool>(size),
        {},     {}};
    return count_pass(*graph, record_pass(request).list);
}

// [8,64][64,128] -> [8,128] by the variant of that name.
PassCount count_one_product(const char* name) {
    TestGraph test(1);
    const NodeId x = test.random_node("x", test.builder.sequence("source", 8), 64);
    test.builder.linear("y", x, test.weight("W", {{"D", 64}, {"F", 128}}), std::nullopt,
                        Stage::kProject);
    RecorderLimits limits;
    limits.products = uniform_product_table(find_product_variant(name).value());
    return count_graph(test, limits);
}

}  // namespace

TEST_SUITE_BEGIN("gl/pass count");

// [8,64][64,128] -> [8,128]: a million operations and 41 KiB, whichever program does it.
TEST_CASE("a product costs two operations for each multiplication, and its ranges") {
    for (const char* name : {"skinny 8", "tiles 32x32", "registers 8x8"}) {
        CAPTURE(name);
        const PassCount count = count_one_product(name);
        REQUIRE(count.products.size() == 1);
        const ProgramCost& product = count.products.front();
        CHECK(product.name == name);
        CHECK(product.cost.dispatches == 1);
        CHECK(product.cost.flops == 2.0 * 8 * 64 * 128);
        CHECK(product.cost.bytes == 4.0 * (8 * 64 + 64 * 128 + 8 * 128));
        CHECK(count.all.flops == product.cost.flops);
        CHECK(count.all.bytes > product.cost.bytes);
        CHECK(count.all.barriers == 2);  // the product reads x, the watch for numbers reads y
        REQUIRE(count.nodes.size() == 2);
        CHECK(count.nodes.back().node == 1);
        CHECK(count.other_dispatches == count.all.dispatches);
        CHECK(count.most_in_layer() == 0);
    }
}

// A group of 128 x 128 cells reads 256 numbers for 32768 operations.
TEST_CASE("a larger block reads less for the same sums") {
    double last = 0;
    for (const char* name : {"tiles 32x32", "tiles 64x64", "tiles 128x128"}) {
        CAPTURE(name);
        const double intensity = count_one_product(name).products.front().group_intensity();
        CHECK(intensity > last);
        last = intensity;
    }
    CHECK(last == doctest::Approx(32.0));
}

TEST_CASE("what is cut costs more dispatches, not more operations") {
    const auto count = [](const RecorderLimits& limits) {
        TestGraph test(1);
        const NodeId x = test.random_node("x", test.builder.sequence("source", 8), 64);
        test.builder.linear("y", x, test.weight("W", {{"D", 64}, {"F", 128}}), std::nullopt,
                            Stage::kProject);
        return count_graph(test, limits).products.front().cost;
    };
    RecorderLimits tight;
    tight.binding_words = 2048;
    const PassCost whole = count({}), cut = count(tight);
    CHECK(cut.dispatches > whole.dispatches);
    CHECK(cut.flops == whole.flops);
    CHECK(cut.bytes > whole.bytes);
}

TEST_CASE("a table of the costs names nodes and programs") {
    TestGraph test(1);
    const NodeId x = test.random_node("x", test.builder.sequence("source", 8), 64);
    test.builder.linear("the map", x, test.weight("W", {{"D", 64}, {"F", 128}}), std::nullopt,
                        Stage::kProject);
    const std::shared_ptr<const Graph> graph = test.builder.build();
    const std::vector<bool> all(2, true), none(2);
    const CommandList list = record_pass({*graph, *test.store, {}, all, none, {}, {}}).list;
    const std::string text = describe_pass(*graph, count_pass(*graph, list));
    CHECK(text.find("the map") != std::string::npos);
    CHECK(text.find("skinny 16") != std::string::npos);
    CHECK(text.find("2 barriers") != std::string::npos);
}

TEST_SUITE_END();
