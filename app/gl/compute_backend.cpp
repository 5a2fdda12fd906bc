#include "app/gl/compute_backend.h"

#include <map>
#include <mutex>

#include "app/gl/compute_plan.h"
#include "app/gl/measure_products.h"
#include "app/gl/self_test.h"

namespace heed::app {

namespace {

class DeviceBackend : public Backend {
  public:
    explicit DeviceBackend(std::shared_ptr<ComputeDevice> device) : device_(std::move(device)) {}
    ~DeviceBackend() override {
        device_->thread().call([this] { weights_.reset(); });
    }

    std::string name() const override { return "gl"; }

    std::unique_ptr<Plan> prepare(std::shared_ptr<const Graph> graph,
                                  std::shared_ptr<const WeightStore> store) override {
        // One model's weights at a time: those of the model before are given back with its plans.
        if (weights_ == nullptr || store_.lock() != store) {
            weights_ = std::make_shared<DeviceWeights>(*device_, store);
            store_ = store;
        }
        return make_compute_plan(device_, std::move(graph), std::move(store), weights_);
    }

  private:
    std::shared_ptr<ComputeDevice> device_;
    std::weak_ptr<const WeightStore> store_;
    std::shared_ptr<DeviceWeights> weights_;
};

}  // namespace

std::unique_ptr<Backend> make_device_backend(std::shared_ptr<ComputeDevice> device) {
    return std::make_unique<DeviceBackend>(std::move(device));
}

void prove_device(const std::shared_ptr<ComputeDevice>& device, const CancelToken& cancel) {
    if (!device->options().products) {
        device->set_products(
            device->thread().call([&] { return find_product_table(*device, cancel); }));
    }
    check_device(device);
}

std::shared_ptr<ComputeDevice> open_device(DeviceOptions options) {
    auto device = std::make_shared<ComputeDevice>(std::move(options));
    prove_device(device, {});
    return device;
}

struct SafeBackend::State {
    DeviceOptions options;
    std::unique_ptr<Backend> cpu;
    mutable std::mutex mutex;
    bool is_opened = false;
    std::string why_not;
    std::shared_ptr<ComputeDevice> device;
    std::unique_ptr<Backend> gl;

    void open() {
        const std::lock_guard lock(mutex);
        if (is_opened) return;
        is_opened = true;
        try {
            device = open_device(options);
            gl = make_device_backend(device);
        } catch (const Error& error) {
            why_not = error.what();
            throw;
        }
    }
    // The device is not asked again.
    void give_up(const std::string& why) {
        const std::lock_guard lock(mutex);
        why_not = why;
        gl.reset();
        device.reset();
    }
};

// A failure is told with the trace that the CPU made instead. Plans of the device are tried again
// with the next graph, except after what no try can mend.
class SafeBackend::SafePlan : public Plan {
  public:
    SafePlan(std::shared_ptr<State> state, std::shared_ptr<const Graph> graph,
             std::shared_ptr<const WeightStore> weights)
        : state_(std::move(state)), graph_(std::move(graph)), weights_(std::move(weights)) {
        try {
            state_->open();
            if (state_->gl != nullptr) gl_ = state_->gl->prepare(graph_, weights_);
            why_not_ = state_->why_not;
        } catch (const Error& error) {
            why_not_ = error.what();
        }
    }

    std::shared_ptr<const Trace> run(const RunInputs& inputs, const RunOptions& options) override {
        if (auto trace = try_device([&](Plan& plan) { return plan.run(inputs, options); })) {
            return trace;
        }
        RunOptions told = options;
        told.note = why_not_;
        return cpu().run(inputs, told);
    }

    std::shared_ptr<const Trace> rerun(const Trace& base, const Edits& edits,
                                       const RunOptions& options) override {
        const bool is_on_device = base.facts().backend == "gl";
        if (!is_on_device && gl_ == nullptr) return cpu().rerun(base, edits, options);
        if (is_on_device) {
            const auto rerun = [&](Plan& plan) { return plan.rerun(base, edits, options); };
            if (auto trace = try_device(rerun)) return trace;
        }
        // The trace before lies where this plan does not compute: it is made again here.
        RunOptions told = options;
        told.note = why_not_;
        const auto again = cpu().run(base.inputs(), told);
        Edits all = all_edits(base);
        all.cells.insert(all.cells.end(), edits.cells.begin(), edits.cells.end());
        return cpu().rerun(*again, all, told);
    }

  private:
    // What the device makes; null where there is none or it fails.
    template <class Run>
    std::shared_ptr<const Trace> try_device(Run run) {
        if (gl_ == nullptr) return nullptr;
        try {
            return run(*gl_);
        } catch (const GlFailure& failure) {
            why_not_ = failure.what();
            gl_.reset();
            if (dynamic_cast<const GlLost*>(&failure) != nullptr) state_->give_up(why_not_);
        }
        return nullptr;
    }

    Plan& cpu() {
        if (cpu_ == nullptr) cpu_ = state_->cpu->prepare(graph_, weights_);
        return *cpu_;
    }

    std::shared_ptr<State> state_;
    std::shared_ptr<const Graph> graph_;
    std::shared_ptr<const WeightStore> weights_;
    std::string why_not_;
    std::unique_ptr<Plan> gl_;
    std::unique_ptr<Plan> cpu_;
};

SafeBackend::SafeBackend(DeviceOptions options, int cpu_threads)
    : state_(std::make_shared<State>()) {
    state_->options = std::move(options);
    state_->cpu = make_cpu_backend(cpu_threads);
}

SafeBackend::~SafeBackend() = default;

std::unique_ptr<Plan> SafeBackend::prepare(std::shared_ptr<const Graph> graph,
                                           std::shared_ptr<const WeightStore> weights) {
    return std::make_unique<SafePlan>(state_, std::move(graph), std::move(weights));
}

void SafeBackend::open() {
    state_->open();
    if (state_->gl == nullptr) throw GlFailure(state_->why_not, "");
}

std::shared_ptr<ComputeDevice> SafeBackend::device() const {
    const std::lock_guard lock(state_->mutex);
    return state_->device;
}

std::string SafeBackend::why_not() const {
    const std::lock_guard lock(state_->mutex);
    return state_->why_not;
}

}  // namespace heed::app
