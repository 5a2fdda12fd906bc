#include <doctest/doctest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/base/check.h"
#include "core/format/csv.h"
#include "core/format/npy.h"

using namespace heed;

namespace {

using Rows = std::vector<std::vector<std::string>>;

// RFC 4180, read character by character.
Rows read_csv(const std::string& text) {
    Rows rows(1, {""});
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string& field = rows.back().back();
        const char c = text[i];
        if (is_quoted) {
            if (c != '"') {
                field += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                field += text[++i];
            } else {
                is_quoted = false;
            }
        } else if (c == '"') {
            is_quoted = true;
        } else if (c == ',') {
            rows.back().emplace_back();
        } else if (c == '\r') {
            REQUIRE(text.at(++i) == '\n');
            if (i + 1 < text.size()) rows.push_back({""});
        } else {
            field += c;
        }
    }
    return rows;
}

}  // namespace

TEST_SUITE_BEGIN("core/format/tables");

TEST_CASE("any label survives CSV") {
    const std::vector<std::string> rows{"plain", "a,b", "say \"so\"", "two\nlines", "\r\n",  " he ",
                                        "",      ",",   "\"",         "=1+1",       "\u4f60"};
    const std::vector<std::string> columns{"one", "two, three"};
    std::vector<float> values(rows.size() * columns.size(), 0.5F);
    const Rows found = read_csv(encode_csv(rows, columns, values));
    REQUIRE(found.size() == rows.size() + 1);
    CHECK(found[0] == std::vector<std::string>{"", "one", "two, three"});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CHECK(found[i + 1] == std::vector<std::string>{rows[i], "0.5", "0.5"});
    }
}

TEST_CASE("a number of a table reads back as the same bits") {
    std::mt19937 random(5);
    for (int i = 0; i < 20000; ++i) {
        const auto bits = static_cast<std::uint32_t>(random());
        float value = 0;
        std::memcpy(&value, &bits, sizeof value);
        if (!std::isfinite(value)) continue;
        const std::string text = shortest_number(value);
        float back = 1;
        std::from_chars(text.data(), text.data() + text.size(), back);
        CAPTURE(text);
        CHECK(std::memcmp(&back, &value, sizeof value) == 0);
    }
    CHECK(shortest_number(0.1F) == "0.1");
    CHECK(shortest_number(-std::numeric_limits<float>::infinity()) == "-inf");
    CHECK(shortest_number(std::nanf("")) == "nan");
}

TEST_CASE("a table of no rows has its header") {
    const std::vector<std::string> columns{"a", "b"};
    CHECK(encode_csv({}, columns, {}) == ",a,b\r\n");
    const std::array one{1.0F};
    CHECK_THROWS_AS(encode_csv({}, columns, one), Bug);
}

TEST_CASE("an array has its header in version 1.0 and its numbers behind it, aligned") {
    const std::vector<float> values{1, -2, 3.5F, 4, 5, -std::numeric_limits<float>::infinity()};
    const std::string file = encode_npy({2, 3}, values);
    REQUIRE(file.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(file[8])) +
                        256 * static_cast<std::size_t>(static_cast<unsigned char>(file[9]));
    CHECK((10 + length) % 64 == 0);
    const std::string header = file.substr(10, length);
    CHECK(header.find("'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, )") == 1);
    CHECK(header.back() == '\n');
    std::vector<float> back(values.size());
    REQUIRE(file.size() == 10 + length + values.size() * sizeof(float));
    std::memcpy(back.data(), file.data() + 10 + length, values.size() * sizeof(float));
    CHECK(back == values);
    CHECK_THROWS_AS(encode_npy({2, 2}, values), Bug);
}

TEST_SUITE_END();
