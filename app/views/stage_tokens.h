// The first stage: how the text became numbers, as a table of pieces, ids and bytes.
#pragma once

#include "app/views/view.h"

namespace heed::app {

// Items: view/stages/token[i], id[i], piece[i], bytes[i] of the sequence that `sequence` numbers.
// A row that is pressed becomes the word that looks.
ViewResult draw_token_table(const Trace& trace, const Selection& selection, int sequence,
                            const Rect& rect, UiContext& ui);

}  // namespace heed::app
