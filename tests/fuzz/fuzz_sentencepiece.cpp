// Whatever parse_sentencepiece_model takes makes a tokenizer, alone and with a list of numbers
// beside it, that can encode any text and decode what came out.
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/tokenizer/sentencepiece_tokenizer.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

void use(const heed::Tokenizer& tokenizer, std::string_view input) {
    const std::string_view sample = "A dog's [MASK] <mask>, e\xCC\x81 12,9, \xEF\xAC\x81\n\xFF ";
    const std::string_view pair = input.substr(0, 1024);
    std::vector<int> ids;
    for (const heed::Token& token : tokenizer.encode(sample, pair, true)) {
        const std::size_t limit = std::max(sample.size(), pair.size());
        if (token.begin > token.end || token.end > limit) std::abort();
        if (token.id < 0 || token.id >= tokenizer.vocabulary_size()) std::abort();
        if (heed::find_invalid_utf8(token.piece)) std::abort();
        ids.push_back(token.id);
    }
    if (heed::find_invalid_utf8(tokenizer.decode(ids))) std::abort();
}

template <class Make>
void try_input(const Make& make, std::string_view input) {
    try {
        use(*make(), input);
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    try_input(
        [input] {
            return heed::make_sentencepiece_tokenizer(
                heed::parse_sentencepiece_model(input, "x.model"), {}, "x.model");
        },
        input);
    try_input(
        [input] {
            return heed::make_marian_tokenizer(
                heed::parse_sentencepiece_model(input, "source.spm"),
                heed::parse_vocab_json(R"({"</s>": 0, "<unk>": 1, "\u2581a": 2})", "vocab.json"),
                {}, "source.spm", nullptr);
        },
        input);
    return 0;
}
