// Runs a recorded pass: memory taken, inputs brought, dispatches given to the driver in short
// batches. Used on the device's thread.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <vector>

#include "app/gl/compute_device.h"
#include "app/gl/device_values.h"
#include "app/gl/device_weights.h"
#include "app/gl/pass_recorder.h"
#include "core/run/backend.h"

namespace heed::app {

struct PassOutcome {
    std::array<std::uint32_t, kStatusWords> status{};
    std::size_t bytes = 0;                  // of new values
    std::vector<double> node_milliseconds;  // empty where not asked for
};

class PassRunner {
  public:
    // Compiles the programs and brings the tables. Throws GlFailure. Device and weights outlive it.
    PassRunner(ComputeDevice& device, const DeviceWeights& weights, RecordedPass pass);
    ~PassRunner();

    const RecordedPass& pass() const { return pass_; }
    // `spans` holds the values taken over, and takes the new ones. Throws GlFailure, Cancelled.
    PassOutcome run(const std::vector<std::uint32_t>& inputs, std::vector<DeviceSpan>& spans,
                    const RunOptions& options);

  private:
    struct Range {
        GLuint name = 0;
        std::int64_t first = 0;
    };
    struct Timer {
        NodeId node = -1;
        QueryHandle begin;
        QueryHandle end;
    };
    void take_memory(std::vector<DeviceSpan>& spans, PassOutcome& outcome);
    void upload_words(std::shared_ptr<const DeviceBuffer>& buffer,
                      const std::vector<std::uint32_t>& words);
    Range find_range(const BufferRef& buffer, const std::vector<DeviceSpan>& spans) const;
    void dispatch(const PassCommand& command, const std::vector<DeviceSpan>& spans);
    void write_cells(std::size_t command, const std::vector<DeviceSpan>& spans);
    void end_batch(const Progress& progress);
    void wait_for_oldest(const Progress& progress);
    void read_status(PassOutcome& outcome);
    void read_timers(PassOutcome& outcome) const;

    ComputeDevice& device_;
    const DeviceWeights& weights_;
    RecordedPass pass_;
    std::vector<GLuint> programs_;
    std::shared_ptr<const DeviceBuffer> constants_;
    std::shared_ptr<const DeviceBuffer> inputs_;
    std::shared_ptr<const DeviceBuffer> params_;
    std::shared_ptr<const DeviceBuffer> status_;
    std::vector<std::shared_ptr<const DeviceBuffer>> scratch_;
    std::deque<GLsync> batches_;
    int batches_run_ = 0;
    std::size_t next_write_ = 0;
    std::size_t next_copy_ = 0;
    std::vector<Timer> timers_;
};

}  // namespace heed::app
