#include "app/views/heads.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/ui/choices.h"
#include "app/ui/numbers.h"
#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr const char* kId = "view/heads";

// A drop-down of the header: an option and what its words are called.
struct Control {
    const char* option;
    const char* title;
    std::vector<std::string> labels;
    std::vector<std::string> words;
    int chosen = 0;
    const char* tooltip;
};

template <class Words>
std::vector<std::string> to_strings(const Words& words) {
    return {words.begin(), words.end()};
}

std::vector<std::string> metric_labels(const char* first) {
    std::vector<std::string> labels{first};
    for (int i = 0; i < kHeadMetricCount; ++i) {
        labels.emplace_back(head_metric_row(static_cast<HeadMetric>(i)).title);
    }
    return labels;
}

// The most important first.
std::vector<Control> list_controls(const HeadsOptions& options) {
    std::vector<std::string> groups{"none"};
    std::vector<std::string> numbers{"0"};
    for (int i = 1; i <= HeadsOptions::kMostGroups; ++i) {
        groups.push_back(std::to_string(i));
        numbers.push_back(std::to_string(i));
    }
    return {{"sort", "sort", metric_labels("layer"), to_strings(HeadsOptions::kSorts), options.sort,
             "the largest first"},
            {"groups", "groups", groups, numbers, options.groups,
             "heads whose patterns are alike stand together"},
            {"colour", "show", metric_labels("nothing"), to_strings(HeadsOptions::kColours),
             options.colour, "a measure at every head"},
            {"kind",
             "",
             {"weights", "weight \u00d7 value length"},
             to_strings(HeadsOptions::kKinds),
             options.kind == PatternKind::kNormWeighted ? 1 : 0,
             "what the pictures show"},
            {"scale",
             "scale",
             {"linear", "square root", "logarithm", "rank"},
             to_strings(HeadsOptions::kScales),
             static_cast<int>(options.scale),
             "how values become colours"}};
}

void draw_controls(UiContext& ui, const HeadsLayout& layout, const std::vector<Control>& controls,
                   ViewResult& result) {
    for (std::size_t i = 0; i < layout.controls.size(); ++i) {
        const Control& control = controls[i];
        DropDownOptions look;
        look.title = control.title;
        look.tooltip = control.tooltip;
        const std::optional<int> picked =
            drop_down(ui, std::string(kId) + "/" + control.option, layout.controls[i],
                      control.labels, control.chosen, look);
        if (!picked) continue;
        result.commands.push_back({"set",
                                   {std::string("heads.") + control.option,
                                    control.words[static_cast<std::size_t>(*picked)]}});
    }
}

// As many facts, whole, as the line holds.
void draw_facts(const HeadsScene& scene, const HeadPlace& place, const Rect& line) {
    UiContext& ui = scene.ui;
    const int head = scene.list.find(place);
    if (line.is_empty() || head < 0) return;
    std::string text = scene.list.head_name(place);
    bool is_first = true;
    for (const HeadLabel& label : labels_of(scene, place)) {
        const std::string longer = text + (is_first ? "   " : " \u00b7 ") + label_text(label);
        if (measure_text(ui, Type::kNote, longer) > line.w) break;
        text = longer;
        is_first = false;
    }
    for (int i = 0; i < kHeadMetricCount && scene.data != nullptr; ++i) {
        const auto metric = static_cast<HeadMetric>(i);
        const auto& value = scene.data->metrics[static_cast<std::size_t>(head)][metric];
        if (!value) continue;
        const std::string longer = text + (is_first ? "   " : " \u00b7 ") +
                                   std::string(head_metric_row(metric).title) + " " +
                                   metric_text(metric, value);
        if (measure_text(ui, Type::kNote, longer) > line.w) break;
        text = longer;
        is_first = false;
    }
    draw_label(ui, "view/heads/facts", {Type::kNote, ui.theme.ink_second}, line, text);
}

void draw_legend(const HeadsScene& scene, const HeadsLayout& layout) {
    UiContext& ui = scene.ui;
    if (layout.legend.is_empty() || scene.sheet == nullptr) return;
    const HeadsOptions& options = scene.state.options;
    std::string caption =
        options.kind == PatternKind::kNormWeighted ? "weight \u00d7 value length, " : "weight, ";
    caption += scale_name(options.scale);
    legend_bar(ui, "view/heads/legend", layout.legend, heads_scale(scene), caption);
    const float bar = std::min(ui.px(300), layout.legend.w * 0.5F) + ui.px(20);
    std::string more;
    if (const std::optional<HeadMetric> metric = options.shown_metric();
        metric && scene.data != nullptr) {
        const double limit = head_metric_limit(*metric, scene.data->keys);
        more = "bar: " + std::string(head_metric_row(*metric).title) + ", 0 to " +
               metric_text(*metric, limit);
    }
    if (more.empty()) return;
    draw_label(
        ui, "view/heads/legend-note", {Type::kNote, ui.theme.ink_second},
        {layout.legend.x + bar, layout.legend.y + ui.px(15), layout.legend.w - bar, ui.px(18)},
        more);
}

// What rows and columns are, and what a dot stands for; as much as has room beside the title.
std::string note_text(const HeadsScene& scene, const HeadsLayout& layout,
                      const HeadsArrangement& arrangement) {
    const UiContext& ui = scene.ui;
    const float room = layout.title.w - measure_text(ui, Type::kLabel, "All heads") - ui.px(24);
    std::vector<std::string> parts;
    if (scene.sheet != nullptr && scene.sheet->pooled > 1) {
        const std::string side = std::to_string(scene.sheet->pooled);
        parts.push_back("a dot: the largest of up to " + side + " \u00d7 " + side);
    }
    if (arrangement.is_grid) parts.emplace_back("rows: layers \u00b7 columns: heads");
    std::string text;
    for (const std::string& part : parts) {
        const std::string longer = text.empty() ? part : text + " \u00b7 " + part;
        if (measure_text(ui, Type::kNote, longer) <= room) text = longer;
    }
    return text;
}

// Rows are layers, columns heads; NaN where a head or its number is not there.
NumberTable table_of(const HeadList& list, const HeadsData& data, HeadMetric metric) {
    NumberTable table;
    table.node = std::string(head_metric_row(metric).name) + " of *.attn.pattern";
    for (std::size_t i = 0; i < list.layers.size(); ++i) {
        table.row_labels.push_back(list.row_name(list.parts[i], list.layers[i]));
    }
    for (int h = 0; h < list.most_heads; ++h) {
        table.column_labels.push_back("head " + std::to_string(h));
    }
    for (std::size_t i = 0; i < list.layers.size(); ++i) {
        for (int h = 0; h < list.most_heads; ++h) {
            const int head = list.find({list.layers[i], h, list.parts[i]});
            const std::optional<double> value =
                head < 0 ? std::nullopt : data.metrics[static_cast<std::size_t>(head)][metric];
            table.values.push_back(value ? static_cast<float>(*value)
                                         : std::numeric_limits<float>::quiet_NaN());
        }
    }
    return table;
}

void mark_grid(const HeadsScene& scene, const Rect& inside, const HeadsLayout& layout) {
    Rect area{inside.x,
              std::min(layout.column_labels.is_empty() ? layout.grid.y : layout.column_labels.y,
                       layout.grid.y),
              layout.preview.is_empty() ? inside.w : layout.preview.x - inside.x, 0};
    if (!layout.bands.empty()) area.y = std::min(area.y, layout.bands.front().y);
    const float bottom = std::max({layout.grid.bottom(), layout.legend.bottom(),
                                   layout.facts.is_empty() ? 0 : layout.facts.bottom()});
    area.h = bottom - area.y;
    std::function<NumberTable()> numbers;
    if (scene.data != nullptr) {
        const HeadMetric metric = scene.state.options.shown_metric().value_or(HeadMetric::kEntropy);
        numbers = [list = scene.list, data = scene.data, metric] {
            return table_of(list, *data, metric);
        };
    }
    mark_figure(scene.ui, "view/heads/grid", "All heads", area, std::move(numbers));
}

// Room for the names that the heads of the atlas are called by.
void measure_labels(const UiContext& ui, HeadsRequest& request) {
    if (ui.atlas == nullptr) return;
    for (const AtlasHead& head : ui.atlas->heads) {
        const std::vector<HeadLabel> labels = list_head_labels(*ui.atlas, head);
        if (labels.empty()) continue;
        const HeadLabel& label = labels.front();
        request.widest_label =
            std::max(request.widest_label, measure_text(ui, Type::kTiny, label.text) + 1);
        request.widest_told =
            std::max(request.widest_told, measure_text(ui, Type::kTiny, label_text(label)) + 1);
    }
}

HeadsRequest make_request(UiContext& ui, const Rect& inside, const HeadList& list,
                          const HeadsOptions& options, const HeadsArrangement& arrangement,
                          const std::vector<Control>& controls) {
    HeadsRequest request;
    request.inside = inside;
    request.layers = static_cast<int>(list.layers.size());
    request.columns = list.most_heads;
    request.count = static_cast<int>(list.heads.size());
    request.is_grid = arrangement.is_grid;
    request.has_metric = options.shown_metric().has_value();
    measure_labels(ui, request);
    for (const HeadsGroup& group : arrangement.groups) {
        const int rows = group.rows * list.most_heads;
        request.groups.push_back(arrangement.is_grid ? rows : group.end - group.begin);
        if (!arrangement.is_grid) continue;
        request.widest_group =
            std::max(request.widest_group, measure_text(ui, Type::kTinyStrong, group.caption) + 1);
    }
    for (std::size_t i = 0; i < list.layers.size(); ++i) {
        const std::string name =
            list.head_name({list.layers[i], list.most_heads - 1, list.parts[i]});
        request.widest_name =
            std::max({request.widest_name, measure_text(ui, Type::kTinyStrong, name) + 1,
                      measure_text(ui, Type::kNumberTiny, name) + 1});
    }
    request.last_layer = *std::max_element(list.layers.begin(), list.layers.end());
    for (const Control& control : controls) {
        request.controls.push_back(measure_drop_down(ui, control.labels, control.title));
    }
    return request;
}

// Asks for what is shown; what is not made yet, or belongs to another model, stays null.
template <class T>
std::shared_ptr<const T> take(const Job<T>& job, const HeadList& list, std::string& problem) {
    if (!job.problem.empty()) problem = job.problem;
    if (job.value == nullptr || !(job.value->list == list) || !job.problem.empty()) return nullptr;
    return job.value;
}

bool has_patterns(const Graph& graph, const HeadList& list) {
    if (list.heads.empty()) return false;
    return std::all_of(list.sites.begin(), list.sites.end(), [&](int number) {
        const AttentionSite& site = graph.attentions()[static_cast<std::size_t>(number)];
        return graph.node(*site.pattern).shape.count() > 0;
    });
}

std::uint64_t version_of(const HeadsScene& scene) {
    return hash_key({scene.ui.trace_number, 0, 0},
                    {static_cast<std::uint64_t>(scene.state.options.kind)});
}

// Metrics, where the chosen word looks, and groups where they are wanted.
void ask_for_heads(HeadsScene& scene, std::string& problem) {
    const auto held = hold_trace(scene.trace, scene.ui);
    const PatternKind kind = scene.state.options.kind;
    const std::uint64_t version = version_of(scene);
    scene.data =
        take(scene.ui.jobs.get<HeadsData>("view/heads/data", version,
                                          [held, kind](const CancelToken& cancel) {
                                              return compute_heads_data(*held, kind, cancel);
                                          }),
             scene.list, problem);
    if (!problem.empty()) return;
    const int query = scene.selection.query;
    const AttentionSite* chosen = find_site(scene.trace.graph(), scene.selection);
    const int sequence = chosen == nullptr ? 0 : chosen->query_sequence;
    scene.strongest =
        take(scene.ui.jobs.get<StrongestHeads>(
                 "view/heads/strongest",
                 hash_key({version, sequence, 0}, {static_cast<std::uint64_t>(query)}),
                 [held, kind, sequence, query](const CancelToken& cancel) {
                     return compute_strongest_heads(*held, kind, sequence, query, cancel);
                 }),
             scene.list, problem);
    if (scene.state.options.groups == 0 || !problem.empty()) return;
    scene.clusters = take(scene.ui.jobs.get<HeadsClusters>("view/heads/clusters", version,
                                                           [held, kind](const CancelToken& cancel) {
                                                               return compute_heads_clusters(
                                                                   *held, kind, cancel);
                                                           }),
                          scene.list, problem);
}

// Thumbnails of no more texels than pixels, so that nothing is left to the texture filter.
void ask_for_sheet(HeadsScene& scene, float side, std::string& problem) {
    const auto held = hold_trace(scene.trace, scene.ui);
    const PatternKind kind = scene.state.options.kind;
    const int rows = static_cast<int>(scene.list.layers.size());
    const int most =
        std::min(std::max(4, static_cast<int>(side)),
                 scene.ui.pictures.max_side() / std::max({1, scene.list.most_heads, rows}));
    const std::uint64_t version =
        hash_key({version_of(scene), 0, 0}, {static_cast<std::uint64_t>(most)});
    auto laid_out = std::make_shared<HeadsSheet>(lay_out_heads_sheet(scene.trace.graph(), most));
    laid_out->version = version;
    scene.painted = paint_sheet_on_device(scene, *laid_out);
    if (scene.painted) {
        scene.sheet = std::move(laid_out);
        return;
    }
    scene.sheet =
        take(scene.ui.jobs.get<HeadsSheet>("view/heads/sheet", version,
                                           [held, kind, most, version](const CancelToken& cancel) {
                                               HeadsSheet sheet =
                                                   make_heads_sheet(*held, kind, most, cancel);
                                               sheet.version = version;
                                               return sheet;
                                           }),
             scene.list, problem);
}

}  // namespace

std::vector<HeadLabel> labels_of(const HeadsScene& scene, const HeadPlace& place) {
    const Atlas* atlas = scene.ui.atlas.get();
    if (atlas == nullptr) return {};
    const std::string& site = scene.list.site(scene.trace.graph(), place).name;
    for (const AtlasHead& head : atlas->heads) {
        if (head.site == site && head.head == place.head) return list_head_labels(*atlas, head);
    }
    return {};
}

std::string label_text(const HeadLabel& label) {
    return label.text + " " + std::string(format_number(label.value, 2).view());
}

std::shared_ptr<const Trace> hold_trace(const Trace& trace, const UiContext& ui) {
    if (ui.trace.get() == &trace) return ui.trace;
    return {std::shared_ptr<const Trace>(), &trace};
}

ColourScale heads_scale(const HeadsScene& scene) {
    const HeadsOptions& options = scene.state.options;
    ColourScale scale{ColourScale::Kind::kWeights, options.scale, 1};
    if (scene.sheet == nullptr) return scale;
    if (options.kind == PatternKind::kNormWeighted || scene.sheet->high > 1) {
        scale.high = scene.sheet->high > 0 ? scene.sheet->high : 1.0F;
    }
    if (options.scale == ValueScale::kQuantile) {
        std::vector<float> magnitudes;
        for (const float texel : scene.sheet->texels) {
            if (std::isfinite(texel)) magnitudes.push_back(std::max(0.0F, texel));
        }
        scale.quantiles = std::make_shared<const Quantiles>(std::move(magnitudes));
    }
    return scale;
}

ViewResult draw_heads_view(const Trace& trace, const Selection& selection, const Rect& rect,
                           HeadsViewState& state, UiContext& ui) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    const HeadList list = list_all_heads(trace.graph());
    if (!has_patterns(trace.graph(), list)) {
        empty_state(ui, "view/heads/empty", inside, "No heads", "There is no pattern to show.");
        return result;
    }
    HeadsScene scene{trace, selection, list, {}, {}, {}, {}, state, ui};
    std::string problem;
    ask_for_heads(scene, problem);
    const HeadsArrangement arrangement =
        arrange_heads(list, state.options, scene.data.get(), scene.clusters.get());
    const std::vector<Control> controls = list_controls(state.options);
    const HeadsLayout layout =
        layout_heads(ui, make_request(ui, inside, list, state.options, arrangement, controls));
    if (problem.empty()) ask_for_sheet(scene, layout.side, problem);
    card_title(ui, "view/heads", layout.title, "All heads", note_text(scene, layout, arrangement));
    draw_controls(ui, layout, controls, result);
    if (!problem.empty()) {
        empty_state(ui, "view/heads/empty", layout.grid, "Not available here", problem);
        return result;
    }
    const HeadsGrid grid{scene, layout, arrangement, paint_heads_sheet(scene)};
    const int hovered = draw_heads_grid(grid, result);
    HeadPlace place = list.place_of(selection);
    if (hovered >= 0) {
        const int head = arrangement.order[static_cast<std::size_t>(hovered)];
        place = list.heads[static_cast<std::size_t>(head)];
    }
    draw_facts(scene, place, layout.facts);
    draw_legend(scene, layout);
    draw_strongest(scene, layout.strongest, result);
    mark_grid(scene, inside, layout);
    if (!layout.preview.is_empty()) {
        draw_preview(scene, place, layout.preview, result);
    } else if (hovered >= 0) {
        draw_preview_tip(scene, place, layout.slots[static_cast<std::size_t>(grid.slot(hovered))]);
    }
    return result;
}

}  // namespace heed::app
