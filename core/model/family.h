// What a family is to the rest of core/model: a way from a config and weights to a network that can
// build graphs. Nothing outside core/model sees this.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/graph/graph.h"
#include "core/model/config.h"
#include "core/model/model.h"
#include "core/model/weight_source.h"

namespace heed {

// How many positions each sequence of a pass has; 0 where it has none. A picture's follow from the
// config.
struct Lengths {
    int tokens = 1;
    int target = 0;
    int memory = 0;
};

// A family's model after its config and weights were read.
class Network {
  public:
    virtual ~Network() = default;

    // Sizes and what the model takes; name, path, tokenizer and weights are filled in by others.
    virtual ModelSummary sizes() const = 0;
    // The forward pass. Inputs of the graph are called input_ids, token_type_ids,
    // decoder_input_ids, memory_ids, pixel_values, or as derived_ids() knows them; sequences that
    // they belong to tokens or source, target, memory and patches.
    virtual std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const = 0;
    // What an input is given that follows from the `ids` of the tokens ("position_ids").
    virtual std::vector<int> derived_ids(const std::string& input,
                                         const std::vector<int>& ids) const;
    // What a decoder's text begins with.
    virtual std::vector<int> target_start() const { return {}; }
    // What a decoder reads where nobody gives it a text; `ids` are those of the encoder's.
    virtual std::vector<int> usual_target(const std::vector<int>& ids) const;
    // What the labels (axis P) of its head mean; empty where the config names them.
    virtual std::vector<std::string> label_names() const { return {}; }
};

// Reads what the config says and fetches all weights. Throws Error.
using OpenFamily = std::unique_ptr<Network> (*)(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
