// A picture that was taken has as many bytes as its size says, and can be resized.
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/format/image_resize.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const heed::Image image = heed::decode_image(std::as_bytes(std::span(data, size)), "x");
        const std::size_t bytes =
            3 * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
        if (bytes == 0 || image.pixels.size() != bytes) std::abort();
        const auto resample = static_cast<heed::Resample>(size % 6);
        if (heed::resize_image(image, 5, 3, resample).pixels.size() != 45) std::abort();
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
