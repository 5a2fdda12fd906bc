#include "app/figure/page.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstdlib>
#include <utility>

#include "tests/support/refusal.h"

using namespace heed;
using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

constexpr Colour kInk{10, 20, 30, 255};
constexpr Colour kRed{200, 0, 0, 255};
constexpr Rect kWhole{0, 0, 40, 20};

Figure make_figure(std::vector<DrawnItem> items) {
    Figure figure;
    figure.title = "Figure";
    figure.width = 40;
    figure.height = 20;
    figure.items = std::move(items);
    return figure;
}

Colour pixel(const FigurePixels& pixels, int x, int y) {
    const std::size_t at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels.width) +
                            static_cast<std::size_t>(x)) *
                           4;
    return {pixels.rgba[at], pixels.rgba[at + 1], pixels.rgba[at + 2], pixels.rgba[at + 3]};
}

FigurePixels paint(const Figure& figure, float enlarge = 1) {
    FigureFonts fonts;
    return paint_figure(figure, fonts, enlarge);
}

std::string write_pdf(const Figure& figure) {
    FigureFonts fonts;
    return encode_figure_pdf(figure, fonts);
}

// Every compressed stream of a page, opened.
std::string open_streams(const std::string& pdf) {
    std::string all;
    for (std::size_t at = pdf.find("stream\n"); at != std::string::npos;
         at = pdf.find("stream\n", at + 1)) {
        if (at >= 3 && pdf.compare(at - 3, 3, "end") == 0) continue;
        const std::size_t begin = at + 7;
        const std::size_t end = pdf.find("endstream", begin);
        std::string out(1 << 20, '\0');
        auto size = static_cast<uLongf>(out.size());
        const auto* bytes = reinterpret_cast<const Bytef*>(pdf.data() + begin);
        if (uncompress(reinterpret_cast<Bytef*>(out.data()), &size, bytes,
                       static_cast<uLong>(end - begin)) != Z_OK) {
            continue;
        }
        all += out.substr(0, size) + "\n";
    }
    return all;
}

}  // namespace

TEST_SUITE_BEGIN("app/figure/page");

TEST_CASE("a picture has the colours of its shapes and nothing where there is nothing") {
    Figure figure = make_figure({{drawn::Filled{{10, 5, 10, 10}, kRed, 0}, kWhole},
                                 {drawn::Filled{{20, 5, 10, 10}, {0, 0, 0, 128}, 0}, kWhole}});
    const FigurePixels clear = paint(figure);
    CHECK(clear.width == 40);
    CHECK(clear.height == 20);
    CHECK(pixel(clear, 15, 10) == kRed);
    CHECK(pixel(clear, 1, 1).a == 0);
    CHECK(pixel(clear, 25, 10) == Colour{0, 0, 0, 128});
    figure.ground = {255, 255, 255, 255};
    CHECK(pixel(paint(figure), 1, 1) == Colour{255, 255, 255, 255});
    CHECK(pixel(paint(figure), 25, 10) == Colour{127, 127, 127, 255});
    CHECK(paint(figure, 2.5F).width == 100);
    CHECK(pixel(paint(figure, 2), 21, 11) == kRed);
    CHECK(pixel(paint(figure, 2), 19, 11) == Colour{255, 255, 255, 255});
}

TEST_CASE("cells keep their colours and edges at any size") {
    const drawn::Cells cells{{0, 0, 40, 20}, 2, 1, {pack_rgba(kRed), pack_rgba({0, 0, 255, 255})}};
    for (const float enlarge : {1.0F, 2.0F, 3.0F}) {
        CAPTURE(enlarge);
        const FigurePixels pixels = paint(make_figure({{cells, kWhole}}), enlarge);
        const int middle = pixels.width / 2;
        CHECK(pixel(pixels, 0, 0) == kRed);
        CHECK(pixel(pixels, middle - 1, 3) == kRed);
        CHECK(pixel(pixels, middle, 3) == Colour{0, 0, 255, 255});
        CHECK(pixel(pixels, pixels.width - 1, pixels.height - 1) == Colour{0, 0, 255, 255});
    }
}

TEST_CASE("what is outside of its clip is not seen") {
    const FigurePixels pixels =
        paint(make_figure({{drawn::Filled{{0, 0, 40, 20}, kRed, 0}, {0, 0, 10, 20}}}));
    CHECK(pixel(pixels, 9, 10) == kRed);
    CHECK(pixel(pixels, 11, 10).a == 0);
}

TEST_CASE("a picture that would be too large is refused") {
    Figure figure = make_figure({});
    figure.width = 20000;
    CHECK(find_flaw(message_of([&] { paint(figure, 2); }), {"32767", "40000"}) == "");
    figure.width = 0;
    CHECK(find_flaw(message_of([&] { write_pdf(figure); }), {"1 to 32767"}) == "");
}

TEST_CASE("a page holds its text as text and its fonts, and no date") {
    drawn::Text text;
    text.start = {2, 10};
    text.colour = kInk;
    text.text = "barks";
    const Figure figure = make_figure({{text, kWhole}});
    const std::string pdf = write_pdf(figure);
    CHECK(pdf.substr(0, 5) == "%PDF-");
    CHECK(pdf == write_pdf(figure));
    CHECK(pdf.find("/Title") != std::string::npos);
    CHECK(pdf.find("CreationDate") == std::string::npos);
    CHECK(pdf.find("/FontDescriptor") != std::string::npos);
    const std::string streams = open_streams(pdf);
    // Which letters the glyphs stand for is told one by one.
    CHECK(streams.find("beginbfchar") != std::string::npos);
    for (const char* letter : {"<0062>", "<0061>", "<0072>", "<006b>", "<0073>"}) {
        CAPTURE(letter);
        CHECK(streams.find(letter) != std::string::npos);
    }
}

TEST_CASE("a page of 40 x 20 pixels is 30 x 15 points") {
    CHECK(write_pdf(make_figure({})).find("/MediaBox [ 0 0 30 15 ]") != std::string::npos);
}

TEST_SUITE_END();
