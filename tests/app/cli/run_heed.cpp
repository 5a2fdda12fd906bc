#include "tests/app/cli/run_heed.h"

#include <sys/wait.h>

#include <cstdlib>

#include "tests/support/temp_dir.h"

namespace heed::test {
namespace {

std::string shell_quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + "'";
}

}  // namespace

HeedRun run_heed(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment) {
    const TempDir folder;
    std::string command = "env";
    for (const std::string& addition : environment) command += " " + shell_quoted(addition);
    command += " " + shell_quoted(HEED_BINARY);
    for (const std::string& argument : arguments) command += " " + shell_quoted(argument);
    command += " </dev/null >" + shell_quoted((folder / "out").string());
    command += " 2>" + shell_quoted((folder / "err").string());
    const int status = std::system(command.c_str());
    HeedRun run;
    run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    run.out = read_file(folder / "out");
    run.err = read_file(folder / "err");
    return run;
}

std::vector<std::string> split_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

}  // namespace heed::test
