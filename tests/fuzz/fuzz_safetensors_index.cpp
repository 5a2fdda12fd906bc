// Every shard of an index that was taken is a plain name.
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/format/safetensors_index.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto index = heed::parse_safetensors_index(text, "input.index.json");
        if (index.weight_map.empty() || index.shards.empty()) std::abort();
        for (const std::string& shard : index.shards) {
            if (shard.empty() || shard == "." || shard == "..") std::abort();
            if (shard.find('/') != std::string::npos) std::abort();
        }
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
