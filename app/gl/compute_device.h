// The graphics card as heed computes on it: a thread with a context, its limits, its memory and its
// programs. It knows commands, no graphs.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/gl/compute_program.h"
#include "app/gl/device_memory.h"
#include "app/gl/faults.h"
#include "app/gl/gl_thread.h"
#include "app/gl/recorder.h"

namespace heed::app {

struct DeviceOptions {
    // Called on the device's thread. The default is make_card_context.
    ContextMaker make_context;
    std::filesystem::path cache;  // folder for what is found out about this device; empty: none
    GlFaults faults;
    // Which programs products take; nothing: what is in the cache, or measured.
    std::optional<ProductTable> products;
};

class ComputeDevice {
  public:
    // Throws NoOpenGl where there is no OpenGL, GlFailure where it has no compute shaders.
    explicit ComputeDevice(DeviceOptions options);
    ~ComputeDevice();
    ComputeDevice(const ComputeDevice&) = delete;
    ComputeDevice& operator=(const ComputeDevice&) = delete;

    const std::string& renderer() const { return renderer_; }
    // Renderer and version: what a cache is keyed by.
    const std::string& driver() const { return driver_; }
    const RecorderLimits& limits() const { return limits_; }
    const DeviceOptions& options() const { return options_; }
    const GlFaults& faults() const { return options_.faults; }
    const std::filesystem::path& cache() const { return options_.cache; }
    GlThread& thread() { return *thread_; }

    // Which programs its products take from now on.
    void set_products(const ProductTable& table) { limits_.products = table; }

    // Of the device's thread.
    DeviceMemory& memory() { return *memory_; }
    ProgramCache& programs() { return *programs_; }
    // Throws GlFailure where the driver has met an error or lost the context.
    void check();

  private:
    void open();
    void read_limits();

    DeviceOptions options_;
    std::string renderer_;
    std::string driver_;
    RecorderLimits limits_;
    std::unique_ptr<DeviceMemory> memory_;
    std::unique_ptr<ProgramCache> programs_;
    std::unique_ptr<GlThread> thread_;
};

// Where heed keeps what it found out about the graphics card: $XDG_CACHE_HOME/heed/gl. Empty where
// there is no home.
std::filesystem::path device_cache_folder();

}  // namespace heed::app
