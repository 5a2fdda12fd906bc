// A person without a plan: random actions, keys, clicks, drags and texts on the real program, the
// same for the same seed. After every step the program must be whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "app/window/offscreen.h"

namespace heed::app {

struct MonkeyOptions {
    unsigned seed = 1;
    int steps = 500;
    double seconds = 0;            // goes on for so long instead, where it is not 0
    bool checks_frames = false;    // a frame of more than kLongestFrame_ms is a failure
    std::filesystem::path folder;  // where files go that actions write
};

// The longest that the thread that draws may be busy with building one frame.
constexpr double kLongestFrame_ms = 50;

struct MonkeyReport {
    int steps = 0;
    int frames = 0;
    FrameCost longest;         // by processor time
    std::string longest_step;  // "seed 1, step 37: click tabs/heads"
    std::string failure;       // empty: all was well
};

class Monkey {
  public:
    explicit Monkey(MonkeyOptions options);

    // Prints each step before it is done, so that a crash can be told from the last line.
    MonkeyReport run();

  private:
    using Step = std::string (Monkey::*)();

    // Each does one thing and says what.
    std::string run_action();
    std::string set_an_option();
    std::string press_key();
    std::string click_item();
    std::string double_click_item();
    std::string drag_item();
    std::string scroll_item();
    std::string hover_item();
    std::string type_text();
    std::string set_text();
    std::string open_something();
    std::string resize();
    std::string wait_or_not();
    std::string undo_or_redo();

    int below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
    template <class T>
    const T& one_of(const std::vector<T>& all) {
        return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
    }
    std::string random_text();
    std::string random_argument(const std::string& expected);
    std::vector<std::string> random_arguments(const std::string& expected);
    void do_action(const std::string& name, const std::vector<std::string>& arguments);
    const Item* random_item();
    // In sight, in the frame that was recorded last; else null.
    const Item* find_item(std::string_view id);
    void announce(const std::string& what);
    void draw(bool record = false);
    void press_mouse(bool right);
    // "" where the program is whole.
    std::string find_fault();

    MonkeyOptions options_;
    std::mt19937 random_;
    Offscreen screen_;
    MonkeyReport report_;
    std::string current_;
    bool has_walked_ = false;  // the last step was Tab
    std::vector<std::string> models_;
};

}  // namespace heed::app
