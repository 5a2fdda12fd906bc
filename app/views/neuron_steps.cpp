// From the score to the weight: a box for each node on the way, pressed to ask about it.
#include <imgui.h>

#include "app/ui/numbers.h"
#include "app/ui/widgets.h"
#include "app/views/cell_tip.h"
#include "app/views/neuron.h"

namespace heed::app {

void draw_neuron_steps(const NeuronScene& scene, const NeuronPair& pair,
                       const std::vector<Rect>& boxes, ViewResult& result) {
    UiContext& ui = scene.ui;
    const ScoreParts& parts = scene.parts;
    const Graph& graph = scene.trace.graph();
    const Selection& at = scene.selection;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const Rect& box = boxes[i];
        const std::string id = indexed_id("view/neuron/step", {static_cast<int>(i)});
        const Interaction mouse = interact(ui, id, box);
        const Node& node = graph.node(parts.chain[i]);
        const bool is_asked = at.node == node.name;
        fill(ui, box, is_asked ? ui.theme.accent_soft : ui.theme.sunk, ui.px(8));
        if (mouse.is_hovered) {
            outline(ui, box, ui.theme.ink_third, ui.hairline(), ui.px(8));
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        }
        Rect rest = inset(box, ui.px(10), ui.px(6));
        const Rect caption = take_top(rest, ui.px(16));
        draw_text(ui, {Type::kTiny, ui.theme.ink_second}, caption,
                  step_caption(graph, parts, parts.chain[i]));
        const float value = pair.chain[i];
        const std::string text(format_number(static_cast<double>(value), 4).view());
        draw_text(ui, {Type::kCode, is_asked ? ui.theme.accent : ui.theme.ink}, rest, text);
        log_item(ui, id, "number", text, static_cast<double>(value), box);
        if (i > 0) {
            const Point tip{box.x - ui.px(9), box.centre().y};
            draw_triangle(ui, {tip.x - ui.px(8), tip.y - ui.px(5)},
                          {tip.x - ui.px(8), tip.y + ui.px(5)}, tip, ui.theme.ink_third);
        }
        const std::vector<int> cell{at.head, at.query, at.key};
        if (mouse.was_clicked) result.selection = ask_beside(scene, parts.chain[i], cell);
        if (mouse.is_hovered) {
            draw_cell_tip(ui, scene.trace, parts.chain[i], cell, value, box);
        }
    }
}

}  // namespace heed::app
