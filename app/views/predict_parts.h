// What the parts of the predict view share.
#pragma once

#include <optional>
#include <string>

#include "app/views/predict.h"
#include "app/views/predict_facts.h"

namespace heed::app {

struct PredictScene {
    const Trace& trace;
    const Selection& selection;
    const Predictor& predictor;  // the one that is shown large
    int sequence = 0;            // of its positions
    int position = 0;            // the chosen one
    PredictViewState& state;
    UiContext& ui;

    std::string word(int at) const { return token_text(trace, sequence, at); }
    int positions() const;
    // The word that stands where the prediction is for: the next one, or this one.
    std::optional<int> actual_id() const;
    bool is_masked() const;    // the chosen position is a gap
    bool is_decoders() const;  // the positions are those of a decoder beside an encoder
    std::uint64_t version(std::initializer_list<std::uint64_t> more) const;
};

// Asks about the cell of an entry: its probability, else its logit.
Selection ask_entry(const PredictScene& scene, const Predictor& predictor, int id);
NodeId shown_node(const Predictor& predictor);
std::vector<int> cell_of(const PredictScene& scene, const Predictor& predictor, int id);

void draw_predict_list(const PredictScene& scene, const PredictFrame& frame, ViewResult& result);
void draw_predict_labels(const PredictScene& scene, const Rect& rect, ViewResult& result);
// What each layer would say at the chosen position, word by word.
void draw_position_lens(const PredictScene& scene, const Rect& rect);
// The first word at every position, layer by layer.
void draw_layers_lens(const PredictScene& scene, const Rect& rect, ViewResult& result);

}  // namespace heed::app
