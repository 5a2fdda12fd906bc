#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "app/ui/choices.h"
#include "app/ui/head_colours.h"
#include "app/ui/menu.h"
#include "app/ui/options.h"
#include "app/ui/popup.h"
#include "app/views/attention.h"
#include "app/views/attention_labels.h"

namespace heed::app {

namespace {

constexpr float kMostZoom = 12;
constexpr const char* kMenuId = "attention-options";
const std::array<std::string, 3> kKindLabels{"weights", "weight \u00b7 value", "rollout"};
const std::array<std::string, 4> kChoiceLabels{"one head", "mean of heads", "largest of heads",
                                               "chosen heads"};
const std::array<std::string, 4> kScaleLabels{"linear", "\u221a scale", "log scale", "rank"};

Command set(std::string name, std::string value) {
    return {"set", {"attention." + std::move(name), std::move(value)}};
}

std::string write_list(const std::vector<int>& values) {
    std::string text;
    for (const int value : values) text += (text.empty() ? "" : ",") + std::to_string(value);
    return text;
}

// As an entry of a menu: a blank before it would look like an indent.
std::string name_word(const TokenLabel& label) {
    const std::size_t begin = label.text.find_first_not_of(' ');
    return begin == std::string::npos ? "\u2423" : label.text.substr(begin);
}

// Draws the controls of one header; every change is a command.
class Controls {
  public:
    Controls(UiContext& ui, const AttentionHeader& header, const AttentionLayout& layout,
             AttentionViewState& state, ViewResult& result)
        : ui_(ui), header_(header), layout_(layout), state_(state), result_(result) {}

    void draw() {
        const AttentionOptions& options = state_.options;
        draw_parts();
        draw_flag(AttentionControl::kPicture, "picture", options.shows_picture,
                  "the weights painted over the picture");
        draw_flag(AttentionControl::kNumbers, "numbers", options.shows_numbers,
                  "numbers in the cells, where they fit");
        draw_flag(AttentionControl::kMerge, "merge", options.merges_pieces,
                  "pieces of a word as one: rows averaged, columns summed");
        draw_flag(AttentionControl::kHide, "hide-special", options.hides_special,
                  "without [CLS], [SEP] and their like");
        draw_list(AttentionControl::kScale, "scale", scale_labels(), AttentionOptions::kScales,
                  static_cast<int>(options.scale));
        // Rollout has the mean of all heads in it.
        const bool is_rollout = options.kind == PatternKind::kRollout;
        draw_list(AttentionControl::kChoice, "aggregate", choice_labels(),
                  AttentionOptions::kChoices,
                  static_cast<int>(is_rollout ? HeadChoice::kMean : options.choice), !is_rollout);
        draw_list(AttentionControl::kKind, "kind", kind_labels(), AttentionOptions::kKinds,
                  static_cast<int>(options.kind));
        draw_zoom();
        draw_chips();
        draw_only();
        draw_threshold();
        draw_options_menu();
    }

  private:
    void ask(std::string name, std::string value) {
        result_.commands.push_back(set(std::move(name), std::move(value)));
    }
    std::string id_of(std::string_view name) const { return "view/attention/" + std::string(name); }
    bool is_pressed(AttentionControl control, std::string_view name, bool is_on,
                    std::string_view tooltip) {
        const Rect& rect = layout_.control(control);
        if (rect.is_empty()) return false;
        const ButtonOptions look{is_on ? ButtonLook::kOn : ButtonLook::kQuiet, true, tooltip};
        return button(ui_, id_of(name), rect, control_label(control), look);
    }
    void draw_flag(AttentionControl control, const char* name, bool is_on,
                   std::string_view tooltip) {
        if (is_pressed(control, name, is_on, tooltip)) ask(name, is_on ? "off" : "on");
    }
    // Heatmap and lines: one of them always stays.
    void draw_parts() {
        const AttentionParts parts = state_.options.parts;
        const bool has_heat = parts != AttentionParts::kLines;
        const bool has_lines = parts != AttentionParts::kHeat;
        if (is_pressed(AttentionControl::kHeat, "heat", has_heat, "the weights as cells")) {
            ask("layout", has_heat ? "lines" : "both");
        }
        const bool is_missing = has_heat && has_lines && layout_.lines.is_empty();
        if (is_pressed(AttentionControl::kLines, "lines", has_lines && !is_missing,
                       is_missing ? "there is no room for lines beside the cells"
                                  : "the same weights as lines")) {
            ask("layout", is_missing ? "lines" : (has_lines ? "heat" : "both"));
        }
    }
    void draw_list(AttentionControl control, const char* name, std::span<const std::string> labels,
                   std::span<const std::string_view> words, int chosen, bool is_enabled = true) {
        const Rect& rect = layout_.control(control);
        if (rect.is_empty()) return;
        DropDownOptions options;
        options.is_enabled = is_enabled;
        if (const auto picked = drop_down(ui_, id_of(name), rect, labels, chosen, options)) {
            ask(name, std::string(words[static_cast<std::size_t>(*picked)]));
        }
    }
    void draw_zoom() {
        const Rect& in = layout_.control(AttentionControl::kZoomIn);
        const Rect& out = layout_.control(AttentionControl::kZoomOut);
        if (!out.is_empty() &&
            button(ui_, id_of("zoom-out"), out, "\u2212",
                   {ButtonLook::kQuiet, state_.zoom > 1, "smaller cells (Ctrl+wheel)"})) {
            state_.zoom = std::max(1.0F, state_.zoom / 1.5F);
        }
        const bool can_grow = state_.zoom < kMostZoom && !layout_.matrix.has_numbers;
        if (!in.is_empty() && button(ui_, id_of("zoom-in"), in, "+",
                                     {ButtonLook::kQuiet, can_grow, "larger cells (Ctrl+wheel)"})) {
            state_.zoom = std::min(kMostZoom, state_.zoom * 1.5F);
        }
    }
    // A head is added to those looked at together or taken out; the last one stays.
    void draw_chips() {
        const std::vector<Colour> colours = make_head_colours(header_.heads, ui_.theme.is_dark());
        std::vector<int> heads = header_.request.heads;
        for (std::size_t h = 0; h < layout_.chips.size(); ++h) {
            const Rect& rect = layout_.chips[h];
            const int head = static_cast<int>(h);
            const auto at = std::find(heads.begin(), heads.end(), head);
            const bool is_on = at != heads.end();
            const std::string id = indexed_id("view/attention/head", {head});
            const Interaction state = interact(ui_, id, rect);
            fill(ui_, rect, is_on ? ui_.theme.surface : ui_.theme.sunk, ui_.px(7));
            outline(ui_, rect, is_on || state.is_hovered ? colours[h] : ui_.theme.line,
                    is_on ? 2 * ui_.hairline() : ui_.hairline(), ui_.px(7));
            const float dot = ui_.px(4);
            const Rect spot{rect.x + ui_.px(6), rect.centre().y - dot, 2 * dot, 2 * dot};
            fill(ui_, spot, with_alpha(colours[h], is_on ? 1.0F : 0.35F), dot);
            const Rect text{spot.right(), rect.y, rect.right() - spot.right(), rect.h};
            draw_text(ui_,
                      {is_on ? Type::kNoteStrong : Type::kNote,
                       is_on ? ui_.theme.ink : ui_.theme.ink_second, Align::kCentre},
                      text, std::to_string(head));
            log_item(ui_, id, is_on ? "chosen" : "choice", std::to_string(head), std::nullopt,
                     rect);
            if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
            if (!state.was_clicked || (is_on && heads.size() == 1)) continue;
            if (is_on) {
                heads.erase(at);
            } else {
                heads.push_back(head);
            }
            ask("heads", write_list(heads));
        }
    }
    void draw_only() {
        if (is_pressed(AttentionControl::kOnly, "only", true, "show all words again")) {
            ask("queries", "");
            ask("keys", "");
            if (!state_.options.hidden.empty()) ask("hidden", "");
        }
    }
    void draw_threshold() {
        Rect rest = layout_.control(AttentionControl::kThreshold);
        if (rest.is_empty()) return;
        const AttentionOptions& options = state_.options;
        const bool is_share = options.threshold_by == ThresholdBy::kShare;
        char text[48];
        if (is_share) {
            std::snprintf(text, sizeof text, "lines: %.0f %% of a row",
                          static_cast<double>(100 * (1 - options.threshold)));
        } else {
            std::snprintf(text, sizeof text, "lines from %.2f",
                          static_cast<double>(options.threshold));
        }
        const Rect label = take_left(rest, ui_.px(128), ui_.px(6));
        if (button(
                ui_, id_of("threshold-by"), label, text,
                {ButtonLook::kPlain, true,
                 is_share ? "the strongest that together hold this share of a row; press: by weight"
                          : "lines of at least this weight; press: by share of a row"})) {
            ask("threshold-by", is_share ? "weight" : "share");
        }
        // The finer part of the range is the lower one.
        const float place = std::sqrt(options.threshold);
        if (const auto moved = real_slider(ui_, id_of("threshold"), rest, place, {0, 1, 0.01F})) {
            char value[24];
            std::snprintf(value, sizeof value, "%.4f", static_cast<double>(*moved * *moved));
            ask("threshold", value);
        }
    }
    void visit_options(OptionVisitor& v) {
        v.begin("attention");
        state_.options.visit(v);
        v.end();
    }
    std::vector<MenuEntry> list_entries() {
        std::vector<MenuEntry> entries;
        for (const OptionEntry& option :
             list_options([this](OptionVisitor& v) { visit_options(v); })) {
            const bool is_of_picture =
                option.name == "attention.picture" || option.name == "attention.patch-lines";
            if (option.words.empty() || (is_of_picture && !header_.has_picture)) continue;
            MenuEntry entry;
            entry.id = option.name;
            entry.label = option.title;
            if (option.words.front() == "on") {
                entry.mark = option.value == "on" ? MenuEntry::Mark::kOn : MenuEntry::Mark::kOff;
                entry.arguments = {option.name, option.value == "on" ? "off" : "on"};
            } else {
                entry.mark = MenuEntry::Mark::kOff;
                entry.chord = option.value;
                for (const std::string& word : option.words) {
                    MenuEntry child;
                    child.id = word;
                    child.label = word;
                    child.mark =
                        word == option.value ? MenuEntry::Mark::kChosen : MenuEntry::Mark::kOff;
                    child.is_enabled = word != "rollout" || header_.can_roll_out;
                    child.arguments = {option.name, word};
                    entry.children.push_back(std::move(child));
                }
            }
            entries.push_back(std::move(entry));
        }
        if (!header_.words.empty()) entries.push_back(list_words());
        return entries;
    }
    // The words, those marked that are hidden.
    MenuEntry list_words() {
        MenuEntry all;
        all.id = "hidden";
        all.label = "Hidden words";
        const std::vector<int>& hidden = state_.options.hidden;
        if (!hidden.empty()) {
            all.chord = std::to_string(hidden.size());
            MenuEntry none;
            none.id = "none";
            none.label = "Show all";
            none.arguments = {"attention.hidden", ""};
            all.children.push_back(std::move(none));
        }
        for (int i = 0; i < static_cast<int>(header_.words.size()); ++i) {
            std::vector<int> wanted = hidden;
            const auto at = std::find(wanted.begin(), wanted.end(), i);
            MenuEntry word;
            word.id = std::to_string(i);
            word.label = name_word(header_.words[static_cast<std::size_t>(i)]);
            word.chord = word.id;
            word.begins_group = i == 0 && !hidden.empty();
            word.mark = at != wanted.end() ? MenuEntry::Mark::kOn : MenuEntry::Mark::kOff;
            at != wanted.end() ? static_cast<void>(wanted.erase(at)) : wanted.push_back(i);
            std::sort(wanted.begin(), wanted.end());
            word.arguments = {"attention.hidden", write_list(wanted)};
            all.children.push_back(std::move(word));
        }
        return all;
    }
    void draw_options_menu() {
        const Rect& rect = layout_.control(AttentionControl::kMenu);
        if (rect.is_empty()) return;
        if (icon_button(ui_, id_of("options"), rect, Icon::kMore, "all options of this view")) {
            open_popup(ui_, kMenuId);
        }
        if (!is_popup_open(ui_.controls, kMenuId)) return;
        const std::vector<MenuEntry> entries = list_entries();
        if (const auto chosen = draw_menu(ui_, kMenuId, rect, entries)) {
            result_.commands.push_back({"set", chosen->arguments});
        }
    }

    UiContext& ui_;
    const AttentionHeader& header_;
    const AttentionLayout& layout_;
    AttentionViewState& state_;
    ViewResult& result_;
};

}  // namespace

const char* control_label(AttentionControl control) {
    switch (control) {
        case AttentionControl::kHeat:
            return "heat";
        case AttentionControl::kLines:
            return "lines";
        case AttentionControl::kPicture:
            return "picture";
        case AttentionControl::kNumbers:
            return "numbers";
        case AttentionControl::kMerge:
            return "merge pieces";
        case AttentionControl::kHide:
            return "hide [ ]";
        case AttentionControl::kOnly:
            return "chosen words \u00d7";
        default:
            return "";
    }
}

std::span<const std::string> scale_labels() {
    return kScaleLabels;
}

std::span<const std::string> choice_labels() {
    return kChoiceLabels;
}

std::span<const std::string> kind_labels() {
    return kKindLabels;
}

void draw_attention_controls(UiContext& ui, const AttentionHeader& header,
                             const AttentionLayout& layout, AttentionViewState& state,
                             ViewResult& result) {
    const bool fits = measure_text(ui, Type::kTitle, header.title) <= layout.title.w;
    draw_label(ui, "view/attention/title", {Type::kTitle, ui.theme.ink}, layout.title,
               fits || header.short_title.empty() ? header.title : header.short_title);
    // It only explains: whole, or not at all.
    const std::string subtitle = header.is_loading ? "is worked out \u2026" : header.subtitle;
    if (measure_text(ui, Type::kBody, subtitle) <= layout.subtitle.w) {
        draw_label(ui, "view/attention/subtitle", {Type::kBody, ui.theme.ink_second},
                   layout.subtitle, subtitle);
    }
    Controls(ui, header, layout, state, result).draw();
}

}  // namespace heed::app
