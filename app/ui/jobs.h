// Work that a view needs and that takes too long for a frame: done on another thread, kept while it
// is asked for. The interface is here; the program implements it.
//
//     const auto lens = ui.jobs.get<LogitLens>("predict/lens", version, [trace](CancelToken c) {
//         return compute_logit_lens(*trace, c);
//     });
//     if (lens.value == nullptr) { draw the loading state }
//
// What the work needs must be captured by value or shared_ptr: it runs while the document changes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/progress.h"

namespace heed::app {

struct JobState {
    std::shared_ptr<const void> value;  // of the newest finished version; null before the first
    bool is_current = false;            // `value` belongs to the asked version
    std::string problem;                // why the asked version could not be made; else empty
};

template <class T>
struct Job {
    std::shared_ptr<const T> value;
    bool is_current = false;
    std::string problem;
};

class JobStore {
  public:
    using Work = std::function<std::shared_ptr<const void>(const CancelToken&)>;

    virtual ~JobStore() = default;
    // The result of the work called `id`. Another `version` starts it anew (what is running for an
    // older one is cancelled); until it is done the old result stays. What is not asked for in some
    // frames is cancelled and forgotten. An Error thrown by the work becomes `problem`.
    virtual JobState ask(std::string_view id, std::uint64_t version, const Work& work) = 0;

    template <class T, class Compute>
    Job<T> get(std::string_view id, std::uint64_t version, Compute compute) {
        JobState state = ask(id, version, [compute](const CancelToken& cancel) {
            return std::static_pointer_cast<const void>(std::make_shared<const T>(compute(cancel)));
        });
        return {std::static_pointer_cast<const T>(state.value), state.is_current,
                std::move(state.problem)};
    }
};

}  // namespace heed::app
