// A worksheet: attention on a few vectors that a teacher writes down. What the file says, checked;
// and the model that it opens as, which has the nodes of GPT-2's block 0.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/model.h"
#include "core/model/worksheet_matrix.h"

namespace heed {

enum class SheetScore { kDot, kScaledDot, kGeneral, kAdditive };
enum class SheetPositions { kNone, kSinusoidal, kRows };

// The numbers of a worksheet after all sizes were checked against each other.
struct Worksheet {
    std::string name;
    std::string note;
    std::vector<std::string> tokens;
    SheetMatrix vectors;                    // [tokens, width]
    std::vector<std::string> query_tokens;  // empty: the tokens are the queries
    std::optional<SheetMatrix> query_vectors;
    std::optional<SheetMatrix> w_q, w_k, w_v, w_o;  // [in, out]
    std::optional<SheetMatrix> w_general;           // [d_k, d_k]
    std::optional<SheetMatrix> w_score;             // one row of d_k
    SheetScore score = SheetScore::kScaledDot;
    std::optional<double> divide_by;  // absent: the root of d_k
    bool divide_by_sum = false;       // normalise "sum"
    int heads = 1;
    bool is_causal = false;
    SheetPositions positions = SheetPositions::kNone;
    std::optional<SheetMatrix> position_rows;  // [tokens, width]
    bool has_residual = false;
    bool has_norm = false;
    std::vector<std::string> unused;  // fields that this score does not read

    int query_width() const;  // of one head: d_k
};

// Reads the text of a worksheet; `where` (a path) begins every message. Throws Error with the line,
// the field, what was expected and what was found.
Worksheet parse_worksheet(std::string_view text, std::string_view where);

// The model of a worksheet; `path` is where it came from.
std::shared_ptr<const Model> make_worksheet_model(const Worksheet& sheet, const std::string& path);

std::shared_ptr<const Model> open_worksheet(const std::filesystem::path& file);

}  // namespace heed
