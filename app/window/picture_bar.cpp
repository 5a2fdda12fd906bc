// What stands in the sentence's place for models that look at pictures: the picture's path, and a
// canvas to draw one.
#include <imgui.h>

#include <cmath>
#include <filesystem>
#include <utility>

#include "app/ui/popup.h"
#include "app/views/canvas.h"
#include "app/window/shell.h"
#include "app/window/shell_layout.h"

namespace heed::app {

namespace {

constexpr const char* kCanvas = "canvas";
constexpr float kSide = 320;  // of the canvas, design pixels
constexpr float kMargin = 20;

// A path below the folder that the program was started in as it is seen from there (Enter takes it
// so, too); others as they are.
std::string path_from_here(const std::string& path) {
    std::error_code unknown;
    const std::filesystem::path here = std::filesystem::current_path(unknown);
    if (unknown || path.empty()) return path;
    const std::filesystem::path seen = std::filesystem::path(path).lexically_relative(here);
    return seen.empty() || *seen.begin() == ".." ? path : seen.string();
}

void draw_sheet(const Document& document, CanvasState& state, UiContext& ui, const Rect& anchor,
                ViewResult& result) {
    if (!is_popup_open(ui.controls, kCanvas)) return;
    const float margin = ui.px(kMargin);
    const float room = ImGui::GetIO().DisplaySize.y - anchor.bottom() - canvas_height(ui, 0);
    const float side = std::max(ui.px(120), std::min(ui.px(kSide), room - 3 * margin));
    const Rect box =
        place_below(ui, anchor, side + 2 * margin, canvas_height(ui, side) + 2 * margin);
    if (!begin_popup(ui, kCanvas, box)) return;
    const DocumentInputs& inputs = document.inputs();
    const std::string drawn =
        inputs.sketch.value_or(inputs.image ? std::string() : std::string(kFirstSketch));
    const Sketch sketch = parse_sketch(drawn);
    const CanvasLayout layout = layout_canvas(ui, inset(box, margin));
    if (const std::optional<Sketch> changed = draw_canvas(ui, layout, sketch, state)) {
        result.commands.push_back({"sketch", {write_sketch(*changed)}});
    }
    end_popup(ui);
}

}  // namespace

ViewResult draw_picture_bar(const Document& document, SentenceBarState& state, UiContext& ui,
                            const Rect& rect) {
    ViewResult result;
    Rect rest = rect;
    const float wanted = std::ceil(measure_button(ui, "Draw"));
    const Rect draw = take_right(rest, wanted, ui.px(8));
    if (document.model()->summary().takes_text) {
        const Rect text = take_right(rest, std::ceil(measure_button(ui, "Text")), ui.px(8));
        if (button(ui, "bar/text-instead", text, "Text",
                   {ButtonLook::kQuiet, true, "Back to the sentence"})) {
            result.commands.push_back({"no-image", {}});
        }
    }
    const DocumentInputs& inputs = document.inputs();
    const std::string shown = inputs.sketch ? "" : path_from_here(inputs.image.value_or(""));
    if (!state.image.has_keys && state.image.edit.text() != shown) state.image.edit.reset(shown);
    TextFieldRequest request;
    request.id = "bar/image";
    request.hint = "Path of a PNG or JPEG picture";
    request.type = Type::kBody;
    request.takes_keys = std::exchange(state.takes_keys, false);
    request.right_margin_px = ui.px(24);
    const TextFieldResult typed = draw_text_field(ui, request, rest, state.image);
    if (std::optional<Command> example = draw_examples(state, ui, rest)) {
        result.commands.push_back(std::move(*example));
    }
    const std::string path = state.image.edit.text();
    if (typed.was_entered && !path.empty()) {
        result.commands.push_back({"image", {expand_home(path).string()}});
    }
    state.is_typing = state.image.has_keys;
    if (button(ui, "bar/draw", draw, "Draw", {ButtonLook::kQuiet, true, "Draw a picture"})) {
        open_popup(ui, kCanvas);
    }
    draw_sheet(document, state.canvas, ui, draw, result);
    return result;
}

}  // namespace heed::app
