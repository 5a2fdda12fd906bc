// Which heads do alike: distances between patterns, and groups by average linkage. Deterministic:
// ties go to the lower number.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/analysis/head_metrics.h"
#include "core/base/progress.h"

namespace heed {

// Symmetric, 0 on the diagonal.
class Distances {
  public:
    explicit Distances(int count);

    int count() const { return count_; }
    float at(int a, int b) const { return values_[place(a, b)]; }
    void set(int a, int b, float distance);

  private:
    std::size_t place(int a, int b) const {
        return static_cast<std::size_t>(a) * static_cast<std::size_t>(count_) +
               static_cast<std::size_t>(b);
    }

    int count_ = 0;
    std::vector<float> values_;
};

// Rows beyond this many are not compared: as many as this, evenly spaced, stand for all.
constexpr int kMostComparedRows = 128;
// The `i`th of the compared rows of a pattern of `rows`.
int compared_row(int i, int rows);

// The mean over the rows of the Jensen-Shannon divergence in bits, its root: in [0, 1]. Rows are
// divided by the sum of their magnitudes. All patterns are of one size (Bug).
Distances compute_pattern_distances(std::span<const PatternView> patterns,
                                    const CancelToken& cancel);

// Two clusters become one. Below `leaves` it is a leaf, else the merge number `a - leaves`.
struct Merge {
    int a = 0;
    int b = 0;
    float height = 0;  // mean distance between the leaves of the two
    int size = 0;      // leaves of the new one
};

struct Dendrogram {
    int leaves = 0;
    std::vector<Merge> merges;  // leaves - 1, lowest first; what is merged is there already
};

Dendrogram link_average(const Distances& distances);

// All leaves, those of a merge together, the two sides turned so that the ends that meet are the
// nearest of the four ways.
std::vector<int> order_leaves(const Dendrogram& tree, const Distances& distances);

// The group of each leaf when the tree is cut into `groups` (at most one for each leaf), or where
// merges become higher than `height`. Groups are numbered along `order`.
std::vector<int> cut_into(const Dendrogram& tree, int groups, std::span<const int> order);
std::vector<int> cut_at(const Dendrogram& tree, float height, std::span<const int> order);

}  // namespace heed
