#include "core/format/safetensors.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/json.h"

namespace heed {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // as the reference reader
constexpr std::size_t kMaxHeaderValues = 4'000'000;     // some 400,000 tensors
constexpr std::string_view kMetadataKey = "__metadata__";

// A tensor of the header: where its numbers lie, counted from the end of the header.
struct HeaderEntry {
    SafetensorsEntry entry;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

std::string field_of(std::string_view name, std::string_view key) {
    return one_line(name, 120) + "." + std::string(key);
}

std::string in_bytes(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

// The JSON text between the length and the numbers.
std::string_view find_header(std::span<const std::byte> bytes, std::string_view where) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto refuse = [&](std::string_view field, const std::string& expected,
                            const std::string& found) {
        const std::string other = recognise_wrong_content(text);
        if (!other.empty()) throw Error(where, "", "a safetensors file", other);
        throw Error(where, field, expected, found);
    };
    if (text.size() < kLengthBytes) {
        refuse("header length", in_bytes(kLengthBytes), "a file of " + in_bytes(text.size()));
    }
    std::uint64_t length = 0;
    std::memcpy(&length, text.data(), kLengthBytes);
    const std::uint64_t limit =
        std::min<std::uint64_t>(text.size() - kLengthBytes, kMaxHeaderBytes);
    if (length > limit) {
        refuse("header length", "at most " + std::to_string(limit), std::to_string(length));
    }
    const std::string_view header = text.substr(kLengthBytes, static_cast<std::size_t>(length));
    if (!header.starts_with('{')) {
        refuse("header", "a JSON object", header.empty() ? "nothing" : in_quotes(header, 20));
    }
    return header;
}

// A whole number >= 0, written as one.
std::uint64_t read_natural(const Json& value, std::string_view where, const std::string& field) {
    if (!value.is_number() || !value.is_integer || value.integer < 0) {
        throw Error(where, field, "a whole number from 0", value.describe());
    }
    return static_cast<std::uint64_t>(value.integer);
}

Dtype read_dtype(const Json* value, std::string_view where, std::string_view name) {
    const std::string field = field_of(name, "dtype");
    const std::string expected = "a number type such as F32 or BF16";
    if (value == nullptr) throw Error(where, field, expected, "nothing");
    if (!value->is_string()) throw Error(where, field, expected, value->describe());
    const auto dtype = find_dtype(value->string);
    if (!dtype) throw Error(where, field, expected, in_quotes(value->string, 40));
    return *dtype;
}

std::vector<std::int64_t> read_shape(const Json* value, std::string_view where,
                                     std::string_view name) {
    const std::string field = field_of(name, "shape");
    if (value == nullptr || !value->is_array()) {
        throw Error(where, field, "an array of whole numbers",
                    value == nullptr ? "nothing" : value->describe());
    }
    std::vector<std::int64_t> extents;
    extents.reserve(value->array.size());
    for (const Json& extent : value->array) {
        const std::string place = field + "[" + std::to_string(extents.size()) + "]";
        extents.push_back(static_cast<std::int64_t>(read_natural(extent, where, place)));
    }
    return extents;
}

// The bytes that the shape asks for; refuses what does not fit 64 bits or is no whole byte.
std::uint64_t compute_bytes(const SafetensorsEntry& entry, std::string_view where) {
    const std::string field = field_of(entry.name, "shape");
    std::uint64_t bits = static_cast<std::uint64_t>(dtype_bits(entry.dtype));
    for (const std::int64_t extent : entry.extents) {
        if (__builtin_mul_overflow(bits, static_cast<std::uint64_t>(extent), &bits)) {
            throw Error(where, field, "a shape that fits the file", to_string(entry.extents));
        }
    }
    if (bits % 8 != 0) {
        throw Error(where, field, "whole bytes of " + std::string(dtype_name(entry.dtype)),
                    to_string(entry.extents));
    }
    return bits / 8;
}

HeaderEntry read_entry(const Json::Member& member, std::uint64_t data_bytes,
                       std::string_view where) {
    const auto& [name, json] = member;
    if (!json.is_object()) {
        throw Error(where, one_line(name, 120), "an object", json.describe());
    }
    HeaderEntry out;
    out.entry.file = where;
    out.entry.name = name;
    out.entry.dtype = read_dtype(json.find("dtype"), where, name);
    out.entry.extents = read_shape(json.find("shape"), where, name);

    // Check the range against the file and against the shape.
    const std::string field = field_of(name, "data_offsets");
    const Json* offsets = json.find("data_offsets");
    if (offsets == nullptr || !offsets->is_array() || offsets->array.size() != 2) {
        throw Error(where, field, "an array of 2",
                    offsets == nullptr ? "nothing" : offsets->describe());
    }
    out.begin = read_natural(offsets->array[0], where, field + "[0]");
    out.end = read_natural(offsets->array[1], where, field + "[1]");
    const std::string found =
        "[" + std::to_string(out.begin) + ", " + std::to_string(out.end) + "]";
    if (out.begin > out.end || out.end > data_bytes) {
        throw Error(where, field,
                    "a range within the file's " + in_bytes(data_bytes) + " of numbers", found);
    }
    const std::uint64_t needed = compute_bytes(out.entry, where);
    if (out.end - out.begin != needed) {
        throw Error(where, field,
                    in_bytes(needed) + " for " + std::string(dtype_name(out.entry.dtype)) + " " +
                        to_string(out.entry.extents),
                    found + ", " + in_bytes(out.end - out.begin));
    }
    return out;
}

SafetensorsMetadata read_metadata(const Json& json, std::string_view where) {
    if (!json.is_object()) {
        throw Error(where, kMetadataKey, "an object of strings", json.describe());
    }
    SafetensorsMetadata metadata;
    for (const auto& [key, value] : json.object) {
        if (!value.is_string()) {
            throw Error(where, std::string(kMetadataKey) + "." + one_line(key, 120), "a string",
                        value.describe());
        }
        metadata.emplace(key, value.string);
    }
    return metadata;
}

// Sorts by place and refuses gaps, overlaps and numbers that belong to no tensor.
void order_entries(std::vector<HeaderEntry>& entries, std::uint64_t data_bytes,
                   std::string_view where) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const HeaderEntry& a, const HeaderEntry& b) {
                         return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
                     });
    std::uint64_t covered = 0;
    for (const HeaderEntry& entry : entries) {
        if (entry.begin != covered) {
            throw Error(where, field_of(entry.entry.name, "data_offsets"),
                        "a begin of " + std::to_string(covered) + ", where the tensor before ends",
                        std::to_string(entry.begin) +
                            (entry.begin < covered ? ", an overlap" : ", a hole"));
        }
        covered = entry.end;
    }
    if (covered != data_bytes) {
        throw Error(where, "numbers", in_bytes(covered) + ", as the header says",
                    in_bytes(data_bytes));
    }
}

}  // namespace

std::string to_string(const std::vector<std::int64_t>& extents) {
    std::string out = "[";
    for (std::size_t i = 0; i < extents.size(); ++i) {
        if (i > 0) out += ", ";
        out += std::to_string(extents[i]);
    }
    return out + "]";
}

std::size_t SafetensorsEntry::count() const {
    std::size_t count = 1;
    for (const std::int64_t extent : extents) count *= static_cast<std::size_t>(extent);
    return count;
}

SafetensorsContent parse_safetensors(std::span<const std::byte> bytes, std::string_view where) {
    const std::string_view header = find_header(bytes, where);
    const std::span<const std::byte> data = bytes.subspan(kLengthBytes + header.size());
    const Json json = parse_json(header, std::string(where) + ": header", kMaxHeaderValues);

    SafetensorsContent content;
    std::vector<HeaderEntry> entries;
    for (const Json::Member& member : json.object) {
        if (member.first == kMetadataKey) {
            content.metadata = read_metadata(member.second, where);
        } else {
            entries.push_back(read_entry(member, data.size(), where));
        }
    }
    order_entries(entries, data.size(), where);
    content.entries.reserve(entries.size());
    for (HeaderEntry& entry : entries) {
        entry.entry.bytes = data.subspan(entry.begin, entry.end - entry.begin);
        content.entries.push_back(std::move(entry.entry));
    }
    return content;
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : file_(path), content_(parse_safetensors(file_.bytes(), file_.path())) {
    by_name_.reserve(content_.entries.size());
    for (const SafetensorsEntry& entry : content_.entries) by_name_.emplace(entry.name, &entry);
}

const SafetensorsEntry* SafetensorsFile::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

Tensor read_tensor(const SafetensorsEntry& entry) {
    if (!is_float_dtype(entry.dtype)) {
        throw Error(entry.file, field_of(entry.name, "dtype"), "F64, F32, F16 or BF16",
                    dtype_name(entry.dtype));
    }
    std::vector<int> extents;
    extents.reserve(entry.extents.size());
    for (const std::int64_t extent : entry.extents) {
        if (extent > std::numeric_limits<int>::max()) {
            throw Error(entry.file, field_of(entry.name, "shape"), "extents below 2147483648",
                        to_string(entry.extents));
        }
        extents.push_back(static_cast<int>(extent));
    }
    Tensor tensor(std::move(extents));
    convert_to_float(entry.dtype, entry.bytes, tensor.values());
    return tensor;
}

std::vector<std::int64_t> read_integers(const SafetensorsEntry& entry) {
    if (!is_integer_dtype(entry.dtype)) {
        throw Error(entry.file, field_of(entry.name, "dtype"),
                    "I64, I32, I16, I8, U32, U16, U8 or BOOL", dtype_name(entry.dtype));
    }
    std::vector<std::int64_t> values(entry.count());
    convert_to_int64(entry.dtype, entry.bytes, values);
    return values;
}

}  // namespace heed
