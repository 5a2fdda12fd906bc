// Writes .npy, one array as numpy.load opens it (format version 1.0).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace heed {

// What stands before the numbers of a row-major array of little-endian float32 with these extents
// (each >= 0), padded so that the numbers begin aligned.
std::string make_npy_header(const std::vector<std::int64_t>& extents);

// The whole file. As many values as the extents say (Bug).
std::string encode_npy(const std::vector<std::int64_t>& extents, std::span<const float> values);

}  // namespace heed
