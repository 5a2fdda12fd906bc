// Products of matrices run on the graphics card, and the plainest way to compute them.
#pragma once

#include <vector>

#include "app/gl/compute_device.h"
#include "app/gl/record_product.h"

namespace heed::test {

// A product of random numbers with its operands in memory: what is measured and what is compared.
struct ProductCase {
    int outers = 1;
    int rows = 1;
    int depth = 1;
    int cols = 1;
    app::ProductLayout layout = app::ProductLayout::kPlain;
    app::WeightType type = app::WeightType::kF32;  // of the right matrix and the bias
    int group = 1;                                 // outers that share a right matrix
    bool has_bias = false;
    bool has_post = false;
    bool has_heads_in_line = false;  // heads are columns of one matrix
    int margin = 0;                  // numbers between a row and the next, and before the first
    unsigned seed = 1;
};

struct ProductNumbers {
    std::vector<float> out;   // [outers, rows, cols]
    std::vector<float> post;  // the same, or empty
};

// What the cells must be, by a double sum of the numbers as the device has them, and how far they
// may be from it: sums of `depth` products of float32, in any order, are off by less than
// (depth + 3) / 2^24 of the sum of their sizes (Higham, Accuracy and Stability of Numerical
// Algorithms, section 3.1).
struct ProductTruth {
    std::vector<double> out;
    std::vector<double> allowance;
};
ProductTruth compute_product(const ProductCase& wanted);

// Records the product under `limits` and runs it. `commands` gets how many dispatches it took.
ProductNumbers run_product(app::ComputeDevice& device, const app::RecorderLimits& limits,
                           const ProductCase& wanted, int* commands = nullptr);

}  // namespace heed::test
