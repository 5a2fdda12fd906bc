#include "core/model/model_picture.h"

#include <memory>
#include <utility>

#include "core/base/error.h"
#include "core/model/image_processor.h"

namespace heed {
namespace {

ImageProcessor load_processor(const ModelSummary& summary) {
    return load_image_processor(summary.path, summary.family,
                                {summary.channels, summary.image_height, summary.image_width});
}

}  // namespace

void add_picture(const Model& model, const Image& image, std::string_view where,
                 ModelInput& input) {
    const ModelSummary& summary = model.summary();
    if (!summary.takes_image) {
        throw Error(summary.path, "input", "a text or ids: the model takes no pictures",
                    "a picture");
    }
    if (summary.channels != 1 && summary.channels != 3) {
        throw Error(summary.path, "num_channels", "1 or 3, as pictures have",
                    std::to_string(summary.channels));
    }
    PreparedPicture prepared =
        prepare_picture(load_processor(summary), image, where,
                        {summary.channels, summary.image_height, summary.image_width});
    input.pixels = std::make_shared<const Tensor>(std::move(prepared.pixel_values));
    input.picture = std::make_shared<const Image>(std::move(prepared.shown));
}

void show_pixels(const Model& model, ModelInput& input) {
    const ModelSummary& summary = model.summary();
    if (!summary.takes_image || input.pixels == nullptr || input.picture != nullptr) return;
    const bool is_shown = input.pixels->rank() == 3 &&
                          input.pixels->extent(0) == summary.channels &&
                          (summary.channels == 1 || summary.channels == 3);
    if (!is_shown) return;
    try {
        input.picture = std::make_shared<const Image>(
            picture_of_pixels(load_processor(summary), *input.pixels));
    } catch (const Error&) {
        // Pixels need no processor to be run: where it is one that heed does not follow, they are
        // run without being shown.
    }
}

}  // namespace heed
