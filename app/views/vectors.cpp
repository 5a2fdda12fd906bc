#include "app/views/vectors.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/views/cell_tip.h"

namespace heed::app {

namespace {

struct VectorsScene {
    const Trace& trace;
    const Selection& selection;
    const VectorNodes& nodes;
    const VectorsLayout& layout;
    const MatrixAxis& words;
    const MatrixValues& fixed;
    const MatrixValues& context;
    const VectorsViewState& state;
    UiContext& ui;
};

// Cosines of all words, and of the chosen one after each layer; made once for a trace and a word.
void update_facts(const Trace& trace, const VectorNodes& nodes, int query,
                  const MatrixValues& fixed, const MatrixValues& context, std::uint64_t number,
                  VectorFacts& facts) {
    if (facts.trace_number != number) {
        facts = {};
        facts.trace_number = number;
        facts.query = -1;
        for (int i = 0; i < fixed.row_end(); ++i) {
            facts.cosines.push_back(compute_cosine(fixed.row(i), context.row(i), fixed.columns()));
        }
    }
    if (facts.query == query) return;
    facts.query = query;
    facts.path.clear();
    for (const NodeId id : nodes.path) {
        const std::optional<Tile> tile =
            trace.read(id, {0, 1, query, query + 1, 0, fixed.columns()});
        facts.path.push_back(
            tile ? compute_cosine(fixed.row(query), tile->row(0, query), fixed.columns()) : 0);
    }
}

Picture paint_strips(const VectorsScene& scene, NodeId node, const MatrixValues& values) {
    UiContext& ui = scene.ui;
    const int rows = std::min(scene.words.extent, ui.pictures.max_side());
    const std::uint64_t version =
        hash_key({ui.trace_number, node, 0}, {static_cast<std::uint64_t>(ui.theme.kind),
                                              static_cast<std::uint64_t>(scene.layout.shown)});
    const std::string id = "view/vectors/" + scene.trace.graph().node(node).name;
    return ui.pictures.get(id, version, scene.layout.shown, rows,
                           [&](std::span<std::uint32_t> texels) {
                               const Node& shown = scene.trace.graph().node(node);
                               const ColourTable table(ui.theme, scale_of(shown, values));
                               std::size_t at = 0;
                               for (int r = 0; r < rows; ++r) {
                                   const float* row = values.row(r);
                                   for (int c = 0; c < scene.layout.shown; ++c) {
                                       texels[at++] = table.at(row[c]);
                                   }
                               }
                           });
}

struct Strip {
    NodeId node;
    const MatrixValues& values;
    Picture picture;
    float x;  // from the left of the list
};

// One word's numbers on colour; asks about the number that was clicked.
void draw_strip(const VectorsScene& scene, const Strip& strip, int word, const Rect& row,
                ViewResult& result) {
    UiContext& ui = scene.ui;
    const float margin = ui.px(3);
    const Rect place{row.x + strip.x, row.y + margin, scene.layout.strip_w, row.h - 2 * margin};
    if (word < strip.picture.rows) {
        draw_picture_part(ui, place, strip.picture, {0, word, strip.picture.columns, 1});
    }
    outline(ui, place, ui.theme.line, ui.hairline());
    const std::string id = "view/vectors/strip" + std::to_string(strip.node);
    const Interaction state =
        interact(ui, indexed_id(id, {word}), intersect(place, scene.layout.list));
    if (!state.is_hovered) return;
    const float share = (state.mouse.x - place.x) / place.w;
    const int column = std::clamp(static_cast<int>(share * static_cast<float>(scene.layout.shown)),
                                  0, scene.layout.shown - 1);
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

void draw_word(const VectorsScene& scene, const Strip& fixed, const Strip& context, int word,
               const Rect& row, ViewResult& result) {
    UiContext& ui = scene.ui;
    const bool is_chosen = word == scene.selection.query;
    if (is_chosen) {
        fill(ui, {row.x - ui.px(6), row.y, row.w + ui.px(14), row.h}, ui.theme.accent_soft,
             ui.px(6));
    }
    const std::string id = indexed_id("view/vectors/token", {word});
    const Rect label{row.x, row.y, scene.layout.label_w, row.h};
    const Interaction state = interact(ui, id, intersect(label, scene.layout.list));
    const Colour plain = scene.words.is_faint(word) ? ui.theme.ink_third : ui.theme.ink;
    draw_text(ui,
              {is_chosen ? Type::kBodyStrong : Type::kBody, is_chosen ? ui.theme.query : plain,
               Align::kRight},
              label, scene.words.label(word));
    draw_strip(scene, fixed, word, row, result);
    draw_strip(scene, context, word, row, result);
    const double cosine = scene.state.facts.cosines[static_cast<std::size_t>(word)];
    draw_cosine(ui, {row.x + scene.layout.cosine_x, row.y, scene.layout.cosine_w, row.h}, cosine,
                is_chosen);
    log_item(ui, id, is_chosen ? "chosen" : "choice", scene.words.label(word), cosine, row);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (!state.was_clicked) return;
    Selection wanted = scene.selection;
    wanted.query = word;
    result.selection = clamp_selection(scene.trace.graph(), std::move(wanted));
}

void draw_words(const VectorsScene& scene, ViewResult& result) {
    const VectorsLayout& layout = scene.layout;
    const Strip fixed{scene.nodes.fixed, scene.fixed,
                      paint_strips(scene, scene.nodes.fixed, scene.fixed), layout.fixed_x};
    const Strip context{scene.nodes.context, scene.context,
                        paint_strips(scene, scene.nodes.context, scene.context), layout.context_x};
    const float height = layout.row_height * static_cast<float>(scene.words.extent);
    Point origin{layout.list.x, layout.list.y};
    if (layout.scrolls) {
        origin = begin_scroll(scene.ui, "view/vectors/list", layout.list, 1, height);
    }
    for (int i = 0; i < scene.words.extent; ++i) {
        const Rect row{origin.x, origin.y + layout.row_height * static_cast<float>(i),
                       layout.cosine_x + layout.cosine_w, layout.row_height};
        if (overlaps(row, layout.list)) {
            draw_word(scene, fixed, context, i, row, result);
        } else if (scene.ui.items.is_recording()) {
            log_item(scene.ui, indexed_id("view/vectors/token", {i}), "choice",
                     scene.words.label(i), scene.state.facts.cosines[static_cast<std::size_t>(i)],
                     row);
        }
    }
    if (layout.scrolls) end_scroll();
}

void draw_headings(const VectorsScene& scene) {
    UiContext& ui = scene.ui;
    const VectorsLayout& layout = scene.layout;
    const Graph& graph = scene.trace.graph();
    const auto heading = [&](const char* id, float x, float width, const std::string& text) {
        draw_label(ui, std::string("view/vectors/") + id, {Type::kNoteStrong, ui.theme.ink_second},
                   {layout.headings.x + x, layout.headings.y, width, layout.headings.h}, text);
    };
    heading("static", layout.fixed_x, layout.strip_w,
            "static: " + graph.node(scene.nodes.fixed).name);
    heading("context", layout.context_x, layout.strip_w,
            "context: " + graph.node(scene.nodes.context).name);
    heading("cosine", layout.cosine_x, layout.cosine_w, "cosine of the two");
    const auto legend = [&](const char* id, float x, NodeId node, const MatrixValues& values) {
        legend_bar(ui, std::string("view/vectors/legend-") + id,
                   {layout.legends.x + x, layout.legends.y, layout.strip_w, layout.legends.h},
                   scale_of(graph.node(node), values),
                   layout.strip_w >= ui.px(300) ? "square-root scale" : "\u221a scale");
    };
    legend("static", layout.fixed_x, scene.nodes.fixed, scene.fixed);
    legend("context", layout.context_x, scene.nodes.context, scene.context);
}

// Columns from 0 to 1: how near the chosen word still is to its static vector after each layer.
void draw_path(const VectorsScene& scene) {
    UiContext& ui = scene.ui;
    const VectorsLayout& layout = scene.layout;
    if (layout.path.is_empty()) return;
    const std::string word = scene.words.label(scene.selection.query);
    draw_label(ui, "view/vectors/path", {Type::kLabel, ui.theme.ink}, layout.path_title,
               "\u201c" + word + "\u201d through the layers: cosine with its static vector");
    const auto count = static_cast<float>(scene.state.facts.path.size());
    const float step = std::min(ui.px(64), layout.path.w / std::max(1.0F, count));
    const Rect area{layout.path.x, layout.path.y + ui.px(18), step * count,
                    layout.path.h - ui.px(38)};
    draw_line(ui, {area.x, area.bottom()}, {area.right(), area.bottom()}, ui.theme.line,
              ui.hairline());
    for (std::size_t i = 0; i < scene.state.facts.path.size(); ++i) {
        const double cosine = scene.state.facts.path[i];
        const int layer = scene.trace.graph().node(scene.nodes.path[i]).layer;
        const float share = static_cast<float>(std::clamp(std::abs(cosine), 0.0, 1.0));
        const float left = area.x + step * static_cast<float>(i);
        const float width = std::max(1.0F, step - ui.px(6));
        const Rect bar{left, area.bottom() - share * area.h, width, share * area.h};
        fill(ui, bar, cosine < 0 ? ui.theme.negative : ramp(ui.theme.weights, 0.6F));
        const Rect below{left, area.bottom() + ui.px(2), width, ui.px(16)};
        if (step >= ui.px(24) || i % 4 == 0) {
            draw_text(ui, {Type::kNumberTiny, ui.theme.ink_second, Align::kCentre}, below,
                      std::to_string(layer));
        }
        if (step >= ui.px(32)) {
            draw_text(ui, {Type::kNumberTiny, ui.theme.ink, Align::kCentre},
                      {left, bar.y - ui.px(16), width, ui.px(15)}, format_number(cosine, 2).view());
        }
        if (ui.items.is_recording()) {
            log_item(ui, indexed_id("view/vectors/layer", {layer}), "bar",
                     format_number(cosine, 2).view(), cosine, {left, area.y, width, area.h});
        }
    }
}

void draw_title(const VectorsScene& scene) {
    UiContext& ui = scene.ui;
    const VectorsLayout& layout = scene.layout;
    draw_label(ui, "view/vectors/title", {Type::kTitle, ui.theme.ink}, layout.title,
               "What the sentence did to each word");
    const std::string shown = std::to_string(layout.shown);
    const std::string all = std::to_string(scene.fixed.columns());
    draw_label(ui, "view/vectors/caption", {Type::kBody, ui.theme.ink_second}, layout.caption,
               "From the table, and after the last layer: " +
                   (shown == all ? "all " + all + " numbers of each vector"
                                 : "the first " + shown + " of " + all + " numbers"));
}

}  // namespace

ViewResult draw_vectors_view(const Trace& trace, const Selection& selection, const Rect& rect,
                             VectorsViewState& state, UiContext& ui) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    const std::optional<VectorNodes> nodes = find_vector_nodes(trace.graph());
    if (!nodes || trace.graph().node(nodes->fixed).shape.count() == 0) {
        empty_state(ui, "view/vectors/empty", inside, "Nothing to compare",
                    "This model's last vectors are not as long as its embeddings.");
        return result;
    }
    const MatrixPlace place = place_matrix(trace, selection, nodes->fixed);
    const int rows = place.rows.extent;
    const MatrixValues* context =
        state.values.get(trace, {ui.trace_number, nodes->context, 0}, 0, rows);
    const MatrixValues* fixed =
        state.values.get(trace, {ui.trace_number, nodes->fixed, 0}, 0, rows);
    if (fixed == nullptr || context == nullptr) {
        empty_state(ui, "view/vectors/empty", inside, "On its way", "The vectors are read.");
        return result;
    }
    const int query = std::clamp(selection.query, 0, rows - 1);
    update_facts(trace, *nodes, query, *fixed, *context, ui.trace_number, state.facts);
    const VectorsLayout layout = layout_vectors(ui, inside, place.rows, place.columns.extent,
                                                static_cast<int>(nodes->path.size()));
    const VectorsScene scene{trace,  selection, *nodes, layout, place.rows,
                             *fixed, *context,  state,  ui};
    draw_title(scene);
    draw_headings(scene);
    draw_words(scene, result);
    draw_path(scene);
    return result;
}

}  // namespace heed::app
