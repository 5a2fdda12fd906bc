// Files of named tensors in the safetensors format: read mapped and validated whole before use,
// written as a stream. It knows no model.
//
// Layout: 8 bytes little-endian length N, N bytes of JSON header, then the numbers. The header maps
// each name to {"dtype", "shape", "data_offsets": [begin, end]}; "__metadata__" holds strings. The
// ranges cover the numbers without gap or overlap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/format/atomic_file.h"
#include "core/format/dtype.h"
#include "core/format/mapped_file.h"
#include "core/tensor/tensor.h"

namespace heed {

using SafetensorsMetadata = std::map<std::string, std::string>;

// One tensor of a file. Number of elements and bytes agree: checked when the file was opened.
struct SafetensorsEntry {
    std::string file;  // where it lies, for messages
    std::string name;
    Dtype dtype = Dtype::kF32;
    std::vector<std::int64_t> extents;  // each >= 0; empty: one number
    std::span<const std::byte> bytes;   // of any alignment; lives as long as the file is mapped

    std::size_t count() const;  // numbers in the tensor
};

struct SafetensorsContent {
    std::vector<SafetensorsEntry> entries;  // in the order of their bytes
    SafetensorsMetadata metadata;
};

// Reads a whole file held in memory; the entries refer to `bytes`. `where` (a path) begins every
// message. Throws Error for whatever the format does not allow.
SafetensorsContent parse_safetensors(std::span<const std::byte> bytes, std::string_view where);

// A file that is mapped as long as this lives.
class SafetensorsFile {
  public:
    // Throws Error where the file cannot be read or is not valid from the first byte to the last.
    explicit SafetensorsFile(const std::filesystem::path& path);

    const std::string& path() const { return file_.path(); }
    const std::vector<SafetensorsEntry>& entries() const { return content_.entries; }
    const SafetensorsMetadata& metadata() const { return content_.metadata; }
    // The entry of that name, or nullptr.
    const SafetensorsEntry* find(std::string_view name) const;

  private:
    MappedFile file_;
    SafetensorsContent content_;
    std::unordered_map<std::string_view, const SafetensorsEntry*> by_name_;
};

// "[2, 5, 3]"
std::string to_string(const std::vector<std::int64_t>& extents);

// The numbers of an entry of floats, as float32. Throws Error for another type and for an extent
// that is no int.
Tensor read_tensor(const SafetensorsEntry& entry);
// The numbers of an entry of integers. Throws Error for another type.
std::vector<std::int64_t> read_integers(const SafetensorsEntry& entry);

// A tensor to be written: all but its numbers.
struct SafetensorsSpec {
    std::string name;
    Dtype dtype = Dtype::kF32;
    std::vector<std::int64_t> extents;
};

// Writes a file whose numbers come piece by piece, in the order of the specs; the file appears
// under its name when finish() is called, and not at all without it. Names are to be distinct UTF-8
// and every tensor to begin at a multiple of its number's size: wide types first (Bug).
class SafetensorsWriter {
  public:
    // Throws Error where the file cannot be written.
    SafetensorsWriter(const std::filesystem::path& path, const std::vector<SafetensorsSpec>& specs,
                      const SafetensorsMetadata& metadata);

    void append(std::span<const std::byte> bytes);
    void append(std::span<const float> values);  // for tensors of F32
    // All numbers must have been appended (Bug).
    void finish();

  private:
    AtomicFile file_;
    std::size_t missing_bytes_ = 0;
};

// A tensor to be written, numbers included.
struct SafetensorsItem {
    SafetensorsSpec spec;
    std::span<const std::byte> bytes;  // size must agree with the spec (Bug)
};

// Writes all `items`, wide types first, else in their order. Throws Error where the file cannot be
// written; then what was there before is untouched.
void write_safetensors(const std::filesystem::path& path, std::span<const SafetensorsItem> items,
                       const SafetensorsMetadata& metadata);

}  // namespace heed
