#include "core/format/npy.h"

#include "core/base/check.h"

namespace heed {
namespace {

constexpr std::size_t kNpyAlignment = 64;
constexpr std::size_t kBeforeText = 10;  // magic, version, length of the text

}  // namespace

std::string make_npy_header(const std::vector<std::int64_t>& extents) {
    std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
    for (const std::int64_t extent : extents) text += std::to_string(extent) + ", ";
    text += "), }";
    const std::size_t total =
        (kBeforeText + text.size() + 1 + kNpyAlignment - 1) / kNpyAlignment * kNpyAlignment;
    text.resize(total - kBeforeText - 1, ' ');
    text += '\n';
    HEED_CHECK_LE(text.size(), 0xFFFFU);
    std::string out("\x93NUMPY\x01\x00", 8);
    out += static_cast<char>(text.size() & 0xFF);
    out += static_cast<char>(text.size() >> 8);
    return out + text;
}

std::string encode_npy(const std::vector<std::int64_t>& extents, std::span<const float> values) {
    std::size_t count = 1;
    for (const std::int64_t extent : extents) count *= static_cast<std::size_t>(extent);
    HEED_CHECK_EQ(count, values.size());
    std::string out = make_npy_header(extents);
    out.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    return out;
}

}  // namespace heed
