#include "app/window/scenario_runner.h"

#include <cmath>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "app/window/offscreen.h"
#include "app/window/run.h"
#include "core/base/error.h"
#include "core/format/atomic_file.h"
#include "core/format/png.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

constexpr double kWaitLimit_s = 60;
constexpr double kTooltipPause_s = 0.5;

using Test = step::Expect::Test;

bool holds(Test test, double found, const step::Expect& expect) {
    switch (test) {
        case Test::kEqual:
            // As exact as it was written: 0.69 holds for whatever is 0.69 in two decimals.
            return std::abs(found - expect.number) <= 0.5 * std::pow(10.0, -expect.decimals) ||
                   found == expect.number;
        case Test::kNotEqual:
            return !holds(Test::kEqual, found, expect);
        case Test::kLess:
            return found < expect.number;
        case Test::kLessOrEqual:
            return found <= expect.number;
        case Test::kGreater:
            return found > expect.number;
        case Test::kGreaterOrEqual:
            return found >= expect.number;
        case Test::kContains:
            return false;
    }
    return false;
}

bool holds(Test test, const std::string& found, const std::string& wanted) {
    if (test == Test::kContains) return found.find(wanted) != std::string::npos;
    return (found == wanted) == (test == Test::kEqual);
}

std::string read_all(std::istream& stream) {
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

}  // namespace

std::string read_scenario(const std::string& path) {
    if (path == "-") return read_all(std::cin);
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure)) {
        throw Error(path, "", "a scenario file",
                    std::filesystem::exists(path, failure) ? "something else" : "nothing");
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Error(path, "", "a file that can be read", "one that cannot");
    return read_all(file);
}

ScenarioRunner::ScenarioRunner(Screen& screen, std::string where)
    : screen_(screen), where_(std::move(where)) {}

void ScenarioRunner::run(const std::vector<ScenarioStep>& steps) {
    for (const ScenarioStep& step : steps) {
        const std::string place = where_ + ": line " + std::to_string(step.line) + ": " + step.name;
        try {
            run_step(step);
        } catch (const NoOpenGl&) {
            throw;
        } catch (const Error& error) {
            throw Error(place, error.what());
        }
        for (const std::string& complaint : screen_.take_gl_errors()) {
            throw Error(place, "OpenGL", "no error", complaint);
        }
    }
}

void ScenarioRunner::run_step(const ScenarioStep& step) {
    std::visit([this](const auto& action) { act(action); }, step.action);
}

void ScenarioRunner::open_default_if_needed() {
    if (screen_.program().document().model_name().empty()) screen_.program().open_default_model();
}

void ScenarioRunner::settle() {
    open_default_if_needed();
    screen_.wait(kWaitLimit_s);
}

const Item& ScenarioRunner::find_item(const std::string& id) {
    settle();
    screen_.draw_frame(true);
    const ItemLog& items = screen_.program().items();
    const Item* item = items.find(id);
    if (item == nullptr) {
        const std::string_view nearest = items.find_nearest(id);
        throw Error("", "", "the item " + id,
                    nearest.empty() ? "none" : "none; near it is " + std::string(nearest));
    }
    return *item;
}

Rect ScenarioRunner::find_visible(const std::string& id) {
    const Item& item = find_item(id);
    if (!item.rect) throw Error("", "", id + " in sight", "it scrolled out of sight");
    return *item.rect;
}

void ScenarioRunner::act(const step::Size& step) {
    screen_.resize(step.width, step.height, step.scale);
}

void ScenarioRunner::act(const step::SetTheme& step) {
    screen_.program().set_theme(step.theme);
}

void ScenarioRunner::act(const step::Open& step) {
    // Whatever cannot be opened is told here and now, not in the status line of a later picture.
    const std::string path = resolve_model(step.model).string();
    Document& document = screen_.program().document();
    document.open_model(path);
    screen_.wait(kWaitLimit_s);
    if (document.model_name() != path) throw Error("", document.error());
}

void ScenarioRunner::act(const step::SetText& step) {
    Document& document = screen_.program().document();
    if (step.is_pair) {
        document.set_pair(step.text);
    } else {
        document.set_text(step.text);
    }
}

void ScenarioRunner::act(const step::OpenImage& step) {
    settle();
    Document& document = screen_.program().document();
    if (document.model() == nullptr || !document.model()->summary().takes_image) {
        throw Error("", "model", "one that takes pictures", in_quotes(document.model_name()));
    }
    document.set_image(std::filesystem::absolute(step.file).string());
    screen_.wait(kWaitLimit_s);
    if (!document.error().empty()) throw Error("", document.error());
}

void ScenarioRunner::act(const step::Do& step) {
    settle();
    screen_.program().actions().run(step.action, step.arguments);
    screen_.draw_frame();
}

void ScenarioRunner::act(const step::PressKey& step) {
    settle();
    screen_.input.chord = step.chord;
    screen_.draw_frame();
    screen_.input.chord = {};
    screen_.draw_frame();
}

void ScenarioRunner::act(const step::Type& step) {
    settle();
    screen_.input.typed = step.text;
    screen_.draw_frame();
    screen_.draw_frame();
}

void ScenarioRunner::act(const step::Click& step) {
    screen_.input.mouse = find_visible(step.item).centre();
    screen_.draw_frame();
    bool& button = step.is_right ? screen_.input.is_right_down : screen_.input.is_mouse_down;
    button = true;
    screen_.draw_frame();
    button = false;
    screen_.draw_frame();
    screen_.draw_frame();
}

void ScenarioRunner::act(const step::Hover& step) {
    screen_.input.mouse = find_visible(step.item).centre();
    screen_.draw_frame();
    screen_.draw_frame();
    screen_.pass_time(kTooltipPause_s);
    screen_.draw_frame();
}

void ScenarioRunner::act(const step::Drag& step) {
    const Point from = find_visible(step.item).centre();
    screen_.input.mouse = from;
    screen_.draw_frame();
    screen_.input.is_mouse_down = true;
    screen_.draw_frame();
    screen_.input.mouse = {from.x + step.dx, from.y + step.dy};
    screen_.draw_frame();
    screen_.draw_frame();
    screen_.input.is_mouse_down = false;
    screen_.draw_frame();
}

void ScenarioRunner::act(const step::Scroll& step) {
    screen_.input.mouse = find_visible(step.item).centre();
    screen_.draw_frame();
    screen_.input.wheel = -step.dy / screen_.pixels_per_wheel_line();
    screen_.draw_frame();
    screen_.draw_frame();
}

void ScenarioRunner::act(const step::Wait&) {
    settle();
}

void ScenarioRunner::act(const step::Shot& step) {
    save_picture(step.file);
}

void ScenarioRunner::act(const step::Dump& step) {
    write_file_atomically(step.file, dump());
}

void ScenarioRunner::act(const step::Expect& step) {
    const Item& item = find_item(step.item);
    const std::string sign(test_sign(step.test));
    if (step.field == step::Expect::Field::kText) {
        if (holds(step.test, item.text, step.wanted)) return;
        throw Error(step.item, "text", sign + " " + in_quotes(step.wanted), in_quotes(item.text));
    }
    const std::string expected = sign + " " + step.wanted;
    if (!item.value) throw Error(step.item, "value", expected, "no value");
    if (holds(step.test, *item.value, step)) return;
    char found[40];
    std::snprintf(found, sizeof found, "%.9g", *item.value);
    throw Error(step.item, "value", expected, found);
}

void ScenarioRunner::save_picture(const std::string& path) {
    settle();
    const Image image = screen_.read();
    write_png(path, image.width, image.height, image.rgba);
}

std::string ScenarioRunner::dump() {
    settle();
    screen_.draw_frame(true);
    return make_dump(screen_.program(), screen_.width(), screen_.height(), screen_.scale());
}

int run_snapshot(const SnapshotOptions& options) {
    const std::string where = options.scenario == "-" ? "standard input" : options.scenario;
    const std::vector<ScenarioStep> steps = parse_scenario(read_scenario(options.scenario), where);
    Offscreen screen(asked_backend(options.backend, BackendChoice::kCpu));
    ScenarioRunner runner(screen, where);
    runner.run(steps);
    if (options.out) runner.save_picture(*options.out);
    if (options.json) std::cout << runner.dump();
    return 0;
}

}  // namespace heed::app
