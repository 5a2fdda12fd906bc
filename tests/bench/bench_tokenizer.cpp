// How fast text becomes tokens, one core. Not part of ctest:
//   ninja -C build bench_tokenizer && build/tests/bench/bench_tokenizer
// Uses the published tokenizers and texts of the shared folder where it is there, else the tiny
// tokenizers of tests/data and one sentence again and again.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "core/format/mapped_file.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/tokenizer_files.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = std::size_t{1} << 30;
constexpr const char* kLlama3 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";

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
    if (fs::exists(book)) text = heed::read_text_file(book, kMaxBytes);
    if (text.empty()) text = "She doesn't know what they've seen; I'm sure we'll hear, she said. ";
    while (text.size() < kBytes) text += text;
    return text.substr(0, kBytes);
}

void encode(benchmark::State& state, const std::shared_ptr<const heed::Tokenizer>& tokenizer,
            std::size_t part_bytes) {
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

void add_encoders(const std::string& label, const std::shared_ptr<const heed::Tokenizer>& t) {
    benchmark::RegisterBenchmark((label + "/whole").c_str(), encode, t, std::size_t{1} << 30);
    benchmark::RegisterBenchmark((label + "/sentences").c_str(), encode, t, std::size_t{200});
}

// GPT-2's tokenizer, but cut by another expression, as newer byte-level files have it.
std::shared_ptr<const heed::Tokenizer> cut_by(const fs::path& gpt2, const std::string& expression) {
    const std::string vocab = heed::read_text_file(gpt2 / "vocab.json", kMaxBytes);
    std::string merges = heed::read_text_file(gpt2 / "merges.txt", kMaxBytes);
    std::string list;
    merges.erase(0, merges.starts_with('#') ? merges.find('\n') + 1 : 0);
    const auto quote = [](std::string_view text) {
        std::string out = "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        return out + "\"";
    };
    for (std::size_t at = 0; at < merges.size();) {
        const std::size_t end = std::min(merges.find('\n', at), merges.size());
        if (end > at) list += (list.empty() ? "" : ",") + quote(merges.substr(at, end - at));
        at = end + 1;
    }
    return heed::parse_tokenizer_json(
        R"({"pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex": )" +
            quote(expression) +
            R"(}}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]},
            "model": {"type": "BPE", "vocab": )" +
            vocab + ", \"merges\": [" + list + "]}}",
        "bench");
}

void load(benchmark::State& state, const fs::path& folder) {
    for (auto _ : state) benchmark::DoNotOptimize(heed::load_tokenizer(folder));
}

}  // namespace

int main(int argc, char** argv) {
    const fs::path gpt2 = tokenizer_folder("gpt2", "gpt2");
    const fs::path bert = tokenizer_folder("bert-base-uncased", "bert_uncased");
    add_encoders("byte_level_bpe", heed::load_tokenizer(gpt2));
    add_encoders("wordpiece", heed::load_tokenizer(bert));
    add_encoders("llama3_cut", cut_by(gpt2, kLlama3));
    add_encoders("qwen2_cut", cut_by(gpt2, kQwen2));
    add_encoders("other_cut", cut_by(gpt2, R"([\p{L}]+|[^\p{L}\s]+|\s+)"));
    for (const char* name : {"falcon", "gpt-neox-20b", "clip-vit-large-patch14", "t5-small",
                             "llama2", "openai-gpt", "ctrl", "albert-base-v2", "opus-mt-en-mg"}) {
        const fs::path folder = shared_folder() / "tokenizers" / name;
        if (fs::exists(folder)) add_encoders(name, heed::load_tokenizer(folder));
    }
    for (const auto& [name, folder] : {std::pair{"byte_level_bpe", gpt2}, {"wordpiece", bert}}) {
        benchmark::RegisterBenchmark((std::string(name) + "/load").c_str(), load, folder)
            ->Unit(benchmark::kMillisecond);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
