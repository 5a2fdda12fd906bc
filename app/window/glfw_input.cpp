#include "app/window/glfw_input.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <imgui.h>

#include <backends/imgui_impl_glfw.h>

#include <utility>

namespace heed::app {

GlfwInput::GlfwInput(GLFWwindow* window) : window_(window) {
    ImGui_ImplGlfw_InitForOpenGL(window, false);
    glfwSetWindowUserPointer(window, this);
    glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int scancode, int action, int mods) {
        push(w, {Kind::kKey, key, scancode, action, mods, 0, 0, 0});
    });
    glfwSetCharCallback(window, [](GLFWwindow* w, unsigned character) {
        push(w, {Kind::kCharacter, 0, 0, 0, 0, character, 0, 0});
    });
    glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int mods) {
        push(w, {Kind::kButton, button, 0, action, mods, 0, 0, 0});
    });
    glfwSetScrollCallback(window, [](GLFWwindow* w, double x, double y) {
        push(w, {Kind::kWheel, 0, 0, 0, 0, 0, x, y});
    });
    glfwSetWindowFocusCallback(window, [](GLFWwindow* w, int has_focus) {
        push(w, {Kind::kFocus, has_focus, 0, 0, 0, 0, 0, 0});
    });
    glfwSetDropCallback(window, [](GLFWwindow* w, int count, const char** paths) {
        auto* input = static_cast<GlfwInput*>(glfwGetWindowUserPointer(w));
        if (input != nullptr) input->dropped_.insert(input->dropped_.end(), paths, paths + count);
    });
    glfwSetCursorEnterCallback(window, ImGui_ImplGlfw_CursorEnterCallback);
}

GlfwInput::~GlfwInput() {
    glfwSetWindowUserPointer(window_, nullptr);
    ImGui_ImplGlfw_Shutdown();
}

void GlfwInput::push(GLFWwindow* window, const Event& event) {
    auto* input = static_cast<GlfwInput*>(glfwGetWindowUserPointer(window));
    if (input != nullptr) input->events_.push_back(event);
}

bool GlfwInput::is_press(const Event& event) {
    return (event.kind == Kind::kKey || event.kind == Kind::kButton) &&
           event.action != GLFW_RELEASE;
}

bool GlfwInput::is_text_key(const Event& event) {
    return event.kind == Kind::kKey && event.code >= GLFW_KEY_SPACE &&
           event.code <= GLFW_KEY_WORLD_2 &&
           (event.modifiers & (GLFW_MOD_CONTROL | GLFW_MOD_ALT | GLFW_MOD_SUPER)) == 0;
}

void GlfwInput::begin_frame(bool is_typing) {
    bool has_press = false;
    while (!events_.empty()) {
        const Event& event = events_.front();
        // Characters before a key that works on the text come with it, those after it wait.
        const bool is_character = event.kind == Kind::kCharacter && !(is_typing && has_press);
        const bool is_free =
            is_character || event.kind == Kind::kWheel || (is_typing && is_text_key(event));
        if (has_press && !is_free) break;
        hand_over(event);
        // A modifier alone does nothing: it may come with the key that it modifies.
        const bool is_modifier = event.kind == Kind::kKey && event.code >= GLFW_KEY_LEFT_SHIFT &&
                                 event.code <= GLFW_KEY_RIGHT_SUPER;
        has_press = has_press || (is_press(event) && !is_free && !is_modifier);
        events_.pop_front();
    }
    ImGui_ImplGlfw_NewFrame();
}

std::u32string GlfwInput::take_typed() {
    return std::exchange(typed_, {});
}

std::vector<std::string> GlfwInput::take_dropped() {
    return std::exchange(dropped_, {});
}

void GlfwInput::hand_over(const Event& event) {
    switch (event.kind) {
        case Kind::kKey:
            ImGui_ImplGlfw_KeyCallback(window_, event.code, event.scancode, event.action,
                                       event.modifiers);
            break;
        case Kind::kCharacter:
            typed_.push_back(event.character);
            break;
        case Kind::kButton:
            ImGui_ImplGlfw_MouseButtonCallback(window_, event.code, event.action, event.modifiers);
            break;
        case Kind::kWheel:
            ImGui_ImplGlfw_ScrollCallback(window_, event.x, event.y);
            break;
        case Kind::kFocus:
            ImGui_ImplGlfw_WindowFocusCallback(window_, event.code);
            break;
    }
}

}  // namespace heed::app
