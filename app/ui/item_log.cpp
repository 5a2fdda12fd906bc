#include "app/ui/item_log.h"

#include <algorithm>

#include "core/base/check.h"

namespace heed::app {

void ItemLog::begin_frame(bool record) {
    recording_ = record;
    items_.clear();
    positions_.clear();
}

void ItemLog::add(std::string_view id, std::string_view kind, std::string_view text,
                  std::optional<double> value, const Rect& rect, const Rect& clip) {
    HEED_CHECK(recording_);
    const auto [at, is_new] = positions_.emplace(std::string(id), items_.size());
    if (!is_new) report_bug(__FILE__, __LINE__, "two items with the id " + at->first);
    const Rect visible = intersect(rect, clip);
    items_.push_back({std::string(id), std::string(kind), std::string(text), value,
                      visible.is_empty() ? std::nullopt : std::optional<Rect>(visible)});
}

const Item* ItemLog::find(std::string_view id) const {
    const auto at = positions_.find(std::string(id));
    return at == positions_.end() ? nullptr : &items_[at->second];
}

std::string_view ItemLog::find_nearest(std::string_view id) const {
    std::string_view nearest;
    std::size_t most = 0;
    for (const Item& item : items_) {
        const std::size_t length = std::min(item.id.size(), id.size());
        std::size_t shared = 0;
        while (shared < length && item.id[shared] == id[shared]) ++shared;
        if (shared > most) {
            most = shared;
            nearest = item.id;
        }
    }
    return nearest;
}

std::string indexed_id(std::string_view id, std::initializer_list<int> index) {
    std::string text(id);
    char before = '[';
    for (const int i : index) {
        text += before;
        text += std::to_string(i);
        before = ',';
    }
    text += ']';
    return text;
}

}  // namespace heed::app
