// Runs the built program as a person would, and keeps what it said.
#pragma once

#include <string>
#include <vector>

namespace heed::test {

struct HeedRun {
    int status = -1;
    std::string out;
    std::string err;
};

// `arguments` are passed as they are; `environment` holds NAME=value additions.
HeedRun run_heed(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment = {});

// Lines of a text; the last one counts though no break ends it.
std::vector<std::string> split_lines(const std::string& text);

}  // namespace heed::test
