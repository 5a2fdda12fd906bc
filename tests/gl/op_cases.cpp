#include "tests/gl/op_cases.h"

#include <cmath>

#include "tests/core/ops/every_op.h"

namespace heed::test {

namespace {

constexpr int kHeads = 3;
constexpr int kLength = 19;
constexpr int kKeys = 37;

// Scores [H, T, S]-like of numbers around 0.
NodeId scores(TestGraph& test, int length = kLength, int keys = kKeys, float deviation = 3,
              int heads = kHeads) {
    return test.random_heads("x", test.builder.sequence("source", length), heads, keys, deviation);
}
// A node [T, D].
NodeId rows(TestGraph& test, const std::string& name, int length = kLength, int width = kKeys) {
    return test.random_node(name, test.builder.sequence(name + "_rows", length), width);
}

OpCase add_case(int operands) {
    return {"add of " + std::to_string(operands), kRounding, false, [operands](TestGraph& test) {
                const int source = test.builder.sequence("source", kLength);
                std::vector<NodeId> xs;
                for (int i = 0; i < operands; ++i) {
                    xs.push_back(test.random_node("x" + std::to_string(i), source, kKeys));
                }
                test.builder.add("sum", xs);
            }};
}

OpCase mask_case(const std::string& name, MaskRule rule, int window, int offset) {
    return {"mask " + name, kExact, false, [=](TestGraph& test) {
                const NodeId x = scores(test);
                if (rule == MaskRule::kWindow || rule == MaskRule::kBand) {
                    test.builder.mask_window("masked", x, rule, window, offset);
                } else {
                    test.builder.mask("masked", x, rule, offset);
                }
            }};
}

OpCase rotary_case(const std::string& name, int pairs, bool is_interleaved) {
    return {"rotary " + name, kDevice, false, [=](TestGraph& test) {
                RotaryRule rule;
                rule.is_interleaved = is_interleaved;
                rule.scale = is_interleaved ? 1.25 : 1;
                for (int i = 0; i < pairs; ++i) {
                    rule.frequencies.push_back(std::pow(100.0, -1.0 * i / pairs));
                }
                test.builder.rotary("turned", scores(test, kLength, 10), rule);
            }};
}

OpCase alibi_case(bool is_coarse) {
    return {is_coarse ? "alibi in bfloat16" : "alibi", kRounding, true, [=](TestGraph& test) {
                test.builder.alibi("sloped", scores(test, kLength, 300), {0.5F, 0.17F, 0.004F},
                                   is_coarse);
            }};
}

// Numbers far from 0, and near it: there small shares are not hidden behind large values.
OpCase activation_case(Activation activation, float deviation) {
    const std::string name = activation_name(activation);
    return {name + (deviation > 1 ? " of large numbers" : " of small numbers"), kDevice, false,
            [=](TestGraph& test) {
                const NodeId x = scores(test, kLength, kKeys, deviation);
                test.builder.activation("post", x, activation, Stage::kFeedForward);
            }};
}

OpCase softmax_case(const std::string& name, int keys, int heads) {
    return {"softmax of " + name, kDevice, keys > 500, [=](TestGraph& test) {
                const NodeId x = scores(test, kLength, keys, 5, heads);
                test.builder.softmax("pattern", x);
                // The first rows see no key.
                const NodeId masked = test.builder.mask("masked", x, MaskRule::kCausal, -4);
                test.builder.softmax("masked_pattern", masked);
                test.builder.log_softmax("log", x, Stage::kUnembed);
            }};
}

OpCase norms_case(const std::string& name, int width) {
    return {"norms of " + name, kDevice, width > 500, [=](TestGraph& test) {
                const NodeId x = rows(test, "x", kLength, width);
                const Axis d{"D", width};
                GraphBuilder& b = test.builder;
                b.layer_norm("bare", x, std::nullopt, std::nullopt, 1e-5F);
                b.layer_norm("scaled", x, test.weight("w", {d}), std::nullopt, 1e-12F);
                b.layer_norm("whole", x, test.weight("w", {d}), test.weight("b", {d}), 1e-5F);
                b.rms_norm("rms_bare", x, std::nullopt, 1e-5F);
                // Every third number of a longer tensor.
                const WeightView gain = test.weight("gain", {d, {"N", 3}}).picked(1, 1);
                b.rms_norm("rms", x, gain, 1e-6F, 1);
            }};
}

// Rows that almost cancel out: a sum that is rounded at each step is off by a thousandth.
void build_small_sums(TestGraph& test) {
    constexpr int kPairs = 120;
    std::vector<float> values;
    for (int row = 0; row < 6; ++row) {
        const std::vector<float> large = test.numbers(kPairs, 1e4F);
        const std::vector<float> small = test.numbers(kPairs, 1);
        for (const float number : large) values.push_back(number);
        for (const float number : small) values.push_back(number);
        for (const float number : large) values.push_back(-number);
    }
    const int source = test.builder.sequence("source", 6);
    const NodeId x = test.given_heads("x", source, 1, 3 * kPairs, values);
    test.builder.normalise_sum("pattern", x);
}

}  // namespace

std::vector<OpCase> cell_cases() {
    std::vector<OpCase> cases = {
        {"scale", kExact, false,
         [](TestGraph& test) { test.builder.scale("scaled", scores(test), 0.3F, "0.3"); }},
        mask_case("of none", MaskRule::kNone, 0, 0),
        mask_case("causal", MaskRule::kCausal, 0, 2),
        mask_case("window", MaskRule::kWindow, 4, 3),
        mask_case("band", MaskRule::kBand, 5, 0),
        {"gate", kDevice, false,
         [](TestGraph& test) {
             const int source = test.builder.sequence("source", kLength);
             const NodeId gate = test.random_node("gate", source, kKeys, 4);
             const NodeId up = test.random_node("up", source, kKeys);
             test.builder.gate("post", gate, up, Activation::kSilu, Stage::kFeedForward);
         }},
        {"soft cap", kDevice, false,
         [](TestGraph& test) {
             test.builder.soft_cap("capped", scores(test), 2.5F, Stage::kScale);
         }},
        add_case(1),
        add_case(2),
        add_case(3),
        add_case(6),
        add_case(7),
        add_case(13),
        alibi_case(false),
        alibi_case(true),
        {"bucket bias", kRounding, false,
         [](TestGraph& test) {
             const NodeId x = scores(test);
             const WeightView near = test.weight("W_near", {{"buckets", 4}, {"H", kHeads}});
             const NodeId one = test.builder.bucket_bias("near", x, near, {4, 8, false});
             const WeightView both = test.weight("W_both", {{"H", kHeads}, {"buckets", 8}});
             test.builder.bucket_bias("both", one, both.transposed(0, 1), {8, 16, true});
         }},
        {"head bias", kRounding, false,
         [](TestGraph& test) {
             const NodeId x = scores(test);
             const Axis h{"H", kHeads}, k{"K", kKeys};
             test.builder.head_bias("plain", x, test.weight("u", {h, k}));
             test.builder.head_bias("transposed", x, test.weight("v", {k, h}).transposed(0, 1));
         }},
        {"pair sum", kRounding, false,
         [](TestGraph& test) {
             const NodeId q = test.random_heads("q", test.builder.sequence("target", 7), kHeads, 5);
             const NodeId k =
                 test.random_heads("k", test.builder.sequence("source", 11), kHeads, 5);
             test.builder.pair_sum("pairs", q, k);
         }},
        rotary_case("of all halves", 5, false),
        rotary_case("of some halves", 3, false),
        rotary_case("of all neighbours", 5, true),
        rotary_case("of some neighbours", 4, true)};
    for (const Activation activation : kActivations) {
        cases.push_back(activation_case(activation, 6));
        cases.push_back(activation_case(activation, 0.3F));
    }
    return cases;
}

std::vector<OpCase> row_cases() {
    return {
        softmax_case("keys", kKeys, kHeads),
        softmax_case("one key", 1, kHeads),
        softmax_case("many keys", 451, 1),
        softmax_case("a vocabulary", 5003, 2),
        {"log softmax of equals", kDevice, false,
         [](TestGraph& test) {
             // The sum, almost 45, is far from a power of 2.
             test.builder.log_softmax("log", scores(test, kLength, 45, 0.01F), Stage::kUnembed);
         }},
        norms_case("rows", kKeys),
        norms_case("one column", 1),
        norms_case("wide rows", 1603),
        {"normalise by sum", kRounding, false,
         [](TestGraph& test) {
             std::vector<float> values = test.numbers(kHeads * kLength * 65, 1);
             for (float& value : values) value = std::abs(value) + 0.25F;
             const int source = test.builder.sequence("source", kLength);
             const NodeId x = test.given_heads("x", source, kHeads, 65, values);
             const NodeId masked = test.builder.mask("masked", x, MaskRule::kCausal, 3);
             test.builder.normalise_sum("pattern", masked);
         }},
        {"normalise by small sums", kRounding, false, build_small_sums},
        {"dot weight", kDevice, false,
         [](TestGraph& test) {
             GraphBuilder& b = test.builder;
             const Axis k{"K", kKeys};
             b.dot_weight("score", scores(test), test.weight("w", {k}));
             const WeightView strided = test.weight("w", {k, {"N", 2}}).picked(1, 1);
             b.dot_weight("judged", rows(test, "long", 160), strided,
                          test.weight("b", {{"N", 3}}).narrowed(0, 2, 1), Stage::kUnembed);
         }},
        {"mean of rows", kRounding, false,
         [](TestGraph& test) {
             test.builder.mean_rows("mean", rows(test, "x", 160, 23), Stage::kUnembed);
             test.builder.mean_rows("of_one", rows(test, "one", 1, 23), Stage::kUnembed);
         }},
    };
}

std::vector<OpCase> move_cases() {
    const auto clusters = [](TestGraph& test) {
        const int source = test.builder.sequence("source", kLength);
        const NodeId head = test.random_node("head", source, 7);
        const NodeId near = test.random_node("near", source, 4);
        const NodeId rare = test.random_node("rare", source, 3);
        test.builder.cluster_logprobs("logprobs", head, {near, rare}, {0, 5, 9}, {"V", 12});
    };
    const auto tables = [](TestGraph& test) {
        GraphBuilder& b = test.builder;
        const int source = b.sequence("source", kLength);
        const Axis d{"D", 29}, v{"V", 83};
        const int ids = b.ids("ids", source, 83);
        const WeightView turned = test.weight("W_turned", {d, v}).transposed(0, 1);
        b.gather("plain", test.weight("W_plain", {v, d}), ids, Stage::kEmbed);
        b.gather("turned", turned, ids, Stage::kEmbed);
        b.table_rows("rows", test.weight("W_rows", {v, d}), source, 5);
        b.table_rows("turned_rows", turned, source, 7);
    };
    const auto rows_of = [](TestGraph& test) {
        GraphBuilder& b = test.builder;
        const NodeId x = rows(test, "x", kLength, 31);
        b.take_row("last", x, kLength - 1, Stage::kUnembed);
        b.take_rows("some", x, b.sequence("few", 6), 4);
        const int picked = b.ids("position", b.sequence("one", 1), 73);
        b.pick_row("picked", rows(test, "long", 73, 31), picked, Stage::kUnembed);
        b.zeros("zeros", b.sequence("none", 9), {"D", 31});
        const int joined =
            b.joined("joined", {{-1, 0, 2, "first"}, {0, 0, kLength, ""}, {-1, 0, 3, "last"}});
        const WeightView first = test.weight("first", {{"D", 31}, {"N", 2}}).transposed(0, 1);
        const WeightView last = test.weight("last", {{"N", 3}, {"D", 31}});
        b.concat_rows("rows_of_all", joined, {first, x, last});
        b.concat_columns("columns", {x, b.alias("again", x, Stage::kAdd), x});
    };
    const auto waves = [](TestGraph& test) {
        const int source = test.builder.sequence("source", 40);
        test.builder.sinusoid("by_turns", source, {"D", 21});
        test.builder.sinusoid("halves", source, {"D", 21}, {true, 13});
    };
    const auto heads = [](TestGraph& test) {
        test.builder.merge_heads("merged", scores(test, kLength, 13));
    };
    const auto patches = [](TestGraph& test) {
        GraphBuilder& b = test.builder;
        const int sequence = b.patches("patches", {3, 4});
        const int pixels = b.numbers("pixels", {{"C", 3}, {"Y", 10}, {"X", 21}});
        b.patches("squares", pixels, sequence, {3, 5});
    };
    return {{"tables", kExact, false, tables},   {"rows", kExact, false, rows_of},
            {"sinusoid", kExact, false, waves},  {"heads", kExact, false, heads},
            {"patches", kExact, false, patches}, {"clusters", kExact, false, clusters}};
}

}  // namespace heed::test
