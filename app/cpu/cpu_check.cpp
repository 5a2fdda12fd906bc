// Stops heed cleanly on a processor that lacks instructions it was built for. This file alone is
// compiled for the plain instruction set, and it runs before any other initialisation.
#include <unistd.h>

#include "app/cpu/required_features.h"

namespace heed::app {
namespace {

constexpr int kExitBadInput = 1;

#if defined(__x86_64__)

void write_text(const char* text) {
    unsigned long length = 0;
    while (text[length] != '\0') ++length;
    if (write(STDERR_FILENO, text, length) < 0) return;
}

void check_feature(bool is_there, int bit, const char* name) {
    if (is_there || (kRequiredFeatures & (1U << bit)) == 0) return;
    write_text("heed: this processor has no ");
    write_text(name);
    write_text(", which heed was built for; remove the folder build and start ./run here\n");
    _exit(kExitBadInput);
}

__attribute__((constructor(101))) void check_cpu() {
    __builtin_cpu_init();
#define HEED_CHECK_FEATURE(bit, name) check_feature(__builtin_cpu_supports(name) != 0, bit, name);
    HEED_CPU_FEATURES(HEED_CHECK_FEATURE)
#undef HEED_CHECK_FEATURE
}

#endif

}  // namespace
}  // namespace heed::app
