// A line of text that is being edited: what keys and mouse do to text, caret and selection, with
// its own undo. Pure: it knows no keys, no pixels beyond a ShapedText, no clipboard.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/text/segments.h"
#include "app/text/text_caret.h"

namespace heed::app {

class TextEdit {
  public:
    // Whether the other end of the selection stays.
    enum class Extend { kNo, kYes };

    const std::string& text() const { return text_; }
    const Caret& caret() const { return caret_; }
    // The selected bytes; begin == end where nothing is.
    TextSegment selection() const;
    bool has_selection() const { return caret_.at != anchor_; }
    std::string selected_text() const;

    // Another text from elsewhere: the caret at its end, nothing selected, nothing to undo.
    void reset(std::string text);

    // Puts `typed` in the place of the selection. A line end is a blank; other control characters
    // and bytes that are no UTF-8 do not come in.
    void insert(std::string_view typed);
    // Each takes the selection where there is one. False where there was nothing to take.
    bool erase_back();
    bool erase_forward();
    bool erase_word_back();
    bool erase_word_forward();

    void place_caret(const Caret& caret, Extend extend);
    void go_home(Extend extend) { place_caret({0, false}, extend); }
    void go_end(Extend extend) { place_caret({text_.size(), true}, extend); }
    void go_word_back(Extend extend);
    void go_word_forward(Extend extend);
    // One cluster to the left or right on the screen; without extending, a selection is left at
    // its end on that side.
    void go_beside(const ShapedText& shaped, bool to_right, Extend extend);
    void select(const TextSegment& segment);
    void select_all() { select({0, text_.size()}); }
    void select_word(std::size_t at) { select(word_at(text_, at)); }

    // What was typed in one go comes and goes together: a word with the blank after it, a row of
    // deletions. False where there is nothing left.
    bool undo();
    bool redo();
    bool can_undo() const { return !done_.empty(); }
    bool can_redo() const { return !undone_.empty(); }

  private:
    enum class Kind { kTyped, kErasedBack, kErasedForward, kOther };
    struct Change {
        Kind kind = Kind::kOther;
        std::size_t at = 0;
        std::string removed;
        std::string inserted;
        std::size_t anchor_before = 0;
        Caret caret_before;
    };

    void replace(std::size_t begin, std::size_t end, std::string_view inserted, Kind kind);
    bool joins_last(std::size_t begin, std::size_t end, std::string_view inserted, Kind kind) const;
    bool erase(std::size_t begin, std::size_t end, Kind kind);
    std::size_t snap_forward(std::size_t at) const;

    std::string text_;
    Caret caret_;
    std::size_t anchor_ = 0;  // the end of the selection that stays
    std::vector<Change> done_;
    std::vector<Change> undone_;
    bool is_sealed_ = true;  // the next change begins a step of its own
};

}  // namespace heed::app
