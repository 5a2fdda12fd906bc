// An atlas as a file: JSON that people and programs read. `atlas.json` beside a model is shown in
// the window.
#pragma once

#include <filesystem>
#include <string>

#include "core/analysis/atlas.h"
#include "core/graph/graph.h"

namespace heed {

// Numbers rounded to five decimals. The labels are written for people; reading leaves them out.
std::string encode_atlas(const Atlas& atlas);
// Throws Error: which file, which field.
Atlas read_atlas(const std::filesystem::path& path);

// Throws Error where the heads of `atlas`, which was read from `path`, are not those of `graph`.
void check_atlas(const Atlas& atlas, const Graph& graph, const std::filesystem::path& path);

}  // namespace heed
