// An owning block of float32, row-major.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/tensor/shape.h"

namespace heed {

class Tensor {
  public:
    Tensor() = default;
    // Memory is not initialised.
    explicit Tensor(std::vector<int> extents);
    Tensor(std::vector<int> extents, std::vector<float> values);  // sizes must agree (Bug)

    const std::vector<int>& extents() const { return extents_; }
    int rank() const { return static_cast<int>(extents_.size()); }
    int extent(int i) const;  // i < 0 counts from the back
    std::size_t size() const { return size_; }

    std::span<float> values() { return {data_.get(), size_}; }
    std::span<const float> values() const { return {data_.get(), size_}; }
    float* data() { return data_.get(); }
    const float* data() const { return data_.get(); }
    float at(const std::vector<int>& index) const { return data_[flat_index(extents_, index)]; }

    Tensor clone() const;

  private:
    std::vector<int> extents_;
    std::size_t size_ = 0;
    std::unique_ptr<float[]> data_;
};

// Summary of the finite values of a span; `non_finite` counts the others.
struct Stats {
    float min = 0;
    float max = 0;
    float abs_max = 0;
    double mean = 0;
    double deviation = 0;  // root of the mean squared distance from the mean
    std::size_t finite = 0;
    std::size_t non_finite = 0;
};
Stats compute_stats(std::span<const float> values);

}  // namespace heed
