#include "app/views/canvas.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/hash.h"

namespace heed::app {

namespace {

constexpr int kPixels = 224;  // of the picture that is shown
constexpr int kKeyStep = 25;  // of the pen moved by arrows
constexpr float kTool = 28;
constexpr float kGap = 8;

void add_point(Stroke& stroke, const SketchPoint& point) {
    if (stroke.points.empty() || stroke.points.back() != point) stroke.points.push_back(point);
}

// One frame of the canvas.
class Canvas {
  public:
    Canvas(UiContext& ui, const CanvasLayout& layout, const Sketch& sketch, CanvasState& state)
        : ui_(ui), layout_(layout), sketch_(sketch), state_(state) {}

    std::optional<Sketch> draw() {
        take_strokes();
        draw_surface();
        draw_tools();
        return std::move(changed_);
    }

  private:
    void take_strokes() {
        const Interaction input =
            interact(ui_, "canvas/surface", layout_.surface, FocusKind::kValue);
        if (input.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (input.is_held) {
            if (state_.open && !state_.has_mouse) finish();
            if (!state_.open) begin(true);
            add_point(*state_.open, sketch_point(layout_.surface, input.mouse));
            state_.shows_pen = false;
            ui_.request_frame_in(0);
            return;
        }
        if (state_.open && state_.has_mouse) {
            finish();
        } else {
            take_keys(input);
        }
    }
    void take_keys(const Interaction& input) {
        if (!input.is_focused) {
            // A stroke that the keys began is finished where they leave.
            if (state_.open) finish();
            state_.shows_pen = false;
            return;
        }
        state_.shows_pen = true;
        const auto move = [](int at, int by) {
            return std::clamp(at + by * kKeyStep, 0, kSketchSide);
        };
        state_.pen = {move(state_.pen.x, input.right), move(state_.pen.y, input.down)};
        if (input.was_clicked && state_.open) {
            finish();
        } else if (input.was_clicked) {
            begin(false);
        }
        if (state_.open) add_point(*state_.open, state_.pen);
    }
    void begin(bool has_mouse) {
        state_.open = Stroke{state_.erases, state_.width, {}};
        state_.has_mouse = has_mouse;
    }
    void finish() {
        changed_ = sketch_;
        changed_->strokes.push_back(std::move(*state_.open));
        state_.open.reset();
    }

    void draw_surface() {
        Sketch shown = changed_ ? *changed_ : sketch_;
        if (state_.open && !state_.open->points.empty()) shown.strokes.push_back(*state_.open);
        const Picture picture =
            ui_.pictures.get("canvas", hash_text(write_sketch(shown)), kPixels, kPixels,
                             [&](std::span<std::uint32_t> texels) {
                                 const Image image = paint_sketch(shown, kPixels);
                                 for (std::size_t i = 0; i < texels.size(); ++i) {
                                     const std::uint8_t grey = image.pixels[3 * i];
                                     texels[i] = pack_rgba({grey, grey, grey, 255});
                                 }
                             });
        draw_picture(ui_, layout_.surface, picture);
        outline(ui_, layout_.surface, ui_.theme.line, ui_.hairline());
        const auto count = static_cast<double>(sketch_.strokes.size());
        log_item(ui_, "canvas/surface", "canvas", write_sketch(sketch_), count, layout_.surface);
        if (state_.shows_pen) draw_pen();
    }
    // Where the keys draw; filled while the pen is down.
    void draw_pen() {
        const float side = layout_.surface.w / static_cast<float>(kSketchSide);
        const float radius = std::max(ui_.px(3), static_cast<float>(state_.width) * side / 2);
        const Rect pen{layout_.surface.x + static_cast<float>(state_.pen.x) * side - radius,
                       layout_.surface.y + static_cast<float>(state_.pen.y) * side - radius,
                       2 * radius, 2 * radius};
        if (state_.open) fill(ui_, pen, with_alpha(ui_.theme.accent, 0.5F), radius);
        outline(ui_, pen, ui_.theme.accent, std::max(2.0F, ui_.px(2)), radius);
    }

    void draw_tools() {
        if (tool("canvas/brush", layout_.brush, "brush", !state_.erases, "draws white")) {
            state_.erases = false;
        }
        if (tool("canvas/eraser", layout_.eraser, "eraser", state_.erases, "draws black")) {
            state_.erases = true;
        }
        const bool has_strokes = !sketch_.strokes.empty();
        if (icon_button(ui_, "canvas/undo", layout_.undo, Icon::kUndo, "takes back one stroke",
                        {ButtonLook::kQuiet, has_strokes, ""})) {
            changed_ = sketch_;
            changed_->strokes.pop_back();
        }
        if (button(ui_, "canvas/clear", layout_.clear, "clear",
                   {ButtonLook::kQuiet, has_strokes, "an empty sheet"})) {
            changed_ = Sketch{};
        }
        draw_label(ui_, "canvas/width-label", {Type::kNote, ui_.theme.ink_second},
                   layout_.width_label, "thickness");
        if (const auto width = slider(ui_, "canvas/width", layout_.width, state_.width,
                                      kThinnestStroke, kThickestStroke)) {
            state_.width = *width;
        }
    }
    bool tool(const char* id, const Rect& rect, const char* label, bool is_on,
              const char* tooltip) {
        return button(ui_, id, rect, label,
                      {is_on ? ButtonLook::kOn : ButtonLook::kQuiet, true, tooltip});
    }

    UiContext& ui_;
    const CanvasLayout& layout_;
    const Sketch& sketch_;
    CanvasState& state_;
    std::optional<Sketch> changed_;
};

}  // namespace

float canvas_height(const UiContext& ui, float side) {
    return side + 2 * ui.px(kTool + kGap);
}

CanvasLayout layout_canvas(const UiContext& ui, const Rect& room) {
    CanvasLayout layout;
    const float tools = canvas_height(ui, 0);
    const float side = std::floor(std::max(0.0F, std::min(room.w, room.h - tools)));
    Rect rest = room;
    Rect surface = take_top(rest, side, ui.px(kGap));
    layout.surface = take_left(surface, side);
    Rect row = take_top(rest, ui.px(kTool), ui.px(kGap));
    const auto take = [&](const char* label) {
        return take_left(row, std::ceil(measure_button(ui, label)), ui.px(6));
    };
    layout.brush = take("brush");
    layout.eraser = take("eraser");
    layout.undo = take_left(row, ui.px(kTool), ui.px(6));
    layout.clear = take("clear");
    row = take_top(rest, ui.px(kTool));
    layout.width_label =
        take_left(row, std::ceil(measure_text(ui, Type::kNote, "thickness")) + 1, ui.px(kGap));
    layout.width = take_left(row, ui.px(200));
    return layout;
}

SketchPoint sketch_point(const Rect& surface, Point at) {
    const auto along = [](float place, float length) {
        const float share = length > 0 ? std::clamp(place / length, 0.0F, 1.0F) : 0.0F;
        return static_cast<int>(std::lround(share * static_cast<float>(kSketchSide)));
    };
    return {along(at.x - surface.x, surface.w), along(at.y - surface.y, surface.h)};
}

std::optional<Sketch> draw_canvas(UiContext& ui, const CanvasLayout& layout, const Sketch& sketch,
                                  CanvasState& state) {
    return Canvas(ui, layout, sketch, state).draw();
}

}  // namespace heed::app
