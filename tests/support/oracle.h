// Where expected values lie: the shared folder, which may be absent, and the goldens of the tree.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace heed::test {

// The root of the sources.
std::filesystem::path source_dir();
// The folder beside the sources that holds shared data, or HEED_SHARED; nullopt where there is
// none.
std::optional<std::filesystem::path> find_shared();
// Its part `part` ("oracle/models"). Where it is absent, says "skipped: no oracle folder" on
// stderr, once in a process, and gives nullopt.
std::optional<std::filesystem::path> find_oracle(std::string_view part);

// Compares `text` with the golden tests/data/`name`: empty where they are the same, else one line
// that names the first line that differs. With HEED_WRITE_GOLDENS=1 the file is written instead.
std::string compare_with_golden(std::string_view name, std::string_view text);

}  // namespace heed::test
