// merges.txt, a blank line, vocab.json: merges have two parts, and what makes a tokenizer gives
// back the text.
#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer_files.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t cut = std::min(text.find("\n\n"), size);
    try {
        const auto merges = heed::parse_merges(text.substr(0, cut), "merges.txt");
        for (const heed::BpeMerge& merge : merges) {
            if (merge.left.empty() || merge.right.empty()) std::abort();
        }
        auto vocabulary = heed::parse_vocab_json(text.substr(cut), "vocab.json");
        const auto tokenizer =
            heed::make_byte_level_tokenizer(std::move(vocabulary), merges, {}, "merges.txt");
        const std::string_view sample = "The dog's 12 e\xCC\x81\n";
        std::vector<int> ids;
        for (const heed::Token& token : tokenizer->encode(sample, std::nullopt, false)) {
            ids.push_back(token.id);
        }
        if (tokenizer->decode(ids) != sample) std::abort();
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
