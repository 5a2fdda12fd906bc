// Something computed of a trace's values at once, or not at all: for the thread that draws, which
// waits for nobody.
//
//     const auto explanation = if_at_hand([&] { return explain(trace, node, cell); });
//     if (!explanation) { draw a placeholder; the next frame asks again }
#pragma once

#include <exception>
#include <optional>

namespace heed {

// While one lives, Trace::wait of this thread throws NotAtHand instead of waiting.
class AtHand {
  public:
    AtHand();
    ~AtHand();
    AtHand(const AtHand&) = delete;
    AtHand& operator=(const AtHand&) = delete;

    static bool is_demanded();

  private:
    bool before_;
};

// A tile is still on its way. It has been asked for.
class NotAtHand : public std::exception {
  public:
    const char* what() const noexcept override { return "values are on their way"; }
};

// What `compute` gives, or nullopt where a value that it reads is not there yet: it has been asked
// for, and a later call goes further. `compute` may be broken off at each read.
template <class Compute>
auto if_at_hand(Compute compute) -> std::optional<decltype(compute())> {
    const AtHand demand;
    try {
        return compute();
    } catch (const NotAtHand&) {
        return std::nullopt;
    }
}

}  // namespace heed
