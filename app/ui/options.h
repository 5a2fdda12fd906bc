// Setting, reading and listing options by name, through their `visit`.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/option_visitor.h"

namespace heed::app {

// Anything that shows its options to a visitor.
using VisitOptions = std::function<void(OptionVisitor&)>;

// One option as menus and the palette offer it.
struct OptionEntry {
    std::string name;                // "attention.scale"
    std::string title;               // "Colour scale"
    std::string value;               // as it is written: "on", "log", "0.25", "3,5"
    std::vector<std::string> words;  // what a flag or a choice may be; empty for numbers and lists
    std::string expected;            // for messages: "on or off", "0 to 12"
};

std::vector<OptionEntry> list_options(const VisitOptions& visit);

// Sets the option `name` to what `text` says. Throws Error (where "set") for an unknown name or a
// value that it cannot have; nothing is changed then.
void set_option(const VisitOptions& visit, std::string_view name, std::string_view text);

}  // namespace heed::app
