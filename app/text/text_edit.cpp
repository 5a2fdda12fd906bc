#include "app/text/text_edit.h"

#include <algorithm>
#include <utility>

#include "core/base/utf8.h"

namespace heed::app {

namespace {

constexpr std::size_t kMostSteps = 500;

// What may stand in a line: see TextEdit::insert.
std::string make_line(std::string_view typed) {
    std::string line;
    for (std::size_t at = 0; at < typed.size();) {
        const Utf8Char c = decode_utf8(typed, at);
        const std::string_view bytes = typed.substr(at, static_cast<std::size_t>(c.length));
        at += static_cast<std::size_t>(c.length);
        const bool is_line_end = c.code_point == '\n' || c.code_point == '\r' ||
                                 c.code_point == 0x85 || c.code_point == 0x2028 ||
                                 c.code_point == 0x2029;
        if (is_line_end || c.code_point == '\t') {
            // Return and line feed are one line end.
            const bool is_second = c.code_point == '\n' && at >= 2 && typed[at - 2] == '\r';
            if (!is_second) line += ' ';
        } else if (c.valid && c.code_point >= 0x20 &&
                   !(c.code_point >= 0x7F && c.code_point < 0xA0)) {
            line += bytes;
        }
    }
    return line;
}

}  // namespace

TextSegment TextEdit::selection() const {
    return {std::min(caret_.at, anchor_), std::max(caret_.at, anchor_)};
}

std::string TextEdit::selected_text() const {
    const TextSegment chosen = selection();
    return text_.substr(chosen.begin, chosen.end - chosen.begin);
}

void TextEdit::reset(std::string text) {
    text_ = std::move(text);
    caret_ = {text_.size(), true};
    anchor_ = text_.size();
    done_.clear();
    undone_.clear();
    is_sealed_ = true;
}

std::size_t TextEdit::snap_forward(std::size_t at) const {
    const std::size_t before = snap_to_grapheme(text_, at);
    return before == at ? at : next_grapheme(text_, at);
}

bool TextEdit::joins_last(std::size_t begin, std::size_t end, std::string_view inserted,
                          Kind kind) const {
    if (is_sealed_ || done_.empty() || done_.back().kind != kind) return false;
    const Change& last = done_.back();
    switch (kind) {
        case Kind::kTyped: {
            // A new word is a new step.
            const bool begins_word =
                inserted.front() != ' ' && !last.inserted.empty() && last.inserted.back() == ' ';
            return begin == end && begin == last.at + last.inserted.size() && !begins_word;
        }
        case Kind::kErasedBack:
            return end == last.at;
        case Kind::kErasedForward:
            return begin == last.at;
        case Kind::kOther:
            return false;
    }
    return false;
}

void TextEdit::replace(std::size_t begin, std::size_t end, std::string_view inserted, Kind kind) {
    const std::string removed = text_.substr(begin, end - begin);
    if (joins_last(begin, end, inserted, kind)) {
        Change& last = done_.back();
        last.at = std::min(last.at, begin);
        last.inserted += inserted;
        last.removed = kind == Kind::kErasedBack ? removed + last.removed : last.removed + removed;
    } else {
        done_.push_back({kind, begin, removed, std::string(inserted), anchor_, caret_});
        if (done_.size() > kMostSteps) done_.erase(done_.begin());
    }
    undone_.clear();
    text_.replace(begin, end - begin, inserted);
    const std::size_t at = snap_forward(begin + inserted.size());
    caret_ = {at, !inserted.empty()};
    anchor_ = at;
    is_sealed_ = false;
}

void TextEdit::insert(std::string_view typed) {
    const std::string line = make_line(typed);
    if (line.empty()) return;
    const TextSegment chosen = selection();
    // What comes in at once, as from the clipboard, is a step of its own.
    const bool is_typed = next_grapheme(line, 0) == line.size();
    if (!is_typed) is_sealed_ = true;
    replace(chosen.begin, chosen.end, line, is_typed ? Kind::kTyped : Kind::kOther);
}

bool TextEdit::erase(std::size_t begin, std::size_t end, Kind kind) {
    if (has_selection()) {
        const TextSegment chosen = selection();
        begin = chosen.begin;
        end = chosen.end;
        is_sealed_ = true;
        kind = Kind::kOther;
    }
    if (begin == end) return false;
    replace(begin, end, "", kind);
    return true;
}

bool TextEdit::erase_back() {
    return erase(previous_grapheme(text_, caret_.at), caret_.at, Kind::kErasedBack);
}
bool TextEdit::erase_forward() {
    return erase(caret_.at, next_grapheme(text_, caret_.at), Kind::kErasedForward);
}
bool TextEdit::erase_word_back() {
    return erase(previous_word(text_, caret_.at), caret_.at, Kind::kErasedBack);
}
bool TextEdit::erase_word_forward() {
    return erase(caret_.at, next_word(text_, caret_.at), Kind::kErasedForward);
}

void TextEdit::place_caret(const Caret& caret, Extend extend) {
    caret_ = {snap_to_grapheme(text_, caret.at), caret.is_after};
    if (extend == Extend::kNo) anchor_ = caret_.at;
    is_sealed_ = true;
}

void TextEdit::go_word_back(Extend extend) {
    place_caret({previous_word(text_, caret_.at), false}, extend);
}
void TextEdit::go_word_forward(Extend extend) {
    place_caret({next_word(text_, caret_.at), true}, extend);
}

void TextEdit::go_beside(const ShapedText& shaped, bool to_right, Extend extend) {
    if (extend == Extend::kYes || !has_selection()) {
        place_caret(caret_beside(shaped, caret_, to_right), extend);
        return;
    }
    const TextSegment chosen = selection();
    const Caret first{chosen.begin, false};
    const Caret last{chosen.end, true};
    const bool is_last_right = caret_x(shaped, last) >= caret_x(shaped, first);
    place_caret(is_last_right == to_right ? last : first, Extend::kNo);
}

void TextEdit::select(const TextSegment& segment) {
    anchor_ = segment.begin;
    caret_ = {segment.end, true};
    is_sealed_ = true;
}

bool TextEdit::undo() {
    if (done_.empty()) return false;
    Change change = std::move(done_.back());
    done_.pop_back();
    text_.replace(change.at, change.inserted.size(), change.removed);
    caret_ = change.caret_before;
    anchor_ = change.anchor_before;
    undone_.push_back(std::move(change));
    is_sealed_ = true;
    return true;
}

bool TextEdit::redo() {
    if (undone_.empty()) return false;
    Change change = std::move(undone_.back());
    undone_.pop_back();
    text_.replace(change.at, change.removed.size(), change.inserted);
    caret_ = {snap_forward(change.at + change.inserted.size()), true};
    anchor_ = caret_.at;
    done_.push_back(std::move(change));
    is_sealed_ = true;
    return true;
}

}  // namespace heed::app
