// The two ways to run the program: in a window, and offscreen through a scenario.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/gl/context.h"

namespace heed::app {

struct WindowOptions {
    std::optional<std::string> model;  // name or path; the first that can be opened otherwise
    std::optional<std::string> text;
    std::optional<std::string> pair;
    std::optional<std::string> scenario;  // a file whose steps are done first
    std::vector<std::string> files;       // a model folder or worksheet to open
};

struct SnapshotOptions {
    std::string scenario;            // file; "-" is standard input
    std::optional<std::string> out;  // what the window shows at the end, as PNG
    bool json = false;               // print the last dump on standard output
};

// Opens the window and returns when it is closed: 0. Without a display it says so, renders the
// first screen to heed.png and returns 0. Throws NoOpenGl (exit status 3) where there is no OpenGL
// at all, Error for a model that cannot be opened.
int run_window(const WindowOptions& options);

// Runs a scenario offscreen. Returns 0. Throws Error for a step that cannot be done or an
// expectation that does not hold (exit status 1), NoOpenGl.
int run_snapshot(const SnapshotOptions& options);

}  // namespace heed::app
