#include "tests/core/ops/more_ops.h"

#include <cmath>

namespace heed::test {
namespace {

constexpr int kVocabulary = 12;
constexpr int kChannels = 3;

// Turned in every way that models know: all columns, some of them, by halves, by neighbours, with
// a factor. Gives a node whose columns have gone through all of them.
NodeId turn(GraphBuilder& b, const std::string& name, NodeId x, int pairs) {
    RotaryRule rule;
    for (int i = 0; i < pairs; ++i) rule.frequencies.push_back(std::pow(100.0, -1.0 * i / pairs));
    const NodeId some = b.rotary(name + "_some", x, rule);
    rule.is_interleaved = true;
    rule.scale = 1.25;
    const NodeId beside = b.rotary(name + "_beside", some, rule);
    rule.frequencies.push_back(0.01);  // no column stays
    const NodeId all_beside = b.rotary(name + "_all_beside", beside, rule);
    rule.is_interleaved = false;
    rule.scale = 1;
    return b.rotary(name, all_beside, rule);
}

// Every bias of positions, then every mask that takes part in the models.
NodeId bias_and_mask(TestGraph& test, NodeId scaled, const PositionSizes& sizes) {
    GraphBuilder& b = test.builder;
    const NodeId capped = b.soft_cap("attn.capped", scaled, 1.5F, Stage::kScale);
    std::vector<float> slopes;
    for (int h = 0; h < sizes.heads; ++h) slopes.push_back(std::pow(0.5F, static_cast<float>(h)));
    const NodeId sloped = b.alibi("attn.sloped", capped, slopes);
    for (float& slope : slopes) slope *= 0.7F;  // no bfloat16
    const NodeId coarse = b.alibi("attn.coarse", sloped, slopes, true);
    const Axis h{"H", sizes.heads};
    // 4 buckets: 0, 1, 2 to 3, beyond; the other table lies [H, buckets] and has two sides.
    const NodeId near = b.bucket_bias("attn.near", coarse,
                                      test.weight("W_near", {{"buckets", 4}, h}), {4, 8, false});
    const WeightView both = test.weight("W_both", {h, {"buckets", 8}}).transposed(0, 1);
    const NodeId biased = b.bucket_bias("attn.biased", near, both, {8, 16, true});
    const NodeId band = b.mask_window("attn.band", biased, MaskRule::kBand, 2);
    const NodeId window = b.mask_window("attn.window", biased, MaskRule::kWindow, 3);
    b.mask_window("attn.early", biased, MaskRule::kWindow, 2, 1);
    b.softmax("attn.band_pattern", band);
    return window;
}

}  // namespace

void build_positions(TestGraph& test, const PositionSizes& sizes) {
    GraphBuilder& b = test.builder;
    const int source = b.sequence("source", sizes.length);
    const Axis d{"D", 5}, f{"F", sizes.d_mlp};
    const Axis h{"H", sizes.heads}, hkv{"H", sizes.key_heads}, k{"K", 2 * sizes.pairs + 2};
    const NodeId x = test.random_node("x", source, d.extent);
    // Every third number of a longer tensor.
    const WeightView gain = test.weight("w_ln1", {d, {"N", 3}}).picked(1, 1);
    const NodeId ln1 = b.rms_norm("ln1", x, gain, 1e-5F, 1);
    const NodeId q =
        b.linear("attn.q", ln1, test.weight("W_Q", {d, h, k}), std::nullopt, Stage::kProject);
    const NodeId key =
        b.linear("attn.k", ln1, test.weight("W_K", {d, hkv, k}), std::nullopt, Stage::kProject);
    const NodeId v =
        b.linear("attn.v", ln1, test.weight("W_V", {d, hkv, k}), std::nullopt, Stage::kProject);
    const NodeId q_norm = b.rms_norm("attn.q_norm", q, test.weight("w_q", {k}), 1e-6F);
    const NodeId rot_q = turn(b, "attn.rot_q", q_norm, sizes.pairs);
    const NodeId rot_k = turn(b, "attn.rot_k", key, sizes.pairs);
    const NodeId slow = b.scale("attn.slow_q", rot_q, 0.25F, "1 / 4", Stage::kProject);
    const NodeId dots = b.matmul_nt("attn.dots", slow, rot_k);
    const NodeId scaled = b.scale("attn.scaled", dots, 2, "2");
    const NodeId masked = bias_and_mask(test, scaled, sizes);
    const NodeId pattern = b.softmax("attn.pattern", masked);
    const NodeId z = b.matmul("attn.z", pattern, v);
    const NodeId concat = b.merge_heads("attn.concat", z);
    b.attention_site("attn", std::nullopt);

    const WeightView up = test.weight("W_up", {{"H*K", b.shape(concat).extent(1)}, f});
    const WeightView gate = test.weight("W_gate", {{"H*K", b.shape(concat).extent(1)}, f});
    const NodeId mlp_gate = b.linear("mlp.gate", concat, gate, std::nullopt, Stage::kFeedForward);
    const NodeId mlp_up = b.linear("mlp.up", concat, up, std::nullopt, Stage::kFeedForward);
    const NodeId mlp_post =
        b.gate("mlp.post", mlp_gate, mlp_up, Activation::kSilu, Stage::kFeedForward);
    const NodeId heavy =
        b.gate("mlp.heavy", mlp_gate, mlp_up, Activation::kGeluTanh, Stage::kFeedForward);
    const NodeId sum = b.add("mlp.sum", {mlp_post, heavy});
    b.rms_norm("final", sum, std::nullopt, 1e-5F);
}

void build_memory(TestGraph& test, int length, int memory) {
    GraphBuilder& b = test.builder;
    const Axis d{"D", 6};
    const int tokens = b.sequence("tokens", length);
    const int before = b.sequence("memory", memory);
    const int both = b.joined("both", {{before, 0, memory, ""}, {tokens, 0, length, ""}});
    const int distances = b.sequence("distances", memory + length);
    const int ids = b.ids("input_ids", tokens, kVocabulary);
    const int old_ids = b.ids("memory_ids", before, kVocabulary);
    const std::vector<GraphBuilder::Cluster> clusters = {
        {test.weight("W_E_0", {{"V", 5}, {"E", 6}}), test.weight("W_map_0", {{"E", 6}, d})},
        {test.weight("W_E_1", {{"V", 4}, {"E", 3}}), test.weight("W_map_1", {{"E", 3}, d})},
        // The table and the map of the rarest words lie transposed.
        {test.weight("W_E_2", {{"E", 2}, {"V", 3}}).transposed(0, 1),
         test.weight("W_map_2", {d, {"E", 2}}).transposed(0, 1)}};
    const NodeId x = b.cluster_embed("embed", clusters, ids);
    const NodeId old = b.cluster_embed("memory_embed", clusters, old_ids);
    const NodeId zeros = b.zeros("memory_zeros", before, d);
    const NodeId memory_in = b.add("memory_in", {old, zeros});
    const NodeId joined = b.concat_rows("joined", both, {memory_in, x});
    const NodeId wave = b.sinusoid("wave", distances, d, {true, 3});
    b.sinusoid("wave_by_turns", distances, {"D", 5}, {false, 2});
    const NodeId q = b.split_heads("attn.q", x, 2, Stage::kProject);
    const NodeId k = b.split_heads("attn.k", joined, 2, Stage::kProject);
    const NodeId r = b.split_heads("attn.r", wave, 2, Stage::kProject);
    const Axis h{"H", 2}, width{"K", 3};
    const NodeId q_content = b.head_bias("attn.q_content", q, test.weight("u", {h, width}));
    const NodeId q_place =
        b.head_bias("attn.q_place", q, test.weight("v", {width, h}).transposed(0, 1));
    const NodeId content = b.matmul_nt("attn.dots_content", q_content, k);
    const NodeId place = b.distance_dots("attn.dots_place", q_place, r, k, memory);
    const NodeId dots = b.add("attn.dots", {content, place}, Stage::kScore);
    const NodeId masked = b.mask_window("attn.masked", dots, MaskRule::kWindow, length + 1, memory);
    const NodeId pattern = b.softmax("attn.pattern", masked);
    const NodeId z = b.matmul("attn.z", pattern, k);
    b.attention_site("attn", std::nullopt);
    const NodeId concat = b.merge_heads("attn.concat", z);
    b.take_rows("recent", joined, tokens, memory);

    const auto tail = [&](const std::string& name, int words) {
        const NodeId raw = b.linear(name, concat, test.weight("W", {{"H*K", 6}, {"V", words}}),
                                    std::nullopt, Stage::kUnembed);
        return b.log_softmax(name + "_log", raw, Stage::kUnembed);
    };
    const auto part = [&](const std::string& name, int words) {
        return b.linear(name, concat, test.weight("W", {{"H*K", 6}, {"V", words}}), std::nullopt,
                        Stage::kUnembed);
    };
    const NodeId raw = b.concat_columns("head_raw", {part("head_words", 5), part("head_rest", 2)});
    const NodeId head = b.log_softmax("head_log", raw, Stage::kUnembed);
    b.cluster_logprobs("logprobs", head, {tail("tail_1", 4), tail("tail_2", 3)}, {0, 5, 9},
                       {"V", kVocabulary});
}

std::vector<std::vector<int>> memory_ids(int length, int memory) {
    std::vector<std::vector<int>> ids(2);
    for (int t = 0; t < length; ++t) ids[0].push_back((t * 5 + 4) % kVocabulary);
    for (int t = 0; t < memory; ++t) ids[1].push_back((t * 7 + 9) % kVocabulary);
    return ids;
}

void build_picture(TestGraph& test, const PictureSizes& sizes) {
    GraphBuilder& b = test.builder;
    const Axis d{"D", 4};
    const int patches = b.patches("patches", {sizes.rows, sizes.columns});
    const int count = sizes.rows * sizes.columns;
    const int tokens =
        b.joined("tokens", {{-1, 0, 2, "[CLS]"}, {patches, 0, count, ""}, {-1, 0, 1, "end"}});
    const Shape picture = {{"C", kChannels}, {"Y", sizes.height()}, {"X", sizes.width()}};
    const int pixels = b.numbers("pixel_values", picture);
    const NodeId squares = b.patches("squares", pixels, patches, sizes.patch);
    const Axis inside = b.shape(squares).axis(1);
    const NodeId words = b.linear("embed", squares, test.weight("W_E", {inside, d}),
                                  test.weight("b_E", {d}), Stage::kEmbed);
    // The first learned rows lie transposed.
    const WeightView first = test.weight("cls", {d, {"N", 2}}).transposed(0, 1);
    const WeightView last = test.weight("end", {{"N", 1}, d});
    const NodeId x = b.concat_rows("embed_out", tokens, {first, words, last});
    b.take_rows("squares_out", x, patches, 2);
    const int picked = b.ids("pooled_position", b.sequence("pooled", 1), count + 3);
    const NodeId row = b.pick_row("pooled", x, picked, Stage::kUnembed);
    const NodeId norm = b.rms_norm("pooled_norm", row, test.weight("w", {d}), 1e-5F);
    const NodeId logits =
        b.linear("logits", norm, test.weight("W_U", {d, {"P", 3}}), std::nullopt, Stage::kUnembed);
    b.log_softmax("logprobs", logits, Stage::kUnembed);
    b.mean_rows("mean", x, Stage::kUnembed);
    const WeightView judge = test.weight("w_judge", {d, {"N", 2}}).picked(1, 1);
    b.dot_weight("judged", x, judge, test.weight("b_judge", {{"N", 3}}).narrowed(0, 2, 1),
                 Stage::kUnembed);
}

std::vector<std::vector<int>> picture_ids(const PictureSizes& sizes) {
    return {{}, {sizes.rows * sizes.columns / 2 + 1}};
}

std::vector<std::vector<float>> picture_numbers(const PictureSizes& sizes) {
    std::vector<std::vector<float>> numbers(2);
    const int count = kChannels * sizes.height() * sizes.width();
    for (int i = 0; i < count; ++i) {
        numbers[0].push_back(static_cast<float>((i * 37 + 11) % 101) / 50 - 1);
    }
    return numbers;
}

}  // namespace heed::test
