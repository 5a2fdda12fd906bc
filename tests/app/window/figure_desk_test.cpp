// What a person does with pictures in the running program.
#include "app/window/figure_desk.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <filesystem>
#include <map>

#include "app/window/save_sheet.h"
#include "tests/app/window/play.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;
using heed::test::find_flaw;
using heed::test::read_file;
using heed::test::TempDir;

namespace {

class KeptClipboard final : public PictureClipboard {
  public:
    explicit KeptClipboard(std::map<std::string, std::string>& kept) : kept_(kept) {}
    void offer(std::vector<ClipboardForm> forms) override {
        kept_.clear();
        for (ClipboardForm& form : forms) kept_[form.type] = std::move(form.bytes);
    }

  private:
    std::map<std::string, std::string>& kept_;
};

constexpr const char* kOpen = "open words\ntext \"Bark is very cute and he is a dog\"\nwait\n";

}  // namespace

TEST_SUITE_BEGIN("app/window/figure_desk");

TEST_CASE("a picture of the screen is saved in the form that its name says") {
    Play stage;
    const TempDir folder;
    for (const char* ending : {"svg", "png", "pdf"}) {
        const std::string file = (folder / "f.").string() + ending;
        stage.run(kOpen + ("do save-figure " + file));
        CHECK(read_file(file).size() > 1000);
        const std::vector<std::string>& notes = stage.screen.program().document().notes();
        REQUIRE(notes.size() == 1);
        CHECK(notes.front().find(file) != std::string::npos);
    }
    CHECK(read_file(folder / "f.svg").find(">dog</text>") != std::string::npos);
    const std::string named = (folder / "heads.svg").string();
    stage.run("do save-figure " + named + " view/heads");
    CHECK(read_file(named).find("<svg") != std::string::npos);
    CHECK(stage.screen.take_gl_errors().empty());
}

TEST_CASE("what cannot be saved is told, and nothing is written") {
    Play stage;
    const TempDir folder;
    stage.run(kOpen);
    const std::string base = (folder / "f").string();
    CHECK(find_flaw(stage.refusal("do save-figure " + base + ".jpeg"), {".svg, .png"}) == "");
    CHECK(find_flaw(stage.refusal("do save-figure " + base + ".csv"), {".svg, .png or .pdf"}) ==
          "");
    CHECK(find_flaw(stage.refusal("do save-numbers " + base + ".svg"), {".csv or .npy"}) == "");
    CHECK(find_flaw(stage.refusal("do save-figure " + base + ".svg view/none"), {"view/none"}) ==
          "");
    CHECK(find_flaw(stage.refusal("do save-figure /nowhere/at/all/f.svg"), {"/nowhere/at/all"}) ==
          "");
    CHECK(find_flaw(stage.refusal("do save-figure"), {"a file's name"}) == "");
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a copied picture is offered as PNG and SVG, or as text where there is no room for it") {
    Play stage;
    std::map<std::string, std::string> kept;
    stage.run(kOpen + std::string("do copy-figure"));
    CHECK(std::string(ImGui::GetClipboardText()).find("<svg") != std::string::npos);
    stage.screen.program().set_clipboard(std::make_unique<KeptClipboard>(kept));
    stage.run("do copy-figure");
    REQUIRE(kept.size() == 2);
    CHECK(kept["image/png"].substr(1, 3) == "PNG");
    CHECK(kept["image/svg+xml"].find("<svg") != std::string::npos);
    kept.clear();
    stage.run("key Ctrl+Shift+C");
    CHECK(kept.size() == 2);
}

TEST_CASE("saved pictures follow their options, and the screen stays as it is") {
    Play stage;
    const TempDir folder;
    const std::string file = (folder / "f.svg").string();
    const auto saved = [&](const std::string& steps) {
        stage.run(steps + "\ndo save-figure " + file);
        return read_file(file);
    };
    saved(kOpen);  // from now on a line tells where it was saved
    const std::string light = saved("wait");
    const std::string dark = saved("theme dark\nwait");
    CHECK(light != dark);
    CHECK(saved("do set figure.colours light") == light);
    const std::string bare = saved("do set figure.ground none");
    CHECK(bare.size() < light.size());
    CHECK(stage.screen.program().theme().is_dark());
}

TEST_CASE("a name for a file is safe and tells what is in it") {
    Play stage;
    stage.run(kOpen + std::string("do layer 2\ndo head 1"));
    JobThread jobs([] {});
    const FigureDesk desk(stage.screen.program().document(), jobs);
    CHECK(desk.suggest_name("view/attention/heatmap", FigureFormat::kSvg) ==
          "heed-words-attention-heatmap-L2H1.svg");
    CHECK(desk.suggest_name("view/heads", FigureFormat::kNpy) == "heed-words-heads-L2H1.npy");
}

TEST_CASE("the sheet saves where it is told to, and asks before it replaces a file") {
    Play stage;
    const TempDir folder;
    const std::string file = (folder / "f.svg").string();
    stage.run(kOpen +
              std::string("key Ctrl+Shift+S\nexpect save/title text = \"Save the picture\""));
    stage.run("expect save/path text contains \"heed-words-attention\"");
    stage.run("key Ctrl+A\ntype \"" + file + "\"\nexpect save/path text = \"" + file + "\"");
    stage.run("key Enter\nwait");
    CHECK(read_file(file).find("<svg") != std::string::npos);
    CHECK(find_item(stage.dump(), "save/title") == nullptr);
    // A second time.
    stage.run("do save-figure-as\nkey Ctrl+A\ntype \"" + file + "\"\nclick save/save");
    stage.run("expect save/problem text contains Replace\nclick save/save\nwait");
    CHECK(find_item(stage.dump(), "save/title") == nullptr);
    // A form is chosen by pressing, a folder that is not there is told, Esc leaves.
    stage.run("do save-figure-as\nclick save/format/png\nexpect save/path text contains .png");
    stage.run("key Ctrl+A\ntype \"/nowhere/at/all/f.png\"\nkey Enter");
    stage.run("expect save/problem text contains \"no folder /nowhere/at/all\"\nkey Esc\nwait");
    CHECK(find_item(stage.dump(), "save/title") == nullptr);
    CHECK(stage.screen.take_gl_errors().empty());
}

TEST_CASE("a path is judged before anything is written") {
    const TempDir folder;
    const std::filesystem::path there = folder.write("there.svg", "x");
    CHECK(find_obstacle(folder / "new.svg", "") == "");
    CHECK(find_obstacle(there, "").find("Replace") != std::string::npos);
    CHECK(find_obstacle(there, there.string()) == "");
    CHECK(find_obstacle(folder / "new.jpeg", "").find(".svg") != std::string::npos);
    CHECK(find_obstacle(folder.path() / "", "").find("name") != std::string::npos);
    CHECK(find_obstacle(folder / "none" / "a.svg", "").find("no folder") != std::string::npos);
    CHECK(with_format("a/b.svg", FigureFormat::kPng) == "a/b.png");
    CHECK(with_format("a/b.2", FigureFormat::kPdf) == "a/b.2.pdf");
}

TEST_SUITE_END();
