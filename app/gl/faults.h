// What can go wrong on a graphics card, brought about on purpose: the one seam through which tests
// make the device fail. Nothing of it is set in the program itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/error.h"

namespace heed::app {

// The device cannot go on. Whoever computes with it goes on with the CPU and says why.
class GlFailure : public Error {
  public:
    using Error::Error;
};

// The context is gone, and the device with it: asking again does not help.
class GlLost : public GlFailure {
  public:
    using GlFailure::GlFailure;
};

struct GlFaults {
    bool has_no_context = false;                // the driver gives none
    bool has_old_version = false;               // a context without compute shaders
    std::string broken_shader;                  // a file that does not compile
    std::optional<int> failing_allocation;      // the n-th buffer from 0 on: out of memory
    std::optional<int> losing_batch;            // the context is lost in the n-th batch of commands
    bool loses_values = false;                  // what a trace has on the device cannot be read
    bool has_wrong_products = false;            // the self-test finds other numbers
    bool has_not_a_number = false;              // a pass ends with cells that are not numbers
    std::optional<std::int64_t> binding_words;  // a smaller limit for one binding
    std::optional<double> dispatch_work;        // a smaller limit for one dispatch
};

}  // namespace heed::app
