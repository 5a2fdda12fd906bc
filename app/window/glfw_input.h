// The window's input, handed to Dear ImGui in portions. Its io knows only which keys are down when
// a frame begins: whatever is pressed and released between two frames would be lost, so at most one
// press is handed over for each frame, and the rest waits for the next.
#pragma once

#include <deque>
#include <string>
#include <vector>

struct GLFWwindow;

namespace heed::app {

class GlfwInput {
  public:
    // Takes the window's callbacks and user pointer.
    explicit GlfwInput(GLFWwindow* window);
    ~GlfwInput();
    GlfwInput(const GlfwInput&) = delete;
    GlfwInput& operator=(const GlfwInput&) = delete;

    // Hands over what belongs to the next frame. `is_typing`: a text field takes printable keys as
    // characters, so that any number of them may come at once.
    void begin_frame(bool is_typing);
    // The characters that belong to that frame, composed by the system's input method where there
    // is one; used up. Dear ImGui's own are 16 bits wide and would lose most emoji.
    std::u32string take_typed();
    // The paths that were dropped onto the window since the last time; used up.
    std::vector<std::string> take_dropped();
    // Events that wait for a frame of their own.
    bool is_pending() const { return !events_.empty(); }

  private:
    enum class Kind { kKey, kCharacter, kButton, kWheel, kFocus };
    struct Event {
        Kind kind = Kind::kKey;
        int code = 0;  // key, button, or 1 for the focus that came
        int scancode = 0;
        int action = 0;
        int modifiers = 0;
        unsigned character = 0;
        double x = 0;
        double y = 0;
    };

    static void push(GLFWwindow* window, const Event& event);
    static bool is_press(const Event& event);
    static bool is_text_key(const Event& event);
    void hand_over(const Event& event);

    GLFWwindow* window_;
    std::deque<Event> events_;
    std::u32string typed_;
    std::vector<std::string> dropped_;
};

}  // namespace heed::app
