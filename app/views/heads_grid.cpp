// The thumbnails: their pictures, bars, names and groups, and what the mouse and the arrows do.
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/ui/numbers.h"
#include "app/ui/widgets.h"
#include "app/views/heads.h"

namespace heed::app {

namespace {

void draw_thumbnail(const HeadsGrid& g, const HeadPlace& place, const Rect& slot) {
    UiContext& ui = g.scene.ui;
    if (g.picture.texture == nullptr) {
        fill(ui, slot, ui.theme.sunk);
        return;
    }
    const HeadsSheet& sheet = *g.scene.sheet;
    const int row = g.scene.list.row_of(place);
    draw_picture_part(
        ui, slot, g.picture,
        {place.head * sheet.width, row * sheet.height, sheet.widths[static_cast<std::size_t>(row)],
         sheet.heights[static_cast<std::size_t>(row)]});
}

std::optional<double> shown_value(const HeadsScene& scene, int head) {
    const std::optional<HeadMetric> metric = scene.state.options.shown_metric();
    if (!metric || scene.data == nullptr) return std::nullopt;
    return scene.data->metrics[static_cast<std::size_t>(head)][*metric];
}

// "view/heads/head[3,2]", of several parts "view/heads/cross/head[3,2]".
std::string item_of(const HeadList& list, const HeadPlace& place) {
    const std::string part =
        list.words.size() < 2 ? "" : "/" + list.words[static_cast<std::size_t>(place.part)];
    return indexed_id("view/heads" + part + "/head", {place.layer, place.head});
}

// What a head is called by.
void draw_head_label(const HeadsScene& scene, const HeadPlace& place, const Rect& line,
                     bool has_value) {
    const std::vector<HeadLabel> labels = labels_of(scene, place);
    if (labels.empty()) return;
    UiContext& ui = scene.ui;
    const std::string text = has_value ? label_text(labels.front()) : labels.front().text;
    draw_label(ui, item_of(scene.list, place) + "/label",
               {Type::kTiny, ui.theme.ink_second, Align::kCentre}, line, text);
}

// The bar of the shown metric and the texts under a thumbnail.
void draw_measure(const HeadsGrid& g, int head, const Rect& slot, bool is_chosen) {
    UiContext& ui = g.scene.ui;
    const HeadsLayout& layout = g.layout;
    const std::optional<HeadMetric> metric = g.scene.state.options.shown_metric();
    const std::optional<double> value = shown_value(g.scene, head);
    const float gap = std::max(1.0F, (layout.pitch - layout.side) / 2);
    if (layout.bar_h > 0 && metric) {
        const Rect track{slot.x, slot.bottom() + gap, slot.w, std::max(1.0F, layout.bar_h - gap)};
        fill(ui, track, ui.theme.sunk);
        if (value) {
            const double limit = head_metric_limit(*metric, g.scene.data->keys);
            const auto share = static_cast<float>(std::clamp(*value / limit, 0.0, 1.0));
            fill(ui, {track.x, track.y, std::max(1.0F, track.w * share), track.h},
                 ramp(ui.theme.weights, 0.6F));
        }
    }
    if (layout.caption_h <= 0) return;
    const Rect line{slot.x, slot.bottom() + layout.bar_h, slot.w, layout.caption_h};
    const HeadPlace& place = g.scene.list.heads[static_cast<std::size_t>(head)];
    if (layout.has_names) {
        draw_text(ui,
                  {is_chosen ? Type::kTinyStrong : Type::kNumberTiny,
                   is_chosen ? ui.theme.accent : ui.theme.ink_second,
                   layout.has_values ? Align::kLeft : Align::kCentre},
                  line, g.scene.list.head_name(place));
    }
    if (layout.has_labels) draw_head_label(g.scene, place, line, layout.has_label_values);
    if (!layout.has_values || !metric) return;
    const std::string text = value ? std::string(format_number(*value, 2).view()) : "\u2013";
    draw_text(ui,
              {Type::kNumberTiny, value ? ui.theme.ink : ui.theme.ink_third,
               layout.has_names ? Align::kRight : Align::kCentre},
              line, text);
}

void draw_head(const HeadsGrid& g, int i, bool is_hovered) {
    UiContext& ui = g.scene.ui;
    const int head = g.arrangement.order[static_cast<std::size_t>(i)];
    const HeadPlace& place = g.scene.list.heads[static_cast<std::size_t>(head)];
    const Rect& slot = g.layout.slots[static_cast<std::size_t>(g.slot(i))];
    const bool is_chosen = place == g.scene.list.place_of(g.scene.selection);
    draw_thumbnail(g, place, slot);
    const float out = is_chosen ? 2 * ui.hairline() : ui.hairline();
    const Colour edge =
        is_chosen ? ui.theme.accent : (is_hovered ? ui.theme.ink_second : ui.theme.line);
    outline(ui, inset(slot, -out), edge, out, is_chosen ? ui.px(2) : 0);
    draw_measure(g, head, slot, is_chosen);
    if (ui.items.is_recording()) {
        const HeadList& list = g.scene.list;
        log_item(ui, item_of(list, place), is_chosen ? "chosen" : "choice", list.head_name(place),
                 shown_value(g.scene, head), slot);
    }
}

void draw_labels(const HeadsGrid& g) {
    UiContext& ui = g.scene.ui;
    const HeadsLayout& layout = g.layout;
    const Selection& at = g.scene.selection;
    const auto style = [&](bool is_chosen, Align align) {
        return TextStyle{is_chosen ? Type::kTinyStrong : Type::kNumberTiny,
                         is_chosen ? ui.theme.accent : ui.theme.ink_second, align};
    };
    const int step = layout.label_step;
    for (int head = 0; head < g.scene.list.most_heads; ++head) {
        const bool is_chosen = head == at.head;
        if (!is_chosen && (head % step != 0 || std::abs(head - at.head) < step)) continue;
        const Rect& slot = layout.slots[static_cast<std::size_t>(head)];
        const float width = std::max(slot.w, ui.px(24));
        const float left = std::min(slot.centre().x - width / 2,
                                    std::max(layout.grid.right() - width, layout.grid.x));
        draw_text(ui, style(is_chosen, Align::kCentre),
                  {left, layout.column_labels.y, width, layout.column_labels.h},
                  std::to_string(head));
    }
    const int row_step =
        std::max(1, static_cast<int>(std::ceil(ui.px(12) / std::max(1.0F, layout.row_pitch))));
    for (std::size_t i = 0; i < g.scene.list.layers.size(); ++i) {
        const int layer = g.scene.list.layers[i];
        const int chosen = g.scene.list.row_of(g.scene.list.place_of(at));
        const int row = static_cast<int>(i);
        const bool is_chosen = row == chosen;
        if (!is_chosen && (row % row_step != 0 || std::abs(row - chosen) < row_step)) continue;
        const Rect& slot = layout.slots[i * static_cast<std::size_t>(g.scene.list.most_heads)];
        const float height = std::max(slot.h, ui.px(12));
        draw_text(ui, style(is_chosen, Align::kRight),
                  {layout.row_labels.x, slot.centre().y - height / 2, layout.row_labels.w, height},
                  std::to_string(layer));
    }
}

void draw_bands(const HeadsGrid& g) {
    UiContext& ui = g.scene.ui;
    for (std::size_t i = 0; i < g.layout.bands.size(); ++i) {
        const Rect& band = g.layout.bands[i];
        const std::string& caption = g.arrangement.groups[i].caption;
        const std::string id = indexed_id("view/heads/group", {static_cast<int>(i)});
        if (g.layout.has_narrow_bands) {
            draw_text(ui, {Type::kTinyStrong, ui.theme.ink_second, Align::kRight}, band,
                      g.layout.has_side_captions ? caption : std::to_string(i + 1));
            log_item(ui, id, "text", caption, std::nullopt, band);
        } else {
            draw_label(ui, id, {Type::kNoteStrong, ui.theme.ink_second}, band, caption);
        }
    }
}

// The place in the order that is under the mouse; -1: none.
int find_hovered(const HeadsGrid& g, const Interaction& mouse) {
    if (!mouse.is_hovered) return -1;
    for (int i = 0; i < static_cast<int>(g.arrangement.order.size()); ++i) {
        if (g.layout.reach(g.slot(i)).contains(mouse.mouse)) return i;
    }
    return -1;
}

Selection choose_head(const HeadsScene& scene, const HeadPlace& place) {
    Selection wanted = scene.selection;
    const Graph& graph = scene.trace.graph();
    wanted = choose_site(graph, std::move(wanted),
                         scene.list.words[static_cast<std::size_t>(place.part)]);
    wanted.layer = place.layer;
    wanted.head = place.head;
    return ask_pattern(graph, clamp_selection(graph, std::move(wanted)));
}

std::uint64_t sheet_version(const HeadsScene& scene, const HeadsSheet& sheet) {
    return hash_key({sheet.version, 0, 0},
                    {scene.ui.theme.look(), static_cast<std::uint64_t>(scene.state.options.scale)});
}

// Whether the rule of the mask keeps later keys from a query.
bool is_causal(const Graph& graph, const AttentionSite& site, const MatrixExtents& extents) {
    if (!site.masked || site.query_sequence != site.key_sequence || extents.rows != extents.cols) {
        return false;
    }
    const Node& masked = graph.node(*site.masked);
    return masked.op == Op::kMask && masked.attributes.mask == MaskRule::kCausal &&
           masked.attributes.mask_offset == 0;
}

// All heads of each row of the sheet.
std::vector<DevicePart> list_device_parts(const Graph& graph, const HeadsSheet& sheet) {
    std::vector<DevicePart> parts;
    for (std::size_t row = 0; row < sheet.list.sites.size(); ++row) {
        const AttentionSite& site =
            graph.attentions()[static_cast<std::size_t>(sheet.list.sites[row])];
        const MatrixExtents extents = matrix_extents(graph.node(*site.pattern).shape);
        DevicePart part;
        part.node = *site.pattern;
        part.outers = site.heads;
        part.row_end = extents.rows;
        part.col_end = extents.cols;
        part.is_causal = is_causal(graph, site, extents);
        part.y = static_cast<int>(row) * sheet.height;
        part.step = sheet.width;
        part.width = sheet.widths[row];
        part.height = sheet.heights[row];
        parts.push_back(part);
    }
    return parts;
}

}  // namespace

std::optional<Picture> paint_sheet_on_device(const HeadsScene& scene, const HeadsSheet& sheet) {
    const HeadsOptions& options = scene.state.options;
    if (options.kind != PatternKind::kWeights || options.scale == ValueScale::kQuantile) {
        return std::nullopt;
    }
    if (sheet.columns() < 1 || sheet.rows() < 1) return std::nullopt;
    return scene.ui.pictures.get_device(
        "view/heads", sheet_version(scene, sheet), sheet.columns(), sheet.rows(), scene.trace, [&] {
            const ColourScale scale{ColourScale::Kind::kWeights, options.scale, 1};
            DevicePaint paint;
            paint.parts = list_device_parts(scene.trace.graph(), sheet);
            paint.colours = ColourTable(scene.ui.theme, scale).steps();
            paint.least = scale.high;
            paint.otherwise = scale.high;
            return paint;
        });
}

Picture paint_heads_sheet(const HeadsScene& scene) {
    if (scene.painted) return *scene.painted;
    if (scene.sheet == nullptr || scene.sheet->columns() < 1 || scene.sheet->rows() < 1) return {};
    const HeadsSheet& sheet = *scene.sheet;
    return scene.ui.pictures.get("view/heads", sheet_version(scene, sheet), sheet.columns(),
                                 sheet.rows(), [&](std::span<std::uint32_t> texels) {
                                     const ColourTable table(scene.ui.theme, heads_scale(scene));
                                     for (std::size_t i = 0; i < texels.size(); ++i) {
                                         texels[i] = table.at(sheet.texels[i]);
                                     }
                                 });
}

int draw_heads_grid(const HeadsGrid& g, ViewResult& result) {
    UiContext& ui = g.scene.ui;
    const Interaction mouse = interact(ui, "view/heads/grid", g.layout.grid, FocusKind::kValue);
    const int hovered = find_hovered(g, mouse);
    for (int i = 0; i < static_cast<int>(g.arrangement.order.size()); ++i) {
        draw_head(g, i, i == hovered);
    }
    draw_bands(g);
    if (g.arrangement.is_grid) draw_labels(g);
    if (mouse.right != 0 || mouse.down != 0) {
        const int from = g.scene.list.find(g.scene.list.place_of(g.scene.selection));
        const int to =
            step_in_order(g.arrangement, g.layout.columns, from, mouse.right, mouse.down);
        if (to >= 0 && to != from) {
            result.selection =
                choose_head(g.scene, g.scene.list.heads[static_cast<std::size_t>(to)]);
        }
    }
    if (hovered < 0) return hovered;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (mouse.was_clicked) {
        const int head = g.arrangement.order[static_cast<std::size_t>(hovered)];
        result.selection = choose_head(g.scene, g.scene.list.heads[static_cast<std::size_t>(head)]);
    }
    return hovered;
}

}  // namespace heed::app
