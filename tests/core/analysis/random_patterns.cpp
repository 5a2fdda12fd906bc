#include "tests/core/analysis/random_patterns.h"

#include <cmath>
#include <random>

namespace heed::test {

DrawnPattern draw_pattern(int rows, int columns, bool is_causal, unsigned seed, float sharpness) {
    std::mt19937 random(seed);
    DrawnPattern pattern{rows, columns, {}};
    for (int t = 0; t < rows; ++t) {
        std::vector<float> row;
        float sum = 0;
        for (int s = 0; s < columns; ++s) {
            const float score = static_cast<float>(random() % 1000) / 1000 * sharpness;
            row.push_back(is_causal && s > t ? 0.0F : std::exp(score));
            sum += row.back();
        }
        for (const float weight : row) pattern.values.push_back(weight / sum);
    }
    return pattern;
}

}  // namespace heed::test
