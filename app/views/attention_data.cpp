#include "app/views/attention_data.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"
#include "core/run/at_hand.h"

namespace heed::app {

namespace {

// Multiplications that a frame has time for.
constexpr double kFrameWork = 4e6;

class Hash {
  public:
    void add(std::uint64_t value) {
        value_ = (value_ ^ value) * 0x100000001B3ULL;
        value_ ^= value_ >> 29U;
    }
    void add(const std::vector<int>& values) {
        add(values.size() + 1);
        for (const int value : values) add(static_cast<std::uint64_t>(value) + 1);
    }
    std::uint64_t value() const { return value_; }

  private:
    std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

std::uint64_t version_of(std::uint64_t trace_number, const AttentionSite& site,
                         const PatternRequest& request, const AttentionOptions& options) {
    Hash hash;
    hash.add(trace_number);
    hash.add(static_cast<std::uint64_t>(*site.pattern));
    hash.add(static_cast<std::uint64_t>(request.kind) * 16 +
             static_cast<std::uint64_t>(request.choice));
    hash.add(request.heads);
    hash.add(static_cast<std::uint64_t>(options.scale) * 16 +
             static_cast<std::uint64_t>(options.range));
    hash.add((options.merges_pieces ? 1U : 0U) + (options.hides_special ? 2U : 0U) +
             (options.hides_first ? 4U : 0U));
    hash.add(options.hidden);
    hash.add(options.queries);
    hash.add(options.keys);
    hash.add(static_cast<std::uint64_t>(options.threshold_by));
    hash.add(static_cast<std::uint64_t>(std::lround(options.threshold * 1e6F)));
    hash.add(static_cast<std::uint64_t>(options.most_lines));
    return hash.value();
}

std::vector<TokenGroup> choose_groups(std::span<const TokenLabel> labels, int extent,
                                      const AttentionOptions& options,
                                      const std::vector<int>& only) {
    std::vector<TokenGroup> groups =
        options.merges_pieces ? group_words(labels, extent) : list_tokens(labels, extent);
    return filter_groups(std::move(groups), labels,
                         {options.hides_special, options.hides_first, options.hidden, only});
}

void name_groups(const std::vector<TokenGroup>& groups, std::span<const TokenLabel> tokens,
                 std::vector<TokenLabel>& labels, std::vector<int>& positions) {
    for (const TokenGroup& group : groups) {
        labels.emplace_back();
        labels.back().text = group.text;
        labels.back().is_special = group.is_special;
        const auto first = static_cast<std::size_t>(group.positions.front());
        if (first < tokens.size()) labels.back().text_index = tokens[first].text_index;
        positions.push_back(group.positions.front());
    }
}

bool is_every_position(const std::vector<TokenGroup>& groups, int extent) {
    std::size_t count = 0;
    for (const TokenGroup& group : groups) count += group.positions.size();
    return count == static_cast<std::size_t>(extent);
}

bool has_negative(const MatrixValues& values) {
    for (int r = values.row_begin(); r < values.row_end(); ++r) {
        const float* row = values.row(r);
        if (std::any_of(row, row + values.columns(), [](float x) { return x < 0; })) return true;
    }
    return false;
}

void colour_cells(const AttentionOptions& options, AttentionData& data) {
    data.values.emplace(*data.shown.values.tile(), data.shown.values.outer());
    if (data.shown.blocked.rows() > 0) {
        data.blocked.emplace(*data.shown.blocked.tile(), data.shown.blocked.outer());
    }
    ColourScale whole;
    const float largest = data.values->largest() > 0 ? data.values->largest() : 1.0F;
    if (has_negative(*data.values)) whole.kind = ColourScale::Kind::kSigned;
    const bool is_share = data.request.kind != PatternKind::kNormWeighted;
    whole.high = is_share ? std::max(1.0F, largest) : largest;
    data.scales =
        make_cell_scales(*data.values, data.blocked ? &*data.blocked : nullptr, whole,
                         options.scale, static_cast<ColourRange>(static_cast<int>(options.range)));
}

// The high end that widths and thresholds of lines are shares of.
float line_high(const AttentionData& data) {
    const bool is_share = data.request.kind != PatternKind::kNormWeighted;
    return is_share || data.values->largest() <= 0 ? 1.0F : data.values->largest();
}

void add_lines(const Trace& trace, const AttentionSite& site, const AttentionOptions& options,
               const CancelToken& cancel, AttentionData& data) {
    const float high = line_high(data);
    const bool is_each =
        data.request.choice == HeadChoice::kChosen && data.request.kind != PatternKind::kRollout;
    if (!is_each) {
        data.lines.push_back(
            {-1, data.shown.values, choose_lines(data.shown.values, options, high)});
        return;
    }
    for (const int head : data.pattern.heads) {
        const PatternRequest one{data.request.kind, HeadChoice::kOne, {head}};
        const Pattern pattern = compute_pattern(trace, site, one, cancel);
        LineSet set;
        set.head = head;
        set.values = arrange_pattern(pattern, data.shown.rows, data.shown.columns).values;
        set.lines = choose_lines(set.values, options, high);
        data.lines.push_back(std::move(set));
    }
}

bool has_same_words(const Graph& graph, NodeId a, NodeId b) {
    const Shape& one = graph.node(a).shape;
    const Shape& other = graph.node(b).shape;
    return one.axis(-2) == other.axis(-2) && one.axis(-1) == other.axis(-1);
}

int step(const std::vector<TokenGroup>& groups, int position, int by) {
    const int next = step_group(groups, position, by);
    return next < 0 ? position + by : next;
}

}  // namespace

MatrixAxis AttentionData::rows() const {
    MatrixAxis axis;
    axis.letter = "t";
    axis.extent = static_cast<int>(row_labels.size());
    axis.tokens = row_labels;
    axis.role = AxisRole::kQuery;
    return axis;
}

MatrixAxis AttentionData::columns() const {
    MatrixAxis axis = rows();
    axis.letter = "s";
    axis.extent = static_cast<int>(column_labels.size());
    axis.tokens = column_labels;
    axis.role = AxisRole::kKey;
    return axis;
}

PatternRequest request_pattern(const AttentionSite& site, const Selection& selection,
                               const AttentionOptions& options) {
    PatternRequest request{options.kind, options.choice, {selection.head}};
    if (options.choice == HeadChoice::kChosen && !options.heads.empty()) {
        request.heads = options.heads;
        if (list_heads(site, request).empty()) request.heads = {selection.head};
    }
    if (options.choice == HeadChoice::kMean || options.choice == HeadChoice::kMax ||
        options.kind == PatternKind::kRollout) {
        request.heads.clear();
    }
    if (options.kind == PatternKind::kRollout) request.choice = HeadChoice::kMean;
    return request;
}

AttentionData make_attention_data(const Trace& trace, const AttentionSite& site,
                                  const PatternRequest& request, const AttentionOptions& options,
                                  const CancelToken& cancel) {
    AttentionData data;
    data.layer = site.layer;
    if (list_site_words(trace.graph()).size() > 1) data.part = site_word(site);
    data.request = request;
    data.pattern = compute_pattern(trace, site, request, cancel);
    const int rows = data.pattern.values.rows();
    const int columns = data.pattern.values.columns();
    data.shown = arrange_pattern(
        data.pattern,
        choose_groups(trace.labels(site.query_sequence), rows, options, options.queries),
        choose_groups(trace.labels(site.key_sequence), columns, options, options.keys));
    name_groups(data.shown.rows, trace.labels(site.query_sequence), data.row_labels,
                data.row_positions);
    name_groups(data.shown.columns, trace.labels(site.key_sequence), data.column_labels,
                data.column_positions);
    data.is_whole =
        is_every_position(data.shown.rows, rows) && is_every_position(data.shown.columns, columns);
    data.is_plain = request.kind == PatternKind::kWeights && data.pattern.heads.size() == 1 &&
                    !options.merges_pieces;
    if (data.shown.rows.empty() || data.shown.columns.empty()) return data;
    cancel.check();
    colour_cells(options, data);
    add_lines(trace, site, options, cancel, data);
    return data;
}

std::shared_ptr<const AttentionData> get_attention_data(const Trace& trace,
                                                        const AttentionSite& site,
                                                        const PatternRequest& request,
                                                        AttentionViewState& state, UiContext& ui) {
    const std::uint64_t version = version_of(ui.trace_number, site, request, state.options);
    if (state.data != nullptr && state.data_version == version) return state.data;
    const auto keep = [&](std::shared_ptr<const AttentionData> data) {
        state.data = std::move(data);
        state.data_version = version;
        return state.data;
    };
    // What was there stays until the new is, where it is of the same words.
    const bool is_kept = state.data != nullptr && state.data->trace_number == ui.trace_number &&
                         has_same_words(trace.graph(), state.data->pattern.node, *site.pattern);
    const std::shared_ptr<const AttentionData> before = is_kept ? state.data : nullptr;
    const AttentionOptions options = state.options;
    const bool is_quick = estimate_work(trace.graph(), site, request) <= kFrameWork;
    if (is_quick || ui.trace == nullptr) {
        std::optional<AttentionData> data =
            if_at_hand([&] { return make_attention_data(trace, site, request, options); });
        if (!data) return before;
        data->trace_number = ui.trace_number;
        return keep(std::make_shared<const AttentionData>(std::move(*data)));
    }
    const std::uint64_t number = ui.trace_number;
    const auto at = static_cast<std::size_t>(&site - trace.graph().attentions().data());
    const auto work = [held = ui.trace, at, request, options, number](const CancelToken& cancel) {
        const AttentionSite& own = held->graph().attentions()[at];
        AttentionData data = make_attention_data(*held, own, request, options, cancel);
        data.trace_number = number;
        return data;
    };
    const Job<AttentionData> job = ui.jobs.get<AttentionData>("attention/data", version, work);
    return job.is_current && job.value != nullptr ? keep(job.value) : before;
}

std::vector<AttentionLine> choose_lines(const PatternMatrix& values,
                                        const AttentionOptions& options, float high) {
    std::vector<AttentionLine> lines;
    const auto is_stronger = [](const AttentionLine& a, const AttentionLine& b) {
        return a.weight > b.weight;
    };
    for (int q = 0; q < values.rows(); ++q) {
        const float* row = values.row(q);
        const std::size_t first = lines.size();
        const float least =
            options.threshold_by == ThresholdBy::kWeight ? options.threshold * high : 0;
        double total = 0;
        for (int k = 0; k < values.columns(); ++k) {
            if (row[k] > 0) total += static_cast<double>(row[k]);
            if (row[k] > 0 && row[k] >= least) lines.push_back({q, k, row[k]});
        }
        if (options.threshold_by == ThresholdBy::kWeight) continue;
        std::stable_sort(lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end(),
                         is_stronger);
        double held = 0;
        std::size_t end = first;
        const double wanted = total * (1 - static_cast<double>(options.threshold));
        while (end < lines.size() && held < wanted)
            held += static_cast<double>(lines[end++].weight);
        lines.resize(end);
    }
    std::stable_sort(lines.begin(), lines.end(), is_stronger);
    const auto most = static_cast<std::size_t>(options.most_lines);
    if (lines.size() > most) lines.resize(most);
    std::reverse(lines.begin(), lines.end());
    return lines;
}

std::string attention_title(const AttentionData& data) {
    std::string layer = "Layer " + std::to_string(data.layer) + " \u00b7 ";
    if (!data.part.empty())
        layer = "Layer " + std::to_string(data.layer) + ", " + data.part + " \u00b7 ";
    if (data.request.kind == PatternKind::kRollout) return layer + "rollout";
    const std::string count = std::to_string(data.pattern.heads.size());
    if (data.request.choice == HeadChoice::kMean) return layer + "mean of " + count + " heads";
    if (data.request.choice == HeadChoice::kMax) return layer + "largest of " + count + " heads";
    std::string text = layer + (data.pattern.heads.size() == 1 ? "head " : "mean of heads ");
    for (const int head : data.pattern.heads) {
        text += (head == data.pattern.heads.front() ? "" : ", ") + std::to_string(head);
    }
    return text;
}

std::string attention_short_title(const AttentionData& data) {
    const std::string part = data.part.empty() ? "" : data.part + " ";
    const std::string layer = std::to_string(data.layer);
    if (data.request.kind == PatternKind::kRollout) return part + "rollout " + layer;
    if (data.request.choice == HeadChoice::kMean) return part + layer + " \u00b7 mean";
    if (data.request.choice == HeadChoice::kMax) return part + layer + " \u00b7 largest";
    if (data.pattern.heads.size() != 1) return part + layer + " \u00b7 heads";
    return part + layer + "." + std::to_string(data.pattern.heads.front());
}

std::string attention_subtitle(const AttentionData& data) {
    if (data.request.kind == PatternKind::kRollout) {
        return "through layers 0 to " + std::to_string(data.layer);
    }
    if (data.request.kind == PatternKind::kWeights) return "who looks at whom";
    return data.pattern.has_output_map ? "weight \u00b7 |v W_O|" : "weight \u00b7 |v|, without W_O";
}

int step_shown_query(const AttentionViewState& state, int position, int by) {
    return state.data == nullptr ? position + by : step(state.data->shown.rows, position, by);
}

int step_shown_key(const AttentionViewState& state, int position, int by) {
    return state.data == nullptr ? position + by : step(state.data->shown.columns, position, by);
}

}  // namespace heed::app
