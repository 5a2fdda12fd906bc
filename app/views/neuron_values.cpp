// What the neuron view shows, read from the trace once for each choice.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/views/neuron.h"
#include "core/run/at_hand.h"

namespace heed::app {

namespace {

float largest_magnitude(const std::vector<float>& values) {
    float largest = 0;
    for (const float value : values) largest = std::max(largest, std::abs(value));
    return largest;
}

NeuronKey key_of(const NeuronScene& scene, bool is_pair) {
    return {scene.ui.trace_number,
            scene.parts.score,
            scene.selection.head,
            scene.selection.query,
            is_pair ? scene.selection.key : -1,
            scene.state.options.sort};
}

// One row of one matrix of a node, read whole.
Tile read_row(const Trace& trace, NodeId node, int outer, int row) {
    const int columns = matrix_extents(trace.graph().node(node).shape).cols;
    return trace.wait(node, {outer, outer + 1, row, row + 1, 0, columns});
}

void sum_up(NeuronPair& pair) {
    for (const double product : pair.terms.products) {
        pair.largest_product = std::max(pair.largest_product, std::abs(product));
        (product < 0 ? pair.lowered : pair.lifted) += product;
        if (product > 0) ++pair.lifting;
        if (product < 0) ++pair.lowering;
    }
    for (const auto* row :
         {&pair.terms.left, &pair.terms.right, &pair.terms.bent, &pair.terms.weight}) {
        pair.largest_factor = std::max(pair.largest_factor, largest_magnitude(*row));
    }
}

// nullopt where the weights are not at hand.
std::optional<NeuronPair> make_pair(const NeuronScene& scene, const NeuronKey& key) {
    const Selection& at = scene.selection;
    std::optional<ScoreTerms> terms =
        compute_score_terms(scene.trace, scene.parts, at.head, at.query, at.key);
    if (!terms) return std::nullopt;
    NeuronPair pair;
    pair.of = key;
    pair.terms = std::move(*terms);
    for (const NodeId node : scene.parts.chain) {
        const Tile tile = scene.trace.wait(
            node, {at.head, at.head + 1, at.query, at.query + 1, at.key, at.key + 1});
        pair.chain.push_back(tile.at(at.head, at.query, at.key));
    }
    if (key.sort == NeuronSort::kSize) {
        pair.order = order_by_magnitude(pair.terms.products);
    } else {
        pair.order.resize(pair.terms.products.size());
        std::iota(pair.order.begin(), pair.order.end(), 0);
    }
    sum_up(pair);
    return pair;
}

std::optional<NeuronRow> make_row(const NeuronScene& scene, const NeuronKey& key) {
    const Selection& at = scene.selection;
    const int keys = matrix_extents(scene.trace.graph().node(scene.parts.score).shape).cols;
    NeuronRow row;
    row.of = key;
    row.width = scene.parts.width;
    const auto all = compute_query_terms(scene.trace, scene.parts, at.head, at.query);
    if (!all) return std::nullopt;
    for (const ScoreTerms& terms : *all) {
        for (const double product : terms.products) {
            row.products.push_back(static_cast<float>(product));
        }
        row.left = terms.left;
    }
    const std::vector<NodeId>& chain = scene.parts.chain;
    const NodeId last = chain.size() > 1 ? chain[chain.size() - 2] : chain.front();
    const auto fill_from = [&](NodeId node, std::vector<float>& values) {
        const Tile tile = read_row(scene.trace, node, at.head, at.query);
        values.assign(tile.row(at.head, at.query), tile.row(at.head, at.query) + keys);
    };
    fill_from(chain.front(), row.scores);
    fill_from(last, row.last);
    fill_from(chain.back(), row.weights);
    row.order.resize(static_cast<std::size_t>(keys));
    std::iota(row.order.begin(), row.order.end(), 0);
    if (key.sort == NeuronSort::kSize) {
        std::stable_sort(row.order.begin(), row.order.end(), [&row](int a, int b) {
            return row.last[static_cast<std::size_t>(a)] > row.last[static_cast<std::size_t>(b)];
        });
    }
    row.largest = largest_magnitude(row.products);
    row.largest_left = largest_magnitude(row.left);
    return row;
}

// `kept`, made anew where it is not of `key`; null while the values are on their way.
template <class Made, class Make>
const Made* update(std::optional<Made>& kept, const NeuronKey& key, Make make) {
    if (kept && kept->of == key) return &*kept;
    std::optional<std::optional<Made>> made = if_at_hand(make);
    if (!made || !*made) return nullptr;
    kept = std::move(*made);
    return &*kept;
}

}  // namespace

const NeuronPair* update_neuron_pair(const NeuronScene& scene) {
    const NeuronKey key = key_of(scene, true);
    return update(scene.state.pair, key, [&] { return make_pair(scene, key); });
}

const NeuronRow* update_neuron_row(const NeuronScene& scene) {
    const NeuronKey key = key_of(scene, false);
    return update(scene.state.row, key, [&] { return make_row(scene, key); });
}

}  // namespace heed::app
