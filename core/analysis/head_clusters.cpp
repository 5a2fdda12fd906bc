#include "core/analysis/head_clusters.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

#include "core/base/check.h"
#include "core/ops/vector_math.h"

namespace heed {

namespace {

// x log2 x, within a few units in the last place of float32; 0 for 0. x >= 0.
//
// x = 2^n m with m near 1; log2 m = 2 / ln 2 (s + s^3/3 + s^5/5 + ...), s = (m - 1) / (m + 1).
Vec times_own_log2(const Vec& x) {
    constexpr float kTiny = 1e-30F;  // a normal number, whose product with 0 is 0
    constexpr float kTwoByLn2 = 2.88539008F;
    constexpr std::int32_t kHalfRoot = 0x3F3504F3;  // the bits of sqrt(1/2)
    const Vec tiny = fill_vec(kTiny);
    const Vec bounded = x < tiny ? tiny : x;
    IntVec bits;
    std::memcpy(&bits, &bounded, sizeof bits);
    const IntVec shifted = bits - kHalfRoot;
    const IntVec exponent = shifted >> 23;
    const IntVec mantissa_bits = bits - (exponent << 23);
    Vec mantissa;
    std::memcpy(&mantissa, &mantissa_bits, sizeof mantissa);
    const Vec s = (mantissa - 1.0F) / (mantissa + 1.0F);
    const Vec square = s * s;
    Vec p = fill_vec(1.0F / 9);
    p = p * square + 1.0F / 7;
    p = p * square + 1.0F / 5;
    p = p * square + 1.0F / 3;
    p = p * square + 1.0F;
    return x * (__builtin_convertvector(exponent, Vec) + kTwoByLn2 * s * p);
}

double add_lanes(const Vec& sums) {
    float lanes[kLanes];
    store_vec(lanes, sums);
    double sum = 0;
    for (const float lane : lanes) sum += static_cast<double>(lane);
    return sum;
}

// The compared rows of all patterns, each row divided by its sum; a pattern is followed by zeros
// up to whole vectors, which add nothing.
class PackedPatterns {
  public:
    explicit PackedPatterns(std::span<const PatternView> patterns) {
        if (patterns.empty()) return;
        rows_ = std::min(patterns.front().rows, kMostComparedRows);
        const auto cells = static_cast<std::size_t>(rows_ * patterns.front().columns);
        width_ = (cells + kLanes - 1) / kLanes * kLanes;
        values_.assign(width_ * patterns.size(), 0.0F);
        for (std::size_t i = 0; i < patterns.size(); ++i) {
            HEED_CHECK_EQ(patterns[i].rows, patterns.front().rows);
            HEED_CHECK_EQ(patterns[i].columns, patterns.front().columns);
            pack(patterns[i], values_.data() + i * width_);
            own_.push_back(sum_of(i, i));
        }
    }

    // Of the patterns `a` and `b`, mean over the rows; rounding may not make it negative.
    float distance(std::size_t a, std::size_t b) const {
        if (rows_ == 0) return 0;
        const double divergence = ((own_[a] + own_[b]) / 2 - sum_of(a, b)) / rows_;
        return static_cast<float>(std::sqrt(std::clamp(divergence, 0.0, 1.0)));
    }

  private:
    void pack(const PatternView& pattern, float* out) const {
        for (int i = 0; i < rows_; ++i) {
            const int t = compared_row(i, pattern.rows);
            const float* row = pattern.row(t);
            float sum = 0;
            for (int s = 0; s < pattern.columns; ++s) sum += std::abs(row[s]);
            const float inverse = sum > 0 ? 1 / sum : 0.0F;
            for (int s = 0; s < pattern.columns; ++s) *out++ = std::abs(row[s]) * inverse;
        }
    }
    // Of m log2 m over all cells, m the mean of the two patterns.
    double sum_of(std::size_t a, std::size_t b) const {
        const float* first = values_.data() + a * width_;
        const float* second = values_.data() + b * width_;
        // Cells that each lane adds in float32 before a double takes over.
        constexpr std::size_t kRun = std::size_t{64} * kLanes;
        double total = 0;
        for (std::size_t begin = 0; begin < width_; begin += kRun) {
            Vec sums{};
            const std::size_t end = std::min(width_, begin + kRun);
            for (std::size_t i = begin; i < end; i += kLanes) {
                sums += times_own_log2((load_vec(first + i) + load_vec(second + i)) * 0.5F);
            }
            total += add_lanes(sums);
        }
        return total;
    }

    int rows_ = 0;
    std::size_t width_ = 0;
    std::vector<float> values_;
    std::vector<double> own_;  // sum_of each with itself
};

// Merges in the order of the chains, named by one leaf of each side.
struct ChainMerge {
    int a = 0;
    int b = 0;
    float height = 0;
};

// The nearest neighbour chain (Benzecri 1982): average linkage never brings two clusters nearer to
// a third, so that two that are each other's nearest can be merged at once.
class ChainLinkage {
  public:
    explicit ChainLinkage(const Distances& distances)
        : distances_(distances),
          sizes_(static_cast<std::size_t>(distances.count()), 1),
          is_there_(sizes_.size(), true) {}

    std::vector<ChainMerge> run() {
        std::vector<ChainMerge> merges;
        std::vector<int> chain;
        while (static_cast<int>(merges.size()) + 1 < distances_.count()) {
            if (chain.empty()) chain.push_back(first_there());
            const int last = chain.back();
            const int before = chain.size() > 1 ? chain[chain.size() - 2] : -1;
            const int nearest = find_nearest(last, before);
            if (nearest != before) {
                chain.push_back(nearest);
                continue;
            }
            chain.resize(chain.size() - 2);
            merges.push_back({before, last, distances_.at(before, last)});
            merge(std::min(before, last), std::max(before, last));
        }
        return merges;
    }

  private:
    int first_there() const {
        return static_cast<int>(std::find(is_there_.begin(), is_there_.end(), true) -
                                is_there_.begin());
    }
    // Among equals `before`, else the lowest.
    int find_nearest(int from, int before) const {
        int nearest = before;
        float least =
            before >= 0 ? distances_.at(from, before) : std::numeric_limits<float>::infinity();
        for (int i = 0; i < distances_.count(); ++i) {
            if (i == from || !is_there_[static_cast<std::size_t>(i)]) continue;
            if (distances_.at(from, i) < least || nearest < 0) {
                least = distances_.at(from, i);
                nearest = i;
            }
        }
        return nearest;
    }
    // What is left is called `into`.
    void merge(int into, int gone) {
        const auto size_a = static_cast<float>(sizes_[static_cast<std::size_t>(into)]);
        const auto size_b = static_cast<float>(sizes_[static_cast<std::size_t>(gone)]);
        is_there_[static_cast<std::size_t>(gone)] = false;
        for (int i = 0; i < distances_.count(); ++i) {
            if (i == into || !is_there_[static_cast<std::size_t>(i)]) continue;
            distances_.set(into, i,
                           (distances_.at(into, i) * size_a + distances_.at(gone, i) * size_b) /
                               (size_a + size_b));
        }
        sizes_[static_cast<std::size_t>(into)] += sizes_[static_cast<std::size_t>(gone)];
    }

    Distances distances_;
    std::vector<int> sizes_;
    std::vector<bool> is_there_;
};

// The first `count` merges joined; the group of each leaf.
std::vector<int> cut_after(const Dendrogram& tree, int count, std::span<const int> order) {
    std::vector<int> owner(static_cast<std::size_t>(tree.leaves) + tree.merges.size());
    std::iota(owner.begin(), owner.end(), 0);
    for (int i = count - 1; i >= 0; --i) {
        const Merge& merge = tree.merges[static_cast<std::size_t>(i)];
        const int own = owner[static_cast<std::size_t>(tree.leaves + i)];
        owner[static_cast<std::size_t>(merge.a)] = own;
        owner[static_cast<std::size_t>(merge.b)] = own;
    }
    std::vector<int> group_of_owner(owner.size(), -1);
    std::vector<int> groups(static_cast<std::size_t>(tree.leaves), 0);
    int next = 0;
    for (const int leaf : order) {
        int& group =
            group_of_owner[static_cast<std::size_t>(owner[static_cast<std::size_t>(leaf)])];
        if (group < 0) group = next++;
        groups[static_cast<std::size_t>(leaf)] = group;
    }
    return groups;
}

}  // namespace

int compared_row(int i, int rows) {
    const auto compared = static_cast<std::int64_t>(std::min(rows, kMostComparedRows));
    return static_cast<int>((2 * static_cast<std::int64_t>(i) + 1) * rows / (2 * compared));
}

Distances::Distances(int count)
    : count_(count), values_(static_cast<std::size_t>(count) * static_cast<std::size_t>(count)) {}

void Distances::set(int a, int b, float distance) {
    values_[place(a, b)] = distance;
    values_[place(b, a)] = distance;
}

Distances compute_pattern_distances(std::span<const PatternView> patterns,
                                    const CancelToken& cancel) {
    const PackedPatterns packed(patterns);
    Distances distances(static_cast<int>(patterns.size()));
    for (std::size_t a = 0; a < patterns.size(); ++a) {
        cancel.check();
        cancel.report(static_cast<int>(a), static_cast<int>(patterns.size()));
        for (std::size_t b = a + 1; b < patterns.size(); ++b) {
            distances.set(static_cast<int>(a), static_cast<int>(b), packed.distance(a, b));
        }
    }
    return distances;
}

Dendrogram link_average(const Distances& distances) {
    Dendrogram tree;
    tree.leaves = distances.count();
    std::vector<ChainMerge> found = ChainLinkage(distances).run();
    std::stable_sort(found.begin(), found.end(),
                     [](const ChainMerge& x, const ChainMerge& y) { return x.height < y.height; });
    // The cluster that each leaf belongs to so far, found along `parent`.
    std::vector<int> parent(static_cast<std::size_t>(tree.leaves) + found.size());
    std::iota(parent.begin(), parent.end(), 0);
    const auto top_of = [&parent](int node) {
        while (parent[static_cast<std::size_t>(node)] != node) {
            node = parent[static_cast<std::size_t>(node)] =
                parent[static_cast<std::size_t>(parent[static_cast<std::size_t>(node)])];
        }
        return node;
    };
    const auto size_of = [&tree](int node) {
        if (node < tree.leaves) return 1;
        return tree.merges[static_cast<std::size_t>(node - tree.leaves)].size;
    };
    for (const ChainMerge& merge : found) {
        const int a = top_of(merge.a);
        const int b = top_of(merge.b);
        const int made = tree.leaves + static_cast<int>(tree.merges.size());
        parent[static_cast<std::size_t>(a)] = parent[static_cast<std::size_t>(b)] = made;
        tree.merges.push_back(
            {std::min(a, b), std::max(a, b), merge.height, size_of(a) + size_of(b)});
    }
    return tree;
}

std::vector<int> order_leaves(const Dendrogram& tree, const Distances& distances) {
    if (tree.leaves == 0) return {};
    std::vector<std::vector<int>> rows;
    for (int leaf = 0; leaf < tree.leaves; ++leaf) rows.push_back({leaf});
    for (const Merge& merge : tree.merges) {
        std::vector<int> left = std::move(rows[static_cast<std::size_t>(merge.a)]);
        std::vector<int> right = std::move(rows[static_cast<std::size_t>(merge.b)]);
        const float ways[] = {
            distances.at(left.back(), right.front()), distances.at(left.back(), right.back()),
            distances.at(left.front(), right.front()), distances.at(left.front(), right.back())};
        const auto best = std::min_element(std::begin(ways), std::end(ways)) - std::begin(ways);
        if (best >= 2) std::reverse(left.begin(), left.end());
        if (best % 2 == 1) std::reverse(right.begin(), right.end());
        left.insert(left.end(), right.begin(), right.end());
        rows.push_back(std::move(left));
    }
    return rows.back();
}

std::vector<int> cut_into(const Dendrogram& tree, int groups, std::span<const int> order) {
    const int merges = static_cast<int>(tree.merges.size());
    return cut_after(tree, std::clamp(tree.leaves - groups, 0, merges), order);
}

std::vector<int> cut_at(const Dendrogram& tree, float height, std::span<const int> order) {
    const auto above = std::find_if(tree.merges.begin(), tree.merges.end(),
                                    [height](const Merge& merge) { return merge.height > height; });
    return cut_after(tree, static_cast<int>(above - tree.merges.begin()), order);
}

}  // namespace heed
