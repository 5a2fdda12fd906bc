// The vectors view's words: each word's static vector beside its vector in context.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/ui/figures.h"
#include "app/views/cell_tip.h"
#include "app/views/vectors_parts.h"

namespace heed::app {

namespace {

struct WordsScene {
    const VectorsScene& scene;
    const VectorsWordsLayout& layout;
    const MatrixValues& fixed;
    const MatrixValues& context;
    const VectorFacts& facts;

    int column(int shown) const { return facts.order[static_cast<std::size_t>(shown)]; }
};

// Which numbers are shown first: in their order, or those that changed most for the chosen word.
std::vector<int> order_columns(const float* fixed, const float* context, int count,
                               VectorsOrder order) {
    std::vector<int> columns(static_cast<std::size_t>(count));
    std::iota(columns.begin(), columns.end(), 0);
    if (order == VectorsOrder::kNumber) return columns;
    std::stable_sort(columns.begin(), columns.end(), [&](int a, int b) {
        return std::abs(context[a] - fixed[a]) > std::abs(context[b] - fixed[b]);
    });
    return columns;
}

// How near a word still is to its static vector after each step; empty while the values are on
// their way.
std::vector<double> read_path(const VectorsScene& scene, const MatrixValues& fixed, int query) {
    const int count = fixed.columns();
    std::vector<double> path;
    for (const NodeId id : scene.path.steps) {
        const std::optional<Tile> tile = scene.trace.read(id, {0, 1, query, query + 1, 0, count});
        if (tile) path.push_back(compute_cosine(fixed.row(query), tile->row(0, query), count));
    }
    if (path.size() != scene.path.steps.size()) path.clear();
    return path;
}

// Cosines of all words, and of the chosen one after each step; made once for a trace, step, word.
void update_facts(const VectorsScene& scene, const MatrixValues& fixed, const MatrixValues& context,
                  VectorFacts& facts) {
    const bool is_new = facts.trace_number != scene.ui.trace_number || facts.step != scene.step;
    const int query = scene.selection.query;
    const int count = fixed.columns();
    if (is_new) {
        facts = {};
        facts.trace_number = scene.ui.trace_number;
        facts.step = scene.step;
        for (int i = 0; i < fixed.row_end(); ++i) {
            facts.cosines.push_back(compute_cosine(fixed.row(i), context.row(i), count));
        }
    }
    const bool has_path = facts.path.size() == scene.path.steps.size();
    if (is_new || facts.query != query || !has_path) {
        facts.query = query;
        facts.path = read_path(scene, fixed, query);
    }
    facts.order =
        order_columns(fixed.row(query), context.row(query), count, scene.state.options.order);
}

Picture paint_strips(const WordsScene& words, NodeId node, const MatrixValues& values) {
    const VectorsScene& scene = words.scene;
    UiContext& ui = scene.ui;
    const int rows = std::min(scene.words.extent, ui.pictures.max_side());
    const bool by_change = scene.state.options.order == VectorsOrder::kChange;
    const std::uint64_t version = hash_key(
        {ui.trace_number, node, 0},
        {ui.theme.look(), static_cast<std::uint64_t>(words.layout.shown),
         by_change ? static_cast<std::uint64_t>(words.facts.query * 4096 + scene.step + 1) : 0});
    const bool is_static = node == scene.path.fixed;
    return ui.pictures.get(is_static ? "view/vectors/static" : "view/vectors/context", version,
                           words.layout.shown, rows, [&](std::span<std::uint32_t> texels) {
                               const Node& shown = scene.trace.graph().node(node);
                               const ColourTable table(ui.theme, scale_of(shown, values));
                               std::size_t at = 0;
                               for (int r = 0; r < rows; ++r) {
                                   const float* row = values.row(r);
                                   for (int c = 0; c < words.layout.shown; ++c) {
                                       texels[at++] = table.at(row[words.column(c)]);
                                   }
                               }
                           });
}

struct Strip {
    const char* id;
    NodeId node;
    const MatrixValues& values;
    Picture picture;
    float x;  // from the left of the list
};

// One word's numbers on colour; asks about the number that was clicked.
void draw_strip(const WordsScene& words, const Strip& strip, int word, const Rect& row,
                ViewResult& result) {
    const VectorsScene& scene = words.scene;
    UiContext& ui = scene.ui;
    const float margin = ui.px(3);
    const Rect place{row.x + strip.x, row.y + margin, words.layout.strip_w, row.h - 2 * margin};
    if (word < strip.picture.rows) {
        draw_picture_part(ui, place, strip.picture, {0, word, strip.picture.columns, 1});
    }
    outline(ui, place, ui.theme.line, ui.hairline());
    const std::string id = std::string("view/vectors/strip-") + strip.id;
    const Interaction state =
        interact(ui, indexed_id(id, {word}), intersect(place, words.layout.list));
    if (!state.is_hovered) return;
    const float share = (state.mouse.x - place.x) / place.w;
    const int shown = std::clamp(static_cast<int>(share * static_cast<float>(words.layout.shown)),
                                 0, words.layout.shown - 1);
    const int column = words.column(shown);
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    draw_cell_tip(ui, scene.trace, strip.node, {word, column}, strip.values.at(word, column),
                  place);
    if (state.was_clicked) {
        result.selection = ask_word_cell(scene.trace, scene.selection, strip.node, {word, column});
    }
}

// A bar from 0 to 1 (or down to -1) with its number at the right.
void draw_cosine(UiContext& ui, const Rect& place, double cosine, bool is_strong) {
    Rect rest = place;
    const Rect number = take_right(rest, ui.px(52), ui.px(8));
    const float y = std::round(rest.centre().y);
    const Rect ground{rest.x, y - ui.px(4), rest.w, ui.px(8)};
    const bool has_bar = ground.w >= ui.px(16);
    if (has_bar) fill(ui, ground, ui.theme.sunk, ui.px(3));
    const float length = static_cast<float>(std::clamp(std::abs(cosine), 0.0, 1.0)) * ground.w;
    const Colour colour = cosine < 0 ? ui.theme.negative : ramp(ui.theme.weights, 0.6F);
    if (has_bar && length >= 1) fill(ui, {ground.x, ground.y, length, ground.h}, colour, ui.px(3));
    draw_text(ui, {Type::kNumber, is_strong ? ui.theme.ink : ui.theme.ink_second, Align::kRight},
              number, format_number(cosine, 2).view());
}

void draw_cosine_tip(const VectorsScene& scene, const std::string& word, double cosine,
                     NodeId context, const Rect& anchor, std::uint64_t target) {
    UiContext& ui = scene.ui;
    if (!tooltip_is_due(ui, "view/vectors/cosine", target)) return;
    const std::array lines{
        TooltipLine{"\u201c" + word + "\u201d: cosine of its two vectors", Type::kBodyStrong,
                    ui.theme.ink},
        TooltipLine{std::string(format_number(cosine, 9).view()), Type::kNumber, ui.theme.ink},
        TooltipLine{"a \u00b7 b / (|a| |b|)", Type::kFormulaSmall, ui.theme.ink_second},
        TooltipLine{scene.name(scene.path.fixed) + ", " + scene.name(context), Type::kNumberSmall,
                    ui.theme.ink_second}};
    draw_tooltip(ui, anchor, lines);
}

void draw_word(const WordsScene& words, const Strip& fixed, const Strip& context, int word,
               const Rect& row, ViewResult& result) {
    const VectorsScene& scene = words.scene;
    UiContext& ui = scene.ui;
    const bool is_chosen = word == scene.selection.query;
    if (is_chosen) {
        fill(ui, {row.x - ui.px(6), row.y, row.w + ui.px(14), row.h}, ui.theme.accent_soft,
             ui.px(6));
    }
    const std::string id = indexed_id("view/vectors/token", {word});
    const Rect label{row.x, row.y, words.layout.label_w, row.h};
    const Interaction state = interact(ui, id, intersect(label, words.layout.list));
    const Colour plain = scene.words.is_faint(word) ? ui.theme.ink_third : ui.theme.ink;
    draw_text(ui,
              {is_chosen ? Type::kBodyStrong : Type::kBody, is_chosen ? ui.theme.query : plain,
               Align::kRight},
              label, scene.words.label(word));
    draw_strip(words, fixed, word, row, result);
    draw_strip(words, context, word, row, result);
    const double cosine = words.facts.cosines[static_cast<std::size_t>(word)];
    const Rect place{row.x + words.layout.cosine_x, row.y, words.layout.cosine_w, row.h};
    draw_cosine(ui, place, cosine, is_chosen);
    log_item(ui, id, is_chosen ? "chosen" : "choice", scene.words.label(word), cosine, row);
    if (interact(ui, indexed_id("view/vectors/cosine", {word}), intersect(place, words.layout.list))
            .is_hovered) {
        draw_cosine_tip(scene, scene.words.label(word), cosine, scene.context(), place,
                        static_cast<std::uint64_t>(word));
    }
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (state.was_clicked) choose_word(scene, word, result);
}

void draw_list(const WordsScene& words, ViewResult& result) {
    const VectorsScene& scene = words.scene;
    const VectorsWordsLayout& layout = words.layout;
    const Strip fixed{"static", scene.path.fixed, words.fixed,
                      paint_strips(words, scene.path.fixed, words.fixed), layout.fixed_x};
    const Strip context{"context", scene.context(), words.context,
                        paint_strips(words, scene.context(), words.context), layout.context_x};
    const float height = layout.row_height * static_cast<float>(scene.words.extent);
    Point origin{layout.list.x, layout.list.y};
    if (layout.scrolls) {
        origin = begin_scroll(scene.ui, "view/vectors/list", layout.list, 1, height);
    }
    for (int i = 0; i < scene.words.extent; ++i) {
        const Rect row{origin.x, origin.y + layout.row_height * static_cast<float>(i),
                       layout.cosine_x + layout.cosine_w, layout.row_height};
        if (overlaps(row, layout.list)) {
            draw_word(words, fixed, context, i, row, result);
        } else if (scene.ui.items.is_recording()) {
            log_item(scene.ui, indexed_id("view/vectors/token", {i}), "choice",
                     scene.words.label(i), words.facts.cosines[static_cast<std::size_t>(i)], row);
        }
    }
    if (layout.scrolls) end_scroll();
}

void draw_headings(const WordsScene& words) {
    const VectorsScene& scene = words.scene;
    UiContext& ui = scene.ui;
    const VectorsWordsLayout& layout = words.layout;
    const Graph& graph = scene.trace.graph();
    const auto heading = [&](const char* id, float x, float width, const std::string& text) {
        draw_label(ui, std::string("view/vectors/") + id, {Type::kNoteStrong, ui.theme.ink_second},
                   {layout.headings.x + x, layout.headings.y, width, layout.headings.h}, text);
    };
    heading("static", layout.fixed_x, layout.strip_w, "static: " + scene.name(scene.path.fixed));
    heading("context", layout.context_x, layout.strip_w,
            "in context: " + scene.name(scene.context()));
    heading("cosine", layout.cosine_x, layout.cosine_w, "cosine of the two");
    if (layout.legends.is_empty()) return;
    const auto legend = [&](const char* id, float x, NodeId node, const MatrixValues& values) {
        legend_bar(ui, std::string("view/vectors/legend-") + id,
                   {layout.legends.x + x, layout.legends.y, layout.strip_w, layout.legends.h},
                   scale_of(graph.node(node), values),
                   layout.strip_w >= ui.px(300) ? "square-root scale" : "\u221a scale");
    };
    legend("static", layout.fixed_x, scene.path.fixed, words.fixed);
    legend("context", layout.context_x, scene.context(), words.context);
    const int all = words.fixed.columns();
    if (layout.shown >= all) return;
    const Rect note{layout.legends.x + layout.cosine_x, layout.legends.y, layout.cosine_w,
                    ui.px(16)};
    draw_label(ui, "view/vectors/shown", {Type::kTiny, ui.theme.ink_second}, note,
               std::to_string(layout.shown) + " of " + std::to_string(all) + " numbers");
}

// Columns from 0 to 1: how near the chosen word still is to its static vector after each step.
void draw_path(const WordsScene& words, ViewResult& result) {
    const VectorsScene& scene = words.scene;
    UiContext& ui = scene.ui;
    const VectorsWordsLayout& layout = words.layout;
    if (layout.path.is_empty()) return;
    draw_label(ui, "view/vectors/path", {Type::kLabel, ui.theme.ink}, layout.path_title,
               "Cosine with static, layer by layer");
    const auto count = static_cast<float>(words.facts.path.size());
    const float step = std::min(ui.px(56), layout.path.w / std::max(1.0F, count));
    const Rect area{layout.path.x, layout.path.y + ui.px(16), step * count,
                    layout.path.h - ui.px(34)};
    draw_line(ui, {area.x, area.bottom()}, {area.right(), area.bottom()}, ui.theme.line,
              ui.hairline());
    for (std::size_t i = 0; i < words.facts.path.size(); ++i) {
        const double cosine = words.facts.path[i];
        const bool is_chosen = static_cast<int>(i) == scene.step;
        const float share = static_cast<float>(std::clamp(std::abs(cosine), 0.0, 1.0));
        const float left = area.x + step * static_cast<float>(i);
        const float width = std::max(1.0F, step - ui.px(6));
        const Rect bar{left, area.bottom() - share * area.h, width, share * area.h};
        const Colour plain = cosine < 0 ? ui.theme.negative : ramp(ui.theme.weights, 0.4F);
        fill(ui, bar, is_chosen ? ui.theme.query : plain);
        const Rect below{left, area.bottom() + ui.px(2), width, ui.px(16)};
        if (step >= ui.px(30) || i % 4 == 0) {
            draw_text(ui, {Type::kNumberTiny, ui.theme.ink_second, Align::kCentre}, below,
                      scene.path.labels[i]);
        }
        if (step >= ui.px(32)) {
            draw_text(ui, {Type::kNumberTiny, ui.theme.ink, Align::kCentre},
                      {left, bar.y - ui.px(15), width, ui.px(14)}, format_number(cosine, 2).view());
        }
        const Rect reach{left, area.y, width, area.h};
        const std::string id = indexed_id("view/vectors/step", {static_cast<int>(i)});
        const Interaction state = interact(ui, id, reach);
        log_item(ui, id, is_chosen ? "chosen" : "bar", format_number(cosine, 2).view(), cosine,
                 reach);
        if (!state.is_hovered) continue;
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        draw_cosine_tip(scene, scene.words.label(scene.selection.query), cosine,
                        scene.path.steps[i], reach, 4096 + i);
        if (state.was_clicked) {
            result.commands.push_back({"set", {"vectors.layer", std::to_string(i)}});
        }
    }
}

double compute_length(const float* vector, int count) {
    double square = 0;
    for (int i = 0; i < count; ++i) {
        square += static_cast<double>(vector[i]) * static_cast<double>(vector[i]);
    }
    return std::max(1e-30, std::sqrt(square));
}

// Of the chosen word: two bars for each number, static and in context, both vectors made of length
// one: the cosine is the sum of their products.
void draw_bars(const WordsScene& words, ViewResult& result) {
    const VectorsScene& scene = words.scene;
    UiContext& ui = scene.ui;
    const VectorsWordsLayout& layout = words.layout;
    if (layout.bars.is_empty()) return;
    const int word = scene.selection.query;
    draw_label(ui, "view/vectors/bars-title", {Type::kLabel, ui.theme.ink}, layout.bars_title,
               "\u201c" + scene.words.label(word) +
                   "\u201d number by number, both of length 1: static grey");
    const float* fixed = words.fixed.row(word);
    const float* context = words.context.row(word);
    const Rect& area = layout.bars;
    const int count = std::min(words.fixed.columns(), static_cast<int>(area.w / ui.px(8)));
    const double fixed_length = compute_length(fixed, words.fixed.columns());
    const double context_length = compute_length(context, words.fixed.columns());
    const auto unit = [&](const float* vector, int column) {
        const double length = vector == fixed ? fixed_length : context_length;
        return static_cast<float>(static_cast<double>(vector[column]) / length);
    };
    float largest = 0;
    for (int i = 0; i < count; ++i) {
        const int column = words.column(i);
        largest =
            std::max({largest, std::abs(unit(fixed, column)), std::abs(unit(context, column))});
    }
    if (count < 1 || !(largest > 0)) return;
    const float pitch = std::min(ui.px(24), area.w / static_cast<float>(count));
    const float zero = area.centre().y;
    const float each = std::max(1.0F, std::floor(pitch * 0.4F));
    const auto draw_bar = [&](float x, float value, Colour colour) {
        const float length = std::abs(value) / largest * area.h / 2;
        fill(ui, {x, value < 0 ? zero : zero - length, each, std::max(1.0F, length)}, colour);
    };
    for (int i = 0; i < count; ++i) {
        const int column = words.column(i);
        const float x = area.x + pitch * static_cast<float>(i);
        draw_bar(x, unit(fixed, column), ui.theme.ink_third);
        draw_bar(x + each, unit(context, column),
                 context[column] < 0 ? ui.theme.negative : ui.theme.positive);
    }
    draw_line(ui, {area.x, zero}, {area.x + pitch * static_cast<float>(count), zero}, ui.theme.line,
              ui.hairline());
    const Rect reach{area.x, area.y, pitch * static_cast<float>(count), area.h};
    const Interaction state = interact(ui, "view/vectors/bars", reach);
    log_item(ui, "view/vectors/bars", "bars", std::to_string(count), static_cast<double>(largest),
             reach);
    if (!state.is_hovered) return;
    const int at = std::clamp(static_cast<int>((state.mouse.x - reach.x) / pitch), 0, count - 1);
    const int column = words.column(at);
    const bool on_static = state.mouse.x - reach.x - pitch * static_cast<float>(at) < each;
    const NodeId node = on_static ? scene.path.fixed : scene.context();
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    draw_cell_tip(ui, scene.trace, node, {word, column},
                  on_static ? fixed[column] : context[column],
                  {state.mouse.x, reach.y, 1, reach.h});
    if (state.was_clicked) {
        result.selection = ask_word_cell(scene.trace, scene.selection, node, {word, column});
    }
}

// The cosines and how many words they are of: static, then after each step of the chosen word.
NumberTable make_table(const WordsScene& words) {
    NumberTable table;
    table.column_labels = {"cosine"};
    for (int i = 0; i < words.scene.words.extent; ++i) {
        table.row_labels.push_back(words.scene.words.label(i));
        table.values.push_back(
            static_cast<float>(words.facts.cosines[static_cast<std::size_t>(i)]));
    }
    table.node = words.scene.name(words.scene.context());
    return table;
}

}  // namespace

void draw_vectors_words(const VectorsScene& scene, const Rect& body, ViewResult& result) {
    VectorsViewState& state = scene.state;
    const int rows = scene.words.extent;
    const std::uint64_t number = scene.ui.trace_number;
    const MatrixValues* context =
        state.values.get(scene.trace, {number, scene.context(), 0}, 0, rows);
    const MatrixValues* fixed =
        state.values.get(scene.trace, {number, scene.path.fixed, 0}, 0, rows);
    if (fixed == nullptr || context == nullptr) {
        empty_state(scene.ui, "view/vectors/empty", body, "On its way", "The vectors are read.");
        return;
    }
    update_facts(scene, *fixed, *context, state.facts);
    const VectorsWordsLayout layout =
        layout_vectors_words(scene.ui, body, scene.words, fixed->columns(), scene.path.size());
    const WordsScene words{scene, layout, *fixed, *context, state.facts};
    draw_headings(words);
    draw_list(words, result);
    draw_path(words, result);
    draw_bars(words, result);
    if (scene.ui.figures == nullptr) return;
    mark_figure(scene.ui, "view/vectors/words", "Static and in context", body,
                [table = make_table(words)] { return table; });
}

}  // namespace heed::app
