#include "core/format/gguf.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/gguf_reader.h"

namespace heed {
namespace {

constexpr std::string_view kMagic = "GGUF";
constexpr std::uint32_t kMaxRank = 4;
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr std::uint64_t kMaxAlignment = 1 << 20;
// The least that an entry and a tensor take: an empty key with a one-byte value, an empty name with
// no extents.
constexpr std::uint64_t kLeastEntryBytes = 8 + 4 + 1;
constexpr std::uint64_t kLeastTensorBytes = 8 + 4 + 4 + 8;

// A tensor whose place is not known yet.
struct Announced {
    GgufEntry entry;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

std::uint32_t read_head(GgufReader& reader, std::span<const std::byte> bytes,
                        std::string_view where) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!text.starts_with(kMagic)) {
        const std::string other = recognise_wrong_content(text.substr(0, 1024));
        throw Error(where, "", "a GGUF file", other.empty() ? in_quotes(text, 8) : other);
    }
    reader.take(kMagic.size(), "magic");
    const auto version = reader.read<std::uint32_t>("version");
    if (version == 2 || version == 3) return version;
    const bool is_swapped = version == 0x02000000u || version == 0x03000000u;
    throw Error(where, "version", "2 or 3",
                is_swapped ? "a big-endian file" : std::to_string(version));
}

std::string read_name(GgufReader& reader, const std::string& field, std::string_view where) {
    const std::string_view name = reader.read_string(field);
    if (find_invalid_utf8(name)) throw Error(where, field, "UTF-8", in_quotes(name));
    return std::string(name);
}

void read_metadata(GgufReader& reader, std::uint64_t count, std::string_view where,
                   GgufContent& content) {
    std::unordered_set<std::string> keys;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string key =
            read_name(reader, "key of metadata entry " + std::to_string(i), where);
        if (!keys.insert(key).second) {
            throw Error(where, one_line(key, 120), "each key once", "it again");
        }
        content.metadata.emplace_back(key, reader.read_value(one_line(key, 120)));
    }
}

// Numbers of a tensor; refuses what does not fit 64 bits.
std::uint64_t count_numbers(const GgufEntry& entry) {
    std::uint64_t count = 1;
    for (const std::int64_t extent : entry.extents) {
        if (extent < 0 ||
            __builtin_mul_overflow(count, static_cast<std::uint64_t>(extent), &count) ||
            count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            throw Error(entry.file, one_line(entry.name, 120), "extents that fit the file",
                        "more numbers than 64 bits count");
        }
    }
    return count;
}

// Bytes of a tensor; a row must be whole blocks.
std::uint64_t compute_bytes(const GgufEntry& entry) {
    const std::uint64_t numbers = count_numbers(entry);
    const std::uint64_t block = entry.type->block_numbers;
    const std::uint64_t row =
        entry.extents.empty() ? 1 : static_cast<std::uint64_t>(entry.extents.back());
    if (row % block != 0) {
        throw Error(entry.file, one_line(entry.name, 120),
                    "rows of whole blocks of " + std::to_string(block) + " numbers for " +
                        std::string(entry.type->name),
                    "rows of " + std::to_string(row));
    }
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(numbers / block, std::uint64_t{entry.type->block_bytes}, &bytes)) {
        throw Error(entry.file, one_line(entry.name, 120), "extents that fit the file",
                    std::to_string(numbers) + " numbers");
    }
    return bytes;
}

Announced read_announced(GgufReader& reader, std::uint64_t number, std::string_view where) {
    Announced out;
    out.entry.file = where;
    out.entry.name = read_name(reader, "name of tensor " + std::to_string(number), where);
    const std::string field = one_line(out.entry.name, 120);
    const auto rank = reader.read<std::uint32_t>(field);
    if (rank > kMaxRank) {
        throw Error(where, field, "at most " + std::to_string(kMaxRank) + " extents",
                    std::to_string(rank));
    }
    for (std::uint32_t i = 0; i < rank; ++i) {
        const auto extent = reader.read<std::uint64_t>(field);
        if (extent > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            throw Error(where, field, "extents that fit the file", std::to_string(extent));
        }
        out.entry.extents.push_back(static_cast<std::int64_t>(extent));
    }
    std::reverse(out.entry.extents.begin(), out.entry.extents.end());
    const auto type = reader.read<std::uint32_t>(field);
    out.entry.type = find_gguf_type(type);
    if (out.entry.type == nullptr) {
        throw Error(where, field, "a type that is known (" + readable_gguf_types() + ", ...)",
                    "type " + std::to_string(type));
    }
    out.offset = reader.read<std::uint64_t>(field);
    out.bytes = compute_bytes(out.entry);
    return out;
}

std::uint64_t read_alignment(const GgufContent& content, std::string_view where) {
    for (const auto& [key, value] : content.metadata) {
        if (key != "general.alignment") continue;
        const auto alignment = static_cast<std::uint64_t>(std::max<std::int64_t>(value.integer, 0));
        const bool is_power = alignment != 0 && (alignment & (alignment - 1)) == 0;
        if (!value.is_integer() || !is_power || alignment > kMaxAlignment) {
            throw Error(where, key, "a power of 2 up to " + std::to_string(kMaxAlignment),
                        value.describe());
        }
        return alignment;
    }
    return kDefaultAlignment;
}

// Gives every tensor its bytes; refuses places outside the file and overlaps.
void place_tensors(std::vector<Announced>& tensors, std::span<const std::byte> data,
                   std::uint64_t alignment, std::string_view where) {
    std::vector<const Announced*> by_place;
    for (Announced& tensor : tensors) {
        const std::string field = one_line(tensor.entry.name, 120);
        if (tensor.offset % alignment != 0) {
            throw Error(where, field,
                        "an offset that is a multiple of " + std::to_string(alignment),
                        std::to_string(tensor.offset));
        }
        if (tensor.offset > data.size() || tensor.bytes > data.size() - tensor.offset) {
            throw Error(where, field,
                        "bytes within the file's " + std::to_string(data.size()) + " of numbers",
                        std::to_string(tensor.bytes) + " from " + std::to_string(tensor.offset));
        }
        tensor.entry.bytes = data.subspan(tensor.offset, tensor.bytes);
        if (tensor.bytes > 0) by_place.push_back(&tensor);
    }
    std::sort(by_place.begin(), by_place.end(),
              [](const Announced* a, const Announced* b) { return a->offset < b->offset; });
    for (std::size_t i = 1; i < by_place.size(); ++i) {
        const std::uint64_t end = by_place[i - 1]->offset + by_place[i - 1]->bytes;
        if (by_place[i]->offset >= end) continue;
        throw Error(where, one_line(by_place[i]->entry.name, 120),
                    "an offset from " + std::to_string(end) + " on, where the tensor before ends",
                    std::to_string(by_place[i]->offset));
    }
}

}  // namespace

std::size_t GgufEntry::count() const {
    std::size_t count = 1;
    for (const std::int64_t extent : extents) count *= static_cast<std::size_t>(extent);
    return count;
}

GgufContent parse_gguf(std::span<const std::byte> bytes, std::string_view where) {
    GgufReader reader(bytes, where);
    GgufContent content;
    content.version = read_head(reader, bytes, where);
    const auto tensors = reader.read_count("number of tensors", kLeastTensorBytes);
    const auto values = reader.read_count("number of metadata entries", kLeastEntryBytes);
    read_metadata(reader, values, where, content);

    std::vector<Announced> announced;
    std::unordered_set<std::string> names;
    for (std::uint64_t i = 0; i < tensors; ++i) {
        announced.push_back(read_announced(reader, i, where));
        const std::string& name = announced.back().entry.name;
        if (!names.insert(name).second) {
            throw Error(where, one_line(name, 120), "each tensor once", "it again");
        }
    }
    const std::uint64_t alignment = read_alignment(content, where);
    const std::uint64_t past = reader.position() % alignment;
    const std::uint64_t begin = reader.position() + (past == 0 ? 0 : alignment - past);
    const std::uint64_t size = bytes.size();
    place_tensors(announced, bytes.subspan(std::min(begin, size)), alignment, where);
    content.entries.reserve(announced.size());
    for (Announced& tensor : announced) content.entries.push_back(std::move(tensor.entry));
    return content;
}

GgufFile::GgufFile(const std::filesystem::path& path)
    : file_(path), content_(parse_gguf(file_.bytes(), file_.path())) {
    by_name_.reserve(content_.entries.size());
    for (const GgufEntry& entry : content_.entries) by_name_.emplace(entry.name, &entry);
    for (const auto& [key, value] : content_.metadata) by_key_.emplace(key, &value);
}

const GgufEntry* GgufFile::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

const GgufValue* GgufFile::value(std::string_view key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
}

bool is_gguf_file(const std::filesystem::path& path) {
    try {
        return MappedFile(path).text().starts_with(kMagic);
    } catch (const Error&) {
        return false;
    }
}

Tensor read_tensor(const GgufEntry& entry) {
    if (entry.type->read_block == nullptr) {
        throw Error(entry.file, one_line(entry.name, 120),
                    "numbers of type " + readable_gguf_types(), entry.type->name);
    }
    std::vector<int> extents;
    for (const std::int64_t extent : entry.extents) {
        if (extent > std::numeric_limits<int>::max()) {
            throw Error(entry.file, one_line(entry.name, 120), "extents below 2147483648",
                        std::to_string(extent));
        }
        extents.push_back(static_cast<int>(extent));
    }
    Tensor tensor(std::move(extents));
    dequantise(*entry.type, entry.bytes, tensor.values());
    return tensor;
}

}  // namespace heed
