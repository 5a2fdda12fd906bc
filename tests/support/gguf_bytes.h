// Builds GGUF files by hand, right ones and wrong ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heed::test {

class GgufBytes {
  public:
    GgufBytes() = default;
    // Magic, version and counts.
    GgufBytes(std::uint64_t tensors, std::uint64_t entries, std::uint32_t version = 3) {
        raw("GGUF").u32(version).u64(tensors).u64(entries);
    }

    template <class Number>
    GgufBytes& put(Number number) {
        text_.append(reinterpret_cast<const char*>(&number), sizeof number);
        return *this;
    }
    GgufBytes& u32(std::uint32_t number) { return put(number); }
    GgufBytes& u64(std::uint64_t number) { return put(number); }
    GgufBytes& raw(std::string_view bytes) {
        text_ += bytes;
        return *this;
    }
    // A string with its length before it.
    GgufBytes& text(std::string_view text) { return u64(text.size()).raw(text); }
    // What stands before the numbers of a tensor.
    GgufBytes& tensor(std::string_view name, const std::vector<std::uint64_t>& fastest_first,
                      std::uint32_t type, std::uint64_t offset) {
        text(name).u32(static_cast<std::uint32_t>(fastest_first.size()));
        for (const std::uint64_t extent : fastest_first) u64(extent);
        return u32(type).u64(offset);
    }
    // Zeros up to a multiple of 32.
    GgufBytes& pad() {
        text_.append((32 - text_.size() % 32) % 32, '\0');
        return *this;
    }
    // The same and `count` more.
    GgufBytes& data(std::size_t count) { return pad().raw(std::string(count, '\0')); }

    const std::string& done() const { return text_; }

  private:
    std::string text_;
};

// A whole file: metadata of the usual kinds and tensors of float32.
class GgufWriter {
  public:
    void number(std::string_view key, std::uint32_t value) { entry(key).u32(4).u32(value); }
    void real(std::string_view key, float value) { entry(key).u32(6).put(value); }
    void flag(std::string_view key, bool value) {
        entry(key).u32(7).put(static_cast<std::uint8_t>(value));
    }
    void string(std::string_view key, std::string_view value) { entry(key).u32(8).text(value); }
    void strings(std::string_view key, const std::vector<std::string>& values) {
        entry(key).u32(9).u32(8).u64(values.size());
        for (const std::string& value : values) metadata_.text(value);
    }
    void integers(std::string_view key, const std::vector<std::int32_t>& values) {
        entry(key).u32(9).u32(5).u64(values.size());
        for (const std::int32_t value : values) metadata_.put(value);
    }
    void reals(std::string_view key, const std::vector<float>& values) {
        entry(key).u32(9).u32(6).u64(values.size());
        for (const float value : values) metadata_.put(value);
    }
    // `extents` slowest first.
    void tensor(std::string_view name, const std::vector<std::int64_t>& extents,
                const std::vector<float>& values) {
        const std::vector<std::uint64_t> fastest_first(extents.rbegin(), extents.rend());
        infos_.tensor(name, fastest_first, 0, data_.done().size());
        for (const float value : values) data_.put(value);
        data_.pad();
        ++tensors_;
    }
    std::string done() const {
        return GgufBytes(tensors_, entries_)
            .raw(metadata_.done())
            .raw(infos_.done())
            .pad()
            .raw(data_.done())
            .done();
    }

  private:
    GgufBytes& entry(std::string_view key) {
        ++entries_;
        return metadata_.text(key);
    }

    GgufBytes metadata_, infos_, data_;
    std::uint64_t entries_ = 0;
    std::uint64_t tensors_ = 0;
};

}  // namespace heed::test
