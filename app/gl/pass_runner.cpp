#include "app/gl/pass_runner.h"

#include <algorithm>
#include <bit>

#include "core/base/check.h"

namespace heed::app {

namespace {

// Dispatches wider than this run on in the second dimension (at least 65535 each).
constexpr std::int64_t kGroupsInRow = 32768;
// Work is given to the driver so that stopping takes no longer than a few batches do.
constexpr double kBatchWork = 2e8;  // floating-point operations and bytes
constexpr std::size_t kMostBatches = 3;

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

std::span<const std::byte> bytes_of(const std::vector<std::uint32_t>& words) {
    return std::as_bytes(std::span(words));
}

}  // namespace

PassRunner::PassRunner(ComputeDevice& device, const DeviceWeights& weights, RecordedPass pass)
    : device_(device), weights_(weights), pass_(std::move(pass)) {
    for (const ProgramKey& key : pass_.list.programs) {
        programs_.push_back(device_.programs().get(key));
    }
    upload_words(constants_, pass_.list.constants);
    if (!pass_.list.params.empty()) {
        const auto words = static_cast<std::int64_t>((pass_.list.params.size() + 3) / 4);
        params_ = device_.memory().take(words);
        device_.memory().upload(*params_, 0, pass_.list.params);
    }
    status_ = device_.memory().take(kStatusWords);
    for (const std::int64_t words : pass_.list.scratch_words) {
        scratch_.push_back(device_.memory().take(std::max<std::int64_t>(1, words)));
    }
    device_.check();
}

PassRunner::~PassRunner() {
    for (const GLsync fence : batches_) glDeleteSync(fence);
}

void PassRunner::upload_words(std::shared_ptr<const DeviceBuffer>& buffer,
                              const std::vector<std::uint32_t>& words) {
    if (words.empty()) return;
    buffer = device_.memory().take(static_cast<std::int64_t>(words.size()));
    device_.memory().upload(*buffer, 0, bytes_of(words));
}

void PassRunner::take_memory(std::vector<DeviceSpan>& spans, PassOutcome& outcome) {
    std::vector<std::shared_ptr<const DeviceBuffer>> slabs;
    for (const std::int64_t words : pass_.slabs) {
        slabs.push_back(device_.memory().take(std::max<std::int64_t>(1, words)));
        outcome.bytes += static_cast<std::size_t>(words) * 4;
    }
    for (const NodeId id : pass_.copied) {
        const NodePlace& place = pass_.places[at(id)];
        const DeviceSpan& old = spans[at(id)];
        const std::shared_ptr<const DeviceBuffer>& slab = slabs[at(place.slab)];
        const auto bytes = static_cast<GLsizeiptr>(old.count) * 4;
        glBindBuffer(GL_COPY_READ_BUFFER, old.buffer->name);
        glBindBuffer(GL_COPY_WRITE_BUFFER, slab->name);
        glCopyBufferSubData(GL_COPY_READ_BUFFER, GL_COPY_WRITE_BUFFER, old.first * 4,
                            place.first * 4, bytes);
    }
    for (std::size_t id = 0; id < spans.size(); ++id) {
        const NodePlace& place = pass_.places[id];
        if (place.slab < 0) continue;
        spans[id] = {slabs[at(place.slab)], place.first, place.count};
    }
}

PassRunner::Range PassRunner::find_range(const BufferRef& buffer,
                                         const std::vector<DeviceSpan>& spans) const {
    switch (buffer.kind) {
        case BufferKind::kNode: {
            const DeviceSpan& span = spans[at(buffer.id)];
            HEED_CHECK(span.buffer != nullptr);
            return {span.buffer->name, span.first};
        }
        case BufferKind::kWeight:
            return {weights_.at(buffer.id)->name, 0};
        case BufferKind::kConstant:
            return {constants_->name, 0};
        case BufferKind::kInput:
            return {inputs_->name, 0};
        case BufferKind::kScratch:
            return {scratch_[at(buffer.id)]->name, 0};
        case BufferKind::kStatus:
            return {status_->name, 0};
    }
    report_bug(__FILE__, __LINE__, "a kind of buffer that does not exist");
}

void PassRunner::dispatch(const PassCommand& command, const std::vector<DeviceSpan>& spans) {
    if (command.has_barrier) {
        glMemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT | GL_BUFFER_UPDATE_BARRIER_BIT);
    }
    glUseProgram(programs_[at(command.program)]);
    glBindBufferRange(GL_UNIFORM_BUFFER, 0, params_->name,
                      static_cast<GLintptr>(command.params_begin),
                      static_cast<GLsizeiptr>(command.params_size));
    for (const Binding& binding : command.bindings) {
        const Range range = find_range(binding.buffer, spans);
        glBindBufferRange(GL_SHADER_STORAGE_BUFFER, static_cast<GLuint>(binding.slot), range.name,
                          (range.first + binding.first) * 4, binding.count * 4);
    }
    const std::int64_t wide = std::min(command.groups, kGroupsInRow);
    const std::int64_t high = (command.groups + wide - 1) / wide;
    glDispatchCompute(static_cast<GLuint>(wide), static_cast<GLuint>(high), 1);
}

// What the host has to do after `command` commands: names set by hand, cells set by hand.
void PassRunner::write_cells(std::size_t command, const std::vector<DeviceSpan>& spans) {
    const auto is_due = [command](const auto& list, std::size_t next) {
        return next < list.size() && list[next].after <= command;
    };
    if (!is_due(pass_.copies, next_copy_) && !is_due(pass_.writes, next_write_)) return;
    glMemoryBarrier(GL_BUFFER_UPDATE_BARRIER_BIT | GL_SHADER_STORAGE_BARRIER_BIT);
    for (; is_due(pass_.copies, next_copy_); ++next_copy_) {
        const NodeCopy& copy = pass_.copies[next_copy_];
        const DeviceSpan& from = spans[at(copy.from)];
        const DeviceSpan& to = spans[at(copy.to)];
        glBindBuffer(GL_COPY_READ_BUFFER, from.buffer->name);
        glBindBuffer(GL_COPY_WRITE_BUFFER, to.buffer->name);
        glCopyBufferSubData(GL_COPY_READ_BUFFER, GL_COPY_WRITE_BUFFER, from.first * 4, to.first * 4,
                            static_cast<GLsizeiptr>(to.count) * 4);
    }
    for (; is_due(pass_.writes, next_write_); ++next_write_) {
        const CellWrite& write = pass_.writes[next_write_];
        const Range range = find_range(write.buffer, spans);
        glBindBuffer(GL_COPY_WRITE_BUFFER, range.name);
        glBufferSubData(GL_COPY_WRITE_BUFFER, (range.first + write.word) * 4, sizeof write.value,
                        &write.value);
    }
}

void PassRunner::wait_for_oldest(const Progress& progress) {
    constexpr GLuint64 kPoll = 20'000'000;  // nanoseconds between looks at the cancel token
    const GLsync fence = batches_.front();
    while (true) {
        const GLenum result = glClientWaitSync(fence, GL_SYNC_FLUSH_COMMANDS_BIT, kPoll);
        if (result == GL_WAIT_FAILED) device_.check();
        if (result != GL_TIMEOUT_EXPIRED) break;
        progress.cancel.check();
    }
    glDeleteSync(fence);
    batches_.pop_front();
}

void PassRunner::end_batch(const Progress& progress) {
    batches_.push_back(glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0));
    glFlush();
    if (device_.faults().losing_batch == batches_run_++) {
        throw GlLost(device_.renderer(), "OpenGL", "a context", "a context that was lost");
    }
    progress.cancel.check();
    while (batches_.size() > kMostBatches) wait_for_oldest(progress);
}

PassOutcome PassRunner::run(const std::vector<std::uint32_t>& inputs,
                            std::vector<DeviceSpan>& spans, const RunOptions& options) {
    PassOutcome outcome;
    next_write_ = next_copy_ = 0;
    batches_run_ = 0;
    timers_.clear();
    upload_words(inputs_, inputs);
    device_.memory().upload(*status_, 0, bytes_of(std::vector<std::uint32_t>(kStatusWords)));
    take_memory(spans, outcome);
    glMemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT | GL_BUFFER_UPDATE_BARRIER_BIT |
                    GL_UNIFORM_BARRIER_BIT);
    const std::vector<PassCommand>& commands = pass_.list.commands;
    double work = 0;
    write_cells(0, spans);
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (options.progress.report) {
            options.progress.report(static_cast<int>(i), static_cast<int>(commands.size()));
        }
        Timer timer;
        if (options.measures_nodes) {
            timer = {commands[i].node, make_query(), make_query()};
            glQueryCounter(timer.begin.name(), GL_TIMESTAMP);
        }
        dispatch(commands[i], spans);
        if (options.measures_nodes) {
            glQueryCounter(timer.end.name(), GL_TIMESTAMP);
            timers_.push_back(std::move(timer));
        }
        write_cells(i + 1, spans);
        work += commands[i].flops + commands[i].bytes;
        if (work < kBatchWork) continue;
        work = 0;
        end_batch(options.progress);
    }
    end_batch(options.progress);
    while (!batches_.empty()) wait_for_oldest(options.progress);
    device_.check();
    read_status(outcome);
    if (options.measures_nodes) read_timers(outcome);
    if (options.progress.report) {
        const int all = static_cast<int>(commands.size());
        options.progress.report(all, all);
    }
    return outcome;
}

void PassRunner::read_status(PassOutcome& outcome) {
    std::array<float, kStatusWords> words{};
    Download(*status_, 0, kStatusWords).finish(words.data());
    for (std::size_t i = 0; i < words.size(); ++i) {
        outcome.status[i] = std::bit_cast<std::uint32_t>(words[i]);
    }
    if (device_.faults().has_not_a_number) ++outcome.status[kStatusNotANumber];
}

void PassRunner::read_timers(PassOutcome& outcome) const {
    outcome.node_milliseconds.assign(pass_.places.size(), 0);
    for (const Timer& timer : timers_) {
        GLuint64 begin = 0, end = 0;
        glGetQueryObjectui64v(timer.begin.name(), GL_QUERY_RESULT, &begin);
        glGetQueryObjectui64v(timer.end.name(), GL_QUERY_RESULT, &end);
        if (timer.node < 0 || end < begin) continue;
        outcome.node_milliseconds[at(timer.node)] += static_cast<double>(end - begin) * 1e-6;
    }
}

}  // namespace heed::app
