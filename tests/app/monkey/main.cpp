// The monkey as a program (--strict: a frame of more than 50 ms is a fault, too): heed_monkey
// [--steps N] [--seconds S] [--seed K] [--strict]. Exit status 1 where it found a fault; the last
// lines say which, and how to see it again.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "app/gl/context.h"
#include "tests/app/monkey/monkey.h"

namespace {

int run(const heed::app::MonkeyOptions& options) {
    heed::app::Monkey monkey(options);
    const heed::app::MonkeyReport report = monkey.run();
    std::printf("%d steps, %d frames\n", report.steps, report.frames);
    std::printf("longest frame: %.1f ms of processor (%.1f ms in all), %s\n", report.longest.cpu_ms,
                report.longest.wall_ms, report.longest_step.c_str());
    if (report.failure.empty()) return 0;
    std::printf("FAILED at %s\nagain with: --seed %u --steps %d\n", report.failure.c_str(),
                options.seed, report.steps);
    return 1;
}

}  // namespace

int main(int count, char** words) {
    heed::app::MonkeyOptions options;
    for (int i = 1; i < count; ++i) {
        const auto is = [&](const char* name) {
            return std::strcmp(words[i], name) == 0 && i + 1 < count;
        };
        if (is("--steps")) {
            options.steps = std::atoi(words[++i]);
        } else if (is("--seconds")) {
            options.seconds = std::atof(words[++i]);
        } else if (is("--seed")) {
            options.seed = static_cast<unsigned>(std::atoi(words[++i]));
        } else if (std::strcmp(words[i], "--strict") == 0) {
            options.checks_frames = true;
        } else {
            std::fprintf(stderr, "usage: %s [--steps N] [--seconds S] [--seed K] [--strict]\n",
                         words[0]);
            return 2;
        }
    }
    // Whatever is kept or written goes to a folder that vanishes.
    std::string folder = (std::filesystem::temp_directory_path() / "heed-monkey-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return 2;
    options.folder = folder;
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"}) {
        ::setenv(name, folder.c_str(), 1);
    }
    std::filesystem::create_directories(options.folder / "unreadable");
    std::ofstream(options.folder / "unreadable" / "config.json") << "{\"model_type\": 3}";
    std::printf("seed %u\n", options.seed);
    const int status = run(options);
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return status;
}
