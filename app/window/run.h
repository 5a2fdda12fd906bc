// The two ways to run the program: in a window, and offscreen through a scenario.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/gl/chosen_backend.h"
#include "app/gl/context.h"

namespace heed::app {

struct WindowOptions {
    std::optional<std::string> model;  // name or path; the first that can be opened otherwise
    std::optional<std::string> text;
    std::optional<std::string> pair;
    std::optional<std::string> scenario;  // a file whose steps are done first
    std::vector<std::string> files;       // a model folder or worksheet to open
    std::optional<std::string> backend;   // auto, cpu or gl; $HEED_BACKEND otherwise, else auto
};

struct SnapshotOptions {
    std::string scenario;                // file; "-" is standard input
    std::optional<std::string> out;      // what the window shows at the end, as PNG
    bool json = false;                   // print the last dump on standard output
    std::optional<std::string> backend;  // auto, cpu or gl; $HEED_BACKEND otherwise, else cpu
};

// The backend that was asked for by option or environment, else `fallback`. Throws Error.
BackendChoice asked_backend(const std::optional<std::string>& option, BackendChoice fallback);

struct FrameBenchOptions {
    std::string model;
    int tokens = 58;  // words; the model may add marks of its own
    int frames = 30;  // of each view; medians are told
};

struct FrameTime {
    std::string view;
    double build_ms = 0;  // processor time of building the frame, all but rasterising
    double whole_ms = 0;  // until the picture of 1600x1000 is drawn and read
};

struct FrameBenchResult {
    int tokens = 0;
    std::vector<FrameTime> views;
};

// Opens the window and returns when it is closed: 0. Without a display it says so, renders the
// first screen to heed.png and returns 0. Throws NoOpenGl (exit status 3) where there is no OpenGL
// at all, Error for a model that cannot be opened.
int run_window(const WindowOptions& options);

// Runs a scenario offscreen. Returns 0. Throws Error for a step that cannot be done or an
// expectation that does not hold (exit status 1), NoOpenGl.
int run_snapshot(const SnapshotOptions& options);

// Times frames of each view in the middle of the first screen, offscreen. Throws Error, NoOpenGl.
FrameBenchResult run_frame_bench(const FrameBenchOptions& options);

}  // namespace heed::app
