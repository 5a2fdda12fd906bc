// Undo and redo by keeping what was: a state is compared with the one before, and what differs
// becomes a step. Changes of the same kind that follow each other quickly are one step.
#pragma once

#include <string>
#include <vector>

#include "app/document/person_state.h"

namespace heed::app {

class History {
  public:
    // What is there before anybody has done anything, and whenever something changed by itself (a
    // finished run): no step leads back to before it.
    void settle(PersonState state);
    // What is there after a person may have done something; `name` tells the difference from
    // present(), as name_change does. Nothing happens where there is none.
    void note(PersonState state, std::string name, double now_s);

    const PersonState& present() const { return present_; }
    bool can_undo() const { return !undo_.empty(); }
    bool can_redo() const { return !redo_.empty(); }
    // What the next undo or redo takes back or does again; "" where there is nothing.
    std::string undo_name() const { return can_undo() ? undo_.back().name : ""; }
    std::string redo_name() const { return can_redo() ? redo_.back().name : ""; }
    // Moves to the state before or after, which is present() then. A Bug where there is none.
    const PersonState& undo();
    const PersonState& redo();

  private:
    struct Step {
        PersonState state;  // to go back to, or forward
        std::string name;
    };

    PersonState present_;
    std::vector<Step> undo_;
    std::vector<Step> redo_;
    double noted_s_ = -1e9;  // when the last step grew
};

}  // namespace heed::app
