#include "app/views/attention_lines.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "app/ui/head_colours.h"

namespace heed::app {

namespace {

constexpr float kStrongShare = 0.2F;  // of a line whose other end is named in its colour
constexpr float kRoadShare = 0.7F;    // of a word's height that the roads of all heads take
constexpr int kFewWords = 24;
constexpr float kThickest = 7;  // design pixels beyond the least

float line_width(const UiContext& ui, float share) {
    return (0.8F + kThickest * std::clamp(share, 0.0F, 1.0F)) * ui.scale;
}

// Whose lines stand out.
bool is_of(const CellIndex& at, const AttentionLine& line) {
    return line.query == at.row || line.key == at.column;
}

class LinesDrawer {
  public:
    LinesDrawer(UiContext& ui, const AttentionLayout& layout, const LinesPicture& picture)
        : ui_(ui), layout_(layout), picture_(picture), top_(layout.line_queries.y) {
        colours_ = make_head_colours(most_head() + 1, ui.theme.is_dark());
    }

    LinesHit draw() {
        const Rect window{layout_.lines.x, layout_.line_queries.y, layout_.lines.w,
                          layout_.line_queries.h};
        const bool scrolls = layout_.line_content > layout_.line_queries.h + 0.5F;
        draw_heading("query", layout_.line_queries, Align::kRight, ui_.theme.query);
        draw_heading("key", layout_.line_keys, Align::kLeft, ui_.theme.key);
        if (scrolls) {
            const Rect wide{window.x, window.y, window.w + ui_.px(12), window.h};
            top_ = begin_scroll(ui_, "view/attention/lines-scroll", wide, window.w,
                                layout_.line_content)
                       .y;
        }
        draw_roads();
        LinesHit hit;
        draw_side("query", layout_.line_queries, picture_.data.rows(), Align::kRight,
                  picture_.label_at.row, hit.hovered_query, hit.query);
        draw_side("key", layout_.line_keys, picture_.data.columns(), Align::kLeft,
                  picture_.label_at.column, hit.hovered_key, hit.key);
        if (scrolls) end_scroll();
        return hit;
    }

  private:
    int most_head() const {
        int most = 0;
        for (const LineSet& set : picture_.data.lines) most = std::max(most, set.head);
        return most;
    }
    float middle_of(int line) const {
        return top_ + layout_.line_pitch * (static_cast<float>(line) + 0.5F) - layout_.line_gap / 2;
    }
    void draw_heading(const char* name, const Rect& band, Align align, Colour colour) {
        const Rect heading{band.x, layout_.lines.y, band.w, ui_.px(18)};
        draw_label(ui_, std::string("view/attention/line-") + name,
                   {Type::kNoteStrong, colour, align}, heading, name);
    }
    // Roads of several heads between the same words lie beside each other.
    float shift_of(const LineSet& set) const {
        const std::vector<LineSet>& all = picture_.data.lines;
        const auto count = static_cast<float>(all.size());
        const auto at = static_cast<float>(&set - all.data());
        const float step = std::min(ui_.px(4), layout_.line_pitch * kRoadShare / count);
        return (at - (count - 1) / 2) * step;
    }
    void road(const AttentionLine& line, const LineSet& set, Colour colour) {
        const float shift = shift_of(set);
        const float left = layout_.line_queries.right() + ui_.px(10);
        const float right = layout_.line_keys.x - ui_.px(10);
        draw_curve(ui_, {left, middle_of(line.query) + shift}, {right, middle_of(line.key) + shift},
                   colour, line_width(ui_, line.weight / picture_.high));
    }
    Colour colour_of(const LineSet& set, bool is_query) const {
        if (set.head >= 0) return colours_[static_cast<std::size_t>(set.head)];
        return is_query ? ui_.theme.query : ui_.theme.key;
    }
    // Quiet lines first, those of the chosen word and of the word under the mouse above them.
    void draw_roads() {
        const AttentionData& data = picture_.data;
        const bool is_crowded = static_cast<int>(data.column_labels.size()) > kFewWords;
        for (const LineSet& set : data.lines) {
            const Colour quiet = set.head >= 0 ? colour_of(set, true) : ui_.theme.ink_third;
            const Colour faint = with_alpha(quiet, is_crowded ? 0.13F : 0.2F);
            for (const AttentionLine& line : set.lines) {
                if (!is_of(picture_.chosen, line) && !is_of(picture_.preview, line)) {
                    road(line, set, faint);
                }
            }
        }
        for (const CellIndex& at : {picture_.chosen, picture_.preview}) {
            for (const LineSet& set : data.lines) {
                for (const AttentionLine& line : set.lines) {
                    if (!is_of(at, line)) continue;
                    road(line, set, with_alpha(colour_of(set, line.query == at.row), 0.88F));
                }
            }
        }
    }
    // The share of the emphasised lines that end at this label.
    bool is_strong(bool is_key, int label) const {
        const CellIndex& at = picture_.preview.row >= 0 || picture_.preview.column >= 0
                                  ? picture_.preview
                                  : picture_.chosen;
        for (const LineSet& set : picture_.data.lines) {
            for (const AttentionLine& line : set.lines) {
                if (line.weight < kStrongShare * picture_.high) continue;
                if (is_key && line.query == at.row && line.key == label) return true;
                if (!is_key && line.key == at.column && line.query == label) return true;
            }
        }
        return false;
    }
    void draw_side(const char* name, const Rect& band, const MatrixAxis& axis, Align align,
                   int chosen, std::optional<int>& hovered, std::optional<int>& clicked) {
        const bool is_key = axis.role == AxisRole::kKey;
        const Colour role = is_key ? ui_.theme.key : ui_.theme.query;
        const std::string id = std::string("view/attention/line-") + name;
        const std::vector<int>& names =
            is_key ? picture_.data.column_positions : picture_.data.row_positions;
        const float seen_top = layout_.line_queries.y;
        for (int i = 0; i < axis.extent; ++i) {
            const Rect place{band.x, middle_of(i) - layout_.line_pitch / 2, band.w,
                             layout_.line_pitch};
            if (place.bottom() < seen_top || place.y > seen_top + band.h) continue;
            const bool is_chosen = i == chosen;
            const bool is_pushed = !is_chosen && std::abs(i - chosen) < layout_.line_step;
            if (!is_chosen && (i % layout_.line_step != 0 || (chosen >= 0 && is_pushed))) continue;
            const bool is_marked = is_chosen || is_strong(is_key, i);
            Colour ink = is_marked ? role : ui_.theme.ink_second;
            if (!is_marked && axis.is_faint(i)) ink = ui_.theme.ink_third;
            const Type type = is_chosen && layout_.line_type == Type::kBody ? Type::kBodyStrong
                                                                            : layout_.line_type;
            draw_text(ui_, {type, ink, align}, place, axis.label(i));
            if (ui_.items.is_recording()) {
                log_item(ui_, indexed_id(id, {names[static_cast<std::size_t>(i)]}),
                         is_chosen ? "chosen" : "label", axis.label(i), std::nullopt, place);
            }
        }
        const Interaction state = interact(ui_, id, band, FocusKind::kMouseOnly);
        if (!state.is_hovered && !state.was_clicked) return;
        const int at = static_cast<int>(std::floor((state.mouse.y - top_) / layout_.line_pitch));
        if (at < 0 || at >= axis.extent) return;
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        hovered = at;
        if (state.was_clicked) clicked = at;
    }

    UiContext& ui_;
    const AttentionLayout& layout_;
    const LinesPicture& picture_;
    float top_;  // of the first line, moved by scrolling
    std::vector<Colour> colours_;
};

}  // namespace

LinesHit draw_attention_lines(UiContext& ui, const AttentionLayout& layout,
                              const LinesPicture& picture) {
    return LinesDrawer(ui, layout, picture).draw();
}

}  // namespace heed::app
