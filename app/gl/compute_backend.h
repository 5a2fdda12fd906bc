// The row `gl` of the backends: compute shaders, and the CPU wherever the graphics card fails.
#pragma once

#include <memory>
#include <string>

#include "app/gl/compute_device.h"
#include "core/run/backend.h"

namespace heed::app {

// Computes on a device. Plans throw GlFailure where it fails.
std::unique_ptr<Backend> make_device_backend(std::shared_ptr<ComputeDevice> device);

// Finds out (once, where there is a cache) which programs multiply fastest on a device, and lets it
// prove itself: a small pass has to come out as on the CPU. Throws GlFailure, Cancelled.
void prove_device(const std::shared_ptr<ComputeDevice>& device, const CancelToken& cancel);

// Opens a device and lets it prove itself. Throws NoOpenGl, GlFailure.
std::shared_ptr<ComputeDevice> open_device(DeviceOptions options);

// Like make_device_backend, but what the device cannot do is done by the CPU, with one line of
// explanation in RunFacts::note. Nothing is opened before the first plan.
class SafeBackend : public Backend {
  public:
    SafeBackend(DeviceOptions options, int cpu_threads);
    ~SafeBackend() override;

    std::string name() const override { return "gl"; }
    std::unique_ptr<Plan> prepare(std::shared_ptr<const Graph> graph,
                                  std::shared_ptr<const WeightStore> weights) override;
    // Opens the device now. Throws what open_device does.
    void open();
    // The device, or nullptr where there is none (any more); then why_not() says why.
    std::shared_ptr<ComputeDevice> device() const;
    std::string why_not() const;

  private:
    struct State;
    class SafePlan;
    std::shared_ptr<State> state_;
};

}  // namespace heed::app
