// What one run is given, and how a person names its positions.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/format/image.h"
#include "core/tensor/shape.h"

namespace heed {

class Graph;

// What the entries of axes are called that belong to no sequence: the words of a vocabulary (V),
// the labels of a classifier (P). Safe from several threads.
class AxisNames {
  public:
    virtual ~AxisNames() = default;
    // Whether entries of such an axis have names at all.
    virtual bool has_names(const Axis& axis) const = 0;
    // Entry `position` as a person reads it, in one line, each space as "\u2423": "bark",
    // "\u2423the", "##s", "POSITIVE"; empty where it has no name.
    virtual std::string name(const Axis& axis, int position) const = 0;
    // The word that stands for one left out ([MASK]), where the vocabulary has it.
    virtual std::optional<int> mask_word() const = 0;
};

// One position of a sequence, as it is labelled wherever an axis is drawn.
struct TokenLabel {
    std::string text;   // as a person reads it: "bark", " the", "##s"
    std::string piece;  // as the vocabulary spells it; empty where there is no tokenizer
    int id = 0;
    std::size_t begin = 0;  // bytes of the sentence; [0, 0) where the model added the token
    std::size_t end = 0;
    int text_index = -1;  // 0 text, 1 pair, 2 decoder's, 3 segment before, -1 none
    int type_id = 0;
    bool is_special = false;
};

struct RunInputs {
    std::vector<std::vector<int>> ids;            // for each input of the graph
    std::vector<std::vector<float>> numbers;      // the same; empty where it takes ids
    std::vector<std::vector<TokenLabel>> labels;  // for each sequence of the graph
    std::string model;                            // name, for people and trace files
    std::string text;
    std::string pair;
    std::string target;                      // the decoder's text, of an encoder-decoder
    std::shared_ptr<const Image> picture;    // as large as the model sees it; null without one
    std::shared_ptr<const AxisNames> names;  // null where nothing is known (a trace from a file)
};

// Throws Error for an id out of range. The numbers of ids and of arrays are the graph's (Bug).
void check_inputs(const Graph& graph, const RunInputs& inputs);

}  // namespace heed
