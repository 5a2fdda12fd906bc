// Builds safetensors files by hand, right ones and wrong ones.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace heed::test {

// 8 bytes of length (the header's own where none is given), the header, the data.
inline std::string make_safetensors(std::string_view header, std::string_view data,
                                    std::optional<std::uint64_t> length = std::nullopt) {
    const std::uint64_t written = length.value_or(header.size());
    std::string out(sizeof written, '\0');
    std::memcpy(out.data(), &written, sizeof written);
    out += header;
    out += data;
    return out;
}

// `"name":{"dtype":...,"shape":...,"data_offsets":...}`
inline std::string make_entry(const std::string& name, const std::string& dtype,
                              const std::string& shape, const std::string& offsets) {
    return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
           ",\"data_offsets\":" + offsets + "}";
}

}  // namespace heed::test
