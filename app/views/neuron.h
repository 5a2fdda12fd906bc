// A score, dimension by dimension: the query's and the key's numbers, their products as bars that
// add up to the score, and the way from the score to the weight; or the products with every key.
//
// Items: view/neuron/title, note, mode/*, sort/*, sentence; of a pair q[d], k[d], term[d], sum,
// step[i]; of a row key[s], score[s], weight[s], term[s,d].
#pragma once

#include <string>
#include <vector>

#include "app/views/help_texts.h"
#include "app/views/view.h"

namespace heed::app {

struct NeuronHeader {
    Rect title;
    Rect note;  // empty where there is no room
    Rect sort;
    Rect mode;
};

struct NeuronPairLayout {
    NeuronHeader header;
    Rect sentence;             // empty where there is no room, as are all below
    Rect labels;               // column at the left: names of the strips, numbers of the axes
    std::vector<Rect> strips;  // one for each row of factors
    Rect bars;
    Rect running;             // the sum so far
    Rect dimensions;          // numbers under the columns
    std::vector<Rect> steps;  // from the score to the weight
    Rect legend;
    Rect figure;      // all that belongs to the picture
    float pitch = 0;  // from one dimension to the next
    int shown = 0;    // dimensions that are drawn
    int label_step = 1;
    bool has_numbers = false;  // in the strips

    float column_x(int place) const { return bars.x + pitch * static_cast<float>(place); }
};

struct NeuronPairRequest {
    Rect inside;
    int width = 0;   // dimensions
    int strips = 2;  // rows of factors
    int steps = 0;
};
NeuronPairLayout layout_neuron_pair(const UiContext& ui, const NeuronPairRequest& request);

struct NeuronRowLayout {
    NeuronHeader header;
    Rect sentence;
    Rect query;     // the query's own strip
    Rect headings;  // over the columns
    Rect list;      // the keys in sight
    Rect legend;
    Rect figure;
    float row_h = 0;
    float label_w = 0;
    float strip_x = 0;  // all from the left of `list`
    float strip_w = 0;
    float score_x = 0;  // its right edge
    float bar_x = 0;
    float bar_w = 0;
    float weight_x = 0;  // its right edge
    bool scrolls = false;
};

struct NeuronRowRequest {
    Rect inside;
    int width = 0;
    int keys = 0;
    float widest_label = 0;
};
NeuronRowLayout layout_neuron_row(const UiContext& ui, const NeuronRowRequest& request);

// All that the drawing of one frame needs.
struct NeuronScene {
    const Trace& trace;
    const Selection& selection;
    const AttentionSite& site;
    const ScoreParts& parts;
    NeuronViewState& state;
    UiContext& ui;
};

// The products of the chosen pair, or of the chosen query with all keys; nullptr while pending.
const NeuronPair* update_neuron_pair(const NeuronScene& scene);
const NeuronRow* update_neuron_row(const NeuronScene& scene);

void draw_neuron_header(const NeuronScene& scene, const NeuronHeader& layout,
                        const std::string& title, const std::string& note, ViewResult& result);
void draw_neuron_pair(const NeuronScene& scene, const Rect& inside, const NeuronPair& pair,
                      ViewResult& result);
void draw_neuron_row(const NeuronScene& scene, const Rect& inside, const NeuronRow& row,
                     ViewResult& result);

// A box for each node of the chain.
void draw_neuron_steps(const NeuronScene& scene, const NeuronPair& pair,
                       const std::vector<Rect>& boxes, ViewResult& result);

// What a node of the chain does, in a word or two: "× 1 / √(32)", "softmax".
std::string step_caption(const Graph& graph, const ScoreParts& parts, NodeId node);

// Asks about a cell and keeps the pair that is looked at.
Selection ask_beside(const NeuronScene& scene, NodeId node, std::vector<int> cell);

ViewResult draw_neuron_view(const Trace& trace, const Selection& selection, const Rect& rect,
                            NeuronViewState& state, UiContext& ui);

}  // namespace heed::app
