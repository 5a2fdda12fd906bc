// Writes pictures as PNG.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace heed {

// The bytes of such a file; `rgba` as for write_png.
std::string encode_png(int width, int height, std::span<const std::uint8_t> rgba);

// Writes `rgba` ([height, width, 4], top row first, sRGB, alpha not multiplied in) so that the file
// appears whole or not at all. Throws Error where it cannot be written; sizes must agree (Bug).
void write_png(const std::filesystem::path& path, int width, int height,
               std::span<const std::uint8_t> rgba);

}  // namespace heed
