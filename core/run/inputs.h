// What one run is given, and how a person names its positions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace heed {

// One position of a sequence, as it is labelled wherever an axis is drawn.
struct TokenLabel {
    std::string text;   // as a person reads it: "bark", " the", "##s"
    std::string piece;  // as the vocabulary spells it; empty where there is no tokenizer
    int id = 0;
    std::size_t begin = 0;  // bytes of the sentence; [0, 0) where the model added the token
    std::size_t end = 0;
    int text_index = -1;  // 0 the text, 1 the pair, -1 neither
    int type_id = 0;
    bool is_special = false;
};

struct RunInputs {
    std::vector<std::vector<int>> ids;            // for each input of the graph
    std::vector<std::vector<TokenLabel>> labels;  // for each sequence of the graph
    std::string model;                            // name, for people and trace files
    std::string text;
    std::string pair;
};

}  // namespace heed
