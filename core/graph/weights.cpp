#include "core/graph/weights.h"

#include "core/base/check.h"

namespace heed {
namespace {

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

}  // namespace

WeightId WeightStore::add(std::string name, std::vector<int> extents, Fetch fetch,
                          FetchStored fetch_stored) {
    auto tensor = std::make_unique<Tensor>();
    tensor->name = std::move(name);
    tensor->extents = std::move(extents);
    tensor->fetch = std::move(fetch);
    tensor->fetch_stored = std::move(fetch_stored);
    if (tensor->fetch_stored != nullptr) tensor->stored_type = tensor->fetch_stored().type;
    tensors_.push_back(std::move(tensor));
    return size() - 1;
}

const WeightStore::Tensor& WeightStore::tensor(WeightId id) const {
    HEED_CHECK_LE(0, id);
    HEED_CHECK_LT(id, size());
    return *tensors_[at(id)];
}

const std::string& WeightStore::name(WeightId id) const {
    return tensor(id).name;
}

const std::vector<int>& WeightStore::extents(WeightId id) const {
    return tensor(id).extents;
}

bool WeightStore::has_values(WeightId id) const {
    return tensor(id).fetch != nullptr;
}

std::span<const float> WeightStore::values(WeightId id) const {
    const Tensor& wanted = tensor(id);
    HEED_CHECK(wanted.fetch != nullptr);
    std::call_once(wanted.once, [&wanted] {
        WeightValues fetched = wanted.fetch();
        std::size_t count = 1;
        for (const int extent : wanted.extents) count *= at(extent);
        HEED_CHECK_EQ(fetched.values.size(), count);
        wanted.fetched = std::move(fetched);
    });
    return wanted.fetched.values;
}

StoredType WeightStore::stored_type(WeightId id) const {
    return tensor(id).stored_type;
}

StoredWeights WeightStore::stored(WeightId id) const {
    const Tensor& wanted = tensor(id);
    if (wanted.fetch_stored != nullptr) return wanted.fetch_stored();
    const std::span<const float> held = values(id);
    return {wanted.fetched.owner, std::as_bytes(held), StoredType::kF32};
}

std::size_t WeightStore::count() const {
    std::size_t count = 0;
    for (const auto& tensor : tensors_) {
        std::size_t numbers = 1;
        for (const int extent : tensor->extents) numbers *= at(extent);
        count += numbers;
    }
    return count;
}

WeightView WeightView::whole(const WeightStore& store, WeightId tensor, std::string symbol,
                             const Shape& shape) {
    HEED_CHECK_EQ(to_string(shape.extents()), to_string(store.extents(tensor)));
    WeightView view;
    view.tensor = tensor;
    view.symbol = std::move(symbol);
    view.shape = shape;
    view.strides.resize(at(shape.rank()));
    std::ptrdiff_t stride = 1;
    for (int i = shape.rank() - 1; i >= 0; --i) {
        view.strides[at(i)] = stride;
        stride *= shape.extent(i);
    }
    return view;
}

WeightView WeightView::transposed(int a, int b) const {
    std::vector<Axis> axes = shape.axes();
    WeightView view = *this;
    std::swap(axes[at(a)], axes[at(b)]);
    std::swap(view.strides[at(a)], view.strides[at(b)]);
    if (grouped_axis == a) view.grouped_axis = b;
    if (grouped_axis == b) view.grouped_axis = a;
    view.shape = Shape(std::move(axes));
    return view;
}

WeightView WeightView::narrowed(int axis, int begin, int count) const {
    HEED_CHECK_LE(0, begin);
    HEED_CHECK_LE(begin + count, shape.extent(axis));
    std::vector<Axis> axes = shape.axes();
    axes[at(axis)].extent = count;
    WeightView view = *this;
    view.offset += step(axis, begin);
    if (axis == grouped_axis && count == 1) view.grouped_axis = -1;
    if (axis == view.grouped_axis) HEED_CHECK_EQ(begin % group, 0);
    view.shape = Shape(std::move(axes));
    return view;
}

WeightView WeightView::split(int axis, Axis outer, Axis inner) const {
    HEED_CHECK_EQ(outer.extent * inner.extent, shape.extent(axis));
    HEED_CHECK(axis != grouped_axis);
    std::vector<Axis> axes = shape.axes();
    WeightView view = *this;
    if (grouped_axis > axis) ++view.grouped_axis;
    const std::ptrdiff_t stride = strides[at(axis)];
    view.strides[at(axis)] = stride * inner.extent;
    view.strides.insert(view.strides.begin() + axis + 1, stride);
    axes[at(axis)] = std::move(outer);
    axes.insert(axes.begin() + axis + 1, std::move(inner));
    view.shape = Shape(std::move(axes));
    return view;
}

WeightView WeightView::joined(int axis, Axis whole) const {
    const int inner = shape.extent(axis + 1);
    HEED_CHECK_EQ(grouped_axis, -1);
    HEED_CHECK_EQ(whole.extent, shape.extent(axis) * inner);
    std::vector<Axis> axes = shape.axes();
    WeightView view = *this;
    const std::ptrdiff_t outer_stride = strides[at(axis)];
    const std::ptrdiff_t inner_stride = inner > 1 ? strides[at(axis + 1)] : outer_stride;
    view.strides[at(axis)] = inner_stride;
    view.strides.erase(view.strides.begin() + axis + 1);
    view.gap = outer_stride - inner * inner_stride;
    if (view.gap != 0 && shape.extent(axis) > 1) {
        view.grouped_axis = axis;
        view.group = inner;
    }
    axes[at(axis)] = std::move(whole);
    axes.erase(axes.begin() + axis + 1);
    view.shape = Shape(std::move(axes));
    return view;
}

WeightView WeightView::picked(int axis, int entry) const {
    WeightView view = narrowed(axis, entry, 1);
    if (view.grouped_axis > axis) --view.grouped_axis;
    std::vector<Axis> axes = view.shape.axes();
    axes.erase(axes.begin() + axis);
    view.strides.erase(view.strides.begin() + axis);
    view.shape = Shape(std::move(axes));
    return view;
}

std::ptrdiff_t WeightView::step(int axis, int entry) const {
    const std::ptrdiff_t plain = entry * strides[at(axis)];
    return axis == grouped_axis ? plain + entry / group * gap : plain;
}

std::ptrdiff_t WeightView::position(const std::vector<int>& index) const {
    HEED_CHECK_EQ(index.size(), strides.size());
    std::ptrdiff_t where = offset;
    for (std::size_t i = 0; i < index.size(); ++i) {
        HEED_CHECK_LE(0, index[i]);
        HEED_CHECK_LT(index[i], shape.extent(static_cast<int>(i)));
        where += step(static_cast<int>(i), index[i]);
    }
    return where;
}

}  // namespace heed
