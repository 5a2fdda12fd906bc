// The vectors view's cosines: all words with each other, as static vectors and in context.
#include <algorithm>
#include <array>

#include "app/ui/figures.h"
#include "app/views/piece_words.h"
#include "app/views/vectors_parts.h"

namespace heed::app {

namespace {

struct Side {
    const char* id;  // "static", "context"
    NodeId node;
    const Rect& title;
    const MatrixLayout& layout;
    const Rect& nearest;
    std::string text;
};

NumberTable make_table(const VectorsScene& scene, const CosineMatrix& cosines, NodeId node) {
    NumberTable table;
    for (int i = 0; i < cosines.words; ++i) table.row_labels.push_back(scene.words.label(i));
    table.column_labels = table.row_labels;
    table.values.assign(cosines.values.get(),
                        cosines.values.get() + std::ptrdiff_t{cosines.words} * cosines.words);
    table.node = scene.name(node);
    return table;
}

void draw_tip(const VectorsScene& scene, const Side& side, const MatrixHit& hit, float value) {
    UiContext& ui = scene.ui;
    const auto target = static_cast<std::uint64_t>(hit.hovered->row) * 65599 +
                        static_cast<std::uint64_t>(hit.hovered->column);
    if (!tooltip_is_due(ui, std::string("view/vectors/") + side.id, target)) return;
    const std::string row = scene.words.label(hit.hovered->row);
    const std::string column = scene.words.label(hit.hovered->column);
    const std::array lines{
        TooltipLine{"\u201c" + row + "\u201d and \u201c" + column + "\u201d", Type::kBodyStrong,
                    ui.theme.ink},
        TooltipLine{std::string(format_exact(value).view()), Type::kNumber, ui.theme.ink},
        TooltipLine{"a \u00b7 b / (|a| |b|)", Type::kFormulaSmall, ui.theme.ink_second},
        TooltipLine{"rows " + std::to_string(hit.hovered->row) + " and " +
                        std::to_string(hit.hovered->column) + " of " + scene.name(side.node) +
                        (scene.state.options.centres ? ", without their mean" : ""),
                    Type::kNumberSmall, ui.theme.ink_second}};
    draw_tooltip(ui, hit.hovered_cell, lines);
}

// The words that are nearest to the chosen one, as bars.
void draw_nearest(const VectorsScene& scene, const Side& side, const MatrixValues& values,
                  Rect room) {
    UiContext& ui = scene.ui;
    if (room.is_empty()) return;
    const int word = scene.selection.query;
    const std::string id = std::string("view/vectors/nearest-") + side.id;
    draw_label(ui, id, {Type::kNoteStrong, ui.theme.ink_second},
               take_top(room, ui.px(20), ui.px(2)),
               "nearest to \u201c" + scene.words.label(word) + "\u201d");
    std::vector<int> order;
    for (int i = 0; i < scene.words.extent; ++i) {
        if (i != word) order.push_back(i);
    }
    const float* row = values.row(word);
    std::stable_sort(order.begin(), order.end(), [row](int a, int b) { return row[a] > row[b]; });
    for (std::size_t i = 0; i < order.size() && room.h >= ui.px(22); ++i) {
        Rect line = take_top(room, ui.px(22));
        const Rect whole = line;
        const Rect label = take_left(line, std::min(ui.px(96), room.w * 0.3F), ui.px(10));
        const Rect number = take_right(line, ui.px(44), ui.px(8));
        const float value = row[order[i]];
        const std::string text = scene.words.label(order[i]);
        draw_text(ui, {Type::kBody, ui.theme.ink, Align::kRight}, label, text);
        const float length = std::clamp(std::abs(value), 0.0F, 1.0F) * line.w;
        const Rect bar{line.x, line.centre().y - ui.px(5), std::max(ui.px(1), length), ui.px(10)};
        fill(ui, bar, value < 0 ? ui.theme.negative : ui.theme.positive, ui.px(3));
        draw_text(ui, {Type::kNumber, ui.theme.ink, Align::kRight}, number,
                  format_number(static_cast<double>(value), 2).view());
        log_item(ui, indexed_id(id, {static_cast<int>(i)}), "bar", text, static_cast<double>(value),
                 whole);
    }
}

void draw_side(const VectorsScene& scene, const Side& side, ViewResult& result) {
    UiContext& ui = scene.ui;
    const std::string id = std::string("view/vectors/") + side.id;
    draw_label(ui, id, {Type::kLabel, ui.theme.ink}, side.title, side.text);
    const auto node = static_cast<std::uint64_t>(side.node);
    const Job<CosineMatrix> job = ui.jobs.get<CosineMatrix>(
        id, scene.version({node}),
        [trace = ui.trace, node = side.node, space = scene.space()](const CancelToken& cancel) {
            return compute_cosines(*trace, node, space, cancel);
        });
    if (job.value == nullptr || job.value->words != scene.words.extent) {
        empty_state(ui, id + "/empty", side.layout.window, "On its way",
                    job.problem.empty() ? "The cosines are computed." : job.problem);
        return;
    }
    const MatrixValues values(job.value->tile(), 0);
    MatrixAxis columns = scene.words;
    columns.role = AxisRole::kKey;
    MatrixPicture picture{id, scene.words, columns, values};
    picture.scale = {ColourScale::Kind::kSigned, ValueScale::kLinear, 1};
    picture.key = {scene.version({job.is_current ? 1U : 0U}), side.node, 0};
    picture.chosen = {scene.selection.query, scene.selection.key};
    const MatrixHit hit = draw_matrix(ui, side.layout, picture);
    if (ui.figures != nullptr) {
        const Rect area{side.title.x, side.title.y, side.layout.window.right() - side.title.x,
                        side.layout.window.bottom() - side.title.y};
        mark_figure(ui, id, side.text, area,
                    [table = make_table(scene, *job.value, side.node)] { return table; });
    }
    draw_nearest(scene, side, values, side.nearest);
    if (hit.hovered) {
        draw_tip(scene, side, hit, values.at(hit.hovered->row, hit.hovered->column));
    }
    if (!hit.clicked && !hit.clicked_row && !hit.clicked_column) return;
    Selection wanted = scene.selection;
    if (hit.clicked) wanted.query = hit.clicked->row;
    if (hit.clicked_row) wanted.query = *hit.clicked_row;
    if (hit.clicked) wanted.key = hit.clicked->column;
    if (hit.clicked_column) wanted.key = *hit.clicked_column;
    result.selection = clamp_selection(scene.trace.graph(), std::move(wanted));
}

}  // namespace

void draw_vectors_cosines(const VectorsScene& scene, const Rect& body, ViewResult& result) {
    UiContext& ui = scene.ui;
    if (ui.trace == nullptr) return;
    const VectorsCosinesLayout layout = layout_vectors_cosines(ui, body, scene.words);
    draw_side(scene,
              {"static", scene.path.fixed, layout.fixed_title, layout.fixed, layout.fixed_nearest,
               "static: " + scene.name(scene.path.fixed)},
              result);
    draw_side(scene,
              {"context", scene.context(), layout.context_title, layout.context,
               layout.context_nearest, "in context: " + scene.name(scene.context())},
              result);
    const char* caption =
        scene.state.options.centres
            ? "cosine of two {words}' vectors, the mean of all {words} taken off first"
            : "cosine of two {words}' vectors: 1 the same direction, 0 nothing in common";
    draw_label(ui, "view/vectors/alike", {Type::kNote, ui.theme.ink_second}, layout.caption,
               say_pieces(caption, scene.words.tokens));
    legend_bar(ui, "view/vectors/legend", layout.legend,
               {ColourScale::Kind::kSigned, ValueScale::kLinear, 1}, "cosine, linear scale");
    mark_figure(ui, "view/vectors/cosines", "Cosines of the words", body);
}

}  // namespace heed::app
