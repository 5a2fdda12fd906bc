// What the heads view shows of one trace, made on another thread: metrics of all heads, their
// patterns made small, and which of them do alike. It draws nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/document/selection.h"
#include "core/analysis/head_clusters.h"
#include "core/analysis/head_metrics.h"
#include "core/analysis/pattern.h"
#include "core/base/progress.h"
#include "core/run/trace.h"

namespace heed::app {

struct HeadPlace {
    int layer = 0;
    int head = 0;
    int part = 0;  // which of the list's words its attention has

    bool operator==(const HeadPlace&) const = default;
};

// All heads of a graph: the attentions of one word ("encoder", "decoder", "cross") after the other,
// each by layer and number. A row is one attention.
struct HeadList {
    std::vector<std::string> words;
    std::vector<int> layers;  // of each row
    std::vector<int> parts;   // of each row: which word
    std::vector<int> sites;   // of each row: which attention of the graph
    std::vector<HeadPlace> heads;
    int most_heads = 0;  // of a layer

    // The place in `heads`; -1 where there is no such head.
    int find(const HeadPlace& place) const;
    // The row; rows are found for places that there are.
    int row_of(const HeadPlace& place) const;
    const AttentionSite& site(const Graph& graph, const HeadPlace& place) const;
    // The chosen head.
    HeadPlace place_of(const Selection& selection) const;
    // How a person finds the row of a place: "layer 3", "cross, layer 3".
    std::string row_name(int part, int layer) const;
    // "3.2", of several parts "cross 3.2".
    std::string head_name(const HeadPlace& place) const;
    bool operator==(const HeadList&) const = default;
};
HeadList list_all_heads(const Graph& graph);

// The numbers of one head's picture, and what keeps them.
class HeadPattern {
  public:
    HeadPattern(Tile tile, int head) : tile_(std::move(tile)), outer_(head) {}

    PatternView view() const;
    const Tile& tile() const { return tile_; }

  private:
    Tile tile_;
    int outer_ = 0;
};

// Rows [first, end) of one head of `site`. `lengths` [H, S] are what weights are multiplied by;
// null: they stay. Waits for the values.
HeadPattern read_head(const Trace& trace, const AttentionSite& site, int head,
                      const Tensor* lengths, int first, int end);
// What the weights of a kind are multiplied by; an Error that says why where there is nothing.
std::optional<Tensor> find_lengths(const Trace& trace, const AttentionSite& site, PatternKind kind,
                                   const CancelToken& cancel);

struct HeadsData {
    HeadList list;
    std::vector<HeadMetrics> metrics;  // for each of list.heads
    int keys = 0;                      // most columns of a pattern
};
HeadsData compute_heads_data(const Trace& trace, PatternKind kind, const CancelToken& cancel);

// All patterns made small, side by side: head h of the i-th row at texel (h * width, i * height).
struct HeadsSheet {
    HeadList list;
    std::uint64_t version = 0;  // another one, another sheet
    int width = 0;              // texels of the largest thumbnail
    int height = 0;
    int pooled = 1;           // cells on a side of which a texel shows the largest
    float high = 0;           // largest value
    std::vector<int> widths;  // of the thumbnails of each row
    std::vector<int> heights;
    std::vector<float> texels;  // -inf: may not be seen

    int columns() const { return width * list.most_heads; }
    int rows() const { return height * static_cast<int>(list.layers.size()); }
};
// Its sizes, without texels. `most`: texels on a side of a thumbnail.
HeadsSheet lay_out_heads_sheet(const Graph& graph, int most);
HeadsSheet make_heads_sheet(const Trace& trace, PatternKind kind, int most,
                            const CancelToken& cancel);

// Pools `pattern` into width x height texels, each the largest of its cells; -inf where a causal
// query may see none of them. Texels are never more than cells.
void pool_pattern(const PatternView& pattern, bool is_causal, int width, int height, float* out,
                  std::ptrdiff_t stride);

// Where one word looks hardest: a head, and the key on which the most of its weight lies.
struct StrongestHead {
    HeadPlace place;
    int key = 0;
    float weight = 0;
};
struct StrongestHeads {
    HeadList list;
    std::vector<StrongestHead> heads;  // the largest weight first
};
// One of every head whose queries are positions of `sequence`, `query` among them.
StrongestHeads compute_strongest_heads(const Trace& trace, PatternKind kind, int sequence,
                                       int query, const CancelToken& cancel);

struct HeadsClusters {
    HeadList list;
    Dendrogram tree;
    std::vector<int> order;   // of list.heads
    bool is_sampled = false;  // not all rows were compared
};
// Patterns of different sizes are as far apart as can be.
HeadsClusters compute_heads_clusters(const Trace& trace, PatternKind kind,
                                     const CancelToken& cancel);

}  // namespace heed::app
