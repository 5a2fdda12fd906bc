// How fast text becomes tokens, one core. Not part of ctest:
//   ninja -C build bench_tokenizer && build/tests/bench/bench_tokenizer
// Uses the published tokenizers and texts of the shared folder where it is there, else the tiny
// tokenizers of tests/data and one sentence again and again.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "core/format/mapped_file.h"
#include "core/tokenizer/tokenizer.h"

namespace {

namespace fs = std::filesystem;

fs::path shared_folder() {
    const char* named = std::getenv("HEED_SHARED");
    return named != nullptr ? fs::path(named) : fs::path(HEED_SOURCE_DIR).parent_path() / "shared";
}

fs::path tokenizer_folder(const std::string& published, const std::string& tiny) {
    const fs::path folder = shared_folder() / "tokenizers" / published;
    if (fs::exists(folder)) return folder;
    return fs::path(HEED_SOURCE_DIR) / "tests" / "data" / "tokenizer" / tiny;
}

// A megabyte of English.
std::string english_text() {
    constexpr std::size_t kBytes = 1'000'000;
    std::string text;
    const fs::path book = shared_folder() / "data" / "text" / "pg-peter-pan.pd.txt";
    if (fs::exists(book)) text = heed::read_text_file(book, std::size_t{1} << 30);
    if (text.empty()) text = "She doesn't know what they've seen; I'm sure we'll hear, she said. ";
    while (text.size() < kBytes) text += text;
    return text.substr(0, kBytes);
}

void encode(benchmark::State& state, const fs::path& folder, std::size_t part_bytes) {
    const auto tokenizer = heed::load_tokenizer(folder);
    const std::string text = english_text();
    const std::string_view whole = text;
    for (auto _ : state) {
        for (std::size_t at = 0; at < whole.size(); at += part_bytes) {
            benchmark::DoNotOptimize(
                tokenizer->encode(whole.substr(at, part_bytes), std::nullopt, true));
        }
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) *
                            static_cast<std::int64_t>(state.iterations()));
}

void load(benchmark::State& state, const fs::path& folder) {
    for (auto _ : state) benchmark::DoNotOptimize(heed::load_tokenizer(folder));
}

}  // namespace

int main(int argc, char** argv) {
    const fs::path gpt2 = tokenizer_folder("gpt2", "gpt2");
    const fs::path bert = tokenizer_folder("bert-base-uncased", "bert_uncased");
    for (const auto& [name, folder] : {std::pair{"byte_level_bpe", gpt2}, {"wordpiece", bert}}) {
        const std::string label = name;
        benchmark::RegisterBenchmark((label + "/whole").c_str(), encode, folder,
                                     std::size_t{1} << 30);
        benchmark::RegisterBenchmark((label + "/sentences").c_str(), encode, folder,
                                     std::size_t{200});
        benchmark::RegisterBenchmark((label + "/load").c_str(), load, folder)
            ->Unit(benchmark::kMillisecond);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
