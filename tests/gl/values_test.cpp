// Values on the graphics card: on their way, then there; whatever else the device does.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "app/gl/compute_backend.h"
#include "app/gl/device_values.h"
#include "tests/core/run/traces.h"

namespace heed::app {
namespace {

using test::make_decoder_pass;
using test::Pass;

std::shared_ptr<const Trace> run_on(const std::shared_ptr<ComputeDevice>& device, const Pass& pass,
                                    const RunOptions& options = {}) {
    return make_device_backend(device)
        ->prepare(pass.graph, pass.weights)
        ->run(pass.inputs, options);
}

// Keeps a device's thread at work until it is let go.
class Holding {
  public:
    explicit Holding(ComputeDevice& device) {
        device.thread().post([until = go_.get_future().share()] { until.wait(); });
    }
    void let_go() { go_.set_value(); }

  private:
    std::promise<void> go_;
};

void wait_until(const std::function<bool()>& is_so) {
    for (int i = 0; i < 30000 && !is_so(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    REQUIRE(is_so());
}

TEST_SUITE_BEGIN("gl/values");

TEST_CASE("while the device works a tile is pending, and it is told when it has come") {
    const Pass pass = make_decoder_pass(7);
    const auto device = std::make_shared<ComputeDevice>(DeviceOptions{});
    const auto trace = run_on(device, pass);
    const auto& values = dynamic_cast<const DeviceValues&>(*trace->provider());
    std::atomic<int> wakes = 0;
    values.set_wake([&] { ++wakes; });
    const NodeId node = pass.graph->find("blocks.0.attn.pattern").value();
    const Box box{1, 2, 2, 5, 0, 7};
    Holding holding(*device);
    const std::int64_t before = values.bytes_read();
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(trace->read(node, box).has_value());
        CHECK(trace->is_pending());
    }
    CHECK(wakes == 0);
    holding.let_go();
    wait_until([&] { return wakes == 1; });
    CHECK_FALSE(trace->is_pending());
    const auto want = pass.prepare(1)->run(pass.inputs, {});
    for (int i = 0; i < 2; ++i) {
        const auto tile = trace->read(node, box);
        REQUIRE(tile.has_value());
        for (int row = 2; row < 5; ++row) {
            for (int col = 0; col < 7; ++col) {
                CHECK(tile->at(1, row, col) == doctest::Approx(want->value(node, {1, row, col})));
            }
        }
    }
    // Asked for five times, copied once.
    CHECK(values.bytes_read() - before == 3 * 7 * 4);
    CHECK(wakes == 1);
}

TEST_CASE("what was read while the device worked is waited for, not copied once more") {
    const Pass pass = make_decoder_pass(7);
    const auto device = std::make_shared<ComputeDevice>(DeviceOptions{});
    const auto trace = run_on(device, pass);
    const auto& values = dynamic_cast<const DeviceValues&>(*trace->provider());
    const NodeId node = pass.graph->find("blocks.0.attn.pattern").value();
    Holding holding(*device);
    const std::int64_t before = values.bytes_read();
    CHECK_FALSE(trace->read(node, {0, 1, 0, 1, 0, 7}).has_value());
    holding.let_go();
    trace->wait(node, {0, 1, 0, 1, 0, 7});
    CHECK(values.bytes_read() - before == 7 * 4);
}

TEST_CASE("values on the device are held, those that are derived are not") {
    const Pass pass = make_decoder_pass(7);
    const auto device = std::make_shared<ComputeDevice>(DeviceOptions{});
    const auto whole = run_on(device, pass);
    const auto lean = run_on(device, pass, test::keep_nothing());
    int derived = 0;
    for (NodeId id = 0; id < pass.graph->size(); ++id) {
        CAPTURE(pass.graph->node(id).name);
        CHECK(whole->held(id) == nullptr);
        CHECK_FALSE(whole->is_recomputed(id));
        if (lean->is_recomputed(id)) ++derived;
    }
    CHECK(derived > 0);
}

TEST_CASE("trace and device may go while a tile is on its way") {
    const Pass pass = make_decoder_pass(7);
    auto device = std::make_shared<ComputeDevice>(DeviceOptions{});
    auto trace = run_on(device, pass);
    const NodeId node = pass.graph->find("blocks.0.attn.pattern").value();
    std::atomic<bool> has_come = false;
    trace->provider()->set_wake([&] { has_come = true; });
    const std::weak_ptr<ComputeDevice> gone = device;
    Holding holding(*device);
    CHECK_FALSE(trace->read(node, {0, 1, 0, 7, 0, 7}).has_value());
    trace.reset();
    device.reset();
    CHECK_FALSE(gone.expired());
    holding.let_go();
    wait_until([&] { return gone.expired(); });
    CHECK(has_come);
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::app
