#include "core/analysis/ranks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/check.h"

namespace heed {
namespace {

std::size_t at(int id) {
    return static_cast<std::size_t>(id);
}

bool comes_before(std::span<const float> logits, int a, int b) {
    return logits[at(a)] != logits[at(b)] ? logits[at(a)] > logits[at(b)] : a < b;
}

// What a softmax divides by, and what it takes off every logit before.
struct Divisor {
    double most = 0;
    double sum = 1;
};
Divisor find_divisor(std::span<const float> logits) {
    Divisor divisor;
    divisor.most = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    if (divisor.most == -std::numeric_limits<double>::infinity()) return {0, 1};
    divisor.sum = 0;
    for (const float logit : logits) {
        divisor.sum += std::exp(static_cast<double>(logit) - divisor.most);
    }
    return divisor;
}

RankedEntry make_entry(std::span<const float> logits, int id, int rank, const Divisor& divisor) {
    const auto logit = static_cast<double>(logits[at(id)]);
    return {id, logit, std::exp(logit - divisor.most) / divisor.sum, rank};
}

}  // namespace

std::vector<RankedEntry> rank_top(std::span<const float> logits, int count) {
    const auto size = static_cast<int>(logits.size());
    const int kept = std::clamp(count, 0, size);
    std::vector<int> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    std::partial_sort(ids.begin(), ids.begin() + kept, ids.end(),
                      [&](int a, int b) { return comes_before(logits, a, b); });
    std::vector<RankedEntry> top;
    if (kept == 0) return top;
    const Divisor divisor = find_divisor(logits);
    for (int i = 0; i < kept; ++i) top.push_back(make_entry(logits, ids[at(i)], i, divisor));
    return top;
}

RankedEntry rank_entry(std::span<const float> logits, int id) {
    HEED_CHECK_LE(0, id);
    HEED_CHECK_LT(at(id), logits.size());
    int rank = 0;
    for (int other = 0; at(other) < logits.size(); ++other) {
        if (comes_before(logits, other, id)) ++rank;
    }
    return make_entry(logits, id, rank, find_divisor(logits));
}

}  // namespace heed
