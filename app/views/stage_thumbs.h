// The small pictures of the rail: what each stage gives for the chosen head.
#pragma once

#include "app/ui/pictures.h"
#include "app/views/view.h"

namespace heed::app {

// The head's matrix of a node, pooled to at most `side` x `side` texels, or nothing where reading
// it would cost too much and while it is on its way. Painted once for a trace and head.
std::optional<Picture> stage_thumbnail(const Trace& trace, const Selection& selection, NodeId node,
                                       int side, UiContext& ui);

}  // namespace heed::app
