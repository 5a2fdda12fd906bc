#include "core/format/json.h"

#include <doctest/doctest.h>

#include <vector>

#include "core/base/error.h"
#include "tests/support/refusal.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

std::string refuse(std::string_view text) {
    return message_of([&] { parse_json(text, "folder/x.json"); });
}

std::string repeat(std::string_view piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += piece;
    return out;
}

}  // namespace

TEST_SUITE_BEGIN("core/json");

TEST_CASE("values of every kind are read, members in the file's order") {
    const Json json = parse_json(
        "{\"b\": null, \"a\": true, \"n\": -12, \"x\": 2.5e-1, \"s\": \"B\\u00e4rk\\n\","
        "\"l\": [1, [], {}], \"\": false}",
        "x");
    REQUIRE(json.is_object());
    REQUIRE_EQ(json.object.size(), 7);
    CHECK_EQ(json.object[0].first, "b");
    CHECK(json.find("b")->is_null());
    CHECK(json.find("a")->boolean);
    CHECK(json.find("n")->is_integer);
    CHECK_EQ(json.find("n")->integer, -12);
    CHECK_EQ(json.find("x")->number, 0.25);
    CHECK_FALSE(json.find("x")->is_integer);
    CHECK_EQ(json.find("s")->string, "B\xC3\xA4rk\n");
    REQUIRE_EQ(json.find("l")->array.size(), 3);
    CHECK(json.find("l")->array[2].is_object());
    CHECK(json.find("")->is_bool());
    CHECK_EQ(json.find("absent"), nullptr);
    CHECK_EQ(json.find_non_null("b"), nullptr);
    CHECK_NE(json.find_non_null("a"), nullptr);
    CHECK_EQ(json.find("l")->find("b"), nullptr);
}

TEST_CASE("whole numbers keep all 64 bits; beyond them they are no integers") {
    const Json json = parse_json(
        "[9223372036854775807, -9223372036854775808, 9223372036854775808, 18446744073709551616, "
        "1.0, 1e2, -0]",
        "x");
    CHECK(json.array[0].is_integer);
    CHECK_EQ(json.array[0].integer, INT64_MAX);
    CHECK_EQ(json.array[0].describe(), "the number 9223372036854775807");
    CHECK(json.array[1].is_integer);
    CHECK_EQ(json.array[1].integer, INT64_MIN);
    for (std::size_t i = 2; i < 6; ++i) {
        CAPTURE(i);
        CHECK(json.array[i].is_number());
        CHECK_FALSE(json.array[i].is_integer);
    }
    CHECK_EQ(json.array[2].number, 9223372036854775808.0);
    CHECK_EQ(json.array[6].integer, 0);
}

TEST_CASE("values know their line") {
    const Json json = parse_json("{\n \"a\": 1,\n \"b\": [\n  2,\n  \"x\"\n ],\n\"c\":7\n}\n", "x");
    CHECK_EQ(json.find("a")->line, 2);
    CHECK_EQ(json.find("b")->array[0].line, 4);
    CHECK_EQ(json.find("b")->array[1].line, 5);
    CHECK_EQ(json.find("b")->line, 6);
    CHECK_EQ(json.find("c")->line, 7);
}

TEST_CASE("what stands in the place of JSON is named") {
    CHECK_EQ(find_flaw(refuse(""), {"folder/x.json: expected JSON, found an empty file"}), "");
    CHECK_EQ(find_flaw(refuse("<!DOCTYPE html>\n<html>"), {"expected JSON, found a web page"}), "");
    CHECK_EQ(find_flaw(refuse(" \n<HTML lang=en>"), {"expected JSON, found a web page"}), "");
    CHECK_EQ(find_flaw(refuse("<?xml version=\"1.0\"?>"), {"found an XML document"}), "");
    CHECK_EQ(find_flaw(refuse("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
                       {"folder/x.json", "expected JSON", "found a Git LFS pointer"}),
             "");
    CHECK_EQ(find_flaw(refuse(std::string_view("PK\x03\x04\xFF\0", 6)), {"a ZIP archive"}), "");
    CHECK_EQ(find_flaw(refuse("\x1f\x8b\x08"), {"a gzip file"}), "");
}

TEST_CASE("JSON cut off at any byte is refused with file and line") {
    const std::string text = "{\"a\": [1, 2.5, \"x\\u00e9\\n\", true, null], \"b\": {\"c\": -1e5}}";
    CHECK_NOTHROW(parse_json(text, "x"));
    for (std::size_t size = 0; size < text.size(); ++size) {
        CAPTURE(size);
        CHECK_EQ(find_flaw(refuse(text.substr(0, size)), {"folder/x.json", "expected", "found"}),
                 "");
    }
}

TEST_CASE("what the grammar does not know is refused with its line") {
    for (const char* text :
         {"{\n\"a\": 1,\n}", "[1,\n2\n,]",     "[1\n\n2]",          "{\"a\":\n\n1 \"b\": 2}",
          "[\n\n01]",        "[\n\n+1]",       "[\n\n.5]",          "[\n\n1.]",
          "[\n\nNaN]",       "[\n\nInfinity]", "[\n\n0x10]",        "[\n\n'a']",
          "{\n\na: 1}",      "[\n// no\n1]",   "[\n\ntrue false]",  "{}\n\n{}",
          "[]\n\nversion",   "[\n\n\"\\q\"]",  "[\n\n\"\\ud800\"]", "[\n\n\"\x01\"]",
          "[\n\n1e999]"}) {
        CAPTURE(text);
        CHECK_EQ(find_flaw(refuse(text), {"folder/x.json: line ", "expected JSON", "found"}), "");
        CHECK_EQ(refuse(text).find("line 1:"), std::string::npos);
    }
}

TEST_CASE("a key that comes twice is refused, at any depth") {
    CHECK_EQ(find_flaw(refuse("{\"a\": 1,\n\"a\": 1}"),
                       {"folder/x.json: line 2", "key \"a\"", "expected each key once",
                        "found the key twice"}),
             "");
    CHECK_EQ(find_flaw(refuse("[{\"x\": {\"k\": 1, \"\\u006b\": 2}}]"), {"key \"k\""}), "");
    CHECK_NOTHROW(parse_json("[{\"a\": {\"a\": 1}}, {\"a\": 2}]", "x"));
}

TEST_CASE("a repeated key is found among many, with the line where it comes again") {
    for (const int keys : {2, 15, 16, 17, 40}) {
        for (int again = 0; again < keys; ++again) {
            CAPTURE(keys);
            CAPTURE(again);
            std::string text = "{";
            for (int i = 0; i < keys; ++i) text += "\"key " + std::to_string(i) + "\": 0,\n";
            const std::string repeated = "\"key " + std::to_string(again) + "\"";
            CHECK_EQ(find_flaw(refuse(text + repeated + ": 1}"),
                               {"line " + std::to_string(keys + 1) + ": key " + repeated}),
                     "");
            CHECK_NOTHROW(parse_json(text + "\"other\": 1}", "x"));
        }
    }
}

TEST_CASE("invalid UTF-8 is refused with its place") {
    CHECK_EQ(find_flaw(refuse("[\"a\xFF\"]"),
                       {"folder/x.json", "byte 3", "expected UTF-8", "not UTF-8"}),
             "");
    CHECK_EQ(find_flaw(refuse("[\"\xED\xA0\x80\"]"), {"byte 2"}), "");
}

TEST_CASE("a zero byte does not end the text") {
    CHECK_EQ(find_flaw(refuse(std::string_view("{}\0garbage", 10)), {"byte 2", "a zero byte"}), "");
    CHECK_EQ(find_flaw(refuse(std::string_view("\0", 1)), {"byte 0", "a zero byte"}), "");
}

TEST_CASE("100,000 levels are refused without a deep stack, 256 are read and freed") {
    const int deep = 100'000;
    for (const std::string& text :
         {repeat("[", deep), repeat("[", deep) + repeat("]", deep), repeat("{\"a\":", deep),
          repeat("{\"a\":", deep) + "1" + repeat("}", deep),
          repeat("[{\"a\":", deep / 2) + repeat("}]", deep / 2)}) {
        CHECK_EQ(find_flaw(refuse(text), {"folder/x.json: line 1",
                                          "expected nesting of at most 256 levels", "found"}),
                 "");
    }
    CHECK_NOTHROW(parse_json(repeat("[", 256) + repeat("]", 256), "x"));
    CHECK_NE(refuse(repeat("[", 257) + repeat("]", 257)), test::kNotRefused);
}

TEST_CASE("more values than asked for are refused") {
    CHECK_NOTHROW(parse_json("[1, 2, [3]]", "x", 5));
    CHECK_EQ(find_flaw(message_of([] { parse_json("[1, 2, [3]]", "x", 4); }),
                       {"x: line 1", "expected", "found"}),
             "");
}

TEST_CASE("quoting and reading give the text back") {
    for (const std::string& text :
         {std::string("plain"), std::string("\"\\/\b\f\n\r\t\x01\x1f\x7f"), std::string("a\0b", 3),
          std::string("B\xC3\xA4rk \xF0\x9F\x90\x95"), std::string("\xE2\x80\xA8"),
          std::string()}) {
        CHECK_EQ(parse_json(quote_json(text), "x").string, text);
    }
    CHECK_EQ(quote_json("a\xFF\"\n"), "\"a\xEF\xBF\xBD\\\"\\n\"");
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("core/json reader");

TEST_CASE("fields are read with their defaults, null counting as absent") {
    const Json json = parse_json(
        "{\"i\": 7, \"f\": 7.0, \"x\": 0.5, \"b\": true, \"s\": \"t\", \"n\": null,"
        "\"o\": {}, \"l\": []}",
        "x");
    const JsonReader reader(json, "c.json");
    CHECK_EQ(reader.get_int("i", std::nullopt, 1, 10), 7);
    CHECK_EQ(reader.get_int("f", std::nullopt, 1, 10), 7);
    CHECK_EQ(reader.get_int("n", 3, 1, 10), 3);
    CHECK_EQ(reader.get_int("absent", 4, 1, 10), 4);
    CHECK_EQ(reader.get_number("x", std::nullopt), 0.5);
    CHECK_EQ(reader.get_number("absent", 1.5), 1.5);
    CHECK(reader.get_bool("b", std::nullopt));
    CHECK_EQ(reader.get_string("s", std::nullopt), "t");
    CHECK_EQ(reader.get_string("n", "d"), "d");
    CHECK_NE(reader.get_object("o"), nullptr);
    CHECK_EQ(reader.get_object("n"), nullptr);
    CHECK_NE(reader.get_array("l"), nullptr);
    CHECK(reader.has("i"));
    CHECK_FALSE(reader.has("n"));
    CHECK_FALSE(reader.has("absent"));
}

TEST_CASE("wrong types, fractions and numbers out of range name file, line and field") {
    const Json json = parse_json(
        "{\"f\": 2.5,\n\"neg\": -1,\n\"huge\": 1e300,\n\"big\": 9223372036854775808,\n"
        "\"s\": \"12\",\n\"l\": [1],\n\"o\": {},\n\"n\": null}",
        "x");
    const JsonReader reader(json, "c.json", "outer");
    const auto int_error = [&](const char* key) {
        return message_of([&] { (void)reader.get_int(key, std::nullopt, 1, 100); });
    };
    CHECK_EQ(
        int_error("f"),
        "c.json: line 1: outer.f: expected a whole number from 1 to 100, found the number 2.5");
    CHECK_EQ(find_flaw(int_error("neg"), {"line 2: outer.neg", "the number -1"}), "");
    CHECK_EQ(find_flaw(int_error("huge"), {"line 3: outer.huge", "the number 1e+300"}), "");
    CHECK_EQ(find_flaw(int_error("big"), {"line 4: outer.big", "9.22337e+18"}), "");
    CHECK_EQ(find_flaw(int_error("s"), {"line 5: outer.s", "the string \"12\""}), "");
    CHECK_EQ(find_flaw(int_error("l"), {"outer.l", "an array of 1"}), "");
    CHECK_EQ(find_flaw(int_error("o"), {"outer.o", "an object"}), "");
    CHECK_EQ(find_flaw(int_error("n"), {"outer.n", "found null"}), "");
    CHECK_EQ(find_flaw(int_error("absent"), {"c.json: outer.absent", "found nothing"}), "");
}

TEST_CASE("every getter refuses another type") {
    const Json json = parse_json("{\"s\": \"t\", \"i\": 1}", "x");
    const JsonReader reader(json, "c.json");
    const auto flaw = [&](auto action, std::string_view expected) {
        return find_flaw(message_of(action), {"c.json: line 1", expected, "found the"});
    };
    CHECK_EQ(flaw([&] { (void)reader.get_number("s", 1.0); }, "expected a number"), "");
    CHECK_EQ(flaw([&] { (void)reader.get_bool("i", true); }, "expected true or false"), "");
    CHECK_EQ(flaw([&] { (void)reader.get_string("i", ""); }, "expected a string"), "");
    CHECK_EQ(flaw([&] { (void)reader.get_object("i"); }, "expected an object"), "");
    CHECK_EQ(flaw([&] { (void)reader.get_array("s"); }, "expected an array"), "");
    const Json array = parse_json("\n[]", "x");
    CHECK_EQ(find_flaw(message_of([&] { JsonReader(array, "c.json", "f"); }),
                       {"c.json: line 2: f: expected an object, found an array of 0"}),
             "");
}

TEST_SUITE_END();
