#include "core/model/worksheet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/format/mapped_file.h"

namespace heed {
namespace {

constexpr std::size_t kMaxSheetBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxSheetValues = 2'000'000;
constexpr std::size_t kMaxTokens = 4096;

constexpr std::array<std::string_view, 21> kKeys = {
    "$schema", "name",      "note",      "tokens",       "vectors",       "score",   "heads",
    "causal",  "normalise", "divide_by", "query_tokens", "query_vectors", "norm",    "positions",
    "w_q",     "w_k",       "w_v",       "w_o",          "w_general",     "w_score", "residual",
};

// How many letters have to be put in, left out or changed to make `b` out of `a`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row.back();
}

// Reads one worksheet, field by field.
class SheetReader {
  public:
    SheetReader(const Json& json, std::string_view where)
        : json_(json), where_(where), reader_(json, where_) {}

    Worksheet read();

  private:
    void check_keys() const;
    std::vector<std::string> read_tokens(std::string_view key) const;
    std::optional<SheetMatrix> read_matrix(std::string_view key) const;
    template <class Choice, std::size_t N>
    Choice choose(std::string_view key, std::string_view fallback,
                  const std::array<std::pair<std::string_view, Choice>, N>& choices) const;
    void read_divisor(Worksheet& sheet) const;
    void read_positions(Worksheet& sheet) const;

    void check_queries(const Worksheet& sheet) const;
    void check_projections(const Worksheet& sheet) const;
    void check_score(Worksheet& sheet) const;
    void check_residual(const Worksheet& sheet) const;
    void require(bool holds, std::string_view key, const std::string& expected,
                 const std::string& found) const;
    void require_rows(const std::optional<SheetMatrix>& matrix, std::string_view key, int rows,
                      std::string_view reason) const;

    const Json& json_;
    std::string where_;
    JsonReader reader_;
};

std::string extents_text(const SheetMatrix& matrix) {
    return "[" + std::to_string(matrix.rows) + ", " + std::to_string(matrix.cols) + "]";
}

Worksheet SheetReader::read() {
    check_keys();
    Worksheet sheet;
    sheet.name = reader_.get_string("name", "");
    sheet.note = reader_.get_string("note", "");
    sheet.tokens = read_tokens("tokens");
    const Json* vectors = json_.find_non_null("vectors");
    if (vectors == nullptr) reader_.fail("vectors", "a list of numbers for each token", nullptr);
    sheet.vectors = read_sheet_matrix(where_, "vectors", *vectors);
    if (reader_.has("query_tokens")) sheet.query_tokens = read_tokens("query_tokens");
    sheet.query_vectors = read_matrix("query_vectors");
    sheet.w_q = read_matrix("w_q");
    sheet.w_k = read_matrix("w_k");
    sheet.w_v = read_matrix("w_v");
    sheet.w_o = read_matrix("w_o");
    sheet.w_general = read_matrix("w_general");
    if (const Json* value = json_.find_non_null("w_score")) {
        sheet.w_score = read_sheet_vector(where_, "w_score", *value);
    }
    using ScoreName = std::pair<std::string_view, SheetScore>;
    sheet.score = choose("score", "scaled_dot",
                         std::array<ScoreName, 4>{{{"dot", SheetScore::kDot},
                                                   {"scaled_dot", SheetScore::kScaledDot},
                                                   {"general", SheetScore::kGeneral},
                                                   {"additive", SheetScore::kAdditive}}});
    using Rule = std::pair<std::string_view, bool>;
    sheet.divide_by_sum =
        choose("normalise", "softmax", std::array<Rule, 2>{{{"softmax", false}, {"sum", true}}});
    sheet.heads = static_cast<int>(reader_.get_int("heads", 1, 1, 4096));
    sheet.is_causal = reader_.get_bool("causal", false);
    sheet.has_residual = reader_.get_bool("residual", false);
    sheet.has_norm = reader_.get_bool("norm", false);
    read_divisor(sheet);
    read_positions(sheet);
    check_queries(sheet);
    check_projections(sheet);
    check_score(sheet);
    check_residual(sheet);
    return sheet;
}

void SheetReader::check_keys() const {
    for (const Json::Member& member : json_.object) {
        const std::string_view key = member.first;
        if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end()) continue;
        const auto nearest = std::min_element(
            kKeys.begin(), kKeys.end(), [key](std::string_view a, std::string_view b) {
                return edit_distance(key.substr(0, 64), a) < edit_distance(key.substr(0, 64), b);
            });
        throw Error(reader_.place(member.second), key,
                    "a field that worksheets have (the nearest is " + std::string(*nearest) + ")",
                    "an unknown field");
    }
}

std::vector<std::string> SheetReader::read_tokens(std::string_view key) const {
    const Json* list = reader_.get_array(key);
    if (list == nullptr || list->array.empty() || list->array.size() > kMaxTokens) {
        reader_.fail(key, "a list of 1 to " + std::to_string(kMaxTokens) + " words", list);
    }
    std::vector<std::string> tokens;
    for (const Json& word : list->array) {
        if (!word.is_string() || word.string.empty()) {
            throw Error(reader_.place(word),
                        std::string(key) + "[" + std::to_string(tokens.size()) + "]", "a word",
                        word.describe());
        }
        tokens.push_back(word.string);
    }
    return tokens;
}

std::optional<SheetMatrix> SheetReader::read_matrix(std::string_view key) const {
    const Json* value = json_.find_non_null(key);
    if (value == nullptr) return std::nullopt;
    return read_sheet_matrix(where_, key, *value);
}

template <class Choice, std::size_t N>
Choice SheetReader::choose(
    std::string_view key, std::string_view fallback,
    const std::array<std::pair<std::string_view, Choice>, N>& choices) const {
    const std::string name = reader_.get_string(key, std::string(fallback));
    std::string known;
    for (const auto& [choice_name, choice] : choices) {
        if (choice_name == name) return choice;
        known += (known.empty() ? "" : ", ") + std::string(choice_name);
    }
    reader_.fail(key, "one of " + known, json_.find(key));
}

void SheetReader::read_divisor(Worksheet& sheet) const {
    const Json* value = json_.find_non_null("divide_by");
    if (value == nullptr || (value->is_string() && value->string == "sqrt_dk")) return;
    const bool is_fit =
        value->is_number() && std::abs(value->number) >= 1e-30 && std::abs(value->number) <= 1e30;
    if (!is_fit) reader_.fail("divide_by", "\"sqrt_dk\" or a number that is not 0", value);
    sheet.divide_by = value->number;
}

void SheetReader::read_positions(Worksheet& sheet) const {
    const Json* value = json_.find_non_null("positions");
    if (value == nullptr || (value->is_string() && value->string == "none")) return;
    if (value->is_string() && value->string == "sinusoidal") {
        sheet.positions = SheetPositions::kSinusoidal;
        return;
    }
    if (!value->is_array() && !value->is_object()) {
        reader_.fail("positions", "\"none\", \"sinusoidal\" or a row for each token", value);
    }
    sheet.positions = SheetPositions::kRows;
    sheet.position_rows = read_sheet_matrix(where_, "positions", *value);
    const SheetMatrix& rows = *sheet.position_rows;
    require(rows.rows == sheet.vectors.rows && rows.cols == sheet.vectors.cols, "positions",
            extents_text(sheet.vectors) + ", as vectors", extents_text(rows));
}

void SheetReader::require(bool holds, std::string_view key, const std::string& expected,
                          const std::string& found) const {
    if (holds) return;
    const Json* value = json_.find(key);
    throw Error(value != nullptr ? reader_.place(*value) : where_, key, expected, found);
}

void SheetReader::require_rows(const std::optional<SheetMatrix>& matrix, std::string_view key,
                               int rows, std::string_view reason) const {
    if (!matrix) return;
    require(matrix->rows == rows, key, std::to_string(rows) + " rows, " + std::string(reason),
            std::to_string(matrix->rows));
}

void SheetReader::check_queries(const Worksheet& sheet) const {
    require(sheet.vectors.rows == static_cast<int>(sheet.tokens.size()), "vectors",
            std::to_string(sheet.tokens.size()) + " rows, one for each token",
            std::to_string(sheet.vectors.rows));
    const bool has_tokens = !sheet.query_tokens.empty();
    require(!has_tokens || sheet.query_vectors, "query_tokens", "query_vectors as well",
            "only query_tokens");
    require(has_tokens || !sheet.query_vectors, "query_vectors", "query_tokens as well",
            "only query_vectors");
    if (!has_tokens) return;
    require(sheet.query_vectors->rows == static_cast<int>(sheet.query_tokens.size()),
            "query_vectors",
            std::to_string(sheet.query_tokens.size()) + " rows, one for each query token",
            std::to_string(sheet.query_vectors->rows));
    require(!sheet.is_causal, "causal", "false where the queries are not the keys", "true");
}

void SheetReader::check_projections(const Worksheet& sheet) const {
    const SheetMatrix& queries = sheet.query_vectors ? *sheet.query_vectors : sheet.vectors;
    const std::string_view of_queries = sheet.query_vectors
                                            ? "one for each number of a query vector"
                                            : "one for each number of a vector";
    require_rows(sheet.w_q, "w_q", queries.cols, of_queries);
    require_rows(sheet.w_k, "w_k", sheet.vectors.cols, "one for each number of a vector");
    require_rows(sheet.w_v, "w_v", sheet.vectors.cols, "one for each number of a vector");
    const int q = sheet.w_q ? sheet.w_q->cols : queries.cols;
    const int k = sheet.w_k ? sheet.w_k->cols : sheet.vectors.cols;
    const int v = sheet.w_v ? sheet.w_v->cols : sheet.vectors.cols;
    require_rows(sheet.w_o, "w_o", v, "one for each number of a value");
    const auto widths = {std::pair("queries", q), std::pair("keys", k), std::pair("values", v)};
    for (const auto& [what, width] : widths) {
        require(width % sheet.heads == 0, "heads",
                "a divisor of the width " + std::to_string(width) + " of the " + what,
                std::to_string(sheet.heads));
    }
    if (sheet.score == SheetScore::kGeneral) return;
    const char* key = sheet.w_k ? "w_k" : sheet.w_q ? "w_q" : "query_vectors";
    require(q == k, key, "keys as wide as the queries, " + std::to_string(q) + " numbers",
            std::to_string(k));
}

void SheetReader::check_score(Worksheet& sheet) const {
    const int d_q = sheet.query_width();
    const int d_k = (sheet.w_k ? sheet.w_k->cols : sheet.vectors.cols) / sheet.heads;
    if (sheet.score == SheetScore::kGeneral) {
        require(sheet.w_general.has_value(), "w_general", "a matrix for score general", "nothing");
        require(sheet.w_general->rows == d_q && sheet.w_general->cols == d_k, "w_general",
                "[" + std::to_string(d_q) + ", " + std::to_string(d_k) +
                    "], the widths of a head's queries and keys",
                extents_text(*sheet.w_general));
    }
    if (sheet.score == SheetScore::kAdditive) {
        require(sheet.w_score.has_value(), "w_score", "a list of numbers for score additive",
                "nothing");
        require(sheet.w_score->cols == d_k, "w_score",
                std::to_string(d_k) + " numbers, the width of a head's keys",
                std::to_string(sheet.w_score->cols));
    }
    const auto note_unused = [&](const char* key, bool is_used) {
        if (!is_used && reader_.has(key)) sheet.unused.push_back(key);
    };
    note_unused("divide_by", sheet.score == SheetScore::kScaledDot);
    note_unused("w_general", sheet.score == SheetScore::kGeneral);
    note_unused("w_score", sheet.score == SheetScore::kAdditive);
}

void SheetReader::check_residual(const Worksheet& sheet) const {
    if (!sheet.has_residual) return;
    const SheetMatrix& queries = sheet.query_vectors ? *sheet.query_vectors : sheet.vectors;
    const int v = sheet.w_v ? sheet.w_v->cols : sheet.vectors.cols;
    const int out = sheet.w_o ? sheet.w_o->cols : v;
    require(out == queries.cols, "residual",
            "an attention output as wide as what it is added to, " + std::to_string(queries.cols),
            std::to_string(out));
}

}  // namespace

int Worksheet::query_width() const {
    const int width = w_q ? w_q->cols : query_vectors ? query_vectors->cols : vectors.cols;
    return width / heads;
}

Worksheet parse_worksheet(std::string_view text, std::string_view where) {
    const Json json = parse_json(text, where, kMaxSheetValues);
    return SheetReader(json, where).read();
}

std::shared_ptr<const Model> open_worksheet(const std::filesystem::path& file) {
    Worksheet sheet = parse_worksheet(read_text_file(file, kMaxSheetBytes), file.string());
    if (sheet.name.empty()) sheet.name = file.stem().string();
    return make_worksheet_model(sheet, file.string());
}

}  // namespace heed
