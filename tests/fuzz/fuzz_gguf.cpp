// Every tensor of a file that was taken lies inside it and can be read whole; every array of its
// metadata can be walked.
#include <cstdlib>
#include <span>
#include <string_view>

#include "core/base/error.h"
#include "core/format/gguf.h"
#include "core/format/gguf_reader.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

void read_all(const heed::GgufContent& content, std::span<const std::byte> bytes) {
    const std::byte* end = bytes.data() + bytes.size();
    for (const heed::GgufEntry& entry : content.entries) {
        if (!entry.bytes.empty() && entry.bytes.data() + entry.bytes.size() > end) std::abort();
        try {
            if (heed::read_tensor(entry).size() != entry.count()) std::abort();
        } catch (const heed::Error&) {
            if (entry.type->read_block != nullptr && entry.count() > 0) std::abort();
        }
    }
    for (const auto& [key, value] : content.metadata) {
        if (value.describe().empty()) std::abort();
        if (value.kind != heed::GgufKind::kArray) continue;
        heed::GgufReader reader(value.elements, "input.gguf");
        for (std::uint64_t i = 0; i < value.count; ++i) {
            reader.read_of_kind(value.element, key, 0);
        }
        if (reader.left() != 0) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
    try {
        read_all(heed::parse_gguf(bytes, "input.gguf"), bytes);
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
