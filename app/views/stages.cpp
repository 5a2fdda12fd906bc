#include "app/views/stages.h"

#include <algorithm>
#include <cmath>

#include "app/ui/figures.h"
#include "app/views/cell_tip.h"
#include "app/views/stage_code.h"
#include "app/views/stage_formula.h"
#include "app/views/stage_tokens.h"
#include "app/views/stages_scene.h"
#include "core/ops/op_table.h"
#include "core/run/at_hand.h"

namespace heed::app {

namespace {

std::string size_text(const Shape& shape) {
    std::string text;
    for (const Axis& axis : shape.axes()) {
        if (axis.name == "H") continue;
        text += (text.empty() ? "" : " \u00d7 ") + std::to_string(axis.extent);
    }
    return text;
}

std::string about_text(const StageScene& scene) {
    const Node& node = scene.told();
    std::string text;
    if (node.layer >= 0) text = "layer " + std::to_string(node.layer);
    const bool has_heads = node.shape.rank() >= 3 && node.shape.axis(0).name == "H";
    if (has_heads) {
        const bool is_group =
            scene.memory.plan && node.shape.extent(0) != scene.memory.plan->query_heads;
        text += is_group ? " \u00b7 group " : " \u00b7 head ";
        text += std::to_string(is_group ? scene.selection.head * node.shape.extent(0) /
                                              scene.memory.plan->query_heads
                                        : scene.selection.head);
    }
    if (scene.entry.help == "tokens") return "";
    if (scene.is_lecture()) {
        const int width = scene.trace.graph().node(scene.memory.plan->k).shape.extent(-1);
        return text + " \u00b7 " + std::to_string(width) + " numbers per vector";
    }
    text += (text.empty() ? "" : " \u00b7 ") + std::string(local_name(node.name)) + " " +
            size_text(node.shape);
    return text;
}

void draw_header(const StageScene& scene, const StageLayout& layout, ViewResult& result) {
    UiContext& ui = scene.ui;
    Rect line = layout.title;
    const std::string title = stage_title(scene);
    const float width = std::ceil(measure_text(ui, Type::kTitle, title)) + 1;
    draw_label(ui, "view/stages/title", {Type::kTitle, ui.theme.ink},
               take_left(line, std::min(width, line.w), ui.px(14)), title);
    const std::string about = about_text(scene);
    if (line.w > ui.px(60)) {
        draw_label(ui, "view/stages/shape", {Type::kBody, ui.theme.ink_second}, line, about);
    }
    const Graph& graph = scene.trace.graph();
    std::string formula = typeset_formula(formula_text(graph, scene.told()));
    if (scene.entry.help == "tokens") formula = "";
    if (!layout.formula.is_empty()) {
        draw_label(ui, "view/stages/formula", {Type::kFormulaSmall, ui.theme.ink_second},
                   layout.formula, formula);
    }
    if (layout.nodes.is_empty()) return;
    std::vector<std::string> names;
    int chosen = 0;
    for (const NodeId id : scene.entry.nodes) {
        if (id == scene.node) chosen = static_cast<int>(names.size());
        names.emplace_back(local_name(graph.node(id).name));
    }
    const std::optional<int> pressed =
        segmented(ui, "view/stages/node", layout.nodes, names, chosen);
    if (pressed) {
        result.selection =
            ask_node(graph, scene.selection, scene.entry.nodes[static_cast<std::size_t>(*pressed)]);
    }
}

// What changed since the stage before, or what the numbers of the word say.
void draw_changed(const StageScene& scene, const StageLayout& layout) {
    if (scene.state.texts == nullptr) return;
    const StageFacts& facts = scene.memory.facts;
    const std::string text = scene.state.texts->text(facts.help, "changed", facts.words);
    // A word that this trace cannot give leaves the text out.
    if (text.find('{') != std::string::npos) return;
    draw_label(scene.ui, "view/stages/changed", {Type::kBody, scene.ui.theme.ink}, layout.changed,
               text);
}

// A low card keeps the picture and the code apart: the code alone, or beside it.
void draw_parts(const StageScene& scene, const StageLayout& layout, ViewResult& result) {
    UiContext& ui = scene.ui;
    StagesViewState& state = scene.state;
    if (scene.entry.help == "tokens") {
        const AttentionSite* site = find_site(scene.trace.graph(), scene.selection);
        const int sequence = site != nullptr ? site->query_sequence : 0;
        result.add(draw_token_table(scene.trace, scene.selection, sequence, layout.picture, ui));
    } else if (scene.is_lecture()) {
        const LecturePlan plan = plan_at(*scene.memory.plan, scene.stage);
        result.add(draw_lecture(
            {scene.trace, scene.selection, plan, scene.stage, layout.picture, state, ui}));
    } else {
        result.add(draw_equation(scene, layout));
    }
    if (!layout.code.is_empty() && state.texts != nullptr) {
        draw_code({scene.trace.graph(), *state.texts, scene.memory.facts, scene.memory.stages,
                   scene.stage, layout.code, ui});
    }
}

float measure_nodes(const StageScene& scene) {
    if (scene.entry.nodes.size() < 2 || scene.is_lecture() || scene.entry.tells_parts) return 0;
    float widest = 0;
    for (const NodeId id : scene.entry.nodes) {
        const std::string name(local_name(scene.trace.graph().node(id).name));
        widest = std::max(widest, measure_text(scene.ui, Type::kNoteStrong, name));
    }
    return (widest + scene.ui.px(16)) * static_cast<float>(scene.entry.nodes.size()) +
           scene.ui.px(8);
}

// Which words have room with their numbers: a choice where there are many.
bool offers_numbers(const StageScene& scene) {
    if (scene.is_lecture() || scene.entry.help == "tokens") return false;
    const Shape& shape = scene.told().shape;
    const bool has_many = shape.rank() >= 2 && shape.extent(-2) > 4;
    return has_many && scene.state.options.mode == StagesMode::kAllAtOnce;
}

}  // namespace

std::string stage_title(const StageScene& scene) {
    if (scene.is_lecture()) {
        const auto query = scene.memory.facts.words.find("query");
        const std::string word = query == scene.memory.facts.words.end() ? "" : query->second;
        return "How \u201c" + word + "\u201d gets its new vector";
    }
    std::string title = scene.entry.name;
    const bool is_word = scene.state.options.mode == StagesMode::kOneWord;
    const auto query = scene.memory.facts.words.find("query");
    if (is_word && query != scene.memory.facts.words.end()) {
        title += " of \u201c" + query->second + "\u201d";
    }
    return title;
}

int update_memory(const Trace& trace, const Selection& selection, StagesViewState& state,
                  std::uint64_t trace_number) {
    if (state.memory == nullptr) state.memory = std::make_shared<StagesMemory>();
    StagesMemory& memory = *state.memory;
    const Graph& graph = trace.graph();
    const std::optional<NodeId> node = graph.find(selection.node);
    if (!node) return -1;
    const int own = graph.node(*node).layer;
    const int layer = own >= 0 ? own : selection.layer;
    const bool is_there = memory.trace_number == trace_number && memory.layer == layer;
    if (!is_there || memory.site != selection.site) {
        memory.trace_number = trace_number;
        memory.layer = layer;
        memory.site = selection.site;
        memory.stages = list_stages(graph, layer);
        memory.plan = plan_lecture(graph, memory.stages, find_site(graph, layer, selection.site));
        memory.stage = -1;
    }
    const int stage = find_stage(memory.stages, *node, state.options.side == StagesSide::kParts);
    const bool is_other = memory.stage != stage || !(memory.selection == selection);
    if (stage >= 0 && (is_other || !memory.has_facts)) {
        memory.stage = stage;
        memory.selection = selection;
        const StageEntry& entry = memory.stages[static_cast<std::size_t>(stage)];
        std::optional<StageFacts> facts =
            if_at_hand([&] { return collect_facts(trace, selection, entry, *node); });
        memory.has_facts = facts.has_value();
        memory.facts = facts ? std::move(*facts) : name_facts(trace, selection, entry, *node);
    }
    return stage;
}

ViewResult draw_stages_view(const Trace& trace, const Selection& selection, const Rect& rect,
                            StagesViewState& state, UiContext& ui) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    const int stage = update_memory(trace, selection, state, ui.trace_number);
    if (stage < 0) {
        empty_state(ui, "view/stages/empty", inside, "No stage is chosen",
                    "Choose one at the left.");
        return result;
    }
    const StagesMemory& memory = *state.memory;
    const StageEntry& entry = memory.stages[static_cast<std::size_t>(stage)];
    const StageScene scene{trace, selection, memory,
                           entry, stage,     trace.graph().find(selection.node).value(),
                           state, ui};
    StageRequest request;
    request.inside = inside;
    request.nodes_w = measure_nodes(scene);
    request.numbers_w = offers_numbers(scene) ? measure_button(ui, "numbers") : 0;
    request.is_plain = scene.is_lecture() || entry.help == "tokens";
    request.shows_code = state.options.shows_code && state.texts != nullptr;
    const StageLayout layout = layout_stage(ui, request);
    draw_header(scene, layout, result);
    if (!layout.numbers.is_empty()) {
        const bool is_on = state.options.keeps_numbers;
        if (button(ui, "view/stages/numbers", layout.numbers, "numbers",
                   {is_on ? ButtonLook::kOn : ButtonLook::kQuiet, true,
                    "Fewer words, with their numbers"})) {
            result.commands.push_back({"set", {"stages.numbers", is_on ? "off" : "on"}});
        }
    }
    draw_parts(scene, layout, result);
    draw_changed(scene, layout);
    return result;
}

}  // namespace heed::app
