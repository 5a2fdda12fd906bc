// Finds out which program multiplies which matrices fastest on a device.
#pragma once

#include <functional>

#include "app/gl/compute_device.h"
#include "app/gl/recorder.h"

namespace heed::app {

// Milliseconds that a device takes for a list, all of whose buffers are scratch, when its programs
// are compiled. Throws Error where a program does not compile or there is no memory.
using ProductTimer = std::function<double(const CommandList&)>;

// Times the variants on a product of each class and takes the fastest. Variants that the device
// refuses are not taken; those that fall far behind are not tried on larger products of the kind,
// and classes whose product would take long take the choice of the class before.
ProductTable measure_products(const RecorderLimits& limits, const ProductTimer& time);

// On the device's thread. A second or so: most of it goes into compiling.
ProductTable measure_products(ComputeDevice& device);

// The table of this device: from the file in its cache folder, or measured and written there. On
// the device's thread. Throws GlFailure where no variant runs.
ProductTable find_product_table(ComputeDevice& device);

}  // namespace heed::app
