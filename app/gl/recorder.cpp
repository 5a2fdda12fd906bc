#include "app/gl/recorder.h"

#include <algorithm>
#include <bit>

#include "core/base/check.h"

namespace heed::app {

namespace {

template <class Number>
Number round_up(Number value, Number step) {
    return (value + step - 1) / step * step;
}

}  // namespace

std::int64_t Recorder::add_constants(std::span<const std::uint32_t> words) {
    std::vector<std::uint32_t> key(words.begin(), words.end());
    const auto known = constants_.find(key);
    if (known != constants_.end()) return known->second;
    // Each table begins at an aligned place, so that binding it alone takes no more than its words.
    const auto step = static_cast<std::size_t>(limits_.alignment_words);
    list_.constants.resize(round_up(list_.constants.size(), step));
    const auto first = static_cast<std::int64_t>(list_.constants.size());
    list_.constants.insert(list_.constants.end(), words.begin(), words.end());
    constants_.emplace(std::move(key), first);
    return first;
}

std::int64_t Recorder::add_constants(std::span<const float> numbers) {
    std::vector<std::uint32_t> words;
    words.reserve(numbers.size());
    for (const float number : numbers) words.push_back(std::bit_cast<std::uint32_t>(number));
    return add_constants(std::span<const std::uint32_t>(words));
}

BufferRef Recorder::take_scratch(std::int64_t words) {
    std::vector<std::int64_t>& sizes = list_.scratch_words;
    if (free_scratch_.empty()) {
        sizes.push_back(0);
        free_scratch_.push_back(static_cast<int>(sizes.size()) - 1);
    }
    const int number = free_scratch_.back();
    free_scratch_.pop_back();
    std::int64_t& size = sizes[static_cast<std::size_t>(number)];
    size = std::max(size, words);
    return {BufferKind::kScratch, number};
}

void Recorder::give_back(BufferRef scratch) {
    HEED_CHECK(scratch.kind == BufferKind::kScratch);
    free_scratch_.push_back(scratch.id);
}

void Recorder::take_back(Mark mark) {
    HEED_CHECK_LE(mark.commands, list_.commands.size());
    if (mark.commands == list_.commands.size()) return;
    list_.params.resize(list_.commands[mark.commands].params_begin);
    list_.commands.resize(mark.commands);
    // What stood before the mark is found again from the commands that are left.
    written_.clear();
    read_scratch_.clear();
    std::size_t begin = list_.commands.size();
    while (begin > 0 && !list_.commands[begin - 1].has_barrier) --begin;
    if (begin > 0) --begin;
    for (std::size_t i = begin; i < list_.commands.size(); ++i) {
        for (const Binding& binding : list_.commands[i].bindings) {
            if (binding.is_written) written_.insert(binding.buffer);
            if (binding.buffer.kind == BufferKind::kScratch) read_scratch_.insert(binding.buffer);
        }
    }
}

int Recorder::find_program(ProgramKey key) {
    const auto known = programs_.find(key);
    if (known != programs_.end()) return known->second;
    const int number = static_cast<int>(list_.programs.size());
    list_.programs.push_back(key);
    programs_.emplace(std::move(key), number);
    return number;
}

// Pieces of one buffer are written side by side without a barrier; scratch is written again, so it
// has to wait for its readers, too. Counters of the status are atomic.
bool Recorder::needs_barrier(const PassCommand& command) const {
    return std::any_of(command.bindings.begin(), command.bindings.end(), [this](const Binding& b) {
        if (b.buffer.kind == BufferKind::kStatus) return false;
        if (!b.is_written) return written_.count(b.buffer) > 0;
        return b.buffer.kind == BufferKind::kScratch && read_scratch_.count(b.buffer) > 0;
    });
}

void Recorder::append(PassCommand command, std::span<const std::byte> params) {
    const auto step = static_cast<std::size_t>(limits_.params_alignment);
    command.params_begin = round_up(list_.params.size(), step);
    command.params_size = params.size();
    list_.params.resize(command.params_begin);
    list_.params.insert(list_.params.end(), params.begin(), params.end());
    command.has_barrier = needs_barrier(command);
    if (command.has_barrier) {
        written_.clear();
        read_scratch_.clear();
    }
    for (const Binding& binding : command.bindings) {
        if (binding.is_written) written_.insert(binding.buffer);
        if (binding.buffer.kind == BufferKind::kScratch) read_scratch_.insert(binding.buffer);
        command.bytes += 4.0 * static_cast<double>(binding.count);
    }
    list_.commands.push_back(std::move(command));
}

int Dispatch::bind(int slot, BufferRef buffer, std::int64_t first, std::int64_t count,
                   bool is_written) {
    HEED_CHECK_LE(0, first);
    HEED_CHECK_LT(0, count);
    const std::int64_t aligned = first - first % recorder_.limits_.alignment_words;
    const auto before = static_cast<int>(first - aligned);
    if (count + before > recorder_.limits_.binding_words) throw TooLarge();
    command_.bindings.push_back({slot, buffer, aligned, count + before, is_written});
    return before;
}

void Dispatch::finish(std::span<const std::byte> params, std::int64_t groups, double work) {
    HEED_CHECK_LT(0, groups);
    if (work > recorder_.limits_.work) throw TooLarge();
    command_.program = recorder_.find_program(std::move(program_));
    command_.groups = groups;
    recorder_.append(std::move(command_), params);
}

}  // namespace heed::app
