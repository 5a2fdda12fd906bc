// heed: does what the command line says. Bugs end here. (app/cpu checks the processor before.)
#include <cstdio>
#include <exception>

#include "app/cli/command_line.h"

namespace {

constexpr int kExitBug = 70;

}  // namespace

int main(int argc, char** argv) {
    try {
        return heed::app::run_command_line(argc, argv);
    } catch (const std::exception& bug) {
        std::fprintf(stderr, "heed: a bug in heed: %s\n", bug.what());
        return kExitBug;
    }
}
