#include "core/format/safetensors.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/base/error.h"
#include "tests/core/format/safetensors_bytes.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::make_entry;
using heed::test::make_safetensors;
using heed::test::message_of;
using heed::test::TempDir;

namespace {

std::span<const std::byte> as_bytes(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

// What is said to a file of these bytes.
std::string refuse(const std::string& file) {
    return message_of([&] { (void)parse_safetensors(as_bytes(file), "folder/m.safetensors"); });
}

std::string refuse(const std::string& entries, std::size_t data_bytes) {
    return refuse(make_safetensors("{" + entries + "}", std::string(data_bytes, '\0')));
}

// Every refusal names the file, what was expected and what was found, and these parts.
void check_refusal(const std::string& message, std::initializer_list<std::string_view> parts) {
    CHECK_EQ(find_flaw(message, {"folder/m.safetensors: ", "expected ", ", found "}), "");
    CHECK_EQ(find_flaw(message, parts), "");
}

std::string floats_as_text(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

}  // namespace

TEST_SUITE_BEGIN("core/safetensors");

TEST_CASE("tensors, their order, their numbers and the metadata are read") {
    const TempDir folder;
    const std::string header = "{" + make_entry("b", "F32", "[2,2]", "[4,20]") +
                               ",\"__metadata__\":{\"format\":\"pt\",\"text\":\"B\\u00e4rk\"}," +
                               make_entry("a", "F16", "[2]", "[0,4]") + "," +
                               make_entry("none", "F32", "[0,7]", "[4,4]") + "," +
                               make_entry("ids", "I16", "[]", "[20,22]") + "}   ";
    const std::string data =
        std::string("\x00\x3C\x00\xC0", 4) + floats_as_text({1, 2, 3, 4.5f}) + "\xFE\xFF";
    const SafetensorsFile file(folder.write("m.safetensors", make_safetensors(header, data)));

    REQUIRE_EQ(file.entries().size(), 4);
    CHECK_EQ(file.entries()[0].name, "a");
    CHECK_EQ(file.entries()[3].name, "ids");
    CHECK_EQ(file.metadata().at("text"), "B\xC3\xA4rk");
    CHECK_EQ(file.metadata().size(), 2);

    const Tensor b = read_tensor(*file.find("b"));
    CHECK_EQ(b.extents(), std::vector<int>{2, 2});
    CHECK_EQ(b.at({1, 1}), 4.5f);
    const Tensor a = read_tensor(*file.find("a"));
    CHECK_EQ(a.at({0}), 1.0f);
    CHECK_EQ(a.at({1}), -2.0f);
    CHECK_EQ(read_tensor(*file.find("none")).size(), 0);
    CHECK_EQ(read_integers(*file.find("ids")), std::vector<std::int64_t>{-2});
    CHECK_EQ(file.find("ids")->count(), 1);
    CHECK_EQ(file.find("c"), nullptr);
    CHECK_EQ(file.find("__metadata__"), nullptr);
}

TEST_CASE("a file without tensors is valid") {
    const std::string file = make_safetensors("{}", "");
    CHECK(parse_safetensors(as_bytes(file), "x").entries.empty());
}

TEST_CASE("a file cut off at any byte is refused") {
    const std::string file =
        make_safetensors("{" + make_entry("a", "F32", "[3]", "[0,12]") + "}", std::string(12, 'x'));
    CHECK_NOTHROW((void)parse_safetensors(as_bytes(file), "x"));
    for (std::size_t size = 0; size < file.size(); ++size) {
        CAPTURE(size);
        check_refusal(refuse(file.substr(0, size)), {});
    }
    check_refusal(refuse(file + "x"), {"numbers", "12 bytes", "13 bytes"});
}

TEST_CASE("what stands in the place of the file is named") {
    check_refusal(refuse(""), {"expected a safetensors file, found an empty file"});
    check_refusal(refuse("<!DOCTYPE html>\n<html><body>404"), {"found a web page"});
    check_refusal(refuse("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
                  {"found a Git LFS pointer"});
    check_refusal(refuse(std::string("PK\x03\x04\x14\0\0\0\x08\0\0\0", 12)), {"a ZIP archive"});
    check_refusal(refuse("GGUF\x03"), {"a GGUF file"});
}

TEST_CASE("header lengths that lie are refused before anything is allocated") {
    for (const std::uint64_t length :
         {std::uint64_t{1} << 63, ~std::uint64_t{0}, ~std::uint64_t{0} - 7, std::uint64_t{3},
          std::uint64_t{100'000'001}, std::uint64_t{1} << 32}) {
        CAPTURE(length);
        check_refusal(refuse(make_safetensors("{}", "", length)),
                      {"header length", "at most 2", std::to_string(length)});
    }
    check_refusal(refuse(make_safetensors("{}", "", 0)), {"header", "a JSON object", "nothing"});
    check_refusal(refuse(std::string("\1\2\3", 3)), {"header length", "8 bytes", "3 bytes"});
}

TEST_CASE("a header over 100 MB is refused even where the file is larger") {
    const std::string file = make_safetensors("{}", std::string(100'000'100, ' '), 100'000'001);
    check_refusal(refuse(file), {"header length", "at most 100000000", "100000001"});
}

TEST_CASE("a header that is no JSON object is refused") {
    check_refusal(refuse(make_safetensors("[]", "")), {"header", "a JSON object", "\"[]\""});
    check_refusal(refuse(make_safetensors(" {}", "")), {"header", "a JSON object"});
    check_refusal(refuse(make_safetensors("\xEF\xBB\xBF{}", "")), {"header", "a JSON object"});
    check_refusal(refuse(make_safetensors("{\"a\":}", "")), {"header: line 1", "JSON"});
    check_refusal(refuse(make_safetensors("{}{}", "")), {"header: line 1", "JSON"});
    check_refusal(refuse(make_safetensors(std::string_view("{}\0\0", 4), "")), {"a zero byte"});
    check_refusal(refuse(make_safetensors("{\"\xFF\":1}", "")), {"header", "UTF-8"});
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
    check_refusal(refuse(make_safetensors(deep, "")), {"nesting of at most 256"});
}

TEST_CASE("a header of nothing but values is refused before it fills the memory") {
    std::string header = "{\"a\":[";
    for (int i = 0; i < 4'000'000; ++i) header += "1,";
    check_refusal(refuse(make_safetensors(header + "1]}", "")), {"header", "fewer values"});
}

TEST_CASE("a name that comes twice is refused") {
    check_refusal(refuse(make_entry("a", "F32", "[1]", "[0,4]") + "," +
                             make_entry("a", "F32", "[1]", "[4,8]"),
                         8),
                  {"key \"a\"", "each key once", "twice"});
}

TEST_CASE("overlaps are refused") {
    check_refusal(refuse(make_entry("a", "F32", "[2]", "[0,8]") + "," +
                             make_entry("b", "F32", "[2]", "[4,12]"),
                         12),
                  {"b.data_offsets", "a begin of 8", "4, an overlap"});
    check_refusal(refuse(make_entry("a", "F32", "[2]", "[0,8]") + "," +
                             make_entry("b", "F32", "[2]", "[0,8]"),
                         8),
                  {"data_offsets", "0, an overlap"});
    check_refusal(refuse(make_entry("a", "F32", "[3]", "[0,12]") + "," +
                             make_entry("none", "F32", "[0]", "[4,4]"),
                         12),
                  {"none.data_offsets", "an overlap"});
}

TEST_CASE("holes are refused, at the beginning, between tensors and at the end") {
    check_refusal(refuse(make_entry("a", "F32", "[1]", "[4,8]"), 8),
                  {"a.data_offsets", "a begin of 0", "4, a hole"});
    check_refusal(refuse(make_entry("a", "F32", "[1]", "[0,4]") + "," +
                             make_entry("b", "F32", "[1]", "[8,12]"),
                         12),
                  {"b.data_offsets", "a begin of 4", "8, a hole"});
    check_refusal(refuse(make_entry("a", "F32", "[1]", "[0,4]"), 5), {"4 bytes", "5 bytes"});
    check_refusal(refuse("", 1), {"numbers", "0 bytes", "1 byte"});
}

TEST_CASE("ranges that leave the file or run backwards are refused") {
    const auto with_offsets = [](const std::string& offsets) {
        return refuse(make_entry("a", "U8", "[4]", offsets), 4);
    };
    check_refusal(with_offsets("[0,5]"), {"a.data_offsets", "within the file's 4 bytes", "[0, 5]"});
    check_refusal(with_offsets("[4,0]"), {"a.data_offsets", "[4, 0]"});
    check_refusal(with_offsets("[9223372036854775803,9223372036854775807]"), {"a.data_offsets"});
    check_refusal(with_offsets("[0,9223372036854775808]"),
                  {"a.data_offsets[1]", "a whole number from 0", "9.22337e+18"});
    check_refusal(with_offsets("[0,18446744073709551616]"), {"a.data_offsets[1]"});
    check_refusal(with_offsets("[-4,0]"), {"a.data_offsets[0]", "the number -4"});
    check_refusal(with_offsets("[0,4.0]"), {"a.data_offsets[1]", "the number 4"});
    check_refusal(with_offsets("[0,4e0]"), {"a.data_offsets[1]"});
    check_refusal(with_offsets("[0,\"4\"]"), {"a.data_offsets[1]", "the string \"4\""});
    check_refusal(with_offsets("[0]"), {"a.data_offsets", "an array of 2", "an array of 1"});
    check_refusal(with_offsets("[0,4,4]"), {"an array of 2", "an array of 3"});
    check_refusal(with_offsets("null"), {"an array of 2", "null"});
}

TEST_CASE("shapes that are no list of whole numbers or do not fit are refused") {
    const auto with_shape = [](const std::string& shape) {
        return refuse(make_entry("a", "F32", shape, "[0,4]"), 4);
    };
    check_refusal(with_shape("[2]"), {"a.data_offsets", "8 bytes for F32 [2]", "[0, 4], 4 bytes"});
    check_refusal(with_shape("[0]"), {"a.data_offsets", "0 bytes for F32 [0]"});
    check_refusal(with_shape("[-1]"), {"a.shape[0]", "a whole number from 0", "the number -1"});
    check_refusal(with_shape("[1,1.0]"), {"a.shape[1]", "the number 1"});
    check_refusal(with_shape("[1e0]"), {"a.shape[0]"});
    check_refusal(with_shape("[true]"), {"a.shape[0]", "found true"});
    check_refusal(with_shape("[[1]]"), {"a.shape[0]", "an array of 1"});
    check_refusal(with_shape("1"), {"a.shape", "an array of whole numbers", "the number 1"});
    check_refusal(with_shape("{}"), {"a.shape", "an object"});
    check_refusal(with_shape("[9223372036854775808]"), {"a.shape[0]", "9.22337e+18"});
}

TEST_CASE("a product of extents that wraps around to the right size is refused") {
    for (const char* shape :
         {"[4294967296,4294967296]", "[9223372036854775807,9223372036854775807,3]",
          "[2305843009213693952,8]", "[4611686018427387905]", "[4611686018427387904,4,0]"}) {
        CAPTURE(shape);
        check_refusal(refuse(make_entry("a", "F32", shape, "[0,0]"), 0),
                      {"a.shape", "a shape that fits the file"});
        check_refusal(refuse(make_entry("a", "F32", shape, "[0,4]"), 4), {"a.shape"});
    }
}

TEST_CASE("number types that do not exist are refused, others only where they are asked for") {
    check_refusal(refuse(make_entry("a", "f32", "[1]", "[0,4]"), 4), {"a.dtype", "\"f32\""});
    check_refusal(refuse(make_entry("a", "", "[1]", "[0,4]"), 4), {"a.dtype", "\"\""});
    check_refusal(refuse("\"a\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}", 4),
                  {"a.dtype", "the number 32"});
    check_refusal(refuse(make_entry("a", "F4", "[3]", "[0,1]"), 1), {"a.shape", "whole bytes"});

    const std::string file = make_safetensors("{" + make_entry("a", "F8_E4M3", "[4]", "[0,4]") +
                                                  "," + make_entry("b", "U8", "[2]", "[4,6]") +
                                                  "," + make_entry("c", "F4", "[4]", "[6,8]") + "}",
                                              std::string(8, '\0'));
    const SafetensorsContent content = parse_safetensors(as_bytes(file), "folder/m.safetensors");
    check_refusal(message_of([&] { (void)read_tensor(content.entries[0]); }),
                  {"a.dtype", "F64, F32, F16 or BF16", "F8_E4M3"});
    check_refusal(message_of([&] { (void)read_tensor(content.entries[1]); }), {"b.dtype", "U8"});
    check_refusal(message_of([&] { (void)read_integers(content.entries[2]); }),
                  {"c.dtype", "I64", "F4"});
}

TEST_CASE("an extent beyond an int is refused when it is read") {
    const std::string file =
        make_safetensors("{" + make_entry("a", "F32", "[3000000000,0]", "[0,0]") + "}", "");
    const SafetensorsContent content = parse_safetensors(as_bytes(file), "folder/m.safetensors");
    check_refusal(message_of([&] { (void)read_tensor(content.entries[0]); }),
                  {"a.shape", "below 2147483648", "[3000000000, 0]"});
}

TEST_CASE("entries and metadata of the wrong type and missing fields are refused") {
    check_refusal(refuse("\"a\":1", 0), {"a", "an object", "the number 1"});
    check_refusal(refuse("\"a\":[]", 0), {"an object", "an array of 0"});
    check_refusal(refuse("\"a\":{\"shape\":[],\"data_offsets\":[0,4]}", 4), {"a.dtype", "nothing"});
    check_refusal(refuse("\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}", 4),
                  {"a.shape", "nothing"});
    check_refusal(refuse("\"a\":{\"dtype\":\"F32\",\"shape\":[]}", 4),
                  {"a.data_offsets", "nothing"});
    check_refusal(refuse("\"__metadata__\":[]", 0),
                  {"__metadata__", "an object of strings", "an array of 0"});
    check_refusal(refuse("\"__metadata__\":{\"n\":1}", 0),
                  {"__metadata__.n", "a string", "the number 1"});
}

TEST_CASE("names with line breaks and endless names leave the message one line") {
    check_refusal(refuse("\"a\\nb\":1", 0), {"a\\nb"});
    check_refusal(refuse("\"" + std::string(100'000, 'x') + "\":1", 0), {"xxx..."});
}

TEST_CASE("a directory and a named pipe in the file's place are refused") {
    const TempDir folder;
    REQUIRE_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    CHECK_EQ(find_flaw(message_of([&] { SafetensorsFile file(folder / "pipe"); }),
                       {"pipe", "expected a file, found a named pipe"}),
             "");
    CHECK_EQ(find_flaw(message_of([&] { SafetensorsFile file(folder.path()); }),
                       {folder.path().string(), "found a directory"}),
             "");
}

TEST_SUITE_END();
