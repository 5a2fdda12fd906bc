#include "core/tensor/tensor.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"

namespace heed {

Tensor::Tensor(std::vector<int> extents) : extents_(std::move(extents)), size_(1) {
    for (const int extent : extents_) {
        HEED_CHECK_LE(0, extent);
        size_ *= static_cast<std::size_t>(extent);
    }
    data_ = std::make_unique_for_overwrite<float[]>(size_);
}

Tensor::Tensor(std::vector<int> extents, std::vector<float> values) : Tensor(std::move(extents)) {
    HEED_CHECK_EQ(size_, values.size());
    std::copy(values.begin(), values.end(), data_.get());
}

int Tensor::extent(int i) const {
    const int at = i < 0 ? rank() + i : i;
    HEED_CHECK_LE(0, at);
    HEED_CHECK_LT(at, rank());
    return extents_[static_cast<std::size_t>(at)];
}

Tensor Tensor::clone() const {
    Tensor copy(extents_);
    std::copy(data_.get(), data_.get() + size_, copy.data());
    return copy;
}

Stats compute_stats(std::span<const float> values) {
    Stats stats;
    double sum = 0;
    for (const float value : values) {
        if (!std::isfinite(value)) {
            ++stats.non_finite;
            continue;
        }
        stats.min = stats.finite == 0 ? value : std::min(stats.min, value);
        stats.max = stats.finite == 0 ? value : std::max(stats.max, value);
        ++stats.finite;
        sum += static_cast<double>(value);
    }
    if (stats.finite == 0) return stats;
    stats.mean = sum / static_cast<double>(stats.finite);
    double squares = 0;
    for (const float value : values) {
        if (!std::isfinite(value)) continue;
        const double distance = static_cast<double>(value) - stats.mean;
        squares += distance * distance;
    }
    stats.deviation = std::sqrt(squares / static_cast<double>(stats.finite));
    stats.abs_max = std::max(std::abs(stats.min), std::abs(stats.max));
    return stats;
}

}  // namespace heed
