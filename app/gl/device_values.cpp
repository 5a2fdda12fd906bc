#include "app/gl/device_values.h"

#include <algorithm>
#include <deque>
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

}  // namespace

struct DeviceValues::State {
    struct Entry {
        NodeId node = -1;
        Box box;
        std::optional<Tile> tile;  // none while it is on its way
    };
    static constexpr std::size_t kMostEntries = 4096;
    static constexpr std::size_t kMostNumbers = std::size_t{64} << 20;

    std::shared_ptr<ComputeDevice> device;
    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const WeightStore> weights;
    std::vector<DeviceSpan> spans;

    std::mutex mutex;
    std::deque<Entry> entries;  // the oldest first
    std::size_t numbers = 0;    // in entries
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
    void store(NodeId node, const Box& box, const Tile& tile);
    std::optional<Tile> find(NodeId node, const Box& box, bool& is_asked);
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

std::optional<Tile> DeviceValues::State::find(NodeId node, const Box& box, bool& is_asked) {
    for (Entry& entry : entries) {
        if (entry.node != node || !(entry.box == box)) continue;
        is_asked = true;
        return entry.tile;
    }
    return std::nullopt;
}

void DeviceValues::State::store(NodeId node, const Box& box, const Tile& tile) {
    for (Entry& entry : entries) {
        if (entry.node != node || !(entry.box == box)) continue;
        entry.tile = tile;
        numbers += at(box.outers()) * at(box.rows()) * at(box.cols());
    }
    while (entries.size() > 1 && (entries.size() > kMostEntries || numbers > kMostNumbers)) {
        const Entry& oldest = entries.front();
        if (!oldest.tile) break;
        numbers -= at(oldest.box.outers()) * at(oldest.box.rows()) * at(oldest.box.cols());
        entries.pop_front();
    }
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

std::optional<Tile> DeviceValues::read(const Trace& trace, NodeId node, const Box& box) const {
    if (box.outers() == 0 || box.rows() == 0 || box.cols() == 0) return Tile(nullptr, box, 0, 0);
    {
        const std::lock_guard lock(state_->mutex);
        bool is_asked = false;
        auto tile = state_->find(node, box, is_asked);
        if (is_asked) return tile;
        state_->entries.push_back({node, box, std::nullopt});
    }
    // The trace is looked at from the other thread: it is kept until that is done.
    state_->device->thread().post([state = state_, kept = trace.shared_from_this(), node, box] {
        const Tile tile = state->get(*kept, node, box);
        std::function<void()> wake;
        {
            const std::lock_guard lock(state->mutex);
            state->store(node, box, tile);
            wake = state->wake;
        }
        if (wake) wake();
    });
    return std::nullopt;
}

Tile DeviceValues::wait(const Trace& trace, NodeId node, const Box& box) const {
    {
        const std::lock_guard lock(state_->mutex);
        bool is_asked = false;
        if (auto tile = state_->find(node, box, is_asked)) return *tile;
    }
    return state_->device->thread().call([&] { return state_->get(trace, node, box); });
}

}  // namespace heed::app
