// One head, larger: beside the grid where there is room, else in a tooltip.
#include <algorithm>
#include <cmath>

#include "app/ui/numbers.h"
#include "app/ui/widgets.h"
#include "app/views/axes.h"
#include "app/views/cell_tip.h"
#include "app/views/heads.h"
#include "app/views/help_texts.h"
#include "app/views/matrix.h"
#include "core/analysis/pattern_context.h"

namespace heed::app {

namespace {

constexpr int kMostCells = 256;     // on a side; more are pooled
constexpr float kTipPicture = 168;  // design pixels

// A head's own numbers; pooled where there are too many.
struct HeadPicture {
    HeadPlace place;
    PatternKind kind = PatternKind::kWeights;
    std::optional<MatrixValues> values;
    std::optional<MatrixValues> blocked;  // -inf where a key may not be seen; not where pooled
    int pooled = 1;
};

HeadPicture make_picture(const Trace& trace, const HeadPlace& place, PatternKind kind,
                         const CancelToken& cancel) {
    HeadPicture picture{place, kind, {}, {}, 1};
    const AttentionSite& site = list_all_heads(trace.graph()).site(trace.graph(), place);
    const std::optional<Tensor> lengths = find_lengths(trace, site, kind, cancel);
    const MatrixExtents extents = matrix_extents(trace.graph().node(*site.pattern).shape);
    const HeadPattern pattern =
        read_head(trace, site, place.head, lengths ? &*lengths : nullptr, 0, extents.rows);
    if (extents.rows <= kMostCells && extents.cols <= kMostCells) {
        picture.values.emplace(pattern.tile(), place.head);
        if (!site.masked) return picture;
        picture.blocked.emplace(trace.wait(*site.masked, pattern.tile().box()), place.head);
        return picture;
    }
    const int rows = std::min(extents.rows, kMostCells);
    const int columns = std::min(extents.cols, kMostCells);
    picture.pooled = (std::max(extents.rows, extents.cols) + kMostCells - 1) / kMostCells;
    const std::shared_ptr<float[]> texels(new float[static_cast<std::size_t>(rows * columns)]);
    pool_pattern(pattern.view(), find_pattern_context(trace, site).is_causal, columns, rows,
                 texels.get(), columns);
    picture.values.emplace(Tile(texels, {0, 1, 0, rows, 0, columns},
                                static_cast<std::ptrdiff_t>(rows) * columns, columns),
                           0);
    return picture;
}

// Null while another head's numbers are there.
std::shared_ptr<const HeadPicture> ask_picture(const HeadsScene& scene, const HeadPlace& place) {
    const auto held = hold_trace(scene.trace, scene.ui);
    const PatternKind kind = scene.state.options.kind;
    const std::uint64_t version =
        hash_key({scene.ui.trace_number, place.layer, place.head},
                 {static_cast<std::uint64_t>(kind), static_cast<std::uint64_t>(place.part)});
    const auto job = scene.ui.jobs.get<HeadPicture>(
        "view/heads/preview", version, [held, place, kind](const CancelToken& cancel) {
            return make_picture(*held, place, kind, cancel);
        });
    return job.is_current && job.value->values ? job.value : nullptr;
}

std::uint64_t picture_version(const HeadsScene& scene, const HeadPlace& place) {
    return hash_key({scene.ui.trace_number, place.layer, place.head},
                    {scene.ui.theme.look(), static_cast<std::uint64_t>(scene.state.options.kind),
                     static_cast<std::uint64_t>(place.part),
                     static_cast<std::uint64_t>(scene.state.options.scale),
                     scene.sheet != nullptr ? scene.sheet->version : 0});
}

// Without labels, into the whole of `rect`.
void draw_plain(const HeadsScene& scene, const HeadPicture& picture, const char* id,
                const Rect& rect) {
    UiContext& ui = scene.ui;
    const MatrixValues& values = *picture.values;
    const int rows = values.row_end();
    const Picture painted =
        ui.pictures.get(id, picture_version(scene, picture.place), values.columns(), rows,
                        [&](std::span<std::uint32_t> texels) {
                            const ColourTable table(ui.theme, heads_scale(scene));
                            std::size_t at = 0;
                            for (int r = 0; r < rows; ++r) {
                                for (int c = 0; c < values.columns(); ++c)
                                    texels[at++] = table.at(values.at(r, c));
                            }
                        });
    draw_picture(ui, rect, painted);
    outline(ui, inset(rect, -ui.hairline()), ui.theme.line, ui.hairline());
}

void draw_labelled(const HeadsScene& scene, const HeadPicture& picture, const Rect& rect,
                   ViewResult& result) {
    UiContext& ui = scene.ui;
    const AttentionSite& site = scene.list.site(scene.trace.graph(), picture.place);
    Selection at = choose_site(scene.trace.graph(), scene.selection,
                               scene.list.words[static_cast<std::size_t>(picture.place.part)]);
    at.layer = picture.place.layer;
    at.head = picture.place.head;
    at = ask_pattern(scene.trace.graph(), std::move(at));
    const MatrixPlace place = place_matrix(scene.trace, at, *site.pattern);
    MatrixFit fit;
    fit.is_square = true;
    fit.least = 0.5F;
    fit.most_label = 72;
    const MatrixLayout layout = layout_matrix(ui, rect, place.rows, place.columns, fit, ".00");
    MatrixPicture shown{"view/heads/preview", place.rows, place.columns, *picture.values};
    shown.scale = heads_scale(scene);
    shown.key = {picture_version(scene, picture.place), 0, 0};
    shown.is_weights = picture.kind == PatternKind::kWeights;
    if (picture.blocked) shown.blocked = &*picture.blocked;
    shown.chosen = {place.row(), place.column()};
    const MatrixHit hit = draw_matrix(ui, layout, shown);
    const NodeId node = *site.pattern;
    if (hit.hovered && picture.kind == PatternKind::kWeights) {
        draw_cell_tip(ui, scene.trace, node, place.cell_at(hit.hovered->row, hit.hovered->column),
                      picture.values->at(hit.hovered->row, hit.hovered->column), hit.hovered_cell);
    }
    if (hit.clicked) {
        result.selection = ask_cell(scene.trace.graph(), at, node,
                                    place.cell_at(hit.clicked->row, hit.clicked->column));
    }
}

void draw_definition(const HeadsScene& scene, HeadMetric metric, const std::optional<double>& value,
                     const Rect& anchor) {
    UiContext& ui = scene.ui;
    if (!tooltip_is_due(ui, "view/heads/metric", static_cast<std::uint64_t>(metric))) return;
    const HeadMetricRow& row = head_metric_row(metric);
    std::vector<TooltipLine> lines{{std::string(row.title), Type::kBodyStrong, ui.theme.ink}};
    const std::string text = value ? std::string(format_number(*value, 6).view()) +
                                         (row.unit.empty() ? "" : " " + std::string(row.unit))
                                   : "not available: nothing in this pattern to measure it on";
    lines.push_back({text, Type::kNumber, ui.theme.ink});
    const std::string told = help_text(scene.state.help, "metrics", row.name);
    for (std::string& line : break_lines(ui, Type::kNote, told, ui.px(360))) {
        lines.push_back({std::move(line), Type::kNote, ui.theme.ink_second});
    }
    lines.push_back({"Press to show it at every head.", Type::kNote, ui.theme.ink_third});
    draw_tooltip(ui, anchor, lines);
}

// A line of the table: name, bar of what can be at most, number.
void draw_metric(const HeadsScene& scene, HeadMetric metric, const std::optional<double>& value,
                 const Rect& line, bool is_shown) {
    UiContext& ui = scene.ui;
    const HeadMetricRow& row = head_metric_row(metric);
    const float name_w = std::min(ui.px(112), line.w * 0.4F);
    const float number_w = ui.px(102);
    draw_text(ui,
              {is_shown ? Type::kNoteStrong : Type::kNote,
               is_shown ? ui.theme.accent : (value ? ui.theme.ink : ui.theme.ink_third)},
              {line.x + ui.px(6), line.y, name_w, line.h}, row.title);
    const Rect track{line.x + name_w + ui.px(10), line.centre().y - ui.px(3),
                     line.w - name_w - number_w - ui.px(24), ui.px(6)};
    if (value && track.w > 0) {
        const double limit = head_metric_limit(metric, scene.data->keys);
        const auto share = static_cast<float>(std::clamp(*value / limit, 0.0, 1.0));
        fill(ui, track, ui.theme.sunk, ui.px(2));
        fill(ui, {track.x, track.y, track.w * share, track.h}, ramp(ui.theme.weights, 0.6F),
             ui.px(2));
    }
    const std::string text = value ? metric_text(metric, value) : "\u2013";
    draw_text(ui, {Type::kNumberSmall, value ? ui.theme.ink : ui.theme.ink_third, Align::kRight},
              {line.right() - number_w - ui.px(6), line.y, number_w, line.h}, text);
}

void draw_metrics(const HeadsScene& scene, int head, const PreviewLayout& layout,
                  ViewResult& result) {
    UiContext& ui = scene.ui;
    if (scene.data == nullptr || head < 0 || layout.rows.is_empty()) return;
    const std::optional<HeadMetric> shown = scene.state.options.shown_metric();
    for (int i = 0; i < kHeadMetricCount; ++i) {
        const auto metric = static_cast<HeadMetric>(i);
        const HeadMetricRow& row = head_metric_row(metric);
        const auto& value = scene.data->metrics[static_cast<std::size_t>(head)][metric];
        const Rect line{layout.rows.x, layout.rows.y + layout.row_h * static_cast<float>(i),
                        layout.rows.w, layout.row_h};
        const std::string id = "view/heads/metric/" + std::string(row.name);
        const Interaction mouse = interact(ui, id, line);
        if (mouse.is_hovered) fill(ui, line, ui.theme.sunk, ui.px(5));
        draw_metric(scene, metric, value, line, shown == metric);
        log_item(ui, id, "number", metric_text(metric, value), value, line);
        if (mouse.is_hovered) draw_definition(scene, metric, value, line);
        if (mouse.was_clicked) {
            const bool is_off = HeadsOptions::metric_of(scene.state.options.colour) == metric;
            result.commands.push_back(
                {"set", {"heads.colour", is_off ? "none" : std::string(row.name)}});
        }
    }
}

// "Layer 3 · head 2", of several parts "Cross, layer 3 · head 2".
std::string head_title(const HeadList& list, const HeadPlace& place) {
    std::string title = list.row_name(place.part, place.layer);
    title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
    return title + " \u00b7 head " + std::to_string(place.head);
}

}  // namespace

PreviewLayout layout_preview(const UiContext& ui, const Rect& rect) {
    PreviewLayout layout;
    Rect rest = rect;
    layout.title = take_top(rest, ui.px(28), ui.px(8));
    layout.row_h = ui.px(rest.h >= ui.px(480) ? 24 : 19);
    const float needed = layout.row_h * kHeadMetricCount;
    if (rest.h - needed >= ui.px(120)) layout.rows = take_bottom(rest, needed, ui.px(14));
    rest.h = std::min(rest.h, rest.w + ui.px(40));
    layout.picture = rest;
    if (!layout.rows.is_empty()) layout.rows.y = rest.bottom() + ui.px(14);
    return layout;
}

void draw_preview(const HeadsScene& scene, const HeadPlace& place, const Rect& rect,
                  ViewResult& result) {
    UiContext& ui = scene.ui;
    const PreviewLayout layout = layout_preview(ui, rect);
    const bool is_chosen = place == scene.list.place_of(scene.selection);
    const auto picture = ask_picture(scene, place);
    std::string note = is_chosen ? "chosen" : "press to choose it";
    if (picture != nullptr && picture->pooled > 1) {
        const std::string side = std::to_string(picture->pooled);
        note = "a dot: the largest of up to " + side + " \u00d7 " + side;
    }
    card_title(ui, "view/heads/preview", layout.title, head_title(scene.list, place), note);
    if (picture == nullptr) {
        fill(ui, layout.picture, ui.theme.sunk, ui.px(4));
    } else if (picture->pooled > 1) {
        const float side = std::min(layout.picture.w, layout.picture.h);
        draw_plain(scene, *picture, "view/heads/preview",
                   {layout.picture.x, layout.picture.y, side, side});
    } else {
        draw_labelled(scene, *picture, layout.picture, result);
    }
    draw_metrics(scene, scene.list.find(place), layout, result);
}

void draw_preview_tip(const HeadsScene& scene, const HeadPlace& place, const Rect& anchor) {
    UiContext& ui = scene.ui;
    const auto picture = ask_picture(scene, place);
    const int head = scene.list.find(place);
    if (head < 0 || scene.data == nullptr) return;
    if (!tooltip_is_due(ui, "view/heads", static_cast<std::uint64_t>(head))) {
        return;
    }
    const float side = ui.px(kTipPicture);
    const float line = ui.px(18);
    const float table_w = ui.px(208);
    const std::vector<HeadLabel> labels = labels_of(scene, place);
    const float labels_h = line * static_cast<float>(labels.size());
    const float height = ui.px(26) + labels_h + std::max(side, line * kHeadMetricCount) + ui.px(20);
    Rect rest = begin_tooltip(ui, anchor, side + ui.px(14) + table_w, height);
    const Rect box = inset(rest, -ui.px(10));
    const std::string title = head_title(scene.list, place);
    draw_text(ui, {Type::kBodyStrong, ui.theme.ink}, take_top(rest, ui.px(20), ui.px(6)), title);
    std::string noted = title;
    for (const HeadLabel& label : labels) {
        const std::string told = label_text(label) + " over many texts; knowing nothing: " +
                                 std::string(format_number(label.baseline, 2).view());
        draw_text(ui, {Type::kNote, ui.theme.accent}, take_top(rest, line), told);
        noted += "\n" + told;
    }
    const NodeId node = *scene.list.site(scene.trace.graph(), place).pattern;
    draw_text(ui, {Type::kNumberSmall, ui.theme.ink_second}, take_bottom(rest, ui.px(16), ui.px(4)),
              scene.trace.graph().node(node).name + "[" + std::to_string(place.head) + "]");
    const Rect left = take_left(rest, side, ui.px(14));
    const Rect square{left.x, left.y, side, side};
    if (picture != nullptr) {
        draw_plain(scene, *picture, "view/heads/tip", square);
    } else {
        fill(ui, square, ui.theme.sunk);
    }
    for (int i = 0; i < kHeadMetricCount; ++i) {
        const auto metric = static_cast<HeadMetric>(i);
        const auto& value = scene.data->metrics[static_cast<std::size_t>(head)][metric];
        const Rect row = take_top(rest, line);
        draw_text(ui, {Type::kNote, value ? ui.theme.ink_second : ui.theme.ink_third}, row,
                  head_metric_row(metric).title);
        draw_text(ui,
                  {Type::kNumberSmall, value ? ui.theme.ink : ui.theme.ink_third, Align::kRight},
                  row, value ? metric_text(metric, value) : "\u2013");
        noted +=
            "\n" + std::string(head_metric_row(metric).title) + " " + metric_text(metric, value);
    }
    log_item(ui, "tooltip", "tooltip", noted, std::nullopt, box);
    end_tooltip();
}

}  // namespace heed::app
