#include "core/format/npz.h"

#include <doctest/doctest.h>

#include <cstring>
#include <map>

#include "core/base/check.h"
#include "core/base/error.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::message_of;
using heed::test::read_file;
using heed::test::TempDir;

namespace {

// CRC-32 bit by bit.
std::uint32_t crc_by_definition(std::string_view bytes) {
    std::uint32_t crc = ~0u;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) crc = crc % 2 == 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }
    return ~crc;
}

// A small reader of archives of stored members, as the ZIP specification tells it.
class ZipReader {
  public:
    explicit ZipReader(std::string bytes) : bytes_(std::move(bytes)) {
        const std::size_t end = bytes_.rfind("PK\x05\x06");
        REQUIRE_NE(end, std::string::npos);
        REQUIRE_EQ(end + 22, bytes_.size());
        std::uint64_t count = get(end + 10, 2);
        std::uint64_t at = get(end + 16, 4);
        if (at == 0xFFFFFFFF || count == 0xFFFF) {
            REQUIRE_EQ(bytes_.compare(end - 20, 4, "PK\x06\x07"), 0);
            const std::uint64_t wide = get(end - 12, 8);
            REQUIRE_EQ(bytes_.compare(wide, 4, "PK\x06\x06"), 0);
            count = get(wide + 32, 8);
            CHECK_EQ(get(wide + 24, 8), count);
            CHECK_EQ(get(wide + 40, 8) + get(wide + 48, 8), wide);
            at = get(wide + 48, 8);
        }
        for (std::uint64_t i = 0; i < count; ++i) at = read_member(at);
    }

    const std::map<std::string, std::string>& members() const { return members_; }

  private:
    std::uint64_t get(std::size_t at, int bytes) const {
        std::uint64_t value = 0;
        std::memcpy(&value, bytes_.data() + at, static_cast<std::size_t>(bytes));
        return value;
    }

    // Reads the entry of the directory at `at`; returns where the next begins.
    std::uint64_t read_member(std::uint64_t at) {
        REQUIRE_EQ(bytes_.compare(at, 4, "PK\x01\x02"), 0);
        const std::uint64_t name_bytes = get(at + 28, 2);
        const std::uint64_t extra_bytes = get(at + 30, 2);
        const std::string name = bytes_.substr(at + 46, name_bytes);
        std::uint64_t size = get(at + 24, 4);
        std::uint64_t local = get(at + 42, 4);
        if (size == 0xFFFFFFFF) {
            const std::uint64_t extra = at + 46 + name_bytes;
            REQUIRE_EQ(get(extra, 2), 1);
            size = get(extra + 4, 8);
            local = get(extra + 20, 8);
        }
        REQUIRE_EQ(bytes_.compare(local, 4, "PK\x03\x04"), 0);
        CHECK_EQ(get(local + 6, 2) & 0x800, 0x800);
        CHECK_EQ(get(local + 8, 2), 0);
        CHECK_EQ(get(local + 14, 4), get(at + 16, 4));
        CHECK_EQ(bytes_.substr(local + 30, name_bytes), name);
        const std::uint64_t begin = local + 30 + name_bytes + get(local + 28, 2);
        const std::string content = bytes_.substr(begin, size);
        CHECK_EQ(crc_by_definition(content), get(at + 16, 4));
        CHECK(members_.emplace(name, content).second);
        return at + 46 + name_bytes + extra_bytes;
    }

    std::string bytes_;
    std::map<std::string, std::string> members_;
};

// Checks an .npy file and returns its shape as it is written there; the numbers go to `values`.
std::string read_npy(const std::string& file, std::vector<float>& values) {
    REQUIRE_EQ(file.compare(0, 8, std::string_view("\x93NUMPY\x01\x00", 8)), 0);
    std::uint16_t header_bytes = 0;
    std::memcpy(&header_bytes, file.data() + 8, 2);
    CHECK_EQ((10 + header_bytes) % 64, 0);
    const std::string header = file.substr(10, header_bytes);
    CHECK_EQ(header.back(), '\n');
    CHECK_NE(header.find("'descr': '<f4'"), std::string::npos);
    CHECK_NE(header.find("'fortran_order': False"), std::string::npos);
    const std::string data = file.substr(10u + header_bytes);
    values.resize(data.size() / sizeof(float));
    std::memcpy(values.data(), data.data(), data.size());
    const std::size_t open = header.find('(');
    return header.substr(open, header.find(')') + 1 - open);
}

}  // namespace

TEST_SUITE_BEGIN("core/npz");

TEST_CASE("arrays, names and shapes come out as they went in, with and without 64-bit fields") {
    for (const bool force_zip64 : {false, true}) {
        CAPTURE(force_zip64);
        const TempDir folder;
        const std::vector<float> numbers{0.5f, -1, 2, 3, 4, 1e-30f};
        NpzWriter writer(folder / "t.npz", force_zip64);
        writer.begin_array("blocks.0.attn.q", {1, 2, 3});
        writer.append(std::span(numbers).first(4));
        writer.append(std::span(numbers).subspan(4));
        writer.begin_array("a/logits\xC3\xA9", {6});
        writer.append(numbers);
        writer.begin_array("none", {0, 3});
        writer.begin_array("one", {});
        writer.append(std::span(numbers).first(1));
        writer.finish();

        const ZipReader zip(read_file(folder / "t.npz"));
        REQUIRE_EQ(zip.members().size(), 4);
        std::vector<float> got;
        CHECK_EQ(read_npy(zip.members().at("blocks.0.attn.q.npy"), got), "(1, 2, 3, )");
        CHECK(got == numbers);
        CHECK_EQ(read_npy(zip.members().at("a/logits\xC3\xA9.npy"), got), "(6, )");
        CHECK(got == numbers);
        CHECK_EQ(read_npy(zip.members().at("none.npy"), got), "(0, 3, )");
        CHECK(got.empty());
        CHECK_EQ(read_npy(zip.members().at("one.npy"), got), "()");
        CHECK_EQ(got.at(0), 0.5f);
    }
}

TEST_CASE("more than 65,535 arrays are all there") {
    const TempDir folder;
    NpzWriter writer(folder / "t.npz");
    for (int i = 0; i < 65'540; ++i) writer.begin_array(std::to_string(i), {0});
    writer.finish();
    const std::string bytes = read_file(folder / "t.npz");
    CHECK_EQ(bytes.compare(bytes.size() - 22 + 10, 2, "\xFF\xFF"), 0);
    CHECK_EQ(bytes.compare(bytes.size() - 22 - 20, 4, "PK\x06\x07"), 0);
    std::uint64_t count = 0;
    std::memcpy(&count, bytes.data() + bytes.size() - 22 - 20 - 56 + 32, 8);
    CHECK_EQ(count, 65'540);
}

TEST_CASE("an archive without arrays is valid") {
    const TempDir folder;
    NpzWriter writer(folder / "t.npz");
    writer.finish();
    CHECK(ZipReader(read_file(folder / "t.npz")).members().empty());
}

TEST_CASE("too few or too many numbers are bugs, and then no file appears") {
    const TempDir folder;
    const std::vector<float> numbers{1, 2, 3};
    {
        NpzWriter writer(folder / "t.npz");
        writer.begin_array("a", {2});
        CHECK_THROWS_AS(writer.append(numbers), Bug);
        CHECK_THROWS_AS(writer.begin_array("b", {1}), Bug);
        CHECK_THROWS_AS(writer.finish(), Bug);
        CHECK_THROWS_AS(NpzWriter(folder / "u.npz").begin_array("c", {-1}), Bug);
    }
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a place where no file can be is an error of one line") {
    const TempDir folder;
    CHECK_EQ(find_flaw(message_of([&] { NpzWriter writer(folder / "no" / "t.npz"); }),
                       {"no/t.npz", "expected a file that can be written", "found"}),
             "");
}

TEST_SUITE_END();
