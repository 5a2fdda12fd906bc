#include "app/document/first_selection.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace heed::app {

namespace {

// Longer sentences begin at the first head: looking through all of them would take too long.
constexpr int kLongestSearch = 128;

// A weight that a word gives to another, earlier one, not its neighbour.
struct FarLook {
    float weight = -1;
    std::string site;
    int layer = 0;
    int head = 0;
    int query = 0;
    int key = 0;
};

bool is_word(std::span<const TokenLabel> labels, int position) {
    const auto at = static_cast<std::size_t>(position);
    return at >= labels.size() || !labels[at].is_special;
}

Box pattern_box(const Trace& trace, const AttentionSite& site) {
    return whole_box(trace.graph().node(*site.pattern).shape);
}

void search_site(const Trace& trace, const AttentionSite& site, FarLook& best) {
    const Tile tile = trace.wait(*site.pattern, pattern_box(trace, site));
    const auto queries = trace.labels(site.query_sequence);
    const auto keys = trace.labels(site.key_sequence);
    for (int head = 0; head < tile.box().outer_end; ++head) {
        for (int query = 0; query < tile.box().row_end; ++query) {
            if (!is_word(queries, query)) continue;
            const float* row = tile.row(head, query);
            for (int key = 0; key < std::min(query - 1, tile.box().col_end); ++key) {
                if (row[key] <= best.weight || !is_word(keys, key)) continue;
                best = {row[key], site_word(site), site.layer, head, query, key};
            }
        }
    }
}

}  // namespace

Selection choose_first(const Trace& trace) {
    const Graph& graph = trace.graph();
    Selection selection = default_selection(graph);
    std::vector<const AttentionSite*> sites;
    for (const AttentionSite& site : graph.attentions()) {
        if (!site.pattern || site.query_sequence != site.key_sequence) continue;
        if (graph.node(*site.pattern).shape.extent(-1) > kLongestSearch) return selection;
        sites.push_back(&site);
    }
    FarLook best;
    for (const AttentionSite* site : sites) trace.ask(*site->pattern, pattern_box(trace, *site));
    for (const AttentionSite* site : sites) search_site(trace, *site, best);
    if (best.weight < 0) return selection;
    selection.site = best.site;
    selection.layer = best.layer;
    selection.head = best.head;
    selection.query = best.query;
    selection.key = best.key;
    return ask_pattern(graph, clamp_selection(graph, std::move(selection)));
}

}  // namespace heed::app
