// Finding by a few letters. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace heed::app {

// How well `query` (words apart by blanks) finds `text`: each word must be in it, whole or as
// letters in their order of which the first begins a word. Higher is better; nullopt: not at all.
// Letters' case does not matter. An empty query finds everything with 0.
std::optional<double> score_match(std::string_view query, std::string_view text);

// The same where a text has a main part and a lesser one ("Next head", "next-head ]"): a word found
// in the lesser part counts half.
std::optional<double> score_match(std::string_view query, std::string_view main,
                                  std::string_view lesser);

}  // namespace heed::app
