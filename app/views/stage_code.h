// The stage as code: the loops with the current numbers filled in, and the line of the matrix
// version, beside each other.
#pragma once

#include "app/views/stage_texts.h"
#include "app/views/stage_words.h"
#include "app/views/view.h"

namespace heed::app {

struct CodeLayout {
    Rect loop_title;
    Rect loop;
    Rect matrix_title;
    Rect matrix;
};
// Beside each other where there is room, else one over the other.
CodeLayout layout_code(const UiContext& ui, const Rect& rect);

struct CodeScene {
    const Graph& graph;
    const StageTexts& texts;
    const StageFacts& facts;
    const std::vector<StageEntry>& stages;
    int stage = 0;
    Rect rect;
    UiContext& ui;
};
void draw_code(const CodeScene& scene);

}  // namespace heed::app
