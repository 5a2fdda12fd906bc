// The left side: layer, head, and the stages of the pass.
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/ui/choices.h"
#include "app/ui/widgets.h"
#include "app/views/stage_thumbs.h"
#include "app/views/stages_scene.h"
#include "app/window/shell.h"

namespace heed::app {

namespace {

constexpr float kSquare = 28;  // a layer or head, design pixels
constexpr float kSquareGap = 3;
constexpr float kStageRow = 38;
constexpr float kStageRowLeast = 26;  // where there are many
constexpr float kThumb = 22;
// More than this many layers or heads are chosen with a slider.
constexpr int kMostSquares = 24;

struct NumberChoice {
    std::string_view id;      // "rail/layer"
    std::string_view title;   // "LAYER"
    std::string_view action;  // run with the number
    int count = 0;
    int chosen = 0;
};

void draw_square(UiContext& ui, const NumberChoice& choice, int number, const Rect& square,
                 ViewResult& result) {
    const std::string id = indexed_id(choice.id, {number});
    const bool is_on = number == choice.chosen;
    const Interaction state = interact(ui, id, square);
    const Theme& theme = ui.theme;
    fill(ui, square, is_on ? theme.accent : theme.surface, ui.px(6));
    if (!is_on) {
        outline(ui, square, state.is_hovered ? theme.ink_third : theme.line, ui.hairline(),
                ui.px(6));
    }
    const std::string text = std::to_string(number);
    draw_text(ui,
              {is_on ? Type::kNoteStrong : Type::kNote, is_on ? theme.on_accent : theme.ink_second,
               Align::kCentre},
              square, text);
    log_item(ui, id, is_on ? "chosen" : "choice", text, static_cast<double>(number), square);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (state.was_clicked) result.commands.push_back({std::string(choice.action), {text}});
}

// Squares in rows, or a slider for many. Takes its height off `rest`.
void draw_number_choice(UiContext& ui, const NumberChoice& choice, Rect& rest, ViewResult& result) {
    const bool has_slider = choice.count > kMostSquares;
    const std::string title =
        std::string(choice.title) + (has_slider ? " " + std::to_string(choice.chosen) : "");
    section_label(ui, std::string(choice.id) + "/title", take_top(rest, ui.px(20), ui.px(2)),
                  title);
    if (has_slider) {
        const Rect track = take_top(rest, ui.px(kSquare), ui.px(12));
        const std::optional<int> moved =
            slider(ui, choice.id, track, choice.chosen, 0, choice.count - 1);
        if (moved) {
            result.commands.push_back({std::string(choice.action), {std::to_string(*moved)}});
        }
        return;
    }
    const float size = ui.px(kSquare);
    const float step = size + ui.px(kSquareGap);
    const int columns = std::max(1, static_cast<int>((rest.w + ui.px(kSquareGap)) / step));
    const int rows = (choice.count + columns - 1) / columns;
    const Rect area = take_top(rest, static_cast<float>(rows) * step, ui.px(10));
    begin_focus_group(ui, choice.id, indexed_id(choice.id, {choice.chosen}));
    for (int i = 0; i < choice.count; ++i) {
        const Rect square{area.x + static_cast<float>(i % columns) * step,
                          area.y + static_cast<float>(i / columns) * step, size, size};
        draw_square(ui, choice, i, square, result);
    }
    end_focus_group(ui);
}

// Which attention of the layers, where there are several.
void draw_site_choice(UiContext& ui, const std::vector<std::string>& words,
                      const std::string& chosen, Rect& rest, ViewResult& result) {
    if (words.size() < 2) return;
    section_label(ui, "rail/site/title", take_top(rest, ui.px(20), ui.px(2)), "ATTENTION");
    const auto at = std::find(words.begin(), words.end(), chosen);
    const Rect row = take_top(rest, ui.px(kSquare), ui.px(12));
    const Rect place{row.x, row.y, std::min(row.w - ui.px(8), ui.px(260)), row.h};
    float widest = 0;
    for (const std::string& word : words) {
        widest = std::max(widest, measure_text(ui, Type::kNoteStrong, word));
    }
    // A narrow rail has a list instead.
    const bool has_room = widest * static_cast<float>(words.size()) + ui.px(8) <= place.w;
    const int chosen_at = static_cast<int>(at - words.begin());
    const std::optional<int> pressed = has_room
                                           ? segmented(ui, "rail/site", place, words, chosen_at)
                                           : drop_down(ui, "rail/site", place, words, chosen_at);
    if (pressed) {
        result.commands.push_back({"site", {words[static_cast<std::size_t>(*pressed)]}});
    }
}

// One line of the list: a stage, or the layers that are folded away.
struct RailRow {
    int stage = -1;  // of the memory's; -1: folded layers, or a caption
    std::string text;
    int layer = -1;      // that a folded row goes to; -1: a caption
    std::string site{};  // of that layer; a caption in one word
};

std::string layers_text(int first, int last) {
    if (first == last) return "layer " + std::to_string(first);
    return "layers " + std::to_string(first) + "\u2013" + std::to_string(last);
}

// "cross" is part of the decoder's layers.
std::string stack_before(const StagesMemory& memory, std::size_t stage) {
    if (stage == 0) return "";
    const std::string& part = memory.stages[stage - 1].part;
    return part == "cross" ? "decoder" : part;
}

std::string caption_of(const std::string& part) {
    return part == "cross" ? "decoder looks at encoder" : part;
}

// The layer of a stage, and the last one of its stack.
std::pair<int, int> layers_of(const StagesMemory& memory, std::size_t stage, const Graph& graph,
                              const std::string& stack) {
    const std::vector<int> layers = list_attention_layers(graph, stack);
    const int layer = graph.node(memory.stages[stage].shown).layer;
    return {layer, layers.empty() ? 0 : layers.back()};
}

std::vector<RailRow> list_rows(const StagesMemory& memory, const Graph& graph) {
    std::vector<RailRow> rows;
    std::string told;  // the last caption
    for (std::size_t i = 0; i < memory.stages.size(); ++i) {
        const StageEntry& stage = memory.stages[i];
        const bool is_layer = stage.group == StageGroup::kLayer;
        const bool was_layer = i > 0 && memory.stages[i - 1].group == StageGroup::kLayer;
        const std::string stack = stage.part == "cross" ? "decoder" : stage.part;
        const std::string before = stack_before(memory, i);
        if (was_layer && (!is_layer || before != stack)) {
            const auto [layer, last] = layers_of(memory, i - 1, graph, before);
            if (layer < last) {
                rows.push_back({-1, layers_text(layer + 1, last), layer + 1, before});
            }
        }
        if (!stage.part.empty() && stage.part != told) {
            rows.push_back({-1, caption_of(stage.part), -1, stage.part});
            told = stage.part;
        }
        if (is_layer && (!was_layer || before != stack)) {
            const auto [layer, last] = layers_of(memory, i, graph, stack);
            if (layer > 0) rows.push_back({-1, layers_text(0, layer - 1), layer - 1, stack});
        }
        rows.push_back({static_cast<int>(i), stage.name, -1});
    }
    return rows;
}

class StageList {
  public:
    StageList(Document& document, int chosen, UiContext& ui)
        : trace_(*document.trace()),
          selection_(document.selection()),
          memory_(*document.views.stages.memory),
          chosen_(chosen),
          ui_(ui) {}

    void draw(Rect rest, ViewResult& result);

  private:
    void draw_row(const RailRow& row, const Rect& rect, ViewResult& result);
    void draw_folded(const RailRow& row, const Rect& rect, ViewResult& result);
    void draw_caption(const RailRow& row, int number, const Rect& rect);
    void draw_about(const StageEntry& stage, Rect inside);
    void reveal(float top, float step, float seen);

    const Trace& trace_;
    const Selection& selection_;
    StagesMemory& memory_;
    int chosen_;
    UiContext& ui_;
};

// Behind the name: a picture of what the stage gives, and its node where there is room.
void StageList::draw_about(const StageEntry& stage, Rect inside) {
    if (stage.tells_parts) return;
    const float side = std::floor(std::min(ui_.px(kThumb), inside.h - ui_.px(4)));
    if (side < 4 || inside.w < side) return;
    const Rect place = take_right(inside, side, ui_.px(6));
    const std::optional<Picture> picture =
        stage_thumbnail(trace_, selection_, stage.shown, static_cast<int>(side), ui_);
    if (picture) {
        const Rect image{place.x, std::round(place.centre().y - side / 2), side, side};
        draw_picture(ui_, image, *picture);
        outline(ui_, image, ui_.theme.line, ui_.hairline());
    }
    const std::string_view note = short_name(trace_.graph().node(stage.shown).name);
    if (measure_text(ui_, Type::kNumberTiny, note) <= inside.w) {
        draw_text(ui_, {Type::kNumberTiny, ui_.theme.ink_third, Align::kRight}, inside, note);
    }
}

void StageList::draw_row(const RailRow& row, const Rect& rect, ViewResult& result) {
    const StageEntry& stage = memory_.stages[static_cast<std::size_t>(row.stage)];
    const std::string id = indexed_id("rail/stage", {row.stage});
    const Theme& theme = ui_.theme;
    const bool is_on = row.stage == chosen_;
    const bool is_reached = chosen_ < 0 || row.stage <= chosen_;
    const Interaction state = interact(ui_, id, rect);
    if (is_on) {
        fill(ui_, rect, theme.accent_soft, ui_.px(8));
        fill(ui_, {rect.x, rect.y, ui_.px(4), rect.h}, theme.accent, ui_.px(2));
    } else if (state.is_hovered) {
        fill(ui_, rect, theme.sunk, ui_.px(8));
    }
    // What comes after the chosen step is quieter: it is still to be told.
    const Colour ink = is_on ? theme.accent : (is_reached ? theme.ink : theme.ink_third);
    Rect inside{rect.x + ui_.px(14), rect.y, std::max(0.0F, rect.w - ui_.px(22)), rect.h};
    const float used =
        draw_text(ui_, {is_on ? Type::kBodyStrong : Type::kBody, ink}, inside, stage.name);
    take_left(inside, used, ui_.px(8));
    if (is_reached) draw_about(stage, inside);
    log_item(ui_, id, is_on ? "chosen" : "choice", stage.name, std::nullopt, rect);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (state.was_clicked) result.commands.push_back({"stage", {std::to_string(row.stage)}});
}

void StageList::draw_folded(const RailRow& row, const Rect& rect, ViewResult& result) {
    const std::string name = row.site.empty() ? "rail/folded" : "rail/folded/" + row.site;
    const std::string id = indexed_id(name, {row.layer});
    const Interaction state = interact(ui_, id, rect);
    if (state.is_hovered) fill(ui_, rect, ui_.theme.sunk, ui_.px(8));
    const Rect inside{rect.x + ui_.px(14), rect.y, std::max(0.0F, rect.w - ui_.px(22)), rect.h};
    const float used =
        draw_text(ui_, {Type::kNote, ui_.theme.ink_third}, inside, row.text) + ui_.px(8);
    fill(ui_, {inside.x + used, rect.centre().y, std::max(0.0F, inside.w - used), ui_.hairline()},
         ui_.theme.line);
    log_item(ui_, id, "choice", row.text, std::nullopt, rect);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (!state.was_clicked) return;
    if (!row.site.empty() && row.site != selection_.site) {
        result.commands.push_back({"site", {row.site}});
    }
    result.commands.push_back({"layer", {std::to_string(row.layer)}});
}

// The stack, or the attention, that the stages below belong to.
void StageList::draw_caption(const RailRow& row, int number, const Rect& rect) {
    const Rect inside{rect.x + ui_.px(14), rect.y, std::max(0.0F, rect.w - ui_.px(22)), rect.h};
    const bool has_room = measure_text(ui_, Type::kNoteStrong, row.text) <= inside.w;
    draw_text(ui_, {Type::kNoteStrong, ui_.theme.ink_second}, inside,
              has_room ? row.text : row.site);
    log_item(ui_, indexed_id("rail/part", {number}), "text", row.text, std::nullopt, rect);
}

// Scrolls so that a stage that has just become the chosen one is in sight.
void StageList::reveal(float top, float step, float seen) {
    if (memory_.revealed_stage == chosen_ && memory_.revealed_h == seen) return;
    memory_.revealed_stage = chosen_;
    memory_.revealed_h = seen;
    const float from = ImGui::GetScrollY();
    if (top >= from && top + step <= from + seen) return;
    ImGui::SetScrollY(std::max(0.0F, top + step / 2 - seen / 2));
    ui_.request_frame_in(0);
}

void StageList::draw(Rect rest, ViewResult& result) {
    section_label(ui_, "rail/stages/title", take_top(rest, ui_.px(20), ui_.px(2)), "STAGES");
    const std::vector<RailRow> rows = list_rows(memory_, trace_.graph());
    const auto count = static_cast<float>(rows.size());
    const float step = std::clamp(std::floor(rest.h / std::max(1.0F, count)),
                                  ui_.px(kStageRowLeast), ui_.px(kStageRow));
    const float left = ui_.px(16);
    const Rect area{rest.x - left, rest.y, rest.w + left, rest.h};
    begin_focus_group(ui_, "rail/stages");
    const Point top = begin_scroll(ui_, "rail/stages", area, 1, count * step);
    const float width = area.w - (count * step > area.h ? ui_.px(12) : 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const float y = static_cast<float>(i) * step;
        const Rect rect{top.x, top.y + y, width, step - ui_.px(2)};
        if (rows[i].stage < 0 && rows[i].layer < 0) {
            draw_caption(rows[i], static_cast<int>(i), rect);
            continue;
        }
        if (rows[i].stage < 0) {
            draw_folded(rows[i], rect, result);
            continue;
        }
        draw_row(rows[i], rect, result);
        if (rows[i].stage == chosen_) reveal(y, step, area.h);
    }
    end_scroll();
    end_focus_group(ui_);
}

}  // namespace

ViewResult draw_rail(Document& document, UiContext& ui, const Rect& rail) {
    ViewResult result;
    const Graph& graph = document.trace()->graph();
    const Selection& selection = document.selection();
    Rect rest{rail.x + ui.px(24), rail.y + ui.px(16), rail.w - ui.px(24), rail.h - ui.px(16)};
    const AttentionSite* site = find_site(graph, selection);
    if (site != nullptr) {
        draw_site_choice(ui, list_site_words(graph), selection.site, rest, result);
        const int layers = list_attention_layers(graph, selection.site).back() + 1;
        draw_number_choice(ui, {"rail/layer", "LAYER", "layer", layers, selection.layer}, rest,
                           result);
        draw_number_choice(ui, {"rail/head", "HEAD", "head", site->heads, selection.head}, rest,
                           result);
    }
    const int chosen =
        update_memory(*document.trace(), selection, document.views.stages, ui.trace_number);
    if (document.views.stages.memory != nullptr) StageList(document, chosen, ui).draw(rest, result);
    return result;
}

}  // namespace heed::app
