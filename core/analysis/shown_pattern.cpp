#include "core/analysis/shown_pattern.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "core/base/check.h"

namespace heed {
namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

bool is_every_token(const std::vector<TokenGroup>& groups, int extent) {
    if (static_cast<int>(groups.size()) != extent) return false;
    for (int i = 0; i < extent; ++i) {
        const std::vector<int>& positions = groups[static_cast<std::size_t>(i)].positions;
        if (positions.size() != 1 || positions.front() != i) return false;
    }
    return true;
}

// out[r,c] = mean over the row's positions of the sum over the column's.
void join_values(const PatternMatrix& from, const ShownPattern& shown, float* out) {
    const std::size_t columns = shown.columns.size();
    std::vector<double> sums(columns);
    for (std::size_t r = 0; r < shown.rows.size(); ++r) {
        std::fill(sums.begin(), sums.end(), 0.0);
        for (const int t : shown.rows[r].positions) {
            const float* row = from.row(t);
            for (std::size_t c = 0; c < columns; ++c) {
                for (const int s : shown.columns[c].positions)
                    sums[c] += static_cast<double>(row[s]);
            }
        }
        const auto count = static_cast<double>(shown.rows[r].positions.size());
        for (std::size_t c = 0; c < columns; ++c) {
            out[r * columns + c] = static_cast<float>(sums[c] / count);
        }
    }
}

// -inf only where every pair of positions is.
bool join_blocked(const PatternMatrix& from, const ShownPattern& shown, float* out) {
    bool has_some = false;
    const std::size_t columns = shown.columns.size();
    for (std::size_t r = 0; r < shown.rows.size(); ++r) {
        for (std::size_t c = 0; c < columns; ++c) {
            bool is_blocked = true;
            for (const int t : shown.rows[r].positions) {
                const float* row = from.row(t);
                for (const int s : shown.columns[c].positions) {
                    is_blocked = is_blocked && row[s] == kMinusInfinity;
                }
            }
            if (is_blocked) out[r * columns + c] = kMinusInfinity;
            has_some = has_some || is_blocked;
        }
    }
    return has_some;
}

void measure_left_out(const Pattern& pattern, ShownPattern& shown) {
    std::vector<bool> is_seen(static_cast<std::size_t>(pattern.values.columns()), false);
    for (const TokenGroup& group : shown.columns) {
        for (const int s : group.positions) is_seen[static_cast<std::size_t>(s)] = true;
    }
    double hidden_of_all = 0;
    double all = 0;
    for (const TokenGroup& group : shown.rows) {
        double hidden = 0;
        double total = 0;
        for (const int t : group.positions) {
            const float* row = pattern.values.row(t);
            for (std::size_t s = 0; s < is_seen.size(); ++s) {
                total += static_cast<double>(row[s]);
                if (!is_seen[s]) hidden += static_cast<double>(row[s]);
            }
        }
        shown.left_out.push_back(total > 0 ? static_cast<float>(hidden / total) : 0.0F);
        hidden_of_all += hidden;
        all += total;
    }
    shown.left_out_of_all = all > 0 ? static_cast<float>(hidden_of_all / all) : 0.0F;
}

class TermList {
  public:
    // For pairs of these queries.
    TermList(const Trace& trace, const Pattern& pattern, const std::vector<int>& queries)
        : pattern_(pattern) {
        const int keys = matrix_extents(trace.graph().node(pattern.node).shape).cols;
        const auto box_of = [keys](int h, int t) { return Box{h, h + 1, t, t + 1, 0, keys}; };
        for (const int t : queries) {
            for (const int h : pattern.heads) trace.ask(pattern.node, box_of(h, t));
        }
        for (const int t : queries) {
            for (const int h : pattern.heads) {
                rows_.try_emplace({h, t}, trace.wait(pattern.node, box_of(h, t)));
            }
        }
    }

    // The heads' cells at a pair of positions, times `share`.
    void add_pair(int t, int s, double share) {
        if (pattern_.kind == PatternKind::kRollout) return add_rollout(t, s, share);
        if (pattern_.choice == HeadChoice::kMax) return add_largest(t, s, share);
        const double each = share / static_cast<double>(pattern_.heads.size());
        for (const int h : pattern_.heads) add(h, t, s, each);
    }
    std::vector<PatternTerm> take() {
        const auto is_larger = [](const PatternTerm& a, const PatternTerm& b) {
            return std::abs(a.contribution) > std::abs(b.contribution);
        };
        std::stable_sort(terms_.begin(), terms_.end(), is_larger);
        return std::move(terms_);
    }

  private:
    double weight(int h, int t, int s) const {
        return static_cast<double>(rows_.at({h, t}).at(h, t, s));
    }
    double length(int h, int s) const {
        if (pattern_.lengths.size() == 0) return 1;
        return static_cast<double>(pattern_.lengths.at({h, s}));
    }
    void add(int h, int t, int s, double factor) {
        PatternTerm term{pattern_.node, {h, t, s}, 0, 0, 0};
        term.value = weight(h, t, s);
        const double sign = pattern_.lengths.size() > 0 && term.value < 0 ? -1 : 1;
        term.factor = factor * sign * length(h, s);
        push(std::move(term));
    }
    void add_largest(int t, int s, double share) {
        int largest = pattern_.heads.front();
        double most = -std::numeric_limits<double>::infinity();
        for (const int h : pattern_.heads) {
            const double value = weight(h, t, s);
            const double size =
                pattern_.lengths.size() > 0 ? std::abs(value) * length(h, s) : value;
            if (size > most) {
                most = size;
                largest = h;
            }
        }
        add(largest, t, s, share);
    }
    // rollout[t,s] = sum_u (mean[t,u] + [t = u]) / (2 norm) * before[u,s]
    void add_rollout(int t, int s, double share) {
        const int words = pattern_.values.columns();
        const auto before = [&](int u) {
            if (pattern_.before.rows() > 0) return static_cast<double>(pattern_.before.at(u, s));
            return u == s ? 1.0 : 0.0;
        };
        const auto heads = static_cast<double>(pattern_.heads.size());
        double norm = 0.5;
        for (const int h : pattern_.heads) {
            for (int u = 0; u < words; ++u) {
                norm += weight(h, t, u) / heads / 2;
            }
        }
        if (norm == 0) return;
        for (int u = 0; u < words; ++u) {
            const double factor = share / 2 / norm * before(u);
            if (factor == 0) continue;
            for (const int h : pattern_.heads) add(h, t, u, factor / heads);
            if (u == t) push({-1, {}, 1, factor, 0});
        }
    }
    void push(PatternTerm term) {
        term.contribution = term.factor * term.value;
        if (term.contribution != 0) terms_.push_back(std::move(term));
    }

    const Pattern& pattern_;
    std::map<std::pair<int, int>, Tile> rows_;  // (head, query)
    std::vector<PatternTerm> terms_;
};

}  // namespace

ShownPattern arrange_pattern(const Pattern& pattern, std::vector<TokenGroup> rows,
                             std::vector<TokenGroup> columns) {
    ShownPattern shown;
    shown.rows = std::move(rows);
    shown.columns = std::move(columns);
    if (is_every_token(shown.rows, pattern.values.rows()) &&
        is_every_token(shown.columns, pattern.values.columns())) {
        shown.values = pattern.values;
        shown.blocked = pattern.blocked;
        shown.left_out.assign(shown.rows.size(), 0.0F);
        return shown;
    }
    const int row_count = static_cast<int>(shown.rows.size());
    const int column_count = static_cast<int>(shown.columns.size());
    float* cells = nullptr;
    shown.values = PatternMatrix::make(row_count, column_count, cells);
    join_values(pattern.values, shown, cells);
    if (pattern.blocked.rows() > 0) {
        PatternMatrix blocked = PatternMatrix::make(row_count, column_count, cells);
        if (join_blocked(pattern.blocked, shown, cells)) shown.blocked = std::move(blocked);
    }
    measure_left_out(pattern, shown);
    return shown;
}

std::vector<PatternTerm> explain_shown(const Trace& trace, const Pattern& pattern,
                                       const ShownPattern& shown, int row, int column) {
    HEED_CHECK_LT(row, static_cast<int>(shown.rows.size()));
    HEED_CHECK_LT(column, static_cast<int>(shown.columns.size()));
    const TokenGroup& queries = shown.rows[static_cast<std::size_t>(row)];
    const TokenGroup& keys = shown.columns[static_cast<std::size_t>(column)];
    TermList terms(trace, pattern, queries.positions);
    for (const int t : queries.positions) {
        for (const int s : keys.positions) {
            terms.add_pair(t, s, 1 / static_cast<double>(queries.positions.size()));
        }
    }
    return terms.take();
}

}  // namespace heed
