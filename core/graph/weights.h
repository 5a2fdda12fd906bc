// The numbers a model was trained to: tensors as the file has them, and views of them as the
// formulas want them. It knows no file format: whoever opens the file hands over a way to get the
// values.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "core/tensor/shape.h"

namespace heed {

using WeightId = int;

// Where the float32 values of a tensor lie. `owner` keeps them alive.
struct WeightValues {
    std::shared_ptr<const void> owner;
    std::span<const float> values;
};

// How a file may hold numbers that a device can read as they are.
enum class StoredType { kF32, kF16, kBf16 };

// The bytes of a tensor's numbers, little-endian, row-major. `owner` keeps them alive.
struct StoredWeights {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> bytes;
    StoredType type = StoredType::kF32;
};

// All weight tensors of a model. Values are fetched (mapped or converted) at first use.
class WeightStore {
  public:
    using Fetch = std::function<WeightValues()>;
    using FetchStored = std::function<StoredWeights()>;

    // Adds a tensor of `extents`; `fetch` is called at most once and gives that many values. A null
    // fetch makes a tensor that has a shape but no values (a model looked at without its weights).
    // `fetch_stored` may give the same numbers as the file has them, of 16 bits.
    WeightId add(std::string name, std::vector<int> extents, Fetch fetch,
                 FetchStored fetch_stored = nullptr);

    int size() const { return static_cast<int>(tensors_.size()); }
    const std::string& name(WeightId id) const;
    const std::vector<int>& extents(WeightId id) const;
    bool has_values(WeightId id) const;
    // The values, row-major. Safe from several threads. Throws what the fetch throws.
    std::span<const float> values(WeightId id) const;
    // How stored() has the values.
    StoredType stored_type(WeightId id) const;
    // The values as the file has them where that is of 16 bits, else as values() does.
    StoredWeights stored(WeightId id) const;
    std::size_t count() const;  // numbers in all tensors

  private:
    struct Tensor {
        std::string name;
        std::vector<int> extents;
        Fetch fetch;
        FetchStored fetch_stored;
        StoredType stored_type = StoredType::kF32;
        mutable std::once_flag once;
        mutable WeightValues fetched;
    };
    const Tensor& tensor(WeightId id) const;
    std::vector<std::unique_ptr<Tensor>> tensors_;
};

// A tensor seen through strides: `at(i, j, ...) = values[offset + i * strides[0] + j * strides[1]
// ...]` where no axis is grouped. Transposed, sliced and fused matrices of files become views with
// the axes that the formula has.
struct WeightView {
    WeightId tensor = -1;
    std::string symbol;  // what the formula calls it: "W_Q"
    Shape shape;         // axes of the view
    std::vector<std::ptrdiff_t> strides;
    std::ptrdiff_t offset = 0;
    // Entries of one axis may lie in groups of `group`, `gap` numbers further apart than the others
    // (Falcon's queries, with the keys and values of each group between them). -1: none do.
    int grouped_axis = -1;
    int group = 1;
    std::ptrdiff_t gap = 0;

    // The whole tensor, with its axes named; extents must be the tensor's (Bug).
    static WeightView whole(const WeightStore& store, WeightId tensor, std::string symbol,
                            const Shape& shape);
    // The same numbers with two axes exchanged.
    WeightView transposed(int a, int b) const;
    // `count` entries of `axis` from `begin` on.
    WeightView narrowed(int axis, int begin, int count) const;
    // `axis` in two: entry i becomes (i / inner.extent, i % inner.extent).
    WeightView split(int axis, Axis outer, Axis inner) const;
    // `axis` and the one after it as one: entries (i, j) become i * extent + j.
    WeightView joined(int axis, Axis whole) const;
    // Without `axis`, at its entry `at`.
    WeightView picked(int axis, int at) const;

    std::ptrdiff_t step(int axis, int entry) const;  // from entry 0 to `entry`, in numbers
    std::ptrdiff_t position(const std::vector<int>& index) const;  // in the tensor's values
};

}  // namespace heed
