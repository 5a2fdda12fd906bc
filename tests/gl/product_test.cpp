#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "app/gl/measure_products.h"
#include "core/base/check.h"
#include "tests/gl/product_run.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;
using namespace heed::test;

namespace {

// One device for all cases: opening it costs more than what is tested.
struct Desk {
    ComputeDevice device{DeviceOptions{}};
    RecorderLimits limits = device.limits();
};

// How far the farthest cell is from the truth, in allowances; infinity where one is no number.
double farthest(const ProductTruth& truth, const std::vector<float>& cells, bool is_post) {
    REQUIRE(cells.size() == truth.out.size());
    double worst = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const double want = is_post ? std::max(0.0, truth.out[i]) : truth.out[i];
        const double off = std::abs(static_cast<double>(cells[i]) - want);
        if (!(off <= std::numeric_limits<double>::max())) {
            return std::numeric_limits<double>::infinity();
        }
        worst = std::max(worst, off / (truth.allowance[i] + 1e-30));
    }
    return worst;
}

void check_product(Desk& desk, const ProductCase& wanted, int* commands = nullptr) {
    CAPTURE(wanted.outers);
    CAPTURE(wanted.rows);
    CAPTURE(wanted.depth);
    CAPTURE(wanted.cols);
    CAPTURE(static_cast<int>(wanted.layout));
    CAPTURE(static_cast<int>(wanted.type));
    CAPTURE(wanted.group);
    CAPTURE(wanted.margin);
    CAPTURE(wanted.has_bias);
    CAPTURE(wanted.has_heads_in_line);
    const ProductTruth truth = compute_product(wanted);
    const ProductNumbers numbers = run_product(desk.device, desk.limits, wanted, commands);
    CHECK(farthest(truth, numbers.out, false) <= 1);
    if (wanted.has_post) CHECK(farthest(truth, numbers.post, true) <= 1);
}

constexpr ProductLayout kLayouts[] = {ProductLayout::kPlain, ProductLayout::kTransposed,
                                      ProductLayout::kStrided};

// Compiling a variant for one layout takes the software renderer up to some seconds: all of them
// run on two layouts (the largest on one: those that have their parts in shared memory so many
// times), and the smallest one of each file on all.
template <class Visit>
void for_each_variant(Desk& desk, int buffers_of_largest, Visit visit) {
    for (int v = 0; v < static_cast<int>(product_variants().size()); ++v) {
        const ProductVariant& variant = product_variants()[static_cast<std::size_t>(v)];
        if (variant.block_rows >= 128 && variant.buffers != buffers_of_largest) continue;
        CAPTURE(variant.name);
        desk.limits.products = uniform_product_table(v);
        visit();
    }
}

template <class Visit>
void for_each_file_and_layout(Desk& desk, Visit visit) {
    for (const char* name : {"tiles 32x32", "skinny 4", "registers 4x4"}) {
        CAPTURE(name);
        desk.limits.products = uniform_product_table(find_product_variant(name).value());
        for (const ProductLayout layout : kLayouts) visit(layout);
    }
}

}  // namespace

TEST_SUITE_BEGIN("gl/products");

TEST_CASE("every variant multiplies matrices of any size") {
    Desk desk;
    for_each_variant(desk, 1, [&] {
        ProductCase wanted;
        wanted.layout = ProductLayout::kTransposed;
        wanted.has_bias = true;
        check_product(desk, wanted);  // one number
        for (const auto& [rows, depth, cols] : {std::array{7, 37, 45}, std::array{5, 3, 2},
                                                std::array{131, 33, 130}, std::array{64, 64, 65}}) {
            wanted.rows = rows;
            wanted.depth = depth;
            wanted.cols = cols;
            check_product(desk, wanted);
        }
    });
}

// Extents, starts and strides that are multiples of four: loads of four numbers.
TEST_CASE("every variant multiplies aligned matrices") {
    Desk desk;
    for_each_variant(desk, 2, [&] {
        ProductCase wanted;
        wanted.has_bias = true;
        wanted.has_post = true;
        for (const auto& [rows, depth, cols] :
             {std::array{36, 44, 68}, std::array{130, 32, 132}, std::array{1, 4, 4}}) {
            wanted.rows = rows;
            wanted.depth = depth;
            wanted.cols = cols;
            wanted.margin = 4;
            check_product(desk, wanted);
        }
    });
}

TEST_CASE("every file multiplies whatever the layout") {
    Desk desk;
    for_each_file_and_layout(desk, [&](ProductLayout layout) {
        for (const int margin : {0, 1, 4}) {
            ProductCase wanted;
            wanted.layout = layout;
            wanted.rows = 35;
            wanted.depth = 40;
            wanted.cols = 36;
            wanted.margin = margin;
            check_product(desk, wanted);
        }
    });
}

TEST_CASE("each head has its matrix, or shares it with its group") {
    Desk desk;
    for_each_file_and_layout(desk, [&](ProductLayout layout) {
        for (const int group : {1, 3}) {
            ProductCase wanted;
            wanted.outers = 6;
            wanted.group = group;
            wanted.rows = 9;
            wanted.depth = 16;
            wanted.cols = 12;
            wanted.layout = layout;
            check_product(desk, wanted);
            wanted.depth = 13;
            wanted.margin = 1;
            check_product(desk, wanted);
        }
    });
}

TEST_CASE("weights of 16 bits are multiplied as they are") {
    Desk desk;
    for_each_file_and_layout(desk, [&](ProductLayout layout) {
        for (const WeightType type : {WeightType::kF16, WeightType::kBf16}) {
            ProductCase wanted;
            wanted.layout = layout;
            wanted.type = type;
            wanted.has_bias = true;
            wanted.rows = 10;
            wanted.depth = 24;
            wanted.cols = 20;
            check_product(desk, wanted);
            wanted.depth = 23;
            wanted.cols = 21;
            wanted.margin = 1;
            check_product(desk, wanted);
        }
    });
}

TEST_CASE("heads side by side are one matrix, and go apart again") {
    Desk desk;
    for_each_file_and_layout(desk, [&](ProductLayout layout) {
        if (layout == ProductLayout::kStrided) return;
        for (const int cols : {8, 5}) {
            ProductCase wanted;
            wanted.outers = 5;
            wanted.rows = 6;
            wanted.depth = 20;
            wanted.cols = cols;
            wanted.layout = layout;
            wanted.has_bias = true;
            wanted.has_heads_in_line = true;
            check_product(desk, wanted);
        }
    });
}

TEST_CASE("a matrix too large for a binding is cut") {
    Desk desk;
    desk.limits.binding_words = 1024;
    for (const ProductLayout layout : kLayouts) {
        for (const WeightType type : {WeightType::kF32, WeightType::kF16}) {
            ProductCase wanted;
            wanted.rows = 3;
            wanted.depth = 131;
            wanted.cols = 90;
            wanted.layout = layout;
            wanted.type = type;
            wanted.has_bias = true;
            wanted.has_post = true;
            int commands = 0;
            check_product(desk, wanted, &commands);
            CHECK(commands > 5);
        }
    }
    // A single row, longer than a binding, and a matrix with a row that is.
    for (const ProductLayout layout : kLayouts) {
        ProductCase wanted;
        wanted.layout = layout;
        wanted.depth = 2100;
        wanted.cols = 3;
        check_product(desk, wanted);
    }
}

TEST_CASE("rows and heads that are too large are left to whoever asked") {
    Desk desk;
    desk.limits.binding_words = 1024;
    ProductCase wanted;
    wanted.rows = 40;
    wanted.depth = 40;
    CHECK_THROWS_AS(run_product(desk.device, desk.limits, wanted), TooLarge);
    wanted.rows = 1;
    wanted.cols = 40;
    wanted.outers = 2;
    CHECK_THROWS_AS(run_product(desk.device, desk.limits, wanted), TooLarge);
}

TEST_CASE("few rows are cut by columns where they are too much work, many are not") {
    Desk desk;
    desk.limits.work = 20000;
    ProductCase wanted;
    wanted.rows = 8;
    wanted.depth = 40;
    wanted.cols = 200;
    int commands = 0;
    check_product(desk, wanted, &commands);
    CHECK(commands == 4);  // 62 columns at most
    desk.limits.work = 10;
    wanted.rows = 1;
    wanted.depth = 33;
    wanted.cols = 2;
    check_product(desk, wanted, &commands);
    CHECK(commands == 8);
    wanted.rows = 64;
    CHECK_THROWS_AS(run_product(desk.device, desk.limits, wanted), TooLarge);
}

TEST_CASE("a table's file keeps what each device is good at") {
    const TempDir folder;
    const std::filesystem::path file = folder.path() / "deep" / "products.json";
    CHECK_FALSE(read_product_table(file, "card 1"));
    const ProductTable first = default_product_table();
    ProductTable second = uniform_product_table(3);
    second.variants.back() = 0;
    REQUIRE(write_product_table(file, "card \"1\"\n4.6", first));
    REQUIRE(write_product_table(file, "card 2", first));
    REQUIRE(write_product_table(file, "card 2", second));
    CHECK(read_product_table(file, "card \"1\"\n4.6") == first);
    CHECK(read_product_table(file, "card 2") == second);
    CHECK_FALSE(read_product_table(file, "card 3"));

    // What cannot be understood is measured again, and the file made anew.
    std::ofstream(file) << "{\"card 2\": {\"plain matrix, up to 4 rows\": \"steam\"}}";
    CHECK_FALSE(read_product_table(file, "card 2"));
    std::ofstream(file) << "{\"card";
    CHECK_FALSE(read_product_table(file, "card 2"));
    REQUIRE(write_product_table(file, "card 2", second));
    CHECK(read_product_table(file, "card 2") == second);
    CHECK_FALSE(write_product_table(folder.path() / "deep", "card 2", second));
}

TEST_CASE("variants keep within what every device has") {
    for (const ProductVariant& variant : product_variants()) {
        CAPTURE(variant.name);
        CHECK(variant.invocations <= 256);
        CHECK(variant.shared_bytes() <= 32768);
        CHECK(find_product_variant(variant.name).has_value());
        const int tiles = variant.block_rows * variant.block_cols;
        const bool is_tile = variant.block_depth > 0;
        if (is_tile) CHECK(tiles == variant.tile_rows * variant.tile_cols * variant.invocations);
    }
    std::vector<std::string> names;
    for (int i = 0; i < kProductClasses; ++i) names.push_back(product_class_name(i));
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

// A made-up clock: no device, no time.
TEST_CASE("the fastest variant of each class is taken") {
    const int skinny = find_product_variant("skinny 8").value();
    const int tiles = find_product_variant("tiles 64x64").value();
    int timed = 0;
    const ProductTimer time = [&](const CommandList& list) {
        ++timed;
        const ProgramKey& key =
            list.programs.at(static_cast<std::size_t>(list.commands.back().program));
        const auto is = [&key](int variant) {
            const auto defines = product_variants()[static_cast<std::size_t>(variant)].defines();
            return std::equal(defines.begin(), defines.end(), key.defines.begin());
        };
        if (is(skinny)) return 1.0;
        if (is(tiles)) return 1.5;
        if (key.file == "product_registers.comp") throw Error("x", "", "a shader", "none");
        return 4.0;
    };
    const ProductTable table = measure_products(RecorderLimits{}, time);
    ProductShape shape{1, 4, 768, 768, ProductLayout::kPlain};
    CHECK(choose_product(shape, table).name == "skinny 8");
    shape.rows = 1000;
    CHECK(choose_product(shape, table).name == "tiles 64x64");
    CHECK(timed > 50);
    // A file far behind is given up.
    const int all = std::exchange(timed, 0);
    const ProductTimer slow_tiles = [&](const CommandList& list) {
        const std::string& file = list.programs.back().file;
        return time(list) * (file == "product_tiles.comp" ? 20 : 1);
    };
    CHECK(choose_product(shape, measure_products(RecorderLimits{}, slow_tiles)).name ==
          "skinny 16");
    CHECK(timed < all / 2);
    const ProductTimer refuse = [](const CommandList&) -> double {
        throw Error("x", "", "a shader", "none");
    };
    CHECK_THROWS_AS(measure_products(RecorderLimits{}, refuse), Error);
}

TEST_SUITE_END();
