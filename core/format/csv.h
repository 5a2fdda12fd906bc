// Writes tables as CSV (RFC 4180): comma, CRLF, quotes where a field needs them. UTF-8.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace heed {

// `field` as it stands in a file: in quotes where it holds a comma, a quote, a line break or a
// space at an end.
std::string quote_csv(std::string_view field);

// The shortest decimal that reads back as the same number; "inf", "-inf", "nan" otherwise.
std::string shortest_number(float value);

// A header with the column labels behind an empty corner, then a line for each row: its label and
// its unrounded values. values.size() == rows * columns (Bug).
std::string encode_csv(std::span<const std::string> row_labels,
                       std::span<const std::string> column_labels, std::span<const float> values);

}  // namespace heed
