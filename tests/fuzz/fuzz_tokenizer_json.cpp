// Whatever parse_tokenizer_json takes can encode any text and decode what came out.
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/tokenizer/tokenizer_files.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto tokenizer = heed::parse_tokenizer_json(text, "tokenizer.json");
        const std::string_view sample = "A dog's [MASK] <mask>, e\xCC\x81 12\n\xFF ";
        // The input itself is a text that holds what its added tokens look for.
        const auto encoding = tokenizer->encode(sample, text.substr(0, 4096), true);
        std::vector<int> ids;
        for (const heed::Token& token : encoding) {
            if (token.begin > token.end || token.end > size + sample.size()) std::abort();
            if (tokenizer->description().empty() || token.id < 0) std::abort();
            if (token.id < tokenizer->vocabulary_size()) ids.push_back(token.id);
        }
        if (heed::find_invalid_utf8(tokenizer->decode(ids))) std::abort();
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
