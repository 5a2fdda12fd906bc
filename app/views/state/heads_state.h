// What the heads view remembers.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "app/ui/colour_scale.h"
#include "app/ui/option_visitor.h"
#include "app/views/state/help_state.h"
#include "core/analysis/head_metrics.h"
#include "core/analysis/pattern.h"

namespace heed::app {

// A metric after one word more.
constexpr std::array<std::string_view, kHeadMetricCount + 1> metric_words(std::string_view first) {
    std::array<std::string_view, kHeadMetricCount + 1> words{first};
    for (std::size_t i = 0; i < kHeadMetricNames.size(); ++i) words[i + 1] = kHeadMetricNames[i];
    return words;
}

// What a person sets in it.
struct HeadsOptions {
    static constexpr auto kSorts = metric_words("layer");
    static constexpr auto kColours = metric_words("none");
    static constexpr std::array<std::string_view, 2> kKinds{"weights", "norm"};
    static constexpr std::array<std::string_view, 4> kScales{"linear", "sqrt", "log", "quantile"};
    static constexpr int kMostGroups = 12;

    int sort = 0;    // of kSorts; 0: rows are layers
    int colour = 0;  // of kColours; 0: none
    int groups = 0;  // 0: none
    PatternKind kind = PatternKind::kWeights;
    ValueScale scale = ValueScale::kSquareRoot;

    // What a word after the first stands for.
    static std::optional<HeadMetric> metric_of(int word) {
        if (word == 0) return std::nullopt;
        return static_cast<HeadMetric>(word - 1);
    }
    // The metric that is shown at every head: the colour's, else the one that sorts.
    std::optional<HeadMetric> shown_metric() const { return metric_of(colour > 0 ? colour : sort); }

    void visit(OptionVisitor& v) {
        v.choice("sort", "Order of heads", sort, kSorts);
        v.choice("colour", "Measure shown at every head", colour, kColours);
        v.number("groups", "Groups of heads that do alike", groups, 0, kMostGroups);
        visit_choice(v, "kind", "Kind of pattern in the heads", kind, kKinds);
        visit_choice(v, "scale", "Colour scale of the heads", scale, kScales);
    }
    bool operator==(const HeadsOptions&) const = default;
};

struct HeadsViewState {
    HeadsOptions options;
    HelpState help;
};

}  // namespace heed::app
