// What a trace knows of the positions of an attention, as the metrics of its heads need it.
#pragma once

#include "core/analysis/head_metrics.h"
#include "core/run/trace.h"

namespace heed {

// `site` has a pattern. Where no mask is in the graph (a trace from a file), a pattern whose first
// head has exact zeros above its diagonal counts as causal.
PatternContext find_pattern_context(const Trace& trace, const AttentionSite& site);

}  // namespace heed
