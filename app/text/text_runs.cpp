#include "app/text/text_runs.h"

#include <fribidi.h>
#include <hb.h>

#include <algorithm>
#include <numeric>

#include "core/base/check.h"

namespace heed::app {

namespace {

// Before U+0590 nothing is read from the right, and there are no marks that would make it so.
bool is_plain(std::span<const CodePoint> points) {
    return std::all_of(points.begin(), points.end(),
                       [](const CodePoint& point) { return point.value < 0x590; });
}

FriBidiParType base_of(TextDirection direction) {
    if (direction == TextDirection::kLeftToRight) return FRIBIDI_PAR_LTR;
    if (direction == TextDirection::kRightToLeft) return FRIBIDI_PAR_RTL;
    return FRIBIDI_PAR_ON;
}

std::vector<FriBidiLevel> compute_levels(std::span<const CodePoint> points, TextDirection direction,
                                         bool& is_rtl) {
    const auto count = static_cast<FriBidiStrIndex>(points.size());
    std::vector<FriBidiChar> characters;
    for (const CodePoint& point : points) characters.push_back(point.value);
    std::vector<FriBidiCharType> types(points.size());
    fribidi_get_bidi_types(characters.data(), count, types.data());
    std::vector<FriBidiBracketType> brackets(points.size());
    fribidi_get_bracket_types(characters.data(), count, types.data(), brackets.data());
    std::vector<FriBidiLevel> levels(points.size());
    FriBidiParType base = base_of(direction);
    // Its only failure is that there is no memory.
    HEED_CHECK(fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), count, &base,
                                                   levels.data()) != 0);
    is_rtl = FRIBIDI_IS_RTL(base);
    return levels;
}

bool is_neutral(hb_script_t script) {
    return script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED ||
           script == HB_SCRIPT_UNKNOWN;
}

// The script of each character; what belongs to all takes that of the letter before it, at the
// beginning that of the first letter.
std::vector<hb_script_t> find_scripts(std::span<const CodePoint> points) {
    hb_unicode_funcs_t* unicode = hb_unicode_funcs_get_default();
    std::vector<hb_script_t> scripts;
    hb_script_t before = HB_SCRIPT_COMMON;
    for (const CodePoint& point : points) {
        const hb_script_t script = hb_unicode_script(unicode, point.value);
        if (!is_neutral(script)) before = script;
        scripts.push_back(before);
    }
    const auto first = std::find_if(scripts.begin(), scripts.end(),
                                    [](hb_script_t script) { return !is_neutral(script); });
    std::fill(scripts.begin(), first, first == scripts.end() ? HB_SCRIPT_LATIN : *first);
    return scripts;
}

}  // namespace

RunList split_runs(std::span<const CodePoint> points, TextDirection direction) {
    RunList list;
    list.is_rtl = direction == TextDirection::kRightToLeft;
    if (points.empty()) return list;
    std::vector<FriBidiLevel> levels(points.size(), 0);
    if (!is_plain(points) || list.is_rtl) {
        levels = compute_levels(points, direction, list.is_rtl);
    }
    const std::vector<hb_script_t> scripts = find_scripts(points);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const bool goes_on = i > 0 && levels[i] == levels[i - 1] && scripts[i] == scripts[i - 1];
        if (goes_on) {
            list.runs.back().end = i + 1;
        } else {
            list.runs.push_back({i, i + 1, levels[i], static_cast<unsigned>(scripts[i])});
        }
    }
    return list;
}

std::vector<std::size_t> visual_order(std::span<const int> levels) {
    std::vector<std::size_t> order(levels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (levels.empty()) return order;
    // Rule L2: from the highest level down to 1, turn round each stretch at that level or above.
    for (int level = *std::max_element(levels.begin(), levels.end()); level > 0; --level) {
        for (std::size_t begin = 0; begin < order.size();) {
            std::size_t end = begin;
            while (end < order.size() && levels[order[end]] >= level) ++end;
            std::reverse(order.begin() + static_cast<std::ptrdiff_t>(begin),
                         order.begin() + static_cast<std::ptrdiff_t>(end));
            begin = std::max(end, begin + 1);
        }
    }
    return order;
}

}  // namespace heed::app
