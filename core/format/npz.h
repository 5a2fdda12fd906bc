// Writes .npz, the archive of arrays that numpy.load opens: a ZIP of stored .npy members, with the
// 64-bit fields where a member, the archive or the number of members needs them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/format/atomic_file.h"

namespace heed {

// Arrays of float32, written one after the other, each in as many pieces as the caller likes. The
// file appears under its name when finish() is called, and not at all without it.
class NpzWriter {
  public:
    // `force_zip64` writes the 64-bit fields everywhere. Throws Error where the file cannot be
    // written.
    explicit NpzWriter(const std::filesystem::path& path, bool force_zip64 = false);

    // Begins the array `name` (distinct UTF-8, dots and slashes welcome) of `extents` (each >= 0),
    // row-major. The array before must be complete (Bug).
    void begin_array(const std::string& name, const std::vector<std::int64_t>& extents);
    // Its next numbers; not more than the extents say (Bug).
    void append(std::span<const float> values);
    // The last array must be complete (Bug).
    void finish();

  private:
    struct Member {
        std::string file_name;
        std::uint64_t offset = 0;  // of the local header
        std::uint64_t bytes = 0;   // of the .npy file
        std::uint32_t crc = 0;     // of the .npy file
    };

    bool is_wide(std::uint64_t value) const;
    void append_bytes(std::span<const std::byte> bytes);
    void end_array();
    std::string make_local_header(const Member& member) const;
    std::string make_central_header(const Member& member) const;
    std::string make_end_record(std::uint64_t directory_offset) const;

    AtomicFile file_;
    bool force_zip64_;
    std::vector<Member> members_;
    std::uint64_t missing_bytes_ = 0;  // of the array that is being written
};

}  // namespace heed
