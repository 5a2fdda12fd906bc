// What a person may look at under the name of "attention": the weights of one head or of several
// together, the weights times the lengths of what they carry, and attention rollout. Each is one
// [T, S] matrix whose every number can be traced back to cells of the trace. It knows no colours.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/run/trace.h"

namespace heed {

enum class PatternKind {
    kWeights,       // pattern[h,t,s]
    kNormWeighted,  // |pattern[h,t,s]| * length of v[h,s] W_O[h] (Kobayashi et al. 2020, section 2)
    kRollout,       // product over the layers of (mean of heads + I) / 2 (Abnar & Zuidema 2020)
};

// Which heads of a layer are looked at together.
enum class HeadChoice {
    kOne,
    kMean,    // of all heads
    kMax,     // of all heads
    kChosen,  // the mean of some
};

struct PatternRequest {
    PatternKind kind = PatternKind::kWeights;
    HeadChoice choice = HeadChoice::kOne;
    std::vector<int> heads{0};  // kOne: the head; kChosen: which, at least one

    bool operator==(const PatternRequest&) const = default;
};

// The heads of `site` that the request looks at, ascending; those that it has not are left out.
// Rollout looks at all.
std::vector<int> list_heads(const AttentionSite& site, const PatternRequest& request);

// Why the request has no answer for this site; empty where it has one. "rollout needs words that
// look at the same words"
std::string find_obstacle(const Graph& graph, const AttentionSite& site,
                          const PatternRequest& request);

// Row-major [rows, columns] numbers; may share the memory of a trace.
class PatternMatrix {
  public:
    PatternMatrix() = default;
    PatternMatrix(Tile tile, int outer) : tile_(std::move(tile)), outer_(outer) {}
    // New memory, not initialised beyond zeros; filled through `cells`.
    static PatternMatrix make(int rows, int columns, float*& cells);

    int rows() const { return tile_ ? tile_->box().rows() : 0; }
    int columns() const { return tile_ ? tile_->box().cols() : 0; }
    const float* row(int r) const { return tile_->row(outer_, tile_->box().row_begin + r); }
    float at(int r, int c) const { return row(r)[c]; }
    const std::optional<Tile>& tile() const { return tile_; }
    int outer() const { return outer_; }

  private:
    std::optional<Tile> tile_;
    int outer_ = 0;
};

struct Pattern {
    PatternKind kind = PatternKind::kWeights;
    HeadChoice choice = HeadChoice::kOne;
    NodeId node = -1;        // [H,T,S], of the site
    std::vector<int> heads;  // that were looked at
    PatternMatrix values;    // [T,S]
    // [T,S], -inf where a key may not be seen by any of the heads; no rows where all may be seen.
    PatternMatrix blocked;
    Tensor lengths;              // kNormWeighted: [H,S], what a head's weights are multiplied by
    bool has_output_map = true;  // the lengths are of v W_O; false: of v, where no W_O is at hand
    PatternMatrix before;  // kRollout: of the layers before this one [T,S]; no rows in the first
};

// Waits for the values it reads. The request must have an answer (Bug). Cancelled where `cancel`
// says so; polled at least every few million operations.
Pattern compute_pattern(const Trace& trace, const AttentionSite& site,
                        const PatternRequest& request, const CancelToken& cancel = CancelToken());

// How many multiplications that takes, about: whether it fits into a frame.
double estimate_work(const Graph& graph, const AttentionSite& site, const PatternRequest& request);

// Length of v[h,s] W_O[h] for every head and key of a site, [H,S]; `has_output_map` false where
// W_O is not at hand: then of v. Waits for the values. Needs site.v (Bug).
struct ValueLengths {
    Tensor lengths;
    bool has_output_map = true;
};
ValueLengths compute_value_lengths(const Trace& trace, const AttentionSite& site,
                                   const CancelToken& cancel = CancelToken());

}  // namespace heed
