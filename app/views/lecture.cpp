#include "app/views/lecture.h"

#include <algorithm>
#include <cmath>

#include "app/ui/draw.h"
#include "app/views/axes.h"

namespace heed::app {

namespace {

constexpr int kMostSeen = 16;  // numbers of a vector
constexpr int kFewSeen = 8;
constexpr float kLeastCell = 6;  // design pixels
constexpr float kMostCell = 22;
constexpr float kMostNumberCell = 56;
constexpr float kLeastRow = 24;
constexpr float kFewRows = 4;  // with room for fewer, what only explains gives way
constexpr float kMostRow = 48;
constexpr float kGap = 18;  // between columns
constexpr float kLeastGap = 10;
constexpr float kWeightNumber = 44;
constexpr float kFactor = 58;
constexpr float kMostBar = 72;
constexpr float kLeastBar = 24;

NodeId node_operand(const Node& node, std::size_t i) {
    if (i >= node.operands.size() || node.operands[i].kind != OperandKind::kNode) return -1;
    return node.operands[i].id;
}

// The nodes from the product to the pattern, the product first.
std::vector<NodeId> walk_scores(const Graph& graph, const AttentionSite& site) {
    std::vector<NodeId> chain{*site.pattern};
    if (graph.node(*site.pattern).op == Op::kRecorded) {
        for (const std::optional<NodeId>& node : {site.masked, site.scaled, site.dots}) {
            if (node) chain.push_back(*node);
        }
    } else {
        while (true) {
            const Node& node = graph.node(chain.back());
            const bool is_product = node.op == Op::kMatmulNt || node.op == Op::kDotWeight;
            const NodeId before = is_product ? -1 : node_operand(node, 0);
            if (before < 0 || graph.node(before).layer != site.layer) break;
            chain.push_back(before);
        }
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
}

// The vectors of heads that `last` is made of, from `first` on; `last` alone where it is not made
// of it.
std::vector<NodeId> walk_vectors(const Graph& graph, NodeId first, NodeId last) {
    const Shape& shape = graph.node(last).shape;
    std::vector<NodeId> chain;
    for (NodeId id = last; id >= 0; id = node_operand(graph.node(id), 0)) {
        const Node& node = graph.node(id);
        if (node.layer != graph.node(last).layer || id < first) break;
        if (node.shape == shape) chain.push_back(id);
        if (id == first) {
            std::reverse(chain.begin(), chain.end());
            return chain;
        }
    }
    return {last};
}

std::string keys_title(const Node& keys) {
    if (keys.op == Op::kRotary) return "turned keys";
    if (keys.stage == Stage::kNormalise) return "normed keys";
    return "key vectors";
}

std::string scale_title(const Node& node) {
    const std::string& text = node.attributes.scale_text;
    if (text.rfind("1 / sqrt(", 0) == 0) {
        return "\u00f7 \u221a" + text.substr(9, text.size() - 10);
    }
    if (text.rfind("1 / ", 0) == 0) return "\u00f7 " + text.substr(4);
    return text.empty() ? "scaled" : "\u00d7 " + text;
}

class LecturePlanner {
  public:
    LecturePlanner(const Graph& graph, const std::vector<StageEntry>& stages)
        : graph_(graph), stages_(stages) {}

    std::optional<LecturePlan> plan(const AttentionSite& site);

  private:
    bool find_operands(const AttentionSite& site, const std::vector<NodeId>& chain);
    void add_keys(const AttentionSite& site, NodeId product);
    void add_scores(const std::vector<NodeId>& chain);
    void add(LectureKind kind, NodeId node, std::string title, int stage);

    const Graph& graph_;
    const std::vector<StageEntry>& stages_;
    LecturePlan plan_;
};

void LecturePlanner::add(LectureKind kind, NodeId node, std::string title, int stage) {
    LectureColumn column{kind, node, std::move(title), stage, -1};
    if (plan_.step_stages.empty() || plan_.step_stages.back() != stage) {
        plan_.step_stages.push_back(stage);
        column.number = static_cast<int>(plan_.step_stages.size());
    }
    plan_.columns.push_back(std::move(column));
}

bool LecturePlanner::find_operands(const AttentionSite& site, const std::vector<NodeId>& chain) {
    const Node& product = graph_.node(chain.front());
    plan_.q = site.q.value_or(-1);
    plan_.k = site.k.value_or(-1);
    if (product.op == Op::kMatmulNt) {
        plan_.q = node_operand(product, 0);
        plan_.k = node_operand(product, 1);
    }
    plan_.v = site.v.value_or(-1);
    plan_.z = site.z.value_or(-1);
    plan_.pattern = *site.pattern;
    plan_.query_heads = site.heads;
    plan_.key_heads = site.key_heads;
    return plan_.q >= 0 && plan_.k >= 0 && plan_.v >= 0 && plan_.z >= 0;
}

// The column of the keys, and the forms that they take before the product.
void LecturePlanner::add_keys(const AttentionSite& site, NodeId product) {
    const std::vector<NodeId> queries = walk_vectors(graph_, site.q.value_or(-1), plan_.q);
    const std::vector<NodeId> keys = walk_vectors(graph_, site.k.value_or(-1), plan_.k);
    add(LectureKind::kKeys, keys.front(), "key vectors", find_stage(stages_, keys.front()));
    plan_.forms.push_back({plan_.columns.front().stage, queries.front(), keys.front(),
                           plan_.columns.front().title, plan_.columns.front().number});
    const int end = find_stage(stages_, product);
    for (int stage = plan_.forms.front().stage; stage <= end; ++stage) {
        LectureForm form = plan_.forms.back();
        for (const NodeId id : queries) {
            if (find_stage(stages_, id) == stage) form.q = id;
        }
        for (const NodeId id : keys) {
            if (find_stage(stages_, id) == stage) form.k = id;
        }
        if (form.q == plan_.forms.back().q && form.k == plan_.forms.back().k) continue;
        if (stage > plan_.step_stages.back() && stage < end) plan_.step_stages.push_back(stage);
        if (form.k != plan_.forms.back().k) {
            form.title = keys_title(graph_.node(form.k));
            form.number = static_cast<int>(plan_.step_stages.size());
        }
        form.stage = stage;
        plan_.forms.push_back(form);
    }
}

void LecturePlanner::add_scores(const std::vector<NodeId>& chain) {
    for (const NodeId id : chain) {
        const Node& node = graph_.node(id);
        const int stage = find_stage(stages_, id);
        if (id == plan_.pattern) {
            add(LectureKind::kWeight, id, node.op == Op::kNormaliseSum ? "\u00f7 sum" : "softmax",
                stage);
        } else if (node.stage == Stage::kMask) {
            plan_.masked = id;
            plan_.masked_stage = stage;
        } else if (node.op == Op::kMatmulNt) {
            add(LectureKind::kScore, id, "q \u00b7 k", stage);
        } else if (node.op == Op::kDotWeight) {
            const NodeId bent = node_operand(node, 0);
            add(LectureKind::kKeys, bent, "tanh(q + k)", stage);
            add(LectureKind::kScore, id, "w \u00b7 tanh", stage);
        } else if (node.stage == Stage::kScale) {
            if (node.op == Op::kSoftCap) {
                add(LectureKind::kScore, id, "soft cap", stage);
            } else if (node.op == Op::kRecorded || node.attributes.scale != 1) {
                add(LectureKind::kScore, id, scale_title(node), stage);
            }
        } else if (node.op == Op::kAlibi || node.op == Op::kBucketBias) {
            add(LectureKind::kScore, id, "+ bias", stage);
        } else {
            add(LectureKind::kScore, id, std::string(local_name(node.name)), stage);
        }
    }
}

std::optional<LecturePlan> LecturePlanner::plan(const AttentionSite& site) {
    const std::vector<NodeId> chain = walk_scores(graph_, site);
    if (!find_operands(site, chain)) return std::nullopt;
    add_keys(site, chain.front());
    add_scores(chain);
    const int weigh = find_stage(stages_, plan_.z, true);
    plan_.sum_stage = find_stage(stages_, plan_.z);
    add(LectureKind::kValues, plan_.v, "value vectors", weigh);
    add(LectureKind::kWeighted, plan_.v, "weight \u00d7 value", weigh);
    // The number of the step stands over what is new in it: the product, not the values.
    std::swap(plan_.columns[plan_.columns.size() - 2].number, plan_.columns.back().number);
    plan_.step_stages.push_back(plan_.sum_stage);
    return plan_;
}

struct Widths {
    float gap = 0;
    float bar = 0;
    float fixed = 0;  // without strips
    int strips = 0;
};

Widths measure_fixed(const UiContext& ui, const LectureRequest& request, bool is_tight) {
    Widths widths;
    widths.gap = ui.px(is_tight ? kLeastGap : kGap);
    widths.bar = ui.px(is_tight ? kLeastBar : kMostBar);
    widths.fixed = request.label_w;
    for (const LectureColumn& column : request.plan.columns) {
        widths.fixed += widths.gap;
        switch (column.kind) {
            case LectureKind::kKeys:
            case LectureKind::kValues:
                ++widths.strips;
                break;
            case LectureKind::kScore:
                widths.fixed += request.score_w;
                break;
            case LectureKind::kWeight:
                widths.fixed += widths.bar + ui.px(kWeightNumber);
                break;
            case LectureKind::kWeighted:
                widths.fixed += ui.px(kFactor);
                ++widths.strips;
                break;
        }
    }
    return widths;
}

// Width of one number of a strip where `seen` of them are in sight.
float choose_cell(const UiContext& ui, const LectureRequest& request, const Widths& widths,
                  float room, int seen) {
    const float numbers = static_cast<float>(std::max(1, seen * widths.strips));
    const float cell = (room - widths.fixed) / numbers;
    const bool holds_numbers = cell >= request.number_w + ui.px(4) && seen <= kFewSeen;
    return std::floor(std::min(cell, ui.px(holds_numbers ? kMostNumberCell : kMostCell)));
}

void place_columns(const UiContext& ui, const LectureRequest& request, const Widths& widths,
                   LectureLayout& layout) {
    const auto strip = [&](int seen) { return layout.cell_w * static_cast<float>(seen); };
    layout.label = {0, 0, request.label_w, 0};
    float x = request.label_w;
    for (std::size_t i = 0; i < request.plan.columns.size(); ++i) {
        const LectureColumn& column = request.plan.columns[i];
        const float title = i < request.title_w.size() ? request.title_w[i] : 0;
        x += widths.gap;
        LectureLayout::Column place{x, 0, 0, 0};
        switch (column.kind) {
            case LectureKind::kKeys:
                place.w = std::max(title, strip(layout.keys_seen));
                break;
            case LectureKind::kValues:
                place.w = std::max(title, strip(layout.values_seen));
                break;
            case LectureKind::kScore:
                place.w = request.score_w;
                break;
            case LectureKind::kWeight:
                place.bar_w = widths.bar;
                place.w = widths.bar + ui.px(kWeightNumber);
                break;
            case LectureKind::kWeighted:
                place.factor_w = ui.px(kFactor);
                place.w = place.factor_w + strip(layout.values_seen);
                break;
        }
        x += place.w;
        layout.columns.push_back(place);
    }
    layout.content_w = x;
}

void place_foot(const UiContext& ui, const LectureRequest& request, Rect foot,
                LectureLayout& layout) {
    const LectureLayout::Column& last = layout.columns.back();
    const float left = layout.rows.x + last.x + last.factor_w;
    const float strip = layout.cell_w * static_cast<float>(layout.values_seen);
    const float x = std::min(left, std::max(foot.x, foot.right() - strip));
    layout.rule = {x, foot.y + ui.px(3), strip, std::max(1.0F, ui.px(1))};
    take_top(foot, ui.px(8));
    const Rect line = take_top(foot, ui.px(34), ui.px(2));
    layout.sum = {x, line.y + ui.px(3), strip, line.h - ui.px(6)};
    const float label_w = ui.px(118);
    const float label_x = std::max(foot.x, x - label_w - ui.px(10));
    layout.sum_label = {label_x, line.y, std::max(0.0F, x - ui.px(10) - label_x), line.h};
    Rect low = take_top(foot, ui.px(20));
    const float note_w = std::min(low.w * 0.5F, ui.px(260));
    layout.sum_note = take_right(low, note_w, ui.px(12));
    layout.note = low;
    layout.pages = {foot.x, line.y + ui.px(4), std::max(0.0F, label_x - ui.px(12) - foot.x),
                    ui.px(28)};
    layout.query_note.w = std::max(0.0F, request.inside.right() - layout.query_note.x);
}

}  // namespace

std::optional<LecturePlan> plan_lecture(const Graph& graph, const std::vector<StageEntry>& stages,
                                        const AttentionSite* site) {
    if (site == nullptr) return std::nullopt;
    return LecturePlanner(graph, stages).plan(*site);
}

LecturePlan plan_at(const LecturePlan& plan, int stage) {
    LecturePlan now = plan;
    for (const LectureForm& form : plan.forms) {
        if (form.stage > stage) continue;
        now.q = form.q;
        now.k = form.k;
        LectureColumn& keys = now.columns.front();
        keys.node = form.k;
        keys.title = form.title;
        keys.number = form.number;
    }
    return now;
}

int find_step(const LecturePlan& plan, int stage) {
    if (plan.step_stages.empty() || stage < plan.step_stages.front() ||
        stage > plan.step_stages.back()) {
        return -1;
    }
    int step = 0;
    for (std::size_t i = 0; i < plan.step_stages.size(); ++i) {
        if (plan.step_stages[i] <= stage) step = static_cast<int>(i);
    }
    return step;
}

LectureLayout layout_lecture(const UiContext& ui, const LectureRequest& request) {
    LectureLayout layout;
    Rect rest = request.inside;
    const float around = 34 + 8 + 20 + 4 + 8 + 34 + 2 + 20;
    const bool is_low = rest.h < ui.px(around + kFewRows * kLeastRow);
    Rect query = take_top(rest, ui.px(is_low ? 28 : 34), ui.px(is_low ? 2 : 8));
    layout.header = take_top(rest, ui.px(20), ui.px(4));
    const Rect foot = take_bottom(rest, ui.px(is_low ? 8 + 34 : 8 + 34 + 2 + 20), 0);
    const auto words = static_cast<float>(std::max(1, request.words));
    layout.row_h = std::floor(std::clamp(rest.h / words, ui.px(kLeastRow), ui.px(kMostRow)));
    layout.rows = rest;
    const bool scrolls = layout.row_h * words > rest.h;
    const float room = rest.w - (scrolls ? ui.px(14) : 0);

    Widths widths = measure_fixed(ui, request, false);
    int seen = std::min(kMostSeen, std::max(request.key_width, request.value_width));
    layout.cell_w = choose_cell(ui, request, widths, room, seen);
    const bool may_hold_numbers = seen <= kFewSeen && layout.cell_w < request.number_w + ui.px(4);
    if (layout.cell_w < ui.px(kLeastCell) + 2 || may_hold_numbers) {
        widths = measure_fixed(ui, request, true);
        layout.cell_w = choose_cell(ui, request, widths, room, seen);
    }
    if (layout.cell_w < ui.px(kLeastCell)) {
        seen = std::min(seen, kFewSeen);
        layout.cell_w = std::max(ui.px(kLeastCell), choose_cell(ui, request, widths, room, seen));
    }
    layout.keys_seen = std::min(seen, request.key_width);
    layout.values_seen = std::min(seen, request.value_width);
    layout.has_numbers = layout.cell_w >= request.number_w + ui.px(4);
    place_columns(ui, request, widths, layout);
    // What is shorter than its room ends where the words end.
    layout.rows.h =
        std::min(rest.h, layout.row_h * words + (layout.content_w > room ? ui.px(14) : 0));

    const float strip = layout.cell_w * static_cast<float>(layout.keys_seen);
    const float x = rest.x + layout.columns.front().x;
    layout.query_label = {rest.x, query.y, layout.columns.front().x - ui.px(8), query.h};
    layout.query = {x, query.y + ui.px(4), strip, query.h - ui.px(8)};
    layout.query_note = {layout.query.right() + ui.px(16), query.y, 0, query.h};
    Rect below = foot;
    below.y = layout.rows.bottom();
    below.h = std::max(0.0F, request.inside.bottom() - below.y);
    place_foot(ui, request, below, layout);
    return layout;
}

}  // namespace heed::app
