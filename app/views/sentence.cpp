#include "app/views/sentence.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/ui/widgets.h"
#include "app/views/axes.h"
#include "app/views/patches.h"

namespace heed::app {

namespace {

constexpr float kChipHeight = 28;
constexpr float kChipGap = 6;
constexpr float kMostChip = 180;
constexpr float kSentenceGap = 20;  // between the two sentences of a pair
constexpr const char* kBetween = "looks at";
constexpr const char* kApart = "compared with";
constexpr float kWheelStep = 60;  // design pixels

// What a tooltip tells of.
struct TokenTip {
    std::string_view id;  // of the items
    const TokenLabel* token = nullptr;
    int position = 0;
    std::string sequence;
    bool is_other = false;  // of the sentence to compare with
};

std::string origin_line(const TokenLabel& token, bool is_other) {
    if (token.end <= token.begin) return token.is_special ? "added by the model" : "";
    const std::string_view of = is_other                ? "the sentence to compare with"
                                : token.text_index == 1 ? "the second sentence"
                                : token.text_index == 2 ? "the decoder's text"
                                : token.text_index == 3 ? "the segment before"
                                                        : "the sentence";
    return "bytes " + std::to_string(token.begin) + " to " + std::to_string(token.end) + " of " +
           std::string(of);
}

void draw_token_tip(UiContext& ui, const TokenTip& tip, const Rect& anchor) {
    const TokenLabel& token = *tip.token;
    const auto target = static_cast<std::uint64_t>(tip.position);
    if (!tooltip_is_due(ui, tip.id, target)) return;
    const Colour quiet = ui.theme.ink_second;
    std::vector<TooltipLine> lines{
        {"\u201c" + token.text + "\u201d", Type::kBodyStrong, ui.theme.ink},
        {"position " + std::to_string(tip.position) + "   id " + std::to_string(token.id),
         Type::kNumberSmall, ui.theme.ink}};
    if (!token.piece.empty()) {
        lines.push_back({"in the vocabulary: " + token.piece, Type::kNumberSmall, quiet});
    }
    lines.push_back({"sequence: " + tip.sequence + "   type " + std::to_string(token.type_id),
                     Type::kNumberSmall, quiet});
    const std::string origin = origin_line(token, tip.is_other);
    if (!origin.empty()) lines.push_back({origin, Type::kNote, quiet});
    if (!tip.is_other) {
        const bool is_patch = parse_patch_label(token.text).has_value();
        lines.push_back({is_patch ? "click: the patch that looks   Shift+click: looked at"
                                  : "click: the word that looks   Shift+click: looked at",
                         Type::kNote, quiet});
    }
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
    std::string sequence;
    bool has_queries = false;
    bool has_keys = false;
    bool is_other = false;
};

ChipRole role_of(const Chips& chips, const Selection& selection, int position) {
    if (chips.has_queries && position == selection.query) return ChipRole::kQuery;
    if (chips.has_keys && position == selection.key) return ChipRole::kKey;
    const bool is_special = chips.tokens[static_cast<std::size_t>(position)].is_special;
    const bool is_before = chips.tokens[static_cast<std::size_t>(position)].text_index == 3;
    return is_special || is_before || chips.is_other ? ChipRole::kFaint : ChipRole::kPlain;
}

void draw_chips(UiContext& ui, const Trace& trace, const Selection& selection, const Chips& chips,
                const Rect& row, float scroll_px, ViewResult& result) {
    const int chosen = chips.has_queries ? selection.query : selection.key;
    begin_focus_group(ui, chips.id, indexed_id(chips.id, {chosen}));
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
        if (is_hovered) {
            draw_token_tip(
                ui, {chips.id, &chips.tokens[i], position, chips.sequence, chips.is_other}, place);
        }
        if (chips.is_other || !was_clicked) continue;
        const bool prefers_key = ImGui::GetIO().KeyShift;
        Selection wanted = selection;
        const bool asks_key = chips.has_keys && (prefers_key || !chips.has_queries);
        (asks_key ? wanted.key : wanted.query) = position;
        result.selection = ask_pattern(trace.graph(), std::move(wanted));
    }
    end_focus_group(ui);
}

void draw_words_between(UiContext& ui, Rect place, const Rect& row, float scroll_px,
                        std::string_view words) {
    place.x += row.x - scroll_px;
    draw_text(ui, {Type::kNote, ui.theme.ink_second, Align::kCentre}, place, words);
}

std::string sequence_name(const Trace& trace, int sequence) {
    return trace.graph().sequences()[static_cast<std::size_t>(sequence)].name;
}

}  // namespace

SentenceLayout layout_sentence(const UiContext& ui, const Rect& rect,
                               std::span<const TokenLabel> tokens, std::span<const TokenLabel> keys,
                               std::span<const TokenLabel> compared) {
    SentenceLayout layout;
    const float height = std::min(rect.h, ui.px(kChipHeight));
    layout.row = {rect.x, std::round(rect.centre().y - height / 2), rect.w, height};
    float x = 0;
    const auto place = [&](std::span<const TokenLabel> labels, std::vector<Rect>& places) {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const bool begins_sentence =
                i > 0 && (labels[i].type_id != labels[i - 1].type_id ||
                          (labels[i].text_index != 3 && labels[i - 1].text_index == 3));
            if (begins_sentence) x += ui.px(kSentenceGap - kChipGap);
            const float width = std::min(
                {std::ceil(measure_chip(ui, token_text(labels[i]))), ui.px(kMostChip), rect.w});
            places.push_back({x, layout.row.y, width, height});
            x += width + ui.px(kChipGap);
        }
    };
    const auto place_words = [&](const char* words) {
        const float width = std::ceil(measure_text(ui, Type::kNote, words)) + ui.px(12);
        const Rect placed{x, layout.row.y, width, height};
        x += width + ui.px(kChipGap);
        return placed;
    };
    place(tokens, layout.chips);
    if (!keys.empty()) {
        layout.between = place_words(kBetween);
        place(keys, layout.keys);
    }
    if (!compared.empty()) {
        layout.apart = place_words(kApart);
        place(compared, layout.compared);
    }
    layout.content_w = std::max(0.0F, x - ui.px(kChipGap));
    layout.most_scroll = std::max(0.0F, layout.content_w - rect.w);
    return layout;
}

ViewResult draw_sentence_view(const Trace& trace, const Selection& selection, const Rect& rect,
                              SentenceViewState& state, UiContext& ui) {
    ViewResult result;
    const AttentionSite* site = find_site(trace.graph(), selection);
    const int queries = site != nullptr ? site->query_sequence : 0;
    const std::span<const TokenLabel> tokens = trace.labels(queries);
    if (tokens.empty()) {
        draw_label(ui, "view/sentence/empty", {Type::kBody, ui.theme.ink_second}, rect,
                   "No words yet");
        return result;
    }
    const bool is_self = site != nullptr && queries == site->key_sequence;
    const bool has_keys = site != nullptr && !is_self;
    const std::span<const TokenLabel> keys =
        has_keys ? trace.labels(site->key_sequence) : std::span<const TokenLabel>{};
    const std::span<const TokenLabel> compared =
        ui.other_trace != nullptr ? ui.other_trace->labels(0) : std::span<const TokenLabel>{};
    const SentenceLayout layout = layout_sentence(ui, rect, tokens, keys, compared);
    scroll(layout, selection, state, ui);
    ImGui::PushClipRect({layout.row.x - 1, layout.row.y - 1},
                        {layout.row.right() + 1, layout.row.bottom() + 1}, true);
    const auto draw = [&](const Chips& chips) {
        draw_chips(ui, trace, selection, chips, layout.row, state.scroll_px, result);
    };
    draw({"view/sentence/token", tokens, layout.chips, sequence_name(trace, queries), true, is_self,
          false});
    if (has_keys) {
        draw_words_between(ui, layout.between, layout.row, state.scroll_px, kBetween);
        draw({"view/sentence/key", keys, layout.keys, sequence_name(trace, site->key_sequence),
              false, true, false});
    }
    if (!compared.empty()) {
        draw_words_between(ui, layout.apart, layout.row, state.scroll_px, kApart);
        draw({"view/sentence/other", compared, layout.compared, sequence_name(*ui.other_trace, 0),
              false, false, true});
    }
    draw_more(ui, layout, state.scroll_px);
    ImGui::PopClipRect();
    return result;
}

}  // namespace heed::app
