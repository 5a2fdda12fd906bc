// What a person can set in a view, told field by field: from one `visit` come the `set` action, the
// palette's entries, the settings file and the comparison that undo makes.
//
//     struct XOptions {
//         bool shows_lines = true;
//         void visit(OptionVisitor& v) { v.flag("lines", "Show the lines", shows_lines); }
//         bool operator==(const XOptions&) const = default;
//     };
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace heed::app {

class OptionVisitor {
  public:
    virtual ~OptionVisitor() = default;

    // `name` is what is written after "set VIEW.": kebab-case, unique in its struct. `title` is
    // what a person reads in a menu.
    virtual void flag(std::string_view name, std::string_view title, bool& value) = 0;
    // A whole number of [low, high].
    virtual void number(std::string_view name, std::string_view title, int& value, int low,
                        int high) = 0;
    // A number of [low, high].
    virtual void real(std::string_view name, std::string_view title, float& value, float low,
                      float high) = 0;
    // One of `words`; `index` points into them.
    virtual void choice(std::string_view name, std::string_view title, int& index,
                        std::span<const std::string_view> words) = 0;
    // Positions or heads, ascending, without repeats; empty: none. Written "3,5,8".
    virtual void list(std::string_view name, std::string_view title, std::vector<int>& values) = 0;
    // Opens and closes a group: what lies between is named "<group>.<name>".
    virtual void begin(std::string_view group) = 0;
    virtual void end() = 0;
};

// `value` is an enumeration whose first enumerator is 0 and belongs to words[0].
template <class Enum>
void visit_choice(OptionVisitor& v, std::string_view name, std::string_view title, Enum& value,
                  std::span<const std::string_view> words) {
    int index = static_cast<int>(value);
    v.choice(name, title, index, words);
    value = static_cast<Enum>(index);
}

}  // namespace heed::app
