#include "core/model/model_picture.h"

#include <doctest/doctest.h>

#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::message_of;
using heed::test::TempDir;

namespace {

// A model of which only the summary is asked.
class PictureModel : public Model {
  public:
    explicit PictureModel(const TempDir& folder, int channels) {
        summary_.path = folder.path().string();
        summary_.family = "vit";
        summary_.takes_image = channels > 0;
        summary_.channels = channels;
        summary_.image_height = 4;
        summary_.image_width = 6;
    }
    const ModelSummary& summary() const override { return summary_; }
    const std::shared_ptr<const WeightStore>& weights() const override { return weights_; }
    const std::shared_ptr<const Tokenizer>& tokenizer() const override { return tokenizer_; }
    PreparedInput prepare(const ModelInput& /*input*/) const override { return {}; }
    std::shared_ptr<const Graph> graph(int /*length*/) const override { return nullptr; }

  private:
    ModelSummary summary_;
    std::shared_ptr<const WeightStore> weights_;
    std::shared_ptr<const Tokenizer> tokenizer_;
};

Image make_noise(int width, int height) {
    Image image(width, height, 3);
    unsigned value = 7;
    for (std::uint8_t& pixel : image.pixels) {
        value = value * 1664525U + 1013904223U;
        pixel = static_cast<std::uint8_t>(value >> 24U);
    }
    return image;
}

}  // namespace

TEST_SUITE_BEGIN("core/model_picture");

TEST_CASE("a picture is given as the folder's processor makes it, and shown as the model sees it") {
    const TempDir folder;
    folder.write("preprocessor_config.json",
                 R"({"size": [4, 6], "image_mean": [0, 0, 0], "image_std": [1, 1, 1]})");
    const PictureModel model(folder, 3);
    ModelInput input;
    add_picture(model, make_noise(6, 4), "x.png", input);
    REQUIRE(input.pixels != nullptr);
    CHECK(input.pixels->extents() == std::vector<int>{3, 4, 6});
    CHECK(input.picture->pixels == make_noise(6, 4).pixels);
    // [C, H, W] of [H, W, C] / 255.
    CHECK(input.pixels->at({1, 2, 3}) ==
          static_cast<float>(make_noise(6, 4).row(2)[3 * 3 + 1] * (1.0 / 255)));
}

TEST_CASE("pixels alone are shown as the picture that they were") {
    const TempDir folder;
    for (const int channels : {1, 3}) {
        const PictureModel model(folder, channels);
        ModelInput made;
        add_picture(model, make_noise(50, 40), "x.png", made);
        ModelInput given;
        given.pixels = made.pixels;
        show_pixels(model, given);
        REQUIRE(given.picture != nullptr);
        CHECK(given.picture->pixels == made.picture->pixels);
    }
    // What has another shape is refused where it is run, not where it is shown.
    ModelInput other;
    other.pixels = std::make_shared<const Tensor>(Tensor({2, 2}, {1, 2, 3, 4}));
    show_pixels(PictureModel(folder, 3), other);
    CHECK(other.picture == nullptr);
    // Nor is a processor needed to run them.
    folder.write("preprocessor_config.json", R"({"image_processor_type": "BeitImageProcessor"})");
    ModelInput unshown;
    unshown.pixels = std::make_shared<const Tensor>(std::vector<int>{3, 4, 6});
    show_pixels(PictureModel(folder, 3), unshown);
    CHECK(unshown.picture == nullptr);
}

TEST_CASE("a model of texts and pictures is given the one or the other") {
    const auto model = open_model(test::source_dir() / "tests/data/families/pictures/clip-both");
    const auto message = [&model](const ModelInput& input) {
        return message_of([&] { model->prepare(input); });
    };
    ModelInput input;
    input.ids = {3, 4};
    CHECK(model->prepare(input).graph->find("text_embeds").has_value());
    input.pixels = std::make_shared<const Tensor>(std::vector<int>{1, 4, 4});
    CHECK(find_flaw(message(input), {"a text or a picture, one at a time", "both"}) == "");
    input.ids.clear();
    const PreparedInput prepared = model->prepare(input);
    CHECK(prepared.graph->find("image_embeds").has_value());
    CHECK(prepared.inputs.labels[0][0].text == "[CLS]");
    CHECK(prepared.inputs.labels[0][4].text == "1,1");
    input.pixels = std::make_shared<const Tensor>(std::vector<int>{1, 4, 5});
    CHECK(find_flaw(message(input), {"pixel_values", "[1, 4, 4]", "[1, 4, 5]"}) == "");
}

TEST_CASE("a picture that cannot be given is refused in one line") {
    const TempDir folder;
    const auto message = [&](int channels) {
        return message_of([&] {
            ModelInput input;
            add_picture(PictureModel(folder, channels), make_noise(9, 9), "x.png", input);
        });
    };
    CHECK(find_flaw(message(0), {"takes no pictures"}) == "");
    CHECK(find_flaw(message(4), {"num_channels", "1 or 3", "4"}) == "");
    folder.write("preprocessor_config.json", R"({"size": 5})");
    CHECK(find_flaw(message(3), {"x.png", "4 x 6", "5 x 5"}) == "");
    folder.write("preprocessor_config.json", R"({"image_processor_type": "BeitImageProcessor"})");
    CHECK(find_flaw(message(3), {"BeitImageProcessor"}) == "");
}

TEST_SUITE_END();
