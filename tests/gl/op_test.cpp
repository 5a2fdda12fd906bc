// Every op but the products: the graphics card against the CPU, cell by cell, each op by itself.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>

#include "app/gl/op_recorders.h"
#include "app/gl/pass_runner.h"
#include "app/gl/shader_source.h"
#include "core/base/error.h"
#include "tests/gl/gl_run.h"
#include "tests/gl/op_cases.h"

using namespace heed;
using namespace heed::app;
using namespace heed::test;

namespace fs = std::filesystem;

namespace {

GlRun make_run(const OpCase& op_case, unsigned seed) {
    TestGraph test(seed);
    op_case.build(test);
    return GlRun(test);
}

void check_cases(const std::vector<OpCase>& cases) {
    const auto device = make_device();
    const auto tiny = make_tiny_device();
    unsigned seed = 700;
    for (const OpCase& op_case : cases) {
        CAPTURE(op_case.name);
        const GlRun run = make_run(op_case, ++seed);
        const auto got = run.run_on(device);
        CHECK_EQ(find_trace_difference(*got, *run.run_on_cpu(), op_case.tolerance), "");
        if (op_case.is_wide) continue;
        CHECK_EQ(find_trace_difference(*run.run_on(tiny), *got, kExact), "");
    }
}

// The bits of a multiple of 1/8 below 16, which both types of 16 bits have.
std::uint16_t half_bits(float number, StoredType type) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    if (type == StoredType::kBf16 || number == 0) return static_cast<std::uint16_t>(bits >> 16U);
    // The exponent counts from 15 instead of 127, and the mantissa has 10 bits.
    return static_cast<std::uint16_t>((bits >> 16U & 0x8000U) |
                                      ((bits >> 13U & 0x3FFFFU) - (112U << 10U)));
}

// The same tensors rounded to multiples of 1/8, and stored in 16 bits.
std::shared_ptr<const WeightStore> make_half_store(const WeightStore& from, StoredType type) {
    auto store = std::make_shared<WeightStore>();
    for (WeightId id = 0; id < from.size(); ++id) {
        auto numbers = std::make_shared<std::vector<float>>();
        auto halves = std::make_shared<std::vector<std::uint16_t>>();
        for (const float number : from.values(id)) {
            numbers->push_back(std::round(std::clamp(number, -15.0F, 15.0F) * 8) / 8);
            halves->push_back(half_bits(numbers->back(), type));
        }
        store->add(
            from.name(id), from.extents(id),
            [numbers] {
                return WeightValues{numbers, *numbers};
            },
            [halves, type] {
                return StoredWeights{halves, std::as_bytes(std::span(*halves)), type};
            });
    }
    return store;
}

std::vector<OpCase> all_cases() {
    std::vector<OpCase> cases = cell_cases();
    for (const auto& more : {row_cases(), move_cases()}) {
        cases.insert(cases.end(), more.begin(), more.end());
    }
    return cases;
}

std::set<std::string> files_ending(const std::string& extension) {
    std::set<std::string> files;
    for (const auto& entry : fs::directory_iterator(shaders_folder())) {
        if (entry.path().extension() == extension) files.insert(entry.path().filename().string());
    }
    return files;
}

// What files of a folder with these extensions have in quotes that ends in `ending`.
std::set<std::string> quoted_files(const fs::path& folder, const std::set<std::string>& extensions,
                                   const std::string& ending) {
    std::set<std::string> named;
    const std::string last = ending + "\"";
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (extensions.count(entry.path().extension().string()) == 0) continue;
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        const std::string all = text.str();
        for (auto at = all.find(last); at != std::string::npos; at = all.find(last, at + 1)) {
            const std::size_t begin = all.rfind('"', at);
            if (begin == std::string::npos) continue;
            const std::string name = all.substr(begin + 1, at - begin - 1) + ending;
            const bool is_name = name.find_first_of(" \n/<>") == std::string::npos;
            if (is_name && name.size() > ending.size()) named.insert(name);
        }
    }
    return named;
}

}  // namespace

TEST_SUITE_BEGIN("gl/ops");

TEST_CASE("cells are what the CPU has, however they are cut") {
    check_cases(cell_cases());
}

TEST_CASE("rows are what the CPU has, however they are cut") {
    check_cases(row_cases());
}

TEST_CASE("moved numbers are the same bits, however they are cut") {
    check_cases(move_cases());
}

TEST_CASE("weights of 16 bits are read as the file has them") {
    const auto device = make_device();
    unsigned seed = 800;
    for (const StoredType type : {StoredType::kF16, StoredType::kBf16}) {
        for (const OpCase& op_case : all_cases()) {
            CAPTURE(op_case.name);
            GlRun run = make_run(op_case, ++seed);
            run.store = make_half_store(*run.store, type);
            CHECK_EQ(
                find_trace_difference(*run.run_on(device), *run.run_on_cpu(), op_case.tolerance),
                "");
        }
    }
}

TEST_CASE("each op is recorded by itself, is a product or has nothing to compute") {
    std::set<Op> seen = {Op::kLinear,       Op::kMatmulNt,     Op::kMatmul,
                         Op::kDistanceDots, Op::kClusterEmbed, Op::kRecorded};
    for (const OpCase& op_case : all_cases()) {
        const GlRun run = make_run(op_case, 1);
        for (const Node& node : run.graph->nodes()) seen.insert(node.op);
    }
    for (int i = 0; i < kOpCount; ++i) {
        const OpRow& row = op_row(static_cast<Op>(i));
        CAPTURE(row.name);
        CHECK_EQ(seen.count(row.op), 1u);
        CHECK_EQ(op_recorder(row.op) != nullptr, row.shader != nullptr);
        CHECK_EQ(op_recorder(row.op) == nullptr, row.on_cpu != nullptr);
        if (row.shader != nullptr) CHECK(fs::is_regular_file(shaders_folder() / row.shader));
    }
}

TEST_CASE("each shader is named by whoever loads it, and none is missing") {
    const fs::path sources = fs::path(HEED_SOURCE_DIR) / "app" / "gl";
    CHECK((quoted_files(sources, {".cpp"}, ".comp") == files_ending(".comp")));
    CHECK((quoted_files(shaders_folder(), {".comp", ".glsl"}, ".glsl") == files_ending(".glsl")));
}

TEST_CASE("a row whose sum is 0 is refused") {
    const auto device = make_device();
    for (const float last : {-2.0F, -1.5F}) {
        TestGraph test(1);
        const int source = test.builder.sequence("source", 2);
        const NodeId x = test.given_heads("x", source, 1, 3, {1, 2, 3, 0.5F, 1.5F, last});
        test.builder.normalise_sum("pattern", x);
        const GlRun run(test);
        if (last == -2.0F) {
            CHECK_THROWS_AS(run.run_on(device), Error);
        } else {
            CHECK_EQ(find_trace_difference(*run.run_on(device), *run.run_on_cpu(), kRounding), "");
        }
    }
}

TEST_CASE("cells that are not numbers are counted") {
    const auto device = make_device();
    const Shape shape = {{"H", 3}, {"T", 41}, {"K", 13}};
    const auto count = static_cast<int>(shape.count());
    std::vector<std::uint32_t> words(shape.count(), std::bit_cast<std::uint32_t>(1.0F));
    words[0] = std::bit_cast<std::uint32_t>(-std::numeric_limits<float>::infinity());
    for (const std::size_t i : {5u, 700u, 701u}) words[i] = 0x7FC00000U;
    words.back() = 0xFF800001U;
    TestGraph test(1);
    test.random_node("x", test.builder.sequence("source", 2), 3);
    const GlRun run(test);
    for (const std::int64_t binding_words : {1 << 20, 128}) {
        RecorderLimits limits = device->limits();
        limits.binding_words = binding_words;
        Recorder recorder(limits);
        record_watch(recorder, {{BufferKind::kInput, 0}, 0, 41 * 13, 13}, shape, 0);
        RecordedPass pass;
        pass.list = recorder.take_list();
        pass.places.resize(1);
        pass.input_words = count;
        device->thread().call([&] {
            const DeviceWeights weights(*device, run.store);
            PassRunner runner(*device, weights, pass);
            std::vector<DeviceSpan> spans(1);
            CHECK_EQ(runner.run(words, spans, {}).status.at(kStatusNotANumber), 4u);
        });
    }
}

TEST_SUITE_END();
