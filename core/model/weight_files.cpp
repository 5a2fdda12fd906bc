#include "core/model/weight_files.h"

#include <utility>

namespace heed {
namespace {

// Older files spell a norm's weight and bias gamma and beta.
std::string older_spelling(std::string_view name) {
    constexpr std::string_view kWeight = "LayerNorm.weight";
    constexpr std::string_view kBias = "LayerNorm.bias";
    const auto respell = [name](std::string_view ending, const char* older) {
        return std::string(name.substr(0, name.size() - ending.size())) + older;
    };
    if (name.ends_with(kWeight)) return respell(kWeight, "LayerNorm.gamma");
    if (name.ends_with(kBias)) return respell(kBias, "LayerNorm.beta");
    return "";
}

// The numbers of an entry: where they lie in the file if that is possible, else converted.
WeightValues fetch_values(const std::shared_ptr<const SafetensorsFolder>& folder,
                          const SafetensorsEntry& entry) {
    const auto address = reinterpret_cast<std::uintptr_t>(entry.bytes.data());
    if (entry.dtype == Dtype::kF32 && address % alignof(float) == 0) {
        return {folder, {reinterpret_cast<const float*>(entry.bytes.data()), entry.count()}};
    }
    const auto converted = std::make_shared<const Tensor>(read_tensor(entry));
    return {converted, converted->values()};
}

}  // namespace

SafetensorsWeights::SafetensorsWeights(std::shared_ptr<const SafetensorsFolder> folder)
    : folder_(std::move(folder)) {
    for (const SafetensorsEntry* tensor : folder_->entries()) {
        WeightEntry entry;
        entry.file = tensor->file;
        entry.name = tensor->name;
        entry.type = dtype_name(tensor->dtype);
        if (!is_float_dtype(tensor->dtype)) entry.wanted = "F32, F16, BF16 or F64";
        entry.extents = tensor->extents;
        entry.bytes = tensor->bytes;
        entry.fetch = [folder = folder_, tensor] { return fetch_values(folder, *tensor); };
        if (tensor->dtype == Dtype::kF16 || tensor->dtype == Dtype::kBF16) {
            const StoredType type =
                tensor->dtype == Dtype::kF16 ? StoredType::kF16 : StoredType::kBf16;
            entry.fetch_stored = [folder = folder_, tensor, type] {
                return StoredWeights{folder, tensor->bytes, type};
            };
        }
        entries_.emplace(tensor->name, std::move(entry));
    }
}

const WeightEntry* SafetensorsWeights::find(std::string_view name) const {
    auto found = entries_.find(name);
    if (found != entries_.end()) return &found->second;
    const std::string older = older_spelling(name);
    if (older.empty()) return nullptr;
    found = entries_.find(older);
    return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace heed
