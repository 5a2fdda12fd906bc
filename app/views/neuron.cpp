#include "app/views/neuron.h"

#include <array>

#include "app/ui/widgets.h"
#include "app/views/cell_tip.h"
#include "core/ops/op_table.h"

namespace heed::app {

namespace {

void draw_choice(UiContext& ui, const Rect& rect, const char* option,
                 const std::array<std::string_view, 2>& words, int chosen, ViewResult& result) {
    const std::vector<std::string> labels(words.begin(), words.end());
    const std::optional<int> pressed =
        segmented(ui, "view/" + std::string(option), rect, labels, chosen);
    if (!pressed) return;
    result.commands.push_back({"set", {option, labels[static_cast<std::size_t>(*pressed)]}});
}

void draw_empty(UiContext& ui, const Rect& inside, std::string_view title, std::string_view hint) {
    empty_state(ui, "view/neuron/empty", inside, title, hint);
}

}  // namespace

Selection ask_beside(const NeuronScene& scene, NodeId node, std::vector<int> cell) {
    const Graph& graph = scene.trace.graph();
    Selection wanted = scene.selection;
    wanted.node = graph.node(node).name;
    wanted.cell = std::move(cell);
    return clamp_selection(graph, std::move(wanted));
}

std::string step_caption(const Graph& graph, const ScoreParts& parts, NodeId node) {
    const Node& asked = graph.node(node);
    if (node == parts.score) return "sum of " + std::to_string(parts.width) + " products";
    switch (asked.op) {
        case Op::kScale:
            return "\u00d7 " + typeset_formula(asked.attributes.scale_text);
        case Op::kMask:
            return asked.attributes.mask == MaskRule::kNone ? "mask: all may be seen"
                                                            : "mask: the past alone";
        case Op::kNormaliseSum:
            return "\u00f7 sum of the row";
        case Op::kRecorded:
            return std::string(short_name(asked.name));
        default:
            return op_row(asked.op).name;
    }
}

void draw_neuron_header(const NeuronScene& scene, const NeuronHeader& layout,
                        const std::string& title, const std::string& note, ViewResult& result) {
    UiContext& ui = scene.ui;
    Rect line = layout.title;
    const float width = std::ceil(measure_text(ui, Type::kTitle, title)) + 1;
    const bool has_note = width + ui.px(16) + measure_text(ui, Type::kBody, note) <= line.w;
    draw_label(ui, "view/neuron/title", {Type::kTitle, ui.theme.ink},
               has_note ? take_left(line, width, ui.px(16)) : line, title);
    if (has_note) {
        draw_label(ui, "view/neuron/note", {Type::kBody, ui.theme.ink_second}, line, note);
    }
    const NeuronOptions& options = scene.state.options;
    draw_choice(ui, layout.sort, "neuron.sort", NeuronOptions::kSorts,
                static_cast<int>(options.sort), result);
    draw_choice(ui, layout.mode, "neuron.mode", NeuronOptions::kModes,
                static_cast<int>(options.mode), result);
}

ViewResult draw_neuron_view(const Trace& trace, const Selection& selection, const Rect& rect,
                            NeuronViewState& state, UiContext& ui) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    const AttentionSite* site = find_site(trace.graph(), selection);
    if (site == nullptr) {
        draw_empty(ui, inside, "No attention here", "This layer has no queries and keys.");
        return result;
    }
    const Shape& shape = trace.graph().node(*site->pattern).shape;
    if (shape.extent(1) == 0 || shape.extent(2) == 0) {
        draw_empty(ui, inside, "No words yet", "Type a sentence above.");
        return result;
    }
    const std::optional<ScoreParts> parts = find_score_parts(trace.graph(), *site);
    if (!parts) {
        const std::string hint =
            site->dots
                ? "Here the score is " +
                      typeset_formula(formula_text(trace.graph(), trace.graph().node(*site->dots)))
                : "This trace holds no scores.";
        draw_empty(ui, inside, "No products to add up", hint);
        return result;
    }
    const NeuronScene scene{trace, selection, *site, *parts, state, ui};
    if (state.options.mode == NeuronMode::kPair) {
        if (const NeuronPair* pair = update_neuron_pair(scene)) {
            draw_neuron_pair(scene, inside, *pair, result);
            return result;
        }
    } else if (const NeuronRow* row = update_neuron_row(scene)) {
        draw_neuron_row(scene, inside, *row, result);
        return result;
    }
    draw_empty(ui, inside, "On its way", "The queries and keys are read.");
    return result;
}

}  // namespace heed::app
