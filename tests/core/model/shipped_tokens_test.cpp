// The tokenizers that ship, line by line against the tokenizers library: tests/data/shipped/tokens
// (tools/make_shipped_tokens.py).
#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/format/mapped_file.h"
#include "tests/core/model/case_folder.h"
#include "tests/support/checksum.h"
#include "tests/support/oracle.h"

namespace heed::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 8;  // of a line's checksum

fs::path tokens_folder() {
    return source_dir() / "tests" / "data" / "shipped" / "tokens";
}

Json read_file(const fs::path& path) {
    return parse_json(read_text_file(path, std::size_t{1} << 24), path.string());
}

std::vector<std::string> read_lines() {
    const fs::path path = tokens_folder() / "lines.jsonl";
    const std::string text = read_text_file(path, std::size_t{1} << 24);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        lines.push_back(parse_json(text.substr(at, end - at), path.string()).string);
        at = end + 1;
    }
    return lines;
}

// "12 7 3".
std::string tell_ids(const Encoding& encoding) {
    std::string told;
    for (const Token& token : encoding) {
        told += (told.empty() ? "" : " ") + std::to_string(token.id);
    }
    return told;
}

std::string tell_ids(const Json& ids) {
    std::string told;
    for (const Json& id : ids.array) told += (told.empty() ? "" : " ") + std::to_string(id.integer);
    return told;
}

// Of "id:begin-end" of each token, as the goldens have it.
std::string checksum(const Encoding& encoding) {
    std::string told;
    for (const Token& token : encoding) {
        if (!told.empty()) told += ' ';
        told += std::to_string(token.id) + ":" + std::to_string(token.begin) + "-" +
                std::to_string(token.end);
    }
    return fnv1a64(told).substr(0, kDigits);
}

// The first of `lines` that `tokenizer` splits otherwise than `facts` have it, with its ids; empty
// where there is none.
std::string find_other_line(const Tokenizer& tokenizer, const Json& facts,
                            const std::vector<std::string>& lines) {
    std::string sums;
    for (const Json& part : facts.find("checksums")->array) sums += part.string;
    if (sums.size() != lines.size() * kDigits) return "other lines: make the goldens again";
    const std::vector<Json>& whole = facts.find("ids")->array;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Encoding encoding = tokenizer.encode(lines[i], std::nullopt, true);
        if (checksum(encoding) == sums.substr(i * kDigits, kDigits)) continue;
        const std::string told = "line " + std::to_string(i + 1) + ", " + in_quotes(lines[i], 400) +
                                 ": " + tell_ids(encoding);
        return i < whole.size() ? told + ", expected " + tell_ids(whole[i]) : told;
    }
    return "";
}

TEST_SUITE_BEGIN("core/model/shipped-tokens");

TEST_CASE("the tokenizers that ship agree with the tokenizers library on 2,000 lines") {
    const std::vector<std::string> lines = read_lines();
    CHECK_EQ(lines.size(), 2000);
    int compared = 0;
    for (const fs::path& model : shipped_models()) {
        if (!fs::exists(model / "tokenizer.json")) continue;
        const std::string name = model.filename().string();
        CAPTURE(name);
        const fs::path path = tokens_folder() / (name + ".json");
        REQUIRE_MESSAGE(fs::exists(path), "run tools/make_shipped_tokens.py " << name);
        const Json facts = read_file(path);
        const MappedFile file(model / "tokenizer.json");
        CHECK_MESSAGE(facts.find("tokenizer")->string == fnv1a64(file.text()),
                      "of another tokenizer.json: run tools/make_shipped_tokens.py " << name);
        CHECK_EQ(find_other_line(*load_tokenizer(model), facts, lines), "");
        ++compared;
    }
    CHECK(compared >= 3);
}

TEST_CASE("a line that is split otherwise is named with both lists of ids") {
    std::vector<std::string> lines = read_lines();
    const Json facts = read_file(tokens_folder() / "echo.json");
    const auto tokenizer = load_tokenizer(assets_folder() / "models" / "echo");
    lines[2] += "z";
    CHECK_EQ(
        find_other_line(*tokenizer, facts, lines),
        "line 3, \"Bark is very cute and he is a dogz\": 0 2 1 18 11 9 19 22 5 18 25 3 21 20 5 "
        "1 14 4 8 5 9 19 1 4 15 7 26, expected 0 2 1 18 11 9 19 22 5 18 25 3 21 20 5 1 14 4 8 "
        "5 9 19 1 4 15 7");
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
