// Pictures that are painted where the numbers lie: the same texels, and nothing is read back.
#include <doctest/doctest.h>

#include <cmath>

#include "app/gl/compute_backend.h"
#include "app/gl/context.h"
#include "app/gl/device_values.h"
#include "app/views/heads.h"
#include "app/views/stage_thumbs.h"
#include "app/views/view_state.h"
#include "app/window/gl_pictures.h"
#include "core/model/model.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;

namespace {

// Whatever is asked of it never comes.
class NoJobs : public JobStore {
  public:
    JobState ask(std::string_view, std::uint64_t, const Work&) override { return {}; }
};

std::string say_words(int count) {
    std::string text = "the";
    for (int i = 1; i < count; ++i) text += i % 3 == 0 ? " cat" : " dog";
    return text;
}

// A trace on the device of a context that shares its buffers with one that draws.
struct Desk {
    explicit Desk(const char* model_name, int words)
        : context(make_offscreen_context(true)), pictures(true) {
        DeviceOptions options;
        options.make_context = context->make_sharing();
        device = std::make_shared<ComputeDevice>(std::move(options));
        const auto model = open_model(assets_folder() / "models" / model_name);
        ModelInput input;
        input.text = say_words(words);
        const PreparedInput prepared = model->prepare(input);
        trace = make_device_backend(device)
                    ->prepare(prepared.graph, model->weights())
                    ->run(prepared.inputs, {});
    }
    const DeviceValues& values() const {
        return dynamic_cast<const DeviceValues&>(*trace->provider());
    }
    // One frame in which nothing but `draw` asks for numbers.
    template <class Draw>
    void frame(Draw draw) {
        screen.quick_frame([&](UiContext& given) {
            UiContext ui{given.theme, given.fonts, given.actions, given.items,
                         pictures,    given.hover, jobs,          given.controls};
            ui.scale = given.scale;
            ui.trace_number = given.trace_number;
            ui.trace = trace;
            draw(ui);
            return ViewResult{};
        });
    }

    std::unique_ptr<GlContext> context;
    std::shared_ptr<ComputeDevice> device;
    std::shared_ptr<const Trace> trace;
    GlPictures pictures;
    NoJobs jobs;
    app::test::Screen screen{1600, 1000, 1};
};

std::vector<std::uint32_t> read(const Picture& picture) {
    std::vector<std::uint32_t> texels(static_cast<std::size_t>(picture.columns) *
                                      static_cast<std::size_t>(picture.rows));
    glBindTexture(GL_TEXTURE_2D,
                  static_cast<GLuint>(reinterpret_cast<std::uintptr_t>(picture.texture)));
    glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, texels.data());
    return texels;
}

// How many texels of the sheet are not those of the CPU, from the same numbers.
int count_wrong_heads(Desk& desk, ValueScale value_scale) {
    int wrong = -1;
    desk.frame([&](UiContext& ui) {
        HeadsViewState state;
        state.options.scale = value_scale;
        const HeadList list = list_all_heads(desk.trace->graph());
        const Selection selection;
        const HeadsScene scene{*desk.trace, selection, list, {}, {}, {}, {}, state, ui};
        HeadsSheet sheet = lay_out_heads_sheet(desk.trace->graph(), 60);
        sheet.version = 1 + static_cast<std::uint64_t>(value_scale);
        const auto painted = paint_sheet_on_device(scene, sheet);
        REQUIRE(painted.has_value());
        const std::vector<std::uint32_t> got = read(*painted);
        CHECK_EQ(desk.values().bytes_read(), 0);
        HeadsSheet want = make_heads_sheet(*desk.trace, PatternKind::kWeights, 60, CancelToken());
        const ColourTable table(
            ui.theme, {ColourScale::Kind::kWeights, value_scale, std::max(1.0F, want.high)});
        REQUIRE(got.size() == want.texels.size());
        wrong = 0;
        for (std::size_t i = 0; i < got.size(); ++i) {
            wrong += got[i] == table.at(want.texels[i]) ? 0 : 1;
        }
    });
    return wrong;
}

}  // namespace

TEST_SUITE_BEGIN("app/window/device pictures");

TEST_CASE("steps of colours are those that each value has") {
    const Theme& theme = theme_of(ThemeKind::kLight);
    for (const auto kind : {ColourScale::Kind::kWeights, ColourScale::Kind::kSigned}) {
        for (const auto scale :
             {ValueScale::kLinear, ValueScale::kSquareRoot, ValueScale::kLogarithmic}) {
            const ColourTable table(theme, {kind, scale, 1});
            const ColourSteps steps = table.steps();
            REQUIRE(steps.colours.size() == steps.edges.size() + 1);
            int wrong = 0;
            for (int i = -3000; i <= 3000; ++i) {
                const float share =
                    std::pow(std::abs(static_cast<float>(i)) / 3000, 3.0F) * (i < 0 ? -1.0F : 1.0F);
                const auto above = std::upper_bound(steps.edges.begin(), steps.edges.end(), share);
                const auto step = static_cast<std::size_t>(above - steps.edges.begin());
                wrong += steps.colours[step] == table.at(share) ? 0 : 1;
            }
            CHECK_EQ(wrong, 0);
        }
    }
}

TEST_CASE("the device paints all heads as the CPU does from the same numbers, byte for byte") {
    for (const char* model : {"stories", "words"}) {
        for (const int words : {3, 11, 100}) {
            CAPTURE(model);
            CAPTURE(words);
            for (const auto scale :
                 {ValueScale::kLinear, ValueScale::kSquareRoot, ValueScale::kLogarithmic}) {
                Desk desk(model, words);
                CHECK_EQ(count_wrong_heads(desk, scale), 0);
                CHECK(desk.context->take_errors().empty());
            }
        }
    }
}

TEST_CASE("the view of all heads reads no number that it paints") {
    Desk desk("words", 200);
    HeadsViewState state;
    const Selection selection;
    for (int i = 0; i < 3; ++i) {
        desk.frame([&](UiContext& ui) {
            draw_heads_view(*desk.trace, selection, {0, 0, 1600, 1000}, state, ui);
        });
    }
    CHECK_EQ(desk.pictures.painted_on_device(), 1);
    CHECK_EQ(desk.pictures.painted(), 1);
    desk.device->thread().call([] { /* what was asked of it is done */ });
    CHECK_EQ(desk.values().bytes_read(), 0);
    // By rank it takes the numbers themselves.
    state.options.scale = ValueScale::kQuantile;
    desk.frame([&](UiContext& ui) {
        draw_heads_view(*desk.trace, selection, {0, 0, 1600, 1000}, state, ui);
    });
    CHECK_EQ(desk.pictures.painted(), 1);
}

TEST_CASE("the device paints the small pictures of the stages within one step of the CPU's") {
    Desk desk("stories", 90);
    const Selection selection;
    int compared = 0;
    for (NodeId node = 0; node < desk.trace->graph().size(); ++node) {
        const Node& told = desk.trace->graph().node(node);
        if (told.layer > 0 || desk.values().span(node).buffer == nullptr) continue;
        if (told.shape.rank() < 2) continue;
        CAPTURE(told.name);
        app::test::MemoryPictures here;
        std::vector<std::uint32_t> got;
        desk.frame([&](UiContext& ui) {
            const int before = desk.pictures.painted_on_device();
            const auto there = stage_thumbnail(*desk.trace, selection, node, 20, ui);
            REQUIRE(there.has_value());
            CHECK(desk.pictures.painted_on_device() == before + 1);
            got = read(*there);
        });
        // From the same numbers, held here.
        const MatrixExtents extents = matrix_extents(told.shape);
        desk.trace->read(node, {0, 1, 0, extents.rows, 0, extents.cols});
        desk.device->thread().call([] { /* the tile has come */ });
        desk.screen.quick_frame([&](UiContext& given) {
            UiContext ui{given.theme, given.fonts, given.actions, given.items,
                         here,        given.hover, desk.jobs,     given.controls};
            ui.trace_number = given.trace_number;
            stage_thumbnail(*desk.trace, selection, node, 20, ui);
            return ViewResult{};
        });
        // Too much to be read for so little: such a picture is the device's alone.
        if (extents.rows * extents.cols > (1 << 18)) continue;
        REQUIRE(here.pictures.size() == 1);
        const std::vector<std::uint32_t>& want = here.pictures.begin()->second.texels;
        REQUIRE(want.size() == got.size());
        int most = 0;
        for (std::size_t i = 0; i < want.size(); ++i) {
            for (unsigned bit = 0; bit < 32; bit += 8) {
                const auto a = static_cast<int>((want[i] >> bit) & 0xFFU);
                const auto b = static_cast<int>((got[i] >> bit) & 0xFFU);
                most = std::max(most, std::abs(a - b));
            }
        }
        CHECK_LE(most, 2);
        ++compared;
    }
    CHECK(compared > 8);
    CHECK(desk.context->take_errors().empty());
}

TEST_CASE("pictures of another context's numbers, or of the CPU's, are painted here") {
    Desk desk("words", 5);
    const auto describe = [] { return DevicePaint{}; };
    GlPictures alone(false);
    CHECK_FALSE(alone.get_device("a", 1, 2, 2, *desk.trace, describe).has_value());
    const auto here = app::test::run_shipped("the dog", "words");
    CHECK_FALSE(desk.pictures.get_device("a", 1, 2, 2, *here, describe).has_value());
    CHECK(desk.pictures
              .get_device("a", 1, 2, 2, *desk.trace,
                          [] {
                              DevicePaint paint;
                              paint.colours = {{}, {0xFFFFFFFFU}, 0xFF00FF00U};
                              return paint;
                          })
              .has_value());
}
