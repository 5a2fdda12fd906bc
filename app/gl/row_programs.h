// Parts of rows_norm.comp's dispatches that ops and fusions share.
#pragma once

#include "app/gl/cell_pass.h"

namespace heed::app {

// The macros of a norm but for OPERANDS, and its numbers and weights (slots 6 and 7).
void add_norm_defines(const OpArgs& args, Defines& defines);
void bind_norm(const OpArgs& args, CellPass& pass);

}  // namespace heed::app
