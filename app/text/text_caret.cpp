#include "app/text/text_caret.h"

#include <algorithm>
#include <numeric>

namespace heed::app {

namespace {

constexpr float kSeam = 0.01F;  // pixels; stretches that touch are one

// The cluster that the caret belongs to; the count of clusters in an empty line.
std::size_t cluster_of(const ShapedText& shaped, const Caret& caret) {
    const std::vector<ClusterPlace>& clusters = shaped.clusters;
    if (clusters.empty()) return 0;
    std::size_t next = 0;
    while (next < clusters.size() && clusters[next].begin < caret.at) ++next;
    const bool takes_before = next > 0 && (caret.is_after || next == clusters.size());
    return takes_before ? next - 1 : next;
}

std::vector<std::size_t> order_from_left(const ShapedText& shaped) {
    std::vector<std::size_t> order(shaped.clusters.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return shaped.clusters[a].left < shaped.clusters[b].left;
    });
    return order;
}

// The caret at one side of a cluster.
Caret at_side(const ClusterPlace& place, bool is_right) {
    const bool is_end = is_right != place.is_rtl;
    return {is_end ? place.end : place.begin, is_end};
}

}  // namespace

float caret_x(const ShapedText& shaped, const Caret& caret) {
    if (shaped.clusters.empty()) return 0;
    const ClusterPlace& place = shaped.clusters[cluster_of(shaped, caret)];
    const bool is_end = caret.at >= place.end;
    return is_end != place.is_rtl ? place.right : place.left;
}

Caret caret_near(const ShapedText& shaped, float x) {
    if (shaped.clusters.empty()) return {};
    const ClusterPlace* nearest = &shaped.clusters.front();
    float least = 1e30F;
    for (const ClusterPlace& place : shaped.clusters) {
        const float distance = std::max({0.0F, place.left - x, x - place.right});
        if (distance >= least) continue;
        least = distance;
        nearest = &place;
    }
    return at_side(*nearest, x > (nearest->left + nearest->right) / 2);
}

Caret caret_beside(const ShapedText& shaped, const Caret& caret, bool to_right) {
    if (shaped.clusters.empty()) return caret;
    const std::vector<std::size_t> order = order_from_left(shaped);
    const std::size_t own = cluster_of(shaped, caret);
    const auto place =
        static_cast<std::size_t>(std::find(order.begin(), order.end(), own) - order.begin());
    const bool is_end = caret.at >= shaped.clusters[own].end;
    const bool is_right_of_own = is_end != shaped.clusters[own].is_rtl;
    // The gap that the caret stands in; gap g lies left of order[g].
    const std::size_t gap = place + (is_right_of_own ? 1 : 0);
    if (to_right ? gap == order.size() : gap == 0) return caret;
    return at_side(shaped.clusters[order[to_right ? gap : gap - 1]], to_right);
}

std::vector<std::pair<float, float>> selected_stretches(const ShapedText& shaped, std::size_t begin,
                                                        std::size_t end) {
    std::vector<std::pair<float, float>> stretches;
    for (const std::size_t i : order_from_left(shaped)) {
        const ClusterPlace& place = shaped.clusters[i];
        if (place.begin < begin || place.end > end) continue;
        if (!stretches.empty() && place.left <= stretches.back().second + kSeam) {
            stretches.back().second = std::max(stretches.back().second, place.right);
        } else {
            stretches.emplace_back(place.left, place.right);
        }
    }
    return stretches;
}

}  // namespace heed::app
