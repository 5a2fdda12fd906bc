// What the numbers of a tensor are numbered by: named axes.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

namespace heed {

// One axis. `name` is a letter of the dimension key (core/README.md): T query position, S key
// position, D d_model, H head, K d_head, F d_mlp, V vocabulary, L layer, P label of a classifier.
struct Axis {
    std::string name;
    int extent = 0;
    int sequence = -1;  // for T and S: index of the sequence that gives the labels

    bool operator==(const Axis&) const = default;
};

class Shape {
  public:
    Shape() = default;
    Shape(std::initializer_list<Axis> axes) : axes_(axes) {}
    explicit Shape(std::vector<Axis> axes) : axes_(std::move(axes)) {}

    int rank() const { return static_cast<int>(axes_.size()); }
    const Axis& axis(int i) const;  // i < 0 counts from the back
    int extent(int i) const { return axis(i).extent; }
    const std::vector<Axis>& axes() const { return axes_; }
    std::vector<int> extents() const;
    std::size_t count() const;  // numbers in the tensor; 1 for rank 0

    bool operator==(const Shape&) const = default;

  private:
    std::vector<Axis> axes_;
};

// "[H=2, T=5, K=3]"
std::string to_string(const Shape& shape);
// "[2, 5, 3]"
std::string to_string(const std::vector<int>& extents);

// Row-major position of `index` in a tensor of `extents`. Both are checked (Bug).
std::size_t flat_index(const std::vector<int>& extents, const std::vector<int>& index);
// The index of the row-major position `flat`.
std::vector<int> unflatten(const std::vector<int>& extents, std::size_t flat);

}  // namespace heed
