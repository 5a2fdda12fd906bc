// What the views remember between frames: what a person set in them (options), zoom, scrolling, and
// values of the shown trace that would cost too much to read in every frame. Lives in the document,
// is changed by the view that it belongs to; options change by the action `set` alone.
#pragma once

#include "app/views/state/attention_state.h"
#include "app/views/state/heads_state.h"
#include "app/views/state/inspector_state.h"
#include "app/views/state/neuron_state.h"
#include "app/views/state/predict_state.h"
#include "app/views/state/sentence_state.h"
#include "app/views/state/stages_state.h"
#include "app/views/state/vectors_state.h"

namespace heed::app {

struct ViewStates {
    AttentionViewState attention;
    HeadsViewState heads;
    StagesViewState stages;
    NeuronViewState neuron;
    VectorsViewState vectors;
    PredictViewState predict;
    InspectorViewState inspector;
    SentenceViewState sentence;

    // All options, each named "<view>.<option>".
    void visit(OptionVisitor& v) {
        const auto group = [&v](std::string_view name, auto& options) {
            v.begin(name);
            options.visit(v);
            v.end();
        };
        group("attention", attention.options);
        group("heads", heads.options);
        group("stages", stages.options);
        group("neuron", neuron.options);
        group("vectors", vectors.options);
        group("predict", predict.options);
    }
};

}  // namespace heed::app
