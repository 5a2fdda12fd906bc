#include "core/format/csv.h"

#include <charconv>
#include <cmath>

#include "core/base/check.h"

namespace heed {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

}  // namespace

std::string quote_csv(std::string_view field) {
    const bool has_space =
        !field.empty() && (field.front() == ' ' || field.back() == ' ' || field.front() == '\t');
    if (!has_space && field.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string(field);
    }
    std::string out = "\"";
    for (const char c : field) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

std::string shortest_number(float value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    char text[48];
    const auto [end, failure] = std::to_chars(text, text + sizeof text, value);
    HEED_CHECK(failure == std::errc());
    return {text, end};
}

std::string encode_csv(std::span<const std::string> row_labels,
                       std::span<const std::string> column_labels, std::span<const float> values) {
    HEED_CHECK_EQ(values.size(), row_labels.size() * column_labels.size());
    std::string out;
    for (const std::string& label : column_labels) out += "," + quote_csv(label);
    out += kLineEnd;
    std::size_t at = 0;
    for (const std::string& label : row_labels) {
        out += quote_csv(label);
        for (std::size_t c = 0; c < column_labels.size(); ++c) {
            out += "," + shortest_number(values[at++]);
        }
        out += kLineEnd;
    }
    return out;
}

}  // namespace heed
