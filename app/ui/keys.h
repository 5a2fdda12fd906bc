// Keys and chords by name ("Ctrl+Shift+Left"), the same in menus, settings and scenarios. The
// numbers are GLFW's key codes, so that the window hands them over as they come.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heed::app {

enum Key : int {
    kKeyNone = 0,
    kKeySpace = 32,
    kKeyComma = 44,
    kKeyMinus = 45,
    kKeyPeriod = 46,
    kKeySlash = 47,
    kKey0 = 48,
    kKeyEqual = 61,
    kKeyA = 65,
    kKeyLeftBracket = 91,
    kKeyRightBracket = 93,
    kKeyEscape = 256,
    kKeyEnter = 257,
    kKeyTab = 258,
    kKeyBackspace = 259,
    kKeyInsert = 260,
    kKeyDelete = 261,
    kKeyRight = 262,
    kKeyLeft = 263,
    kKeyDown = 264,
    kKeyUp = 265,
    kKeyPageUp = 266,
    kKeyPageDown = 267,
    kKeyHome = 268,
    kKeyEnd = 269,
    kKeyF1 = 290,
    kKeyKeypadMinus = 333,
    kKeyPlus = 334,  // the keypad's; a chord with it also answers to the = key
    kKeyKeypadEnter = 335,
};
constexpr int kKeyCount = 512;

struct KeyChord {
    bool ctrl = false;
    bool shift = false;
    bool alt = false;
    int key = kKeyNone;

    bool operator==(const KeyChord&) const = default;
};

// Whether a field in which somebody writes takes this chord: what is printed, moves the caret or
// edits. Alt, the function keys and other chords with Ctrl go on meaning actions.
bool belongs_to_text(const KeyChord& chord);

// "Ctrl+Z", "Alt+Left", "F1", "Ctrl+-", "Ctrl++"; nullopt for anything else. Case does not matter.
std::optional<KeyChord> parse_key_chord(std::string_view text);
// The chord as it is shown to people: "Ctrl+Z".
std::string to_string(const KeyChord& chord);

}  // namespace heed::app
