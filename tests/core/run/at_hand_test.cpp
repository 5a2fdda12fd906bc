#include "core/run/at_hand.h"

#include <doctest/doctest.h>

#include "core/run/explain.h"
#include "tests/core/run/slow_values.h"
#include "tests/core/run/traces.h"

using namespace heed;
using namespace heed::test;

namespace {

std::shared_ptr<const Trace> run(const Pass& pass) {
    return pass.prepare(1)->run(pass.inputs, {});
}

}  // namespace

TEST_SUITE_BEGIN("core/run/at hand");

TEST_CASE("what is computed of values that are at hand is there at once") {
    const Pass pass = make_decoder_pass(5);
    const auto trace = run(pass);
    const NodeId node = pass.graph->find("blocks.0.attn.z").value();
    CHECK(if_at_hand([&] {
              return trace->value(node, {1, 3, 2});
          }) == trace->value(node, {1, 3, 2}));
    CHECK_FALSE(AtHand::is_demanded());
}

TEST_CASE("what reads pending values is broken off, and goes through in the end") {
    const Pass pass = make_decoder_pass(40);
    const auto trace = run(pass);
    const SlowTrace slow = make_slow_trace(trace);
    for (const char* name : {"blocks.0.attn.z", "blocks.0.attn.pattern", "blocks.0.mlp.post"}) {
        CAPTURE(name);
        const NodeId node = pass.graph->find(name).value();
        const std::vector<int> cell(static_cast<std::size_t>(pass.graph->node(node).shape.rank()),
                                    1);
        const Explanation want = explain(*trace, node, cell);
        std::optional<Explanation> got;
        int tries = 0;
        while (!got) {
            REQUIRE(++tries < 40);
            got = if_at_hand([&] { return explain(*slow.trace, node, cell); });
        }
        CHECK(tries > 1);
        CHECK(got->numbers == want.numbers);
        REQUIRE(got->terms.size() == want.terms.size());
        for (std::size_t i = 0; i < want.terms.size(); ++i) {
            CHECK(got->terms[i].cell.value == want.terms[i].cell.value);
        }
    }
    CHECK(slow.values->waits_here() == 0);
}

TEST_CASE("tiles that are asked for together come together") {
    const Pass pass = make_decoder_pass(5);
    const SlowTrace slow = make_slow_trace(run(pass));
    const NodeId node = pass.graph->find("blocks.0.attn.pattern").value();
    const auto sum = [&] {
        float total = 0;
        for (int h = 0; h < 2; ++h) slow.trace->ask(node, {h, h + 1, 0, 5, 0, 5});
        for (int h = 0; h < 2; ++h) {
            total += slow.trace->wait(node, {h, h + 1, 0, 5, 0, 5}).at(h, 0, 0);
        }
        return total;
    };
    int tries = 1;
    while (!if_at_hand(sum)) ++tries;
    CHECK(tries <= 3);
    // Who may wait asks for nothing beforehand.
    const int misses = slow.values->misses();
    slow.trace->ask(node, {0, 1, 1, 2, 0, 5});
    CHECK(slow.values->misses() == misses);
    sum();
    CHECK(slow.values->waits_here() == 2);
}

TEST_CASE("other exceptions pass through, and a demand ends with its scope") {
    struct Other {};
    CHECK_THROWS_AS(if_at_hand([]() -> int { throw Other(); }), Other);
    CHECK_FALSE(AtHand::is_demanded());
    const AtHand outer;
    if_at_hand([] { return 1; });
    CHECK(AtHand::is_demanded());
}

TEST_SUITE_END();
