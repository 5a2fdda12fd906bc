#include "app/ui/amounts.h"

#include <array>
#include <cstdio>

namespace heed::app {
namespace {

// With one decimal and the unit of its thousands; `units[0]` is that of single things.
std::string describe(std::size_t amount, const std::array<const char*, 4>& units) {
    if (amount < 1000) {
        const std::string plain = std::to_string(amount);
        return *units[0] == '\0' ? plain : plain + " " + units[0];
    }
    double value = static_cast<double>(amount) / 1000;
    std::size_t unit = 1;
    // 999,950 is 1.0 of the next unit, not 1000.0 of this one.
    while (value >= 999.95 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    char text[48];
    std::snprintf(text, sizeof text, "%.1f %s", value, units[unit]);
    return text;
}

}  // namespace

std::string describe_count(std::size_t count) {
    return describe(count, {"", "k", "M", "B"});
}

std::string describe_bytes(std::size_t bytes) {
    return describe(bytes, {"B", "kB", "MB", "GB"});
}

}  // namespace heed::app
