// Kept files that were taken are within their limits and survive being saved.
#include <cstdlib>
#include <string_view>

#include "app/document/settings.h"
#include "core/base/error.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace heed::app;

void check_session(std::string_view text) {
    const Session session = parse_session(text, "session.json");
    if (session.window && session.window->width < kSmallestSide) std::abort();
    if (session.selection.head < 0 || session.selection.cell.size() > 8) std::abort();
    if (!(parse_session(write_session(session), "again") == session)) std::abort();
}

void check_settings(std::string_view text) {
    const std::vector<OptionValue> options = parse_settings(text, "settings.json");
    if (parse_settings(write_settings(options), "again") != options) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (auto* check : {check_session, check_settings}) {
        try {
            check(text);
        } catch (const heed::Error& error) {
            if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
        }
    }
    return 0;
}
