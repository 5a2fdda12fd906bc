// Bad input: a file, a field or a sentence that heed cannot use. Thrown by whoever reads it, caught
// by the command that asked for it; the application keeps what it had.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace heed {

// One line for a person: "where: field: expected X, found Y". Empty parts are left out; control
// characters and line breaks in the parts are escaped and long parts are shortened, so that the
// message is always one line.
class Error : public std::runtime_error {
  public:
    Error(std::string_view where, std::string_view field, std::string_view expected,
          std::string_view found);
    // A sentence that does not fit the four parts: "where: what".
    Error(std::string_view where, std::string_view what);
};

// `text` with control characters, line breaks and invalid UTF-8 escaped (\n, \x1b, ...), and cut to
// `max_bytes` with "..." where it is longer.
std::string one_line(std::string_view text, std::size_t max_bytes = 160);

// `text` in double quotes, through one_line.
std::string in_quotes(std::string_view text, std::size_t max_bytes = 80);

// Work that was asked for and then cancelled. Not an error: nobody is told.
class Cancelled : public std::exception {
  public:
    const char* what() const noexcept override { return "cancelled"; }
};

}  // namespace heed
