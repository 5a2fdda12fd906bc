// Cases of the reference libraries, one JSON object a line, and how they are compared.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/tokenizer/tokenizer.h"

namespace heed::test {

struct TokenizerCase {
    std::string text;
    std::optional<std::string> pair;
    bool add_special = true;
    std::vector<int> ids;
    std::optional<std::vector<std::string>> pieces;  // none of these three: not compared
    std::optional<std::vector<std::pair<std::size_t, std::size_t>>> offsets;
    std::optional<std::vector<int>> type_ids;
    std::string decoded;
};

std::vector<TokenizerCase> read_cases(const std::filesystem::path& path);

// What `tokenizer` makes of the case otherwise, in words; empty where it agrees in everything.
std::string find_difference(const Tokenizer& tokenizer, const TokenizerCase& c);

// tests/data/tokenizer.
std::filesystem::path data_folder();

}  // namespace heed::test
