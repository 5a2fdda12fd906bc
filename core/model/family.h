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

// A family's model after its config and weights were read.
class Network {
  public:
    virtual ~Network() = default;

    // Sizes and what the model takes; name, path, tokenizer and weights are filled in by others.
    virtual ModelSummary sizes() const = 0;
    // The forward pass of `length` >= 1 positions. Inputs of the graph are called input_ids and
    // token_type_ids.
    virtual std::shared_ptr<const Graph> build_graph(int length) const = 0;
    // What the labels (axis P) of its head mean; empty where the config names them.
    virtual std::vector<std::string> label_names() const { return {}; }
};

// Reads what the config says and fetches all weights. Throws Error.
using OpenFamily = std::unique_ptr<Network> (*)(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
