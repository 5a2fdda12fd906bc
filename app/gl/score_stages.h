// What stands between the product of queries and keys and the softmax: ops that change scores cell
// by cell, each a stage of shaders/stages.glsl. Used for one alone and for chains of them.
#pragma once

#include <optional>

#include "app/gl/cell_pass.h"

namespace heed::app {

// "STAGE_SCALE"; nullptr where the node is no such op.
const char* stage_macro(const Node& node);
// Whether two stages may stand in one chain: each kind has room for one.
bool fit_one_chain(const Node& a, const Node& b);

// The macros of a stage but for its own name.
void add_stage_defines(const OpArgs& args, Defines& defines);
// Its numbers and its tables (slots 6 and 7).
void bind_stage(const OpArgs& args, const Box& box, CellPass& pass);

}  // namespace heed::app
