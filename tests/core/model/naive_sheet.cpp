#include "tests/core/model/naive_sheet.h"

#include <cmath>
#include <limits>
#include <sstream>

namespace heed::test {
namespace {

using Row = std::vector<double>;

Rows draw(std::mt19937& random, std::size_t rows, std::size_t cols, double low, double high) {
    std::uniform_real_distribution<float> numbers(static_cast<float>(low),
                                                  static_cast<float>(high));
    Rows matrix(rows, Row(cols));
    for (Row& row : matrix) {
        for (double& value : row) value = static_cast<double>(numbers(random));
    }
    return matrix;
}

Rows times(const Rows& a, const Rows& b) {
    if (b.empty()) return a;
    Rows out(a.size(), Row(b[0].size(), 0.0));
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < b[0].size(); ++j) {
            for (std::size_t n = 0; n < b.size(); ++n) out[i][j] += a[i][n] * b[n][j];
        }
    }
    return out;
}

Row part(const Row& row, std::size_t head, std::size_t heads) {
    const std::size_t width = row.size() / heads;
    const auto begin = row.begin() + static_cast<std::ptrdiff_t>(head * width);
    return {begin, begin + static_cast<std::ptrdiff_t>(width)};
}

double dot(const Row& a, const Row& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

double score_of(const NaiveSheet& sheet, const Row& q, const Row& k) {
    if (sheet.score == "dot") return dot(q, k);
    if (sheet.score == "scaled_dot") {
        const double root = std::sqrt(static_cast<double>(q.size()));
        return dot(q, k) / (sheet.divide_by == 0 ? root : sheet.divide_by);
    }
    double sum = 0;
    if (sheet.score == "general") {
        for (std::size_t i = 0; i < q.size(); ++i) {
            for (std::size_t j = 0; j < k.size(); ++j) sum += q[i] * sheet.w_general[i][j] * k[j];
        }
        return sum;
    }
    for (std::size_t i = 0; i < q.size(); ++i) sum += sheet.w_score[i] * std::tanh(q[i] + k[i]);
    return sum;
}

void normalise(const NaiveSheet& sheet, Row& scores, std::size_t allowed) {
    double high = -std::numeric_limits<double>::infinity();
    for (std::size_t s = 0; s < allowed; ++s) high = std::max(high, scores[s]);
    double sum = 0;
    for (std::size_t s = 0; s < scores.size(); ++s) {
        if (sheet.normalise == "softmax") scores[s] = std::exp(scores[s] - high);
        if (s >= allowed) scores[s] = 0;
        sum += scores[s];
    }
    for (double& score : scores) score /= sum;
}

Rows embed(const NaiveSheet& sheet) {
    Rows x = sheet.vectors;
    for (std::size_t t = 0; t < x.size(); ++t) {
        for (std::size_t i = 0; i < x[t].size(); ++i) {
            const double exponent =
                2 * std::floor(static_cast<double>(i) / 2) / static_cast<double>(x[t].size());
            const double angle = static_cast<double>(t) / std::pow(10000.0, exponent);
            if (sheet.sinusoidal) x[t][i] += i % 2 == 0 ? std::sin(angle) : std::cos(angle);
            if (!sheet.position_rows.empty()) x[t][i] += sheet.position_rows[t][i];
        }
    }
    return x;
}

void normalise_layer(Row& row) {
    double mean = 0;
    for (const double value : row) mean += value / static_cast<double>(row.size());
    double variance = 0;
    for (const double value : row) {
        variance += (value - mean) * (value - mean) / static_cast<double>(row.size());
    }
    for (double& value : row) value = (value - mean) / std::sqrt(variance + 1e-5);
}

void write(std::ostringstream& out, const char* key, const Rows& rows) {
    if (rows.empty()) return;
    out << ",\n\"" << key << "\": [";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out << (i > 0 ? ", [" : "[");
        for (std::size_t j = 0; j < rows[i].size(); ++j) out << (j > 0 ? ", " : "") << rows[i][j];
        out << "]";
    }
    out << "]";
}

}  // namespace

NaiveSheet draw_naive_sheet(std::mt19937& random, const std::string& score,
                            const std::string& normalise) {
    const auto any = [&random](int count) {
        return static_cast<int>(random() % static_cast<unsigned>(count));
    };
    // Positive numbers where rows are divided by their sums, so that no sum is near 0.
    const double low = normalise == "sum" ? 0.1 : -1.0;
    NaiveSheet sheet;
    sheet.score = score;
    sheet.normalise = normalise;
    sheet.heads = 1 + any(3);
    const auto heads = static_cast<std::size_t>(sheet.heads);
    const std::size_t length = 1 + static_cast<std::size_t>(any(6));
    const std::size_t width = heads * (1 + static_cast<std::size_t>(any(3)));
    sheet.vectors = draw(random, length, width, low, 1);
    const bool has_queries = any(3) == 0;
    if (has_queries) sheet.query_vectors = draw(random, 2, width, low, 1);
    sheet.causal = !has_queries && any(2) == 0;
    sheet.sinusoidal = normalise == "softmax" && any(3) == 0;
    if (!sheet.sinusoidal && any(2) == 0) sheet.position_rows = draw(random, length, width, low, 1);
    if (score == "scaled_dot" && any(2) == 0) sheet.divide_by = 0.5 + any(4);

    std::size_t q = width;
    std::size_t v = width;
    if (any(2) == 0) {
        q = heads * (1 + static_cast<std::size_t>(any(4)));
        sheet.w_q = draw(random, width, q, low, 1);
        sheet.w_k = draw(random, width, q, low, 1);
    }
    if (any(2) == 0) {
        v = heads * (1 + static_cast<std::size_t>(any(4)));
        sheet.w_v = draw(random, width, v, low, 1);
    }
    if (any(2) == 0) sheet.w_o = draw(random, v, width, low, 1);
    if (score == "general") sheet.w_general = draw(random, q / heads, q / heads, low, 1);
    if (score == "additive") sheet.w_score = draw(random, 1, q / heads, low, 1)[0];
    sheet.residual = (v == width || !sheet.w_o.empty()) && any(2) == 0;
    sheet.norm = any(3) == 0;
    return sheet;
}

std::string sheet_text(const NaiveSheet& sheet) {
    std::ostringstream out;
    out.precision(17);
    const auto words = [&out](const char* key, std::size_t count) {
        out << "\"" << key << "\": [";
        for (std::size_t i = 0; i < count; ++i) out << (i > 0 ? ", " : "") << "\"t" << i << "\"";
        out << "]";
    };
    out << "{";
    words("tokens", sheet.vectors.size());
    write(out, "vectors", sheet.vectors);
    write(out, "query_vectors", sheet.query_vectors);
    if (!sheet.query_vectors.empty()) {
        out << ",\n";
        words("query_tokens", sheet.query_vectors.size());
    }
    write(out, "positions", sheet.position_rows);
    write(out, "w_q", sheet.w_q);
    write(out, "w_k", sheet.w_k);
    write(out, "w_v", sheet.w_v);
    write(out, "w_o", sheet.w_o);
    write(out, "w_general", sheet.w_general);
    for (std::size_t i = 0; i < sheet.w_score.size(); ++i) {
        out << (i == 0 ? ",\n\"w_score\": [" : ", ") << sheet.w_score[i];
    }
    if (!sheet.w_score.empty()) out << "]";
    if (sheet.sinusoidal) out << ",\n\"positions\": \"sinusoidal\"";
    if (sheet.divide_by != 0) out << ",\n\"divide_by\": " << sheet.divide_by;
    out << std::boolalpha << ",\n\"score\": \"" << sheet.score << "\", \"normalise\": \""
        << sheet.normalise << "\", \"heads\": " << sheet.heads << ", \"causal\": " << sheet.causal
        << ", \"residual\": " << sheet.residual << ", \"norm\": " << sheet.norm << "}";
    return out.str();
}

NaiveResult compute_naive(const NaiveSheet& sheet) {
    const Rows x = embed(sheet);
    const Rows& asking = sheet.query_vectors.empty() ? x : sheet.query_vectors;
    const Rows q = times(asking, sheet.w_q);
    const Rows k = times(x, sheet.w_k);
    const Rows v = times(x, sheet.w_v);
    const auto heads = static_cast<std::size_t>(sheet.heads);
    NaiveResult result;
    Rows joined(q.size());
    for (std::size_t h = 0; h < heads; ++h) {
        Rows pattern(q.size(), Row(k.size()));
        for (std::size_t t = 0; t < q.size(); ++t) {
            for (std::size_t s = 0; s < k.size(); ++s) {
                pattern[t][s] = score_of(sheet, part(q[t], h, heads), part(k[s], h, heads));
            }
            normalise(sheet, pattern[t], sheet.causal ? t + 1 : k.size());
            Row z(v[0].size() / heads, 0.0);
            for (std::size_t s = 0; s < k.size(); ++s) {
                const Row value = part(v[s], h, heads);
                for (std::size_t i = 0; i < z.size(); ++i) z[i] += pattern[t][s] * value[i];
            }
            joined[t].insert(joined[t].end(), z.begin(), z.end());
        }
        result.pattern.push_back(pattern);
    }
    result.final = times(joined, sheet.w_o);
    for (std::size_t t = 0; t < result.final.size(); ++t) {
        for (std::size_t i = 0; sheet.residual && i < asking[t].size(); ++i) {
            result.final[t][i] += asking[t][i];
        }
        if (sheet.norm) normalise_layer(result.final[t]);
    }
    return result;
}

}  // namespace heed::test
