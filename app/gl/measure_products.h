// Finds out which program multiplies which matrices fastest on a device.
#pragma once

#include <functional>
#include <memory>

#include "app/gl/compute_device.h"
#include "app/gl/recorder.h"
#include "core/base/progress.h"

namespace heed::app {

// Milliseconds that a device takes for a list, all of whose buffers are scratch, when its programs
// are compiled. Throws Error where a program does not compile or there is no memory.
using ProductTimer = std::function<double(const CommandList&)>;

// A product of random numbers by one variant, as node 0, everything in scratch. Throws TooLarge.
CommandList record_probe(RecorderLimits limits, const ProductShape& shape, int variant);
// Milliseconds of node 0 of a list whose buffers are all scratch, on the device's own clock; of the
// whole list on ours where it has none. On the device's thread; the device outlives it. Throws
// GlFailure.
class ListTimer {
  public:
    ListTimer(ComputeDevice& device, const CommandList& list);
    ~ListTimer();
    double run();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Times the variants on a product of each class and takes the fastest. Variants that the device
// refuses are not taken; files whose best variant falls far behind are not tried again, and classes
// whose product would take long take the choice of the class before.
ProductTable measure_products(const RecorderLimits& limits, const ProductTimer& time);

// On the device's thread. Takes seconds, most of them for compiling.
ProductTable measure_products(ComputeDevice& device, const CancelToken& cancel = {});

// The table of this device: from the file in its cache folder, or measured and written there. On
// the device's thread. Throws GlFailure where no variant runs, Cancelled.
ProductTable find_product_table(ComputeDevice& device, const CancelToken& cancel = {});

}  // namespace heed::app
