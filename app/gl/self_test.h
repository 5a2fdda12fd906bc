// A device proves itself before anybody trusts its numbers.
#pragma once

#include <memory>

#include "app/gl/compute_device.h"

namespace heed::app {

// Computes a small attention with known weights on the device and on the CPU and compares them node
// by node. Throws GlFailure, which names the first node that differs.
void check_device(const std::shared_ptr<ComputeDevice>& device);

}  // namespace heed::app
