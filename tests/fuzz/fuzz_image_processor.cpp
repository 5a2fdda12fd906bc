// A processor that was taken gives pixel values of the model's size, or says why not.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/model/image_processor.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const heed::ImageProcessor processor =
            heed::parse_image_processor(text, "preprocessor_config.json", "vit");
        // What is larger than pictures of models are would only take time.
        const int longest =
            std::max({processor.size.height, processor.size.width, processor.size.shortest,
                      processor.crop_height, processor.crop_width});
        if (longest > 1000) return 0;
        const heed::ImageShape shape{3, 16, 16};
        const heed::PreparedPicture got =
            heed::prepare_picture(processor, heed::Image(7, 5, 3), "x", shape);
        if (got.pixel_values.extents() != std::vector<int>{3, 16, 16}) std::abort();
        if (got.shown.pixels.size() != 3 * 16 * 16) std::abort();
        heed::picture_of_pixels(processor, got.pixel_values);
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
