// Principal components, exact: the whole eigendecomposition of the points' covariance (or of their
// products with each other, where there are fewer points than numbers in each), nothing sampled.
#pragma once

#include <span>
#include <vector>

#include "core/base/progress.h"

namespace heed {

// The eigenvalues of a symmetric matrix, the largest first, and its eigenvectors as unit rows in
// the same order.
struct EigenSystem {
    int size = 0;
    std::vector<double> values;   // [n]
    std::vector<double> vectors;  // [n, n], row i belongs to values[i]
};

// `matrix` is [n, n], row-major; only its symmetric part counts. Householder reduction and implicit
// QL (Golub, Van Loan 1996, 8.3): the same input gives the same bits. Throws Cancelled.
EigenSystem solve_symmetric(std::vector<double> matrix, int size, const CancelToken& cancel = {});

struct Pca {
    int points = 0;
    int width = 0;
    int components = 0;
    std::vector<double> mean;         // [width]; zeros where the points were not centred
    std::vector<double> axes;         // [components, width]: unit rows; zeros beyond the rank
    std::vector<double> coordinates;  // [points, components]
    std::vector<double> shares;       // [components]: of the variance, in [0, 1]
    double variance = 0;              // sum of squared distances from the mean, over all points

    double coordinate(int point, int component) const {
        return coordinates[static_cast<std::size_t>(point * components + component)];
    }
};

// The first `components` principal components of `points` [count, width], row-major. Signs are
// fixed: the entry of an axis with the largest magnitude is positive. Throws Cancelled.
Pca compute_pca(std::span<const double> points, int count, int width, int components,
                const CancelToken& cancel = {});

}  // namespace heed
