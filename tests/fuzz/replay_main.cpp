// Runs a fuzz target over the files of a folder, over every prefix of the small ones, and over
// fixed mutations of each: the same inputs on every machine.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

namespace {

namespace fs = std::filesystem;

constexpr int kMutations = 2000;
constexpr std::size_t kMaxPrefixes = 1000;
constexpr std::size_t kMaxMutatedBytes = 1u << 16;

// Runs a copy of exactly the input's size, so that a sanitizer sees a read past its end.
void run(const std::string& input) {
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

// Changes one to four places: a bit, a byte, a piece left out, doubled or put elsewhere, a number.
std::string mutate(std::string text, std::mt19937& random) {
    constexpr char kTelling[] = "\x00\xff\x7f\x80{}[]\",:0-9eE.\\/\n";
    const int changes = 1 + static_cast<int>(random() % 4);
    for (int change = 0; change < changes; ++change) {
        const std::size_t at = text.empty() ? 0 : random() % text.size();
        const std::size_t length = 1 + random() % 16;
        switch (text.empty() ? 2 : random() % 6) {
            case 0:
                text[at] = static_cast<char>(text[at] ^ (1 << (random() % 8)));
                break;
            case 1:
                text[at] = kTelling[random() % (sizeof kTelling - 1)];
                break;
            case 2:
                text.insert(at, 1, kTelling[random() % (sizeof kTelling - 1)]);
                break;
            case 3:
                text.erase(at, length);
                break;
            case 4:
                text.insert(random() % text.size(), text.substr(at, length));
                break;
            default:
                text.insert(at, random() % 2 == 0 ? "9223372036854775808" : "-1");
                break;
        }
    }
    return text;
}

void run_with_mutations(const std::string& seed) {
    run(seed);
    for (std::size_t size = 0; size < std::min(seed.size(), kMaxPrefixes); ++size) {
        run(seed.substr(0, size));
    }
    if (seed.size() > kMaxMutatedBytes) return;
    std::mt19937 random(20'240'501);
    for (int i = 0; i < kMutations; ++i) run(mutate(seed, random));
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<fs::path> seeds;
    for (int i = 1; i < argc; ++i) {
        for (const auto& entry : fs::directory_iterator(argv[i])) seeds.push_back(entry.path());
    }
    std::sort(seeds.begin(), seeds.end());
    for (const fs::path& path : seeds) {
        std::ifstream in(path, std::ios::binary);
        run_with_mutations({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
    }
    std::printf("%zu seeds replayed\n", seeds.size());
    return seeds.empty() ? 1 : 0;
}
