// Looking at how bad input is refused.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace heed::test {

constexpr std::string_view kNotRefused = "(not refused)";

// The message of the heed::Error that `action` throws; "(not refused)" where it throws none. Other
// exceptions go through.
template <class Action>
std::string message_of(Action&& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return std::string(kNotRefused);
}

// Empty where `message` is one line of text and holds each of `parts`, else what is wrong with it.
std::string find_flaw(std::string_view message, std::initializer_list<std::string_view> parts);

}  // namespace heed::test
