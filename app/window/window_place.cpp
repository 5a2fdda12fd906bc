#include "app/window/window_place.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <span>

namespace heed::app {

namespace {

// Of a window's title and frame that must be on a screen, so that it can be moved.
constexpr int kReachable = 64;

struct Area {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
};

Area work_area_of(GLFWmonitor* monitor) {
    Area area;
    glfwGetMonitorWorkarea(monitor, &area.x, &area.y, &area.width, &area.height);
    return area;
}

bool is_reachable(const WindowPlace& place) {
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    const std::span all(monitors, static_cast<std::size_t>(std::max(0, count)));
    return std::any_of(all.begin(), all.end(), [&](GLFWmonitor* monitor) {
        const Area area = work_area_of(monitor);
        return *place.x + place.width >= area.x + kReachable &&
               *place.x <= area.x + area.width - kReachable && *place.y >= area.y &&
               *place.y <= area.y + area.height - kReachable;
    });
}

// As large as it is, at most what the screen has, in its middle.
void centre(GLFWwindow* window) {
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    if (monitor == nullptr) return;
    const Area area = work_area_of(monitor);
    if (area.width <= 0 || area.height <= 0) return;
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    glfwGetWindowFrameSize(window, &left, &top, &right, &bottom);
    int width = 0;
    int height = 0;
    glfwGetWindowSize(window, &width, &height);
    width = std::min(width, area.width - left - right);
    height = std::min(height, area.height - top - bottom);
    glfwSetWindowSize(window, width, height);
    glfwSetWindowPos(window, area.x + (area.width - width) / 2,
                     area.y + (area.height - height) / 2);
}

}  // namespace

void place_window(GLFWwindow* window, const std::optional<WindowPlace>& place) {
    if (place && place->x && place->y && is_reachable(*place)) {
        glfwSetWindowPos(window, *place->x, *place->y);
    } else {
        centre(window);
    }
    if (place && place->is_maximised) glfwMaximizeWindow(window);
}

WindowPlace read_place(GLFWwindow* window, const WindowPlace& before) {
    WindowPlace place = before;
    place.is_maximised = glfwGetWindowAttrib(window, GLFW_MAXIMIZED) == GLFW_TRUE;
    const bool is_hidden = glfwGetWindowAttrib(window, GLFW_ICONIFIED) == GLFW_TRUE;
    if (place.is_maximised || is_hidden) return place;
    int x = 0;
    int y = 0;
    glfwGetWindowPos(window, &x, &y);
    place.x = x;
    place.y = y;
    int width = 0;
    int height = 0;
    glfwGetWindowSize(window, &width, &height);
    place.width = std::clamp(width, kSmallestSide, kLargestSide);
    place.height = std::clamp(height, kSmallestSide, kLargestSide);
    return place;
}

}  // namespace heed::app
