#include "app/window/messages.h"

#include <imgui.h>

#include <array>
#include <cstdio>
#include <vector>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr double kLong_s = 0.15;
constexpr double kRefresh_s = 0.1;
constexpr float kTipWidth = 520;  // design pixels

std::string last_run(const Document& document) {
    if (document.trace() == nullptr) return document.is_busy() ? "opening" : "no run";
    const RunFacts& facts = document.trace()->facts();
    std::string backend = facts.backend;
    for (char& c : backend) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    char text[64];
    std::snprintf(text, sizeof text, "%s %.1f ms", backend.c_str(), facts.milliseconds);
    return text;
}

void tell(UiContext& ui, std::string_view id, const Rect& anchor,
          const std::vector<std::string>& texts) {
    if (!tooltip_is_due(ui, id)) return;
    std::vector<TooltipLine> lines;
    for (const std::string& text : texts) lines.push_back({text, Type::kNote, ui.theme.ink});
    draw_tooltip(ui, anchor, lines);
}

// `text` in lines of at most `width` pixels, broken at blanks.
std::vector<std::string> break_lines(const UiContext& ui, const std::string& text, float width) {
    std::vector<std::string> lines{""};
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, end - at);
        const std::string longer = lines.back() + (lines.back().empty() ? "" : " ") + word;
        if (!lines.back().empty() && measure_text(ui, Type::kNote, longer) > width) {
            lines.push_back(word);
        } else {
            lines.back() = longer;
        }
        at = end + 1;
    }
    return lines;
}

}  // namespace

bool is_long(const WorkState& work, double now_s) {
    return work.is_busy && now_s - work.since_s >= kLong_s;
}

std::string work_text(const WorkState& work, double now_s) {
    if (!is_long(work, now_s)) return "";
    if (work.progress.total == 0) return work.is_pass ? "opening" : "working";
    return std::to_string(work.progress.done) + " of " + std::to_string(work.progress.total);
}

ViewResult draw_status(const Document& document, const WorkState& work, UiContext& ui,
                       const Rect& rect) {
    ViewResult result;
    if (work.is_busy) {
        const double rest = work.since_s + kLong_s - ui.now_s;
        ui.request_frame_in(rest > 0 ? rest : kRefresh_s);
    }
    const std::string working = work_text(work, ui.now_s);
    const bool is_working = !working.empty();
    const Interaction state = interact(ui, "bar/status", rect, FocusKind::kMouseOnly);
    fill(ui, rect, ui.theme.sunk, ui.px(8));
    if (is_working && work.progress.total > 0) {
        const float share =
            static_cast<float>(work.progress.done) / static_cast<float>(work.progress.total);
        const Rect track = inset({rect.x, rect.bottom() - ui.px(5), rect.w, ui.px(3)}, ui.px(8), 0);
        fill(ui, track, ui.theme.line, ui.px(1));
        fill(ui, {track.x, track.y, track.w * share, track.h}, ui.theme.accent, ui.px(1));
    }
    draw_label(ui, "bar/status",
               {Type::kNote, is_working ? ui.theme.accent : ui.theme.ink_second, Align::kCentre},
               rect, is_working ? working : last_run(document));
    if (is_working && state.is_hovered) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        tell(ui, "bar/status", rect,
             {work.is_pass ? "Steps of the pass that are done" : "How far the work of a view is",
              "Esc or a press cancels"});
    } else if (state.is_hovered) {
        tell(ui, "bar/status", rect,
             {"How long the last pass took, every number kept", work.backend});
    }
    if (is_working && state.was_clicked) result.commands.push_back({"dismiss", {}});
    return result;
}

std::string banner_text(const Document& document) {
    if (!document.error().empty()) return document.error();
    std::string text;
    for (const std::string& note : document.notes()) {
        text += (text.empty() ? "" : " \u00b7 ") + note;
    }
    return text;
}

ViewResult draw_banner(const Document& document, UiContext& ui, const Rect& rect) {
    ViewResult result;
    const bool is_error = !document.error().empty();
    const std::string id = is_error ? "banner/error" : "banner/note";
    const Colour colour = is_error ? ui.theme.error : ui.theme.accent;
    fill(ui, rect, is_error ? mix(ui.theme.surface, ui.theme.error, 0.1F) : ui.theme.accent_soft,
         ui.px(8));
    fill(ui, {rect.x, rect.y, ui.px(4), rect.h}, colour, ui.px(2));
    Rect inside = inset(rect, ui.px(16), 0);
    Rect cross = take_right(inside, ui.px(28), ui.px(8));
    cross = {cross.x, rect.centre().y - ui.px(14), ui.px(28), ui.px(28)};
    if (icon_button(ui, "banner/close", cross, Icon::kClose, "Close",
                    {ButtonLook::kPlain, true, ""})) {
        result.commands.push_back({"close-message", {}});
    }
    const std::string text = banner_text(document);
    draw_label(ui, id, {Type::kBody, ui.theme.ink}, inside, text);
    const bool is_cut = measure_text(ui, Type::kBody, text) > inside.w;
    if (is_cut && interact(ui, id, inside, FocusKind::kMouseOnly).is_hovered) {
        const float mouse = ImGui::GetMousePos().x;
        tell(ui, id, {mouse, rect.y, 1, rect.h}, break_lines(ui, text, ui.px(kTipWidth)));
    }
    return result;
}

ViewResult draw_nothing_yet(const Document& document, const WorkState& work, UiContext& ui,
                            const Rect& rect) {
    ViewResult result;
    card(ui, rect);
    if (document.is_busy()) {
        const float width = measure_button(ui, "Cancel");
        const Rect place{std::round(rect.centre().x - width / 2),
                         std::round(rect.centre().y + ui.px(48)), width, ui.px(30)};
        const bool has_room = place.bottom() < rect.bottom();
        if (has_room && button(ui, "centre/cancel", place, "Cancel",
                               {ButtonLook::kQuiet, true, "Give up opening (Esc)"})) {
            result.commands.push_back({"dismiss", {}});
        }
        const std::string step = work_text(work, ui.now_s);
        empty_state(ui, "centre", rect, "Opening " + document.model_name(),
                    step.empty() || work.progress.total == 0 ? "One moment." : "Step " + step);
    } else if (document.model() != nullptr) {
        empty_state(ui, "centre", rect, "Nothing to show yet", "Type a sentence above.");
    } else if (!document.model_name().empty()) {
        empty_state(ui, "centre", rect, "No model is open", "F5 tries again.");
    } else {
        empty_state(ui, "centre", rect, "No model is open",
                    "Choose one at the top left, or start heed with its folder: heed -m FOLDER");
    }
    return result;
}

}  // namespace heed::app
