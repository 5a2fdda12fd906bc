#include "core/ops/op_table.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/core/ops/every_op.h"
#include "tests/core/ops/more_ops.h"

using namespace heed;
using namespace heed::test;

namespace {

std::vector<std::string> ops_without(const char* OpRow::*column) {
    std::vector<std::string> names;
    for (int op = 0; op < kOpCount; ++op) {
        const OpRow& row = op_row(static_cast<Op>(op));
        if (row.*column == nullptr) names.emplace_back(row.name);
    }
    return names;
}

// Letters in brackets of a formula, and those that a sum binds.
void check_letters(const std::string& formula, const std::string& out_letters) {
    const std::size_t equals = formula.find(" = ");
    REQUIRE_NE(equals, std::string::npos);
    std::set<char> bound;
    for (const char c : out_letters) bound.insert(c);
    const std::size_t sum = formula.find("sum_");
    if (sum != std::string::npos) {
        // A sum's letter is none of the output's, so that it cannot be mistaken for one; but for
        // the sums of whole rows.
        const bool is_of_row = formula.find("/ sum_") != std::string::npos ||
                               formula.find("log sum_") != std::string::npos;
        CHECK_EQ(bound.count(formula[sum + 4]), is_of_row ? 1u : 0u);
        bound.insert(formula[sum + 4]);
    }
    int depth = 0;
    for (std::size_t i = equals; i < formula.size(); ++i) {
        if (formula[i] == '[') ++depth;
        if (formula[i] == ']') --depth;
        const bool is_letter = std::islower(static_cast<unsigned char>(formula[i])) != 0;
        const bool is_word = std::isalpha(static_cast<unsigned char>(formula[i - 1])) != 0 ||
                             formula[i - 1] == '_' ||
                             std::isalpha(static_cast<unsigned char>(formula[i + 1])) != 0 ||
                             formula[i + 1] == '_';
        if (depth > 0 && is_letter && !is_word) CHECK_EQ(bound.count(formula[i]), 1u);
    }
}

// The pieces of each node are the node, each cell once.
void check_pieces(const Graph& graph) {
    for (const Node& node : graph.nodes()) {
        for (const int min_rows : {1, 64}) {
            const MatrixExtents extents = matrix_extents(node.shape);
            std::vector<int> times(node.shape.count(), 0);
            for (const Box& box : tile_node(graph, node, min_rows)) {
                for (int o = box.outer_begin; o < box.outer_end; ++o) {
                    for (int r = box.row_begin; r < box.row_end; ++r) {
                        for (int c = box.col_begin; c < box.col_end; ++c) {
                            ++times.at(static_cast<std::size_t>(
                                (o * extents.rows + r) * extents.cols + c));
                        }
                    }
                }
            }
            CAPTURE(node.name);
            CHECK_EQ(std::count(times.begin(), times.end(), 1),
                     static_cast<std::ptrdiff_t>(times.size()));
        }
    }
}

}  // namespace

TEST_SUITE_BEGIN("core/op_table");

TEST_CASE("each row is where its op is looked up, with a kernel and an explanation") {
    std::set<std::string> names;
    for (int op = 0; op < kOpCount; ++op) {
        const OpRow& row = op_row(static_cast<Op>(op));
        CHECK_EQ(static_cast<int>(row.op), op);
        CHECK((row.kernel != nullptr));
        CHECK((row.explain != nullptr));
        names.insert(row.name);
    }
    CHECK_EQ(names.size(), static_cast<std::size_t>(kOpCount));
}

TEST_CASE("these ops have no derivative yet") {
    const std::vector<std::string> all = {"gather",
                                          "table rows",
                                          "sinusoid",
                                          "alias",
                                          "add",
                                          "layer norm",
                                          "linear",
                                          "split heads",
                                          "merge heads",
                                          "queries times keys",
                                          "scale",
                                          "mask",
                                          "softmax",
                                          "normalise by sum",
                                          "pattern times values",
                                          "activation",
                                          "take a row",
                                          "sum of pairs",
                                          "product with a vector",
                                          "recorded",
                                          "rms norm",
                                          "rotary",
                                          "gate",
                                          "soft cap",
                                          "linear bias",
                                          "distance bias",
                                          "rows of several",
                                          "take rows",
                                          "pick a row",
                                          "zeros",
                                          "patches",
                                          "bias of a head",
                                          "queries times distances",
                                          "embedding in clusters",
                                          "log softmax",
                                          "columns of several",
                                          "log probability in clusters",
                                          "mean of the rows"};
    CHECK_EQ(ops_without(&OpRow::derivative), all);
}

TEST_CASE("each op has a shader, but for those that compute nothing, which say so") {
    for (int op = 0; op < kOpCount; ++op) {
        const OpRow& row = op_row(static_cast<Op>(op));
        CAPTURE(row.name);
        CHECK_NE(row.shader == nullptr, row.on_cpu == nullptr);
    }
    CHECK_EQ(ops_without(&OpRow::shader), std::vector<std::string>{"alias", "recorded"});
}

TEST_CASE("formulas read as the paper writes them") {
    TestGraph test(1);
    build_decoder(test, {});
    const auto graph = test.builder.build();
    const auto formula = [&](const char* name) {
        return formula_text(*graph, graph->node(graph->find(name).value()));
    };
    CHECK_EQ(formula("embed"), "embed[t,d] = W_E[input_ids[t],d]");
    CHECK_EQ(formula("pos_embed"), "pos_embed[t,d] = W_pos[t+2,d]");
    CHECK_EQ(formula("wave"), "wave[t,d] = sin or cos(t / 10000^(2 floor(d/2) / 8))");
    CHECK_EQ(formula("embed_out"),
             "embed_out[t,d] = embed[t,d] + type_embed[t,d] + pos_embed[t,d] + wave[t,d]");
    CHECK_EQ(formula("blocks.0.resid_pre"), "resid_pre[t,d] = embed_out[t,d]");
    CHECK_EQ(formula("blocks.0.ln1"),
             "ln1[t,d] = (resid_pre[t,d] - mean_d) / sqrt(variance_d + 1e-05) * w_ln1[d] + "
             "b_ln1[d]");
    CHECK_EQ(formula("blocks.0.ln2"),
             "ln2[t,d] = (resid_mid[t,d] - mean_d) / sqrt(variance_d + 1e-05)");
    CHECK_EQ(formula("blocks.0.attn.q"), "q[h,t,k] = sum_d ln1[t,d] * W_Q[d,h,k] + b_Q[h,k]");
    CHECK_EQ(formula("blocks.0.attn.dots"), "dots[h,t,s] = sum_k q[h,t,k] * k[h/2,s,k]");
    CHECK_EQ(formula("blocks.0.attn.scaled"), "scaled[h,t,s] = dots[h,t,s] * (1 / sqrt(3))");
    CHECK_EQ(formula("blocks.0.attn.masked"),
             "masked[h,t,s] = scaled[h,t,s] where s <= t, else -inf");
    CHECK_EQ(formula("blocks.0.attn.pattern"),
             "pattern[h,t,s] = exp(masked[h,t,s] - max_s) / sum_s exp(masked[h,t,s] - max_s)");
    CHECK_EQ(formula("blocks.0.attn.z"), "z[h,t,k] = sum_s pattern[h,t,s] * v[h/2,s,k]");
    CHECK_EQ(formula("blocks.0.attn.concat"), "concat[t,j] = z[j/3,t,j%3]");
    CHECK_EQ(formula("blocks.0.attn_out"), "attn_out[t,d] = sum_j concat[t,j] * W_O[j,d]");
    CHECK_EQ(formula("blocks.0.mlp.post"), "post[t,f] = gelu_tanh(pre[t,f])");
    CHECK_EQ(formula("logits"), "logits[t,v] = sum_d final[t,d] * W_U[d,v]");
    CHECK_EQ(formula("pooler.in"), "in[d] = final[4,d]");
    CHECK_EQ(formula("pooler.dense"), "dense[d] = sum_i in[i] * W_pool[i,d] + b_pool[d]");
    CHECK_EQ(formula("pooled"), "pooled[d] = tanh(dense[d])");
}

TEST_CASE("the formulas of additive attention") {
    TestGraph test(2);
    build_additive(test, 2, 3);
    const auto graph = test.builder.build();
    const auto formula = [&](const char* name) {
        return formula_text(*graph, graph->node(graph->find(name).value()));
    };
    CHECK_EQ(formula("attn.q"), "q[h,t,k] = q_joined[t,h*4+k]");
    CHECK_EQ(formula("attn.pairs"), "pairs[h,t,s,k] = q[h,t,k] + k[h,s,k]");
    CHECK_EQ(formula("attn.dots"), "dots[h,t,s] = sum_k w_score[k] * tanh[h,t,s,k]");
    CHECK_EQ(formula("attn.masked"), "masked[h,t,s] = scaled[h,t,s] where s <= t+1, else -inf");
    CHECK_EQ(formula("attn.pattern"), "pattern[h,t,s] = masked[h,t,s] / sum_s masked[h,t,s]");
}

TEST_CASE("the formulas of positions and gates") {
    TestGraph test(10);
    build_positions(test, {});
    const auto graph = test.builder.build();
    const auto formula = [&](const char* name) {
        return formula_text(*graph, graph->node(graph->find(name).value()));
    };
    CHECK_EQ(formula("ln1"), "ln1[t,d] = x[t,d] / sqrt(mean_d x[t,d]^2 + 1e-05) * (1 + w_ln1[d])");
    CHECK_EQ(formula("attn.q_norm"),
             "q_norm[h,t,k] = q[h,t,k] / sqrt(mean_k q[h,t,k]^2 + 1e-06) * w_q[k]");
    CHECK_EQ(formula("final"), "final[t,f] = sum[t,f] / sqrt(mean_f sum[t,f]^2 + 1e-05)");
    CHECK_EQ(formula("attn.rot_q"),
             "rot_q[h,t,k] = rot_q_all_beside[h,t,k] * cos(t f) + "
             "turned(rot_q_all_beside[h,t,k]) * sin(t f), f = frequency of k");
    CHECK_EQ(formula("attn.rot_q_beside"),
             "rot_q_beside[h,t,k] = rot_q_some[h,t,k] * cos(t f) + turned(rot_q_some[h,t,k]) * "
             "sin(t f), f = frequency of k, times 1.2500, where k < 4");
    CHECK_EQ(formula("attn.capped"), "capped[h,t,s] = 1.5000 * tanh(scaled[h,t,s] / 1.5000)");
    CHECK_EQ(formula("attn.sloped"), "sloped[h,t,s] = capped[h,t,s] + slope[h] * s");
    CHECK_EQ(formula("attn.near"), "near[h,t,s] = coarse[h,t,s] + W_near[bucket(t,s),h]");
    CHECK_EQ(formula("attn.band"), "band[h,t,s] = biased[h,t,s] where |t-s| <= 2, else -inf");
    CHECK_EQ(formula("attn.window"), "window[h,t,s] = biased[h,t,s] where t-3 < s <= t, else -inf");
    CHECK_EQ(formula("attn.early"), "early[h,t,s] = biased[h,t,s] where t-1 < s <= t+1, else -inf");
    CHECK_EQ(formula("mlp.post"), "post[t,f] = silu(gate[t,f]) * up[t,f]");
}

TEST_CASE("the formulas of memories, clusters and pictures") {
    TestGraph memory(11), picture(12);
    build_memory(memory, 4, 3);
    build_picture(picture, {});
    auto graph = memory.builder.build();
    const auto formula = [&](const char* name) {
        return formula_text(*graph, graph->node(graph->find(name).value()));
    };
    CHECK_EQ(formula("embed"),
             "embed[t,d] = sum_e table_c[input_ids[t] - first_c,e] * map_c[e,d], c its cluster");
    CHECK_EQ(formula("memory_zeros"), "memory_zeros[t,d] = 0");
    CHECK_EQ(formula("joined"), "joined[t,d] = memory_in[t,d], then embed[t-3,d]");
    CHECK_EQ(formula("wave"), "wave[t,d] = sin or cos(min(t,3) / 10000^(2 (d%3) / 6))");
    CHECK_EQ(formula("attn.q_content"), "q_content[h,t,k] = q[h,t,k] + u[h,k]");
    CHECK_EQ(formula("attn.dots_place"),
             "dots_place[h,t,s] = sum_k q_place[h,t,k] * r[h,t+3-s,k], 0 where s > t+3");
    CHECK_EQ(formula("attn.masked"), "masked[h,t,s] = dots[h,t,s] where t-2 < s <= t+3, else -inf");
    CHECK_EQ(formula("recent"), "recent[t,d] = joined[t+3,d]");
    CHECK_EQ(formula("head_log"),
             "head_log[t,v] = head_raw[t,v] - max_v - log sum_v exp(head_raw[t,v] - max_v)");
    CHECK_EQ(formula("logprobs"),
             "logprobs[t,v] = head_log[t,v] where v < 5, else head[t,cluster of v] + tail[t,v in "
             "there]");
    graph = picture.builder.build();
    CHECK_EQ(formula("squares"),
             "squares[t,i] = pixel_values[pixel i of patch t], patches of 2 x 3");
    CHECK_EQ(formula("embed"), "embed[t,d] = sum_i squares[t,i] * W_E[i,d] + b_E[d]");
    CHECK_EQ(formula("embed_out"), "embed_out[t,d] = cls[t,d], then embed[t-2,d], then end[t-8,d]");
    CHECK_EQ(formula("pooled"), "pooled[d] = embed_out[pooled_position[0],d]");
    CHECK_EQ(formula("mean"), "mean[d] = sum_t embed_out[t,d] / 9");
    CHECK_EQ(formula("judged"), "judged[t] = sum_d w_judge[d] * embed_out[t,d] + b_judge[0]");
}

TEST_CASE("every letter of a formula is an axis of the output or summed over") {
    TestGraph decoder(3), additive(4), activations(5), positions(7), memory(8), picture(9);
    build_decoder(decoder, {});
    build_additive(additive, 2, 3);
    build_activations(activations);
    build_positions(positions, {});
    build_memory(memory, 4, 3);
    build_picture(picture, {});
    for (TestGraph* test : {&decoder, &additive, &activations, &positions, &memory, &picture}) {
        const auto graph = test->builder.build();
        for (const Node& node : graph->nodes()) {
            const std::string formula = formula_text(*graph, node);
            CAPTURE(formula);
            std::string letters;
            for (const Axis& axis : node.shape.axes()) {
                CHECK_EQ(letters.find(axis_letter(axis)), std::string::npos);
                letters += axis_letter(axis);
            }
            check_letters(formula, letters);
        }
    }
}

TEST_CASE("the pieces of a node are the node, each cell once") {
    for (const int length : {1, 2, 7, 60, 300}) {
        TestGraph decoder(6), positions(13), memory(14);
        DecoderSizes sizes;
        sizes.length = length;
        sizes.d_mlp = 700;
        build_decoder(decoder, sizes);
        build_positions(positions, {length, 4, 2, 20, 700});
        build_memory(memory, length, length / 2);
        for (TestGraph* test : {&decoder, &positions, &memory}) {
            const auto graph = test->builder.build();
            check_pieces(*graph);
        }
    }
}

TEST_CASE("numbers are written so that they say something") {
    CHECK_EQ(format_value(0), "0");
    CHECK_EQ(format_value(-0.0), "0");
    CHECK_EQ(format_value(3), "3");
    CHECK_EQ(format_value(0.12345), "0.1235");
    CHECK_EQ(format_value(-2.5), "-2.5000");
    CHECK_EQ(format_value(0.0000123), "1.230e-05");
    CHECK_EQ(format_value(123456789), "1.235e+08");
    CHECK_EQ(format_value(-std::numeric_limits<double>::infinity()), "-inf");
    CHECK_EQ(format_value(std::numeric_limits<double>::quiet_NaN()), "nan");
}

TEST_SUITE_END();
