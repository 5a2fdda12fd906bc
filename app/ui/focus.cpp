#include "app/ui/focus.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "app/ui/keys.h"

namespace heed::app {

namespace {

// How far `to` lies in the direction of the arrow; negative where it lies elsewhere. Sideways
// counts double, so that a column is walked before its neighbour.
float measure_step(const Rect& from, const Rect& to, int right, int down) {
    const float dx = to.centre().x - from.centre().x;
    const float dy = to.centre().y - from.centre().y;
    const float along = dx * static_cast<float>(right) + dy * static_cast<float>(down);
    const float aside = std::abs(right != 0 ? dy : dx);
    return along > 0.5F && aside <= 2 * along ? along + 2 * aside : -1.0F;
}

}  // namespace

FocusKey focus_key(std::string_view id) {
    const FocusKey key = std::hash<std::string_view>()(id);
    return key == 0 ? 1 : key;
}

void FocusState::begin_frame(const FocusKeys& keys) {
    keys_ = keys;
    has_arrived_ = false;
    int top = 0;
    for (const Stop& stop : stops_) top = std::max(top, stop.layer);
    before_.clear();
    std::copy_if(stops_.begin(), stops_.end(), std::back_inserter(before_),
                 [top](const Stop& stop) { return stop.layer == top; });
    stops_.clear();
    layer_ = 0;
    group_ = 0;
    ring_.reset();
    focused_id_.clear();

    if (keys.mouse) shows_ring_ = false;
    const Stop* stop = find_before(focused_);
    if (stop != nullptr) place_ = static_cast<std::size_t>(stop - before_.data());
    // A menu has the keys whether or not they opened it.
    const bool is_ours = stop != nullptr && !keys.is_typing && (shows_ring_ || top > 0);
    const bool is_picture = is_ours && stop->kind == FocusKind::kPicture;
    takes_press_ = is_ours && !is_picture;
    takes_arrows_ = takes_press_ && (stop->kind == FocusKind::kValue || stop->group != 0);
    takes_escape_ = is_ours && top == 0;

    if (keys.tab || keys.back_tab) {
        walk(keys.tab ? 1 : -1);
    } else if (takes_escape_ && keys.escape) {
        leave();
    } else if (takes_arrows_ && stop->kind != FocusKind::kValue) {
        move_in_group();
    }
}

void FocusState::walk(int by) {
    if (before_.empty()) return;
    // Groups count once, at the place of their first stop.
    std::vector<FocusKey> entries;
    std::vector<FocusKey> groups;
    std::size_t here = 0;  // one more than the present entry's place; 0: none
    for (std::size_t i = 0; i < before_.size(); ++i) {
        const Stop& stop = before_[i];
        const bool is_present = stop.key == focused_;
        if (stop.group == 0) {
            entries.push_back(stop.key);
            groups.push_back(0);
        } else if (std::find(groups.begin(), groups.end(), stop.group) == groups.end()) {
            entries.push_back(stop.key);
            groups.push_back(stop.group);
        }
        if (!is_present) continue;
        const auto group = std::find(groups.begin(), groups.end(), stop.group);
        here =
            stop.group == 0 ? entries.size() : static_cast<std::size_t>(group - groups.begin()) + 1;
    }
    const std::size_t count = entries.size();
    std::size_t next = by > 0 ? 0 : count - 1;
    if (here > 0) {
        next = by > 0 ? here % count : (here + count - 2) % count;
    } else if (focused_ != 0) {
        // What had the keys is gone: on from about where it was.
        next = std::min(place_, count - 1);
    }
    give(groups[next] != 0 ? entry_of(groups[next]) : entries[next], true);
}

FocusKey FocusState::entry_of(FocusKey group) const {
    const auto chosen = chosen_.find(group);
    FocusKey first = 0;
    for (const Stop& stop : before_) {
        if (stop.group != group) continue;
        if (first == 0) first = stop.key;
        if (chosen != chosen_.end() && stop.key == chosen->second) return stop.key;
    }
    return first;
}

void FocusState::move_in_group() {
    const Stop* from = find_before(focused_);
    const auto in_group = [&](const Stop& stop) { return stop.group == from->group; };
    if (keys_.home || keys_.end) {
        const auto first = std::find_if(before_.begin(), before_.end(), in_group);
        const auto last = std::find_if(before_.rbegin(), before_.rend(), in_group);
        give(keys_.home ? first->key : last->key, true);
        return;
    }
    if (keys_.right == 0 && keys_.down == 0) return;
    const Stop* best = nullptr;
    float least = 0;
    for (const Stop& stop : before_) {
        if (!in_group(stop) || stop.key == focused_) continue;
        const float far = measure_step(from->rect, stop.rect, keys_.right, keys_.down);
        if (far < 0 || (best != nullptr && far >= least)) continue;
        best = &stop;
        least = far;
    }
    if (best != nullptr) give(best->key, true);
}

const FocusState::Stop* FocusState::find_before(FocusKey key) const {
    if (key == 0) return nullptr;
    const auto at = std::find_if(before_.begin(), before_.end(),
                                 [key](const Stop& stop) { return stop.key == key; });
    return at == before_.end() ? nullptr : &*at;
}

void FocusState::give(std::string_view id, bool by_keys) {
    give(focus_key(id), by_keys);
}

void FocusState::give(FocusKey key, bool by_keys) {
    focused_ = key;
    shows_ring_ = by_keys;
    has_arrived_ = by_keys;
}

void FocusState::leave() {
    focused_ = 0;
    shows_ring_ = false;
}

void FocusState::begin_group(std::string_view id, std::string_view chosen) {
    group_ = focus_key(id);
    if (!chosen.empty()) chosen_[group_] = focus_key(chosen);
}

FocusAnswer FocusState::add(std::string_view id, const Rect& rect, FocusKind kind) {
    FocusAnswer answer;
    if (kind == FocusKind::kMouseOnly || rect.is_empty()) return answer;
    const FocusKey key = focus_key(id);
    stops_.push_back({key, group_, layer_, kind, rect});
    if (key != focused_) return answer;
    answer.is_focused = true;
    answer.shows = shows_ring_ || layer_ > 0;
    answer.has_arrived = has_arrived_;
    focused_id_.assign(id);
    if (kind != FocusKind::kItem && shows_ring_) ring_ = rect;
    // What has only just arrived was not there when the key went down.
    if (has_arrived_ || !takes_press_) return answer;
    answer.was_pressed = keys_.press;
    if (kind != FocusKind::kValue) return answer;
    answer.right = keys_.right;
    answer.down = keys_.down;
    answer.home = keys_.home;
    answer.end = keys_.end;
    return answer;
}

bool FocusState::takes(int key) const {
    switch (key) {
        case kKeyTab:
            return !before_.empty();
        case kKeyEnter:
        case kKeyKeypadEnter:
        case kKeySpace:
            return takes_press_;
        case kKeyLeft:
        case kKeyRight:
        case kKeyUp:
        case kKeyDown:
        case kKeyHome:
        case kKeyEnd:
            return takes_arrows_;
        case kKeyEscape:
            return takes_escape_;
        default:
            return false;
    }
}

}  // namespace heed::app
