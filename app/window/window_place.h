// Where the window stands on its screen.
#pragma once

#include <optional>

#include "app/document/settings.h"

struct GLFWwindow;

namespace heed::app {

// Puts a window that is not shown yet where it was; without a place, or where no screen is there
// any more, in the middle of the first screen, as large as fits.
void place_window(GLFWwindow* window, const std::optional<WindowPlace>& place);
// Where it stands now. While it is maximised, position and size stay those of `before`.
WindowPlace read_place(GLFWwindow* window, const WindowPlace& before);

}  // namespace heed::app
