#include "app/views/heads.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "app/ui/numbers.h"
#include "app/ui/widgets.h"
#include "app/views/thumbnail.h"

namespace heed::app {

namespace {

constexpr float kMostSide = 132;  // of a thumbnail, design pixels
constexpr std::size_t kFactsKept = 64;

int cells_of(const Node& pattern) {
    const MatrixExtents extents = matrix_extents(pattern.shape);
    return std::max(extents.rows, extents.cols);
}

// Thumbnails of all heads side by side in one texture, `side` texels each, without gaps.
struct Sheet {
    Picture picture;
    int width = 0;  // of one thumbnail, texels
    int height = 0;
};

void paint_sheet(const Trace& trace, UiContext& ui, const std::vector<int>& layers, int heads,
                 const Sheet& sheet, std::span<std::uint32_t> texels) {
    const ColourScale scale{ColourScale::Kind::kWeights, ValueScale::kSquareRoot, 1};
    const ColourTable table(ui.theme, scale);
    std::fill(texels.begin(), texels.end(), pack_rgba(ui.theme.surface));
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const AttentionSite* site = find_site(trace.graph(), layers[i]);
        const Box box = whole_box(trace.graph().node(*site->pattern).shape);
        for (int head = 0; head < site->heads; ++head) {
            const std::optional<Tile> tile =
                trace.read(*site->pattern, {head, head + 1, 0, box.row_end, 0, box.col_end});
            if (!tile) continue;
            paint_thumbnail(*tile, head, table,
                            {texels, sheet.width * heads, sheet.width * head,
                             sheet.height * static_cast<int>(i), std::min(sheet.width, box.col_end),
                             std::min(sheet.height, box.row_end)});
        }
    }
}

Sheet make_sheet(const Trace& trace, UiContext& ui, const std::vector<int>& layers,
                 const HeadsLayout& layout) {
    Sheet sheet;
    for (const int layer : layers) {
        const Node& node = trace.graph().node(*find_site(trace.graph(), layer)->pattern);
        sheet.width = std::max(sheet.width, matrix_extents(node.shape).cols);
        sheet.height = std::max(sheet.height, matrix_extents(node.shape).rows);
    }
    // No more texels than pixels, so that nothing is left to the texture filter.
    const int most = std::min({std::max(4, static_cast<int>(layout.side)),
                               ui.pictures.max_side() / std::max(1, layout.heads),
                               ui.pictures.max_side() / std::max(1, layout.layers)});
    sheet.width = std::clamp(sheet.width, 1, std::max(1, most));
    sheet.height = std::clamp(sheet.height, 1, std::max(1, most));
    const std::uint64_t version =
        hash_key({ui.trace_number, 0, 0}, {static_cast<std::uint64_t>(ui.theme.kind)});
    sheet.picture =
        ui.pictures.get("view/heads", version, sheet.width * layout.heads,
                        sheet.height * layout.layers, [&](std::span<std::uint32_t> texels) {
                            paint_sheet(trace, ui, layers, layout.heads, sheet, texels);
                        });
    return sheet;
}

void draw_thumbnail(UiContext& ui, const Rect& place, const Sheet& sheet, int row, int head) {
    draw_picture_part(ui, place, sheet.picture,
                      {head * sheet.width, row * sheet.height, sheet.width, sheet.height});
}

const HeadFacts& find_facts(const Trace& trace, const UiContext& ui, NodeId pattern, int head,
                            HeadsViewState& state) {
    const MatrixKey key{ui.trace_number, pattern, head};
    for (const auto& [known, facts] : state.facts) {
        if (known == key) return facts;
    }
    if (state.facts.size() >= kFactsKept) state.facts.clear();
    state.facts.emplace_back(key, compute_head_facts(trace, pattern, head));
    return state.facts.back().second;
}

std::string two_decimals(double value) {
    return std::string(format_number(value, 2).view());
}

std::string head_name(int layer, int head) {
    return std::to_string(layer) + "." + std::to_string(head);
}

// As many facts, whole, as `width` holds.
std::string facts_text(const UiContext& ui, const std::string& name, const HeadFacts& facts,
                       float width) {
    const std::array parts{"entropy " + two_decimals(facts.entropy_bits) + " bits",
                           "previous " + two_decimals(facts.previous),
                           "first " + two_decimals(facts.first),
                           "itself " + two_decimals(facts.itself)};
    std::string text = name;
    for (const std::string& part : parts) {
        const std::string longer = text + (text == name ? "   " : " \u00b7 ") + part;
        if (measure_text(ui, Type::kNote, longer) > width) break;
        text = longer;
    }
    return text;
}

void draw_head_tip(const Trace& trace, int layer, int head, const Rect& anchor,
                   HeadsViewState& state, UiContext& ui) {
    if (!tooltip_is_due(ui, "view/heads", static_cast<std::uint64_t>(layer * 4096 + head))) return;
    const NodeId pattern = *find_site(trace.graph(), layer)->pattern;
    const HeadFacts& facts = find_facts(trace, ui, pattern, head, state);
    const Colour quiet = ui.theme.ink_second;
    const auto line = [&](const char* name, double value, const char* unit) {
        return TooltipLine{two_decimals(value) + unit + "  " + name, Type::kNumberSmall, quiet};
    };
    const std::array lines{
        TooltipLine{"Layer " + std::to_string(layer) + " \u00b7 head " + std::to_string(head),
                    Type::kBodyStrong, ui.theme.ink},
        line("entropy, mean over the words that look", facts.entropy_bits, " bits"),
        line("weight on the token before, mean", facts.previous, ""),
        line("weight on the first token, mean", facts.first, ""),
        line("weight on the token itself, mean", facts.itself, ""),
        TooltipLine{trace.graph().node(pattern).name + "[" + std::to_string(head) + "]",
                    Type::kNumberSmall, quiet},
    };
    draw_tooltip(ui, anchor, lines);
}

void draw_labels(UiContext& ui, const HeadsLayout& layout, const std::vector<int>& layers,
                 const Selection& selection) {
    const auto style = [&](bool is_chosen, Align align) {
        return TextStyle{is_chosen ? Type::kTinyStrong : Type::kNumberTiny,
                         is_chosen ? ui.theme.accent : ui.theme.ink_second, align};
    };
    const int step = layout.label_step;
    for (int head = 0; head < layout.heads; ++head) {
        const bool is_chosen = head == selection.head;
        if (!is_chosen && (head % step != 0 || std::abs(head - selection.head) < step)) continue;
        const Rect at = layout.thumbnail(0, head);
        const float width = std::max(at.w, ui.px(24));
        draw_text(
            ui, style(is_chosen, Align::kCentre),
            {at.centre().x - width / 2, layout.column_labels.y, width, layout.column_labels.h},
            std::to_string(head));
    }
    const int row_step = layout.pitch >= ui.px(12) ? 1 : layout.label_step;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const bool is_chosen = layers[i] == selection.layer;
        if (!is_chosen && static_cast<int>(i) % row_step != 0) continue;
        const Rect at = layout.thumbnail(static_cast<int>(i), 0);
        draw_text(ui, style(is_chosen, Align::kRight),
                  {layout.row_labels.x, at.y, layout.row_labels.w, at.h},
                  std::to_string(layers[i]));
    }
}

// The head under the mouse.
struct GridHit {
    int row = 0;
    int head = 0;
    bool was_clicked = false;
};

std::optional<GridHit> draw_grid(const Trace& trace, const Selection& selection,
                                 const HeadsLayout& layout, const std::vector<int>& layers,
                                 UiContext& ui) {
    const Sheet sheet = make_sheet(trace, ui, layers, layout);
    const Interaction state = interact(ui, "view/heads/grid", layout.grid);
    std::optional<GridHit> hovered;
    for (int row = 0; row < layout.layers; ++row) {
        const int layer = layers[static_cast<std::size_t>(row)];
        const int heads = find_site(trace.graph(), layer)->heads;
        for (int head = 0; head < heads; ++head) {
            const Rect place = layout.thumbnail(row, head);
            draw_thumbnail(ui, place, sheet, row, head);
            const bool is_chosen = layer == selection.layer && head == selection.head;
            // The gap beside a thumbnail belongs to it: there is no place between two heads.
            const Rect reach{place.x, place.y, layout.pitch, layout.pitch};
            const bool is_hovered = state.is_hovered && reach.contains(state.mouse);
            if (is_hovered) hovered = GridHit{row, head, state.was_clicked};
            const float out = is_chosen ? 2 * ui.hairline() : ui.hairline();
            const Rect frame{place.x - out, place.y - out, place.w + 2 * out, place.h + 2 * out};
            outline(
                ui, frame,
                is_chosen ? ui.theme.accent : (is_hovered ? ui.theme.ink_second : ui.theme.line),
                out, is_chosen ? ui.px(2) : 0);
            if (ui.items.is_recording()) {
                log_item(ui, indexed_id("view/heads/head", {layer, head}),
                         is_chosen ? "chosen" : "choice", head_name(layer, head), std::nullopt,
                         place);
            }
        }
    }
    return hovered;
}

}  // namespace

Rect HeadsLayout::thumbnail(int layer, int head) const {
    return {grid.x + pitch * static_cast<float>(head), grid.y + pitch * static_cast<float>(layer),
            side, side};
}

HeadsLayout layout_heads(const UiContext& ui, const Rect& inside, int layers, int heads) {
    HeadsLayout layout;
    layout.layers = layers;
    layout.heads = heads;
    Rect rest = inside;
    layout.title = take_top(rest, ui.px(20), ui.px(8));
    const bool has_facts = inside.h >= ui.px(140);
    if (has_facts) layout.facts = take_bottom(rest, ui.px(18), ui.px(10));
    const float labels_w =
        std::ceil(measure_text(ui, Type::kNumberTiny, std::to_string(std::max(0, layers - 1)))) +
        ui.px(8);
    Rect labels_h = take_top(rest, ui.px(18));
    const float room_w = std::max(1.0F, rest.w - labels_w - ui.px(2));
    const float room_h = std::max(1.0F, rest.h - ui.px(2));
    const float pitch =
        std::min({room_w / static_cast<float>(std::max(1, heads)),
                  room_h / static_cast<float>(std::max(1, layers)), ui.px(kMostSide)});
    layout.pitch = std::max(2.0F, pitch >= 8 ? std::floor(pitch) : pitch);
    const float gap = layout.pitch >= ui.px(16) ? ui.px(4) : std::ceil(layout.pitch * 0.15F);
    layout.side = std::max(1.0F, layout.pitch - gap);
    layout.label_step = std::max(1, static_cast<int>(std::ceil(ui.px(16) / layout.pitch)));
    layout.grid = {rest.x + labels_w + ui.px(2), rest.y, layout.pitch * static_cast<float>(heads),
                   layout.pitch * static_cast<float>(layers)};
    if (has_facts) {
        layout.facts.y = layout.grid.bottom() + ui.px(10);  // right under the grid
    }
    layout.column_labels = {layout.grid.x, labels_h.y, layout.grid.w, labels_h.h};
    layout.row_labels = {rest.x, rest.y, labels_w - ui.px(6), layout.grid.h};
    return layout;
}

HeadFacts compute_head_facts(const Trace& trace, NodeId pattern, int head) {
    HeadFacts facts;
    const MatrixExtents extents = matrix_extents(trace.graph().node(pattern).shape);
    const std::optional<Tile> tile =
        trace.read(pattern, {head, head + 1, 0, extents.rows, 0, extents.cols});
    if (!tile || extents.rows == 0 || extents.cols == 0) return facts;
    for (int q = 0; q < extents.rows; ++q) {
        const float* row = tile->row(head, q);
        for (int k = 0; k < extents.cols; ++k) {
            const auto weight = static_cast<double>(row[k]);
            if (weight > 0) facts.entropy_bits -= weight * std::log2(weight);
        }
        facts.first += static_cast<double>(row[0]);
        if (q < extents.cols) facts.itself += static_cast<double>(row[q]);
        if (q > 0 && q <= extents.cols) facts.previous += static_cast<double>(row[q - 1]);
    }
    const auto rows = static_cast<double>(extents.rows);
    facts.entropy_bits /= rows;
    facts.first /= rows;
    facts.itself /= rows;
    if (extents.rows > 1) facts.previous /= rows - 1;
    return facts;
}

ViewResult draw_heads_view(const Trace& trace, const Selection& selection, const Rect& rect,
                           HeadsViewState& state, UiContext& ui) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    const std::vector<int> layers = list_attention_layers(trace.graph());
    int heads = 0;
    for (const int layer : layers) heads = std::max(heads, find_site(trace.graph(), layer)->heads);
    const HeadsLayout layout = layout_heads(ui, inside, static_cast<int>(layers.size()), heads);
    card_title(ui, "view/heads", layout.title, "All heads",
               layers.empty() ? "" : "rows: layers \u00b7 columns: heads");
    if (layers.empty() ||
        cells_of(trace.graph().node(*find_site(trace.graph(), layers[0])->pattern)) == 0) {
        empty_state(ui, "view/heads/empty", inside, "No heads", "There is no pattern to show.");
        return result;
    }
    const auto hovered = draw_grid(trace, selection, layout, layers, ui);
    draw_labels(ui, layout, layers, selection);
    int layer = selection.layer;
    int head = selection.head;
    if (hovered) {
        layer = layers[static_cast<std::size_t>(hovered->row)];
        head = hovered->head;
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        draw_head_tip(trace, layer, head, layout.thumbnail(hovered->row, head), state, ui);
        if (hovered->was_clicked) {
            Selection wanted = selection;
            wanted.layer = layer;
            wanted.head = head;
            result.selection = ask_pattern(trace.graph(), std::move(wanted));
        }
    }
    if (layout.facts.is_empty()) return result;
    const AttentionSite* site = find_site(trace.graph(), layer);
    if (site == nullptr) return result;
    const HeadFacts& facts = find_facts(trace, ui, *site->pattern, head, state);
    draw_label(ui, "view/heads/facts", {Type::kNote, ui.theme.ink_second}, layout.facts,
               facts_text(ui, head_name(layer, head), facts, layout.facts.w));
    return result;
}

}  // namespace heed::app
