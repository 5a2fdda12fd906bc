#include "core/format/safetensors_index.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/base/error.h"
#include "tests/core/format/safetensors_bytes.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::make_entry;
using heed::test::make_safetensors;
using heed::test::message_of;
using heed::test::TempDir;

namespace fs = std::filesystem;

namespace {

constexpr const char* kIndex = "model.safetensors.index.json";

std::string refuse(std::string_view text) {
    return message_of([&] { (void)parse_safetensors_index(text, "m/index.json"); });
}

std::string refuse_folder(const fs::path& folder) {
    return message_of([&] { SafetensorsFolder weights(folder); });
}

// A file with one number under each of two names.
std::string make_pair(const std::string& first, const std::string& second) {
    return make_safetensors("{" + make_entry(first, "U8", "[1]", "[0,1]") + "," +
                                make_entry(second, "U8", "[1]", "[1,2]") + "}",
                            "\x01\x02");
}

}  // namespace

TEST_SUITE_BEGIN("core/safetensors index");

TEST_CASE("tensors are found over all shards, and those the index does not name are left out") {
    const TempDir folder;
    folder.write("s1.safetensors", make_pair("a", "b"));
    folder.write("s2.safetensors", make_pair("c", "unnamed"));
    folder.write(kIndex,
                 "{\"metadata\": {\"total_size\": 4}, \"weight_map\": {\"c\": \"s2.safetensors\", "
                 "\"a\": \"s1.safetensors\", \"b\": \"s1.safetensors\"}}");
    const SafetensorsFolder weights(folder.path());
    REQUIRE_EQ(weights.entries().size(), 3);
    CHECK_EQ(weights.entries()[0]->name, "c");
    CHECK_EQ(read_integers(*weights.find("b")), std::vector<std::int64_t>{2});
    CHECK_EQ(read_integers(*weights.find("c")), std::vector<std::int64_t>{1});
    CHECK_EQ(weights.find("unnamed"), nullptr);
    CHECK_EQ(weights.find("d"), nullptr);
    CHECK_EQ(weights.find("c")->file, (folder / "s2.safetensors").string());
    CHECK_EQ(weights.path(), (folder / kIndex).string());
}

TEST_CASE("model.safetensors alone is enough, and wins over an index") {
    const TempDir folder;
    folder.write("model.safetensors",
                 make_safetensors("{\"__metadata__\":{\"format\":\"pt\"}," +
                                      make_entry("a", "U8", "[1]", "[0,1]") + "}",
                                  "\x07"));
    folder.write(kIndex, "broken");
    const SafetensorsFolder weights(folder.path());
    CHECK_EQ(read_integers(*weights.find("a")), std::vector<std::int64_t>{7});
    CHECK_EQ(weights.metadata().at("format"), "pt");
    CHECK_EQ(weights.path(), (folder / "model.safetensors").string());
}

TEST_CASE("shards may be links, as in a download cache") {
    const TempDir folder;
    folder.write("blobs/0123", make_pair("a", "b"));
    fs::create_directories(folder / "snapshot");
    fs::create_symlink("../blobs/0123", folder / "snapshot/model.safetensors");
    CHECK_NE(SafetensorsFolder(folder / "snapshot").find("a"), nullptr);
}

TEST_CASE("an index entry that points outside the folder is refused") {
    for (const char* shard : {"../s.safetensors", "/etc/passwd", "sub/s.safetensors", "..", ".", "",
                              "s\\t.safetensors", "./s.safetensors", "s/", "a\\u0000b"}) {
        CAPTURE(shard);
        CHECK_EQ(find_flaw(refuse("{\"weight_map\":\n{\"w\": \"" +
                                  std::string(std::string_view(shard) == "s\\t.safetensors"
                                                  ? "s\\\\t.safetensors"
                                                  : shard) +
                                  "\"}}"),
                           {"m/index.json: line 2: weight_map.w",
                            "expected the name of a file in this folder", "found the string"}),
                 "");
    }
    CHECK_NOTHROW((void)parse_safetensors_index("{\"weight_map\": {\"w\": \"a..b\"}}", "x"));
}

TEST_CASE("an index of the wrong form is refused") {
    CHECK_EQ(find_flaw(refuse(""), {"m/index.json", "expected JSON", "an empty file"}), "");
    CHECK_EQ(find_flaw(refuse("<html>"), {"expected JSON", "a web page"}), "");
    CHECK_EQ(find_flaw(refuse("version https://git-lfs.github.com/spec/v1"), {"LFS pointer"}), "");
    CHECK_EQ(find_flaw(refuse("[]"), {"expected an object", "an array of 0"}), "");
    CHECK_EQ(find_flaw(refuse("{}"), {"m/index.json: weight_map", "found nothing"}), "");
    CHECK_EQ(find_flaw(refuse("{\"weight_map\": {}}"), {"weight_map", "found an object"}), "");
    CHECK_EQ(find_flaw(refuse("{\"weight_map\": null}"), {"weight_map", "found null"}), "");
    CHECK_EQ(find_flaw(refuse("{\"weight_map\": []}"), {"weight_map", "an array of 0"}), "");
    CHECK_EQ(find_flaw(refuse("{\"weight_map\": {\"w\": 1}}"), {"weight_map.w", "number 1"}), "");
    CHECK_EQ(find_flaw(refuse("{\"weight_map\": {\"w\": \"a\", \"w\": \"b\"}}"),
                       {"key \"w\"", "each key once"}),
             "");
    CHECK_EQ(find_flaw(refuse("{\"weight_map\": {\"\xFF\": \"a\"}}"), {"byte 17", "UTF-8"}), "");
}

TEST_CASE("an index cut off at any byte is refused") {
    const std::string text = "{\"weight_map\": {\"a\": \"s1\", \"b\": \"s2\"}}";
    CHECK_NOTHROW((void)parse_safetensors_index(text, "x"));
    for (std::size_t size = 0; size < text.size(); ++size) {
        CAPTURE(size);
        CHECK_EQ(find_flaw(refuse(text.substr(0, size)), {"m/index.json", "expected", "found"}),
                 "");
    }
}

TEST_CASE("a tensor that is not in its shard, and a shard that is not there, are refused") {
    const TempDir folder;
    folder.write("s1", make_pair("a", "b"));
    folder.write(kIndex, "{\"weight_map\": {\"a\": \"s1\", \"c\": \"s1\"}}");
    CHECK_EQ(find_flaw(refuse_folder(folder.path()),
                       {(folder / kIndex).string() + ": weight_map.c", "expected a tensor of s1",
                        "found no tensor of that name"}),
             "");
    folder.write(kIndex, "{\"weight_map\": {\"a\": \"s1\", \"c\": \"s2\"}}");
    CHECK_EQ(find_flaw(refuse_folder(folder.path()),
                       {(folder / "s2").string(), "expected a file that can be read", "found"}),
             "");
    folder.write("s2", "version https://git-lfs.github.com/spec/v1\n");
    CHECK_EQ(find_flaw(refuse_folder(folder.path()),
                       {(folder / "s2").string(), "a safetensors file", "a Git LFS pointer"}),
             "");
}

TEST_CASE("a folder without weights says what was looked for and what lies there") {
    const TempDir folder;
    const std::string expected = "expected model.safetensors or model.safetensors.index.json";
    CHECK_EQ(find_flaw(refuse_folder(folder.path()),
                       {folder.path().string(), expected, "found neither"}),
             "");
    folder.write("pytorch_model.bin", "x");
    CHECK_EQ(find_flaw(refuse_folder(folder.path()),
                       {expected, "pytorch_model.bin, a PyTorch pickle; heed reads safetensors"}),
             "");
    CHECK_EQ(find_flaw(refuse_folder(folder / "absent"), {"a model folder", "nothing there"}), "");
    CHECK_EQ(find_flaw(refuse_folder(folder / "pytorch_model.bin"), {"a model folder", "a file"}),
             "");
}

TEST_CASE("directories, named pipes and dead links in place of the files are refused") {
    const TempDir folder;
    fs::create_directory(folder / "model.safetensors");
    CHECK_EQ(find_flaw(refuse_folder(folder.path()), {"model.safetensors", "a directory"}), "");
    fs::remove(folder / "model.safetensors");
    REQUIRE_EQ(::mkfifo((folder / kIndex).c_str(), 0600), 0);
    CHECK_EQ(find_flaw(refuse_folder(folder.path()), {kIndex, "a named pipe"}), "");
    fs::create_symlink("gone", folder / "model.safetensors");
    CHECK_EQ(find_flaw(refuse_folder(folder.path()), {"model.safetensors", "No such file"}), "");
}

TEST_SUITE_END();
