// Reading preprocessor_config.json.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/model/image_processor.h"

namespace heed {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 1 << 20;

// Defaults of a class in transformers.
struct ProcessorClass {
    std::string_view model_type;
    std::string_view name;  // without the ending "ImageProcessor"
    Resample resample;
    int size;
    bool is_square;  // whether one number means both edges, or the shorter
    bool do_center_crop;
    std::array<float, 3> mean;
    std::array<float, 3> deviation;
};

constexpr std::array<float, 3> kHalves = {0.5f, 0.5f, 0.5f};
constexpr std::array<ProcessorClass, 3> kClasses = {{
    {"vit", "ViT", Resample::kBilinear, 224, true, false, kHalves, kHalves},
    {"deit", "DeiT", Resample::kBicubic, 256, true, true, kHalves, kHalves},
    {"clip",
     "CLIP",
     Resample::kBicubic,
     224,
     false,
     true,
     {0.48145466f, 0.4578275f, 0.40821073f},
     {0.26862954f, 0.26130258f, 0.27577711f}},
}};
constexpr int kDefaultCrop = 224;

const ProcessorClass& class_of_model(std::string_view model_type, std::string_view where) {
    for (const ProcessorClass& known : kClasses) {
        if (!model_type.starts_with(known.model_type)) continue;
        const std::string_view rest = model_type.substr(known.model_type.size());
        if (rest.empty() || rest.front() == '_') return known;
    }
    throw Error(where, "model_type", "vit, deit or clip", in_quotes(model_type));
}

// The class that the file names: the newer key first, and in each the endings of all versions.
const ProcessorClass& class_of_file(const JsonReader& reader, std::string_view where,
                                    std::string_view model_type) {
    for (const std::string_view key : {"image_processor_type", "feature_extractor_type"}) {
        if (!reader.has(key)) continue;
        const std::string name = reader.get_string(key, std::nullopt);
        for (const ProcessorClass& known : kClasses) {
            for (const std::string_view ending : {"ImageProcessor", "ImageProcessorFast",
                                                  "ImageProcessorPil", "FeatureExtractor"}) {
                if (name == std::string(known.name) + std::string(ending)) return known;
            }
        }
        throw Error(where, key, "an image processor of ViT, DeiT or CLIP", in_quotes(name));
    }
    return class_of_model(model_type, where);
}

ImageProcessor make_default(const ProcessorClass& known, std::string_view where) {
    ImageProcessor processor;
    processor.where = where;
    processor.kind = std::string(known.name) + "ImageProcessor";
    processor.resample = known.resample;
    processor.size.kind =
        known.is_square ? ImageTarget::Kind::kBoth : ImageTarget::Kind::kShortestEdge;
    processor.size.height = processor.size.width = processor.size.shortest = known.size;
    processor.do_center_crop = known.do_center_crop;
    processor.crop_height = processor.crop_width = kDefaultCrop;
    processor.mean.assign(known.mean.begin(), known.mean.end());
    processor.deviation.assign(known.deviation.begin(), known.deviation.end());
    return processor;
}

int side_of(const Json& value, const JsonReader& reader, std::string_view key) {
    const bool is_side = value.is_integer && value.integer >= 1 && value.integer <= kMaxResizedSide;
    if (!is_side) reader.fail(key, "1 to " + std::to_string(kMaxResizedSide) + " pixels", &value);
    return static_cast<int>(value.integer);
}

// A size as an object: {height, width}, {shortest_edge}, {shortest_edge, longest_edge} or
// {max_height, max_width}.
ImageTarget target_of_object(const Json& object, const JsonReader& reader, std::string_view key) {
    using Kind = ImageTarget::Kind;
    const auto side = [&](std::string_view name) {
        const Json* value = object.find_non_null(name);
        return value == nullptr ? 0 : side_of(*value, reader, key);
    };
    ImageTarget target;
    target.shortest = side("shortest_edge");
    target.longest = side("longest_edge");
    if (target.shortest > 0) {
        target.kind = target.longest > 0 ? Kind::kEdges : Kind::kShortestEdge;
        return target;
    }
    const bool is_box = object.find_non_null("max_height") != nullptr;
    target.kind = is_box ? Kind::kBox : Kind::kBoth;
    target.height = side(is_box ? "max_height" : "height");
    target.width = side(is_box ? "max_width" : "width");
    if (target.height == 0 || target.width == 0) {
        reader.fail(key, "height and width, shortest_edge, or max_height and max_width", &object);
    }
    return target;
}

// A size in any of its forms: a number, [height, width], or an object.
ImageTarget read_target(const JsonReader& reader, std::string_view key, bool is_square) {
    const Json& value = *reader.json().find_non_null(key);
    if (value.is_object()) return target_of_object(value, reader, key);
    ImageTarget target;
    if (value.is_array()) {
        if (value.array.size() != 2) reader.fail(key, "[height, width]", &value);
        target.height = side_of(value.array[0], reader, key);
        target.width = side_of(value.array[1], reader, key);
        return target;
    }
    target.height = target.width = target.shortest = side_of(value, reader, key);
    target.kind = is_square ? ImageTarget::Kind::kBoth : ImageTarget::Kind::kShortestEdge;
    return target;
}

void read_crop(const JsonReader& reader, ImageProcessor& processor) {
    if (!reader.has("crop_size")) return;
    const ImageTarget target = read_target(reader, "crop_size", true);
    if (target.kind != ImageTarget::Kind::kBoth) {
        reader.fail("crop_size", "height and width", reader.json().find("crop_size"));
    }
    processor.crop_height = target.height;
    processor.crop_width = target.width;
}

// image_mean or image_std: one number, or one for each channel.
void read_channels(const JsonReader& reader, std::string_view key, bool is_divisor,
                   std::vector<float>& values) {
    const Json* found = reader.json().find_non_null(key);
    if (found == nullptr) return;
    std::vector<float> read;
    const auto take = [&](const Json& value) {
        const auto number = static_cast<float>(value.number);
        const bool is_usable = value.is_number() && std::isfinite(number);
        if (!is_usable || (is_divisor && number == 0.0f)) {
            reader.fail(key, is_divisor ? "numbers that are not 0" : "numbers", &value);
        }
        read.push_back(number);
    };
    if (found->is_array()) {
        if (found->array.empty() || found->array.size() > 4) reader.fail(key, "1 to 4", found);
        for (const Json& value : found->array) take(value);
    } else {
        take(*found);
    }
    values = std::move(read);
}

ImageProcessor read_processor(const Json& json, std::string_view where,
                              std::string_view model_type) {
    const JsonReader reader(json, std::string(where));
    const ProcessorClass& known = class_of_file(reader, where, model_type);
    ImageProcessor processor = make_default(known, where);
    processor.do_resize = reader.get_bool("do_resize", true);
    const bool is_square = reader.get_bool("default_to_square", known.is_square);
    if (reader.has("size")) processor.size = read_target(reader, "size", is_square);
    processor.resample =
        static_cast<Resample>(reader.get_int("resample", static_cast<int>(known.resample), 0, 5));
    processor.do_center_crop = reader.get_bool("do_center_crop", known.do_center_crop);
    read_crop(reader, processor);
    processor.do_rescale = reader.get_bool("do_rescale", true);
    processor.rescale_factor = reader.get_number("rescale_factor", 1.0 / 255);
    processor.do_normalize = reader.get_bool("do_normalize", true);
    read_channels(reader, "image_mean", false, processor.mean);
    read_channels(reader, "image_std", true, processor.deviation);
    reader.get_bool("do_convert_rgb", true);
    if (reader.get_bool("do_pad", false)) {
        throw Error(where, "do_pad", "false: heed pads no pictures", "true");
    }
    return processor;
}

}  // namespace

ImageProcessor default_image_processor(std::string_view model_type, const ImageShape& shape) {
    const ProcessorClass& known = class_of_model(model_type, "");
    ImageProcessor processor = make_default(known, "");
    // A class resizes to what it crops from: as much larger than the model's size as 256 is than
    // 224, or just as large.
    const auto resized = [&](int side) {
        return known.is_square && known.do_center_crop ? side * known.size / kDefaultCrop : side;
    };
    processor.size.height = resized(shape.height);
    processor.size.width = resized(shape.width);
    processor.size.shortest = std::max(shape.height, shape.width);
    processor.crop_height = shape.height;
    processor.crop_width = shape.width;
    return processor;
}

ImageProcessor parse_image_processor(std::string_view text, std::string_view where,
                                     std::string_view model_type) {
    const Json json = parse_json(text, where, 10'000);
    if (!json.is_object()) throw Error(where, "", "an object", json.describe());
    return read_processor(json, where, model_type);
}

ImageProcessor load_image_processor(const fs::path& folder, std::string_view model_type,
                                    const ImageShape& shape) {
    std::error_code ignored;
    const fs::path nested = folder / "processor_config.json";
    if (fs::exists(nested, ignored)) {
        const Json json =
            parse_json(read_text_file(nested, kMaxFileBytes), nested.string(), 10'000);
        const Json* inner = json.find_non_null("image_processor");
        if (inner != nullptr && inner->is_object()) {
            return read_processor(*inner, nested.string(), model_type);
        }
    }
    const fs::path file = folder / "preprocessor_config.json";
    if (!fs::exists(file, ignored)) return default_image_processor(model_type, shape);
    return parse_image_processor(read_text_file(file, kMaxFileBytes), file.string(), model_type);
}

}  // namespace heed
