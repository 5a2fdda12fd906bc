#include "core/format/npz.h"

#include <zlib.h>

#include <algorithm>

#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/format/npy.h"

namespace heed {
namespace {

constexpr std::uint64_t kMax16 = 0xFFFF;
constexpr std::uint64_t kMax32 = 0xFFFFFFFF;
constexpr int kVersion = 20;       // of ZIP, needed to extract
constexpr int kVersionZip64 = 45;  // where 64-bit fields are used
constexpr std::uint64_t kUtf8Flag = 1u << 11;
constexpr std::uint64_t kDosDate = 0x21;  // 1 January 1980: the same file for the same numbers

// The lowest `bytes` bytes of a number, little-endian.
void put(std::string& out, int bytes, std::uint64_t value) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

std::uint64_t count_float_bytes(const std::vector<std::int64_t>& extents) {
    std::uint64_t bytes = sizeof(float);
    for (const std::int64_t extent : extents) {
        HEED_CHECK_LE(0, extent);
        HEED_CHECK(!__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes));
    }
    return bytes;
}

}  // namespace

NpzWriter::NpzWriter(const std::filesystem::path& path, bool force_zip64)
    : file_(path), force_zip64_(force_zip64) {}

bool NpzWriter::is_wide(std::uint64_t value) const {
    return force_zip64_ || value >= kMax32;
}

void NpzWriter::begin_array(const std::string& name, const std::vector<std::int64_t>& extents) {
    HEED_CHECK(!find_invalid_utf8(name));
    end_array();
    const std::string header = make_npy_header(extents);
    Member member;
    member.file_name = name + ".npy";
    HEED_CHECK_LE(member.file_name.size(), kMax16);
    member.offset = file_.size();
    member.bytes = header.size() + count_float_bytes(extents);
    members_.push_back(member);
    missing_bytes_ = member.bytes;
    file_.write(make_local_header(member));
    append_bytes(std::as_bytes(std::span(header.data(), header.size())));
}

void NpzWriter::append(std::span<const float> values) {
    append_bytes(std::as_bytes(values));
}

void NpzWriter::append_bytes(std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    HEED_CHECK_LE(bytes.size(), missing_bytes_);
    missing_bytes_ -= bytes.size();
    Member& member = members_.back();
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    member.crc = static_cast<std::uint32_t>(::crc32_z(member.crc, data, bytes.size()));
    file_.write(bytes);
}

// The checksum is known only now: write the header again.
void NpzWriter::end_array() {
    HEED_CHECK_EQ(missing_bytes_, 0u);
    if (!members_.empty()) {
        file_.write_at(members_.back().offset, make_local_header(members_.back()));
    }
}

std::string NpzWriter::make_local_header(const Member& member) const {
    const bool wide = is_wide(member.bytes);
    std::string out = "PK\x03\x04";
    put(out, 2, wide ? kVersionZip64 : kVersion);
    put(out, 2, kUtf8Flag);
    put(out, 2, 0);  // stored
    put(out, 2, 0);  // midnight
    put(out, 2, kDosDate);
    put(out, 4, member.crc);
    put(out, 4, wide ? kMax32 : member.bytes);
    put(out, 4, wide ? kMax32 : member.bytes);
    put(out, 2, member.file_name.size());
    put(out, 2, wide ? 20 : 0);
    out += member.file_name;
    if (wide) {
        put(out, 2, 1);
        put(out, 2, 16);
        put(out, 8, member.bytes);
        put(out, 8, member.bytes);
    }
    return out;
}

std::string NpzWriter::make_central_header(const Member& member) const {
    const bool wide = is_wide(member.bytes) || is_wide(member.offset);
    std::string out = "PK\x01\x02";
    put(out, 2, wide ? kVersionZip64 : kVersion);
    put(out, 2, wide ? kVersionZip64 : kVersion);
    put(out, 2, kUtf8Flag);
    put(out, 2, 0);  // stored
    put(out, 2, 0);  // midnight
    put(out, 2, kDosDate);
    put(out, 4, member.crc);
    put(out, 4, wide ? kMax32 : member.bytes);
    put(out, 4, wide ? kMax32 : member.bytes);
    put(out, 2, member.file_name.size());
    put(out, 2, wide ? 28 : 0);
    put(out, 2, 0);  // no comment
    put(out, 2, 0);  // first disk
    put(out, 2, 0);  // internal attributes
    put(out, 4, 0);  // external attributes
    put(out, 4, wide ? kMax32 : member.offset);
    out += member.file_name;
    if (wide) {
        put(out, 2, 1);
        put(out, 2, 24);
        put(out, 8, member.bytes);
        put(out, 8, member.bytes);
        put(out, 8, member.offset);
    }
    return out;
}

// The end of the central directory, with its 64-bit form before it where it is needed.
std::string NpzWriter::make_end_record(std::uint64_t directory_offset) const {
    const std::uint64_t end = file_.size();
    const std::uint64_t directory_bytes = end - directory_offset;
    const std::uint64_t count = members_.size();
    std::string out;
    if (is_wide(end) || count >= kMax16) {
        out += "PK\x06\x06";
        put(out, 8, 44);  // bytes of this record after this field
        put(out, 2, kVersionZip64);
        put(out, 2, kVersionZip64);
        put(out, 4, 0);
        put(out, 4, 0);
        put(out, 8, count);
        put(out, 8, count);
        put(out, 8, directory_bytes);
        put(out, 8, directory_offset);
        out += "PK\x06\x07";
        put(out, 4, 0);
        put(out, 8, end);
        put(out, 4, 1);
    }
    out += "PK\x05\x06";
    put(out, 2, 0);
    put(out, 2, 0);
    put(out, 2, std::min(count, kMax16));
    put(out, 2, std::min(count, kMax16));
    put(out, 4, is_wide(end) ? kMax32 : directory_bytes);
    put(out, 4, is_wide(end) ? kMax32 : directory_offset);
    put(out, 2, 0);
    return out;
}

void NpzWriter::finish() {
    end_array();
    const std::uint64_t directory_offset = file_.size();
    for (const Member& member : members_) file_.write(make_central_header(member));
    file_.write(make_end_record(directory_offset));
    file_.finish();
}

}  // namespace heed
