#include "tests/support/oracle.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "core/base/error.h"
#include "core/format/atomic_file.h"
#include "tests/support/temp_dir.h"

namespace heed::test {
namespace {

namespace fs = std::filesystem;

// Cuts the first line, without its end, off `text`.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

}  // namespace

fs::path source_dir() {
    return HEED_SOURCE_DIR;
}

std::optional<fs::path> find_shared() {
    const char* given = std::getenv("HEED_SHARED");
    const fs::path path =
        given != nullptr ? fs::path(given) : source_dir().parent_path() / "shared";
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) return std::nullopt;
    return path;
}

std::optional<fs::path> find_oracle(std::string_view part) {
    const auto shared = find_shared();
    std::error_code ignored;
    if (shared && fs::is_directory(*shared / part, ignored)) return *shared / part;
    static std::atomic<bool> was_said{false};
    if (!was_said.exchange(true)) std::fputs("skipped: no oracle folder\n", stderr);
    return std::nullopt;
}

std::string compare_with_golden(std::string_view name, std::string_view text) {
    const fs::path path = source_dir() / "tests" / "data" / name;
    const char* write = std::getenv("HEED_WRITE_GOLDENS");
    if (write != nullptr && std::string_view(write) == "1") {
        fs::create_directories(path.parent_path());
        write_file_atomically(path, text);
        return "";
    }
    if (!fs::exists(path)) return path.string() + ": no such golden";
    const std::string golden = read_file(path);
    if (golden == text) return "";
    std::string_view want = golden;
    for (int line = 1;; ++line) {
        const std::string_view got_line = take_line(text);
        const std::string_view want_line = take_line(want);
        if (got_line == want_line && !(text.empty() && want.empty())) continue;
        return path.string() + ": line " + std::to_string(line) + ": got " + in_quotes(got_line) +
               ", want " + in_quotes(want_line);
    }
}

}  // namespace heed::test
