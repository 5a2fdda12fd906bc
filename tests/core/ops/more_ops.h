// More graphs built by hand, of the ops that relatives of the first transformers have.
#pragma once

#include <vector>

#include "tests/core/ops/graph_run.h"

namespace heed::test {

// Attention with every rule of positions and masks, after a norm without a mean and before a gated
// feed-forward; no inputs.
struct PositionSizes {
    int length = 6;
    int heads = 4;
    int key_heads = 2;
    int pairs = 2;  // of columns of a head; there are two columns more
    int d_mlp = 7;
};
void build_positions(TestGraph& test, const PositionSizes& sizes);

// Scores over a memory by distances, and a vocabulary of 12 words in three clusters. Inputs are
// input_ids of `length` tokens and memory_ids of `memory` ones, which may be 0.
void build_memory(TestGraph& test, int length, int memory);
std::vector<std::vector<int>> memory_ids(int length, int memory);

// A picture of 3 channels in `rows` x `columns` squares of `side` pixels behind a learned row, and
// the row that an input of one id picks, the mean of all and a number for each. Inputs are
// pixel_values and pooled_position.
struct PictureSizes {
    int rows = 2;
    int columns = 3;
    PatchSize patch = {2, 3};

    // What no patch covers is left over at the right and below.
    int height() const { return rows * patch.height + patch.height - 1; }
    int width() const { return columns * patch.width + patch.width - 1; }
};
void build_picture(TestGraph& test, const PictureSizes& sizes);
std::vector<std::vector<int>> picture_ids(const PictureSizes& sizes);
std::vector<std::vector<float>> picture_numbers(const PictureSizes& sizes);

}  // namespace heed::test
