// Whatever parse_vocab_txt takes finds each of its pieces; what makes a BERT tokenizer can encode.
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer_files.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        auto vocabulary = heed::parse_vocab_txt(text, "vocab.txt");
        for (int id = 0; id < vocabulary->size(); ++id) {
            const std::string* piece = vocabulary->piece(id);
            if (piece == nullptr || vocabulary->find(*piece) != id) std::abort();
        }
        const auto tokenizer = heed::make_bert_tokenizer(std::move(vocabulary), {}, "vocab.txt");
        for (const heed::Token& token : tokenizer->encode(text, std::nullopt, true)) {
            if (token.begin > token.end || token.end > size) std::abort();
        }
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
