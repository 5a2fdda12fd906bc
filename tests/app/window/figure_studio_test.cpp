// Every figure of every view, as files.
#include "app/window/figure_studio.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <string>

#include "app/figure/figure_file.h"
#include "core/model/model.h"
#include "core/run/backend.h"
#include "tests/support/refusal.h"

using namespace heed;
using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

constexpr const char* kBark = "Bark is very cute and he is a dog";

struct Sheet {
    Document document{[] {}};
    FigureStudio studio;
    FigurePage page;

    explicit Sheet(const std::string& name, const std::string& text = kBark) {
        const auto model = open_model(resolve_model(name));
        ModelInput input;
        input.text = text;
        const PreparedInput prepared = model->prepare(input);
        document.adopt(model, make_cpu_backend(1)
                                  ->prepare(prepared.graph, model->weights())
                                  ->run(prepared.inputs, {}));
    }
};

int count_texts(const Figure& figure) {
    int texts = 0;
    for (const DrawnItem& item : figure.items) {
        texts += std::holds_alternative<drawn::Text>(item.shape) ? 1 : 0;
    }
    return texts;
}

bool has_text(const Figure& figure, const std::string& wanted) {
    for (const DrawnItem& item : figure.items) {
        const auto* text = std::get_if<drawn::Text>(&item.shape);
        if (text != nullptr && text->text == wanted) return true;
    }
    return false;
}

}  // namespace

TEST_SUITE_BEGIN("app/window/figure_studio");

TEST_CASE("every figure of every view can be written in every format") {
    for (const char* model : {"words", "stories"}) {
        Sheet sheet(model);
        for (const ViewEntry& view : all_views()) {
            for (const ListedFigure& listed : sheet.studio.list(sheet.document, view, sheet.page)) {
                CAPTURE(model);
                CAPTURE(listed.id);
                CHECK(listed.id.rfind("view/" + std::string(view.name), 0) == 0);
                CHECK(!listed.title.empty());
                CHECK(!listed.rect.is_empty());
                CHECK(find_view_of_figure(listed.id) == &view);
                const MadeFigure made =
                    sheet.studio.make(sheet.document, view, sheet.page, {listed.id});
                CHECK(made.id == listed.id);
                CHECK(count_texts(made.figure) > 0);
                for (const FigureFormat format :
                     {FigureFormat::kSvg, FigureFormat::kPng, FigureFormat::kPdf}) {
                    CHECK(encode_figure(made.figure, format, 1).size() > 500);
                }
                if (!listed.has_numbers) continue;
                const MadeFigure numbers =
                    sheet.studio.make(sheet.document, view, sheet.page, {listed.id, true});
                CHECK(!numbers.numbers.values.empty());
                CHECK(encode_table(numbers.numbers, FigureFormat::kCsv).size() > 4);
                CHECK(encode_table(numbers.numbers, FigureFormat::kNpy).size() >= 64);
            }
        }
    }
}

TEST_CASE("making a figure leaves the document and the window as they were") {
    Sheet sheet("words");
    const Selection before = sheet.document.selection();
    ImGuiContext* context = ImGui::GetCurrentContext();
    const ViewEntry& view = all_views().front();
    sheet.studio.make(sheet.document, view, sheet.page, {});
    CHECK(sheet.document.selection() == before);
    CHECK(ImGui::GetCurrentContext() == context);
}

TEST_CASE("a figure that is not there is refused by those that are") {
    Sheet sheet("words");
    const ViewEntry& view = all_views()[static_cast<std::size_t>(find_view("attention"))];
    const auto refusal = [&](const FigureWish& wish) {
        return message_of([&] { sheet.studio.make(sheet.document, view, sheet.page, wish); });
    };
    CHECK(find_flaw(refusal({"view/attention/nothing"}), {"figure", "view/attention"}) == "");
    CHECK(find_flaw(refusal({"view/attention", true}), {"numbers", "view/attention"}) == "");
    // And the studio lives on.
    CHECK(sheet.studio.make(sheet.document, view, sheet.page, {}).figure.width > 0);
    CHECK(find_view_of_figure("attention") == nullptr);
    CHECK(find_view_of_figure("view/none/heatmap") == nullptr);
}

TEST_CASE("a figure has the words on its axes and no buttons") {
    Sheet sheet("words");
    const ViewEntry& view = all_views()[static_cast<std::size_t>(find_view("attention"))];
    const Figure figure = sheet.studio.make(sheet.document, view, sheet.page, {}).figure;
    CHECK(has_text(figure, "dog"));
    CHECK(has_text(figure, "cute"));
    CHECK(!has_text(figure, "lines"));
}

TEST_SUITE_END();
