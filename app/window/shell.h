// The screen around the views: top bar, tokens, rail, the chosen view in the middle, heads and
// inspector at the right, the step at the bottom. Draws the document, changes nothing: what the
// person asked for is handed back.
#pragma once

#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/ui/text_field.h"
#include "app/views/state/canvas_state.h"
#include "app/views/view.h"
#include "app/window/commands.h"
#include "app/window/examples.h"
#include "app/window/file_chooser.h"
#include "app/window/messages.h"
#include "app/window/model_picker.h"
#include "app/window/panels.h"
#include "app/window/save_sheet.h"
#include "app/window/view_table.h"

namespace heed::app {

struct TopBarLayout;

// The fields of the sentences.
struct SentenceBarState {
    TextFieldState text;
    TextFieldState second;  // its text stays while it is not shown
    TextFieldState extra;   // the decoder's text, or the segment before
    bool target_takes_keys = false;
    bool takes_keys = false;   // the sentence takes the keys in the next frame
    bool is_typing = false;    // one of them has the keys
    double busy_since_s = -1;  // since when work is under way; -1: none is
    std::vector<Example> examples;
    TextFieldState image;  // a picture's path, for models that take one
    CanvasState canvas;
};

struct ShellState {
    Panels panels;
    SaveSheetState save;
    FileChooserState files;
    ModelPickerState picker;
    std::vector<ShownView> shown;  // of this frame
    float grab_px = 0;             // where in a splitter the mouse took hold
    bool tabs_had_line = false;    // in the frame before
    SentenceBarState sentence;
    WorkState work;
    CommandState commands;
};

// Fills `width` x `height` pixels. The background is the caller's clear colour.
ViewResult draw_shell(Document& document, ShellState& state, UiContext& ui, float width,
                      float height);

// Parts, each in its own file.
ViewResult draw_top_bar(const Document& document, ShellState& state, UiContext& ui,
                        const Rect& bar);
// The fields within the top bar, and the width of the choice how two sentences are read.
ViewResult draw_sentence_bar(const Document& document, SentenceBarState& state, UiContext& ui,
                             const TopBarLayout& layout);
// The same for a model that looks at pictures, in the room of the sentence.
// The menu of examples at the right end of `field`; the command of the entry that was chosen.
std::optional<Command> draw_examples(SentenceBarState& state, UiContext& ui, const Rect& field);
ViewResult draw_picture_bar(const Document& document, SentenceBarState& state, UiContext& ui,
                            const Rect& rect);
// Whether the model says which word follows the last one.
bool says_next_word(const Document& document);
// Whether the model has a field of its own beside the sentence: for its decoder or its memory.
bool has_extra_field(const Document& document);
float measure_reading(const UiContext& ui, const Document& document);
ViewResult draw_rail(Document& document, UiContext& ui, const Rect& rail);
// The words begin at `text_left`, below what they tell of. The stages' walking is there: it plays
// on while the bar is drawn.
ViewResult draw_bottom_bar(Document& document, const ShellState& state, UiContext& ui,
                           const Rect& bar, float text_left);

}  // namespace heed::app
