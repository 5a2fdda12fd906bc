// One pair of words: strips of factors, their products as bars, the sum so far, and the way from
// the score to the weight.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/figures.h"
#include "app/ui/numbers.h"
#include "app/ui/widgets.h"
#include "app/views/axes.h"
#include "app/views/cell_tip.h"
#include "app/views/neuron.h"
#include "core/ops/op_table.h"

namespace heed::app {

namespace {

// A row of factors.
struct Strip {
    const char* id;
    std::string label;
    Colour ink;
    NodeId node = -1;       // -1: numbers of a weight
    std::vector<int> cell;  // of the node at dimension 0
    const std::vector<float>* values = nullptr;
};

// What is drawn, with the layout that holds it.
struct PairScene {
    const NeuronScene& scene;
    const NeuronPair& pair;
    const NeuronPairLayout& layout;
    std::vector<Strip> strips;
    std::string query;
    std::string key;
    int hovered = -1;  // place of a column
};

bool is_additive(const NeuronScene& scene) {
    return scene.parts.kind == ScoreParts::Kind::kAdditive;
}

std::vector<Strip> list_strips(const NeuronScene& scene, const NeuronPair& pair,
                               const std::string& query, const std::string& key) {
    const Theme& theme = scene.ui.theme;
    const Graph& graph = scene.trace.graph();
    const Selection& at = scene.selection;
    const auto name = [&](NodeId node) { return std::string(symbol_name(graph.node(node).name)); };
    const std::string of = " of ";
    std::vector<Strip> strips;
    strips.push_back({"q",
                      name(scene.parts.left) + of + "\u201c" + query + "\u201d",
                      theme.query,
                      scene.parts.left,
                      {at.head, at.query, 0},
                      &pair.terms.left});
    strips.push_back({"k",
                      name(scene.parts.right) + of + "\u201c" + key + "\u201d",
                      theme.key,
                      scene.parts.right,
                      {at.head / scene.parts.group, at.key, 0},
                      &pair.terms.right});
    if (!is_additive(scene)) return strips;
    strips.push_back({"bent",
                      "tanh(q + k)",
                      theme.ink_second,
                      scene.parts.bent,
                      {at.head, at.query, at.key, 0},
                      &pair.terms.bent});
    strips.push_back({"w",
                      graph.weight(scene.parts.weight).symbol,
                      theme.ink_second,
                      -1,
                      {},
                      &pair.terms.weight});
    return strips;
}

std::string signed_text(double value, int decimals) {
    return std::string(format_number(value, decimals, Sign::kAlways).view());
}

int product_decimals(const NeuronPair& pair) {
    const std::array largest{static_cast<float>(pair.largest_product)};
    return choose_decimals(largest);
}

Rect column_of(const PairScene& p, const Rect& band, int place) {
    return {p.layout.column_x(place), band.y, p.layout.pitch, band.h};
}

float gap_of(const PairScene& p) {
    if (p.layout.pitch >= p.scene.ui.px(12)) return p.scene.ui.px(2);
    return p.layout.pitch >= p.scene.ui.px(5) ? p.scene.ui.hairline() : 0;
}

void draw_strip(const PairScene& p, std::size_t number) {
    UiContext& ui = p.scene.ui;
    const Strip& strip = p.strips[number];
    const Rect& band = p.layout.strips[number];
    draw_label(ui, "view/neuron/" + std::string(strip.id), {Type::kNoteStrong, strip.ink},
               {p.layout.labels.x, band.y, p.layout.labels.w, band.h}, strip.label);
    const float high = p.pair.largest_factor > 0 ? p.pair.largest_factor : 1.0F;
    const ColourScale scale{ColourScale::Kind::kSigned, ValueScale::kSquareRoot, high};
    const int decimals = choose_decimals(*strip.values);
    const float gap = gap_of(p);
    for (int i = 0; i < p.layout.shown; ++i) {
        const int d = p.pair.order[static_cast<std::size_t>(i)];
        const float value = (*strip.values)[static_cast<std::size_t>(d)];
        Rect cell = column_of(p, band, i);
        cell.w = std::max(1.0F, cell.w - gap);
        const Colour colour = scale.colour(ui.theme, value);
        fill(ui, cell, colour, gap > ui.hairline() ? ui.px(3) : 0);
        if (gap > 0 && std::abs(scale.place(value)) < 0.15F) {
            outline(ui, cell, with_alpha(ui.theme.line, 0.8F), ui.hairline(), ui.px(2));
        }
        if (p.layout.has_numbers) {
            draw_text(ui, {Type::kNumberTiny, ink_on(ui.theme, colour), Align::kCentre}, cell,
                      format_number(static_cast<double>(value), decimals).view());
        }
        if (ui.items.is_recording()) {
            log_item(ui, indexed_id("view/neuron/" + std::string(strip.id), {d}), "cell",
                     format_number(static_cast<double>(value), decimals).view(),
                     static_cast<double>(value), cell);
        }
    }
}

// The vertical axis of `area` from `low` to `high`, both sides of 0: its name and its ends.
struct Axis {
    Rect area;
    double low = 0;
    double high = 0;

    float y(double value) const {
        const double share = high > low ? (high - value) / (high - low) : 0.5;
        return area.y + static_cast<float>(share) * area.h;
    }
};

void draw_axis(const PairScene& p, const Axis& axis, const char* id, const std::string& name,
               const std::string& hint, int decimals) {
    UiContext& ui = p.scene.ui;
    const Rect& labels = p.layout.labels;
    const float zero = axis.y(0);
    draw_line(ui, {axis.area.x, zero}, {axis.area.right(), zero}, ui.theme.ink_third,
              ui.hairline());
    const float line = ui.px(16);
    const Rect top{labels.x, axis.area.y, labels.w, line};
    draw_label(ui, std::string("view/neuron/") + id, {Type::kNoteStrong, ui.theme.ink_second}, top,
               name);
    const bool has_hint = axis.area.h >= ui.px(64);
    if (has_hint) {
        draw_text(ui, {Type::kTiny, ui.theme.ink_third}, {top.x, top.bottom(), top.w, line}, hint);
    }
    // Ends of the axis, where they do not touch its name or each other.
    const TextStyle style{Type::kNumberTiny, ui.theme.ink_second, Align::kRight};
    const auto tick = [&](double value) {
        const float y =
            std::clamp(axis.y(value) - line / 2, axis.area.y, axis.area.bottom() - line);
        const std::string text = signed_text(value, value == 0 ? 0 : decimals);
        // The axis's name stands on the first line, its hint on the second.
        const float width = measure_text(ui, style.type, text);
        float taken = 0;
        if (y < top.bottom()) taken = measure_text(ui, Type::kNoteStrong, name);
        if (has_hint && y + line > top.bottom() && y < top.bottom() + line) {
            taken = std::max(taken, measure_text(ui, Type::kTiny, hint));
        }
        if (taken > 0 && taken + width + ui.px(8) > labels.w) return;
        draw_text(ui, style, {labels.right() - width - 1, y, width + 1, line}, text);
    };
    if (axis.high > 0 && axis.y(0) - axis.y(axis.high) >= line) tick(axis.high);
    if (axis.low < 0 && axis.y(axis.low) - axis.y(0) >= line) tick(axis.low);
}

void draw_bars(const PairScene& p) {
    UiContext& ui = p.scene.ui;
    const NeuronPair& pair = p.pair;
    double high = 0;
    double low = 0;
    for (const double product : pair.terms.products) {
        high = std::max(high, product);
        low = std::min(low, product);
    }
    const Axis axis{p.layout.bars, low, high};
    const int decimals = product_decimals(pair);
    draw_axis(p, axis, "products", is_additive(p.scene) ? "w \u00b7 tanh" : "q \u00b7 k",
              "each product", decimals);
    const float zero = axis.y(0);
    const float gap = gap_of(p);
    const bool has_room = p.layout.pitch >= ui.px(38);
    for (int i = 0; i < p.layout.shown; ++i) {
        const int d = pair.order[static_cast<std::size_t>(i)];
        const double product = pair.terms.products[static_cast<std::size_t>(d)];
        const float y = axis.y(product);
        const Rect column = column_of(p, p.layout.bars, i);
        const float height = std::max(std::abs(y - zero), product != 0 ? 1.0F : 0.0F);
        const Rect bar{column.x, product > 0 ? zero - height : zero, std::max(1.0F, column.w - gap),
                       height};
        fill(ui, bar, product < 0 ? ui.theme.negative : ui.theme.positive);
        if (has_room) {
            const float text_y = std::clamp(product < 0 ? bar.bottom() : bar.y - ui.px(15),
                                            p.layout.bars.y, p.layout.bars.bottom() - ui.px(15));
            const bool fits =
                product < 0 ? text_y >= bar.bottom() - 1 : text_y <= bar.y - ui.px(14);
            if (fits) {
                draw_text(ui, {Type::kNumberTiny, ui.theme.ink, Align::kCentre},
                          {column.x, text_y, column.w, ui.px(15)}, signed_text(product, decimals));
            }
        }
        if (ui.items.is_recording()) {
            log_item(ui, indexed_id("view/neuron/term", {d}), "bar", signed_text(product, decimals),
                     product, column);
        }
    }
}

void draw_running(const PairScene& p) {
    UiContext& ui = p.scene.ui;
    if (p.layout.running.is_empty()) return;
    const NeuronPair& pair = p.pair;
    double high = 0;
    double low = 0;
    double sum = 0;
    for (const int d : pair.order) {
        sum += pair.terms.products[static_cast<std::size_t>(d)];
        high = std::max(high, sum);
        low = std::min(low, sum);
    }
    const int decimals = product_decimals(pair);
    const Axis axis{inset(p.layout.running, 0, ui.px(4)), low, high};
    draw_axis(p, axis, "running", "added up", "from the left", decimals);
    const float width = std::max(1.0F, std::round(1.5F * ui.scale));
    sum = 0;
    float x = p.layout.bars.x;
    float y = axis.y(0);
    for (int i = 0; i < p.layout.shown; ++i) {
        const auto d = static_cast<std::size_t>(pair.order[static_cast<std::size_t>(i)]);
        sum += pair.terms.products[d];
        const float next_y = axis.y(sum);
        const float next_x = p.layout.column_x(i + 1);
        draw_line(ui, {x, y}, {x, next_y}, ui.theme.ink_second, width);
        draw_line(ui, {x, next_y}, {next_x, next_y}, ui.theme.ink_second, width);
        x = next_x;
        y = next_y;
    }
    // What is not shown is one step more, and says so.
    const int left_out = static_cast<int>(pair.order.size()) - p.layout.shown;
    const float end_y = axis.y(pair.terms.sum);
    if (left_out > 0) {
        draw_line(ui, {x, y}, {x + ui.px(6), end_y}, ui.theme.ink_third, width);
        x += ui.px(6);
    }
    const float dot = ui.px(3);
    fill(ui, {x - dot, end_y - dot, 2 * dot, 2 * dot}, ui.theme.ink, dot);
    const float line = ui.px(18);
    const Rect place{
        x + ui.px(6),
        std::clamp(end_y - line / 2, p.layout.running.y, p.layout.running.bottom() - line),
        p.layout.figure.right() - x - ui.px(6), line};
    const std::string text = signed_text(pair.terms.sum, decimals);
    draw_text(ui, {Type::kNumber, ui.theme.ink}, place, text);
    log_item(ui, "view/neuron/sum", "number", text, pair.terms.sum, place);
}

void draw_dimensions(const PairScene& p) {
    UiContext& ui = p.scene.ui;
    const Rect& band = p.layout.dimensions;
    const int width = static_cast<int>(p.pair.order.size());
    const std::string label = p.layout.shown == width ? "dimension"
                                                      : std::to_string(p.layout.shown) + " of " +
                                                            std::to_string(width) + " shown";
    draw_label(ui, "view/neuron/shown", {Type::kTiny, ui.theme.ink_second},
               {p.layout.labels.x, band.y, p.layout.labels.w, band.h}, label);
    for (int i = 0; i < p.layout.shown; i += p.layout.label_step) {
        const int d = p.pair.order[static_cast<std::size_t>(i)];
        const float reach = p.layout.pitch * static_cast<float>(p.layout.label_step);
        const Rect column = column_of(p, band, i);
        const float middle = column.x + (p.layout.pitch - gap_of(p)) / 2;
        if (middle + reach / 2 > p.layout.figure.right()) break;
        draw_text(ui, {Type::kNumberTiny, ui.theme.ink_second, Align::kCentre},
                  {middle - reach / 2, band.y, reach, band.h}, std::to_string(d));
    }
}

// A sunk ground behind the column under the mouse and a mark under the one that is asked about.
void draw_marks(const PairScene& p) {
    UiContext& ui = p.scene.ui;
    const float top = p.layout.strips.front().y;
    if (p.hovered >= 0) {
        const float left = p.layout.column_x(p.hovered);
        fill(ui,
             {left - ui.hairline(), top - ui.px(3), std::max(ui.px(3), p.layout.pitch),
              p.layout.dimensions.bottom() - top + ui.px(3)},
             ui.theme.sunk, ui.px(3));
    }
    const Selection& at = p.scene.selection;
    for (const Strip& strip : p.strips) {
        if (strip.node < 0 || at.node != p.scene.trace.graph().node(strip.node).name) continue;
        for (int i = 0; i < p.layout.shown; ++i) {
            if (p.pair.order[static_cast<std::size_t>(i)] != at.cell.back()) continue;
            const Rect column = column_of(p, p.layout.dimensions, i);
            fill(
                ui,
                {column.x, column.y - ui.px(2), std::max(ui.px(2), column.w - gap_of(p)), ui.px(2)},
                ui.theme.accent);
        }
    }
}

void draw_term_tip(const PairScene& p, int d, const Rect& anchor) {
    UiContext& ui = p.scene.ui;
    const auto at = static_cast<std::size_t>(d);
    if (!tooltip_is_due(ui, "view/neuron", static_cast<std::uint64_t>(d))) return;
    const Graph& graph = p.scene.trace.graph();
    std::vector<TooltipLine> lines{
        {"Dimension " + std::to_string(d), Type::kBodyStrong, ui.theme.ink}};
    for (const Strip& strip : p.strips) {
        std::string name = strip.label;
        if (strip.node >= 0) {
            std::vector<int> cell = strip.cell;
            cell.back() = d;
            name = exact_cell(graph.node(strip.node).name, cell);
        }
        lines.push_back({std::string(format_exact((*strip.values)[at]).view()) + "  " + name,
                         Type::kNumberSmall, strip.ink});
    }
    const double product = p.pair.terms.products[at];
    std::string text = std::string(format_exact(static_cast<float>(product)).view()) + "  product";
    lines.push_back({text, Type::kNumberSmall, ui.theme.ink});
    double size = 0;
    for (const double one : p.pair.terms.products) size += std::abs(one);
    if (std::abs(p.pair.terms.sum) > 0.01 * size) {
        lines.push_back({signed_text(100 * product / p.pair.terms.sum, 1) + " % of the sum",
                         Type::kNumberSmall, ui.theme.ink_second});
    }
    lines.push_back({typeset_formula(formula_text(graph, graph.node(p.scene.parts.score))),
                     Type::kFormulaSmall, ui.theme.ink_second});
    draw_tooltip(ui, anchor, lines);
}

// Asks about the query's number one column further, the first one where none is asked about.
void step_column(const PairScene& p, int by, ViewResult& result) {
    if (p.layout.shown == 0) return;
    const Strip& strip = p.strips.front();
    int place = by > 0 ? -1 : p.layout.shown;
    if (p.scene.selection.node == p.scene.trace.graph().node(strip.node).name) {
        const auto at =
            std::find(p.pair.order.begin(), p.pair.order.end(), p.scene.selection.cell.back());
        place = static_cast<int>(at - p.pair.order.begin());
    }
    place = std::clamp(place + by, 0, p.layout.shown - 1);
    std::vector<int> cell = strip.cell;
    cell.back() = p.pair.order[static_cast<std::size_t>(place)];
    result.selection = ask_beside(p.scene, strip.node, std::move(cell));
}

// The columns take the mouse: over a strip its own cell is asked about, elsewhere the query's.
void take_columns(PairScene& p, ViewResult& result) {
    UiContext& ui = p.scene.ui;
    const float top = p.layout.strips.front().y;
    const Rect area{p.layout.bars.x, top, p.layout.bars.w, p.layout.dimensions.bottom() - top};
    const Interaction mouse = interact(ui, "view/neuron/columns", area, FocusKind::kValue);
    if (mouse.right != 0) step_column(p, mouse.right, result);
    if (!mouse.is_hovered || p.layout.shown == 0) return;
    p.hovered = std::clamp(static_cast<int>((mouse.mouse.x - area.x) / p.layout.pitch), 0,
                           p.layout.shown - 1);
    const int d = p.pair.order[static_cast<std::size_t>(p.hovered)];
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (!mouse.was_clicked) return;
    const Strip* asked = &p.strips.front();
    for (std::size_t i = 0; i < p.strips.size(); ++i) {
        if (p.strips[i].node >= 0 && p.layout.strips[i].contains(mouse.mouse)) {
            asked = &p.strips[i];
        }
    }
    std::vector<int> cell = asked->cell;
    cell.back() = d;
    result.selection = ask_beside(p.scene, asked->node, std::move(cell));
}

void draw_sentence(const PairScene& p) {
    UiContext& ui = p.scene.ui;
    if (p.layout.sentence.is_empty()) return;
    const NeuronPair& pair = p.pair;
    const int decimals = product_decimals(pair);
    HelpState& help = p.scene.state.help;
    const std::string sum = signed_text(pair.terms.sum, decimals);
    std::string text = help_text(help, "neuron", is_additive(p.scene) ? "pair additive" : "pair",
                                 {{"count", std::to_string(pair.order.size())},
                                  {"query", p.query},
                                  {"key", p.key},
                                  {"sum", sum}});
    double size = 0;
    for (const double one : pair.terms.products) size += std::abs(one);
    const auto score = static_cast<double>(pair.chain.front());
    if (p.scene.parts.is_recorded) text = help_text(help, "neuron", "recorded");
    if (std::abs(score - pair.terms.sum) > 1e-5 * size) {
        text += " " + help_text(help, "neuron", "other",
                                {{"sum", sum}, {"score", signed_text(score, decimals)}});
    } else {
        const std::string signs = help_text(help, "neuron", "signs",
                                            {{"up", std::to_string(pair.lifting)},
                                             {"plus", signed_text(pair.lifted, decimals)},
                                             {"down", std::to_string(pair.lowering)},
                                             {"minus", signed_text(pair.lowered, decimals)}});
        const std::string both = text + " " + signs;
        const auto lines = break_lines(ui, Type::kBody, both, p.layout.sentence.w).size();
        if (static_cast<float>(lines) * ui.px(20) <= p.layout.sentence.h) text = both;
    }
    const int lines = p.layout.sentence.h >= ui.px(40) ? 2 : 1;
    draw_paragraph(ui, {Type::kBody, ui.theme.ink_second}, p.layout.sentence, text, lines);
    log_item(ui, "view/neuron/sentence", "text", text, std::nullopt, p.layout.sentence);
}

NumberTable table_of(const std::vector<Strip>& strips, const NeuronPair& pair,
                     const std::string& node) {
    NumberTable table;
    table.node = node;
    for (const Strip& strip : strips) table.row_labels.push_back(strip.label);
    table.row_labels.emplace_back("product");
    for (const int d : pair.order) table.column_labels.push_back(std::to_string(d));
    for (const Strip& strip : strips) {
        for (const int d : pair.order) {
            table.values.push_back((*strip.values)[static_cast<std::size_t>(d)]);
        }
    }
    for (const int d : pair.order) {
        table.values.push_back(
            static_cast<float>(pair.terms.products[static_cast<std::size_t>(d)]));
    }
    return table;
}

}  // namespace

void draw_neuron_pair(const NeuronScene& scene, const Rect& inside, const NeuronPair& pair,
                      ViewResult& result) {
    UiContext& ui = scene.ui;
    const Selection& at = scene.selection;
    const std::string query = token_text(scene.trace, scene.site.query_sequence, at.query);
    const std::string key = token_text(scene.trace, scene.site.key_sequence, at.key);
    const std::vector<Strip> strips = list_strips(scene, pair, query, key);
    const NeuronPairLayout layout = layout_neuron_pair(
        ui, {inside, static_cast<int>(pair.order.size()), static_cast<int>(strips.size()),
             static_cast<int>(scene.parts.chain.size())});
    PairScene p{scene, pair, layout, strips, query, key};
    const std::string place = place_text(scene.trace.graph(), at);
    draw_neuron_header(scene, layout.header,
                       "\u201c" + query + "\u201d \u00b7 \u201c" + key + "\u201d", place, result);
    draw_sentence(p);
    take_columns(p, result);
    draw_marks(p);
    for (std::size_t i = 0; i < strips.size(); ++i) draw_strip(p, i);
    draw_bars(p);
    draw_running(p);
    draw_dimensions(p);
    draw_neuron_steps(scene, pair, layout.steps, result);
    if (!layout.legend.is_empty()) {
        const float high = pair.largest_factor > 0 ? pair.largest_factor : 1.0F;
        legend_bar(ui, "view/neuron/legend", layout.legend,
                   {ColourScale::Kind::kSigned, ValueScale::kSquareRoot, high},
                   "numbers of the strips, square-root scale");
    }
    if (p.hovered >= 0) {
        const int d = pair.order[static_cast<std::size_t>(p.hovered)];
        draw_term_tip(p, d, column_of(p, layout.bars, p.hovered));
    }
    mark_figure(ui, "view/neuron/pair",
                "q \u00b7 k of \u201c" + query + "\u201d and \u201c" + key + "\u201d, " + place,
                layout.figure,
                [strips, &pair, node = scene.trace.graph().node(scene.parts.score).name] {
                    return table_of(strips, pair, node);
                });
}

}  // namespace heed::app
