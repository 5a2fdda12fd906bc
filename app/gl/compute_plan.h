// A graph made ready on the graphics card: recorded once for what is kept of it, run many times.
#pragma once

#include <memory>

#include "app/gl/compute_device.h"
#include "app/gl/device_weights.h"
#include "core/run/backend.h"

namespace heed::app {

// Brings the weights to the device. Throws GlFailure, which run and rerun of the plan throw too.
std::unique_ptr<Plan> make_compute_plan(std::shared_ptr<ComputeDevice> device,
                                        std::shared_ptr<const Graph> graph,
                                        std::shared_ptr<const WeightStore> store,
                                        std::shared_ptr<DeviceWeights> weights);

}  // namespace heed::app
