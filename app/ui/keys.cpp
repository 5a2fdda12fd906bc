#include "app/ui/keys.h"

#include <algorithm>
#include <array>
#include <utility>

namespace heed::app {

namespace {

using NamedKey = std::pair<std::string_view, int>;
// The first name of a key is the one that is shown.
constexpr std::array kNamedKeys{
    NamedKey{"Space", kKeySpace},
    NamedKey{",", kKeyComma},
    NamedKey{"-", kKeyMinus},
    NamedKey{"Minus", kKeyMinus},
    NamedKey{".", kKeyPeriod},
    NamedKey{"/", kKeySlash},
    NamedKey{"=", kKeyEqual},
    NamedKey{"[", kKeyLeftBracket},
    NamedKey{"]", kKeyRightBracket},
    NamedKey{"Esc", kKeyEscape},
    NamedKey{"Escape", kKeyEscape},
    NamedKey{"Enter", kKeyEnter},
    NamedKey{"Return", kKeyEnter},
    NamedKey{"Tab", kKeyTab},
    NamedKey{"Backspace", kKeyBackspace},
    NamedKey{"Insert", kKeyInsert},
    NamedKey{"Delete", kKeyDelete},
    NamedKey{"Right", kKeyRight},
    NamedKey{"Left", kKeyLeft},
    NamedKey{"Down", kKeyDown},
    NamedKey{"Up", kKeyUp},
    NamedKey{"PageUp", kKeyPageUp},
    NamedKey{"PageDown", kKeyPageDown},
    NamedKey{"Home", kKeyHome},
    NamedKey{"End", kKeyEnd},
    NamedKey{"+", kKeyPlus},
    NamedKey{"Plus", kKeyPlus},
};

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return upper(x) == upper(y); });
}

int find_key(std::string_view name) {
    if (name.size() == 1) {
        const char c = upper(name[0]);
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return c;
    }
    if (name.size() >= 2 && name.size() <= 3 && upper(name[0]) == 'F') {
        int number = 0;
        for (const char c : name.substr(1)) {
            if (c < '0' || c > '9') return kKeyNone;
            number = number * 10 + (c - '0');
        }
        return number >= 1 && number <= 12 ? kKeyF1 + number - 1 : static_cast<int>(kKeyNone);
    }
    for (const auto& [key_name, key] : kNamedKeys) {
        if (equals_ignoring_case(name, key_name)) return key;
    }
    return kKeyNone;
}

std::string name_of_key(int key) {
    if ((key >= 'A' && key <= 'Z') || (key >= '0' && key <= '9')) {
        return std::string(1, static_cast<char>(key));
    }
    if (key >= kKeyF1 && key < kKeyF1 + 12) {
        std::string name = std::to_string(key - kKeyF1 + 1);
        name.insert(name.begin(), 'F');
        return name;
    }
    for (const auto& [name, named_key] : kNamedKeys) {
        if (named_key == key) return std::string(name);
    }
    return "";
}

}  // namespace

bool belongs_to_text(const KeyChord& chord) {
    if (chord.alt) return false;
    if (!chord.ctrl) return chord.key < kKeyF1 || chord.key >= kKeyF1 + 12;
    switch (chord.key) {
        case kKeyA:
        case 'C':
        case 'V':
        case 'X':
        case 'Y':
        case 'Z':
        case kKeyLeft:
        case kKeyRight:
        case kKeyHome:
        case kKeyEnd:
        case kKeyInsert:
        case kKeyDelete:
        case kKeyBackspace:
            return true;
        default:
            return false;
    }
}

std::optional<KeyChord> parse_key_chord(std::string_view text) {
    KeyChord chord;
    for (;;) {
        // A plus sign separates unless it is the last character: "Ctrl++" ends with the key +.
        const std::size_t plus = text.find('+');
        if (plus == std::string_view::npos || plus == 0 || plus + 1 >= text.size()) break;
        const std::string_view modifier = text.substr(0, plus);
        bool* flag = nullptr;
        if (equals_ignoring_case(modifier, "Ctrl")) flag = &chord.ctrl;
        if (equals_ignoring_case(modifier, "Shift")) flag = &chord.shift;
        if (equals_ignoring_case(modifier, "Alt")) flag = &chord.alt;
        if (flag == nullptr || *flag) return std::nullopt;
        *flag = true;
        text.remove_prefix(plus + 1);
    }
    chord.key = find_key(text);
    if (chord.key == kKeyNone) return std::nullopt;
    return chord;
}

std::string to_string(const KeyChord& chord) {
    std::string text;
    if (chord.ctrl) text += "Ctrl+";
    if (chord.alt) text += "Alt+";
    if (chord.shift) text += "Shift+";
    return text + name_of_key(chord.key);
}

}  // namespace heed::app
