#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/format/json.h"
#include "core/format/safetensors.h"

namespace heed {
namespace {

constexpr std::size_t kAlignment = 8;

std::size_t count_bytes(const SafetensorsSpec& spec) {
    std::size_t bits = static_cast<std::size_t>(dtype_bits(spec.dtype));
    for (const std::int64_t extent : spec.extents) {
        HEED_CHECK_LE(0, extent);
        HEED_CHECK(!__builtin_mul_overflow(bits, static_cast<std::size_t>(extent), &bits));
    }
    HEED_CHECK_EQ(bits % 8, 0u);
    return bits / 8;
}

std::string describe_metadata(const SafetensorsMetadata& metadata) {
    std::string out = "\"__metadata__\":{";
    for (const auto& [key, value] : metadata) {
        if (out.back() != '{') out += ',';
        out += quote_json(key) + ':' + quote_json(value);
    }
    return out + '}';
}

}  // namespace

SafetensorsWriter::SafetensorsWriter(const std::filesystem::path& path,
                                     const std::vector<SafetensorsSpec>& specs,
                                     const SafetensorsMetadata& metadata)
    : file_(path) {
    std::string header = "{";
    if (!metadata.empty()) header += describe_metadata(metadata);
    std::unordered_set<std::string_view> names{"__metadata__"};
    for (const SafetensorsSpec& spec : specs) {
        HEED_CHECK(!find_invalid_utf8(spec.name));
        HEED_CHECK(names.insert(spec.name).second);
        const std::size_t begin = missing_bytes_;
        const std::size_t bytes = count_bytes(spec);
        HEED_CHECK_EQ(begin * 8 % static_cast<std::size_t>(dtype_bits(spec.dtype)), 0u);
        missing_bytes_ += bytes;
        if (header.size() > 1) header += ',';
        header += quote_json(spec.name) + ":{\"dtype\":\"" + std::string(dtype_name(spec.dtype)) +
                  "\",\"shape\":" + to_string(spec.extents) + ",\"data_offsets\":[" +
                  std::to_string(begin) + ',' + std::to_string(missing_bytes_) + "]}";
    }
    header += '}';
    header.resize((header.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');

    const std::uint64_t length = header.size();
    file_.write(std::as_bytes(std::span(&length, 1)));
    file_.write(header);
}

void SafetensorsWriter::append(std::span<const std::byte> bytes) {
    HEED_CHECK_LE(bytes.size(), missing_bytes_);
    missing_bytes_ -= bytes.size();
    file_.write(bytes);
}

void SafetensorsWriter::append(std::span<const float> values) {
    append(std::as_bytes(values));
}

void SafetensorsWriter::finish() {
    HEED_CHECK_EQ(missing_bytes_, 0u);
    file_.finish();
}

void write_safetensors(const std::filesystem::path& path, std::span<const SafetensorsItem> items,
                       const SafetensorsMetadata& metadata) {
    std::vector<const SafetensorsItem*> order;
    order.reserve(items.size());
    for (const SafetensorsItem& item : items) order.push_back(&item);
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        return dtype_bits(a->spec.dtype) > dtype_bits(b->spec.dtype);
    });
    std::vector<SafetensorsSpec> specs;
    specs.reserve(order.size());
    for (const SafetensorsItem* item : order) {
        HEED_CHECK_EQ(item->bytes.size(), count_bytes(item->spec));
        specs.push_back(item->spec);
    }
    SafetensorsWriter writer(path, specs, metadata);
    for (const SafetensorsItem* item : order) writer.append(item->bytes);
    writer.finish();
}

}  // namespace heed
