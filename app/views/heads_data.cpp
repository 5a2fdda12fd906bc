#include "app/views/heads_data.h"

#include <algorithm>
#include <limits>
#include <map>

#include "core/analysis/pattern_context.h"
#include "core/base/check.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

// First cell of the `i`th of `parts` equal parts of `count` cells.
int part_begin(int i, int parts, int count) {
    return static_cast<int>(static_cast<std::int64_t>(i) * count / parts);
}

// Calls visit(site, number of the row, lengths) for every row.
template <class Visit>
void for_each_row(const Trace& trace, PatternKind kind, const HeadList& list,
                  const CancelToken& cancel, Visit visit) {
    for (std::size_t i = 0; i < list.layers.size(); ++i) {
        cancel.check();
        cancel.report(static_cast<int>(i), static_cast<int>(list.layers.size()));
        const AttentionSite& site =
            trace.graph().attentions()[static_cast<std::size_t>(list.sites[i])];
        const std::optional<Tensor> lengths = find_lengths(trace, site, kind, cancel);
        visit(site, i, lengths ? &*lengths : nullptr);
    }
}

HeadPattern read_whole(const Trace& trace, const AttentionSite& site, int head,
                       const Tensor* lengths) {
    const int rows = matrix_extents(trace.graph().node(*site.pattern).shape).rows;
    return read_head(trace, site, head, lengths, 0, rows);
}

// Row `query` of one head alone.
HeadPattern read_row(const Trace& trace, const AttentionSite& site, int head, const Tensor* lengths,
                     int query) {
    return read_head(trace, site, head, lengths, query, query + 1);
}

}  // namespace

int HeadList::find(const HeadPlace& place) const {
    const auto at = std::find(heads.begin(), heads.end(), place);
    return at == heads.end() ? -1 : static_cast<int>(at - heads.begin());
}

HeadList list_all_heads(const Graph& graph) {
    HeadList list;
    list.words = list_site_words(graph);
    for (std::size_t part = 0; part < list.words.size(); ++part) {
        for (std::size_t i = 0; i < graph.attentions().size(); ++i) {
            const AttentionSite& site = graph.attentions()[i];
            if (!site.pattern || site_word(site) != list.words[part]) continue;
            list.layers.push_back(site.layer);
            list.parts.push_back(static_cast<int>(part));
            list.sites.push_back(static_cast<int>(i));
            list.most_heads = std::max(list.most_heads, site.heads);
            for (int head = 0; head < site.heads; ++head) {
                list.heads.push_back({site.layer, head, static_cast<int>(part)});
            }
        }
    }
    return list;
}

int HeadList::row_of(const HeadPlace& place) const {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (layers[i] == place.layer && parts[i] == place.part) return static_cast<int>(i);
    }
    HEED_CHECK(false);
    return -1;
}

const AttentionSite& HeadList::site(const Graph& graph, const HeadPlace& place) const {
    const auto row = static_cast<std::size_t>(row_of(place));
    return graph.attentions()[static_cast<std::size_t>(sites[row])];
}

HeadPlace HeadList::place_of(const Selection& selection) const {
    const auto at = std::find(words.begin(), words.end(), selection.site);
    const int part = at == words.end() ? 0 : static_cast<int>(at - words.begin());
    return {selection.layer, selection.head, part};
}

std::string HeadList::row_name(int part, int layer) const {
    const std::string name = "layer " + std::to_string(layer);
    return words.size() < 2 ? name : words[static_cast<std::size_t>(part)] + ", " + name;
}

std::string HeadList::head_name(const HeadPlace& place) const {
    const std::string name = std::to_string(place.layer) + "." + std::to_string(place.head);
    return words.size() < 2 ? name : words[static_cast<std::size_t>(place.part)] + " " + name;
}

PatternView HeadPattern::view() const {
    const Box& box = tile_.box();
    PatternView view;
    view.rows = box.rows();
    view.columns = box.cols();
    if (view.rows == 0) return view;
    view.data = tile_.row(outer_, box.row_begin);
    if (view.rows > 1) view.stride = tile_.row(outer_, box.row_begin + 1) - view.data;
    return view;
}

HeadPattern read_head(const Trace& trace, const AttentionSite& site, int head,
                      const Tensor* lengths, int first, int end) {
    const MatrixExtents extents = matrix_extents(trace.graph().node(*site.pattern).shape);
    const Box box{head, head + 1, first, end, 0, extents.cols};
    Tile tile = trace.wait(*site.pattern, box);
    if (lengths == nullptr) return HeadPattern(std::move(tile), head);
    const auto columns = static_cast<std::size_t>(extents.cols);
    const auto count = columns * static_cast<std::size_t>(box.rows());
    const std::shared_ptr<float[]> values(new float[std::max<std::size_t>(1, count)]);
    const float* length = lengths->data() + static_cast<std::size_t>(head) * columns;
    for (int row = first; row < end; ++row) {
        const float* weights = tile.row(head, row);
        float* out = values.get() + static_cast<std::size_t>(row - first) * columns;
        for (std::size_t s = 0; s < columns; ++s) out[s] = std::abs(weights[s]) * length[s];
    }
    return HeadPattern(Tile(values, box, static_cast<std::ptrdiff_t>(count), extents.cols), head);
}

std::optional<Tensor> find_lengths(const Trace& trace, const AttentionSite& site, PatternKind kind,
                                   const CancelToken& cancel) {
    if (kind != PatternKind::kNormWeighted) return std::nullopt;
    const std::string obstacle = find_obstacle(trace.graph(), site, {kind, HeadChoice::kOne, {0}});
    if (!obstacle.empty()) throw Error("heads", site.name, "lengths of values", obstacle);
    return compute_value_lengths(trace, site, cancel).lengths;
}

HeadsData compute_heads_data(const Trace& trace, PatternKind kind, const CancelToken& cancel) {
    HeadsData data;
    data.list = list_all_heads(trace.graph());
    for_each_row(trace, kind, data.list, cancel,
                 [&](const AttentionSite& site, std::size_t, const Tensor* lengths) {
                     const PatternContext context = find_pattern_context(trace, site);
                     for (int head = 0; head < site.heads; ++head) {
                         cancel.check();
                         const HeadPattern pattern = read_whole(trace, site, head, lengths);
                         data.metrics.push_back(compute_head_metrics(pattern.view(), context));
                         data.keys = std::max(data.keys, pattern.view().columns);
                     }
                 });
    return data;
}

StrongestHeads compute_strongest_heads(const Trace& trace, PatternKind kind, int sequence,
                                       int query, const CancelToken& cancel) {
    StrongestHeads strongest;
    strongest.list = list_all_heads(trace.graph());
    for_each_row(
        trace, kind, strongest.list, cancel,
        [&](const AttentionSite& site, std::size_t row_number, const Tensor* lengths) {
            const MatrixExtents extents = matrix_extents(trace.graph().node(*site.pattern).shape);
            if (site.query_sequence != sequence) return;
            if (query < 0 || query >= extents.rows || extents.cols == 0) return;
            for (int head = 0; head < site.heads; ++head) {
                const HeadPattern row = read_row(trace, site, head, lengths, query);
                const float* begin = row.view().data;
                const float* most = std::max_element(begin, begin + extents.cols);
                strongest.heads.push_back(
                    {{strongest.list.layers[row_number], head, strongest.list.parts[row_number]},
                     static_cast<int>(most - begin),
                     *most});
            }
        });
    std::stable_sort(
        strongest.heads.begin(), strongest.heads.end(),
        [](const StrongestHead& a, const StrongestHead& b) { return a.weight > b.weight; });
    return strongest;
}

void pool_pattern(const PatternView& pattern, bool is_causal, int width, int height, float* out,
                  std::ptrdiff_t stride) {
    HEED_CHECK_LE(width, pattern.columns);
    HEED_CHECK_LE(height, pattern.rows);
    constexpr float kBlocked = -std::numeric_limits<float>::infinity();
    for (int y = 0; y < height; ++y) {
        float* texels = out + y * stride;
        std::fill(texels, texels + width, kBlocked);
        const int end_row = part_begin(y + 1, height, pattern.rows);
        for (int t = part_begin(y, height, pattern.rows); t < end_row; ++t) {
            const float* row = pattern.row(t);
            for (int x = 0; x < width; ++x) {
                int end = part_begin(x + 1, width, pattern.columns);
                if (is_causal) end = std::min(end, t + 1);
                for (int s = part_begin(x, width, pattern.columns); s < end; ++s) {
                    texels[x] = std::max(texels[x], row[s]);
                }
            }
        }
    }
}

HeadsSheet lay_out_heads_sheet(const Graph& graph, int most) {
    HeadsSheet sheet;
    sheet.list = list_all_heads(graph);
    const int side = std::max(1, most);
    for (const int number : sheet.list.sites) {
        const AttentionSite& site = graph.attentions()[static_cast<std::size_t>(number)];
        const Node& node = graph.node(*site.pattern);
        const MatrixExtents extents = matrix_extents(node.shape);
        sheet.widths.push_back(std::min(extents.cols, side));
        sheet.heights.push_back(std::min(extents.rows, side));
        sheet.width = std::max(sheet.width, sheet.widths.back());
        sheet.height = std::max(sheet.height, sheet.heights.back());
        const int longest = std::max(extents.cols, extents.rows);
        sheet.pooled = std::max(sheet.pooled, (longest + side - 1) / side);
    }
    return sheet;
}

HeadsSheet make_heads_sheet(const Trace& trace, PatternKind kind, int most,
                            const CancelToken& cancel) {
    HeadsSheet sheet = lay_out_heads_sheet(trace.graph(), most);
    sheet.texels.assign(
        static_cast<std::size_t>(sheet.columns()) * static_cast<std::size_t>(sheet.rows()),
        -std::numeric_limits<float>::infinity());
    for_each_row(
        trace, kind, sheet.list, cancel,
        [&](const AttentionSite& site, std::size_t layer, const Tensor* lengths) {
            const bool is_causal = find_pattern_context(trace, site).is_causal;
            for (int head = 0; head < site.heads; ++head) {
                cancel.check();
                const HeadPattern pattern = read_whole(trace, site, head, lengths);
                const std::ptrdiff_t top = static_cast<std::ptrdiff_t>(layer) * sheet.height;
                float* out = sheet.texels.data() + top * sheet.columns() + head * sheet.width;
                pool_pattern(pattern.view(), is_causal, sheet.widths[layer], sheet.heights[layer],
                             out, sheet.columns());
            }
        });
    for (const float texel : sheet.texels) sheet.high = std::max(sheet.high, texel);
    return sheet;
}

namespace {

// Patterns of different sizes (an encoder's, a decoder's) have nothing in common: 1, the largest
// distance there is.
Distances compare_same_sizes(const std::vector<PatternView>& views, const CancelToken& cancel) {
    Distances all(static_cast<int>(views.size()));
    std::map<std::pair<int, int>, std::vector<int>> sizes;
    for (int i = 0; i < all.count(); ++i) {
        for (int j = 0; j < i; ++j) all.set(i, j, 1);
        const PatternView& view = views[static_cast<std::size_t>(i)];
        sizes[{view.rows, view.columns}].push_back(i);
    }
    for (const auto& [size, places] : sizes) {
        std::vector<PatternView> same;
        for (const int place : places) same.push_back(views[static_cast<std::size_t>(place)]);
        const Distances own = compute_pattern_distances(same, cancel);
        for (int i = 0; i < own.count(); ++i) {
            for (int j = 0; j < i; ++j) {
                all.set(places[static_cast<std::size_t>(i)], places[static_cast<std::size_t>(j)],
                        own.at(i, j));
            }
        }
    }
    return all;
}

}  // namespace

HeadsClusters compute_heads_clusters(const Trace& trace, PatternKind kind,
                                     const CancelToken& cancel) {
    HeadsClusters clusters;
    clusters.list = list_all_heads(trace.graph());
    std::vector<std::vector<float>> rows;
    std::vector<PatternView> views;
    for_each_row(
        trace, kind, clusters.list, cancel,
        [&](const AttentionSite& site, std::size_t, const Tensor* lengths) {
            const MatrixExtents extents = matrix_extents(trace.graph().node(*site.pattern).shape);
            const int compared = std::min(extents.rows, kMostComparedRows);
            clusters.is_sampled = clusters.is_sampled || compared < extents.rows;
            for (int head = 0; head < site.heads; ++head) {
                cancel.check();
                const HeadPattern pattern = read_whole(trace, site, head, lengths);
                std::vector<float> kept;
                for (int i = 0; i < compared; ++i) {
                    const float* row = pattern.view().row(compared_row(i, extents.rows));
                    kept.insert(kept.end(), row, row + extents.cols);
                }
                rows.push_back(std::move(kept));
                views.push_back({rows.back().data(), extents.cols, compared, extents.cols});
            }
        });
    const Distances distances = compare_same_sizes(views, cancel);
    clusters.tree = link_average(distances);
    clusters.order = order_leaves(clusters.tree, distances);
    return clusters;
}

}  // namespace heed::app
