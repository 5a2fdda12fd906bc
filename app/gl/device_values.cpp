#include "app/gl/device_values.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "core/base/check.h"
#include "core/run/backend.h"
#include "core/run/executor.h"

namespace heed::app {

namespace {

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

using Numbers = std::shared_ptr<const float[]>;
using Clock = std::chrono::steady_clock;

// How long a reader waits, and in what time together.
constexpr auto kPatience = std::chrono::milliseconds(4);
constexpr auto kPatienceReturns = std::chrono::milliseconds(16);

struct Key {
    NodeId node = -1;
    Box box;

    bool operator<(const Key& other) const { return parts() < other.parts(); }
    std::array<int, 7> parts() const {
        return {node,        box.outer_begin, box.outer_end, box.row_begin,
                box.row_end, box.col_begin,   box.col_end};
    }
    std::size_t count() const { return at(box.outers()) * at(box.rows()) * at(box.cols()); }
};

}  // namespace

struct DeviceValues::State {
    struct Entry {
        std::optional<Tile> tile;  // none while it is on its way
        std::exception_ptr failure;
        bool was_given = false;  // to a reader
        std::uint64_t used = 0;  // when it was read last
        bool has_come() const { return tile.has_value() || failure != nullptr; }
    };
    static constexpr std::size_t kMostEntries = 4096;
    static constexpr std::size_t kMostNumbers = std::size_t{64} << 20;

    std::shared_ptr<ComputeDevice> device;
    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const WeightStore> weights;
    std::vector<DeviceSpan> spans;

    std::mutex mutex;
    std::condition_variable arrived;
    std::map<Key, Entry> entries;
    int on_their_way = 0;     // of entries
    std::size_t numbers = 0;  // in entries
    std::uint64_t reads = 0;
    Clock::time_point waits_since{};
    Clock::duration waited{};  // since then
    std::int64_t bytes_read = 0;
    std::function<void()> wake;

    // Of the device's thread: what derived nodes are recomputed from.
    std::shared_ptr<const Program> program;
    std::vector<Numbers> mirrors;
    // The same trace by the CPU, where the device does not give its values any more.
    std::shared_ptr<const Trace> twin;

    Tile get(const Trace& trace, NodeId node, const Box& box);
    Tile fetch(const Trace& trace, NodeId node, const Box& box);
    Numbers copy(NodeId node, std::int64_t first, std::int64_t words);
    Tile derive(const Trace& trace, NodeId node, const Box& box);
    void mirror_sources(NodeId node);
    void answer(const Trace& trace, const Key& key);
    void make_room();
    std::optional<Tile> give(const Key& key);
    Clock::duration patience();
};

// The tile from the device, else (a lost context) from a trace that the CPU makes instead.
Tile DeviceValues::State::get(const Trace& trace, NodeId node, const Box& box) {
    if (twin == nullptr) {
        try {
            return fetch(trace, node, box);
        } catch (const GlFailure&) {
            const auto plan = make_cpu_backend(1)->prepare(graph, weights);
            twin = plan->run(trace.inputs(), {});
            if (!trace.patches().empty()) twin = plan->rerun(*twin, all_edits(trace), {});
        }
    }
    return twin->wait(node, box);
}

Numbers DeviceValues::State::copy(NodeId node, std::int64_t first, std::int64_t words) {
    if (device->faults().loses_values) {
        throw GlLost(device->renderer(), "OpenGL", "a context", "a context that was lost");
    }
    const DeviceSpan& span = spans[at(node)];
    const std::shared_ptr<float[]> out(new float[static_cast<std::size_t>(words)]);
    Download(*span.buffer, span.first + first, words).finish(out.get());
    const std::lock_guard lock(mutex);
    bytes_read += words * 4;
    return out;
}

// Copies the cells of the box: a run of rows at once, columns of a single row alone.
Tile DeviceValues::State::fetch(const Trace& trace, NodeId node, const Box& box) {
    if (box.outers() == 0 || box.rows() == 0 || box.cols() == 0) return Tile(nullptr, box, 0, 0);
    if (spans[at(node)].buffer == nullptr) return derive(trace, node, box);
    const MatrixExtents extents = matrix_extents(graph->node(node).shape);
    const std::int64_t row_stride = extents.cols;
    const std::int64_t outer_stride = row_stride * extents.rows;
    const std::int64_t first =
        box.outer_begin * outer_stride + box.row_begin * row_stride + box.col_begin;
    const std::int64_t words =
        (box.outers() - 1) * outer_stride + (box.rows() - 1) * row_stride + box.cols();
    return Tile(copy(node, first, words), box, outer_stride, row_stride);
}

void DeviceValues::State::mirror_sources(NodeId node) {
    for (const Operand& operand : graph->node(node).operands) {
        if (operand.kind != OperandKind::kNode || mirrors[at(operand.id)] != nullptr) continue;
        if (spans[at(operand.id)].buffer == nullptr) {
            mirror_sources(operand.id);
            continue;
        }
        const auto count = static_cast<std::int64_t>(graph->node(operand.id).shape.count());
        if (count > 0) mirrors[at(operand.id)] = copy(operand.id, 0, count);
    }
}

Tile DeviceValues::State::derive(const Trace& trace, NodeId node, const Box& box) {
    if (program == nullptr) {
        program = std::make_shared<const Program>(graph, weights);
        mirrors.resize(at(graph->size()));
    }
    mirror_sources(node);
    const Tile rows = program->derive(node, box, {trace.inputs(), mirrors, trace.patches()});
    const auto owner = std::make_shared<Tile>(rows);
    const std::ptrdiff_t row_stride = rows.box().cols();
    const float* begin = rows.row(box.outer_begin, box.row_begin) + box.col_begin;
    return Tile({owner, begin}, box, row_stride * box.rows(), row_stride);
}

// On the device's thread: what read() has asked for.
void DeviceValues::State::answer(const Trace& trace, const Key& key) {
    Entry came;
    try {
        came.tile = get(trace, key.node, key.box);
    } catch (const std::exception&) {
        came.failure = std::current_exception();
    }
    std::function<void()> call;
    {
        const std::lock_guard lock(mutex);
        came.used = reads;
        if (came.tile) numbers += key.count();
        entries[key] = std::move(came);
        --on_their_way;
        call = wake;
    }
    arrived.notify_all();
    if (call) call();
}

// What was read longest ago goes first; what nobody has taken yet stays four times as long.
void DeviceValues::State::make_room() {
    const auto is_full = [this](std::size_t times) {
        return entries.size() > times * kMostEntries || numbers > times * kMostNumbers;
    };
    while (is_full(1)) {
        auto oldest = entries.end();
        for (auto it = entries.begin(); it != entries.end(); ++it) {
            if (!it->second.has_come() || (!it->second.was_given && !is_full(4))) continue;
            if (oldest == entries.end() || it->second.used < oldest->second.used) oldest = it;
        }
        if (oldest == entries.end()) return;
        if (oldest->second.tile) numbers -= oldest->first.count();
        entries.erase(oldest);
    }
}

// The tile where it has come. Throws what went wrong on its way.
std::optional<Tile> DeviceValues::State::give(const Key& key) {
    const auto found = entries.find(key);
    if (found == entries.end() || !found->second.has_come()) return std::nullopt;
    Entry& entry = found->second;
    if (entry.failure != nullptr) {
        const std::exception_ptr failure = entry.failure;
        entries.erase(found);
        std::rethrow_exception(failure);
    }
    entry.was_given = true;
    entry.used = ++reads;
    return entry.tile;
}

// How long a reader may wait now.
Clock::duration DeviceValues::State::patience() {
    const Clock::time_point now = Clock::now();
    if (now - waits_since > kPatienceReturns) {
        waits_since = now;
        waited = {};
    }
    return std::max(Clock::duration{}, kPatience - waited);
}

DeviceValues::DeviceValues(std::shared_ptr<ComputeDevice> device,
                           std::shared_ptr<const Graph> graph,
                           std::shared_ptr<const WeightStore> weights,
                           std::vector<DeviceSpan> spans)
    : state_(std::make_shared<State>()) {
    state_->device = std::move(device);
    state_->graph = std::move(graph);
    state_->weights = std::move(weights);
    state_->spans = std::move(spans);
}

DeviceValues::~DeviceValues() = default;

const DeviceSpan& DeviceValues::span(NodeId node) const {
    return state_->spans.at(at(node));
}

std::int64_t DeviceValues::bytes_read() const {
    const std::lock_guard lock(state_->mutex);
    return state_->bytes_read;
}

void DeviceValues::set_wake(std::function<void()> wake) const {
    const std::lock_guard lock(state_->mutex);
    state_->wake = std::move(wake);
}

bool DeviceValues::is_pending() const {
    const std::lock_guard lock(state_->mutex);
    return state_->on_their_way > 0;
}

std::optional<Tile> DeviceValues::read(const Trace& trace, NodeId node, const Box& box) const {
    if (box.outers() == 0 || box.rows() == 0 || box.cols() == 0) return Tile(nullptr, box, 0, 0);
    State& state = *state_;
    const Key key{node, box};
    std::unique_lock lock(state.mutex);
    if (state.entries.count(key) > 0) return state.give(key);
    state.make_room();
    state.entries[key];
    ++state.on_their_way;
    GlThread& thread = state.device->thread();
    const bool is_free = thread.is_free();
    // The trace is looked at from the other thread: it is kept until that is done.
    thread.post([own = state_, kept = trace.shared_from_this(), key] { own->answer(*kept, key); });
    const Clock::duration patience = state.patience();
    if (!is_free || patience <= Clock::duration{}) return std::nullopt;
    const Clock::time_point begin = Clock::now();
    state.arrived.wait_for(lock, patience, [&] { return state.entries[key].has_come(); });
    state.waited += Clock::now() - begin;
    return state.give(key);
}

Tile DeviceValues::wait(const Trace& trace, NodeId node, const Box& box) const {
    const auto look = [this, key = Key{node, box}] {
        const std::lock_guard lock(state_->mutex);
        return state_->give(key);
    };
    if (auto tile = look()) return *tile;
    return state_->device->thread().call([&] {
        // What was asked for before has come by now.
        if (auto tile = look()) return *tile;
        return state_->get(trace, node, box);
    });
}

}  // namespace heed::app
