// One run: a value for every node of a graph. Built by a backend, const afterwards, shared between
// threads. A value is held by the host, or somewhere else (on a device: read when it is looked at),
// or derived (recomputed by rows when it is read).
//
// Threads that may wait read by wait(), value() and tensor(). The thread that draws does not wait:
// it calls read(), or computes something by the others inside of if_at_hand (core/run/at_hand.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/graph/graph.h"
#include "core/run/inputs.h"
#include "core/tensor/tensor.h"

namespace heed {

class Trace;

// A block of a node's values, row-major within the box. It keeps alive what it points at.
class Tile {
  public:
    Tile(std::shared_ptr<const float[]> data, const Box& box, std::ptrdiff_t outer_stride,
         std::ptrdiff_t row_stride);

    const Box& box() const { return box_; }
    // `box().cols()` contiguous values; indices are the node's.
    const float* row(int outer, int row) const;
    float at(int outer, int row, int col) const { return row_at(outer, row)[col - box_.col_begin]; }

  private:
    const float* row_at(int outer, int r) const { return row(outer, r); }
    std::shared_ptr<const float[]> data_;
    Box box_;
    std::ptrdiff_t outer_stride_;
    std::ptrdiff_t row_stride_;
};

// Cells of one node that were set by hand: row-major position -> value.
using Patch = std::map<std::size_t, float>;

// Gives values that the trace does not hold on the host.
class TileProvider {
  public:
    virtual ~TileProvider() = default;
    // The tile, or nullopt while it is still on its way: it has been asked for, and another read
    // gives it when it is there.
    virtual std::optional<Tile> read(const Trace& trace, NodeId node, const Box& box) const = 0;
    // The tile, once it is there.
    virtual Tile wait(const Trace& trace, NodeId node, const Box& box) const;
    // Whether the node's values are stored somewhere: to read them nothing is computed anew.
    virtual bool holds(NodeId) const { return false; }
    // Whether a tile that read() was asked for is still on its way.
    virtual bool is_pending() const { return false; }
    // `wake` is called, from any thread, when a tile has come that read() did not have.
    virtual void set_wake(std::function<void()>) const {}
};

// How a trace came to be.
struct RunFacts {
    std::string backend;  // "cpu", "gl"
    int threads = 0;
    double milliseconds = 0;
    int nodes_computed = 0;  // kernels run; names of other nodes and values taken over do not count
    std::size_t bytes = 0;   // held by this trace alone
    std::string note;        // why it is another backend's than was asked for; else empty
    // For each node where the pass was measured, else empty; of nodes computed together the last
    // has all of it.
    std::vector<double> node_milliseconds;
};

class Trace : public std::enable_shared_from_this<Trace> {
  public:
    // What a backend hands over. `values[node]` is null where the provider gives the values.
    struct Parts {
        std::shared_ptr<const Graph> graph;
        std::shared_ptr<const WeightStore> weights;  // may be null: a trace from a file
        RunInputs inputs;
        std::vector<std::shared_ptr<const float[]>> values;
        std::map<NodeId, Patch> patches;  // of this trace, with those it was made from
        std::shared_ptr<const TileProvider> provider;
        RunFacts facts;
    };
    explicit Trace(Parts parts);

    const Graph& graph() const { return *parts_.graph; }
    const std::shared_ptr<const Graph>& graph_pointer() const { return parts_.graph; }
    const WeightStore* weights() const { return parts_.weights.get(); }
    const std::shared_ptr<const WeightStore>& weights_pointer() const { return parts_.weights; }
    const RunInputs& inputs() const { return parts_.inputs; }
    const RunFacts& facts() const { return parts_.facts; }
    const std::map<NodeId, Patch>& patches() const { return parts_.patches; }
    // What an input of the graph was given at `index`: an id at [t], a number of an array.
    float input_value(int input, const std::vector<int>& index) const;
    // Labels of a sequence's positions; empty where it has none.
    std::span<const TokenLabel> labels(int sequence) const;

    // Whether the node's values have to be computed anew to be read.
    bool is_recomputed(NodeId node) const;
    // The host's memory of a node; nullptr where the provider gives its values.
    const std::shared_ptr<const float[]>& held(NodeId node) const;

    // A block of a node's values, or nullopt while pending. No copy where the host holds the node.
    std::optional<Tile> read(NodeId node, const Box& box) const;
    // The same; waits for it. Inside of if_at_hand it does not wait.
    Tile wait(NodeId node, const Box& box) const;
    // Inside of if_at_hand: has the tile begun to be fetched, for a wait to come. Else nothing.
    void ask(NodeId node, const Box& box) const;
    // Whether something that was read is still on its way.
    bool is_pending() const { return provider() != nullptr && provider()->is_pending(); }
    const std::shared_ptr<const TileProvider>& provider() const { return parts_.provider; }
    // One value; waits for it as wait() does. The index is checked (Bug).
    float value(NodeId node, const std::vector<int>& index) const;
    // All values; waits for them as wait() does.
    Tensor tensor(NodeId node) const;

  private:
    Parts parts_;
};

// The box of the one row that holds `index`, and the index's column in it.
struct RowPlace {
    int outer = 0;
    int row = 0;
    int col = 0;
};
RowPlace place_of(const Shape& shape, const std::vector<int>& index);

}  // namespace heed
