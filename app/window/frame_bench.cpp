// What a frame of each view takes: the thread's own work, and all of it with drawing by software.
#include <algorithm>
#include <chrono>
#include <string>

#include "app/window/offscreen.h"
#include "app/window/run.h"
#include "app/window/view_table.h"
#include "core/base/error.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

FrameTime measure_view(Offscreen& screen, std::string_view view, int frames) {
    const std::vector<std::string> arguments{std::string(view)};
    screen.program().actions().run("view", arguments);
    screen.wait(60);
    std::vector<double> build_ms;
    std::vector<double> whole_ms;
    for (int i = 0; i < frames; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        screen.draw_frame();
        // Reading waits until everything is drawn.
        screen.read();
        const auto end = std::chrono::steady_clock::now();
        build_ms.push_back(screen.program().frame_cost().cpu_ms);
        whole_ms.push_back(std::chrono::duration<double, std::milli>(end - begin).count());
    }
    return {std::string(view), median(std::move(build_ms)), median(std::move(whole_ms))};
}

}  // namespace

FrameBenchResult run_frame_bench(const FrameBenchOptions& options) {
    Offscreen screen;
    Program& program = screen.program();
    std::string text = "the";
    for (int i = 1; i < options.tokens; ++i) text += " dog";
    program.document().set_text(text);
    program.document().open_model(resolve_model(options.model).string());
    screen.wait(60);
    if (program.document().trace() == nullptr) throw Error("", program.document().error());
    FrameBenchResult result;
    result.tokens = static_cast<int>(program.document().trace()->labels(0).size());
    for (const ViewEntry& view : all_views()) {
        result.views.push_back(measure_view(screen, view.name, options.frames));
    }
    return result;
}

}  // namespace heed::app
