// The seam between a graph and whatever computes it. cpu is the reference; gl comes beside it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/base/progress.h"
#include "core/run/edits.h"
#include "core/run/trace.h"

namespace heed {

// What a run may keep. Beyond the budget the largest nodes that can be derived are.
struct Keep {
    std::size_t budget_bytes = std::size_t{1} << 30;
};

struct RunOptions {
    Keep keep;
    std::string note;             // for RunFacts::note
    bool measures_nodes = false;  // RunFacts::node_milliseconds
    Progress progress;
};

// A graph made ready on a backend: weights in place, order and memory planned. May be run many
// times, by one thread at a time.
class Plan {
  public:
    virtual ~Plan() = default;
    // Computes every node. Throws Error (an id out of range, a row that sums to 0) or Cancelled.
    virtual std::shared_ptr<const Trace> run(const RunInputs& inputs,
                                             const RunOptions& options) = 0;
    // A trace in which the edits hold on top of those of `base`: the nodes that depend on them are
    // computed again, all other values are shared with `base`.
    virtual std::shared_ptr<const Trace> rerun(const Trace& base, const Edits& edits,
                                               const RunOptions& options) = 0;
};

class Backend {
  public:
    virtual ~Backend() = default;
    virtual std::string name() const = 0;
    virtual std::unique_ptr<Plan> prepare(std::shared_ptr<const Graph> graph,
                                          std::shared_ptr<const WeightStore> weights) = 0;
};

// The CPU backend; results have the same bits for any number of `threads` (0: one for each core).
std::unique_ptr<Backend> make_cpu_backend(int threads = 0);

}  // namespace heed
