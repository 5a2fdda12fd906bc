// The step that is being told: its number and name, one sentence, its formula; walking and playing.
#include "app/window/bottom_bar_layout.h"

#include <imgui.h>

#include <array>
#include <cmath>

#include "app/ui/widgets.h"
#include "app/views/stage_formula.h"
#include "app/views/stages_scene.h"
#include "app/window/shell.h"

namespace heed::app {

namespace {

constexpr Type kSmallTitle = Type::kBodyStrong;

class BottomBar {
  public:
    BottomBar(Document& document, bool shows_stages, int stage, UiContext& ui)
        : stages_(document.views.stages),
          memory_(*document.views.stages.memory),
          graph_(document.trace()->graph()),
          node_(graph_.find(document.selection().node).value()),
          shows_stages_(shows_stages),
          stage_(stage),
          ui_(ui) {}

    void draw(const Rect& bar, float text_left, ViewResult& result);
    void play_on(ViewResult& result);

  private:
    int count() const { return static_cast<int>(memory_.stages.size()); }
    const StageEntry& entry() const { return memory_.stages[static_cast<std::size_t>(stage_)]; }
    bool is_lecture() const;
    std::string title() const;
    std::vector<std::string> modes() const;
    void draw_buttons(const BottomBarLayout& layout, ViewResult& result);
    void draw_track(const Rect& track, ViewResult& result);
    void draw_words(const BottomBarLayout& layout);
    void draw_choices(const BottomBarLayout& layout, ViewResult& result);

    StagesViewState& stages_;
    const StagesMemory& memory_;
    const Graph& graph_;
    NodeId node_;
    bool shows_stages_;
    int stage_;
    UiContext& ui_;
};

bool BottomBar::is_lecture() const {
    return shows_stages_ && stages_.options.mode == StagesMode::kOneWord && memory_.plan &&
           find_step(*memory_.plan, stage_) >= 0;
}

// Within the lecture its own steps are counted.
std::string BottomBar::title() const {
    int number = stage_;
    int of = count();
    if (is_lecture()) {
        number = find_step(*memory_.plan, stage_);
        of = static_cast<int>(memory_.plan->step_stages.size());
    }
    return std::to_string(number + 1) + " of " + std::to_string(of) + " \u00b7 " + entry().name;
}

std::vector<std::string> BottomBar::modes() const {
    return {fill_in("one {word}", memory_.facts.words), "all at once"};
}

// Goes on when its time has come; stops at the end.
void BottomBar::play_on(ViewResult& result) {
    if (!stages_.is_playing) return;
    if (!shows_stages_ || stage_ + 1 >= count()) {
        stages_.is_playing = false;
        return;
    }
    const auto pause_s = static_cast<double>(stages_.options.seconds);
    if (!stages_.next_step_s) stages_.next_step_s = ui_.now_s + pause_s;
    if (ui_.now_s >= *stages_.next_step_s) {
        stages_.next_step_s = ui_.now_s + pause_s;
        result.commands.push_back({"next-step", {}});
    }
    ui_.request_frame_in(*stages_.next_step_s - ui_.now_s);
}

void BottomBar::draw_buttons(const BottomBarLayout& layout, ViewResult& result) {
    const auto press = [&](std::string_view id, const Rect& rect, Icon icon, std::string_view name,
                           const ButtonOptions& options, const char* action) {
        if (icon_button(ui_, id, rect, icon, name, options))
            result.commands.push_back({action, {}});
    };
    press("step/previous", layout.back, Icon::kStepBack, "Step before",
          {ButtonLook::kQuiet, stage_ > 0, "Step before (\u2190)"}, "previous-step");
    press("step/play", layout.play, stages_.is_playing ? Icon::kPause : Icon::kPlay,
          stages_.is_playing ? "Pause" : "Play",
          {ButtonLook::kPrimary, true, stages_.is_playing ? "Pause (Space)" : "Play (Space)"},
          "play-or-pause");
    press("step/next", layout.next, Icon::kStepForward, "Step after",
          {ButtonLook::kQuiet, stage_ + 1 < count(), "Step after (\u2192)"}, "next-step");
}

// A line with a dot for each stage; what was told is in the accent.
void BottomBar::draw_track(const Rect& track, ViewResult& result) {
    if (track.w < ui_.px(40) || count() < 2) return;
    const Theme& theme = ui_.theme;
    const Interaction state = interact(ui_, "step/track", track, FocusKind::kValue);
    const float knob = ui_.px(6);
    const float y = std::round(track.centre().y);
    const float left = track.x + knob;
    const float step = (track.w - 2 * knob) / static_cast<float>(count() - 1);
    const auto at = [&](int stage) { return left + step * static_cast<float>(stage); };
    const float line = std::max(1.0F, ui_.px(2));
    fill(ui_, {left, y - line / 2, at(count() - 1) - left, line}, theme.line);
    fill(ui_, {left, y - line / 2, at(stage_) - left, line}, theme.accent);
    for (int i = 0; i < count(); ++i) {
        const float r = i == stage_ ? knob : ui_.px(3);
        fill(ui_, {std::round(at(i)) - r, y - r, 2 * r, 2 * r},
             i <= stage_ ? theme.accent : theme.line, r);
    }
    log_item(ui_, "step/track", "slider", entry().name, static_cast<double>(stage_), track);
    int wanted = stage_ + state.right;
    if (state.home) wanted = 0;
    if (state.end) wanted = count() - 1;
    if (state.is_hovered || state.is_held) {
        const int under = std::clamp(static_cast<int>(std::lround((state.mouse.x - left) / step)),
                                     0, count() - 1);
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (state.is_held || state.was_clicked) wanted = under;
        if (tooltip_is_due(ui_, "step/track", static_cast<std::uint64_t>(under))) {
            const std::array lines{TooltipLine{memory_.stages[static_cast<std::size_t>(under)].name,
                                               Type::kNote, theme.ink}};
            draw_tooltip(ui_, {at(under) - knob, track.y, 2 * knob, track.h}, lines);
        }
    }
    wanted = std::clamp(wanted, 0, count() - 1);
    if (wanted != stage_) result.commands.push_back({"stage", {std::to_string(wanted)}});
}

void BottomBar::draw_words(const BottomBarLayout& layout) {
    const Type type = layout.has_small_title ? kSmallTitle : Type::kTitle;
    draw_label(ui_, "step/title", {type, ui_.theme.ink}, layout.title, title());
    if (stages_.texts == nullptr) return;
    const StageFacts& facts = memory_.facts;
    std::string sentence;
    if (is_lecture()) sentence = stages_.texts->text(facts.help, "word", facts.words);
    if (sentence.empty()) sentence = stages_.texts->text(facts.help, "sentence", facts.words);
    // Until its numbers have come there is nothing to say with them.
    if (!memory_.has_facts && sentence.find('{') != std::string::npos) sentence.clear();
    draw_paragraph(ui_, {Type::kBody, ui_.theme.ink_second}, layout.sentence, sentence,
                   layout.lines);
    log_item(ui_, "step/sentence", "text", sentence, std::nullopt, layout.sentence);
}

void BottomBar::draw_choices(const BottomBarLayout& layout, ViewResult& result) {
    if (layout.mode.is_empty()) return;
    const int mode = stages_.options.mode == StagesMode::kOneWord ? 0 : 1;
    if (segmented(ui_, "step/mode", layout.mode, modes(), mode)) {
        result.commands.push_back({"stages-mode", {}});
    }
    const bool is_on = stages_.options.shows_code;
    if (button(
            ui_, "step/code", layout.code, "code",
            {is_on ? ButtonLook::kOn : ButtonLook::kQuiet, true, "Code beside the numbers (C)"})) {
        result.commands.push_back({"set", {"stages.code", is_on ? "off" : "on"}});
    }
}

void BottomBar::draw(const Rect& bar, float text_left, ViewResult& result) {
    const std::string formula = stage_formula(graph_, entry(), node_);
    BottomBarRequest request{bar, ui_.scale, text_left};
    request.title_h = line_height(ui_, Type::kTitle);
    request.title_w = std::ceil(measure_text(ui_, kSmallTitle, title())) + 1;
    request.line_h = std::ceil(line_height(ui_, Type::kBody) * 1.1F);
    if (shows_stages_) {
        float widest = 0;
        for (const std::string& name : modes()) {
            widest = std::max(widest, measure_text(ui_, Type::kNoteStrong, name));
        }
        request.mode_w = 2 * (widest + ui_.px(22)) + ui_.px(8);
        request.code_w = measure_button(ui_, "code");
    }
    // The formula is shown whole, smaller where it must be, or not at all: the view has it too.
    BottomBarLayout layout;
    bool is_small = false;
    for (const bool tries_small : {false, true}) {
        is_small = tries_small;
        request.formula_w = measure_formula(ui_, formula, is_small);
        layout = layout_bottom_bar(request);
        if (!layout.formula.is_empty()) break;
    }
    draw_buttons(layout, result);
    draw_track(layout.track, result);
    draw_words(layout);
    if (!layout.formula.is_empty()) {
        draw_formula(ui_, "step/formula", layout.formula, formula, is_small);
    }
    draw_choices(layout, result);
}

}  // namespace

ViewResult draw_bottom_bar(Document& document, const ShellState& state, UiContext& ui,
                           const Rect& bar, float text_left) {
    ViewResult result;
    fill_ground(ui, bar, ui.theme.surface);
    fill(ui, {bar.x, bar.y, bar.w, ui.hairline()}, ui.theme.line);
    const int stage = update_memory(*document.trace(), document.selection(), document.views.stages,
                                    ui.trace_number);
    if (stage < 0) return result;
    BottomBar parts(document, state.panels.centre() == "stages", stage, ui);
    parts.draw(bar, text_left, result);
    parts.play_on(result);
    return result;
}

}  // namespace heed::app
