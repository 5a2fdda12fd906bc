#include "app/ui/text_field.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "app/ui/keys.h"
#include "app/ui/text_keys.h"

namespace heed::app {

namespace {

using Extend = TextEdit::Extend;

constexpr float kPadding = 16;  // design pixels, left and right
constexpr float kRadius = 9;
constexpr float kNoteGap = 18;
constexpr float kHalfClick = 4;        // the mouse may tremble this far between two presses
constexpr double kClickPause_s = 0.4;  // between the presses of a double click
constexpr double kScrollFrame_s = 1.0 / 60;
constexpr float kScrollPerFrame = 0.25F;  // of the distance to the mouse beyond the edge

// The line as it is drawn in its area.
struct Line {
    Rect area;       // of the text, between the margins
    float left = 0;  // where the text begins: scrolled, or at the right where it is read from there
};

class Field {
  public:
    Field(UiContext& ui, const TextFieldRequest& request, const Rect& rect, TextFieldState& state)
        : ui_(ui), request_(request), rect_(rect), state_(state) {}

    TextFieldResult draw() {
        if (request_.takes_keys) ui_.controls.focus.give(request_.id, true);
        const FocusAnswer keys = focus_stop(ui_, request_.id, rect_, FocusKind::kText);
        // What lies over the field at its right has the mouse there.
        Rect writing = rect_;
        writing.w -= request_.right_margin_px;
        Interaction touch =
            interact(ui_, std::string(request_.id) + "/line", writing, FocusKind::kMouseOnly);
        touch.is_focused = keys.shows;
        if (touch.is_held && !state_.was_held) ui_.controls.focus.give(request_.id, false);
        follow_focus(touch);
        line_ = place_line();
        follow_mouse(touch);
        if (state_.has_keys) follow_keys();
        keep_caret_in_sight(touch);
        paint(touch);
        note_items();
        return result_;
    }

  private:
    const ShapedText& shaped() const {
        return ui_.fonts.engine().shape(request_.type, state_.edit.text());
    }

    void follow_focus(const Interaction& touch) {
        FocusState& focus = ui_.controls.focus;
        const bool had_keys = state_.has_keys;
        state_.has_keys = focus.focused() == focus_key(request_.id);
        const bool is_left = ImGui::IsMouseClicked(0) && !touch.is_hovered;
        if (state_.has_keys && is_left && !request_.takes_keys) {
            focus.leave();
            state_.has_keys = false;
        }
        // By keys one comes to replace what is there; the mouse says where.
        const bool has_come = state_.has_keys && !had_keys && !touch.is_held;
        if (has_come || request_.takes_keys) state_.edit.select_all();
        if (touch.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
    }

    float note_width() const {
        return request_.note.empty()
                   ? 0
                   : measure_text(ui_, Type::kNote, request_.note) + ui_.px(kNoteGap);
    }

    bool shows_note() const {
        const float free = rect_.w - request_.right_margin_px - 2 * ui_.px(kPadding);
        return !request_.note.empty() && shaped().width + note_width() + ui_.px(8) <= free;
    }

    Line place_line() const {
        Line line;
        line.area = rect_;
        line.area.x += ui_.px(kPadding);
        line.area.w = rect_.w - 2 * ui_.px(kPadding) - request_.right_margin_px;
        if (shows_note()) line.area.w -= note_width();
        line.area.w = std::max(1.0F, line.area.w);
        const float room = line.area.w - shaped().width;
        line.left = line.area.x;
        if (room < 0) {
            line.left -= state_.scroll_px;
        } else if (shaped().is_rtl) {
            line.left += room;
        }
        line.left = std::round(line.left);
        return line;
    }

    void follow_mouse(const Interaction& touch) {
        TextEdit& edit = state_.edit;
        const bool is_new = touch.is_held && !state_.was_held;
        state_.was_held = touch.is_held;
        if (!touch.is_held) return;
        const Caret caret = caret_near(shaped(), touch.mouse.x - line_.left);
        const bool extends = ImGui::GetIO().KeyShift;
        if (!is_new) {
            drag_to(caret);
            return;
        }
        const bool is_again = ui_.now_s - state_.pressed_s < kClickPause_s &&
                              std::abs(touch.mouse.x - state_.pressed_at.x) <= ui_.px(kHalfClick);
        state_.presses = is_again && !extends ? state_.presses % 3 + 1 : 1;
        state_.pressed_s = ui_.now_s;
        state_.pressed_at = touch.mouse;
        if (state_.presses == 1) {
            edit.place_caret(caret, extends ? Extend::kYes : Extend::kNo);
        } else if (state_.presses == 2) {
            // The word under the mouse, not the one after its caret.
            edit.select_word(caret.is_after ? previous_grapheme(edit.text(), caret.at) : caret.at);
            state_.pressed_on = edit.selection();
        } else {
            edit.select_all();
        }
    }

    // Whole words after a double click, everything after a triple one.
    void drag_to(const Caret& caret) {
        TextEdit& edit = state_.edit;
        if (state_.presses == 1 && caret.at != edit.caret().at) {
            edit.place_caret(caret, Extend::kYes);
        } else if (state_.presses == 2) {
            const TextSegment& first = state_.pressed_on;
            const TextSegment word = word_at(edit.text(), caret.at);
            if (caret.at < first.begin) {
                edit.select({first.end, first.end});
                edit.place_caret({word.begin, false}, Extend::kYes);
            } else if (caret.at > first.end) {
                edit.select({first.begin, word.end});
            } else {
                edit.select(first);
            }
        }
    }

    void follow_keys() {
        const ImGuiIO& io = ImGui::GetIO();
        result_.was_changed = edit_by_keys(ui_, state_.edit, shaped()) || result_.was_changed;
        if (io.KeyAlt || io.KeySuper || io.KeyCtrl) return;
        const bool is_entered =
            ImGui::IsKeyPressed(kKeyEnter, false) || ImGui::IsKeyPressed(kKeyKeypadEnter, false);
        if (is_entered || ImGui::IsKeyPressed(kKeyEscape, false)) {
            result_.was_entered = is_entered;
            state_.has_keys = false;
            ui_.controls.focus.leave();
        }
    }

    void keep_caret_in_sight(const Interaction& touch) {
        const float width = shaped().width;
        const float most = std::max(0.0F, width + ui_.px(2) - place_line().area.w);
        const float x = caret_x(shaped(), state_.edit.caret());
        if (touch.is_held) {
            // Beyond the edge it goes on scrolling while the mouse rests there.
            const float beyond = std::max(0.0F, touch.mouse.x - line_.area.right()) -
                                 std::max(0.0F, line_.area.x - touch.mouse.x);
            if (beyond != 0 && most > 0) {
                state_.scroll_px += beyond * kScrollPerFrame;
                ui_.request_frame_in(kScrollFrame_s);
            }
        } else if (state_.has_keys || result_.was_changed) {
            const float grace = std::min(ui_.px(24), place_line().area.w / 4);
            const float low = x - place_line().area.w + grace;
            state_.scroll_px =
                std::clamp(state_.scroll_px, std::min(low, x - grace), std::max(low, x - grace));
        }
        state_.scroll_px = std::clamp(state_.scroll_px, 0.0F, most);
        line_ = place_line();
    }

    void paint(const Interaction& touch) {
        const Theme& theme = ui_.theme;
        fill(ui_, rect_, theme.background, ui_.px(kRadius));
        const float height = line_height(ui_, request_.type);
        const float top = std::round(rect_.centre().y - height / 2);
        ImGui::PushClipRect({line_.area.x - ui_.px(2), rect_.y},
                            {line_.area.right() + ui_.px(3), rect_.bottom()}, true);
        const TextSegment chosen = state_.edit.selection();
        const Colour ground =
            state_.has_keys ? with_alpha(theme.accent, 0.28F) : with_alpha(theme.ink_third, 0.25F);
        for (const auto& [left, right] : selected_stretches(shaped(), chosen.begin, chosen.end)) {
            fill(ui_, {line_.left + left, top - ui_.px(1), right - left, height + ui_.px(2)},
                 ground, ui_.px(2));
        }
        if (state_.edit.text().empty()) {
            draw_text_at(ui_, {request_.type, theme.ink_third}, {line_.area.x + ui_.px(2), top},
                         request_.hint);
        } else {
            draw_text_at(ui_, {request_.type, theme.ink}, {line_.left, top}, state_.edit.text());
        }
        paint_more(top, height);
        if (state_.has_keys) {
            const float width = std::max(1.0F, std::round(1.5F * ui_.scale));
            const float x = line_.left + caret_x(shaped(), state_.edit.caret());
            fill(ui_, {std::round(x - width / 2), top - ui_.px(1), width, height + ui_.px(2)},
                 theme.accent);
        }
        ImGui::PopClipRect();
        paint_note();
        // The ring of the keys' focus is drawn around it where keys brought it here.
        const bool is_marked = state_.has_keys && !touch.is_focused;
        const Colour edge =
            is_marked ? theme.accent : (touch.is_hovered ? theme.ink_third : theme.line);
        outline(ui_, rect_, edge, is_marked ? 1.5F * ui_.scale : ui_.hairline(), ui_.px(kRadius));
    }

    // A fading end says that there is more.
    void paint_more(float top, float height) {
        const float over = shaped().width - line_.area.w;
        if (over <= 0) return;
        constexpr int kSteps = 6;
        const float step = ui_.px(3);
        for (int i = 0; i < kSteps; ++i) {
            const float in = step * static_cast<float>(i);
            const Colour veil =
                with_alpha(ui_.theme.background, 1 - static_cast<float>(i) / kSteps);
            if (state_.scroll_px > 0) {
                fill(ui_, {line_.area.x - ui_.px(2) + in, top, step, height}, veil);
            }
            if (state_.scroll_px < over) {
                const float right = line_.area.right() + ui_.px(3);
                fill(ui_, {right - in - step, top, step, height}, veil);
            }
        }
    }

    void paint_note() {
        if (!shows_note()) return;
        Rect place = inset(rect_, ui_.px(kPadding), 0);
        place.w -= request_.right_margin_px;
        const Colour ink = ui_.theme.ink_third;
        draw_text(ui_, {Type::kNote, ink, Align::kRight}, place, request_.note);
        if (!request_.is_busy) return;
        const float size = ui_.px(6);
        const float left = place.right() - measure_text(ui_, Type::kNote, request_.note);
        fill(ui_, {left - size - ui_.px(6), std::round(place.centre().y - size / 2), size, size},
             ui_.theme.accent, size / 2);
    }

    void note_items() {
        if (!ui_.items.is_recording()) return;
        const TextEdit& edit = state_.edit;
        const std::string id(request_.id);
        log_item(ui_, id, "field", edit.text(), std::nullopt, rect_);
        if (!state_.has_keys) return;
        log_item(ui_, id + "/caret", "caret", "", static_cast<double>(edit.caret().at),
                 {line_.left + caret_x(shaped(), edit.caret()), rect_.y, 1, rect_.h});
        if (edit.has_selection()) {
            log_item(ui_, id + "/selection", "text", edit.selected_text(), std::nullopt,
                     line_.area);
        }
    }

    UiContext& ui_;
    const TextFieldRequest& request_;
    const Rect& rect_;
    TextFieldState& state_;
    Line line_;
    TextFieldResult result_;
};

}  // namespace

TextFieldResult draw_text_field(UiContext& ui, const TextFieldRequest& request, const Rect& rect,
                                TextFieldState& state) {
    return Field(ui, request, rect, state).draw();
}

}  // namespace heed::app
