#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/format/atomic_file.h"
#include "core/format/mapped_file.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::message_of;
using heed::test::read_file;
using heed::test::TempDir;

namespace fs = std::filesystem;

namespace {

std::string refuse_to_map(const fs::path& path) {
    return message_of([&] { MappedFile file(path); });
}

int count_files(const TempDir& folder) {
    int count = 0;
    for (const auto& entry : fs::directory_iterator(folder.path())) count += entry.exists() ? 1 : 0;
    return count;
}

// Without root's rights for the length of a scope: root reads what nobody may.
class WithoutRoot {
  public:
    WithoutRoot() : was_(::geteuid()) {
        if (was_ == 0) REQUIRE_EQ(::seteuid(65534), 0);
    }
    ~WithoutRoot() { (void)!::seteuid(was_); }

  private:
    uid_t was_;
};

}  // namespace

TEST_SUITE_BEGIN("core/mapped file");

TEST_CASE("the bytes of a file are there, also of an empty one") {
    const TempDir folder;
    const std::string content("a\0b\n", 4);
    const MappedFile file(folder.write("x", content));
    CHECK_EQ(file.text(), content);
    CHECK_EQ(file.bytes().size(), 4);
    CHECK_EQ(file.path(), (folder / "x").string());
    CHECK_EQ(MappedFile(folder.write("empty", "")).bytes().size(), 0);
    CHECK_EQ(read_text_file(folder / "x", 4), content);
}

TEST_CASE("what is no readable file is refused by name, and a named pipe does not hang") {
    const TempDir folder;
    const std::string absent = (folder / "absent").string();
    CHECK_EQ(refuse_to_map(absent),
             absent + ": expected a file that can be read, found No such file or directory");
    CHECK_EQ(find_flaw(refuse_to_map(folder.path()),
                       {folder.path().string(), "expected a file", "found a directory"}),
             "");
    REQUIRE_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    CHECK_EQ(find_flaw(refuse_to_map(folder / "pipe"), {"expected a file, found a named pipe"}),
             "");
    CHECK_EQ(find_flaw(refuse_to_map("/dev/null"), {"/dev/null", "found a device"}), "");
    fs::create_symlink("loop", folder / "loop");
    CHECK_EQ(find_flaw(refuse_to_map(folder / "loop"), {"loop", "expected", "found"}), "");
}

TEST_CASE("a file that may not be read is refused") {
    const TempDir folder;
    const fs::path path = folder.write("secret", "x");
    REQUIRE_EQ(::chmod(folder.path().c_str(), 0755), 0);
    REQUIRE_EQ(::chmod(path.c_str(), 0), 0);
    std::string message;
    {
        const WithoutRoot scope;
        message = refuse_to_map(path);
    }
    CHECK_EQ(find_flaw(message, {path.string(), "expected a file that can be read",
                                 "found Permission denied"}),
             "");
}

TEST_CASE("a text file larger than allowed is refused with both sizes") {
    const TempDir folder;
    folder.write("x", "12345");
    CHECK_EQ(find_flaw(message_of([&] { (void)read_text_file(folder / "x", 4); }),
                       {(folder / "x").string(), "size", "at most 4 bytes", "5 bytes"}),
             "");
}

TEST_CASE("contents of other kinds are recognised, ours are not") {
    CHECK_EQ(recognise_wrong_content(""), "an empty file");
    CHECK_EQ(recognise_wrong_content("<!doctype HTML>"), "a web page");
    CHECK_EQ(recognise_wrong_content("\n\t <Html>"), "a web page");
    CHECK_EQ(recognise_wrong_content("<?xml version='1.0'?>"), "an XML document");
    CHECK_EQ(recognise_wrong_content("version https://git-lfs.github.com/spec/v1"),
             "a Git LFS pointer");
    CHECK_EQ(recognise_wrong_content("PK\x03\x04..."), "a ZIP archive");
    CHECK_EQ(recognise_wrong_content("GGUF\x03"), "a GGUF file");
    CHECK_EQ(recognise_wrong_content("\x1f\x8b\x08"), "a gzip file");
    for (const char* ours :
         {"{\"a\": 1}", "[PAD]\n[UNK]\n", "#version: 0.2\ni n\n", " \n", "<htm"}) {
        CHECK_EQ(recognise_wrong_content(ours), "");
    }
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("core/atomic file");

TEST_CASE("the file appears with finish and not before") {
    const TempDir folder;
    const fs::path path = folder.write("x", "old");
    {
        AtomicFile file(path);
        file.write("new ");
        file.write("content");
        CHECK_EQ(file.size(), 11);
        CHECK_EQ(read_file(path), "old");
        file.finish();
    }
    CHECK_EQ(read_file(path), "new content");
    CHECK_EQ(count_files(folder), 1);
}

TEST_CASE("without finish nothing is left behind") {
    const TempDir folder;
    const fs::path path = folder.write("x", "old");
    {
        AtomicFile file(path);
        file.write(std::string(200'000, 'n'));
        AtomicFile second(path);
    }
    CHECK_EQ(read_file(path), "old");
    CHECK_EQ(count_files(folder), 1);
}

TEST_CASE("small and large pieces come out in order, and earlier bytes can be replaced") {
    const TempDir folder;
    std::string expected;
    AtomicFile file(folder / "x");
    for (const std::size_t size : {1u, 70'000u, 65'535u, 1u, 2u, 65'536u, 0u, 131'072u, 5u}) {
        const std::string piece(size, static_cast<char>('a' + expected.size() % 26));
        file.write(piece);
        expected += piece;
    }
    for (const std::size_t at : {std::size_t{0}, std::size_t{70'000}, expected.size() - 3}) {
        file.write_at(at, "XYZ");
        expected.replace(at, 3, "XYZ");
    }
    file.write("end");
    CHECK_THROWS_AS(file.write_at(file.size() - 2, "XYZ"), Bug);
    file.finish();
    CHECK(read_file(folder / "x") == expected + "end");
}

TEST_CASE("places where no file can be are refused, and pipes and devices are left alone") {
    const TempDir folder;
    REQUIRE_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    CHECK_EQ(find_flaw(message_of([&] { write_file_atomically(folder / "no" / "x", "1"); }),
                       {"no/x", "expected a file that can be written", "No such file"}),
             "");
    CHECK_EQ(find_flaw(message_of([&] { write_file_atomically(folder.path(), "1"); }),
                       {folder.path().string(), "expected a file to write", "a directory"}),
             "");
    CHECK_EQ(find_flaw(message_of([&] { write_file_atomically(folder / "pipe", "1"); }),
                       {"pipe", "a named pipe"}),
             "");
    CHECK_EQ(find_flaw(message_of([&] { write_file_atomically("/dev/null", "1"); }), {"a device"}),
             "");
    CHECK_EQ(count_files(folder), 1);
    CHECK(fs::is_fifo(folder / "pipe"));
}

TEST_SUITE_END();
