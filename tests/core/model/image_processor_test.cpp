#include "core/model/image_processor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "core/format/json.h"
#include "core/format/safetensors.h"
#include "tests/support/close.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_difference;
using heed::test::find_flaw;
using heed::test::kRounding;
using heed::test::message_of;
using heed::test::read_file;
using heed::test::TempDir;

namespace {

const std::filesystem::path kData = heed::test::source_dir() / "tests/data/image";

ImageProcessor parse(std::string_view text, std::string_view model_type = "vit") {
    return parse_image_processor(text, "preprocessor_config.json", model_type);
}

std::string refusal(std::string_view text, std::initializer_list<std::string_view> parts) {
    return find_flaw(message_of([&] { parse(text); }), parts);
}

// The first 32 rows and columns of [C, H, W].
std::vector<float> corner(const Tensor& values) {
    std::vector<float> out;
    for (int c = 0; c < values.extent(0); ++c) {
        for (int y = 0; y < std::min(32, values.extent(1)); ++y) {
            for (int x = 0; x < std::min(32, values.extent(2)); ++x) {
                out.push_back(values.at({c, y, x}));
            }
        }
    }
    return out;
}

Image make_ramp(int width, int height, int channels) {
    Image image(width, height, channels);
    int value = 1;
    for (std::uint8_t& pixel : image.pixels) pixel = static_cast<std::uint8_t>(value++);
    return image;
}

}  // namespace

TEST_SUITE_BEGIN("core/image_processor");

TEST_CASE("pixel values are those of transformers, in both dialects of the file") {
    const SafetensorsFile expected(kData / "expected.safetensors");
    const Json cases = parse_json(read_file(kData / "cases.json"), "cases.json");
    CHECK_EQ(cases.array.size(), 17);
    for (const Json& item : cases.array) {
        const JsonReader reader(item, "cases.json");
        const std::string name = reader.get_string("name", std::nullopt);
        CAPTURE(name);
        const auto side = [&](std::string_view key) {
            return static_cast<int>(reader.get_int(key, std::nullopt, 1, 224));
        };
        const ImageShape shape{side("channels"), side("height"), side("width")};
        const ImageProcessor processor =
            parse_image_processor(reader.get_string("config", std::nullopt), name,
                                  reader.get_string("model_type", std::nullopt));
        const Image image = load_image(kData / reader.get_string("file", std::nullopt));
        const PreparedPicture got = prepare_picture(processor, image, name, shape);
        const Tensor want = read_tensor(*expected.find("process/" + name));
        CHECK_EQ(
            find_difference(corner(got.pixel_values), want.values(), kRounding, want.extents()),
            "");
        CHECK_EQ(got.shown.channels, shape.channels);
        // What is shown is what the values came from.
        CHECK(picture_of_pixels(processor, got.pixel_values).pixels == got.shown.pixels);
    }
}

TEST_CASE("a class brings its own defaults, whichever way the file names it") {
    CHECK_EQ(parse("{}", "vit").kind, "ViTImageProcessor");
    CHECK_EQ(parse("{}", "clip_vision_model").kind, "CLIPImageProcessor");
    for (const char* key : {"image_processor_type", "feature_extractor_type"}) {
        const std::string text = std::string("{\"") + key + "\": \"DeiTFeatureExtractor\"}";
        const ImageProcessor deit = parse(text);
        CHECK_EQ(deit.kind, "DeiTImageProcessor");
        CHECK_EQ(deit.size.height, 256);
        CHECK_EQ(deit.crop_width, 224);
        CHECK(deit.do_center_crop);
        CHECK(deit.resample == Resample::kBicubic);
    }
    const ImageProcessor clip = parse(R"({"image_processor_type": "CLIPImageProcessorFast",
        "feature_extractor_type": "ViTFeatureExtractor", "do_convert_rgb": null, "size": null})");
    CHECK_EQ(clip.kind, "CLIPImageProcessor");
    CHECK(clip.size.kind == ImageTarget::Kind::kShortestEdge);
    CHECK_EQ(clip.size.shortest, 224);
    CHECK_EQ(clip.mean[0], 0.48145466f);
    CHECK_FALSE(parse("{}").do_center_crop);
    CHECK_EQ(parse("{}").rescale_factor, 1.0 / 255);
}

TEST_CASE("a folder without a file has the defaults in the model's own size") {
    const TempDir folder;
    const ImageShape shape{3, 16, 20};
    const ImageProcessor vit = load_image_processor(folder.path(), "vit", shape);
    const PreparedPicture got = prepare_picture(vit, make_ramp(5, 9, 3), "x", shape);
    CHECK_EQ(got.pixel_values.extents(), std::vector<int>{3, 16, 20});
    const ImageProcessor deit = load_image_processor(folder.path(), "deit", {3, 224, 224});
    CHECK_EQ(deit.size.height, 256);
    CHECK_EQ(deit.crop_height, 224);
    const ImageProcessor clip = load_image_processor(folder.path(), "clip", {3, 32, 32});
    CHECK_EQ(prepare_picture(clip, make_ramp(50, 9, 3), "x", {3, 32, 32}).shown.width, 32);
    // A grey model takes the one number that all three channels share.
    const ImageProcessor grey = load_image_processor(folder.path(), "vit", {1, 4, 4});
    const PreparedPicture dots = prepare_picture(grey, make_ramp(4, 4, 3), "x", {1, 4, 4});
    CHECK_EQ(dots.pixel_values.extents(), std::vector<int>{1, 4, 4});
    CHECK_EQ(dots.pixel_values.values()[0],
             (static_cast<float>(dots.shown.pixels[0] * (1.0 / 255)) - 0.5f) / 0.5f);
}

TEST_CASE("processor_config.json goes before preprocessor_config.json") {
    const TempDir folder;
    folder.write("preprocessor_config.json", R"({"size": 10})");
    CHECK_EQ(load_image_processor(folder.path(), "vit", {}).size.height, 10);
    folder.write("processor_config.json", R"({"processor_class": "CLIPProcessor"})");
    CHECK_EQ(load_image_processor(folder.path(), "vit", {}).size.height, 10);
    folder.write("processor_config.json", R"({"image_processor": {"size": 12}})");
    CHECK_EQ(load_image_processor(folder.path(), "vit", {}).size.height, 12);
}

TEST_CASE("what heed does not follow is refused by its name") {
    CHECK_EQ(refusal(R"({"image_processor_type": "BeitImageProcessor"})",
                     {"image_processor_type", "ViT, DeiT or CLIP", "BeitImageProcessor"}),
             "");
    CHECK_EQ(refusal(R"({"feature_extractor_type": "WhisperFeatureExtractor"})",
                     {"feature_extractor_type", "WhisperFeatureExtractor"}),
             "");
    CHECK_EQ(find_flaw(message_of([] { parse("{}", "bert"); }), {"model_type", "bert"}), "");
    CHECK_EQ(find_flaw(message_of([] { parse("{}", "vitmatte"); }), {"vitmatte"}), "");
    CHECK_EQ(refusal(R"({"do_pad": true})", {"do_pad"}), "");
    CHECK_EQ(refusal(R"({"resample": 6})", {"resample", "6"}), "");
    CHECK_EQ(refusal(R"({"resample": "bicubic"})", {"resample"}), "");
    CHECK_EQ(refusal(R"({"size": {"longest_edge": 5}})", {"size", "shortest_edge"}), "");
    CHECK_EQ(refusal(R"({"size": {"height": 5}})", {"size"}), "");
    CHECK_EQ(refusal(R"({"size": 0})", {"size", "1 to 32768"}), "");
    CHECK_EQ(refusal(R"({"size": 99999999999})", {"size", "1 to 32768"}), "");
    CHECK_EQ(refusal(R"({"size": [1, 2, 3]})", {"size", "[height, width]"}), "");
    CHECK_EQ(refusal(R"({"crop_size": {"shortest_edge": 5}})", {"crop_size"}), "");
    CHECK_EQ(refusal(R"({"image_std": [1, 0, 1]})", {"image_std", "not 0"}), "");
    CHECK_EQ(refusal(R"({"image_mean": ["a"]})", {"image_mean"}), "");
    CHECK_EQ(refusal(R"({"image_mean": []})", {"image_mean"}), "");
    CHECK_EQ(refusal("[]", {"an object"}), "");
}

TEST_CASE("an outcome that is not the model's is refused with both sizes") {
    const auto message = [](std::string_view text, const ImageShape& shape, int width, int height) {
        return message_of(
            [&] { prepare_picture(parse(text), make_ramp(width, height, 3), "cat.png", shape); });
    };
    CHECK_EQ(
        find_flaw(message(R"({"size": 8})", {3, 16, 16}, 4, 4), {"cat.png", "16 x 16", "8 x 8"}),
        "");
    CHECK_EQ(find_flaw(message(R"({"size": {"shortest_edge": 2000}})", {3, 16, 16}, 2000, 1),
                       {"cat.png", "long and thin"}),
             "");
    CHECK_EQ(find_flaw(message(R"({"size": 16, "image_mean": [0.1, 0.2]})", {3, 16, 16}, 4, 4),
                       {"image_mean", "3 numbers", "2"}),
             "");
}

TEST_CASE("a crop takes the middle, and puts black around what is too small") {
    const Image image = make_ramp(3, 2, 1);
    const ImageProcessor wide = parse(R"({"image_processor_type": "DeiTImageProcessor",
        "do_resize": false, "crop_size": [3, 2], "do_rescale": false, "do_normalize": false})");
    Image rgb(3, 2, 3);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        for (std::size_t c = 0; c < 3; ++c) rgb.pixels[3 * i + c] = image.pixels[i];
    }
    const PreparedPicture got = prepare_picture(wide, rgb, "x", {1, 3, 2});
    // Left: (3 - 2) / 2 = 0. Top: floor((2 - 3) / 2) = -1: a black row above.
    CHECK(got.shown.pixels == std::vector<std::uint8_t>{0, 0, 1, 2, 4, 5});
}

TEST_CASE("pixel values that no picture has are shown cut to its range") {
    const ImageProcessor vit = parse("{}");
    const Tensor values({1, 1, 4}, {-9.0f, 9.0f, 0.0f, std::numeric_limits<float>::quiet_NaN()});
    CHECK(picture_of_pixels(vit, values).pixels == std::vector<std::uint8_t>{0, 255, 128, 0});
}

TEST_SUITE_END();
