#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/app/cli/run_heed.h"
#include "tests/support/oracle.h"
#include "tests/support/temp_dir.h"

using heed::test::HeedRun;
using heed::test::read_file;
using heed::test::run_heed;
using heed::test::split_lines;
using heed::test::TempDir;
using nlohmann::json;

namespace {

const std::string kBark = "Bark is very cute and he is a dog";

HeedRun figure(const std::string& view, const std::string& out,
               std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"figure", view, "-m", "words", "--text", kBark, "-o", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_heed(arguments);
}

void check_refused(const HeedRun& run, const std::string& part) {
    CAPTURE(run.err);
    CHECK(run.status == 1);
    CHECK(run.out == "");
    CHECK(split_lines(run.err).size() == 1);
    CHECK(run.err.find(part) != std::string::npos);
}

// Big-endian, as PNG has it.
unsigned png_side(const std::string& bytes, std::size_t at) {
    unsigned side = 0;
    for (std::size_t i = 0; i < 4; ++i)
        side = side << 8 | static_cast<unsigned char>(bytes[at + i]);
    return side;
}

}  // namespace

TEST_SUITE_BEGIN("app/cli/figure");

TEST_CASE("any attention of an encoder-decoder becomes a figure") {
    const TempDir folder;
    const std::string out = (folder / "f.csv").string();
    const auto model = heed::test::source_dir() / "tests/data/families/generators/bart";
    const auto rows = [&](const std::string& site) {
        const HeedRun run = run_heed({"figure", "attention", "-m", model.string(), "--ids", "4,9,2",
                                      "--target-ids", "3,12", "--site", site, "-o", out, "--json"});
        REQUIRE(run.status == 0);
        const json told = json::parse(run.out);
        return std::pair<int, int>(told["rows"], told["columns"]);
    };
    CHECK(rows("encoder") == std::pair(3, 3));
    CHECK(rows("decoder") == std::pair(2, 2));
    CHECK(rows("cross") == std::pair(2, 3));
    check_refused(figure("attention", out, {"--site", "cross"}), "--site");
}

TEST_CASE("a view becomes SVG, PDF and PNG without a window") {
    const TempDir folder;
    const std::string base = (folder / "f").string();
    CHECK(figure("attention", base + ".svg").status == 0);
    const std::string svg = read_file(base + ".svg");
    CHECK(svg.find("<svg ") != std::string::npos);
    CHECK(svg.find(">dog</text>") != std::string::npos);
    CHECK(figure("attention", base + ".pdf").status == 0);
    CHECK(read_file(base + ".pdf").substr(0, 5) == "%PDF-");
    const HeedRun png = figure("attention", base + ".png",
                               {"--id", "view/attention", "--size", "640x480", "--scale", "2",
                                "--theme", "dark", "--json"});
    CHECK(png.status == 0);
    const json told = json::parse(png.out);
    CHECK(told["width"] == 1280);
    CHECK(told["height"] == 960);
    CHECK(told["figure"] == "view/attention");
    const std::string bytes = read_file(base + ".png");
    CHECK(png_side(bytes, 16) == 1280);
    CHECK(png_side(bytes, 20) == 960);
}

TEST_CASE("the same call makes the same file") {
    const TempDir folder;
    for (const char* ending : {"svg", "pdf", "png"}) {
        const std::string a = (folder / "a.").string() + ending;
        const std::string b = (folder / "b.").string() + ending;
        REQUIRE(figure("stages", a).status == 0);
        REQUIRE(figure("stages", b).status == 0);
        CHECK(read_file(a) == read_file(b));
    }
}

TEST_CASE("what cannot be a figure is told in one line") {
    const TempDir folder;
    const std::string svg = (folder / "f.svg").string();
    check_refused(figure("atention", svg), "attention, heads");
    check_refused(figure("attention", (folder / "f.jpeg").string()), ".svg, .png, .pdf");
    check_refused(figure("attention", svg, {"--id", "view/attention/none"}), "view/attention");
    check_refused(figure("attention", svg, {"--size", "900"}), "WIDTHxHEIGHT");
    check_refused(figure("attention", svg, {"--size", "9x90000"}), "WIDTHxHEIGHT");
    check_refused(figure("attention", svg, {"--theme", "pink"}), "--theme");
    check_refused(figure("attention", svg, {"--ground", "pink"}), "--ground");
    check_refused(figure("attention", svg, {"--layer", "99"}), "--layer");
    check_refused(figure("attention", svg, {"--head", "99"}), "--head");
    check_refused(figure("attention", svg, {"--query", "99"}), "--query");
    check_refused(figure("attention", svg, {"--ask", "embed[0]"}), "embed");
    check_refused(figure("attention", svg, {"--set", "attention"}), "OPTION=VALUE");
    check_refused(figure("attention", svg, {"--set", "attention.nothing=1"}), "attention.nothing");
    check_refused(figure("attention", "/nowhere/f.svg"), "/nowhere");
    CHECK(!std::filesystem::exists(svg));
}

TEST_CASE("wrong usage of figure ends with status 2") {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"figure"},
          {"figure", "attention"},
          {"figure", "attention", "-m", "words", "--text", "a"},
          {"figure", "attention", "-o", "f.svg"},
          {"figure", "attention", "-m", "words", "--text", "a", "-o", "f.png", "--scale", "99"}}) {
        const HeedRun run = run_heed(arguments);
        CHECK(run.status == 2);
        CHECK(run.out == "");
    }
}

TEST_CASE("--list names every view and its figures") {
    const HeedRun run = run_heed({"figure", "--list", "--json"});
    REQUIRE(run.status == 0);
    const json views = json::parse(run.out)["views"];
    CHECK(views.size() >= 7);
    for (const json& view : views) {
        CAPTURE(view["name"]);
        REQUIRE(!view["figures"].empty());
        const std::string whole = "view/" + view["name"].get<std::string>();
        CHECK(view["figures"].back()["id"] == whole);
        for (const json& listed : view["figures"]) {
            CHECK(listed["id"].get<std::string>().rfind(whole, 0) == 0);
        }
    }
}

TEST_CASE("tokens of any script come through") {
    const TempDir folder;
    for (const char* text : {"<b> & \"quotes\"", "\u4f60\u597d", "\u0645\u0631\u062d\u0628\u0627",
                             "\U0001F436 dog", "a"}) {
        CAPTURE(text);
        for (const char* ending : {"svg", "pdf", "png"}) {
            const std::string file = (folder / "f.").string() + ending;
            const HeedRun run =
                run_heed({"figure", "attention", "-m", "stories", "--text", text, "-o", file});
            INFO(run.err);
            CHECK(run.status == 0);
            CHECK(read_file(file).size() > 1000);
        }
    }
}

TEST_SUITE_END();
