#include "app/gl/compute_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>

#include "app/gl/device_values.h"
#include "app/gl/pass_recorder.h"
#include "app/gl/pass_runner.h"
#include "core/base/check.h"
#include "core/run/executor.h"

namespace heed::app {

namespace {

using Clock = std::chrono::steady_clock;

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

std::vector<std::uint32_t> input_words(const RecordedPass& pass, const RunInputs& inputs) {
    std::vector<std::uint32_t> words(static_cast<std::size_t>(pass.input_words));
    for (std::size_t i = 0; i < pass.inputs.size(); ++i) {
        auto to = words.begin() + pass.inputs[i];
        if (i < inputs.numbers.size() && !inputs.numbers[i].empty()) {
            for (const float number : inputs.numbers[i])
                *to++ = std::bit_cast<std::uint32_t>(number);
        } else {
            for (const int id : inputs.ids[i]) *to++ = static_cast<std::uint32_t>(id);
        }
    }
    return words;
}

class ComputePlan : public Plan {
  public:
    ComputePlan(std::shared_ptr<ComputeDevice> device, std::shared_ptr<const Graph> graph,
                std::shared_ptr<const WeightStore> store, std::shared_ptr<DeviceWeights> weights)
        : device_(std::move(device)),
          graph_(std::move(graph)),
          store_(std::move(store)),
          weights_(std::move(weights)) {
        device_->thread().call([this] { weights_->bring(*graph_, {}); });
    }
    ~ComputePlan() override {
        device_->thread().call([this] { runner_.reset(); });
    }

    std::shared_ptr<const Trace> run(const RunInputs& inputs, const RunOptions& options) override {
        check_inputs(*graph_, inputs);
        const std::vector<bool> is_derived = choose_derived(*graph_, options.keep.budget_bytes);
        if (runner_ == nullptr || is_derived != is_derived_) {
            const std::vector<bool> all(at(graph_->size()), true);
            const PassRequest request{*graph_, *store_, device_->limits(), all, is_derived, {}, {}};
            device_->thread().call([&] {
                runner_.reset();
                runner_ = std::make_unique<PassRunner>(*device_, *weights_, record_pass(request));
            });
            is_derived_ = is_derived;
        }
        return execute(*runner_, inputs, {}, std::vector<DeviceSpan>(at(graph_->size())), options);
    }

    std::shared_ptr<const Trace> rerun(const Trace& base, const Edits& edits,
                                       const RunOptions& options) override {
        HEED_CHECK(base.graph_pointer() == graph_);
        const auto* values = dynamic_cast<const DeviceValues*>(base.provider().get());
        if (values == nullptr) {
            throw GlFailure("the graphics card", "", "a trace of its own", "one of the CPU");
        }
        std::map<NodeId, Patch> patches = base.patches();
        PassRequest request{
            *graph_, *store_, device_->limits(), find_downstream(*graph_, edits), {}, {}, {}};
        request.has_fusions = false;
        std::vector<DeviceSpan> spans;
        for (NodeId id = 0; id < graph_->size(); ++id) {
            spans.push_back(values->span(id));
            request.is_derived.push_back(spans.back().buffer == nullptr);
        }
        for (const CellEdit& edit : edits.cells) {
            const std::vector<int> extents = graph_->node(edit.node).shape.extents();
            patches[edit.node][flat_index(extents, edit.index)] = edit.value;
            request.edited.push_back(edit.node);
        }
        request.patches = patches;
        std::unique_ptr<PassRunner> runner;
        device_->thread().call([&] {
            runner = std::make_unique<PassRunner>(*device_, *weights_, record_pass(request));
        });
        auto trace = execute(*runner, base.inputs(), std::move(patches), std::move(spans), options);
        device_->thread().call([&] { runner.reset(); });
        return trace;
    }

  private:
    // `spans` are what is taken over.
    std::shared_ptr<const Trace> execute(PassRunner& runner, const RunInputs& inputs,
                                         std::map<NodeId, Patch> patches,
                                         std::vector<DeviceSpan> spans, const RunOptions& options) {
        const auto start = Clock::now();
        Trace::Parts parts;
        const PassOutcome outcome = device_->thread().call([&] {
            const RecordedPass& pass = runner.pass();
            return runner.run(input_words(pass, inputs), spans, options);
        });
        explain_status(outcome);
        share_names(patches, spans);
        parts.graph = graph_;
        parts.weights = store_;
        parts.inputs = inputs;
        parts.values.resize(at(graph_->size()));
        parts.patches = std::move(patches);
        parts.facts.backend = "gl";
        parts.facts.threads = 0;
        parts.facts.milliseconds =
            std::chrono::duration<double, std::milli>(Clock::now() - start).count();
        parts.facts.nodes_computed = runner.pass().nodes_computed;
        parts.facts.bytes = outcome.bytes;
        parts.facts.node_milliseconds = outcome.node_milliseconds;
        parts.provider =
            std::make_shared<const DeviceValues>(device_, graph_, store_, std::move(spans));
        return std::make_shared<const Trace>(std::move(parts));
    }

    static void explain_status(const PassOutcome& outcome) {
        if (outcome.status.at(kStatusZeroSums) > 0) {
            throw GlFailure("the graphics card", "a row of scores", "a sum that is not 0", "0");
        }
        if (outcome.status.at(kStatusNotANumber) > 0) {
            throw GlFailure(
                "the graphics card", "the last nodes", "numbers",
                fmt::format("{} cells that are none", outcome.status.at(kStatusNotANumber)));
        }
    }

    void share_names(const std::map<NodeId, Patch>& patches, std::vector<DeviceSpan>& spans) const {
        for (NodeId id = 0; id < graph_->size(); ++id) {
            const NodeId root = root_of(*graph_, id, patches);
            if (root != id) spans[at(id)] = spans[at(root)];
        }
    }

    std::shared_ptr<ComputeDevice> device_;
    std::shared_ptr<const Graph> graph_;
    std::shared_ptr<const WeightStore> store_;
    std::shared_ptr<DeviceWeights> weights_;
    std::vector<bool> is_derived_;
    std::unique_ptr<PassRunner> runner_;  // of the last run
};

}  // namespace

std::unique_ptr<Plan> make_compute_plan(std::shared_ptr<ComputeDevice> device,
                                        std::shared_ptr<const Graph> graph,
                                        std::shared_ptr<const WeightStore> store,
                                        std::shared_ptr<DeviceWeights> weights) {
    return std::make_unique<ComputePlan>(std::move(device), std::move(graph), std::move(store),
                                         std::move(weights));
}

}  // namespace heed::app
