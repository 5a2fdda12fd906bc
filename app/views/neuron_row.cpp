// One query with all keys: its products as strips, each with their sum and the weight.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "app/ui/figures.h"
#include "app/ui/numbers.h"
#include "app/ui/widgets.h"
#include "app/views/axes.h"
#include "app/views/cell_tip.h"
#include "app/views/neuron.h"
#include "app/views/piece_words.h"
#include "core/ops/op_table.h"
#include "core/run/at_hand.h"

namespace heed::app {

namespace {

constexpr int kMostItems = 20000;  // products that a dump names

struct RowScene {
    const NeuronScene& scene;
    const NeuronRow& row;
    const NeuronRowLayout& layout;
    std::string query;
    Picture products;  // a row of texels for each key, as they are ordered
    int painted = 0;   // rows of texels
};

bool is_additive(const NeuronScene& scene) {
    return scene.parts.kind == ScoreParts::Kind::kAdditive;
}

std::string label_of(const RowScene& r, int key) {
    return token_text(r.scene.trace, r.scene.site.key_sequence, key);
}

// "q of “he”"
std::string query_label(const NeuronScene& scene, const std::string& query) {
    const std::string& name = scene.trace.graph().node(scene.parts.left).name;
    return std::string(symbol_name(name)) + " of \u201c" + query + "\u201d";
}

ColourScale product_scale(const NeuronRow& row) {
    return {ColourScale::Kind::kSigned, ValueScale::kSquareRoot,
            row.largest > 0 ? row.largest : 1.0F};
}

int score_decimals(const NeuronRow& row) {
    return choose_decimals(row.scores);
}

Picture paint_products(const NeuronScene& scene, const NeuronRow& row, int rows) {
    UiContext& ui = scene.ui;
    const MatrixKey key{row.of.trace_number, row.of.score, row.of.head};
    const std::uint64_t version =
        hash_key(key, {static_cast<std::uint64_t>(row.of.query),
                       static_cast<std::uint64_t>(row.of.sort), ui.theme.look()});
    return ui.pictures.get(
        "view/neuron/row", version, row.width, rows, [&](std::span<std::uint32_t> texels) {
            const ColourTable table(ui.theme, product_scale(row));
            const auto width = static_cast<std::size_t>(row.width);
            for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) {
                const auto s = static_cast<std::size_t>(row.order[i]);
                for (std::size_t d = 0; d < width; ++d) {
                    texels[i * width + d] = table.at(row.products[s * width + d]);
                }
            }
        });
}

void draw_query(const RowScene& r) {
    UiContext& ui = r.scene.ui;
    const Rect& band = r.layout.query;
    draw_label(ui, "view/neuron/q", {Type::kNoteStrong, ui.theme.query},
               {band.x, band.y, r.layout.strip_x - ui.px(10), band.h},
               query_label(r.scene, r.query));
    const ColourScale scale{ColourScale::Kind::kSigned, ValueScale::kSquareRoot,
                            r.row.largest_left > 0 ? r.row.largest_left : 1.0F};
    const float pitch = r.layout.strip_w / static_cast<float>(std::max(1, r.row.width));
    const Rect strip{band.x + r.layout.strip_x, band.y, r.layout.strip_w, band.h};
    for (int d = 0; d < r.row.width; ++d) {
        const float value = r.row.left[static_cast<std::size_t>(d)];
        const float left = std::floor(strip.x + pitch * static_cast<float>(d));
        const float right = std::floor(strip.x + pitch * static_cast<float>(d + 1));
        const Rect cell{left, strip.y, std::max(1.0F, right - left), strip.h};
        fill(ui, cell, scale.colour(ui.theme, value));
        if (ui.items.is_recording()) {
            log_item(ui, indexed_id("view/neuron/q", {d}), "cell", format_exact(value).view(),
                     static_cast<double>(value), cell);
        }
    }
    outline(ui, strip, ui.theme.line, ui.hairline());
}

void draw_headings(const RowScene& r) {
    UiContext& ui = r.scene.ui;
    const Rect& band = r.layout.headings;
    const auto heading = [&](const char* id, float x, float width, Align align,
                             const std::string& text) {
        draw_label(ui, std::string("view/neuron/head-") + id,
                   {Type::kNoteStrong, ui.theme.ink_second, align}, {x, band.y, width, band.h},
                   text);
    };
    const float left = band.x + r.layout.strip_x;
    draw_label(ui, "view/neuron/head-key", {Type::kNoteStrong, ui.theme.key, Align::kRight},
               {band.x, band.y, r.layout.label_w, band.h}, "key");
    heading("products", left, r.layout.strip_w, Align::kLeft,
            is_additive(r.scene) ? "w \u00b7 tanh(q + k)" : "q \u00b7 k, place by place");
    heading("score", band.x + r.layout.score_x - ui.px(64), ui.px(64), Align::kRight, "sum");
    const float weight_w = r.layout.weight_x - r.layout.bar_x;
    heading("weight", band.x + r.layout.bar_x, weight_w, Align::kRight, "weight");
}

void log_products(const RowScene& r, int key, const Rect& strip) {
    UiContext& ui = r.scene.ui;
    const int keys = static_cast<int>(r.row.order.size());
    if (!ui.items.is_recording() || r.row.width * keys > kMostItems) return;
    const float pitch = strip.w / static_cast<float>(std::max(1, r.row.width));
    for (int d = 0; d < r.row.width; ++d) {
        const float product =
            r.row.products[static_cast<std::size_t>(key) * static_cast<std::size_t>(r.row.width) +
                           static_cast<std::size_t>(d)];
        log_item(ui, indexed_id("view/neuron/term", {key, d}), "cell", format_exact(product).view(),
                 static_cast<double>(product),
                 {strip.x + pitch * static_cast<float>(d), strip.y, pitch, strip.h});
    }
}

// One key: `place` counts lines, `line` is where it lies.
void draw_key(const RowScene& r, int place, const Rect& line) {
    UiContext& ui = r.scene.ui;
    const Theme& theme = ui.theme;
    const int key = r.row.order[static_cast<std::size_t>(place)];
    const auto at = static_cast<std::size_t>(key);
    const bool is_chosen = key == r.scene.selection.key;
    const bool is_blocked = r.row.last[at] == -std::numeric_limits<float>::infinity();
    if (is_chosen) {
        fill(ui, {line.x, line.y, r.layout.weight_x + ui.px(4), line.h}, theme.accent_soft,
             ui.px(6));
    }
    const std::string label = label_of(r, key);
    const Rect label_place{line.x, line.y, r.layout.label_w, line.h};
    const Colour quiet = is_blocked ? theme.ink_third : theme.ink;
    draw_text(
        ui,
        {is_chosen ? Type::kBodyStrong : Type::kBody, is_chosen ? theme.key : quiet, Align::kRight},
        label_place, label);
    const Rect strip{line.x + r.layout.strip_x, line.y + ui.px(3), r.layout.strip_w,
                     line.h - ui.px(6)};
    if (place < r.painted) draw_picture_part(ui, strip, r.products, {0, place, r.row.width, 1});
    outline(ui, strip, theme.line, ui.hairline());

    const float score = r.row.scores[at];
    const NumberText score_text =
        format_number(static_cast<double>(score), score_decimals(r.row), Sign::kAlways);
    const Rect score_place{line.x + r.layout.score_x - ui.px(64), line.y, ui.px(64), line.h};
    draw_text(ui, {Type::kNumberSmall, quiet, Align::kRight}, score_place, score_text.view());
    const float weight = r.row.weights[at];
    const Rect weight_place{line.x + r.layout.weight_x - ui.px(44), line.y, ui.px(44), line.h};
    const NumberText weight_text = format_number(static_cast<double>(weight), 3);
    draw_text(ui,
              {Type::kNumberSmall, weight < 0.005F ? theme.ink_third : theme.ink, Align::kRight},
              weight_place, is_blocked ? "\u2013" : weight_text.view());
    if (r.layout.bar_w > 0 && weight > 0) {
        const float width = std::max(1.0F, r.layout.bar_w * std::min(1.0F, weight));
        fill(ui, {line.x + r.layout.bar_x, line.centre().y - ui.px(5), width, ui.px(10)},
             is_chosen ? theme.key : ramp(theme.weights, 0.5F), ui.px(2));
    }
    if (!ui.items.is_recording()) return;
    log_item(ui, indexed_id("view/neuron/key", {key}), is_chosen ? "chosen" : "choice", label,
             std::nullopt, label_place);
    log_item(ui, indexed_id("view/neuron/score", {key}), "number", score_text.view(),
             static_cast<double>(score), score_place);
    log_item(ui, indexed_id("view/neuron/weight", {key}), is_blocked ? "blocked" : "number",
             weight_text.view(), static_cast<double>(weight), weight_place);
    log_products(r, key, strip);
}

void draw_product_tip(const RowScene& r, int key, int d, const Rect& anchor) {
    UiContext& ui = r.scene.ui;
    if (!tooltip_is_due(ui, "view/neuron/row",
                        static_cast<std::uint64_t>(key) * 4096 + static_cast<std::uint64_t>(d))) {
        return;
    }
    const Selection& at = r.scene.selection;
    const auto found = if_at_hand(
        [&] { return compute_score_terms(r.scene.trace, r.scene.parts, at.head, at.query, key); });
    if (!found || !*found) return;
    const ScoreTerms& terms = **found;
    const Graph& graph = r.scene.trace.graph();
    const auto place = static_cast<std::size_t>(d);
    const auto line = [](float value, const std::string& name, Colour ink) {
        return TooltipLine{std::string(format_exact(value).view()) + "  " + name,
                           Type::kNumberSmall, ink};
    };
    const std::vector<TooltipLine> lines{
        {"\u201c" + label_of(r, key) + "\u201d, dimension " + std::to_string(d), Type::kBodyStrong,
         ui.theme.ink},
        line(static_cast<float>(terms.products[place]), "product", ui.theme.ink),
        line(terms.left[place],
             exact_cell(graph.node(r.scene.parts.left).name, {at.head, at.query, d}),
             ui.theme.query),
        line(terms.right[place],
             exact_cell(graph.node(r.scene.parts.right).name,
                        {at.head / r.scene.parts.group, key, d}),
             ui.theme.key),
        {typeset_formula(formula_text(graph, graph.node(r.scene.parts.score))), Type::kFormulaSmall,
         ui.theme.ink_second},
    };
    draw_tooltip(ui, anchor, lines);
}

// What the mouse is over: a word or its strip chooses the word, its numbers ask about themselves.
void take_mouse(const RowScene& r, Point origin, const Interaction& mouse, ViewResult& result) {
    UiContext& ui = r.scene.ui;
    if (!mouse.is_hovered) return;
    const int place = static_cast<int>(std::floor((mouse.mouse.y - origin.y) / r.layout.row_h));
    if (place < 0 || place >= static_cast<int>(r.row.order.size())) return;
    const float x = mouse.mouse.x - origin.x;
    if (x > r.layout.weight_x) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const int key = r.row.order[static_cast<std::size_t>(place)];
    const Selection& at = r.scene.selection;
    const std::vector<int> cell{at.head, at.query, key};
    const Rect line{origin.x, origin.y + r.layout.row_h * static_cast<float>(place),
                    r.layout.weight_x, r.layout.row_h};
    const bool is_over_strip = x >= r.layout.strip_x && x < r.layout.strip_x + r.layout.strip_w;
    const bool is_over_score = x >= r.layout.strip_x + r.layout.strip_w && x < r.layout.bar_x;
    const NodeId node = is_over_score ? r.scene.parts.score : r.scene.parts.chain.back();
    if (is_over_strip) {
        const float pitch = r.layout.strip_w / static_cast<float>(std::max(1, r.row.width));
        const int d =
            std::clamp(static_cast<int>((x - r.layout.strip_x) / pitch), 0, r.row.width - 1);
        const Rect column{origin.x + r.layout.strip_x + pitch * static_cast<float>(d), line.y,
                          pitch, line.h};
        outline(ui, inset(column, -ui.hairline(), ui.px(2)), ui.theme.ink, ui.hairline());
        draw_product_tip(r, key, d, column);
    } else if (x >= r.layout.strip_x + r.layout.strip_w) {
        const auto s = static_cast<std::size_t>(key);
        draw_cell_tip(ui, r.scene.trace, node, cell,
                      is_over_score ? r.row.scores[s] : r.row.weights[s], line);
    }
    if (!mouse.was_clicked) return;
    Selection wanted = at;
    wanted.key = key;
    result.selection = ask_cell(r.scene.trace.graph(), std::move(wanted), node, cell);
}

// Chooses the word one line further.
void step_key(const RowScene& r, int by, ViewResult& result) {
    const std::vector<int>& order = r.row.order;
    const auto at = std::find(order.begin(), order.end(), r.scene.selection.key);
    const int place = std::clamp(static_cast<int>(at - order.begin()) + by, 0,
                                 static_cast<int>(order.size()) - 1);
    Selection wanted = r.scene.selection;
    wanted.key = order[static_cast<std::size_t>(place)];
    result.selection = ask_pattern(r.scene.trace.graph(), std::move(wanted));
}

void draw_keys(const RowScene& r, ViewResult& result) {
    UiContext& ui = r.scene.ui;
    const int keys = static_cast<int>(r.row.order.size());
    const float height = r.layout.row_h * static_cast<float>(keys);
    Point origin{r.layout.list.x, r.layout.list.y};
    if (r.layout.scrolls) origin = begin_scroll(ui, "view/neuron/list", r.layout.list, 1, height);
    const Interaction mouse = interact(
        ui, "view/neuron/keys",
        {r.layout.list.x, r.layout.list.y, r.layout.weight_x, r.layout.list.h}, FocusKind::kValue);
    for (int i = 0; i < keys; ++i) {
        const Rect line{origin.x, origin.y + r.layout.row_h * static_cast<float>(i),
                        r.layout.list.w, r.layout.row_h};
        if (overlaps(line, r.layout.list)) {
            draw_key(r, i, line);
        } else if (ui.items.is_recording()) {
            const int key = r.row.order[static_cast<std::size_t>(i)];
            const auto at = static_cast<std::size_t>(key);
            log_item(ui, indexed_id("view/neuron/key", {key}), "choice", label_of(r, key),
                     std::nullopt, line);
            log_item(ui, indexed_id("view/neuron/weight", {key}), "number",
                     format_number(static_cast<double>(r.row.weights[at]), 3).view(),
                     static_cast<double>(r.row.weights[at]), line);
        }
    }
    take_mouse(r, origin, mouse, result);
    if (mouse.down != 0) step_key(r, mouse.down, result);
    if (r.layout.scrolls) end_scroll();
}

NumberTable table_of(const NeuronRow& row, const std::vector<std::string>& labels,
                     const std::string& node) {
    NumberTable table;
    table.node = node;
    for (int d = 0; d < row.width; ++d) table.column_labels.push_back(std::to_string(d));
    table.column_labels.emplace_back("sum");
    table.column_labels.emplace_back("weight");
    const auto width = static_cast<std::size_t>(row.width);
    for (const int key : row.order) {
        const auto s = static_cast<std::size_t>(key);
        table.row_labels.push_back(labels[s]);
        for (std::size_t d = 0; d < width; ++d) {
            table.values.push_back(row.products[s * width + d]);
        }
        table.values.push_back(row.scores[s]);
        table.values.push_back(row.weights[s]);
    }
    return table;
}

}  // namespace

void draw_neuron_row(const NeuronScene& scene, const Rect& inside, const NeuronRow& row,
                     ViewResult& result) {
    UiContext& ui = scene.ui;
    const Selection& at = scene.selection;
    const std::string query = token_text(scene.trace, scene.site.query_sequence, at.query);
    std::vector<std::string> labels;
    float widest = 0;
    const int keys = static_cast<int>(row.order.size());
    for (int s = 0; s < keys; ++s) {
        labels.push_back(token_text(scene.trace, scene.site.key_sequence, s));
        widest = std::max(widest, measure_text(ui, Type::kBodyStrong, labels.back()));
    }
    widest = std::max(widest, measure_text(ui, Type::kNoteStrong, query_label(scene, query)));
    const NeuronRowLayout layout = layout_neuron_row(ui, {inside, row.width, keys, widest});
    const int painted = std::min(keys, ui.pictures.max_side());
    const RowScene r{scene, row, layout, query, paint_products(scene, row, painted), painted};
    const std::string place = place_text(scene.trace.graph(), at);
    const StageWords pieces = piece_words(scene.trace.labels(scene.site.key_sequence));
    draw_neuron_header(scene, layout.header,
                       fill_in("\u201c" + query + "\u201d \u00b7 every {word}", pieces), place,
                       result);
    if (!layout.sentence.is_empty()) {
        const std::string text = help_text(
            scene.state.help, "neuron",
            scene.parts.is_recorded ? "recorded" : (is_additive(scene) ? "row additive" : "row"),
            {{"query", query}, *pieces.find("word")});
        draw_paragraph(ui, {Type::kBody, ui.theme.ink_second}, layout.sentence, text,
                       layout.sentence.h >= ui.px(40) ? 2 : 1);
        log_item(ui, "view/neuron/sentence", "text", text, std::nullopt, layout.sentence);
    }
    draw_query(r);
    draw_headings(r);
    draw_keys(r, result);
    if (!layout.legend.is_empty()) {
        legend_bar(ui, "view/neuron/legend", layout.legend, product_scale(row),
                   "product, square-root scale");
    }
    mark_figure(
        ui, "view/neuron/row",
        fill_in("q \u00b7 k of \u201c" + query + "\u201d with every {word}, " + place, pieces),
        layout.figure, [&row, labels, node = scene.trace.graph().node(scene.parts.score).name] {
            return table_of(row, labels, node);
        });
}

}  // namespace heed::app
