// Metadata of GGUF files: reading the values of all kinds, and asking for them by type.
#include <algorithm>
#include <array>
#include <limits>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/gguf_reader.h"

namespace heed {
namespace {

constexpr int kMaxDepth = 4;  // of arrays in arrays

struct KindRow {
    GgufKind kind;
    std::string_view name;
    std::uint64_t bytes;
};

constexpr std::array kKinds = {
    KindRow{GgufKind::kU8, "U8", 1},         KindRow{GgufKind::kI8, "I8", 1},
    KindRow{GgufKind::kU16, "U16", 2},       KindRow{GgufKind::kI16, "I16", 2},
    KindRow{GgufKind::kU32, "U32", 4},       KindRow{GgufKind::kI32, "I32", 4},
    KindRow{GgufKind::kF32, "F32", 4},       KindRow{GgufKind::kBool, "Bool", 1},
    KindRow{GgufKind::kString, "String", 0}, KindRow{GgufKind::kArray, "Array", 0},
    KindRow{GgufKind::kU64, "U64", 8},       KindRow{GgufKind::kI64, "I64", 8},
    KindRow{GgufKind::kF64, "F64", 8},
};

const KindRow& row_of(GgufKind kind) {
    return *std::find_if(kKinds.begin(), kKinds.end(),
                         [kind](const KindRow& row) { return row.kind == kind; });
}

bool is_integer_kind(GgufKind kind) {
    return row_of(kind).bytes > 0 && kind != GgufKind::kF32 && kind != GgufKind::kF64 &&
           kind != GgufKind::kBool;
}

bool is_number_kind(GgufKind kind) {
    return kind == GgufKind::kF32 || kind == GgufKind::kF64;
}

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

std::int64_t clamp_to_signed(std::uint64_t number) {
    return number > static_cast<std::uint64_t>(kLargest) ? kLargest
                                                         : static_cast<std::int64_t>(number);
}

}  // namespace

std::string_view gguf_kind_name(GgufKind kind) {
    return row_of(kind).name;
}

std::uint64_t gguf_kind_bytes(GgufKind kind) {
    return row_of(kind).bytes;
}

bool GgufValue::is_integer() const {
    return is_integer_kind(kind);
}

std::string GgufValue::describe() const {
    if (is_integer()) return "the number " + std::to_string(integer);
    if (is_number_kind(kind)) return "the number " + std::to_string(number);
    if (kind == GgufKind::kBool) return boolean ? "true" : "false";
    if (kind == GgufKind::kString) return "the string " + in_quotes(string, 40);
    return "an array of " + std::to_string(count) + " " + std::string(gguf_kind_name(element));
}

std::span<const std::byte> GgufReader::take(std::uint64_t count, std::string_view field) {
    if (count > left()) {
        throw Error(where_, field, std::to_string(count) + " more bytes",
                    "the end of the file after " + std::to_string(left()));
    }
    const auto taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
}

std::uint64_t GgufReader::read_count(std::string_view field, std::uint64_t least_bytes) {
    const auto count = read<std::uint64_t>(field);
    if (count > left() / least_bytes) {
        throw Error(where_, field,
                    "at most " + std::to_string(left() / least_bytes) +
                        ", which is what the file has bytes for",
                    std::to_string(count));
    }
    return count;
}

std::string_view GgufReader::read_string(std::string_view field) {
    const auto length = read<std::uint64_t>(field);
    const auto bytes = take(length, field);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

GgufKind GgufReader::read_kind(const std::string& field) {
    const auto kind = read<std::uint32_t>(field);
    if (kind > static_cast<std::uint32_t>(GgufKind::kF64)) {
        throw Error(where_, field, "a kind of value from 0 to 12", std::to_string(kind));
    }
    return static_cast<GgufKind>(kind);
}

GgufValue GgufReader::read_value(const std::string& field) {
    const GgufKind kind = read_kind(field);
    return read_of_kind(kind, field, 0);
}

GgufValue GgufReader::read_of_kind(GgufKind kind, const std::string& field, int depth) {
    GgufValue value;
    value.kind = kind;
    switch (kind) {
        case GgufKind::kU8:
            value.integer = read<std::uint8_t>(field);
            break;
        case GgufKind::kI8:
            value.integer = read<std::int8_t>(field);
            break;
        case GgufKind::kU16:
            value.integer = read<std::uint16_t>(field);
            break;
        case GgufKind::kI16:
            value.integer = read<std::int16_t>(field);
            break;
        case GgufKind::kU32:
            value.integer = read<std::uint32_t>(field);
            break;
        case GgufKind::kI32:
            value.integer = read<std::int32_t>(field);
            break;
        case GgufKind::kU64:
            value.integer = clamp_to_signed(read<std::uint64_t>(field));
            break;
        case GgufKind::kI64:
            value.integer = read<std::int64_t>(field);
            break;
        case GgufKind::kF32:
            value.number = static_cast<double>(read<float>(field));
            break;
        case GgufKind::kF64:
            value.number = read<double>(field);
            break;
        case GgufKind::kBool:
            value.boolean = read<std::uint8_t>(field) != 0;
            break;
        case GgufKind::kString:
            value.string = read_string(field);
            break;
        case GgufKind::kArray:
            return read_array(field, depth);
    }
    return value;
}

// Walks the elements once, so that they can be read later without looking at the end of the file.
GgufValue GgufReader::read_array(const std::string& field, int depth) {
    if (depth >= kMaxDepth) {
        throw Error(where_, field, "arrays nested at most " + std::to_string(kMaxDepth) + " deep",
                    "deeper ones");
    }
    GgufValue value;
    value.kind = GgufKind::kArray;
    value.element = read_kind(field);
    const std::uint64_t bytes = gguf_kind_bytes(value.element);
    // A string takes at least its length, an array its kind and count.
    const std::uint64_t least = bytes > 0 ? bytes : value.element == GgufKind::kString ? 8 : 12;
    value.count = read_count(field, least);
    const std::uint64_t begin = position_;
    if (bytes > 0) {
        take(value.count * bytes, field);
    } else {
        for (std::uint64_t i = 0; i < value.count; ++i) {
            read_of_kind(value.element, field, depth + 1);
        }
    }
    value.elements = bytes_.subspan(begin, position_ - begin);
    return value;
}

void GgufFile::fail(std::string_view key, std::string_view expected) const {
    const GgufValue* found = value(key);
    throw Error(path(), key, expected, found == nullptr ? "nothing" : found->describe());
}

std::int64_t GgufFile::get_int(std::string_view key, std::optional<std::int64_t> fallback,
                               std::int64_t low, std::int64_t high) const {
    const GgufValue* found = value(key);
    if (found == nullptr && fallback) return *fallback;
    if (found == nullptr || !found->is_integer() || found->integer < low || found->integer > high) {
        fail(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
    return found->integer;
}

double GgufFile::get_number(std::string_view key, std::optional<double> fallback) const {
    const GgufValue* found = value(key);
    if (found == nullptr && fallback) return *fallback;
    if (found != nullptr && found->is_integer()) return static_cast<double>(found->integer);
    if (found == nullptr || !is_number_kind(found->kind)) fail(key, "a number");
    return found->number;
}

bool GgufFile::get_bool(std::string_view key, std::optional<bool> fallback) const {
    const GgufValue* found = value(key);
    if (found == nullptr && fallback) return *fallback;
    if (found == nullptr || found->kind != GgufKind::kBool) fail(key, "true or false");
    return found->boolean;
}

std::string GgufFile::get_string(std::string_view key, std::optional<std::string> fallback) const {
    const GgufValue* found = value(key);
    if (found == nullptr && fallback) return *fallback;
    if (found == nullptr || found->kind != GgufKind::kString) fail(key, "a string");
    if (find_invalid_utf8(found->string)) fail(key, "UTF-8");
    return std::string(found->string);
}

const GgufValue* GgufFile::array_of(std::string_view key, std::string_view expected) const {
    const GgufValue* found = value(key);
    if (found != nullptr && found->kind != GgufKind::kArray) fail(key, expected);
    return found;
}

std::vector<std::string> GgufFile::get_strings(std::string_view key) const {
    constexpr std::string_view kExpected = "an array of strings";
    const GgufValue* found = array_of(key, kExpected);
    if (found == nullptr) return {};
    if (found->element != GgufKind::kString) fail(key, kExpected);
    GgufReader reader(found->elements, path());
    std::vector<std::string> strings;
    strings.reserve(found->count);
    for (std::uint64_t i = 0; i < found->count; ++i) {
        const std::string_view one = reader.read_string(key);
        if (find_invalid_utf8(one)) {
            throw Error(path(), std::string(key) + "[" + std::to_string(i) + "]", "UTF-8",
                        in_quotes(one));
        }
        strings.emplace_back(one);
    }
    return strings;
}

namespace {

// The elements of an array of numbers, each of them as any kind of number.
template <class Out>
std::vector<Out> unpack(const GgufValue& array, std::string_view where) {
    GgufReader reader(array.elements, where);
    std::vector<Out> out;
    out.reserve(array.count);
    for (std::uint64_t i = 0; i < array.count; ++i) {
        const GgufValue value = reader.read_of_kind(array.element, "", 0);
        out.push_back(is_number_kind(value.kind) ? static_cast<Out>(value.number)
                                                 : static_cast<Out>(value.integer));
    }
    return out;
}

}  // namespace

std::vector<std::int64_t> GgufFile::get_integers(std::string_view key) const {
    constexpr std::string_view kExpected = "an array of whole numbers";
    const GgufValue* found = array_of(key, kExpected);
    if (found == nullptr) return {};
    if (!is_integer_kind(found->element)) fail(key, kExpected);
    return unpack<std::int64_t>(*found, path());
}

std::vector<double> GgufFile::get_numbers(std::string_view key) const {
    constexpr std::string_view kExpected = "an array of numbers";
    const GgufValue* found = array_of(key, kExpected);
    if (found == nullptr) return {};
    if (!is_integer_kind(found->element) && !is_number_kind(found->element)) fail(key, kExpected);
    return unpack<double>(*found, path());
}

}  // namespace heed
