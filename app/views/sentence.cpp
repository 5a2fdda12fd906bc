#include "app/views/sentence.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/ui/widgets.h"
#include "app/views/axes.h"

namespace heed::app {

namespace {

constexpr float kChipHeight = 28;
constexpr float kChipGap = 6;
constexpr float kMostChip = 180;
constexpr const char* kBetween = "looks at";
constexpr float kWheelStep = 60;  // design pixels

void draw_token_tip(UiContext& ui, const TokenLabel& token, int position, const Rect& anchor) {
    if (!tooltip_is_due(ui, "view/sentence", static_cast<std::uint64_t>(position))) return;
    const Colour quiet = ui.theme.ink_second;
    std::vector<TooltipLine> lines{
        {"\u201c" + token.text + "\u201d", Type::kBodyStrong, ui.theme.ink},
        {"position " + std::to_string(position) + "   id " + std::to_string(token.id),
         Type::kNumberSmall, ui.theme.ink}};
    if (!token.piece.empty()) {
        lines.push_back({"in the vocabulary: " + token.piece, Type::kNumberSmall, quiet});
    }
    if (token.end > token.begin) {
        lines.push_back(
            {"bytes " + std::to_string(token.begin) + " to " + std::to_string(token.end) +
                 (token.text_index == 1 ? " of the second sentence" : " of the sentence"),
             Type::kNote, quiet});
    } else if (token.is_special) {
        lines.push_back({"added by the model", Type::kNote, quiet});
    }
    lines.push_back({"click: the word that looks   right click: looked at", Type::kNote, quiet});
    draw_tooltip(ui, anchor, lines);
}

void scroll(const SentenceLayout& layout, const Selection& selection, SentenceViewState& state,
            UiContext& ui) {
    if (state.revealed_query != selection.query || state.trace_number != ui.trace_number) {
        state.revealed_query = selection.query;
        state.trace_number = ui.trace_number;
        if (selection.query >= 0 && selection.query < static_cast<int>(layout.chips.size())) {
            const Rect& chip = layout.chips[static_cast<std::size_t>(selection.query)];
            if (chip.x < state.scroll_px || chip.right() > state.scroll_px + layout.row.w) {
                state.scroll_px = chip.centre().x - layout.row.w / 2;
            }
        }
    }
    const ImGuiIO& io = ImGui::GetIO();
    if (layout.most_scroll > 0 && layout.row.contains({io.MousePos.x, io.MousePos.y})) {
        state.scroll_px -= (io.MouseWheel + io.MouseWheelH) * ui.px(kWheelStep);
    }
    state.scroll_px = std::round(std::clamp(state.scroll_px, 0.0F, layout.most_scroll));
}

// A fading edge says that there is more.
void draw_more(UiContext& ui, const SentenceLayout& layout, float scroll_px) {
    const float width = ui.px(28);
    constexpr int kSteps = 7;
    for (int i = 0; i < kSteps; ++i) {
        const float step = width / static_cast<float>(kSteps);
        const Colour veil =
            with_alpha(ui.theme.background, 1 - static_cast<float>(i) / static_cast<float>(kSteps));
        const float in = step * static_cast<float>(i);
        if (scroll_px > 0) fill(ui, {layout.row.x + in, layout.row.y, step, layout.row.h}, veil);
        if (scroll_px < layout.most_scroll) {
            fill(ui, {layout.row.right() - in - step, layout.row.y, step, layout.row.h}, veil);
        }
    }
}

// The chips of one sequence.
struct Chips {
    const char* id;  // of the items
    std::span<const TokenLabel> tokens;
    std::span<const Rect> places;
    bool has_queries = false;
    bool has_keys = false;
};

ChipRole role_of(const Chips& chips, const Selection& selection, int position) {
    if (chips.has_queries && position == selection.query) return ChipRole::kQuery;
    if (chips.has_keys && position == selection.key) return ChipRole::kKey;
    const bool is_special = chips.tokens[static_cast<std::size_t>(position)].is_special;
    return is_special ? ChipRole::kFaint : ChipRole::kPlain;
}

void draw_chips(UiContext& ui, const Trace& trace, const Selection& selection, const Chips& chips,
                const Rect& row, float scroll_px, ViewResult& result) {
    for (std::size_t i = 0; i < chips.places.size(); ++i) {
        const int position = static_cast<int>(i);
        Rect place = chips.places[i];
        place.x += row.x - scroll_px;
        const std::string id = indexed_id(chips.id, {position});
        const std::string text = token_text(chips.tokens[i]);
        if (!overlaps(place, row)) {
            log_item(ui, id, "chip", text, std::nullopt, place);
            continue;
        }
        const bool was_clicked = chip(ui, id, place, text, role_of(chips, selection, position));
        const bool is_hovered = ImGui::IsItemHovered();
        const bool was_right_clicked = is_hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Right);
        if (is_hovered) draw_token_tip(ui, chips.tokens[i], position, place);
        if (!was_clicked && !was_right_clicked) continue;
        const bool prefers_key = was_right_clicked || ImGui::GetIO().KeyShift;
        Selection wanted = selection;
        const bool asks_key = chips.has_keys && (prefers_key || !chips.has_queries);
        (asks_key ? wanted.key : wanted.query) = position;
        result.selection = ask_pattern(trace.graph(), std::move(wanted));
    }
}

}  // namespace

SentenceLayout layout_sentence(const UiContext& ui, const Rect& rect,
                               std::span<const TokenLabel> tokens,
                               std::span<const TokenLabel> keys) {
    SentenceLayout layout;
    const float height = std::min(rect.h, ui.px(kChipHeight));
    layout.row = {rect.x, std::round(rect.centre().y - height / 2), rect.w, height};
    float x = 0;
    const auto place = [&](std::span<const TokenLabel> labels, std::vector<Rect>& places) {
        for (const TokenLabel& token : labels) {
            const float width = std::min(
                {std::ceil(measure_chip(ui, token_text(token))), ui.px(kMostChip), rect.w});
            places.push_back({x, layout.row.y, width, height});
            x += width + ui.px(kChipGap);
        }
    };
    place(tokens, layout.chips);
    if (!keys.empty()) {
        const float width = std::ceil(measure_text(ui, Type::kNote, kBetween)) + ui.px(12);
        layout.between = {x, layout.row.y, width, height};
        x += width + ui.px(kChipGap);
        place(keys, layout.keys);
    }
    layout.content_w = std::max(0.0F, x - ui.px(kChipGap));
    layout.most_scroll = std::max(0.0F, layout.content_w - rect.w);
    return layout;
}

ViewResult draw_sentence_view(const Trace& trace, const Selection& selection, const Rect& rect,
                              SentenceViewState& state, UiContext& ui) {
    ViewResult result;
    const AttentionSite* site = find_site(trace.graph(), selection.layer);
    const std::span<const TokenLabel> tokens =
        trace.labels(site != nullptr ? site->query_sequence : 0);
    if (tokens.empty()) {
        draw_label(ui, "view/sentence/empty", {Type::kBody, ui.theme.ink_second}, rect,
                   "No words yet");
        return result;
    }
    const bool is_self = site != nullptr && site->query_sequence == site->key_sequence;
    const bool has_others = site != nullptr && !is_self;
    const std::span<const TokenLabel> others =
        has_others ? trace.labels(site->key_sequence) : std::span<const TokenLabel>{};
    const SentenceLayout layout = layout_sentence(ui, rect, tokens, others);
    scroll(layout, selection, state, ui);
    ImGui::PushClipRect({layout.row.x - 1, layout.row.y - 1},
                        {layout.row.right() + 1, layout.row.bottom() + 1}, true);
    draw_chips(ui, trace, selection, {"view/sentence/token", tokens, layout.chips, true, is_self},
               layout.row, state.scroll_px, result);
    if (has_others) {
        Rect between = layout.between;
        between.x += layout.row.x - state.scroll_px;
        draw_text(ui, {Type::kNote, ui.theme.ink_second, Align::kCentre}, between, kBetween);
        draw_chips(ui, trace, selection, {"view/sentence/key", others, layout.keys, false, true},
                   layout.row, state.scroll_px, result);
    }
    draw_more(ui, layout, state.scroll_px);
    ImGui::PopClipRect();
    return result;
}

}  // namespace heed::app
