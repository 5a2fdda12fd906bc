// Opening what lies in folders: the lists, the sheet that walks them, what is dropped.
#include "app/window/file_chooser.h"

#include <doctest/doctest.h>

#include "tests/app/window/play.h"
#include "tests/support/oracle.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;
using heed::test::find_flaw;
using heed::test::TempDir;

namespace fs = std::filesystem;

namespace {

constexpr const char* kSheet = R"({"name": "two words", "tokens": ["a", "b"],
                                   "vectors": [[1, 0], [0, 1]]})";

// A folder with one thing of each kind.
struct Files {
    Files() {
        for (const char* folder : {"Zoo", "apes", ".git", "model"}) {
            fs::create_directories(root.path() / folder);
        }
        root.write("model/config.json", "{}");
        root.write("model/model.safetensors", "x");
        root.write("model/tokenizer.json", R"({"tokens": 1})");
        root.write("b.gguf", "GGUF");
        root.write("Cat.PNG", "png");
        root.write("sheet.json", kSheet);
        root.write("other.json", R"({"a": 1})");
        root.write("run.safetensors", "x");
        root.write("notes.txt", "x");
        root.write(".hidden.gguf", "GGUF");
    }
    FileList list(bool with_hidden = false) const {
        return list_files(root.path(), with_hidden, CancelToken());
    }
    TempDir root;
};

std::vector<std::string> names_of(const FileList& list) {
    std::vector<std::string> names;
    for (const FileEntry& entry : list.entries) names.push_back(entry.name);
    return names;
}

std::vector<std::string> found_by(const FileList& list, const std::string& text) {
    std::vector<std::string> names;
    for (const std::size_t place : find_files(list, read_file_query(text))) {
        names.push_back(list.entries[place].name);
    }
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_SUITE_BEGIN("app/window/file_chooser");

TEST_CASE("a folder lists folders, then what heed opens, each by name and with its kind") {
    const Files files;
    const FileList list = files.list();
    CHECK(names_of(list) == Names{"..", "apes", "model", "Zoo", "b.gguf", "Cat.PNG",
                                  "run.safetensors", "sheet.json"});
    const FileKind kinds[] = {FileKind::kFolder, FileKind::kFolder,   FileKind::kModel,
                              FileKind::kFolder, FileKind::kGguf,     FileKind::kPicture,
                              FileKind::kTrace,  FileKind::kWorksheet};
    for (std::size_t i = 0; i < list.entries.size(); ++i) {
        CAPTURE(list.entries[i].name);
        CHECK(list.entries[i].kind == kinds[i]);
    }
    CHECK(list.entries[4].bytes == 4);
    CHECK(names_of(files.list(true)) == Names{"..", ".git", "apes", "model", "Zoo", ".hidden.gguf",
                                              "b.gguf", "Cat.PNG", "run.safetensors",
                                              "sheet.json"});
    const FileList model = list_files(files.root.path() / "model", false, CancelToken());
    CHECK(names_of(model) == Names{".", "..", "model.safetensors"});
    CHECK(model.entries[0].is_opened());
    CHECK(model.entries[2].kind == FileKind::kModel);
    CHECK(list_files(files.root.path() / "nothing", false, CancelToken()).problem != "");
    CHECK(names_of(list_files("/", false, CancelToken())).front() != "..");
}

TEST_CASE("letters look for names, a path for beginnings") {
    const Files files;
    const FileList list = files.list();
    const std::string root = files.root.path().string() + "/";
    CHECK(found_by(list, "").size() == list.entries.size());
    CHECK(found_by(list, "zoo") == Names{"Zoo"});
    CHECK(found_by(list, "nothing").empty());
    CHECK(found_by(list, root + "m") == Names{"model"});
    CHECK(found_by(list, root + "o").empty());
    CHECK(read_file_query(root + "m").folder.string() + "/" == root);
    CHECK(read_file_query("/").folder == "/");
    CHECK(read_file_query("/et").folder == "/");
    CHECK(read_file_query("/et").letters == "et");
    CHECK_FALSE(read_file_query("et/c").is_path);
    CHECK(read_file_query("~").is_path);
}

TEST_CASE("a path is completed as far as all that it may mean agree") {
    const Files files;
    const FileList list = files.list();
    const std::string root = files.root.path().string() + "/";
    CHECK(complete_path(root + "m", list) == root + "model/");
    CHECK(complete_path(root + "S", list) == root + "sheet.json");
    CHECK(complete_path(root + "x", list) == root + "x");
    CHECK(complete_path(root, list) == root);
    CHECK(complete_path("~", list) == "~/");
    CHECK(complete_path("model", list) == "model");
    const TempDir other;
    other.write("caf\u00e9-1.gguf", "GGUF");
    other.write("caf\u00ea-2.gguf", "GGUF");
    const std::string start = other.path().string() + "/";
    CHECK(complete_path(start + "c", list_files(other.path(), false, CancelToken())) ==
          start + "caf");
}

TEST_CASE("the sheet opens with Ctrl+O, walks by keys, looks for letters and opens with Enter") {
    const Files files;
    Play stage;
    const std::string root = files.root.path().string();
    stage.run("open words\nwait\ndo open-file " + root + "\nwait");
    CHECK(find_item(stage.dump(), "files/folder")->find("text")->string == root);
    CHECK(find_item(stage.dump(), "files/entry[1]")->find("text")->string == "apes, folder");
    // Into a folder and back to where it was.
    stage.run("key Enter\nwait\nexpect files/folder text = " + root + "/apes");
    stage.run("expect files/none text contains Nothing\nkey Backspace\nwait");
    CHECK(find_item(stage.dump(), "files/folder")->find("text")->string == root);
    stage.run("key Ctrl+H\nwait\nexpect files/entry[1] text contains .git");
    stage.run("key Ctrl+H\nwait\ntype shee\nwait");
    stage.run("expect files/entry[0] text contains worksheet");
    stage.run("key Enter\nwait");
    CHECK(find_item(stage.dump(), "files/query") == nullptr);
    REQUIRE(stage.document().model() != nullptr);
    CHECK(stage.document().model()->summary().name == "two words");
    CHECK(stage.program().last_place() == root);
    // The next time it begins there.
    stage.run("key Ctrl+O\nwait\nexpect files/folder text = " + root);
    stage.run("key Escape\nwait");
    CHECK(find_item(stage.dump(), "files/query") == nullptr);
    CHECK(stage.screen.take_gl_errors().empty());
}

TEST_CASE("a path that is written is gone to, completed and opened") {
    const Files files;
    Play stage;
    const std::string root = files.root.path().string();
    stage.run("open words\nwait\nkey Ctrl+O\nwait\ntype \"" + root + "/mo\"\nwait\nkey Tab\nwait");
    CHECK(find_item(stage.dump(), "files/query")->find("text")->string == root + "/model/");
    stage.run("expect files/folder text = " + root + "/model");
    stage.run("key Ctrl+A\nwait\ntype \"" + root + "/sheet.json\"\nwait\nkey Enter\nwait");
    CHECK(stage.document().model()->summary().name == "two words");
}

TEST_CASE("what cannot be opened is told, and what was shown stays") {
    const Files files;
    Play stage;
    stage.run("open words\nwait\ndo open-file " + files.root.path().string() + "\nwait");
    stage.run("type b.gg\nwait\nkey Enter\nwait");
    CHECK(find_flaw(stage.document().error(), {"b.gguf", "version"}) == "");
    CHECK(stage.document().model()->summary().name == "words");
    CHECK(find_flaw(stage.refusal("do open-file a b"), {"at most one folder"}) == "");
}

TEST_CASE("what is dropped onto the window is opened") {
    const Files files;
    Play stage;
    stage.run("open words\nwait\nkey Ctrl+O\nwait");
    stage.program().open_dropped({});
    CHECK(find_item(stage.dump(), "files/query") != nullptr);
    stage.program().open_dropped({(files.root / "sheet.json").string()});
    stage.run("wait");
    CHECK(find_item(stage.dump(), "files/query") == nullptr);
    CHECK(stage.document().model()->summary().name == "two words");
    const fs::path model = heed::test::source_dir() / "assets/models/stories";
    stage.program().open_dropped({model.string()});
    stage.run("wait");
    CHECK(stage.document().model()->summary().name == "stories");
}

TEST_SUITE_END();
