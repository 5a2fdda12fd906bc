#include "core/analysis/head_clusters.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "core/base/error.h"
#include "tests/core/analysis/random_patterns.h"

using namespace heed;
using namespace heed::test;

namespace {

double naive_distance(const DrawnPattern& a, const DrawnPattern& b) {
    const auto term = [](double p, double m) { return p > 0 ? p * std::log2(p / m) : 0.0; };
    double sum = 0;
    for (int t = 0; t < a.rows; ++t) {
        for (int s = 0; s < a.columns; ++s) {
            const double p = a.at(t, s);
            const double q = b.at(t, s);
            sum += (term(p, (p + q) / 2) + term(q, (p + q) / 2)) / 2;
        }
    }
    return std::sqrt(sum / a.rows);
}

Distances draw_distances(int count, unsigned seed) {
    std::mt19937 random(seed);
    Distances distances(count);
    for (int a = 0; a < count; ++a) {
        for (int b = a + 1; b < count; ++b) {
            distances.set(a, b, static_cast<float>(random() % 1000003) / 1000003);
        }
    }
    return distances;
}

struct NaiveMerge {
    std::set<int> leaves;
    double height = 0;
};

// The two clusters whose leaves are nearest in the mean, again and again.
std::vector<NaiveMerge> link_naively(const Distances& distances) {
    std::vector<std::set<int>> clusters;
    for (int i = 0; i < distances.count(); ++i) clusters.push_back({i});
    std::vector<NaiveMerge> merges;
    while (clusters.size() > 1) {
        std::size_t best_a = 0;
        std::size_t best_b = 1;
        double best = std::numeric_limits<double>::infinity();
        for (std::size_t a = 0; a < clusters.size(); ++a) {
            for (std::size_t b = a + 1; b < clusters.size(); ++b) {
                double sum = 0;
                for (const int i : clusters[a]) {
                    for (const int j : clusters[b]) sum += static_cast<double>(distances.at(i, j));
                }
                sum /= static_cast<double>(clusters[a].size() * clusters[b].size());
                if (sum >= best) continue;
                best = sum;
                best_a = a;
                best_b = b;
            }
        }
        clusters[best_a].insert(clusters[best_b].begin(), clusters[best_b].end());
        merges.push_back({clusters[best_a], best});
        clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(best_b));
    }
    return merges;
}

std::set<int> leaves_of(const Dendrogram& tree, int node) {
    if (node < tree.leaves) return {node};
    const Merge& merge = tree.merges[static_cast<std::size_t>(node - tree.leaves)];
    std::set<int> leaves = leaves_of(tree, merge.a);
    leaves.merge(leaves_of(tree, merge.b));
    return leaves;
}

}  // namespace

TEST_SUITE_BEGIN("core/head_clusters");

TEST_CASE("the distance of two patterns is what a double loop finds") {
    for (const int length : {1, 2, 5, 11, 60}) {
        for (const bool is_causal : {false, true}) {
            CAPTURE(length);
            std::vector<DrawnPattern> drawn;
            std::vector<PatternView> views;
            for (unsigned seed = 1; seed <= 5; ++seed) {
                drawn.push_back(
                    draw_pattern(length, length, is_causal, seed, static_cast<float>(seed * seed)));
            }
            drawn.push_back(drawn.front());
            for (const DrawnPattern& pattern : drawn) views.push_back(pattern.view());
            const Distances distances = compute_pattern_distances(views, {});
            for (int a = 0; a < distances.count(); ++a) {
                for (int b = 0; b < distances.count(); ++b) {
                    const double want = naive_distance(drawn[static_cast<std::size_t>(a)],
                                                       drawn[static_cast<std::size_t>(b)]);
                    CHECK(std::abs(static_cast<double>(distances.at(a, b)) - want) < 2e-3);
                    const double squared = static_cast<double>(distances.at(a, b)) *
                                           static_cast<double>(distances.at(a, b));
                    CHECK(std::abs(squared - want * want) < 2e-6);
                }
            }
            CHECK(distances.at(0, 5) == 0);
        }
    }
}

TEST_CASE("patterns that share no key are at distance 1") {
    const DrawnPattern a{2, 2, {1, 0, 1, 0}};
    const DrawnPattern b{2, 2, {0, 1, 0, 1}};
    const PatternView views[] = {a.view(), b.view()};
    CHECK(compute_pattern_distances(views, {}).at(0, 1) == doctest::Approx(1));
}

TEST_CASE("linkage merges the clusters that the plain search merges, at the same heights") {
    for (const int count : {1, 2, 3, 10, 40}) {
        for (unsigned seed = 1; seed < 4; ++seed) {
            const Distances distances = draw_distances(count, seed);
            const Dendrogram tree = link_average(distances);
            const std::vector<NaiveMerge> want = link_naively(distances);
            REQUIRE(tree.merges.size() == want.size());
            for (std::size_t i = 0; i < want.size(); ++i) {
                CAPTURE(count);
                CAPTURE(i);
                const Merge& merge = tree.merges[i];
                CHECK(static_cast<double>(merge.height) ==
                      doctest::Approx(want[i].height).epsilon(1e-5));
                CHECK(leaves_of(tree, count + static_cast<int>(i)) == want[i].leaves);
                CHECK(merge.size == static_cast<int>(want[i].leaves.size()));
            }
        }
    }
}

TEST_CASE("the order keeps every cluster together and names every leaf once") {
    const Distances distances = draw_distances(30, 9);
    const Dendrogram tree = link_average(distances);
    const std::vector<int> order = order_leaves(tree, distances);
    CHECK(std::set<int>(order.begin(), order.end()).size() == 30);
    for (int i = 0; i < 29; ++i) {
        const std::set<int> leaves = leaves_of(tree, 30 + i);
        const auto first = std::find_if(order.begin(), order.end(),
                                        [&](int leaf) { return leaves.count(leaf) > 0; });
        for (std::size_t j = 0; j < leaves.size(); ++j) {
            CHECK(leaves.count(*(first + static_cast<std::ptrdiff_t>(j))) == 1);
        }
    }
}

TEST_CASE("cutting gives as many groups as asked, numbered along the order") {
    const Distances distances = draw_distances(20, 4);
    const Dendrogram tree = link_average(distances);
    const std::vector<int> order = order_leaves(tree, distances);
    for (const int wanted : {1, 2, 5, 20, 50}) {
        const std::vector<int> groups = cut_into(tree, wanted, order);
        CHECK(std::set<int>(groups.begin(), groups.end()).size() ==
              static_cast<std::size_t>(std::min(wanted, 20)));
        int before = 0;
        for (const int leaf : order) {
            const int group = groups[static_cast<std::size_t>(leaf)];
            CHECK((group == before || group == before + 1));
            before = group;
        }
    }
    const float height = tree.merges[9].height;
    CHECK(cut_at(tree, height, order) == cut_into(tree, 10, order));
}

TEST_CASE("no head and one head are no trouble") {
    CHECK(order_leaves(link_average(Distances(0)), Distances(0)).empty());
    CHECK(order_leaves(link_average(Distances(1)), Distances(1)) == std::vector<int>{0});
    CHECK(cut_into(link_average(Distances(1)), 3, std::vector<int>{0}) == std::vector<int>{0});
}

TEST_CASE("a cancelled comparison stops") {
    const DrawnPattern a = draw_pattern(4, 4, false, 1);
    const PatternView views[] = {a.view(), a.view()};
    CancelToken cancel;
    cancel.cancel();
    CHECK_THROWS_AS(compute_pattern_distances(views, cancel), Cancelled);
}

TEST_CASE("144 heads at 60 tokens are put in order") {
    std::vector<DrawnPattern> drawn;
    std::vector<PatternView> views;
    for (unsigned seed = 0; seed < 144; ++seed) drawn.push_back(draw_pattern(60, 60, false, seed));
    for (const DrawnPattern& pattern : drawn) views.push_back(pattern.view());
    const Distances distances = compute_pattern_distances(views, {});
    std::vector<int> order = order_leaves(link_average(distances), distances);
    std::sort(order.begin(), order.end());
    REQUIRE(order.size() == 144);
    for (int i = 0; i < 144; ++i) CHECK(order[static_cast<std::size_t>(i)] == i);
}
