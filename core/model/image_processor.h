// What becomes of a picture before a model sees it: preprocessor_config.json, read in both dialects
// with the defaults of its class, and followed as the slow processors of transformers follow it
// (Pillow's resizing, float32 arithmetic). It knows no family and no weights.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/image.h"
#include "core/format/image_resize.h"
#include "core/tensor/tensor.h"

namespace heed {

// What a model takes, as its config says: num_channels (1 or 3) and image_size.
struct ImageShape {
    int channels = 3;
    int height = 224;
    int width = 224;
};

// What resizing aims at.
struct ImageTarget {
    enum class Kind {
        kBoth,          // height and width as they are here
        kShortestEdge,  // the shorter edge becomes `shortest`, the other keeps the proportions
        kEdges,         // as kShortestEdge, but no edge longer than `longest`
        kBox            // as large as fits into height and width, in proportion
    };
    Kind kind = Kind::kBoth;
    int height = 0;
    int width = 0;
    int shortest = 0;
    int longest = 0;
};

struct ImageProcessor {
    std::string where;  // the file it was read from, for messages
    std::string kind;   // "ViTImageProcessor", "DeiTImageProcessor", "CLIPImageProcessor"
    bool do_resize = true;
    ImageTarget size;
    Resample resample = Resample::kBilinear;
    bool do_center_crop = false;
    int crop_height = 0;
    int crop_width = 0;
    bool do_rescale = true;
    double rescale_factor = 1.0 / 255;
    bool do_normalize = true;
    std::vector<float> mean;  // one for each channel, or one for all
    std::vector<float> deviation;
};

// The processor of the model type ("vit", "deit", "clip") where a folder has no file for it: its
// class's defaults, with the model's own size in place of 224.
ImageProcessor default_image_processor(std::string_view model_type, const ImageShape& shape);

// Reads the text of a preprocessor_config.json; `model_type` names the class where the text does
// not. Throws Error: another class (named), an option that heed does not follow (named), a value
// out of range.
ImageProcessor parse_image_processor(std::string_view text, std::string_view where,
                                     std::string_view model_type);

// The processor of a model folder: processor_config.json's image_processor, else
// preprocessor_config.json, else the defaults.
ImageProcessor load_image_processor(const std::filesystem::path& folder,
                                    std::string_view model_type, const ImageShape& shape);

// What a model is given, and the same as a picture: resized and cropped, not yet rescaled.
struct PreparedPicture {
    Tensor pixel_values;  // [C, H, W]
    Image shown;          // [H, W, C]
};

// Follows `processor` for `image` (3 channels), whose path begins messages. Throws Error where the
// outcome is not of the model's `shape`.
PreparedPicture prepare_picture(const ImageProcessor& processor, const Image& image,
                                std::string_view where, const ImageShape& shape);

// Pixel values [C, H, W], C 1 or 3, as a picture: normalising and rescaling undone, cut to 0..255.
Image picture_of_pixels(const ImageProcessor& processor, const Tensor& pixel_values);

}  // namespace heed
