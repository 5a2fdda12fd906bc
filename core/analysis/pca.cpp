#include "core/analysis/pca.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/base/check.h"

namespace heed {
namespace {

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

double dot(const double* a, const double* b, int count) {
    // Four sums side by side: they need not wait for each other.
    double sums[4] = {0, 0, 0, 0};
    int i = 0;
    for (; i + 4 <= count; i += 4) {
        for (int k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
    }
    for (; i < count; ++i) sums[0] += a[i] * b[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// A symmetric matrix as Q T Q^T with T tridiagonal. `reflectors` row k holds v of
// H_k = I - v v^T (|v|^2 = 2, or v = 0) in its entries k+1 .. n-1.
struct Tridiagonal {
    std::vector<double> diagonal;  // [n]
    std::vector<double> beside;    // [n]: beside[i] couples i and i + 1; the last is 0
    std::vector<double> reflectors;
};

// The reflector that turns `x` (count numbers) to its first axis, in `v`; the first entry then.
double make_reflector(const double* x, double* v, int count) {
    const double length = std::sqrt(dot(x, x, count));
    std::copy(x, x + count, v);
    if (length == 0) return 0;
    const double first = x[0] > 0 ? -length : length;
    v[0] -= first;
    const double scale = std::sqrt(2 / dot(v, v, count));
    for (int i = 0; i < count; ++i) v[i] *= scale;
    return first;
}

Tridiagonal reduce(std::vector<double>& a, int n, const CancelToken& cancel) {
    Tridiagonal out{std::vector<double>(at(n)), std::vector<double>(at(n)),
                    std::vector<double>(at(n) * at(n))};
    std::vector<double> w(at(n));
    for (int k = 0; k < n; ++k) {
        cancel.check();
        out.diagonal[at(k)] = a[at(k) * at(n) + at(k)];
        if (k + 1 == n) break;
        const int count = n - k - 1;
        double* v = &out.reflectors[at(k) * at(n) + at(k) + 1];
        out.beside[at(k)] = make_reflector(&a[at(k) * at(n) + at(k) + 1], v, count);
        // A' = H A H = A - v w^T - w v^T with p = A v and w = p - v (v . p) / 2.
        for (int i = 0; i < count; ++i) {
            w[at(i)] = dot(&a[at(k + 1 + i) * at(n) + at(k) + 1], v, count);
        }
        const double half = dot(v, w.data(), count) / 2;
        for (int i = 0; i < count; ++i) w[at(i)] -= half * v[i];
        for (int i = 0; i < count; ++i) {
            double* row = &a[at(k + 1 + i) * at(n) + at(k) + 1];
            for (int j = 0; j < count; ++j) row[j] -= v[i] * w[at(j)] + w[at(i)] * v[j];
        }
    }
    return out;
}

// Q^T, row by row, out of the reflectors.
std::vector<double> accumulate(const std::vector<double>& reflectors, int n) {
    std::vector<double> rows(at(n) * at(n));
    for (int i = 0; i < n; ++i) rows[at(i) * at(n) + at(i)] = 1;
    for (int k = n - 2; k >= 0; --k) {
        const double* v = &reflectors[at(k) * at(n) + at(k) + 1];
        const int count = n - k - 1;
        for (int r = k + 1; r < n; ++r) {
            double* row = &rows[at(r) * at(n) + at(k) + 1];
            const double along = dot(row, v, count);
            for (int j = 0; j < count; ++j) row[j] -= along * v[j];
        }
    }
    return rows;
}

// One implicit QL step with Wilkinson's shift on the block [first, last]; turns the rows along.
void step_ql(Tridiagonal& t, std::vector<double>& rows, int n, int first, int last) {
    std::vector<double>& d = t.diagonal;
    std::vector<double>& e = t.beside;
    double g = (d[at(first + 1)] - d[at(first)]) / (2 * e[at(first)]);
    const double root = std::hypot(g, 1.0);
    g = d[at(last)] - d[at(first)] + e[at(first)] / (g + std::copysign(root, g));
    double sine = 1;
    double cosine = 1;
    double p = 0;
    for (int i = last - 1; i >= first; --i) {
        const double f = sine * e[at(i)];
        const double b = cosine * e[at(i)];
        const double r = std::hypot(f, g);
        e[at(i + 1)] = r;
        if (r == 0) {  // the block falls apart here
            d[at(i + 1)] -= p;
            e[at(last)] = 0;
            return;
        }
        sine = f / r;
        cosine = g / r;
        g = d[at(i + 1)] - p;
        const double turned = (d[at(i)] - g) * sine + 2 * cosine * b;
        p = sine * turned;
        d[at(i + 1)] = g + p;
        g = cosine * turned - b;
        double* upper = &rows[at(i) * at(n)];
        double* lower = &rows[at(i + 1) * at(n)];
        for (int j = 0; j < n; ++j) {
            const double old = lower[j];
            lower[j] = sine * upper[j] + cosine * old;
            upper[j] = cosine * upper[j] - sine * old;
        }
    }
    d[at(first)] -= p;
    e[at(first)] = g;
    e[at(last)] = 0;
}

void diagonalise(Tridiagonal& t, std::vector<double>& rows, int n, const CancelToken& cancel) {
    constexpr int kMostSteps = 60;  // two or three suffice
    for (int first = 0; first < n; ++first) {
        for (int steps = 0;; ++steps) {
            cancel.check();
            int last = first;
            for (; last + 1 < n; ++last) {
                const double near =
                    std::abs(t.diagonal[at(last)]) + std::abs(t.diagonal[at(last + 1)]);
                if (std::abs(t.beside[at(last)]) <= std::numeric_limits<double>::epsilon() * near) {
                    break;
                }
            }
            if (last == first) break;
            HEED_CHECK_LT(steps, kMostSteps);
            step_ql(t, rows, n, first, last);
        }
    }
}

// `points` without their mean.
std::vector<double> centre(std::span<const double> points, int count, int width,
                           std::vector<double>& mean) {
    mean.assign(at(width), 0.0);
    for (int i = 0; i < count; ++i) {
        for (int d = 0; d < width; ++d) mean[at(d)] += points[at(i) * at(width) + at(d)];
    }
    for (double& m : mean) m /= std::max(1, count);
    std::vector<double> centred(points.begin(), points.end());
    for (int i = 0; i < count; ++i) {
        for (int d = 0; d < width; ++d) centred[at(i) * at(width) + at(d)] -= mean[at(d)];
    }
    return centred;
}

// x x^T of the rows of `x` [rows, cols].
std::vector<double> multiply_rows(const std::vector<double>& x, int rows, int cols,
                                  const CancelToken& cancel) {
    std::vector<double> products(at(rows) * at(rows));
    for (int i = 0; i < rows; ++i) {
        cancel.check();
        for (int j = 0; j <= i; ++j) {
            const double product = dot(&x[at(i) * at(cols)], &x[at(j) * at(cols)], cols);
            products[at(i) * at(rows) + at(j)] = product;
            products[at(j) * at(rows) + at(i)] = product;
        }
    }
    return products;
}

std::vector<double> transpose(const std::vector<double>& x, int rows, int cols) {
    std::vector<double> out(x.size());
    for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < cols; ++j) out[at(j) * at(rows) + at(i)] = x[at(i) * at(cols) + at(j)];
    }
    return out;
}

// The component's axis as a unit row: x^T u / |x^T u| of the points' products, else u itself.
std::vector<double> make_axis(const std::vector<double>& centred, const Pca& pca, const double* u,
                              bool is_of_points) {
    std::vector<double> axis(at(pca.width), 0.0);
    if (is_of_points) {
        for (int i = 0; i < pca.points; ++i) {
            const double* row = &centred[at(i) * at(pca.width)];
            for (int d = 0; d < pca.width; ++d) axis[at(d)] += u[i] * row[d];
        }
    } else {
        std::copy(u, u + pca.width, axis.begin());
    }
    const double length = std::sqrt(dot(axis.data(), axis.data(), pca.width));
    const auto largest = std::max_element(
        axis.begin(), axis.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    const double scale = length > 0 ? (*largest < 0 ? -1 : 1) / length : 0;
    for (double& entry : axis) entry *= scale;
    return axis;
}

}  // namespace

EigenSystem solve_symmetric(std::vector<double> matrix, int size, const CancelToken& cancel) {
    HEED_CHECK_EQ(matrix.size(), at(size) * at(size));
    for (int i = 0; i < size; ++i) {
        for (int j = 0; j < i; ++j) {
            double& below = matrix[at(i) * at(size) + at(j)];
            double& above = matrix[at(j) * at(size) + at(i)];
            below = above = (below + above) / 2;
        }
    }
    Tridiagonal t = reduce(matrix, size, cancel);
    std::vector<double> rows = accumulate(t.reflectors, size);
    diagonalise(t, rows, size, cancel);
    std::vector<int> order(at(size));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return t.diagonal[at(a)] > t.diagonal[at(b)]; });
    EigenSystem system;
    system.size = size;
    for (const int i : order) {
        system.values.push_back(t.diagonal[at(i)]);
        const double* row = &rows[at(i) * at(size)];
        system.vectors.insert(system.vectors.end(), row, row + size);
    }
    return system;
}

Pca compute_pca(std::span<const double> points, int count, int width, int components,
                const CancelToken& cancel) {
    HEED_CHECK_EQ(points.size(), at(count) * at(width));
    constexpr double kNothing = 1e-12;  // of the variance: what rounding leaves of an axis
    Pca pca;
    pca.points = count;
    pca.width = width;
    pca.components = components;
    const std::vector<double> centred = centre(points, count, width, pca.mean);
    for (const double x : centred) pca.variance += x * x;
    pca.axes.assign(at(components) * at(width), 0.0);
    pca.coordinates.assign(at(count) * at(components), 0.0);
    pca.shares.assign(at(components), 0.0);
    const bool is_of_points = count <= width;
    const int size = std::min(count, width);
    const EigenSystem system = solve_symmetric(
        is_of_points ? multiply_rows(centred, count, width, cancel)
                     : multiply_rows(transpose(centred, count, width), width, count, cancel),
        size, cancel);
    for (int c = 0; c < std::min(components, size); ++c) {
        if (!(system.values[at(c)] > kNothing * pca.variance)) break;
        const std::vector<double> axis =
            make_axis(centred, pca, &system.vectors[at(c) * at(size)], is_of_points);
        std::copy(axis.begin(), axis.end(), pca.axes.begin() + c * width);
        pca.shares[at(c)] = system.values[at(c)] / pca.variance;
        for (int i = 0; i < count; ++i) {
            pca.coordinates[at(i) * at(components) + at(c)] =
                dot(axis.data(), &centred[at(i) * at(width)], width);
        }
    }
    return pca;
}

}  // namespace heed
