// The formula of a stage as a class writes it, composed by walking the graph back to the product:
// softmax(q · kᵀ / √32). And how such a line is set: what follows "_" stands lower.
#pragma once

#include <string>

#include "app/ui/draw.h"
#include "app/views/stage_list.h"

namespace heed::app {

// The right side for a node: "q · kᵀ / √32". What is only renamed is passed through.
std::string symbols_of(const Graph& graph, NodeId node);
// The whole line for a stage: "weights = softmax(q · kᵀ / √32)".
std::string stage_formula(const Graph& graph, const StageEntry& entry, NodeId node);

// The width of a line in kFormula, or kFormulaSmall where `is_small`.
float measure_formula(const UiContext& ui, std::string_view formula, bool is_small);
// One line from the left of `rect`, in the middle of its height. Noted as `id`.
void draw_formula(UiContext& ui, std::string_view id, const Rect& rect, std::string_view formula,
                  bool is_small);

}  // namespace heed::app
