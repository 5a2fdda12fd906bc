#include "tests/core/analysis/pattern_traces.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace heed::test {
namespace {

const AttentionSite& site_of(const Trace& trace, int site) {
    return trace.graph().attentions().at(static_cast<std::size_t>(site));
}

// |v[h,s] W_O[h]|, the product spelt out.
double find_length(const Trace& trace, const AttentionSite& site, int h, int s) {
    const Shape& shape = trace.graph().node(site.v.value()).shape;
    const int width = shape.extent(-1);
    const int own = h / (site.heads / shape.extent(0));
    const auto v = [&](int k) { return static_cast<double>(trace.value(*site.v, {own, s, k})); };
    double squares = 0;
    if (!site.out) {
        for (int k = 0; k < width; ++k) squares += v(k) * v(k);
        return std::sqrt(squares);
    }
    const WeightView& w_o = trace.graph().weight(trace.graph().node(*site.out).operands[1].id);
    const std::span<const float> values = trace.weights()->values(w_o.tensor);
    for (int d = 0; d < w_o.shape.extent(1); ++d) {
        double sum = 0;
        for (int k = 0; k < width; ++k) {
            const auto at = static_cast<std::size_t>(w_o.position({h * width + k, d}));
            sum += v(k) * static_cast<double>(values[at]);
        }
        squares += sum * sum;
    }
    return std::sqrt(squares);
}

Rows find_rollout(const Trace& trace, int site) {
    const AttentionSite& last = site_of(trace, site);
    const Rows first = read_rows(trace, site, 0);
    const std::size_t words = first.size();
    Rows product(words, std::vector<double>(words, 0.0));
    for (std::size_t t = 0; t < words; ++t) product[t][t] = 1;
    for (int layer = 0; layer <= site; ++layer) {
        Rows mixed(words, std::vector<double>(words, 0.0));
        for (std::size_t t = 0; t < words; ++t) mixed[t][t] = 0.5;
        for (int h = 0; h < last.heads; ++h) {
            const Rows rows = read_rows(trace, layer, h);
            for (std::size_t t = 0; t < words; ++t) {
                for (std::size_t s = 0; s < words; ++s) mixed[t][s] += rows[t][s] / last.heads / 2;
            }
        }
        Rows next(words, std::vector<double>(words, 0.0));
        for (std::size_t t = 0; t < words; ++t) {
            for (std::size_t u = 0; u < words; ++u) {
                for (std::size_t s = 0; s < words; ++s) next[t][s] += mixed[t][u] * product[u][s];
            }
        }
        product = std::move(next);
    }
    return product;
}

}  // namespace

std::shared_ptr<const Trace> make_stack_trace(int length, int layers, bool is_causal) {
    TestGraph test(9);
    GraphBuilder& b = test.builder;
    const Axis d{"D", 8}, h{"H", 4}, hkv{"H", 2}, k{"K", 3}, j{"H*K", 12};
    const int source = b.sequence("source", length);
    NodeId x = test.random_node("x", source, 8);
    for (int layer = 0; layer < layers; ++layer) {
        b.begin_block(layer);
        const std::string number = std::to_string(layer);
        const auto project = [&](const char* name, const Axis& heads) {
            const WeightView weight = test.weight(std::string("W_") + name + number, {d, heads, k});
            return b.linear(name, x, weight, std::nullopt, Stage::kProject);
        };
        const NodeId q = project("attn.q", h);
        const NodeId key = project("attn.k", hkv);
        const NodeId v = project("attn.v", hkv);
        const NodeId masked = b.mask("attn.masked", b.matmul_nt("attn.dots", q, key),
                                     is_causal ? MaskRule::kCausal : MaskRule::kNone);
        const NodeId z = b.matmul("attn.z", b.softmax("attn.pattern", masked), v);
        const NodeId concat = b.merge_heads("attn.concat", z);
        // As torch.nn.Linear saves it: [out, in].
        const WeightView w_o = test.weight("W_O" + number, {d, j}).transposed(0, 1);
        const NodeId out = b.linear("attn_out", concat, w_o, std::nullopt, Stage::kProjectOut);
        b.attention_site("attn", out);
        x = b.add("resid_post", {x, out});
        b.end_block();
    }
    const Pass pass{test.builder.build(), test.store, {}};
    return pass.prepare(1)->run(pass.inputs, {});
}

std::shared_ptr<const Trace> make_cross_trace(int queries, int keys) {
    const Pass pass = make_additive_pass(queries, keys);
    return pass.prepare(1)->run(pass.inputs, {});
}

Rows read_rows(const Trace& trace, int site, int head) {
    const NodeId node = site_of(trace, site).pattern.value();
    const Shape& shape = trace.graph().node(node).shape;
    Rows rows;
    for (int t = 0; t < shape.extent(1); ++t) {
        rows.emplace_back();
        for (int s = 0; s < shape.extent(2); ++s) {
            rows.back().push_back(static_cast<double>(trace.value(node, {head, t, s})));
        }
    }
    return rows;
}

Rows find_pattern(const Trace& trace, int site, const PatternRequest& request) {
    if (request.kind == PatternKind::kRollout) return find_rollout(trace, site);
    const AttentionSite& own = site_of(trace, site);
    std::vector<int> heads = request.heads;
    if (request.choice == HeadChoice::kMean || request.choice == HeadChoice::kMax) {
        heads.clear();
        for (int h = 0; h < own.heads; ++h) heads.push_back(h);
    }
    Rows joined = read_rows(trace, site, 0);
    for (std::size_t t = 0; t < joined.size(); ++t) {
        for (std::size_t s = 0; s < joined[t].size(); ++s) {
            double sum = 0;
            double most = 0;
            for (const int h : heads) {
                const int row = static_cast<int>(t);
                const int column = static_cast<int>(s);
                auto value = static_cast<double>(trace.value(*own.pattern, {h, row, column}));
                if (request.kind == PatternKind::kNormWeighted) {
                    value *= find_length(trace, own, h, column);
                }
                sum += value;
                most = std::max(most, value);
            }
            joined[t][s] =
                request.choice == HeadChoice::kMax ? most : sum / static_cast<double>(heads.size());
        }
    }
    return joined;
}

void check_same(const PatternMatrix& got, const Rows& want) {
    REQUIRE(got.rows() == static_cast<int>(want.size()));
    for (std::size_t t = 0; t < want.size(); ++t) {
        REQUIRE(got.columns() == static_cast<int>(want[t].size()));
        for (std::size_t s = 0; s < want[t].size(); ++s) {
            CAPTURE(t);
            CAPTURE(s);
            const auto value =
                static_cast<double>(got.at(static_cast<int>(t), static_cast<int>(s)));
            CHECK(std::abs(value - want[t][s]) <= 1e-6 + 1e-5 * std::abs(want[t][s]));
        }
    }
}

}  // namespace heed::test
