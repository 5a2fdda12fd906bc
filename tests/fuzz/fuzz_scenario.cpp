// Whatever parse_scenario takes has lines in order and names its steps.
#include <cstdlib>
#include <string_view>

#include "app/cli/scenario.h"
#include "core/base/error.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        int line = 0;
        for (const heed::app::ScenarioStep& step : heed::app::parse_scenario(text, "input")) {
            if (step.line <= line || step.name.empty()) std::abort();
            line = step.line;
        }
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
