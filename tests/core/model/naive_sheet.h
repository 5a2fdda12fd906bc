// A worksheet computed with nothing but loops over doubles: what the model of the same worksheet
// has to agree with.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace heed::test {

using Rows = std::vector<std::vector<double>>;

struct NaiveSheet {
    Rows vectors;
    Rows query_vectors;                  // empty: the vectors
    Rows position_rows;                  // empty: none, or sinusoidal
    Rows w_q, w_k, w_v, w_o, w_general;  // empty: absent
    std::vector<double> w_score;
    std::string score = "scaled_dot";
    std::string normalise = "softmax";
    double divide_by = 0;  // 0: sqrt_dk
    int heads = 1;
    bool causal = false;
    bool sinusoidal = false;
    bool residual = false;
    bool norm = false;
};

// A sheet of random numbers and options; `score` and `normalise` as given.
NaiveSheet draw_naive_sheet(std::mt19937& random, const std::string& score,
                            const std::string& normalise);

// The sheet as the text of a worksheet file.
std::string sheet_text(const NaiveSheet& sheet);

struct NaiveResult {
    std::vector<Rows> pattern;  // for each head
    Rows final;
};
NaiveResult compute_naive(const NaiveSheet& sheet);

}  // namespace heed::test
