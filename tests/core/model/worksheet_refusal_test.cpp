// One test for each way in which a worksheet can be wrong: the line, the field, what was expected,
// what was found.
#include <doctest/doctest.h>

#include "core/model/worksheet.h"
#include "tests/support/refusal.h"

namespace heed::test {
namespace {

struct Refusal {
    const char* claim;
    const char* text;
    std::vector<std::string_view> parts;
};

std::string refuse(const char* text) {
    return message_of([text] { parse_worksheet(text, "sheet.json"); });
}

const std::vector<Refusal> kRefusals = {
    {"an empty file", "", {"sheet.json", "JSON"}},
    {"a list", "[1, 2]", {"sheet.json: line 1", "an object", "an array of 2"}},
    {"an unknown field, with the nearest one",
     "{\"tokens\": [\"a\"], \"vectors\": [[1]],\n\"casual\": true}",
     {"line 2", "casual", "causal", "unknown field"}},
    {"no tokens", R"({"vectors": [[1]]})", {"tokens", "a list of 1 to", "nothing"}},
    {"empty tokens", R"({"tokens": [], "vectors": [[1]]})", {"tokens", "an array of 0"}},
    {"a token that is no word",
     R"({"tokens": ["a", 3], "vectors": [[1], [2]]})",
     {"tokens[1]", "a word", "the number 3"}},
    {"an empty token", R"({"tokens": [""], "vectors": [[1]]})", {"tokens[0]", "a word"}},
    {"no vectors", R"({"tokens": ["a"]})", {"vectors", "nothing"}},
    {"vectors that are no matrix",
     R"({"tokens": ["a"], "vectors": 3})",
     {"line 1", "vectors", "a matrix", "the number 3"}},
    {"a ragged matrix",
     "{\"tokens\": [\"a\", \"b\"], \"vectors\": [[1, 2],\n[3]]}",
     {"line 2", "vectors[1]", "2 numbers", "1 numbers"}},
    {"an empty row", R"({"tokens": ["a"], "vectors": [[]]})", {"vectors[0]", "0 numbers"}},
    {"a number too large for float32",
     "{\"tokens\": [\"a\"],\n\"vectors\": [[1, 1e300]]}",
     {"line 2", "vectors[0][1]", "a finite number", "1e+300"}},
    {"a number that is a word",
     R"({"tokens": ["a"], "vectors": [["x"]]})",
     {"vectors[0][0]", "a finite number", "\"x\""}},
    {"fewer vectors than tokens",
     R"({"tokens": ["a", "b"], "vectors": [[1]]})",
     {"vectors", "2 rows, one for each token", "found 1"}},
    {"an unknown score",
     R"({"tokens": ["a"], "vectors": [[1]], "score": "cosine"})",
     {"score", "dot, scaled_dot, general, additive", "cosine"}},
    {"an unknown way to normalise",
     R"({"tokens": ["a"], "vectors": [[1]], "normalise": "max"})",
     {"normalise", "softmax, sum", "max"}},
    {"no heads", R"({"tokens": ["a"], "vectors": [[1]], "heads": 0})", {"heads", "from 1"}},
    {"heads that do not divide the width",
     R"({"tokens": ["a"], "vectors": [[1, 2, 3]], "heads": 2})",
     {"heads", "a divisor of the width 3 of the queries", "found 2"}},
    {"heads that do not divide the values",
     R"({"tokens": ["a"], "vectors": [[1, 2]], "w_v": [[1], [2]], "heads": 2})",
     {"heads", "the width 1 of the values"}},
    {"a causal flag that is no flag",
     R"({"tokens": ["a"], "vectors": [[1]], "causal": "yes"})",
     {"causal", "true or false", "yes"}},
    {"a divisor of 0",
     R"({"tokens": ["a"], "vectors": [[1]], "divide_by": 0})",
     {"divide_by", "sqrt_dk", "the number 0"}},
    {"unknown positions",
     R"({"tokens": ["a"], "vectors": [[1]], "positions": "rotary"})",
     {"positions", "sinusoidal", "rotary"}},
    {"position rows of another size",
     R"({"tokens": ["a"], "vectors": [[1]], "positions": [[1, 2]]})",
     {"positions", "[1, 1], as vectors", "[1, 2]"}},
    {"a matrix of the wrong height",
     "{\"tokens\": [\"a\"], \"vectors\": [[1, 2]],\n\"w_q\": [[1], [2], [3]]}",
     {"line 2", "w_q", "2 rows, one for each number of a vector", "found 3"}},
    {"an output matrix of the wrong height",
     R"({"tokens": ["a"], "vectors": [[1, 2]], "w_o": [[1]]})",
     {"w_o", "2 rows, one for each number of a value"}},
    {"keys and queries of different width",
     R"({"tokens": ["a"], "vectors": [[1, 2]], "w_q": [[1], [2]]})",
     {"w_q", "keys as wide as the queries", "found 2"}},
    {"general without its matrix",
     R"({"tokens": ["a"], "vectors": [[1]], "score": "general"})",
     {"w_general", "a matrix for score general", "nothing"}},
    {"general with a matrix of another size",
     R"({"tokens": ["a"], "vectors": [[1, 2]], "score": "general", "w_general": [[1]]})",
     {"w_general", "[2, 2]", "[1, 1]"}},
    {"additive without its list",
     R"({"tokens": ["a"], "vectors": [[1]], "score": "additive"})",
     {"w_score", "a list of numbers for score additive", "nothing"}},
    {"additive with a list of another length",
     R"({"tokens": ["a"], "vectors": [[1, 2]], "score": "additive", "w_score": [1]})",
     {"w_score", "2 numbers", "found 1"}},
    {"query tokens without vectors",
     R"({"tokens": ["a"], "vectors": [[1]], "query_tokens": ["q"]})",
     {"query_tokens", "query_vectors as well"}},
    {"query vectors without tokens",
     R"({"tokens": ["a"], "vectors": [[1]], "query_vectors": [[1]]})",
     {"query_vectors", "query_tokens as well"}},
    {"fewer query vectors than query tokens",
     R"({"tokens": ["a"], "vectors": [[1]], "query_tokens": ["p", "q"], "query_vectors": [[1]]})",
     {"query_vectors", "2 rows, one for each query token"}},
    {"a mask where queries are not keys",
     R"({"tokens": ["a"], "vectors": [[1]], "query_tokens": ["q"], "query_vectors": [[1]],
         "causal": true})",
     {"causal", "false where the queries are not the keys"}},
    {"a residual of another width",
     R"({"tokens": ["a"], "vectors": [[1, 2]], "w_v": [[1], [2]], "residual": true})",
     {"residual", "as wide as what it is added to, 2", "found 1"}},
    {"a seeded matrix without a shape",
     R"({"tokens": ["a"], "vectors": {"seed": 1}})",
     {"vectors.shape", "[rows, columns]", "nothing"}},
    {"a seeded matrix of a giant shape",
     R"({"tokens": ["a"], "vectors": {"shape": [1, 1000000000]}})",
     {"vectors.shape", "each 1 to 4096"}},
    {"a seeded matrix with another key",
     R"({"tokens": ["a"], "vectors": {"shape": [1, 1], "sead": 1}})",
     {"vectors.sead", "only shape, seed and std"}},
    {"a negative seed",
     R"({"tokens": ["a"], "vectors": {"shape": [1, 1], "seed": -1}})",
     {"vectors.seed", "from 0"}},
    {"a negative deviation",
     R"({"tokens": ["a"], "vectors": {"shape": [1, 1], "std": -1}})",
     {"vectors.std", "from 0 to 1000000"}},
};

TEST_SUITE_BEGIN("core/worksheet refusals");

TEST_CASE("each wrong worksheet is refused by line, field, expected and found") {
    for (const Refusal& refusal : kRefusals) {
        CAPTURE(refusal.claim);
        const std::string message = refuse(refusal.text);
        for (const std::string_view part : refusal.parts) {
            CHECK(find_flaw(message, {part}) == "");
        }
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
