#include "core/model/worksheet_matrix.h"

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "core/base/error.h"

namespace heed {
namespace {

constexpr int kMaxExtent = 4096;
constexpr double kPi = 3.14159265358979323846;

std::string place(std::string_view where, const Json& value) {
    return std::string(where) + ": line " + std::to_string(value.line);
}

std::string at(std::string_view field, std::size_t index) {
    return std::string(field) + "[" + std::to_string(index) + "]";
}

void append_numbers(std::string_view where, const std::string& field, const Json& row,
                    std::vector<float>& out) {
    for (std::size_t i = 0; i < row.array.size(); ++i) {
        const Json& value = row.array[i];
        const bool is_fit =
            value.is_number() &&
            std::abs(value.number) <= static_cast<double>(std::numeric_limits<float>::max());
        if (!is_fit) {
            throw Error(place(where, value), at(field, i), "a finite number", value.describe());
        }
        out.push_back(static_cast<float>(value.number));
    }
}

// The row `field`, of `cols` numbers where that is not 0.
void check_row(std::string_view where, const std::string& field, const Json& row, int cols) {
    const std::string wanted =
        cols > 0 ? std::to_string(cols) + " numbers, as in the first row" : "a list of numbers";
    const bool is_row = row.is_array() && !row.array.empty() &&
                        row.array.size() <= static_cast<std::size_t>(kMaxExtent) &&
                        (cols == 0 || row.array.size() == static_cast<std::size_t>(cols));
    if (is_row) return;
    const bool is_list = row.is_array();
    throw Error(place(where, row), field, wanted,
                is_list ? std::to_string(row.array.size()) + " numbers" : row.describe());
}

SheetMatrix read_seeded(std::string_view where, std::string_view field, const Json& value) {
    for (const Json::Member& member : value.object) {
        if (member.first == "shape" || member.first == "seed" || member.first == "std") continue;
        throw Error(place(where, member.second), std::string(field) + "." + member.first,
                    "only shape, seed and std", "another key");
    }
    const Json* shape = value.find("shape");
    bool is_shape = shape != nullptr && shape->is_array() && shape->array.size() == 2;
    for (std::size_t i = 0; is_shape && i < 2; ++i) {
        const Json& extent = shape->array[i];
        is_shape = extent.is_integer && extent.integer >= 1 && extent.integer <= kMaxExtent;
    }
    if (!is_shape) {
        throw Error(place(where, shape != nullptr ? *shape : value), std::string(field) + ".shape",
                    "[rows, columns], each 1 to " + std::to_string(kMaxExtent),
                    shape != nullptr ? shape->describe() : "nothing");
    }
    const JsonReader reader(value, std::string(where), std::string(field));
    const auto seed = reader.get_int("seed", 0, 0, std::numeric_limits<std::int64_t>::max());
    const double deviation = reader.get_number("std", 1);
    if (!(deviation >= 0 && deviation <= 1e6)) {
        throw Error(place(where, value), std::string(field) + ".std", "a number from 0 to 1000000",
                    value.find("std")->describe());
    }
    return draw_sheet_matrix(static_cast<int>(shape->array[0].integer),
                             static_cast<int>(shape->array[1].integer),
                             static_cast<std::uint64_t>(seed), deviation);
}

}  // namespace

SheetMatrix read_sheet_matrix(std::string_view where, std::string_view field, const Json& value) {
    if (value.is_object()) return read_seeded(where, field, value);
    if (!value.is_array() || value.array.empty() ||
        value.array.size() > static_cast<std::size_t>(kMaxExtent)) {
        throw Error(place(where, value), field,
                    "a matrix: 1 to " + std::to_string(kMaxExtent) +
                        " rows of numbers, or {\"shape\", \"seed\", \"std\"}",
                    value.describe());
    }
    SheetMatrix matrix;
    matrix.rows = static_cast<int>(value.array.size());
    for (std::size_t i = 0; i < value.array.size(); ++i) {
        check_row(where, at(field, i), value.array[i], matrix.cols);
        matrix.cols = static_cast<int>(value.array[i].array.size());
        append_numbers(where, at(field, i), value.array[i], matrix.values);
    }
    return matrix;
}

SheetMatrix read_sheet_vector(std::string_view where, std::string_view field, const Json& value) {
    check_row(where, std::string(field), value, 0);
    SheetMatrix row{1, static_cast<int>(value.array.size()), {}};
    append_numbers(where, std::string(field), value, row.values);
    return row;
}

SheetMatrix draw_sheet_matrix(int rows, int cols, std::uint64_t seed, double deviation) {
    SheetMatrix matrix{rows, cols, {}};
    const auto count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
    matrix.values.reserve(count + 1);
    std::mt19937_64 words(seed);
    while (matrix.values.size() < count) {
        const double u = (static_cast<double>(words() >> 11) + 1) * 0x1p-53;
        const double w = static_cast<double>(words() >> 11) * 0x1p-53;
        const double radius = deviation * std::sqrt(-2 * std::log(u));
        matrix.values.push_back(static_cast<float>(radius * std::cos(2 * kPi * w)));
        matrix.values.push_back(static_cast<float>(radius * std::sin(2 * kPi * w)));
    }
    matrix.values.resize(count);
    return matrix;
}

}  // namespace heed
