// Traces on disk: safetensors with the node names as keys, or npz. What heed writes it opens again,
// and what others write in that form too.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/run/trace.h"

namespace heed {

// The nodes of `graph` whose names match one of `globs` ("*.attn.pattern"); all where there is no
// glob. Throws Error for a glob that matches nothing.
std::vector<NodeId> select_nodes(const Graph& graph, const std::vector<std::string>& globs);

// Writes `nodes` of `trace` as float32, derived ones too. A path that ends in .npz gets that
// format, any other safetensors with the metadata heed, model, text, tokens, ids and special.
// Throws Error.
void save_trace(const Trace& trace, const std::vector<NodeId>& nodes,
                const std::filesystem::path& path, std::string_view version);

// Opens a trace file. The graph has the nodes of the file and no ops: all can be looked at, nothing
// can be recomputed. Throws Error.
std::shared_ptr<const Trace> load_trace(const std::filesystem::path& path);

}  // namespace heed
