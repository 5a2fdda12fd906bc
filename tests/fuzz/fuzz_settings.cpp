// Settings that were taken are within their limits and survive being saved.
#include <cstdlib>
#include <string_view>

#include "app/document/settings.h"
#include "core/base/error.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const heed::app::Settings settings = heed::app::parse_settings(text, "settings.json");
        if (settings.scale < 1 || settings.scale > 3) std::abort();
        if (settings.theme != "light" && settings.theme != "dark") std::abort();
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
