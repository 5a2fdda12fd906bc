#include "core/format/gguf.h"

#include <doctest/doctest.h>

#include <cstring>

#include "tests/support/gguf_bytes.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::message_of;
using heed::test::TempDir;

namespace {

using Bytes = test::GgufBytes;

Bytes head(std::uint64_t tensors, std::uint64_t entries, std::uint32_t version = 3) {
    return {tensors, entries, version};
}

GgufContent parse(const std::string& file) {
    return parse_gguf(std::as_bytes(std::span(file.data(), file.size())), "folder/m.gguf");
}

void check_refusal(const Bytes& bytes, std::initializer_list<std::string_view> parts) {
    const std::string file = bytes.done();
    const std::string message = message_of([&] { (void)parse(file); });
    CHECK_EQ(find_flaw(message, {"folder/m.gguf: ", "expected ", ", found "}), "");
    CHECK_EQ(find_flaw(message, parts), "");
}

TEST_SUITE_BEGIN("core/format/gguf");

TEST_CASE("metadata of all kinds is read as it was written") {
    const GgufFile file(test::source_dir() / "tests/data/gguf/types.gguf");
    CHECK(file.content().version == 3);
    CHECK(file.get_string("general.architecture", std::nullopt) == "types");
    const std::vector<std::pair<const char*, std::int64_t>> integers = {
        {"kind.u8", 200},
        {"kind.i8", -5},
        {"kind.u16", 60000},
        {"kind.i16", -30000},
        {"kind.u32", 4000000000},
        {"kind.i32", -2000000000},
        {"kind.u64", 1099511627776},
        {"kind.i64", -1099511627776}};
    for (const auto& [key, want] : integers) {
        CAPTURE(key);
        CHECK(file.get_int(key, std::nullopt, -(std::int64_t{1} << 60), std::int64_t{1} << 60) ==
              want);
    }
    CHECK(file.get_number("kind.f32", std::nullopt) == static_cast<double>(0.1F));
    CHECK(file.get_number("kind.f64", std::nullopt) == 0.1);
    CHECK(file.get_number("kind.u8", std::nullopt) == 200);
    CHECK(file.get_bool("kind.bool", false));
    CHECK(file.get_string("kind.string", std::nullopt) == "größer");
    CHECK(file.get_strings("array.strings") == std::vector<std::string>{"a", "", "Ġthe"});
    CHECK(file.get_integers("array.integers") == std::vector<std::int64_t>{1, -2, 3});
    CHECK(file.get_numbers("array.numbers") == std::vector<double>{0.5, -1.5});
    CHECK(file.get_numbers("array.integers") == std::vector<double>{1, -2, 3});
    CHECK(file.get_int("nothing", 3, 0, 5) == 3);
    CHECK(file.get_strings("nothing").empty());
    CHECK(file.value("nothing") == nullptr);
}

TEST_CASE("a value of another kind is refused with what it is") {
    const GgufFile file(test::source_dir() / "tests/data/gguf/types.gguf");
    const auto refuse = [](auto&& read) { return message_of(read); };
    CHECK_EQ(find_flaw(refuse([&] { file.get_int("kind.string", 1, 0, 9); }),
                       {"kind.string", "a whole number from 0 to 9", "größer"}),
             "");
    CHECK_EQ(find_flaw(refuse([&] { file.get_int("kind.u8", 1, 0, 9); }), {"the number 200"}), "");
    CHECK_EQ(find_flaw(refuse([&] { file.get_int("none", std::nullopt, 0, 9); }), {"nothing"}), "");
    CHECK_EQ(find_flaw(refuse([&] { file.get_bool("kind.u8", true); }), {"true or false"}), "");
    CHECK_EQ(find_flaw(refuse([&] { file.get_number("kind.bool", 1); }), {"found true"}), "");
    CHECK_EQ(find_flaw(refuse([&] { file.get_string("array.integers", ""); }),
                       {"a string", "an array of 3 I32"}),
             "");
    CHECK_EQ(
        find_flaw(refuse([&] { file.get_strings("array.integers"); }), {"an array of strings"}),
        "");
    CHECK_EQ(find_flaw(refuse([&] { file.get_integers("array.numbers"); }),
                       {"an array of whole numbers"}),
             "");
    CHECK_EQ(find_flaw(refuse([&] { file.get_numbers("kind.f32"); }), {"an array of numbers"}), "");
}

TEST_CASE("tensors have their extents slowest first and lie behind the padding") {
    Bytes bytes = head(2, 0, 2).tensor("a", {3, 2}, 0, 0).tensor("b", {32}, 8, 32).data(0);
    for (int i = 0; i < 6; ++i) bytes.put(static_cast<float>(i));
    bytes.raw(std::string(8, '\0')).raw(std::string("\0\x3C", 2)).raw(std::string(32, '\x02'));
    const std::string file = bytes.done();
    const GgufContent content = parse(file);
    REQUIRE(content.entries.size() == 2);
    CHECK(content.entries[0].extents == std::vector<std::int64_t>{2, 3});
    CHECK(read_tensor(content.entries[0]).values()[5] == 5.0F);
    CHECK(read_tensor(content.entries[1]).values()[31] == 2.0F);
}

TEST_CASE("arrays may hold arrays, to a depth") {
    const auto array = [](std::uint32_t element, std::uint64_t count) {
        return Bytes().u32(element).u64(count).done();
    };
    const std::string whole =
        head(0, 1).text("a").u32(9).raw(array(9, 1)).raw(array(0, 3)).raw("abc").done();
    const GgufContent content = parse(whole);
    CHECK(content.metadata.front().second.count == 1);
    Bytes deep = head(0, 1).text("a").u32(9);
    for (int i = 0; i < 5; ++i) deep.raw(array(9, 1));
    check_refusal(deep.raw(array(0, 0)), {"a: ", "nested"});
}

TEST_CASE("what is no GGUF file is refused by what it is") {
    check_refusal(Bytes(), {"a GGUF file", "an empty file"});
    check_refusal(Bytes().raw("<!doctype html>"), {"a web page"});
    check_refusal(Bytes().raw("GGUX0000"), {"a GGUF file"});
    check_refusal(head(0, 0, 1), {"version", "2 or 3", "found 1"});
    check_refusal(head(0, 0, 0x03000000), {"big-endian"});
    check_refusal(Bytes().raw("GGUF\3"), {"version", "the end of the file"});
}

TEST_CASE("counts and lengths beyond the file are refused before anything is allocated") {
    const std::uint64_t huge = ~std::uint64_t{0};
    check_refusal(head(huge, 0), {"number of tensors", "18446744073709551615"});
    check_refusal(head(0, huge), {"number of metadata entries"});
    check_refusal(head(0, 1).u64(huge).raw(std::string(40, 'x')), {"key of metadata entry 0"});
    check_refusal(head(0, 1).text("k").u32(8).u64(huge - 7), {"k: ", "18446744073709551608"});
    check_refusal(head(0, 1).text("k").u32(9).u32(4).u64(huge / 4 + 1), {"k: ", "at most 0"});
    check_refusal(head(0, 1).text("k").u32(13).u32(0), {"k: ", "from 0 to 12", "found 13"});
    check_refusal(head(0, 2).text("k").u32(0).raw("a").text("k").u32(0).raw("a"), {"once"});
    check_refusal(head(0, 1).text("\xFF").u32(0).raw("abc"), {"UTF-8"});
}

TEST_CASE("tensors outside the file or over each other are refused") {
    const std::uint64_t big = std::uint64_t{1} << 62;
    check_refusal(head(1, 0).tensor("t", {32, big}, 8, 0).data(64), {"t: ", "fit"});
    check_refusal(head(1, 0).tensor("t", {big, 8}, 0, 0).data(64), {"t: ", "64 bits"});
    check_refusal(head(1, 0).tensor("t", {big << 1}, 0, 0).data(64), {"t: "});
    check_refusal(head(1, 0).tensor("t", {1, 1, 1, 1, 1}, 0, 0).data(64), {"at most 4", "found 5"});
    check_refusal(head(1, 0).tensor("t", {33}, 8, 0).data(64), {"whole blocks of 32", "Q8_0"});
    check_refusal(head(1, 0).tensor("t", {8}, 4, 0).data(64), {"type 4"});
    check_refusal(head(1, 0).tensor("t", {8}, 0, 8).data(64), {"multiple of 32", "found 8"});
    check_refusal(head(1, 0).tensor("t", {8}, 0, 64).data(64), {"32 from 64"});
    check_refusal(head(1, 0).tensor("t", {17}, 0, 0).data(64), {"68 from 0"});
    check_refusal(head(1, 0).tensor("t", {8}, 0, ~std::uint64_t{31}).data(64), {"from 1844"});
    check_refusal(head(2, 0).tensor("t", {16}, 0, 0).tensor("u", {8}, 0, 32).data(64),
                  {"u: ", "64 on", "found 32"});
    check_refusal(head(2, 0).tensor("t", {8}, 0, 0).tensor("t", {8}, 0, 32).data(64), {"once"});
    check_refusal(head(0, 1).text("general.alignment").u32(4).u32(24), {"a power of 2"});
    check_refusal(head(0, 1).text("general.alignment").u32(4).u32(0), {"a power of 2"});
}

TEST_CASE("a type that heed does not read is refused when its numbers are asked for") {
    const std::string file = head(1, 0).tensor("t", {256}, 10, 0).data(84).done();
    const GgufContent content = parse(file);
    CHECK_EQ(find_flaw(message_of([&] { (void)read_tensor(content.entries.front()); }),
                       {"t: ", "Q6_K", "found Q2_K"}),
             "");
}

TEST_CASE("a GGUF file is known by its first bytes") {
    const TempDir folder;
    CHECK(is_gguf_file(folder.write("blob", "GGUF")));
    CHECK_FALSE(is_gguf_file(folder.write("m.gguf", "GGU")));
    CHECK_FALSE(is_gguf_file(folder.path()));
    CHECK_FALSE(is_gguf_file(folder / "nothing"));
}

TEST_SUITE_END();

}  // namespace
