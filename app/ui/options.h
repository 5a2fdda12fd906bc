// Setting, reading and listing options by name, through their `visit`.
#pragma once

#include <cstdint>
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

// One option with what it is set to: what settings files and undo keep.
struct OptionValue {
    std::string name;
    std::string value;

    bool operator==(const OptionValue&) const = default;
};
// All of them, in the order in which they are shown. Setting an option to what stands here makes it
// exactly what it was.
std::vector<OptionValue> read_options(const VisitOptions& visit);
// Changes when any option does: cheap enough for every frame.
std::uint64_t hash_options(const VisitOptions& visit);

// Sets the option `name` to what `text` says. Throws Error (where "set") for an unknown name or a
// value that it cannot have; nothing is changed then. A list may hold up to kMostListed numbers.
constexpr std::size_t kMostListed = 4096;
void set_option(const VisitOptions& visit, std::string_view name, std::string_view text);

}  // namespace heed::app
