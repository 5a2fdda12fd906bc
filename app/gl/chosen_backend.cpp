#include "app/gl/chosen_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "app/gl/compute_backend.h"
#include "app/gl/probe_pass.h"
#include "core/base/hash.h"
#include "core/format/atomic_file.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/run/bench.h"

namespace heed::app {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostBytes = 1 << 16;  // of a file of speeds
// Layers of a small, a middling and a large model at lengths that people type.
constexpr ProbeSize kProbes[] = {{16, 4, 16, 256}, {64, 6, 32, 768}, {128, 12, 64, 3072}};
constexpr int kTimes = 3;

double shortest_ms(Backend& backend, const ProbePass& pass, const CancelToken& cancel) {
    const std::unique_ptr<Plan> plan = backend.prepare(pass.graph, pass.weights);
    RunOptions options;
    options.progress.cancel = cancel;
    plan->run(pass.inputs, options);
    double shortest = INFINITY;
    for (int i = 0; i < kTimes; ++i) {
        const auto begin = Clock::now();
        plan->run(pass.inputs, options);
        const std::chrono::duration<double, std::milli> taken = Clock::now() - begin;
        shortest = std::min(shortest, taken.count());
    }
    return shortest;
}

SpeedTable measure_speeds(Backend& gl, Backend& cpu, const CancelToken& cancel) {
    SpeedTable table;
    for (const ProbeSize& size : kProbes) {
        const ProbePass pass = make_probe_pass(size);
        const auto flops = static_cast<double>(count_product_flops(*pass.graph));
        table.push_back({flops, shortest_ms(cpu, pass, cancel), shortest_ms(gl, pass, cancel)});
    }
    return table;
}

std::filesystem::path speed_file(const std::filesystem::path& folder, std::string_view device) {
    return folder / fmt::format("speeds-{:016x}.json", hash_text(device));
}

const SpeedSample& nearest_sample(const SpeedTable& table, double flops) {
    return *std::min_element(table.begin(), table.end(), [flops](const auto& a, const auto& b) {
        const auto distance = [flops](const SpeedSample& sample) {
            return std::abs(std::log(std::max(1.0, flops) / sample.flops));
        };
        return distance(a) < distance(b);
    });
}

}  // namespace

const char* choice_name(BackendChoice choice) {
    switch (choice) {
        case BackendChoice::kAuto:
            return "auto";
        case BackendChoice::kCpu:
            return "cpu";
        case BackendChoice::kGl:
            return "gl";
    }
    return "";
}

std::optional<BackendChoice> find_choice(std::string_view name) {
    for (const auto choice : {BackendChoice::kAuto, BackendChoice::kCpu, BackendChoice::kGl}) {
        if (name == choice_name(choice)) return choice;
    }
    return std::nullopt;
}

std::optional<BackendChoice> choice_from_environment() {
    const char* name = std::getenv("HEED_BACKEND");
    if (name == nullptr || *name == '\0') return std::nullopt;
    const auto choice = find_choice(name);
    if (!choice) throw Error("$HEED_BACKEND", "", "auto, cpu or gl", in_quotes(name));
    return choice;
}

bool card_wins(const SpeedTable& table, double flops) {
    if (table.empty()) return false;
    const SpeedSample& sample = nearest_sample(table, flops);
    return sample.gl_ms < sample.cpu_ms;
}

bool card_ever_wins(const SpeedTable& table) {
    return std::any_of(table.begin(), table.end(),
                       [](const SpeedSample& sample) { return sample.gl_ms < sample.cpu_ms; });
}

std::optional<SpeedTable> read_speed_table(const std::filesystem::path& folder,
                                           std::string_view device) {
    const std::filesystem::path file = speed_file(folder, device);
    std::error_code error;
    if (folder.empty() || !std::filesystem::exists(file, error)) return std::nullopt;
    try {
        const Json json = parse_json(read_text_file(file, kMostBytes), file.string());
        const JsonReader reader(json, file.string(), "");
        if (reader.get_string("device", "") != device) return std::nullopt;
        SpeedTable table;
        const Json* samples = reader.get_array("samples");
        if (samples == nullptr) return std::nullopt;
        for (const Json& sample : samples->array) {
            const JsonReader numbers(sample, file.string(), "samples");
            table.push_back({numbers.get_number("flops", std::nullopt),
                             numbers.get_number("cpu_ms", std::nullopt),
                             numbers.get_number("gl_ms", std::nullopt)});
            if (table.back().flops <= 0) return std::nullopt;
        }
        if (table.empty()) return std::nullopt;
        return table;
    } catch (const Error&) {
        return std::nullopt;
    }
}

bool write_speed_table(const std::filesystem::path& folder, std::string_view device,
                       const SpeedTable& table) {
    std::string text = "{\n  \"device\": " + quote_json(device) + ",\n  \"samples\": [";
    for (std::size_t i = 0; i < table.size(); ++i) {
        const SpeedSample& sample = table[i];
        text += fmt::format("{}\n    {{\"flops\": {}, \"cpu_ms\": {}, \"gl_ms\": {}}}",
                            i == 0 ? "" : ",", sample.flops, sample.cpu_ms, sample.gl_ms);
    }
    text += "\n  ]\n}\n";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    try {
        write_file_atomically(speed_file(folder, device), text);
    } catch (const Error&) {
        return false;
    }
    return true;
}

struct ChosenBackend::State {
    DeviceOptions options;
    int cpu_threads = 0;
    std::unique_ptr<Backend> cpu;
    std::unique_ptr<SafeBackend> gl;

    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    BackendChoice choice = BackendChoice::kAuto;
    bool is_measuring = false;
    std::optional<SpeedTable> speeds;
    std::string renderer;
    std::string why_not;  // no speeds
    CancelToken cancel;
    std::thread measuring;

    void begin_measuring();
    void measure();
};

// On a thread of its own; the passes until then are the CPU's.
void ChosenBackend::State::begin_measuring() {
    const std::lock_guard lock(mutex);
    if (is_measuring || speeds || !why_not.empty()) return;
    is_measuring = true;
    measuring = std::thread([this] { measure(); });
}

void ChosenBackend::State::measure() {
    SpeedTable table;
    std::string name, failure;
    try {
        const auto device = std::make_shared<ComputeDevice>(options);
        name = device->renderer();
        const auto known = read_speed_table(options.cache, device->driver());
        if (known) {
            table = *known;
        } else {
            prove_device(device, cancel);
            const auto card = make_device_backend(device);
            const auto own = make_cpu_backend(cpu_threads);
            table = measure_speeds(*card, *own, cancel);
            if (!options.cache.empty()) write_speed_table(options.cache, device->driver(), table);
        }
    } catch (const Cancelled&) {
        failure = "it was not measured";
    } catch (const Error& error) {
        failure = error.what();
    }
    const std::lock_guard lock(mutex);
    is_measuring = false;
    renderer = name;
    why_not = failure;
    if (failure.empty()) speeds = std::move(table);
    changed.notify_all();
}

ChosenBackend::ChosenBackend(BackendChoice choice, DeviceOptions options, int cpu_threads)
    : state_(std::make_shared<State>()) {
    state_->options = options;
    state_->cpu_threads = cpu_threads;
    state_->choice = choice;
    state_->cpu = make_cpu_backend(cpu_threads);
    state_->gl = std::make_unique<SafeBackend>(std::move(options), cpu_threads);
}

ChosenBackend::~ChosenBackend() {
    state_->cancel.cancel();
    if (state_->measuring.joinable()) state_->measuring.join();
}

std::unique_ptr<Plan> ChosenBackend::prepare(std::shared_ptr<const Graph> graph,
                                             std::shared_ptr<const WeightStore> weights) {
    bool uses_card = choice() == BackendChoice::kGl;
    if (choice() == BackendChoice::kAuto) {
        state_->begin_measuring();
        const std::lock_guard lock(state_->mutex);
        const auto flops = static_cast<double>(count_product_flops(*graph));
        uses_card = state_->speeds && card_wins(*state_->speeds, flops);
    }
    Backend& backend = uses_card ? static_cast<Backend&>(*state_->gl) : *state_->cpu;
    return backend.prepare(std::move(graph), std::move(weights));
}

BackendChoice ChosenBackend::choice() const {
    const std::lock_guard lock(state_->mutex);
    return state_->choice;
}

void ChosenBackend::choose(BackendChoice choice) {
    const std::lock_guard lock(state_->mutex);
    state_->choice = choice;
}

std::string ChosenBackend::reason() const {
    const std::lock_guard lock(state_->mutex);
    if (state_->choice == BackendChoice::kCpu) return "the CPU, as chosen";
    if (state_->choice == BackendChoice::kGl) return "the graphics card, as chosen";
    if (state_->is_measuring) return "auto: the CPU, while the graphics card is measured";
    if (!state_->why_not.empty()) return "auto: the CPU; " + state_->why_not;
    if (!state_->speeds) return "auto";
    std::string text = "auto, a layer's ms on the CPU and on " + state_->renderer + ":";
    for (const SpeedSample& sample : *state_->speeds) {
        text += fmt::format(" {:.2f}/{:.2f}", sample.cpu_ms, sample.gl_ms);
    }
    return text;
}

void ChosenBackend::wait_until_measured() const {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock, [this] { return !state_->is_measuring; });
}

}  // namespace heed::app
