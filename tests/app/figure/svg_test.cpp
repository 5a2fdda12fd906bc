#include "app/figure/svg.h"

#include <doctest/doctest.h>

#include <vector>

using namespace heed;
using namespace heed::app;

namespace {

constexpr Colour kInk{10, 20, 30, 255};

int count(const std::string& text, std::string_view part) {
    int found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

// Tags that are opened and closed in order, attributes in quotes, no bare & or <: enough of XML to
// notice a broken file.
bool is_well_formed(const std::string& text) {
    std::vector<std::string> open;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '&') {
            const std::size_t end = text.find(';', at);
            if (end == std::string::npos || end > at + 8) return false;
        }
        if (text[at] != '<') {
            ++at;
            continue;
        }
        const std::size_t end = text.find('>', at);
        if (end == std::string::npos) return false;
        const std::string tag = text.substr(at + 1, end - at - 1);
        at = end + 1;
        if (count(tag, "\"") % 2 != 0 || tag.find('<') != std::string::npos) return false;
        const std::string name = tag.substr(0, tag.find_first_of(" /"));
        if (tag.front() == '?' || tag.back() == '/') continue;
        if (tag.front() != '/') {
            open.push_back(name);
        } else if (open.empty() || "/" + open.back() != tag) {
            return false;
        } else {
            open.pop_back();
        }
    }
    return open.empty();
}

Figure make_figure(std::vector<DrawnItem> items) {
    Figure figure;
    figure.title = "Layer 5 <& \"head\"> 11";
    figure.width = 200;
    figure.height = 100;
    figure.items = std::move(items);
    return figure;
}

std::string write(const Figure& figure) {
    FigureFonts fonts;
    return encode_figure_svg(figure, fonts);
}

drawn::Text text_of(std::string text) {
    drawn::Text drawn;
    drawn.start = {10, 20};
    drawn.width = 33.5F;
    drawn.colour = kInk;
    drawn.text = std::move(text);
    return drawn;
}

constexpr Rect kWhole{0, 0, 200, 100};

}  // namespace

TEST_SUITE_BEGIN("app/figure/svg");

TEST_CASE("each shape is one element, text is text") {
    const std::string svg = write(make_figure({
        {drawn::Filled{{1, 2, 3, 4}, kInk, 2}, kWhole},
        {drawn::Outlined{{10, 10, 20, 20}, {10, 20, 30, 51}, 2, 4}, kWhole},
        {drawn::Line{{0, 0}, {5.25F, 5}, kInk, 1}, kWhole},
        {drawn::Curve{{0, 0}, {50, 20}, kInk, 1}, kWhole},
        {drawn::Triangle{{0, 0}, {1, 0}, {0, 1}, kInk}, kWhole},
        {text_of("he"), kWhole},
    }));
    CHECK(is_well_formed(svg));
    CHECK(count(svg,
                "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" rx=\"2\" fill=\"#0a141e\"/>") == 1);
    CHECK(count(svg,
                "<rect x=\"11\" y=\"11\" width=\"18\" height=\"18\" rx=\"3\" fill=\"none\" "
                "stroke=\"#0a141e\" stroke-opacity=\"0.2\" stroke-width=\"2\"/>") == 1);
    CHECK(count(svg, "<line x1=\"0\" y1=\"0\" x2=\"5.25\" y2=\"5\"") == 1);
    CHECK(count(svg, "<path d=\"M0,0C25,0 25,20 50,20\" fill=\"none\"") == 1);
    CHECK(count(svg, "<path d=\"M0,0L1,0 0,1Z\"") == 1);
    CHECK(count(svg, ">he</text>") == 1);
    CHECK(count(svg, "textLength=\"33.5\"") == 1);
    CHECK(count(svg, "font-family:Inter") == 1);
    CHECK(count(svg,
                "<title id=\"figure-title\">Layer 5 &lt;&amp; &quot;head&quot;&gt; 11</title>") ==
          1);
    CHECK(count(svg, "clip-path") == 0);
    CHECK(write(make_figure({})) == write(make_figure({})));
}

TEST_CASE("no token breaks the file") {
    for (const char* token : {"<script>", "a&b", "\"", "'", "]]>", "\x01\x02", "\xFF\xFE",
                              "\xEF\xBF\xBF", "\u4f60", "<!--", "&amp;", "a\nb"}) {
        CAPTURE(token);
        const std::string svg = write(make_figure({{text_of(token), kWhole}}));
        CHECK(is_well_formed(svg));
        CHECK(count(svg, "<text") == 1);
    }
    CHECK(escape_xml("a<b>&\"c\"") == "a&lt;b&gt;&amp;&quot;c&quot;");
    CHECK(escape_xml(std::string_view("\0x", 2)) == "\uFFFDx");
    CHECK(escape_xml("\xC3") == "\uFFFD");
    CHECK(escape_xml("\n") == "&#10;");
}

TEST_CASE("blanks that are shown are kept") {
    CHECK(count(write(make_figure({{text_of("a  b"), kWhole}})), "xml:space") == 1);
    CHECK(count(write(make_figure({{text_of("a b"), kWhole}})), "xml:space") == 0);
}

TEST_CASE("a turned text turns around its start") {
    drawn::Text text = text_of("dog");
    text.angle_rad = -0.78539816F;
    const std::string svg = write(make_figure({{text, kWhole}}));
    CHECK(count(svg, "transform=\"translate(10,20) rotate(-45)\"") == 1);
}

TEST_CASE("cells are rectangles as long as they are few, then one embedded picture") {
    const auto cells = [](int side) {
        const auto area = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
        drawn::Cells drawn{{0, 0, 100, 50}, side, side, {}};
        drawn.texels.assign(area, pack_rgba(kInk));
        return drawn;
    };
    const std::string few = write(make_figure({{cells(3), kWhole}}));
    CHECK(is_well_formed(few));
    CHECK(count(few, "<rect") == 9);
    CHECK(count(few, "width=\"33.333\" height=\"16.667\"") == 9);
    const std::string many = write(make_figure({{cells(100), kWhole}}));
    CHECK(is_well_formed(many));
    CHECK(count(many, "<rect") == 0);
    CHECK(count(many, "image-rendering:pixelated") == 1);
    CHECK(count(many, "data:image/png;base64,iVBORw0KGgo") == 1);
}

TEST_CASE("items with the same clip share one group") {
    const Rect clip{0, 0, 50, 50};
    const DrawnItem item{drawn::Filled{{40, 40, 20, 20}, kInk, 0}, clip};
    const std::string svg = write(make_figure({item, item, {text_of("a"), kWhole}, item}));
    CHECK(is_well_formed(svg));
    CHECK(count(svg, "<clipPath") == 1);
    CHECK(count(svg, "<g clip-path=\"url(#clip0)\">") == 2);
}

TEST_CASE("numbers are short and exact enough") {
    CHECK(svg_number(12) == "12");
    CHECK(svg_number(-0.25F) == "-0.25");
    CHECK(svg_number(-0.0001F) == "0");
    CHECK(svg_number(1.0F / 3) == "0.333");
    CHECK(svg_number(100) == "100");
}

TEST_CASE("base64 is that of RFC 4648") {
    CHECK(encode_base64("") == "");
    CHECK(encode_base64("f") == "Zg==");
    CHECK(encode_base64("fo") == "Zm8=");
    CHECK(encode_base64("foo") == "Zm9v");
    CHECK(encode_base64("foobar") == "Zm9vYmFy");
    CHECK(encode_base64("\xFF\xEF") == "/+8=");
}

TEST_SUITE_END();
