// Amounts that only need to be told roughly: parameters, bytes. Pure.
#pragma once

#include <cstddef>
#include <string>

namespace heed::app {

// "950", "66.0 k", "134.5 M", "7.2 B" (billions, as the field counts).
std::string describe_count(std::size_t count);
// "950 B", "12.3 kB", "98.4 MB", "4.8 GB": powers of 1,000.
std::string describe_bytes(std::size_t bytes);

}  // namespace heed::app
