#include "app/document/first_selection.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/atlas_file.h"
#include "core/base/error.h"

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

void search_site(const Trace& trace, const AttentionSite& site, std::span<const int> heads,
                 FarLook& best) {
    const Tile tile = trace.wait(*site.pattern, pattern_box(trace, site));
    const auto queries = trace.labels(site.query_sequence);
    const auto keys = trace.labels(site.key_sequence);
    for (const int head : heads) {
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

// The heads of a site that the atlas calls by what they connect ("pronoun to noun").
std::vector<int> list_connecting_heads(const Atlas& atlas, const std::string& site) {
    std::vector<int> heads;
    for (const AtlasHead& head : atlas.heads) {
        if (head.site != site) continue;
        const std::vector<HeadLabel> labels = list_head_labels(atlas, head);
        const bool is_connecting =
            std::any_of(labels.begin(), labels.end(), [&](const HeadLabel& label) {
                return std::any_of(atlas.kinds.begin(), atlas.kinds.end(),
                                   [&](const AtlasKind& kind) { return kind.name == label.text; });
            });
        if (is_connecting) heads.push_back(head.head);
    }
    return heads;
}

}  // namespace

FoundAtlas find_model_atlas(const Model* model, const Trace& trace) {
    if (model == nullptr) return {};
    const std::filesystem::path path = std::filesystem::path(model->summary().path) / "atlas.json";
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return {};
    try {
        Atlas atlas = read_atlas(path);
        check_atlas(atlas, trace.graph(), path);
        return {std::make_shared<const Atlas>(std::move(atlas)), ""};
    } catch (const Error& error) {
        return {nullptr, std::string("What is known of the heads is left out: ") + error.what()};
    }
}

Selection choose_first(const Trace& trace, const Atlas* atlas) {
    const Graph& graph = trace.graph();
    Selection selection = default_selection(graph);
    std::vector<const AttentionSite*> sites;
    for (const AttentionSite& site : graph.attentions()) {
        if (!site.pattern || site.query_sequence != site.key_sequence) continue;
        if (graph.node(*site.pattern).shape.extent(-1) > kLongestSearch) return selection;
        sites.push_back(&site);
    }
    FarLook best, connecting;
    for (const AttentionSite* site : sites) trace.ask(*site->pattern, pattern_box(trace, *site));
    for (const AttentionSite* site : sites) {
        std::vector<int> heads(static_cast<std::size_t>(pattern_box(trace, *site).outer_end));
        std::iota(heads.begin(), heads.end(), 0);
        search_site(trace, *site, heads, best);
        if (atlas == nullptr) continue;
        search_site(trace, *site, list_connecting_heads(*atlas, site->name), connecting);
    }
    if (static_cast<double>(connecting.weight) >= kLeastForLabel) best = connecting;
    if (best.weight < 0) return selection;
    selection.site = best.site;
    selection.layer = best.layer;
    selection.head = best.head;
    selection.query = best.query;
    selection.key = best.key;
    return ask_pattern(graph, clamp_selection(graph, std::move(selection)));
}

}  // namespace heed::app
