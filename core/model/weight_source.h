// Where a family gets its weights from: tensors of files, each fetched by name with the shape
// that the family expects, or the same shapes without numbers where a folder has only a config.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/graph/weights.h"
#include "core/model/weight_files.h"

namespace heed {

class WeightSource {
  public:
    // Shapes only: every tensor that is asked for is there, and has no numbers.
    WeightSource();
    explicit WeightSource(std::shared_ptr<const WeightFiles> files);

    bool has_values() const { return files_ != nullptr; }
    // Whether the files have the tensor; false where there are no files.
    bool has(std::string_view name) const { return locate(name) != nullptr; }
    // The first of `prefixes` with which the files have `probe`; the first of all where none does.
    std::string find_prefix(std::initializer_list<std::string_view> prefixes,
                            std::string_view probe) const;
    // Of two tensors that a model shares, the one to read: `target` where the files have it with
    // other numbers than `source`, or do not have `source`; else `source`.
    std::string tied(const std::string& source, const std::string& target) const;
    // Rows of a tensor that the files have (its first extent), else `fallback`.
    int rows(std::string_view name, int fallback) const;

    // The tensor `name`; its extents must be those of `shape`. Throws Error: no such tensor,
    // another shape, numbers that are no floats. A tensor asked for twice is held once.
    WeightView get(std::string_view name, std::string symbol, const Shape& shape);

    const std::shared_ptr<const WeightStore>& store() const { return const_store_; }
    // Number types of the tensors fetched so far, the most frequent first: "F32, F16".
    std::string types() const;

  private:
    const WeightEntry* locate(std::string_view name) const;
    WeightId add(std::string_view name, const Shape& shape);

    std::shared_ptr<const WeightFiles> files_;
    std::shared_ptr<WeightStore> store_;
    std::shared_ptr<const WeightStore> const_store_;
    std::unordered_map<std::string, WeightId> ids_;
    std::map<std::string, std::size_t> numbers_of_type_;
};

}  // namespace heed
