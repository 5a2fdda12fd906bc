// GGUF files (v2 and v3, little-endian) as llama.cpp writes them: metadata by key and named
// tensors, mapped and validated whole before use. It knows no model.
//
// Layout: "GGUF", version, number of tensors, number of metadata entries; each entry a key, a kind
// and a value; each tensor a name, its extents (fastest first), a type and an offset; then, at a
// multiple of general.alignment, the numbers. The file is not trusted: every count, length and
// offset is held against the bytes that are there before anything is allocated for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/format/gguf_type.h"
#include "core/format/mapped_file.h"
#include "core/tensor/tensor.h"

namespace heed {

// The kinds of metadata values, by the numbers that files have.
enum class GgufKind : std::uint32_t {
    kU8,
    kI8,
    kU16,
    kI16,
    kU32,
    kI32,
    kF32,
    kBool,
    kString,
    kArray,
    kU64,
    kI64,
    kF64,
};
std::string_view gguf_kind_name(GgufKind kind);  // "U32"

// A metadata value. An array is not unpacked until it is read; its bytes were checked.
struct GgufValue {
    GgufKind kind = GgufKind::kU8;
    std::int64_t integer = 0;  // of the whole-number kinds; U64 beyond its range is its largest
    double number = 0;         // of F32 and F64
    bool boolean = false;
    std::string_view string;              // lives as long as the bytes
    GgufKind element = GgufKind::kU8;     // of an array
    std::uint64_t count = 0;              // elements of an array
    std::span<const std::byte> elements;  // of an array, as they lie in the file

    bool is_integer() const;
    // "the number 3", "an array of 5 String": for messages.
    std::string describe() const;
};

// One tensor. Extents, type and bytes agree: checked when the file was opened.
struct GgufEntry {
    std::string file;  // where it lies, for messages
    std::string name;
    const GgufType* type = nullptr;
    std::vector<std::int64_t> extents;  // slowest first, as everywhere else in heed; each >= 0
    std::span<const std::byte> bytes;   // lives as long as the file is mapped

    std::size_t count() const;  // numbers in the tensor
};

struct GgufContent {
    std::uint32_t version = 0;
    std::vector<std::pair<std::string, GgufValue>> metadata;  // in the order of the file
    std::vector<GgufEntry> entries;                           // in the order of the file
};

// Reads a whole file held in memory; the content refers to `bytes`. `where` (a path) begins every
// message. Throws Error for whatever the format does not allow.
GgufContent parse_gguf(std::span<const std::byte> bytes, std::string_view where);

// A file that is mapped as long as this lives.
class GgufFile {
  public:
    // Throws Error where the file cannot be read or is not valid.
    explicit GgufFile(const std::filesystem::path& path);

    const std::string& path() const { return file_.path(); }
    const GgufContent& content() const { return content_; }
    // The entry of that name, or nullptr.
    const GgufEntry* find(std::string_view name) const;
    // The value of that key, or nullptr.
    const GgufValue* value(std::string_view key) const;

    // Typed reading; `fallback` where there is no such key. Throws Error (key, expected, found)
    // where the value is of another kind or out of [low, high], and without a fallback where there
    // is none.
    std::int64_t get_int(std::string_view key, std::optional<std::int64_t> fallback,
                         std::int64_t low, std::int64_t high) const;
    double get_number(std::string_view key, std::optional<double> fallback) const;
    bool get_bool(std::string_view key, std::optional<bool> fallback) const;
    std::string get_string(std::string_view key, std::optional<std::string> fallback) const;
    // Arrays; empty where there is no such key. Strings are checked to be UTF-8.
    std::vector<std::string> get_strings(std::string_view key) const;
    std::vector<std::int64_t> get_integers(std::string_view key) const;
    std::vector<double> get_numbers(std::string_view key) const;
    [[noreturn]] void fail(std::string_view key, std::string_view expected) const;

  private:
    const GgufValue* array_of(std::string_view key, std::string_view expected) const;

    MappedFile file_;
    GgufContent content_;
    std::unordered_map<std::string_view, const GgufEntry*> by_name_;
    std::unordered_map<std::string_view, const GgufValue*> by_key_;
};

// Whether the file begins as a GGUF file does, whatever it is called. False where it cannot be
// read.
bool is_gguf_file(const std::filesystem::path& path);

// The numbers of an entry as float32. Throws Error for a type that heed does not read and for an
// extent that is no int.
Tensor read_tensor(const GgufEntry& entry);

}  // namespace heed
