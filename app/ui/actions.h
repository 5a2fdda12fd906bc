// The one registry of what can be done: keys, menus, the palette and scenario steps all run the
// same actions by the same names.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/keys.h"

namespace heed::app {

using ActionArguments = std::span<const std::string>;

struct Action {
    std::string name;       // "next-head": what a scenario writes after `do`
    std::string title;      // "Next head": what a person reads
    std::string arguments;  // "LAYER" where it takes some, for messages; "" where it takes none
    std::vector<KeyChord> chords;
    std::function<bool()> is_enabled;              // empty: always
    std::function<bool()> chord_applies;           // whether its keys mean it now; empty: always
    std::function<void(ActionArguments)> run;      // throws Error for bad arguments
    std::function<std::string()> shown_title{};    // what a menu says now; empty: the title
    std::function<bool(ActionArguments)> is_on{};  // for a check mark; empty: it has none
    std::string help{};                            // one sentence, of assets/help/actions.json
};

// Which keys are held and which went down in this frame.
struct KeyState {
    bool ctrl = false;
    bool shift = false;
    bool alt = false;
    bool typing = false;  // a text field has the keys: chords that belong to it are no action's
    std::function<bool(int key)> was_pressed;
    std::function<bool(const Action&)> is_allowed{};  // empty: every action
};

class Actions {
  public:
    // A name that is there already is a Bug.
    void add(Action action);
    const Action* find(std::string_view name) const;
    // The sentence of help of an action, whether it is there already or is added later.
    void set_help(std::string_view name, std::string help);
    const std::vector<Action>& all() const { return actions_; }
    // The chords of an action as people read them ("Ctrl+Q"); "" where it has none.
    std::string shown_chord(std::string_view name) const;

    // Throws Error (where "do") for an unknown name, an action that is not possible now, or bad
    // arguments.
    void run(std::string_view name, ActionArguments arguments) const;
    // Runs every enabled action one of whose chords went down.
    void run_pressed(const KeyState& keys) const;

  private:
    std::vector<Action> actions_;
    std::map<std::string, std::string, std::less<>> help_;
};

// The argument at `position` as a whole number of [low, high]; throws Error naming the action.
int parse_action_number(std::string_view action, ActionArguments arguments, std::size_t position,
                        int low, int high);

}  // namespace heed::app
