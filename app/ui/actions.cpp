#include "app/ui/actions.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/base/check.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

bool is_down(const KeyChord& chord, const KeyState& keys) {
    if (chord.ctrl != keys.ctrl || chord.alt != keys.alt) return false;
    if (keys.typing && belongs_to_text(chord)) return false;
    // The plus sign sits on the = key, with or without Shift by layout, and on the keypad.
    if (chord.key == kKeyPlus) return keys.was_pressed(kKeyPlus) || keys.was_pressed(kKeyEqual);
    if (chord.shift != keys.shift) return false;
    if (chord.key == kKeyMinus && keys.was_pressed(kKeyKeypadMinus)) return true;
    return keys.was_pressed(chord.key);
}

}  // namespace

void Actions::add(Action action) {
    HEED_CHECK(find(action.name) == nullptr);
    HEED_CHECK(action.run != nullptr);
    const auto help = help_.find(action.name);
    if (action.help.empty() && help != help_.end()) action.help = help->second;
    actions_.push_back(std::move(action));
}

const Action* Actions::find(std::string_view name) const {
    const auto at = std::find_if(actions_.begin(), actions_.end(),
                                 [&](const Action& action) { return action.name == name; });
    return at == actions_.end() ? nullptr : &*at;
}

void Actions::set_help(std::string_view name, std::string help) {
    for (Action& action : actions_) {
        if (action.name == name) action.help = help;
    }
    help_.insert_or_assign(std::string(name), std::move(help));
}

std::string Actions::shown_chord(std::string_view name) const {
    const Action* action = find(name);
    if (action == nullptr || action->chords.empty()) return "";
    return to_string(action->chords.front());
}

void Actions::run(std::string_view name, ActionArguments arguments) const {
    const Action* action = find(name);
    if (action == nullptr) {
        std::string names;
        for (const Action& known : actions_) names += (names.empty() ? "" : ", ") + known.name;
        throw Error("do", "action", "one of " + names, in_quotes(name));
    }
    if (action->arguments.empty() && !arguments.empty()) {
        throw Error("do", name, "no arguments", in_quotes(arguments.front()));
    }
    if (action->is_enabled && !action->is_enabled()) {
        throw Error("do", std::string(name) + " is not possible now");
    }
    action->run(arguments);
}

void Actions::run_pressed(const KeyState& keys) const {
    for (const Action& action : actions_) {
        const bool pressed =
            std::any_of(action.chords.begin(), action.chords.end(),
                        [&](const KeyChord& chord) { return is_down(chord, keys); });
        if (pressed && keys.is_allowed && !keys.is_allowed(action)) continue;
        if (!pressed || (action.is_enabled && !action.is_enabled())) continue;
        if (!action.chord_applies || action.chord_applies()) action.run({});
    }
}

int parse_action_number(std::string_view action, ActionArguments arguments, std::size_t position,
                        int low, int high) {
    const std::string expected =
        "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
    if (position >= arguments.size()) throw Error("do", action, expected, "nothing");
    const std::string& text = arguments[position];
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = failure == std::errc() && end == text.data() + text.size();
    if (!is_number || number < low || number > high) {
        throw Error("do", action, expected, in_quotes(text));
    }
    return number;
}

}  // namespace heed::app
