#include "app/views/heads_order.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "app/ui/numbers.h"

namespace heed::app {

namespace {

// Weights on places, of which a head may have most on one.
constexpr std::array kPlaces{HeadMetric::kPrevious, HeadMetric::kNext, HeadMetric::kFirst,
                             HeadMetric::kOwn, HeadMetric::kSpecial};
constexpr double kMostly = 0.5;

std::optional<double> mean_of(const HeadsData& data, const std::vector<int>& heads,
                              HeadMetric metric) {
    double sum = 0;
    int count = 0;
    for (const int head : heads) {
        const std::optional<double>& value = data.metrics[static_cast<std::size_t>(head)][metric];
        if (!value) continue;
        sum += *value;
        ++count;
    }
    if (count == 0) return std::nullopt;
    return sum / count;
}

std::string two_decimals(double value) {
    return std::string(format_number(value, 2).view());
}

void sort_heads(const HeadsData& data, HeadMetric metric, std::vector<int>::iterator begin,
                std::vector<int>::iterator end) {
    const auto value = [&](int head) {
        return data.metrics[static_cast<std::size_t>(head)][metric].value_or(
            -std::numeric_limits<double>::infinity());
    };
    std::stable_sort(begin, end, [&](int a, int b) { return value(a) > value(b); });
}

// Each group's heads by layer and number, the groups along the order of the leaves.
void group_heads(const HeadsClusters& clusters, int wanted, HeadsArrangement& arrangement) {
    const std::vector<int> group_of = cut_into(clusters.tree, wanted, clusters.order);
    arrangement.order = clusters.order;
    for (int i = 0; i < static_cast<int>(arrangement.order.size()); ++i) {
        const auto head = static_cast<std::size_t>(arrangement.order[static_cast<std::size_t>(i)]);
        const int group = group_of[head];
        if (group >= static_cast<int>(arrangement.groups.size())) {
            arrangement.groups.push_back({i, i, 0, ""});
        }
        arrangement.groups.back().end = i + 1;
    }
}

// The attentions of each word under one caption, where there are several words.
void part_rows(const HeadList& list, HeadsArrangement& arrangement) {
    if (list.words.size() < 2) return;
    for (std::size_t part = 0; part < list.words.size(); ++part) {
        const auto is_in = [part](const HeadPlace& place) {
            return place.part == static_cast<int>(part);
        };
        const int begin = arrangement.groups.empty() ? 0 : arrangement.groups.back().end;
        const auto heads = std::count_if(list.heads.begin(), list.heads.end(), is_in);
        const auto rows = std::count(list.parts.begin(), list.parts.end(), static_cast<int>(part));
        arrangement.groups.push_back(
            {begin, begin + static_cast<int>(heads), static_cast<int>(rows), list.words[part]});
    }
}

}  // namespace

std::string metric_text(HeadMetric metric, const std::optional<double>& value) {
    if (!value) return "not available";
    const std::string_view unit = head_metric_row(metric).unit;
    return two_decimals(*value) + (unit.empty() ? "" : " " + std::string(unit));
}

std::string describe_heads(const HeadsData& data, const std::vector<int>& heads) {
    std::optional<double> most;
    HeadMetric place = HeadMetric::kPrevious;
    for (const HeadMetric metric : kPlaces) {
        const std::optional<double> mean = mean_of(data, heads, metric);
        if (!mean || (most && *mean <= *most)) continue;
        most = mean;
        place = metric;
    }
    if (!most) return "";
    const std::string named = std::string(head_metric_row(place).title) + " " + two_decimals(*most);
    if (*most >= kMostly) return "mostly " + named;
    const std::optional<double> entropy = mean_of(data, heads, HeadMetric::kEntropy);
    return (entropy ? "entropy " + two_decimals(*entropy) + " bits, " : "") + "most: " + named;
}

HeadsArrangement arrange_heads(const HeadList& list, const HeadsOptions& options,
                               const HeadsData* data, const HeadsClusters* clusters) {
    HeadsArrangement arrangement;
    arrangement.order.resize(list.heads.size());
    std::iota(arrangement.order.begin(), arrangement.order.end(), 0);
    const std::optional<HeadMetric> sort = HeadsOptions::metric_of(options.sort);
    if (options.groups > 0 && clusters != nullptr) {
        arrangement.is_grid = false;
        group_heads(*clusters, options.groups, arrangement);
    } else if (sort && data != nullptr) {
        arrangement.is_grid = false;
        sort_heads(*data, *sort, arrangement.order.begin(), arrangement.order.end());
    }
    if (arrangement.is_grid) {
        part_rows(list, arrangement);
        return arrangement;
    }
    for (std::size_t i = 0; i < arrangement.groups.size(); ++i) {
        HeadsGroup& group = arrangement.groups[i];
        const auto begin = arrangement.order.begin() + group.begin;
        const auto end = arrangement.order.begin() + group.end;
        if (sort && data != nullptr) sort_heads(*data, *sort, begin, end);
        const int count = group.end - group.begin;
        group.caption = "group " + std::to_string(i + 1) + ": " + std::to_string(count) +
                        (count == 1 ? " head" : " heads");
        if (data == nullptr) continue;
        const std::string told = describe_heads(*data, {begin, end});
        if (!told.empty()) group.caption += ", " + told;
    }
    return arrangement;
}

int step_in_order(const HeadsArrangement& arrangement, int columns, int from, int right, int down) {
    const std::vector<int>& order = arrangement.order;
    const auto at = std::find(order.begin(), order.end(), from);
    if (at == order.end() || columns < 1) return from;
    int place = static_cast<int>(at - order.begin());
    int begin = 0;
    int end = static_cast<int>(order.size());
    std::size_t group = 0;
    for (; group < arrangement.groups.size(); ++group) {
        begin = arrangement.groups[group].begin;
        end = arrangement.groups[group].end;
        if (place < end) break;
    }
    if (right != 0) {
        place = std::clamp(place + right, 0, static_cast<int>(order.size()) - 1);
    } else if (down > 0) {
        const bool is_last_row = (place - begin) / columns == (end - 1 - begin) / columns;
        if (!is_last_row) {
            place = std::min(place + columns, end - 1);
        } else if (group + 1 < arrangement.groups.size()) {
            const HeadsGroup& next = arrangement.groups[group + 1];
            place = std::min(next.begin + (place - begin) % columns, next.end - 1);
        }
    } else if (down < 0) {
        if (place - columns >= begin) {
            place -= columns;
        } else if (group > 0 && !arrangement.groups.empty()) {
            const HeadsGroup& before = arrangement.groups[group - 1];
            const int rows = (before.end - 1 - before.begin) / columns;
            place =
                std::min(before.begin + rows * columns + (place - begin) % columns, before.end - 1);
        }
    }
    return order[static_cast<std::size_t>(place)];
}

}  // namespace heed::app
