#include "core/model/weight_source.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/base/error.h"

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

WeightSource::WeightSource() : WeightSource(nullptr) {}

WeightSource::WeightSource(std::shared_ptr<const SafetensorsFolder> folder)
    : folder_(std::move(folder)), store_(std::make_shared<WeightStore>()), const_store_(store_) {}

const SafetensorsEntry* WeightSource::locate(std::string_view name) const {
    if (folder_ == nullptr) return nullptr;
    if (const SafetensorsEntry* entry = folder_->find(name)) return entry;
    const std::string older = older_spelling(name);
    return older.empty() ? nullptr : folder_->find(older);
}

std::string WeightSource::find_prefix(std::initializer_list<std::string_view> prefixes,
                                      std::string_view probe) const {
    HEED_CHECK(prefixes.size() > 0);
    for (const std::string_view prefix : prefixes) {
        if (has(std::string(prefix) + std::string(probe))) return std::string(prefix);
    }
    return std::string(*prefixes.begin());
}

std::string WeightSource::tied(const std::string& source, const std::string& target) const {
    const SafetensorsEntry* of_source = locate(source);
    const SafetensorsEntry* of_target = locate(target);
    if (of_target == nullptr) return source;
    if (of_source == nullptr) return target;
    const bool is_same = of_source->dtype == of_target->dtype &&
                         of_source->extents == of_target->extents &&
                         std::equal(of_source->bytes.begin(), of_source->bytes.end(),
                                    of_target->bytes.begin(), of_target->bytes.end());
    return is_same ? source : target;
}

int WeightSource::rows(std::string_view name, int fallback) const {
    const SafetensorsEntry* entry = locate(name);
    if (entry == nullptr || entry->extents.empty()) return fallback;
    constexpr std::int64_t kMaxRows = 1 << 24;
    if (entry->extents.front() < 1 || entry->extents.front() > kMaxRows) {
        throw Error(entry->file, name, "1 to " + std::to_string(kMaxRows) + " rows",
                    std::to_string(entry->extents.front()));
    }
    return static_cast<int>(entry->extents.front());
}

WeightView WeightSource::get(std::string_view name, std::string symbol, const Shape& shape) {
    const auto known = ids_.find(std::string(name));
    if (known == ids_.end()) {
        return WeightView::whole(*store_, add(name, shape), std::move(symbol), shape);
    }
    const std::vector<int>& extents = store_->extents(known->second);
    if (extents != shape.extents()) {
        throw Error(folder_ == nullptr ? "" : folder_->path(), name,
                    to_string(shape.extents()) + " as well", to_string(extents));
    }
    return WeightView::whole(*store_, known->second, std::move(symbol), shape);
}

WeightId WeightSource::add(std::string_view name, const Shape& shape) {
    std::string spelling(name);
    WeightStore::Fetch fetch;
    if (folder_ != nullptr) {
        const SafetensorsEntry* entry = locate(name);
        if (entry == nullptr) {
            throw Error(folder_->path(), name, "a tensor " + to_string(shape.extents()),
                        "no tensor of this name");
        }
        const std::vector<int> wanted = shape.extents();
        if (!std::equal(wanted.begin(), wanted.end(), entry->extents.begin(),
                        entry->extents.end())) {
            throw Error(entry->file, entry->name, to_string(wanted), to_string(entry->extents));
        }
        if (!is_float_dtype(entry->dtype)) {
            throw Error(entry->file, entry->name, "numbers of type F32, F16, BF16 or F64",
                        std::string(dtype_name(entry->dtype)));
        }
        numbers_of_type_[std::string(dtype_name(entry->dtype))] += entry->count();
        spelling = entry->name;
        fetch = [folder = folder_, entry] { return fetch_values(folder, *entry); };
    }
    const WeightId id = store_->add(std::move(spelling), shape.extents(), std::move(fetch));
    ids_.emplace(name, id);
    return id;
}

std::string WeightSource::types() const {
    if (numbers_of_type_.empty()) return "none";
    std::vector<std::pair<std::size_t, std::string>> types;
    for (const auto& [type, numbers] : numbers_of_type_) types.emplace_back(numbers, type);
    std::sort(types.rbegin(), types.rend());
    std::string text;
    for (const auto& [numbers, type] : types) text += (text.empty() ? "" : ", ") + type;
    return text;
}

}  // namespace heed
