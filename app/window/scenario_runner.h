// Does what a scenario says to the program, offscreen or in the window.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/scenario.h"
#include "app/window/screen.h"

namespace heed::app {

class ScenarioRunner {
  public:
    // `where` begins every message.
    ScenarioRunner(Screen& screen, std::string where);

    // Throws Error ("where: line N: step: ...") at the first step that cannot be done or does not
    // hold.
    void run(const std::vector<ScenarioStep>& steps);

    // The picture as it is now, settled.
    void save_picture(const std::string& path);
    // The dump as INTERFACES.md describes it, settled.
    std::string dump();

  private:
    void run_step(const ScenarioStep& step);
    void open_default_if_needed();
    // Draws a recorded frame and gives the item; throws Error where it is not there, or not in
    // sight when it must be.
    const Item& find_item(const std::string& id);
    Rect find_visible(const std::string& id);
    void settle();

    void act(const step::Size& step);
    void act(const step::SetTheme& step);
    void act(const step::Open& step);
    void act(const step::SetText& step);
    void act(const step::OpenImage& step);
    void act(const step::Do& step);
    void act(const step::PressKey& step);
    void act(const step::Type& step);
    void act(const step::Click& step);
    void act(const step::Hover& step);
    void act(const step::Drag& step);
    void act(const step::Scroll& step);
    void act(const step::Wait& step);
    void act(const step::Shot& step);
    void act(const step::Dump& step);
    void act(const step::Expect& step);

    Screen& screen_;
    std::string where_;
    std::string model_;  // asked for by the last `open`
};

// The text of a scenario file; "-" is standard input. Throws Error.
std::string read_scenario(const std::string& path);

// The dump of a program's last recorded frame.
std::string make_dump(const Program& program, int width, int height, float scale);

}  // namespace heed::app
