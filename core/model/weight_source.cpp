#include "core/model/weight_source.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/base/error.h"

namespace heed {

WeightSource::WeightSource() : WeightSource(std::shared_ptr<const WeightFiles>()) {}

WeightSource::WeightSource(std::shared_ptr<const WeightFiles> files)
    : files_(std::move(files)), store_(std::make_shared<WeightStore>()), const_store_(store_) {}

const WeightEntry* WeightSource::locate(std::string_view name) const {
    return files_ == nullptr ? nullptr : files_->find(name);
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
    const WeightEntry* of_source = locate(source);
    const WeightEntry* of_target = locate(target);
    if (of_target == nullptr) return source;
    if (of_source == nullptr) return target;
    const bool is_same = of_source->type == of_target->type &&
                         of_source->extents == of_target->extents &&
                         std::equal(of_source->bytes.begin(), of_source->bytes.end(),
                                    of_target->bytes.begin(), of_target->bytes.end());
    return is_same ? source : target;
}

int WeightSource::rows(std::string_view name, int fallback) const {
    const WeightEntry* entry = locate(name);
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
        throw Error(files_ == nullptr ? "" : files_->path(), name,
                    to_string(shape.extents()) + " as well", to_string(extents));
    }
    return WeightView::whole(*store_, known->second, std::move(symbol), shape);
}

WeightId WeightSource::add(std::string_view name, const Shape& shape) {
    std::string spelling(name);
    WeightStore::Fetch fetch;
    WeightStore::FetchStored fetch_stored;
    if (files_ != nullptr) {
        const WeightEntry* entry = locate(name);
        if (entry == nullptr) {
            throw Error(files_->path(), name, "a tensor " + to_string(shape.extents()),
                        "no tensor of this name");
        }
        const std::vector<int> wanted = shape.extents();
        if (!std::equal(wanted.begin(), wanted.end(), entry->extents.begin(),
                        entry->extents.end())) {
            throw Error(entry->file, entry->name, to_string(wanted), to_string(entry->extents));
        }
        if (!entry->wanted.empty()) {
            throw Error(entry->file, entry->name, "numbers of type " + entry->wanted, entry->type);
        }
        numbers_of_type_[entry->type] += shape.count();
        spelling = entry->name;
        fetch = [files = files_, entry] { return entry->fetch(); };
        if (entry->fetch_stored != nullptr) {
            fetch_stored = [files = files_, entry] { return entry->fetch_stored(); };
        }
    }
    const WeightId id = store_->add(std::move(spelling), shape.extents(), std::move(fetch),
                                    std::move(fetch_stored));
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
