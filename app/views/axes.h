// What the rows and columns of a node's matrix are: tokens of a sequence or numbers, and which of
// its matrices (head) the selection looks at. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/document/selection.h"
#include "core/run/trace.h"

namespace heed::app {

// A token as labels show it: without the space it begins with, control characters spelt out, a
// space alone as "␣".
std::string token_text(const TokenLabel& label);
// The token at `position` of a sequence; its number where the sequence has no labels.
std::string token_text(const Trace& trace, int sequence, int position);

// The entry `position` of one axis of a node: its token, word or label; else its number.
std::string entry_text(const Trace& trace, const Axis& axis, int position);

enum class AxisRole { kPlain, kQuery, kKey };

// One side of a matrix.
struct MatrixAxis {
    std::string letter;  // "t", "s", "k": as formulas number it
    int extent = 0;
    std::span<const TokenLabel> tokens;  // empty: positions are numbered
    AxisRole role = AxisRole::kPlain;
    // Of a vocabulary or of labels: where the names are. Both are the trace's.
    const AxisNames* names = nullptr;
    const Axis* axis = nullptr;

    // Whether positions have names rather than numbers.
    bool has_words() const { return !tokens.empty() || names != nullptr; }
    std::string label(int position) const;
    // Special tokens are told apart by being quieter.
    bool is_faint(int position) const;
};

// One matrix of a node: all axes but the last two are fixed by the selection.
struct MatrixPlace {
    NodeId node = -1;
    int outer = 0;          // which matrix, as Trace::read counts them
    std::vector<int> cell;  // the node's cell that fits the selection
    MatrixAxis rows;        // extent 1 and no letter where the node has one axis
    MatrixAxis columns;

    int row() const;  // of `cell`
    int column() const;
    // The node's cell at a row and column of this matrix.
    std::vector<int> cell_at(int row, int column) const;
};

// The matrix of `node` that the selection's head looks at. Where the node is the selected one its
// own cell decides.
MatrixPlace place_matrix(const Trace& trace, const Selection& selection, NodeId node);

// The selection asking about a cell; the word of its row becomes the one that looks, also where the
// node belongs to no attention.
Selection ask_word_cell(const Trace& trace, const Selection& selection, NodeId node,
                        std::vector<int> cell);

// A node's name without its block and attention: "q", "mlp.pre", "resid_mid".
std::string_view local_name(std::string_view node_name);
// As a formula calls it, in which encoder, decoder and the look between them go without saying:
// "q" of "decoder.blocks.0.cross_attn.q", "logits" of "decoder.logits".
std::string_view symbol_name(std::string_view node_name);
// "layer 1 · head 3"; with the attention's word where the model has several: "layer 1, cross ·
// head 3".
std::string place_text(const Graph& graph, const Selection& selection);

// "pattern[he, bark]", "z[11, he, 3]": the last part of the node's name with tokens for positions.
std::string spoken_cell(const Trace& trace, NodeId node, const std::vector<int>& cell);
// "blocks.5.attn.pattern[11,6,1]"
std::string exact_cell(const std::string& name, const std::vector<int>& cell);

}  // namespace heed::app
