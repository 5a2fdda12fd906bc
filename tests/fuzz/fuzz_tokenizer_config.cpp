// Whatever the files beside a vocabulary say, the tokenizer is made or refused with one line.
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer_files.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto check = [](const auto& make) {
        try {
            make();
        } catch (const heed::Error& error) {
            if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
        }
    };
    const auto use = [text](const heed::TokenizerConfig& config) {
        auto vocabulary = heed::parse_vocab_txt("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n", "vocab.txt");
        const auto bert = heed::make_bert_tokenizer(std::move(vocabulary), config, "vocab.txt");
        for (const heed::Token& token : bert->encode(text.substr(0, 2048), "a", true)) {
            if (token.id < 0 || token.id >= bert->vocabulary_size()) std::abort();
        }
    };
    check([&] { use(heed::parse_tokenizer_config(text, "tokenizer_config.json")); });
    check([&] {
        heed::TokenizerConfig config;
        heed::parse_special_tokens_map(text, "special_tokens_map.json", config);
        heed::parse_added_tokens(text, "added_tokens.json", config);
        use(config);
    });
    check([&] {
        heed::TokenizerConfig config;
        heed::parse_added_tokens(text, "added_tokens.json", config);
        use(config);
    });
    return 0;
}
