#include "tests/core/run/traces.h"

#include "tests/core/ops/more_ops.h"

namespace heed::test {
namespace {

bool is_same(std::span<const float> a, std::span<const float> b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

}  // namespace

Pass make_decoder_pass(int length, int d_head, int d_mlp, unsigned seed) {
    TestGraph test(seed);
    build_decoder(test, {length, 4, 2, d_head, d_mlp, true});
    Pass pass{test.builder.build(), test.store, {}};
    pass.inputs.ids = decoder_ids(length);
    pass.inputs.model = "decoder";
    return pass;
}

Pass make_additive_pass(int queries, int keys) {
    TestGraph test(2);
    build_additive(test, queries, keys);
    return {test.builder.build(), test.store, {}};
}

Pass make_positions_pass(int length) {
    TestGraph test(4);
    build_positions(test, {length, 4, 2, 6, 70});
    return {test.builder.build(), test.store, {}};
}

Pass make_memory_pass(int length, int memory) {
    TestGraph test(5);
    build_memory(test, length, memory);
    Pass pass{test.builder.build(), test.store, {}};
    pass.inputs.ids = memory_ids(length, memory);
    return pass;
}

Pass make_picture_pass() {
    TestGraph test(6);
    build_picture(test, {});
    Pass pass{test.builder.build(), test.store, {}};
    pass.inputs.ids = picture_ids({});
    pass.inputs.numbers = picture_numbers({});
    pass.inputs.model = "picture";
    return pass;
}

Pass make_long_pass() {
    TestGraph test(3);
    const Axis d{"D", 512}, f{"F", 2048};
    GraphBuilder& b = test.builder;
    const NodeId x = b.sinusoid("x", b.sequence("source", 8192), d);
    const NodeId wide =
        b.linear("up", x, test.weight("W_up", {d, f}), std::nullopt, Stage::kFeedForward);
    b.linear("down", wide, test.weight("W_down", {f, d}), std::nullopt, Stage::kFeedForward);
    return {b.build(), test.store, {}};
}

std::string find_other_bits(const Trace& got, const Trace& want) {
    for (NodeId id = 0; id < got.graph().size(); ++id) {
        if (!is_same(got.tensor(id).values(), want.tensor(id).values())) {
            return got.graph().node(id).name;
        }
    }
    return "";
}

std::string find_other_bits(const Trace& got, const GraphRun& want) {
    for (NodeId id = 0; id < got.graph().size(); ++id) {
        if (!is_same(got.tensor(id).values(), want.values(id))) return got.graph().node(id).name;
    }
    return "";
}

}  // namespace heed::test
