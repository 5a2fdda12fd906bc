// heed: checks the machine, then does what the command line says. Bugs end here.
#include <cstdio>
#include <exception>

#include "app/cli/command_line.h"

namespace {

constexpr int kExitBadInput = 1;
constexpr int kExitBug = 70;

// Whether this processor has the instructions that heed was compiled for. No more than the
// compiler's own names may be used before it says yes.
bool can_run_here() {
#if defined(__x86_64__)
    __builtin_cpu_init();
#if defined(__AVX512F__)
    if (!__builtin_cpu_supports("avx512f")) return false;
#endif
#if defined(__AVX2__)
    if (!__builtin_cpu_supports("avx2")) return false;
#endif
#if defined(__FMA__)
    if (!__builtin_cpu_supports("fma")) return false;
#endif
#if defined(__SSE4_2__)
    if (!__builtin_cpu_supports("sse4.2")) return false;
#endif
#endif
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (!can_run_here()) {
        std::fputs(
            "heed: built for a processor with more instructions than this one; build it "
            "again here (remove build/ and start ./run)\n",
            stderr);
        return kExitBadInput;
    }
    try {
        return heed::app::run_command_line(argc, argv);
    } catch (const std::exception& bug) {
        std::fprintf(stderr, "heed: a bug in heed: %s\n", bug.what());
        return kExitBug;
    }
}
