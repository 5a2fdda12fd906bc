// What the row of tokens remembers.
#pragma once

#include <cstdint>

namespace heed::app {

struct SentenceViewState {
    float scroll_px = 0;
    int revealed_query = -1;
    std::uint64_t trace_number = 0;
};

}  // namespace heed::app
