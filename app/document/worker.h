// One thread that computes the newest request. An older request that is still running is told to
// stop, and its result is dropped. It knows models and traces, no window.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/document/selection.h"
#include "core/base/progress.h"
#include "core/model/model.h"
#include "core/run/backend.h"

namespace heed::app {

// All that is needed to make a trace: nothing is remembered from the request before except the
// opened model.
struct RunRequest {
    std::string model;  // name or path of a model, or path of a trace file
    ModelInput input;
    std::optional<std::string> other;  // a sentence to be run on its own, too
    // For a model that takes pictures, instead of the input: a file, or a drawing in its place.
    // Without either, what takes texts too is given the input, else a drawing to begin with.
    std::optional<std::string> image;
    std::optional<std::string> sketch;
    bool chooses_first = false;  // nobody has selected anything yet
};

// Whether a picture is run rather than a text.
bool looks_at_picture(const ModelSummary& model, bool has_picture);

struct RunOutcome {
    std::uint64_t number = 0;  // of the request
    std::string requested_model;
    std::shared_ptr<const Model> model;  // null where it could not be opened, and for a trace file
    std::shared_ptr<const Trace> trace;  // null where the run failed
    std::shared_ptr<const Trace> other_trace;
    std::optional<Selection> first;  // what is shown first, where that was asked for
    std::vector<std::string> notes;
    std::exception_ptr failure;
};

struct RunProgress {
    int done = 0;
    int total = 0;
};

class Worker {
  public:
    // `wake` is called from the worker's thread whenever an outcome is there; the backend is used
    // by that thread alone.
    Worker(std::function<void()> wake, std::unique_ptr<Backend> backend);
    // Stops what is running and waits for it.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Replaces whatever was asked before; returns the number of this request.
    std::uint64_t ask(RunRequest request);
    // The outcome of the newest request, once.
    std::optional<RunOutcome> take_outcome();
    // Gives up what was asked: it has no outcome any more. Returns at once; the work itself stops
    // within 100 ms, opening a model excepted, which goes on for the request after it.
    void cancel();
    // How far the newest request is: nodes done of all; total 0 while a model is being opened.
    RunProgress progress() const;

  private:
    struct Pending {
        std::uint64_t number = 0;
        RunRequest request;
        CancelToken cancel;
    };

    void work();
    RunOutcome compute(const Pending& pending);
    std::shared_ptr<const Trace> run(const Model& model, const ModelInput& input,
                                     const CancelToken& cancel, std::vector<std::string>& notes);
    const std::shared_ptr<const Model>& open(const std::string& model);

    std::function<void()> wake_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<int> done_{0};
    std::atomic<int> total_{0};
    bool ends_ = false;
    std::uint64_t newest_ = 0;
    CancelToken running_;
    std::optional<Pending> pending_;
    std::optional<RunOutcome> outcome_;

    // Used by the worker's thread alone.
    std::unique_ptr<Backend> backend_;
    std::string opened_name_;
    std::shared_ptr<const Model> opened_;

    std::thread thread_;  // last: it uses all of the above
};

}  // namespace heed::app
