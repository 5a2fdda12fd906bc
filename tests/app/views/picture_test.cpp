#include "app/views/picture.h"

#include <doctest/doctest.h>

#include "app/ui/options.h"
#include "app/views/attention.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

namespace {

// A class token and rows x columns patches.
std::vector<std::string> make_patch_words(int rows, int columns) {
    std::vector<std::string> words{"[class]"};
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            words.push_back("patch " + std::to_string(row) + "," + std::to_string(column));
        }
    }
    return words;
}

std::vector<TokenLabel> make_labels(const std::vector<std::string>& texts) {
    std::vector<TokenLabel> labels;
    for (const std::string& text : texts) {
        labels.emplace_back();
        labels.back().text = text;
    }
    return labels;
}

PatchedPicture make_picture(int rows, int columns, int width, int height) {
    return cut_picture(map_patches(make_labels(make_patch_words(rows, columns))),
                       std::make_shared<const Image>(width, height, 3));
}

struct Scene {
    Scene(int rows, int columns, float width, float height, float scale = 1)
        : screen(width, height, scale),
          trace(make_trace({make_patch_words(rows, columns), 2})),
          selection(default_selection(trace->graph())) {}

    Screen::Draw draw() {
        return [this](UiContext& ui) {
            return draw_attention_view(*trace, selection, screen.area(), state, ui);
        };
    }
    void set(const std::string& name, const std::string& value) {
        set_option([this](OptionVisitor& v) { state.options.visit(v); }, name, value);
    }
    double pattern(int q, int k) const {
        const NodeId node = trace->graph().find("blocks.0.attn.pattern").value();
        return static_cast<double>(trace->value(node, {selection.head, q, k}));
    }

    Screen screen;
    std::shared_ptr<const Trace> trace;
    Selection selection;
    AttentionViewState state;
};

}  // namespace

TEST_SUITE_BEGIN("app/views/picture");

TEST_CASE("a patch says where it is") {
    CHECK(parse_patch_label("patch 3,15") == std::pair(3, 15));
    CHECK(parse_patch_label("0,7") == std::pair(0, 7));
    for (const char* other :
         {"patch", "patch 3", "3", ",", "", "patch 3,", "patch 3,x", "patch -1,2", "patch 1,2 ",
          "a patch 1,2", "patch 99999,1", "Patch 1,2"}) {
        CAPTURE(other);
        CHECK_FALSE(parse_patch_label(other).has_value());
    }
}

TEST_CASE("a sequence is a picture where its patches fill a grid, once each") {
    const PatchMap map = map_patches(make_labels(make_patch_words(2, 3)));
    CHECK(map.rows == 2);
    CHECK(map.columns == 3);
    CHECK(map.patch_of == std::vector<int>{-1, 0, 1, 2, 3, 4, 5});
    CHECK(map.position_of == std::vector<int>{1, 2, 3, 4, 5, 6});
    // Distillation tokens may stand anywhere, and patches in any order.
    const PatchMap mixed =
        map_patches(make_labels({"patch 0,1", "[class]", "patch 0,0", "[distillation]"}));
    CHECK(mixed.patch_of == std::vector<int>{1, -1, 0, -1});
    CHECK(mixed.position_of == std::vector<int>{2, 0});
    CHECK(map_patches(make_labels({"Bark", "is", "cute"})).is_empty());
    CHECK(map_patches(make_labels({"patch 0,0", "patch 0,2"})).is_empty());
    CHECK(
        map_patches(make_labels({"patch 0,0", "patch 0,1", "patch 0,1", "patch 1,1"})).is_empty());
    CHECK(map_patches(make_labels({"0,0", "0,1"})).columns == 2);
    CHECK(map_patches(make_labels({"costs", "0,0"})).is_empty());
    CHECK(map_patches({}).is_empty());
}

TEST_CASE("patches lie side by side on the picture, and the mouse finds each") {
    for (const auto& size : {std::pair(224, 224), std::pair(30, 50), std::pair(17, 9)}) {
        const PatchedPicture picture = make_picture(3, 4, size.first, size.second);
        const Rect frame{10, 20, 301, 199};
        for (int patch = 0; patch < 12; ++patch) {
            CAPTURE(patch);
            const Rect rect = picture.place(frame, patch);
            CHECK(picture.patch_at(frame, rect.centre()) == patch);
            CHECK(rect.x >= frame.x);
            CHECK(rect.right() <= frame.right());
            if (patch % 4 > 0) CHECK(rect.x == picture.place(frame, patch - 1).right());
            if (patch >= 4) CHECK(rect.y == picture.place(frame, patch - 4).bottom());
        }
        CHECK_FALSE(picture.patch_at(frame, {9, 30}).has_value());
    }
    // What is left over of 30 pixels after 4 patches of 7 belongs to none.
    const PatchedPicture narrow = make_picture(1, 4, 30, 7);
    CHECK_FALSE(narrow.patch_at({0, 0, 300, 70}, {285, 30}).has_value());
    CHECK(narrow.patch_at({0, 0, 300, 70}, {275, 30}) == 3);
}

TEST_CASE("the layout keeps the picture's proportions and all parts apart, at any size") {
    const PatchedPicture picture = make_picture(4, 6, 60, 40);
    const std::vector<std::string> tokens{"[class]", "[distillation]"};
    for (const float scale : {1.0F, 2.0F}) {
        Screen screen(1600, 1200, scale);
        screen.frame([&](UiContext& ui) {
            for (const auto& size : {std::pair(300.0F, 500.0F), std::pair(600.0F, 200.0F),
                                     std::pair(260.0F, 260.0F), std::pair(700.0F, 560.0F)}) {
                const Rect room{7, 9, ui.px(size.first), ui.px(size.second)};
                const PictureLayout layout = layout_picture(ui, room, {picture, tokens});
                CAPTURE(size.first);
                REQUIRE_FALSE(layout.is_empty());
                CHECK(layout.frame.w == doctest::Approx(layout.frame.h * 1.5F).epsilon(0.03));
                std::vector<std::pair<std::string, Rect>> parts{
                    {"frame", layout.frame}, {"title", layout.title}, {"legend", layout.legend}};
                if (!layout.tint.is_empty()) parts.push_back({"tint", layout.tint});
                if (!layout.lines.is_empty()) parts.push_back({"lines", layout.lines});
                for (const Rect& chip : layout.chips) parts.push_back({"chip", chip});
                check_apart(parts);
                for (const auto& [name, rect] : parts) {
                    CAPTURE(name);
                    CHECK(rect.bottom() <= room.bottom() + 1);
                    CHECK(rect.right() <= room.right() + 1);
                }
            }
            CHECK(layout_picture(ui, {0, 0, ui.px(80), ui.px(300)}, {picture, tokens}).is_empty());
            return ViewResult{};
        });
    }
}

TEST_CASE("each patch has the weight that the chosen position gives it, to the last bit") {
    Scene scene(4, 4, 1000, 700);
    scene.selection.query = 6;
    scene.selection.key = 2;
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.item("view/attention/picture-title").text == "what patch 1,1 looks at");
    for (int patch = 0; patch < 16; ++patch) {
        const Item& item =
            scene.screen.item(indexed_id("view/attention/patch", {patch / 4, patch % 4}));
        CHECK(item.value.value() == scene.pattern(6, 1 + patch));
    }
    CHECK(scene.screen.item("view/attention/picture-token[0]").value.value() ==
          scene.pattern(6, 0));
    check_items_inside(scene.screen, "view/attention", scene.screen.area());

    scene.state.lock = AttentionLock::kColumn;
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.item("view/attention/picture-title").text == "who looks at patch 0,1");
    CHECK(scene.screen.item("view/attention/patch[3,3]").value.value() == scene.pattern(16, 2));
}

TEST_CASE("the colours reach to the largest weight of the patches, and the legend says so") {
    Scene scene(3, 3, 1000, 700);
    scene.screen.frame(scene.draw());
    double largest = 0;
    for (int k = 1; k <= 9; ++k)
        largest = std::max(largest, scene.pattern(scene.selection.query, k));
    CHECK(scene.screen.item("view/attention/picture-legend").value.value() == largest);
}

TEST_CASE("a click chooses the patch that looks, the chip the class token") {
    Scene scene(4, 4, 1000, 700);
    scene.screen.frame(scene.draw());
    ViewResult result = scene.screen.click(scene.draw(), "view/attention/patch[2,3]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->query == 1 + 2 * 4 + 3);
    scene.selection = *result.selection;
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.item("view/attention/picture-title").text == "what patch 2,3 looks at");
    result = scene.screen.click(scene.draw(), "view/attention/picture-token[0]");
    CHECK(result.selection->query == 0);
}

TEST_CASE("the mouse over a patch marks its column and tells its exact weight") {
    Scene scene(4, 4, 1000, 700);
    scene.screen.frame(scene.draw());
    scene.screen.hover("view/attention/patch[1,2]");
    scene.screen.frame(scene.draw());
    CHECK(scene.state.preview_column == 7);
    CHECK_FALSE(scene.state.preview_row.has_value());
}

TEST_CASE("the picture that was given lies under the colours, grey ones too") {
    for (const int channels : {1, 3}) {
        Screen screen(1000, 700, 1);
        auto image = std::make_shared<Image>(8, 8, channels);
        for (std::size_t i = 0; i < image->pixels.size(); ++i) {
            image->pixels[i] = static_cast<std::uint8_t>(i);
        }
        TraceRequest request{make_patch_words(4, 4), 2};
        request.picture = image;
        const auto trace = make_trace(request);
        AttentionViewState state;
        screen.frame([&](UiContext& ui) {
            return draw_attention_view(*trace, default_selection(trace->graph()), screen.area(),
                                       state, ui);
        });
        const auto& painted = screen.pictures.pictures.at("view/attention/image");
        CHECK(painted.width == 8);
        const Colour last = unpack_rgba(painted.texels.back());
        CHECK(last == (channels == 1 ? Colour{63, 63, 63, 255} : Colour{189, 190, 191, 255}));
    }
}

TEST_CASE("hidden patches are not painted, and the picture can be put away") {
    Scene scene(4, 4, 1000, 700);
    scene.set("hidden", "5");
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.items().find("view/attention/patch[1,0]") == nullptr);
    CHECK(scene.screen.items().find("view/attention/patch[1,1]") != nullptr);
    scene.selection.query = 5;
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.item("view/attention/picture-title").text == "the chosen word is hidden");
    scene.set("picture", "off");
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.items().find("view/attention/image") == nullptr);
    CHECK(scene.screen.items().find("view/attention/cell[0,1]") != nullptr);
}

TEST_CASE("words that are no patches have no picture") {
    Screen screen(1000, 700, 1);
    const auto trace = make_trace({make_words(9), 2});
    AttentionViewState state;
    screen.frame([&](UiContext& ui) {
        return draw_attention_view(*trace, default_selection(trace->graph()), screen.area(), state,
                                   ui);
    });
    CHECK(screen.items().find("view/attention/image") == nullptr);
    CHECK(screen.items().find("view/attention/picture") == nullptr);
}

TEST_CASE("every size of the card has the picture, the cells or both, all within it") {
    for (const auto& size : {std::pair(1500.0F, 900.0F), std::pair(620.0F, 370.0F),
                             std::pair(420.0F, 900.0F), std::pair(300.0F, 300.0F)}) {
        CAPTURE(size.first);
        for (const char* parts : {"heat", "lines", "both"}) {
            Scene scene(14, 14, size.first, size.second);
            scene.set("layout", parts);
            scene.screen.frame(scene.draw());
            check_items_inside(scene.screen, "view/attention", scene.screen.area());
            // The smallest card has room for the cells alone.
            const bool has_picture = scene.screen.items().find("view/attention/image") != nullptr;
            CHECK(has_picture == (size.first > 300));
        }
    }
}

TEST_SUITE_END();
