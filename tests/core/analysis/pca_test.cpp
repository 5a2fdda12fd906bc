#include "core/analysis/pca.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace heed::test {
namespace {

// Double arithmetic over a few hundred terms.
constexpr double kNear = 1e-9;

std::vector<double> draw_points(int count, int width, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<double> points;
    for (int i = 0; i < count * width; ++i) {
        points.push_back(normal(random) * (1 + 3.0 / (1 + i % width)) + 2);
    }
    return points;
}

double entry(const std::vector<double>& m, int columns, int row, int column) {
    return m[static_cast<std::size_t>(row * columns + column)];
}

// The covariance's eigenvalues by Jacobi's rotations: slow, and another way.
std::vector<double> naive_spectrum(const std::vector<double>& points, int count, int width) {
    std::vector<double> mean(static_cast<std::size_t>(width), 0.0);
    for (int i = 0; i < count; ++i) {
        for (int d = 0; d < width; ++d) {
            mean[static_cast<std::size_t>(d)] += entry(points, width, i, d) / count;
        }
    }
    std::vector<std::vector<double>> a(static_cast<std::size_t>(width),
                                       std::vector<double>(static_cast<std::size_t>(width)));
    const auto n = static_cast<std::size_t>(width);
    for (std::size_t x = 0; x < n; ++x) {
        for (std::size_t y = 0; y < n; ++y) {
            for (int i = 0; i < count; ++i) {
                a[x][y] += (entry(points, width, i, static_cast<int>(x)) - mean[x]) *
                           (entry(points, width, i, static_cast<int>(y)) - mean[y]);
            }
        }
    }
    for (int sweep = 0; sweep < 60; ++sweep) {
        for (std::size_t p = 0; p < n; ++p) {
            for (std::size_t q = p + 1; q < n; ++q) {
                const double angle = 0.5 * std::atan2(2 * a[p][q], a[q][q] - a[p][p]);
                const double c = std::cos(angle);
                const double s = std::sin(angle);
                for (std::size_t k = 0; k < n; ++k) {
                    const double kp = a[k][p];
                    a[k][p] = c * kp - s * a[k][q];
                    a[k][q] = s * kp + c * a[k][q];
                }
                for (std::size_t k = 0; k < n; ++k) {
                    const double pk = a[p][k];
                    a[p][k] = c * pk - s * a[q][k];
                    a[q][k] = s * pk + c * a[q][k];
                }
            }
        }
    }
    std::vector<double> values;
    for (std::size_t x = 0; x < n; ++x) values.push_back(a[x][x]);
    std::sort(values.rbegin(), values.rend());
    return values;
}

TEST_SUITE_BEGIN("core/pca");

TEST_CASE("eigenvectors are unit, at right angles, and the matrix only stretches them") {
    for (const int size : {1, 2, 3, 7, 40}) {
        CAPTURE(size);
        const std::vector<double> points = draw_points(size, size, 3);
        std::vector<double> matrix;
        for (int i = 0; i < size; ++i) {
            for (int j = 0; j < size; ++j) {
                matrix.push_back(entry(points, size, i, j) + entry(points, size, j, i));
            }
        }
        const EigenSystem system = solve_symmetric(matrix, size);
        for (int i = 0; i < size; ++i) {
            for (int j = 0; j < size; ++j) {
                double product = 0;
                double stretched = 0;
                for (int k = 0; k < size; ++k) {
                    product +=
                        entry(system.vectors, size, i, k) * entry(system.vectors, size, j, k);
                    stretched += entry(matrix, size, j, k) * entry(system.vectors, size, i, k);
                }
                CHECK(std::abs(product - (i == j ? 1 : 0)) < kNear);
                CHECK(std::abs(stretched - system.values[static_cast<std::size_t>(i)] *
                                               entry(system.vectors, size, i, j)) < 1e-8);
            }
        }
        CHECK(std::is_sorted(system.values.rbegin(), system.values.rend()));
    }
}

TEST_CASE("equal eigenvalues are no trouble") {
    const EigenSystem system = solve_symmetric({2, 0, 0, 0, 2, 0, 0, 0, 2}, 3);
    for (const double value : system.values) CHECK(std::abs(value - 2) < kNear);
    const EigenSystem zero = solve_symmetric(std::vector<double>(16, 0.0), 4);
    for (const double value : zero.values) CHECK(value == 0);
}

TEST_CASE("shares are those of the naive spectrum, with more points than numbers and fewer") {
    for (const auto& [count, width] : {std::pair{30, 6}, {6, 30}, {9, 9}}) {
        CAPTURE(count);
        const std::vector<double> points = draw_points(count, width, 11);
        const Pca pca = compute_pca(points, count, width, 4);
        const std::vector<double> spectrum = naive_spectrum(points, count, width);
        double all = 0;
        for (const double value : spectrum) all += value;
        CHECK(pca.variance == doctest::Approx(all).epsilon(1e-9));
        for (int c = 0; c < 4; ++c) {
            const auto at = static_cast<std::size_t>(c);
            CHECK(std::abs(pca.shares[at] - spectrum[at] / all) < kNear);
            double spread = 0;
            for (int i = 0; i < count; ++i) spread += std::pow(pca.coordinate(i, c), 2);
            CHECK(std::abs(spread / all - pca.shares[at]) < kNear);
        }
    }
}

TEST_CASE("the components are numpy's, signs included") {
    const std::vector<double> points{-2.41, -2.65, -0.25, 0.42,  0.57,  0.02,  -0.06, -2.35, 1.5,
                                     1.63,  0.27,  -0.62, -0.19, 0.16,  0.61,  -3.46, -0.08, -1.16,
                                     -0.31, -0.1,  -0.07, 1.66,  -0.13, -0.59, 0.41,  0.41,  -0.33,
                                     -0.03, -2.94, -0.35, -1.29, 0.02,  -0.02, -0.06, -0.1};
    const std::vector<double> coordinates{
        -0.20844845397595524, -2.0638308219488883, 2.9992278168312794,  1.0922546026929392,
        -2.9909866542538306,  -0.429610009836603,  -1.3116106181301073, 2.518009187623854,
        1.5118179095286137,   -1.1168229585313034};
    const Pca pca = compute_pca(points, 5, 7, 3);
    CHECK(std::abs(pca.shares[0] - 0.5372871990243422) < kNear);
    CHECK(std::abs(pca.shares[1] - 0.32311030581938305) < kNear);
    CHECK(std::abs(pca.shares[2] - 0.10593800616933055) < kNear);
    for (int i = 0; i < 5; ++i) {
        for (int c = 0; c < 2; ++c) {
            CAPTURE(i);
            CHECK(std::abs(pca.coordinate(i, c) - entry(coordinates, 2, i, c)) < 1e-8);
        }
    }
}

TEST_CASE("points without spread lie in the middle") {
    const Pca one = compute_pca(std::vector<double>{1, 2, 3}, 1, 3, 2);
    CHECK(one.coordinates == std::vector<double>{0, 0});
    CHECK(one.shares == std::vector<double>{0, 0});
    const Pca same = compute_pca(std::vector<double>{1, 2, 1, 2, 1, 2}, 3, 2, 2);
    CHECK(same.shares == std::vector<double>{0, 0});
    const Pca line = compute_pca(std::vector<double>{0, 0, 1, 1, 3, 3}, 3, 2, 2);
    CHECK(std::abs(line.shares[0] - 1) < kNear);
    CHECK(line.shares[1] == 0);
}

TEST_CASE("the same points give the same bits, and a cancelled one gives none") {
    const std::vector<double> points = draw_points(50, 64, 2);
    CHECK(compute_pca(points, 50, 64, 3).coordinates == compute_pca(points, 50, 64, 3).coordinates);
    CancelToken cancel;
    cancel.cancel();
    CHECK_THROWS_AS(compute_pca(points, 50, 64, 3, cancel), Cancelled);
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
