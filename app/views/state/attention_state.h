// What the attention view remembers.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "app/ui/colour_scale.h"
#include "app/ui/geometry.h"
#include "app/ui/option_visitor.h"
#include "core/analysis/pattern.h"

namespace heed::app {

struct AttentionData;   // app/views/attention_data.h
struct PatchedPicture;  // app/views/patches.h

enum class AttentionParts { kHeat, kLines, kBoth };
enum class ThresholdBy { kWeight, kShare };
enum class RangeOption { kAll, kRow, kColumn };

// What a person sets in it.
struct AttentionOptions {
    static constexpr std::array<std::string_view, 3> kParts{"heat", "lines", "both"};
    static constexpr std::array<std::string_view, 3> kKinds{"weights", "norm", "rollout"};
    static constexpr std::array<std::string_view, 4> kChoices{"head", "mean", "max", "chosen"};
    static constexpr std::array<std::string_view, 4> kScales{"linear", "sqrt", "log", "quantile"};
    static constexpr std::array<std::string_view, 3> kRanges{"all", "row", "column"};
    static constexpr std::array<std::string_view, 2> kThresholds{"weight", "share"};

    AttentionParts parts = AttentionParts::kBoth;
    bool shows_numbers = true;
    PatternKind kind = PatternKind::kWeights;
    HeadChoice choice = HeadChoice::kOne;
    std::vector<int> heads;  // of kChosen; none: the selected one
    ValueScale scale = ValueScale::kSquareRoot;
    RangeOption range = RangeOption::kAll;
    bool merges_pieces = false;
    bool hides_special = false;
    bool hides_first = false;
    std::vector<int> hidden;   // positions that are not shown
    std::vector<int> queries;  // the only ones shown; none: all
    std::vector<int> keys;
    ThresholdBy threshold_by = ThresholdBy::kWeight;
    float threshold = 0.04F;
    int most_lines = 240;
    bool shows_picture = true;  // where the sequence is one
    bool has_patch_lines = false;
    float tint = 0.65F;  // opacity of the colours over the picture

    void visit(OptionVisitor& v) {
        visit_choice(v, "layout", "Heatmap and lines", parts, kParts);
        v.flag("numbers", "Numbers in the cells", shows_numbers);
        visit_choice(v, "kind", "Kind of pattern", kind, kKinds);
        visit_choice(v, "aggregate", "Heads together", choice, kChoices);
        v.list("heads", "Chosen heads", heads);
        visit_choice(v, "scale", "Colour scale", scale, kScales);
        visit_choice(v, "range", "Range of colours", range, kRanges);
        v.flag("merge", "Merge pieces into words", merges_pieces);
        v.flag("hide-special", "Hide special tokens", hides_special);
        v.flag("hide-first", "Hide the first token", hides_first);
        v.list("hidden", "Hidden positions", hidden);
        v.list("queries", "Only these queries", queries);
        v.list("keys", "Only these keys", keys);
        visit_choice(v, "threshold-by", "Lines are chosen by", threshold_by, kThresholds);
        v.real("threshold", "Lines from", threshold, 0, 1);
        v.number("max-lines", "Most lines", most_lines, 0, 4000);
        v.flag("picture", "Weights over the picture", shows_picture);
        v.flag("patch-lines", "Lines between patches", has_patch_lines);
        v.real("tint", "Strength of the tint", tint, 0, 1);
    }
    bool operator==(const AttentionOptions&) const = default;
};

// One road of the lines view; rows and columns of what is shown.
struct AttentionLine {
    int query = 0;
    int key = 0;
    float weight = 0;
};

// What stays marked while the mouse is elsewhere.
enum class AttentionLock { kNone, kCell, kRow, kColumn };

// A point of the content that is to lie at a place of the grid, for zooming around the mouse.
struct ZoomAnchor {
    Point share;  // of the content, 0 to 1
    Point at;     // pixels from the grid's corner
};

// A cell of what is shown, that was pressed: what is chosen with it depends on values.
struct PressedCell {
    std::uint64_t data_version = 0;
    int row = 0;
    int column = 0;
};

struct AttentionViewState {
    AttentionOptions options;
    AttentionLock lock = AttentionLock::kCell;
    float zoom = 1;
    std::optional<ZoomAnchor> anchor;
    std::shared_ptr<const AttentionData> data;  // of the last frame
    std::uint64_t data_version = 0;
    bool was_drawn = false;              // in this frame
    bool is_in_sight = true;             // was drawn in the frame before
    int presses = 0;                     // on cells, so far
    std::optional<PressedCell> pressed;  // until the cell behind it is chosen
    std::optional<int> preview_row;      // under the mouse in the lines, in the frame before
    std::optional<int> preview_column;
    std::shared_ptr<const PatchedPicture> picture;  // of the last frame
    std::uint64_t picture_version = 0;
    std::uint64_t revealed_version = 0;  // for which the chosen cell was brought into sight
    std::vector<int> revealed_cell;
};

}  // namespace heed::app
