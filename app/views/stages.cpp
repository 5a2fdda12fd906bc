#include "app/views/stages.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/views/cell_tip.h"
#include "app/views/thumbnail.h"
#include "core/ops/op_table.h"

namespace heed::app {

namespace {

// Thumbnails of nodes with more cells than this would cost too much to read.
constexpr std::size_t kMostThumbnailCells = std::size_t{1} << 22;

// Queries, keys and values have their colours wherever they are named.
Colour role_colour(const Theme& theme, const Graph& graph, NodeId node) {
    for (const AttentionSite& site : graph.attentions()) {
        if (site.q == node) return theme.query;
        if (site.k == node) return theme.key;
        if (site.v == node || site.z == node) return theme.value;
    }
    return theme.ink;
}

bool has_heads(const Node& node) {
    return node.shape.rank() >= 3 && node.shape.axis(0).name == "H";
}

std::string size_text(const MatrixAxis& rows, const MatrixAxis& columns) {
    return std::to_string(rows.extent) + " \u00d7 " + std::to_string(columns.extent);
}

// What the positions of an axis are, in words.
std::string axis_words(const MatrixAxis& axis, const Axis& declared) {
    if (axis.role == AxisRole::kKey) return "words that are looked at (key)";
    if (axis.role == AxisRole::kQuery) return "words";
    const std::string count = std::to_string(axis.extent);
    if (declared.name == "K") return "the " + count + " numbers of the head's vector";
    if (declared.name == "H*K") return "the heads side by side, " + count + " numbers";
    if (declared.name == "F") return count + " numbers of the feed-forward layer";
    if (declared.name == "V") return count + " entries of the vocabulary, by id";
    if (declared.name == "P") return count + " labels";
    return "the " + count + " numbers of the word's vector";
}

std::string caption_of(const Node& node, const MatrixPlace& place) {
    std::string text;
    if (node.shape.rank() >= 2) {
        text = "rows: " + axis_words(place.rows, node.shape.axis(-2)) + "   \u00b7   ";
    }
    if (node.shape.rank() >= 1) {
        text += "columns: " + axis_words(place.columns, node.shape.axis(-1));
    }
    return text;
}

int choose_matrix_decimals(const MatrixValues& values) {
    const std::array largest{values.largest()};
    return std::min(3, choose_decimals(largest));
}

std::string widest_number_of(bool is_weights, const MatrixValues& values, int decimals) {
    if (is_weights) return ".00";
    return std::string(format_number(-static_cast<double>(values.largest()), decimals).view());
}

struct SmallPicture {
    Rect area;   // under its name
    Rect image;  // of the cells
};

SmallPicture place_small(const UiContext& ui, const Rect& place, const MatrixPlace& matrix) {
    SmallPicture small;
    Rect rest = place;
    take_top(rest, ui.px(20));
    small.area = rest;
    const auto side = [&](float room, int count) {
        return std::max(1.0F, std::floor(std::min(room, ui.px(28) * static_cast<float>(count))));
    };
    small.image = {rest.x, rest.y, side(rest.w, matrix.columns.extent),
                   side(rest.h, matrix.rows.extent)};
    return small;
}

Picture paint_small(const Trace& trace, UiContext& ui, const MatrixPlace& place,
                    const MatrixValues& values, const Rect& image) {
    const Node& node = trace.graph().node(place.node);
    const int width = std::clamp(static_cast<int>(image.w), 1, place.columns.extent);
    const int height = std::clamp(static_cast<int>(image.h), 1, place.rows.extent);
    const std::uint64_t version = hash_key({ui.trace_number, place.node, place.outer},
                                           {static_cast<std::uint64_t>(ui.theme.kind)});
    return ui.pictures.get("view/stages/" + node.name, version, width, height,
                           [&](std::span<std::uint32_t> texels) {
                               const ColourTable table(ui.theme, scale_of(node, values));
                               paint_thumbnail(values.tile(), place.outer, table,
                                               {texels, width, 0, 0, width, height});
                           });
}

struct StageScene {
    const Trace& trace;
    const Selection& selection;
    StagesViewState& state;
    UiContext& ui;
};

// One picture of the strip; asks about the cell that was clicked.
void draw_small(const StageScene& scene, NodeId id, const Rect& place, bool is_shown,
                ViewResult& result) {
    UiContext& ui = scene.ui;
    const Node& node = scene.trace.graph().node(id);
    const MatrixPlace matrix = place_matrix(scene.trace, scene.selection, id);
    const std::string item = "view/stages/node[" + node.name + "]";
    const Colour colour = role_colour(ui.theme, scene.trace.graph(), id);
    const float line = ui.px(18);
    const std::string name(local_name(node.name));
    const float width =
        draw_text(ui, {Type::kNoteStrong, colour}, {place.x, place.y, place.w, line}, name);
    draw_text(
        ui, {Type::kTiny, ui.theme.ink_second},
        {place.x + width + ui.px(6), place.y, std::max(0.0F, place.w - width - ui.px(6)), line},
        size_text(matrix.rows, matrix.columns));
    const SmallPicture small = place_small(ui, place, matrix);
    const Interaction state = interact(ui, item, small.image);
    log_item(ui, item, is_shown ? "chosen" : "choice", name, std::nullopt, small.image);
    const std::size_t cells = static_cast<std::size_t>(matrix.rows.extent) *
                              static_cast<std::size_t>(matrix.columns.extent);
    const MatrixValues* values = nullptr;
    if (cells > 0 && cells <= kMostThumbnailCells) {
        values = scene.state.values.get(scene.trace, {ui.trace_number, id, matrix.outer}, 0,
                                        matrix.rows.extent);
    }
    if (values != nullptr) {
        draw_picture(ui, small.image, paint_small(scene.trace, ui, matrix, *values, small.image));
    } else {
        fill(ui, small.image, ui.theme.sunk);
    }
    const float out = is_shown ? 2 * ui.hairline() : ui.hairline();
    const Rect& image = small.image;
    outline(ui, {image.x - out, image.y - out, image.w + 2 * out, image.h + 2 * out},
            is_shown ? ui.theme.accent : (state.is_hovered ? ui.theme.ink_third : ui.theme.line),
            out, is_shown ? ui.px(2) : 0);
    if (!state.is_hovered || values == nullptr) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const auto position = [](float at, float length, int count) {
        return std::clamp(static_cast<int>(at / length * static_cast<float>(count)), 0, count - 1);
    };
    const int row = position(state.mouse.y - image.y, image.h, matrix.rows.extent);
    const int column = position(state.mouse.x - image.x, image.w, matrix.columns.extent);
    const std::vector<int> cell = matrix.cell_at(row, column);
    draw_cell_tip(ui, scene.trace, id, cell, values->at(row, column), image);
    if (state.was_clicked) {
        result.selection = ask_word_cell(scene.trace, scene.selection, id, cell);
    }
}

void draw_strip(const StageScene& scene, const StageParts& parts, const StageLayout& layout,
                NodeId shown, ViewResult& result) {
    UiContext& ui = scene.ui;
    for (std::size_t i = 0; i < layout.inputs.size(); ++i) {
        draw_small(scene, parts.inputs[i], layout.inputs[i], false, result);
    }
    for (const Rect& joint : layout.joints) {
        draw_text(ui, {Type::kTitle, ui.theme.ink_second, Align::kCentre}, joint, parts.joint);
    }
    for (std::size_t i = 0; i < layout.outputs.size(); ++i) {
        draw_small(scene, parts.outputs[i], layout.outputs[i], parts.outputs[i] == shown, result);
    }
    if (layout.arrow.is_empty()) return;
    const float y = layout.arrow.centre().y + ui.px(8);
    const float left = layout.arrow.x + ui.px(12);
    const float right = layout.arrow.right() - ui.px(12);
    draw_label(ui, "view/stages/arrow", {Type::kNote, ui.theme.ink_second, Align::kCentre},
               {layout.arrow.x + ui.px(4), y - ui.px(24), layout.arrow.w - ui.px(8), ui.px(18)},
               typeset_formula(parts.arrow));
    draw_line(ui, {left, y}, {right - ui.px(6), y}, ui.theme.ink_third, 1.5F * ui.hairline());
    draw_triangle(ui, {right - ui.px(8), y - ui.px(4)}, {right, y},
                  {right - ui.px(8), y + ui.px(4)}, ui.theme.ink_third);
}

void draw_header(const StageScene& scene, const StageLayout& layout, const MatrixPlace& place) {
    UiContext& ui = scene.ui;
    const Graph& graph = scene.trace.graph();
    const Node& node = graph.node(place.node);
    Rect line = layout.title;
    const std::string title(local_name(node.name));
    const float width = std::ceil(measure_text(ui, Type::kTitle, title)) + 1;
    draw_label(ui, "view/stages/title", {Type::kTitle, role_colour(ui.theme, graph, place.node)},
               take_left(line, std::min(width, line.w * 0.5F), ui.px(16)), title);
    std::string about = stage_name(node.stage);
    if (node.layer >= 0) about += " \u00b7 layer " + std::to_string(node.layer);
    if (has_heads(node)) about += " \u00b7 head " + std::to_string(place.cell[0]);
    about += " \u00b7 " + size_text(place.rows, place.columns);
    draw_label(ui, "view/stages/shape", {Type::kBody, ui.theme.ink_second}, line, about);
    draw_label(ui, "view/stages/formula", {Type::kFormulaSmall, ui.theme.ink_second},
               layout.formula, typeset_formula(formula_text(graph, node)));
}

void draw_footer(const StageScene& scene, const StageLayout& layout, const MatrixPlace& place,
                 const MatrixPicture& picture) {
    UiContext& ui = scene.ui;
    const Node& node = scene.trace.graph().node(place.node);
    draw_label(ui, "view/stages/caption", {Type::kNote, ui.theme.ink_second}, layout.caption,
               caption_of(node, place));
    std::string caption = picture.is_weights ? "weight" : "value";
    caption += ", square-root scale";
    if (picture.values.has_blocked()) caption += "   \u00b7   \u2212\u221e: may not be seen";
    if (picture.values.row_end() - picture.values.row_begin() < place.rows.extent) {
        caption += "   \u00b7   over the rows in sight";
    }
    legend_bar(ui, "view/stages/legend", layout.legend, picture.scale, caption);
}

// The large matrix; remembers what is in sight.
void draw_large(const StageScene& scene, const StageLayout& layout, const MatrixPlace& place,
                MatrixPicture& picture, ViewResult& result) {
    StagesViewState& state = scene.state;
    const std::string& name = scene.trace.graph().node(place.node).name;
    picture.chosen = {place.row(), place.column()};
    picture.reveals_chosen = state.revealed_node != name || state.revealed_cell != place.cell;
    state.revealed_node = name;
    state.revealed_cell = place.cell;
    const MatrixHit hit = draw_matrix(scene.ui, layout.matrix, picture);
    state.first_row = hit.first_row;
    state.end_row = hit.end_row;
    std::optional<CellIndex> asked = hit.clicked;
    if (hit.clicked_row) asked = CellIndex{*hit.clicked_row, place.column()};
    if (hit.clicked_column) asked = CellIndex{place.row(), *hit.clicked_column};
    if (asked) {
        result.selection = ask_word_cell(scene.trace, scene.selection, place.node,
                                         place.cell_at(asked->row, asked->column));
    }
    if (hit.hovered) {
        draw_cell_tip(scene.ui, scene.trace, place.node,
                      place.cell_at(hit.hovered->row, hit.hovered->column),
                      picture.values.at(hit.hovered->row, hit.hovered->column), hit.hovered_cell);
    }
}

}  // namespace

ViewResult draw_stages_view(const Trace& trace, const Selection& selection, const Rect& rect,
                            StagesViewState& state, UiContext& ui) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    const std::optional<NodeId> node = trace.graph().find(selection.node);
    if (!node) {
        empty_state(ui, "view/stages/empty", inside, "No stage is chosen",
                    "Choose one at the left.");
        return result;
    }
    const StageScene scene{trace, selection, state, ui};
    const MatrixPlace place = place_matrix(trace, selection, *node);
    if (place.rows.extent == 0 || place.columns.extent == 0) {
        empty_state(ui, "view/stages/empty", inside, "No words yet", "Type a sentence above.");
        return result;
    }
    const MatrixKey key{ui.trace_number, *node, place.outer};
    const MatrixValues* values =
        state.values.get(trace, key, std::min(state.first_row, place.row()),
                         std::min(place.rows.extent, std::max(state.end_row, place.row() + 1)));
    if (values == nullptr) {
        empty_state(ui, "view/stages/empty", inside, "On its way", "The values are read.");
        return result;
    }
    MatrixPicture picture{"view/stages", place.rows, place.columns, *values};
    picture.scale = scale_of(trace.graph().node(*node), *values);
    picture.key = key;
    picture.is_weights = trace.graph().node(*node).kind == ValueKind::kProbability;
    picture.decimals = choose_matrix_decimals(*values);

    const StageParts parts = list_stage_parts(trace.graph(), *node);
    const std::string widest = widest_number_of(picture.is_weights, *values, picture.decimals);
    const StageLayout layout = layout_stage(ui, {inside, parts, place.rows, place.columns, widest});
    draw_header(scene, layout, place);
    draw_large(scene, layout, place, picture, result);
    draw_footer(scene, layout, place, picture);
    // Last: reading its matrices may let go of the large one's.
    draw_strip(scene, parts, layout, *node, result);
    return result;
}

}  // namespace heed::app
