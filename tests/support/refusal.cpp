#include "tests/support/refusal.h"

#include "core/base/utf8.h"

namespace heed::test {

std::string find_flaw(std::string_view message, std::initializer_list<std::string_view> parts) {
    if (message == kNotRefused) return "not refused";
    if (message.empty()) return "an empty message";
    if (message.size() > 1200) return "too long: " + std::string(message);
    if (find_invalid_utf8(message)) return "not UTF-8: " + one_line(message, 1200);
    for (const char c : message) {
        if (static_cast<unsigned char>(c) < 0x20) {
            return "a control character or line break: " + one_line(message, 1200);
        }
    }
    for (const std::string_view part : parts) {
        if (message.find(part) == std::string_view::npos) {
            return "no \"" + std::string(part) + "\" in: " + std::string(message);
        }
    }
    return "";
}

}  // namespace heed::test
