#include "app/views/attention.h"

#include <array>
#include <cmath>

#include "app/views/attention_lines.h"
#include "app/views/cell_tip.h"

namespace heed::app {

namespace {

constexpr float kLeastRoad = 84;  // design pixels between the two sides of the lines
constexpr float kMostRoad = 240;
constexpr float kLineLabel = 84;   // most width of their labels
constexpr float kWorthIt = 0.72F;  // how much smaller cells may become to make room for lines
constexpr float kMostZoom = 12;
constexpr const char* kCaption =
    "rows: the word that looks (query)   \u00b7   columns: the word that is looked at (key)";

float most_cell(int tokens) {
    return tokens <= 3 ? 120.0F : (tokens <= 6 ? 88.0F : 56.0F);
}

// Few words stand in the middle of the room rather than in its corner.
void centre(const Rect& room, AttentionLayout& layout) {
    const float right = layout.lines.is_empty()
                            ? layout.matrix.window.right() + layout.matrix.overhang
                            : layout.lines.right();
    const float dx = std::floor(std::max(0.0F, room.right() - right) / 2);
    const float dy = std::floor(std::max(0.0F, room.bottom() - layout.matrix.window.bottom()) / 3);
    for (Rect* rect :
         {&layout.matrix.row_band, &layout.matrix.column_band, &layout.matrix.window,
          &layout.matrix.grid, &layout.lines, &layout.line_queries, &layout.line_keys}) {
        rect->x += dx;
        rect->y += dy;
    }
}

float line_label_width(const UiContext& ui, const MatrixAxis& axis) {
    float widest = measure_text(ui, Type::kBodyStrong, "query");
    for (int i = 0; i < axis.extent; ++i) {
        widest = std::max(widest, measure_text(ui, Type::kBodyStrong, axis.label(i)));
    }
    return std::min(ui.px(kLineLabel), std::ceil(widest) + 1);
}

// Splits `room` into the matrix and the lines at its right. False where there is no room for both.
bool place_lines(const UiContext& ui, const AttentionRequest& request, const MatrixFit& fit,
                 const Rect& room, AttentionLayout& layout) {
    const float labels = line_label_width(ui, request.queries) + line_label_width(ui, request.keys);
    const float needed = labels + ui.px(20 + kLeastRoad + 24);
    if (room.w < needed * 2 || layout.matrix.rows < 2) return false;
    const Rect rest{room.x, room.y, room.w - needed, room.h};
    const MatrixLayout beside = layout_matrix(ui, rest, request.queries, request.keys, fit, ".00");
    if (beside.scrolls || beside.cell_h < layout.matrix.cell_h * kWorthIt) return false;
    if (!request.wants_lines) return true;
    layout.matrix = beside;
    const float left = beside.grid.right() + std::max(ui.px(24), beside.overhang + ui.px(8));
    const float width = std::min(room.right() - left, labels + ui.px(20 + kMostRoad));
    layout.lines = {left, beside.grid.y - ui.px(34), width, beside.grid.h + ui.px(34)};
    layout.line_queries = {left, beside.grid.y, line_label_width(ui, request.queries),
                           beside.grid.h};
    const float keys = line_label_width(ui, request.keys);
    layout.line_keys = {left + width - keys, beside.grid.y, keys, beside.grid.h};
    return true;
}

void place_buttons(const UiContext& ui, bool has_lines, Rect header, AttentionLayout& layout) {
    if (has_lines) layout.lines_button = take_right(header, measure_button(ui, "lines"), ui.px(16));
    if (layout.matrix.has_numbers && !layout.matrix.scrolls) return;
    layout.zoom_in = take_right(header, ui.px(28), ui.px(4));
    layout.zoom_out = take_right(header, ui.px(28), ui.px(16));
}

void draw_header(UiContext& ui, const Selection& selection, const AttentionLayout& layout,
                 AttentionViewState& state) {
    const std::string title = "Layer " + std::to_string(selection.layer) + " \u00b7 head " +
                              std::to_string(selection.head);
    const float width = std::ceil(measure_text(ui, Type::kTitle, title)) + 1;
    Rect line = layout.title;
    draw_label(ui, "view/attention/title", {Type::kTitle, ui.theme.ink},
               take_left(line, width, ui.px(16)), title);
    draw_label(ui, "view/attention/subtitle", {Type::kBody, ui.theme.ink_second}, line,
               "who looks at whom");
    if (!layout.lines_button.is_empty()) {
        const ButtonOptions look{state.options.shows_lines ? ButtonLook::kOn : ButtonLook::kQuiet,
                                 true, "the same weights as lines"};
        if (button(ui, "view/attention/lines", layout.lines_button, "lines", look)) {
            state.options.shows_lines = !state.options.shows_lines;
        }
    }
    if (layout.zoom_in.is_empty()) return;
    if (button(ui, "view/attention/zoom-out", layout.zoom_out, "\u2212",
               {ButtonLook::kQuiet, state.zoom > 1, "smaller cells"})) {
        state.zoom = std::max(1.0F, state.zoom / 1.5F);
    }
    if (button(ui, "view/attention/zoom-in", layout.zoom_in, "+",
               {ButtonLook::kQuiet, state.zoom < kMostZoom && !layout.matrix.has_numbers,
                "larger cells"})) {
        state.zoom = std::min(kMostZoom, state.zoom * 1.5F);
    }
}

void draw_footer(UiContext& ui, const AttentionLayout& layout, const MatrixPicture& picture) {
    draw_label(ui, "view/attention/caption", {Type::kNote, ui.theme.ink_second}, layout.caption,
               kCaption);
    const bool has_blocked = picture.blocked != nullptr && picture.blocked->has_blocked();
    const std::string scale = "weight, square-root scale";
    legend_bar(ui, "view/attention/legend", layout.legend, picture.scale, scale);
    if (!has_blocked) return;
    const float right = layout.legend.x + std::min(ui.px(300), layout.legend.w * 0.5F) + ui.px(20);
    const Rect line{right, layout.legend.y + ui.px(16), layout.legend.right() - right, ui.px(18)};
    const Rect swatch{line.x, line.y + ui.px(3), ui.px(12), ui.px(12)};
    fill(ui, swatch, ui.theme.sunk, ui.px(2));
    outline(ui, swatch, ui.theme.line, ui.hairline(), ui.px(2));
    draw_label(ui, "view/attention/blocked", {Type::kNote, ui.theme.ink_second},
               {swatch.right() + ui.px(8), line.y, line.w - ui.px(20), line.h}, "may not be seen");
}

// Whether the chosen cell is another one than in the frame before.
bool is_newly_chosen(const MatrixKey& key, const MatrixPlace& place, AttentionViewState& state) {
    if (state.revealed_key == key && state.revealed_cell == place.cell) return false;
    state.revealed_key = key;
    state.revealed_cell = place.cell;
    return true;
}

void take_hits(const Trace& trace, const Selection& selection, const MatrixHit& hit,
               const LinesHit& lines, ViewResult& result) {
    Selection wanted = selection;
    if (hit.clicked) {
        wanted.query = hit.clicked->row;
        wanted.key = hit.clicked->column;
    } else if (hit.clicked_row || lines.query) {
        wanted.query = hit.clicked_row ? *hit.clicked_row : *lines.query;
    } else if (hit.clicked_column || lines.key) {
        wanted.key = hit.clicked_column ? *hit.clicked_column : *lines.key;
    } else {
        return;
    }
    result.selection = ask_pattern(trace.graph(), std::move(wanted));
}

// The weights and, where a key may be forbidden, the scores that say so.
struct Weights {
    const MatrixValues* values = nullptr;
    const MatrixValues* blocked = nullptr;
};

Weights read_weights(const Trace& trace, const AttentionSite& site, const MatrixKey& key,
                     MatrixCache& cache) {
    const int rows = matrix_extents(trace.graph().node(key.node).shape).rows;
    Weights weights;
    if (site.masked) {
        weights.blocked = cache.get(trace, {key.trace_number, *site.masked, key.outer}, 0, rows);
    }
    weights.values = cache.get(trace, key, 0, rows);
    const bool fits = weights.values != nullptr && weights.blocked != nullptr &&
                      weights.blocked->columns() == weights.values->columns();
    if (!fits) weights.blocked = nullptr;
    return weights;
}

}  // namespace

AttentionLayout layout_attention(const UiContext& ui, const AttentionRequest& request) {
    AttentionLayout layout;
    Rect rest = request.inside;
    const Rect header = take_top(rest, ui.px(28), ui.px(12));
    const float footer = ui.px(14 + 18 + 8 + 32);
    MatrixFit fit;
    fit.is_square = true;
    fit.most_width = fit.most_height =
        most_cell(std::max(request.queries.extent, request.keys.extent));
    fit.zoom = request.zoom;
    const Rect room{rest.x, rest.y, rest.w, std::max(ui.px(40), rest.h - footer)};
    layout.matrix = layout_matrix(ui, room, request.queries, request.keys, fit, ".00");
    const bool has_lines = place_lines(ui, request, fit, room, layout);
    place_buttons(ui, has_lines, header, layout);
    centre(room, layout);

    const Rect& window = layout.matrix.window;
    const float left = request.inside.x;
    const float width = request.inside.w;
    layout.caption = {left, window.bottom() + ui.px(14), width, ui.px(18)};
    layout.legend = {left, layout.caption.bottom() + ui.px(8), width, ui.px(32)};
    // Under the cells rather than under their labels, where the width allows.
    const float indent = std::clamp(width - ui.px(480), 0.0F, window.x - left);
    layout.caption = {left + indent, layout.caption.y, width - indent, layout.caption.h};
    layout.legend = {left + indent, layout.legend.y, width - indent, layout.legend.h};
    float buttons = header.right();
    for (const Rect& used : {layout.lines_button, layout.zoom_out}) {
        if (!used.is_empty()) buttons = std::min(buttons, used.x - ui.px(16));
    }
    layout.title = {header.x, header.y, std::max(0.0F, buttons - header.x), header.h};
    return layout;
}

ViewResult draw_attention_view(const Trace& trace, const Selection& selection, const Rect& rect,
                               AttentionViewState& state, UiContext& ui) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    const AttentionSite* site = find_site(trace.graph(), selection.layer);
    if (site == nullptr) {
        empty_state(ui, "view/attention/empty", inside, "No attention here",
                    "This layer has no pattern to show.");
        return result;
    }
    const Selection asked = ask_pattern(trace.graph(), selection);
    const MatrixPlace place = place_matrix(trace, asked, *site->pattern);
    if (place.rows.extent == 0 || place.columns.extent == 0) {
        empty_state(ui, "view/attention/empty", inside, "No words yet", "Type a sentence above.");
        return result;
    }
    const MatrixKey key{ui.trace_number, *site->pattern, place.outer};
    const Weights weights = read_weights(trace, *site, key, state.values);
    if (weights.values == nullptr) {
        empty_state(ui, "view/attention/empty", inside, "On its way", "The weights are read.");
        return result;
    }
    const AttentionLayout layout = layout_attention(
        ui, {inside, place.rows, place.columns, state.options.shows_lines, state.zoom});
    MatrixPicture picture{"view/attention", place.rows, place.columns, *weights.values};
    picture.blocked = weights.blocked;
    picture.scale = scale_of(trace.graph().node(*site->pattern), *weights.values);
    picture.key = key;
    picture.is_weights = trace.graph().node(*site->pattern).kind == ValueKind::kProbability;
    picture.chosen = {place.row(), place.column()};
    picture.has_crosshair = true;
    picture.reveals_chosen = is_newly_chosen(key, place, state);

    draw_header(ui, asked, layout, state);
    const MatrixHit hit = draw_matrix(ui, layout.matrix, picture);
    LinesHit lines;
    if (!layout.lines.is_empty()) {
        if (!(state.lines_key == key)) {
            state.lines = choose_lines(*weights.values);
            state.lines_key = key;
        }
        lines = draw_attention_lines(ui, layout, picture, state.lines);
    }
    draw_footer(ui, layout, picture);
    take_hits(trace, asked, hit, lines, result);
    if (hit.hovered) {
        draw_cell_tip(ui, trace, place.node, place.cell_at(hit.hovered->row, hit.hovered->column),
                      weights.values->at(hit.hovered->row, hit.hovered->column), hit.hovered_cell);
    }
    return result;
}

}  // namespace heed::app
