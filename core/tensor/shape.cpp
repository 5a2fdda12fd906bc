#include "core/tensor/shape.h"

#include "core/base/check.h"

namespace heed {

const Axis& Shape::axis(int i) const {
    const int at = i < 0 ? rank() + i : i;
    HEED_CHECK_LE(0, at);
    HEED_CHECK_LT(at, rank());
    return axes_[static_cast<std::size_t>(at)];
}

std::vector<int> Shape::extents() const {
    std::vector<int> out;
    out.reserve(axes_.size());
    for (const Axis& axis : axes_) out.push_back(axis.extent);
    return out;
}

std::size_t Shape::count() const {
    std::size_t count = 1;
    for (const Axis& axis : axes_) count *= static_cast<std::size_t>(axis.extent);
    return count;
}

std::string to_string(const Shape& shape) {
    std::string out = "[";
    for (int i = 0; i < shape.rank(); ++i) {
        if (i > 0) out += ", ";
        out += shape.axis(i).name + "=" + std::to_string(shape.extent(i));
    }
    return out + "]";
}

std::string to_string(const std::vector<int>& extents) {
    std::string out = "[";
    for (std::size_t i = 0; i < extents.size(); ++i) {
        if (i > 0) out += ", ";
        out += std::to_string(extents[i]);
    }
    return out + "]";
}

std::size_t flat_index(const std::vector<int>& extents, const std::vector<int>& index) {
    HEED_CHECK_EQ(extents.size(), index.size());
    std::size_t flat = 0;
    for (std::size_t i = 0; i < extents.size(); ++i) {
        HEED_CHECK_LE(0, index[i]);
        HEED_CHECK_LT(index[i], extents[i]);
        flat = flat * static_cast<std::size_t>(extents[i]) + static_cast<std::size_t>(index[i]);
    }
    return flat;
}

std::vector<int> unflatten(const std::vector<int>& extents, std::size_t flat) {
    std::vector<int> index(extents.size());
    for (std::size_t i = extents.size(); i-- > 0;) {
        HEED_CHECK_LT(0, extents[i]);
        const auto extent = static_cast<std::size_t>(extents[i]);
        index[i] = static_cast<int>(flat % extent);
        flat /= extent;
    }
    HEED_CHECK_EQ(flat, 0u);
    return index;
}

}  // namespace heed
