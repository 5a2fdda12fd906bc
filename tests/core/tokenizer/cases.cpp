#include "tests/core/tokenizer/cases.h"

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "tests/support/oracle.h"

namespace heed::test {
namespace {

TokenizerCase read_case(const Json& json) {
    TokenizerCase c;
    c.text = json.find("text")->string;
    if (const Json* pair = json.find_non_null("pair")) c.pair = pair->string;
    c.add_special = json.find("add_special")->boolean;
    for (const Json& id : json.find("ids")->array) c.ids.push_back(static_cast<int>(id.integer));
    if (const Json* pieces = json.find_non_null("tokens")) {
        c.pieces.emplace();
        for (const Json& piece : pieces->array) c.pieces->push_back(piece.string);
    }
    if (const Json* offsets = json.find_non_null("offsets")) {
        c.offsets.emplace();
        for (const Json& span : offsets->array) {
            c.offsets->emplace_back(span.array.at(0).integer, span.array.at(1).integer);
        }
    }
    if (const Json* type_ids = json.find_non_null("type_ids")) {
        c.type_ids.emplace();
        for (const Json& id : type_ids->array) c.type_ids->push_back(static_cast<int>(id.integer));
    }
    c.decoded = json.find("decoded")->string;
    return c;
}

std::string describe(int id, const std::string& piece, std::size_t begin, std::size_t end,
                     int type_id) {
    return std::to_string(id) + " " + in_quotes(piece) + " [" + std::to_string(begin) + ", " +
           std::to_string(end) + ") type " + std::to_string(type_id);
}

}  // namespace

std::vector<TokenizerCase> read_cases(const std::filesystem::path& path) {
    const std::string text = read_text_file(path, std::size_t{64} << 20);
    std::vector<TokenizerCase> cases;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = text.find('\n', at);
        cases.push_back(read_case(parse_json(text.substr(at, end - at), path.string())));
        at = end + 1;
    }
    return cases;
}

std::string find_difference(const Tokenizer& tokenizer, const TokenizerCase& c) {
    const Encoding encoding = tokenizer.encode(c.text, c.pair, c.add_special);
    std::vector<int> ids;
    for (std::size_t i = 0; i < encoding.size() && i < c.ids.size(); ++i) {
        const Token& token = encoding[i];
        const std::pair<std::size_t, std::size_t> offset =
            c.offsets ? c.offsets->at(i) : std::pair(token.begin, token.end);
        const std::string expected =
            describe(c.ids[i], c.pieces ? c.pieces->at(i) : token.piece, offset.first,
                     offset.second, c.type_ids ? c.type_ids->at(i) : token.type_id);
        const std::string found =
            describe(token.id, token.piece, token.begin, token.end, token.type_id);
        if (expected != found) {
            return "token " + std::to_string(i) + ": expected " + expected + ", found " + found;
        }
    }
    if (encoding.size() != c.ids.size()) {
        return "expected " + std::to_string(c.ids.size()) + " tokens, found " +
               std::to_string(encoding.size());
    }
    for (const Token& token : encoding) ids.push_back(token.id);
    const std::string decoded = tokenizer.decode(ids);
    if (decoded != c.decoded) {
        return "decoded: expected " + in_quotes(c.decoded) + ", found " + in_quotes(decoded);
    }
    return "";
}

std::filesystem::path data_folder() {
    return source_dir() / "tests" / "data" / "tokenizer";
}

}  // namespace heed::test
