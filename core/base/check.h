// Checks for bugs in heed itself: active in every build, caught only by main.
// Bad input is not a bug; see core/base/error.h.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace heed {

// A broken promise inside heed. The message names the expression, the values and the place.
class Bug : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

[[noreturn]] void report_bug(const char* file, int line, const std::string& what);

template <class A, class B>
std::string describe_pair(const char* expression, const A& a, const B& b) {
    std::ostringstream out;
    out << expression << ": " << a << " against " << b;
    return out.str();
}

}  // namespace heed

#define HEED_CHECK(condition)                                                 \
    do {                                                                      \
        if (!(condition)) ::heed::report_bug(__FILE__, __LINE__, #condition); \
    } while (false)

#define HEED_CHECK_OP(a, op, b)                                                           \
    do {                                                                                  \
        const auto& heed_a = (a);                                                         \
        const auto& heed_b = (b);                                                         \
        if (!(heed_a op heed_b))                                                          \
            ::heed::report_bug(__FILE__, __LINE__,                                        \
                               ::heed::describe_pair(#a " " #op " " #b, heed_a, heed_b)); \
    } while (false)

#define HEED_CHECK_EQ(a, b) HEED_CHECK_OP(a, ==, b)
#define HEED_CHECK_LT(a, b) HEED_CHECK_OP(a, <, b)
#define HEED_CHECK_LE(a, b) HEED_CHECK_OP(a, <=, b)
