#include "app/views/attention_lines.h"

#include <imgui.h>

#include <algorithm>
#include <string>

namespace heed::app {

namespace {

constexpr float kLeastWeight = 0.04F;        // of a faint line
constexpr float kLeastChosenWeight = 0.01F;  // of the chosen query's
constexpr float kStrongWeight = 0.2F;        // whose key is named in its colour
constexpr int kFewWords = 24;
constexpr std::size_t kMostLines = 240;

float middle_of_row(const AttentionLayout& layout, int row) {
    return layout.matrix.grid.y + layout.matrix.cell_h * (static_cast<float>(row) + 0.5F) -
           layout.matrix.gap / 2;
}

float line_width(const UiContext& ui, float weight) {
    return (0.8F + 7 * weight) * ui.scale;
}

struct Side {
    const char* name;  // "query" or "key"
    const Rect& band;
    const MatrixAxis& axis;
    Align align;
    Colour colour;
    int chosen;
};

// Labels of one side; the clicked one.
std::optional<int> draw_side(UiContext& ui, const AttentionLayout& layout,
                             const MatrixPicture& picture, const Side& side) {
    const MatrixLayout& matrix = layout.matrix;
    const std::string id = std::string("view/attention/line-") + side.name;
    const float* row =
        side.axis.role == AxisRole::kKey ? picture.values.row(picture.chosen.row) : nullptr;
    const Rect heading{side.band.x, matrix.grid.y - ui.px(34), side.band.w, ui.px(18)};
    draw_label(ui, id, {Type::kNoteStrong, side.colour, side.align}, heading, side.name);
    for (int i = 0; i < side.axis.extent; ++i) {
        const bool is_chosen = i == side.chosen;
        if (!is_chosen &&
            (i % matrix.row_step != 0 || std::abs(i - side.chosen) < matrix.row_step)) {
            continue;
        }
        const bool is_strong = row != nullptr ? row[i] >= kStrongWeight : is_chosen;
        Colour ink = is_strong ? side.colour : ui.theme.ink_second;
        if (!is_strong && side.axis.is_faint(i)) ink = ui.theme.ink_third;
        const Type type =
            is_strong && matrix.row_type == Type::kBody ? Type::kBodyStrong : matrix.row_type;
        const Rect place{side.band.x, middle_of_row(layout, i) - matrix.cell_h / 2, side.band.w,
                         matrix.cell_h};
        draw_text(ui, {type, ink, side.align}, place, side.axis.label(i));
    }
    const Interaction state = interact(ui, id, side.band);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (!state.was_clicked) return std::nullopt;
    const int at = static_cast<int>((state.mouse.y - matrix.grid.y) / matrix.cell_h);
    return std::clamp(at, 0, side.axis.extent - 1);
}

}  // namespace

std::vector<AttentionLine> choose_lines(const MatrixValues& weights) {
    std::vector<AttentionLine> lines;
    for (int q = weights.row_begin(); q < weights.row_end(); ++q) {
        const float* row = weights.row(q);
        for (int k = 0; k < weights.columns(); ++k) {
            if (row[k] >= kLeastWeight) lines.push_back({q, k, row[k]});
        }
    }
    const auto is_stronger = [](const AttentionLine& a, const AttentionLine& b) {
        return a.weight > b.weight;
    };
    std::stable_sort(lines.begin(), lines.end(), is_stronger);
    if (lines.size() > kMostLines) lines.resize(kMostLines);
    std::reverse(lines.begin(), lines.end());
    return lines;
}

LinesHit draw_attention_lines(UiContext& ui, const AttentionLayout& layout,
                              const MatrixPicture& picture,
                              const std::vector<AttentionLine>& lines) {
    const float left = layout.line_queries.right() + ui.px(10);
    const float right = layout.line_keys.x - ui.px(10);
    const auto road = [&](int query, int key, Colour colour, float weight) {
        draw_curve(ui, {left, middle_of_row(layout, query)}, {right, middle_of_row(layout, key)},
                   colour, line_width(ui, weight));
    };
    // Many lines are paler, so that the chosen word's stand out.
    const Colour faint =
        with_alpha(ui.theme.ink_third, picture.values.columns() > kFewWords ? 0.13F : 0.2F);
    for (const AttentionLine& line : lines) {
        if (line.query != picture.chosen.row) road(line.query, line.key, faint, line.weight);
    }
    const float* row = picture.values.row(picture.chosen.row);
    for (int k = 0; k < picture.values.columns(); ++k) {
        if (row[k] < kLeastChosenWeight) continue;
        road(picture.chosen.row, k, with_alpha(ui.theme.query, 0.9F), row[k]);
    }
    LinesHit hit;
    hit.query = draw_side(ui, layout, picture,
                          {"query", layout.line_queries, picture.rows, Align::kRight,
                           ui.theme.query, picture.chosen.row});
    hit.key = draw_side(ui, layout, picture,
                        {"key", layout.line_keys, picture.columns, Align::kLeft, ui.theme.key,
                         picture.chosen.column});
    return hit;
}

}  // namespace heed::app
