// What is shown before anybody has chosen.
#pragma once

#include "app/document/selection.h"
#include "core/run/trace.h"

namespace heed::app {

// Of all heads the largest weight that a word gives to an earlier one that is not its neighbour;
// there is something to see there. The first head where there is none, and in long sentences. Waits
// for the patterns.
Selection choose_first(const Trace& trace);

}  // namespace heed::app
