// Every tensor of a file that was taken can be read whole, and the tensors cover its numbers.
#include <cstdlib>
#include <span>
#include <string_view>

#include "core/base/error.h"
#include "core/format/safetensors.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

void read_all(const heed::SafetensorsContent& content, std::span<const std::byte> bytes) {
    const std::byte* end = bytes.data() + bytes.size();
    std::size_t total = 0;
    for (const heed::SafetensorsEntry& entry : content.entries) {
        total += entry.bytes.size();
        try {
            if (heed::is_integer_dtype(entry.dtype)) {
                if (heed::read_integers(entry).size() != entry.count()) std::abort();
            } else if (heed::read_tensor(entry).size() != entry.count()) {
                std::abort();
            }
        } catch (const heed::Error&) {
            if (heed::is_integer_dtype(entry.dtype)) std::abort();
        }
    }
    if (!content.entries.empty()) {
        const auto last = content.entries.back().bytes;
        if (last.data() + last.size() != end) std::abort();
        if (content.entries.front().bytes.data() + total != end) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
    try {
        read_all(heed::parse_safetensors(bytes, "input.safetensors"), bytes);
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
