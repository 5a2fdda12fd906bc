// The tokens of the sentence as chips. A click chooses the word that looks, a right click or a
// click with Shift the word that is looked at.
//
// Draws into `rect` without a card: one row, which scrolls with the wheel where it is too long.
// Notes of the run (cut to N tokens) and the error line are the shell's.
// Where the words that look are not the words that are looked at, both are there, one after the
// other. The sentence to compare with (ui.other_trace) comes last, quieter: its words cannot be
// chosen. Items: view/sentence/token[i], view/sentence/key[i] (looked at), view/sentence/other[i].
#pragma once

#include <vector>

#include "app/views/view.h"

namespace heed::app {

struct SentenceLayout {
    Rect row;
    std::vector<Rect> chips;  // from the left edge of the row, not scrolled
    Rect between;             // the words "looks at"; empty where there are no keys of their own
    std::vector<Rect> keys;
    Rect apart;  // the words "compared with"; empty where there is nothing to compare with
    std::vector<Rect> compared;
    float content_w = 0;
    float most_scroll = 0;
};

SentenceLayout layout_sentence(const UiContext& ui, const Rect& rect,
                               std::span<const TokenLabel> tokens,
                               std::span<const TokenLabel> keys = {},
                               std::span<const TokenLabel> compared = {});

ViewResult draw_sentence_view(const Trace& trace, const Selection& selection, const Rect& rect,
                              SentenceViewState& state, UiContext& ui);

}  // namespace heed::app
