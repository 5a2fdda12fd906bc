// The scenario language: a text file, one step a line, that drives the real program. Here it is
// only read and checked; scenario_runner does what it says.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/ui/keys.h"
#include "app/ui/theme.h"

namespace heed::app {

namespace step {

struct Size {
    int width = 0;  // pixels of the picture
    int height = 0;
    float scale = 1;
};
struct SetTheme {
    ThemeKind theme = ThemeKind::kLight;
};
struct Open {
    std::string model;
};
struct SetText {
    std::string text;
    bool is_pair = false;
};
struct OpenImage {
    std::string file;
};
struct Do {
    std::string action;
    std::vector<std::string> arguments;
};
struct PressKey {
    KeyChord chord;
};
struct Type {
    std::string text;
};
struct Click {
    std::string item;
    bool is_right = false;  // "click ITEM right"
};
struct Hover {
    std::string item;
};
struct Drag {
    std::string item;
    float dx = 0;  // pixels of the picture
    float dy = 0;
};
struct Scroll {
    std::string item;
    float dy = 0;  // pixels of the picture, positive: further down
};
struct Wait {};
struct Shot {
    std::string file;
};
struct Dump {
    std::string file;
};
struct Expect {
    enum class Field { kText, kValue };
    enum class Test {
        kEqual,
        kNotEqual,
        kLess,
        kLessOrEqual,
        kGreater,
        kGreaterOrEqual,
        kContains
    };

    std::string item;
    Field field = Field::kText;
    Test test = Test::kEqual;
    std::string wanted;  // as written
    double number = 0;   // of `wanted`, for a value
    int decimals = 0;    // digits that `wanted` has after its point, for a value
};

}  // namespace step

using StepAction =
    std::variant<step::Size, step::SetTheme, step::Open, step::SetText, step::OpenImage, step::Do,
                 step::PressKey, step::Type, step::Click, step::Hover, step::Drag, step::Scroll,
                 step::Wait, step::Shot, step::Dump, step::Expect>;

struct ScenarioStep {
    int line = 0;  // 1-based
    std::string name;
    StepAction action;
};

// Reads a scenario. Throws Error ("where: line N: step: expected ..., found ...") at the first
// step that cannot be used. Words are parted by blanks; a word in double quotes may hold blanks and
// \" \\ \n \t; a word that begins with # begins a comment.
std::vector<ScenarioStep> parse_scenario(std::string_view text, std::string_view where);

// Sign of a comparison as the scenario writes it: "=", "<=", "contains".
std::string_view test_sign(step::Expect::Test test);

}  // namespace heed::app
