#include <doctest/doctest.h>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/safetensors.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::message_of;
using heed::test::read_file;
using heed::test::TempDir;

namespace fs = std::filesystem;

namespace {

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
    return std::as_bytes(std::span(values));
}

}  // namespace

TEST_SUITE_BEGIN("core/safetensors writer");

TEST_CASE("what was written is read back, metadata and awkward names too") {
    const TempDir folder;
    const std::vector<float> pattern{0.25f, 0.75f, 0, 1, -1e30f, 3};
    const std::vector<std::int64_t> ids{101, -5};
    const std::vector<std::uint8_t> mask{1, 0, 1};
    const SafetensorsItem items[] = {
        {{"mask", Dtype::kBool, {3}}, bytes_of(mask)},
        {{"a/blocks.0.attn.pattern", Dtype::kF32, {1, 2, 3}}, bytes_of(pattern)},
        {{"ids \"\\\n\xC3\xA9", Dtype::kI64, {2}}, bytes_of(ids)},
        {{"none", Dtype::kF32, {0, 4}}, {}},
    };
    const SafetensorsMetadata metadata{{"heed", "0.1"}, {"text", "B\xC3\xA4rk\n\"\x01"}};
    write_safetensors(folder / "t.safetensors", items, metadata);

    const SafetensorsFile file(folder / "t.safetensors");
    CHECK_EQ(file.metadata(), metadata);
    REQUIRE_EQ(file.entries().size(), 4);
    const Tensor got = read_tensor(*file.find("a/blocks.0.attn.pattern"));
    CHECK_EQ(got.extents(), std::vector<int>{1, 2, 3});
    CHECK(std::vector<float>(got.values().begin(), got.values().end()) == pattern);
    CHECK_EQ(read_integers(*file.find("ids \"\\\n\xC3\xA9")), ids);
    CHECK_EQ(read_integers(*file.find("mask")), std::vector<std::int64_t>{1, 0, 1});
    CHECK_EQ(read_tensor(*file.find("none")).extents(), std::vector<int>{0, 4});
}

TEST_CASE("the header is padded so that all numbers are aligned, wide types first") {
    const TempDir folder;
    const std::vector<std::uint8_t> byte{7};
    const std::vector<double> wide{1.5};
    const std::vector<float> narrow{2.5f};
    for (int length = 1; length < 9; ++length) {
        CAPTURE(length);
        const std::string name(static_cast<std::size_t>(length), 'n');
        const SafetensorsItem items[] = {{{"byte", Dtype::kU8, {1}}, bytes_of(byte)},
                                         {{"f", Dtype::kF32, {1}}, bytes_of(narrow)},
                                         {{name, Dtype::kF64, {1}}, bytes_of(wide)}};
        write_safetensors(folder / "t", items, {});
        const std::string text = read_file(folder / "t");
        const SafetensorsFile file(folder / "t");
        CHECK_EQ((text.size() - 13) % 8, 0);
        CHECK_EQ(file.entries()[0].name, name);
        CHECK_EQ(file.entries()[2].name, "byte");
        CHECK_EQ(read_tensor(file.entries()[0]).at({0}), 1.5f);
    }
}

TEST_CASE("numbers may come in any pieces, and the file only appears when all are there") {
    const TempDir folder;
    const std::vector<float> values{1, 2, 3, 4, 5};
    {
        SafetensorsWriter writer(folder / "t", {{"a", Dtype::kF32, {3}}, {"b", Dtype::kF32, {2}}},
                                 {});
        writer.append(std::span(values).first(1));
        writer.append(std::span(values).subspan(1, 3));
        CHECK_THROWS_AS(writer.finish(), Bug);
        CHECK_FALSE(fs::exists(folder / "t"));
        writer.append(std::span(values).subspan(4));
        CHECK_THROWS_AS(writer.append(std::span(values).first(1)), Bug);
        writer.finish();
    }
    const SafetensorsFile file(folder / "t");
    CHECK_EQ(read_tensor(*file.find("a")).at({2}), 3.0f);
    CHECK_EQ(read_tensor(*file.find("b")).at({1}), 5.0f);
    {
        SafetensorsWriter writer(folder / "u", {{"a", Dtype::kF32, {3}}}, {});
        writer.append(std::span(values).first(2));
    }
    CHECK_FALSE(fs::exists(folder / "u"));
}

TEST_CASE("an empty file of tensors is valid") {
    const TempDir folder;
    write_safetensors(folder / "t", {}, {});
    CHECK(SafetensorsFile(folder / "t").entries().empty());
}

TEST_CASE("names that come twice or are reserved, and sizes that disagree, are bugs") {
    const TempDir folder;
    const auto write = [&](const std::vector<SafetensorsSpec>& specs) {
        SafetensorsWriter writer(folder / "t", specs, {});
    };
    CHECK_THROWS_AS(write({{"a", Dtype::kF32, {1}}, {"a", Dtype::kF32, {1}}}), Bug);
    CHECK_THROWS_AS(write({{"__metadata__", Dtype::kF32, {1}}}), Bug);
    CHECK_THROWS_AS(write({{"\xFF", Dtype::kF32, {1}}}), Bug);
    CHECK_THROWS_AS(write({{"a", Dtype::kF32, {-1}}}), Bug);
    CHECK_THROWS_AS(write({{"a", Dtype::kU8, {1}}, {"b", Dtype::kF32, {1}}}), Bug);
    const SafetensorsItem item{{"a", Dtype::kF32, {2}}, {}};
    CHECK_THROWS_AS(write_safetensors(folder / "t", {&item, 1}, {}), Bug);
    CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a place where no file can be is an error of one line") {
    const TempDir folder;
    CHECK_EQ(find_flaw(message_of([&] { write_safetensors(folder / "no" / "t", {}, {}); }),
                       {"no/t", "expected a file that can be written", "found"}),
             "");
}

TEST_SUITE_END();
