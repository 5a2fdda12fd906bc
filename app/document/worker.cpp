#include "app/document/worker.h"

#include <filesystem>
#include <utility>

#include "app/document/first_selection.h"
#include "app/document/sketch.h"
#include "core/model/model_picture.h"
#include "core/run/trace_file.h"

namespace heed::app {

namespace {

// A safetensors file that stands alone; beside a config.json it is a model's weights.
bool is_trace_file(const std::filesystem::path& path) {
    std::error_code failure;
    return path.extension() == ".safetensors" && std::filesystem::is_regular_file(path, failure) &&
           !std::filesystem::exists(path.parent_path() / "config.json", failure);
}

constexpr int kSketchPixels = 224;

ModelInput read_picture(const Model& model, const RunRequest& request) {
    ModelInput input;
    if (request.image && !request.sketch) {
        add_picture(model, load_image(*request.image), *request.image, input);
    } else {
        const Sketch sketch = parse_sketch(request.sketch ? *request.sketch : kFirstSketch);
        add_picture(model, paint_sketch(sketch, kSketchPixels), "drawing", input);
    }
    return input;
}

}  // namespace

bool looks_at_picture(const ModelSummary& model, bool has_picture) {
    return model.takes_image && (has_picture || !model.takes_text);
}

Worker::Worker(std::function<void()> wake, std::unique_ptr<Backend> backend)
    : wake_(std::move(wake)), backend_(std::move(backend)), thread_([this] { work(); }) {}

Worker::~Worker() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
        running_.cancel();
    }
    changed_.notify_one();
    thread_.join();
}

std::uint64_t Worker::ask(RunRequest request) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        running_.cancel();
        number = ++newest_;
        pending_ = Pending{number, std::move(request), {}};
        outcome_.reset();
    }
    changed_.notify_one();
    return number;
}

std::optional<RunOutcome> Worker::take_outcome() {
    const std::lock_guard lock(mutex_);
    return std::exchange(outcome_, std::nullopt);
}

void Worker::cancel() {
    const std::lock_guard lock(mutex_);
    running_.cancel();
    ++newest_;
    pending_.reset();
    outcome_.reset();
}

RunProgress Worker::progress() const {
    return {done_, total_};
}

void Worker::work() {
    for (;;) {
        Pending job;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return ends_ || pending_.has_value(); });
            if (ends_) return;
            job = std::move(*pending_);
            pending_.reset();
            running_ = job.cancel;
            total_ = 0;
            done_ = 0;
        }
        RunOutcome outcome = compute(job);
        {
            const std::lock_guard lock(mutex_);
            if (outcome.number != newest_) continue;
            outcome_ = std::move(outcome);
        }
        wake_();
    }
}

namespace {

// Without what the model does not take: texts stay for the next model that does.
ModelInput fit_to(const ModelSummary& summary, ModelInput input) {
    if (!summary.takes_target) {
        input.target = std::nullopt;
        input.target_ids.clear();
    }
    if (!summary.takes_memory) {
        input.memory = std::nullopt;
        input.memory_ids.clear();
    }
    return input;
}

}  // namespace

RunOutcome Worker::compute(const Pending& pending) {
    RunOutcome outcome;
    outcome.number = pending.number;
    outcome.requested_model = pending.request.model;
    // Whatever goes wrong here is handed over and told, or thrown again, on the main thread.
    try {
        if (is_trace_file(pending.request.model)) {
            outcome.trace = load_trace(pending.request.model);
            if (pending.request.chooses_first) {
                outcome.first = choose_first(*outcome.trace, nullptr);
            }
            return outcome;
        }
        outcome.model = open(pending.request.model);
        pending.cancel.check();
        const RunRequest& request = pending.request;
        const bool is_picture =
            looks_at_picture(outcome.model->summary(), request.image || request.sketch);
        const ModelInput input = is_picture ? read_picture(*outcome.model, request)
                                            : fit_to(outcome.model->summary(), request.input);
        outcome.trace = run(*outcome.model, input, pending.cancel, outcome.notes);
        if (request.chooses_first) {
            const FoundAtlas found = find_model_atlas(outcome.model.get(), *outcome.trace);
            outcome.first = choose_first(*outcome.trace, found.atlas.get());
        }
        if (request.other && !is_picture) {
            ModelInput other = input;
            other.ids.clear();
            other.text = *request.other;
            other.pair = std::nullopt;
            std::vector<std::string> ignored;
            outcome.other_trace = run(*outcome.model, other, pending.cancel, ignored);
        }
    } catch (const Cancelled&) {
        outcome.failure = nullptr;
    } catch (const std::exception&) {
        outcome.failure = std::current_exception();
    }
    return outcome;
}

std::shared_ptr<const Trace> Worker::run(const Model& model, const ModelInput& input,
                                         const CancelToken& cancel,
                                         std::vector<std::string>& notes) {
    PreparedInput prepared = model.prepare(input);
    notes = std::move(prepared.notes);
    RunOptions options;
    options.progress.cancel = cancel;
    options.progress.report = [this](int done, int total) {
        done_ = done;
        total_ = total;
    };
    const std::unique_ptr<Plan> plan = backend_->prepare(prepared.graph, model.weights());
    std::shared_ptr<const Trace> trace = plan->run(prepared.inputs, options);
    if (const std::string& why = trace->facts().note; !why.empty()) {
        notes.push_back("computed by the CPU: " + why);
    }
    return trace;
}

const std::shared_ptr<const Model>& Worker::open(const std::string& model) {
    // Opening is not given up halfway: the next request will mostly be for the same model.
    if (opened_ == nullptr || opened_name_ != model) {
        opened_ = open_model(resolve_model(model));
        opened_name_ = model;
    }
    return opened_;
}

}  // namespace heed::app
