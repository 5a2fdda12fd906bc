// Walking through the stages of the pass, playing them, and the two ways to tell them.
#include "app/views/axes.h"
#include "app/views/stages_scene.h"
#include "app/window/program.h"
#include "core/base/error.h"
#include "core/run/explain.h"

namespace heed::app {

namespace {

KeyChord plain(int key) {
    return {false, false, false, key};
}

}  // namespace

int Program::current_stage() {
    if (document_.trace() == nullptr) return -1;
    return update_memory(*document_.trace(), document_.selection(), document_.views.stages,
                         document_.trace_number());
}

int Program::count_stages() {
    if (current_stage() < 0) return 0;
    return static_cast<int>(document_.views.stages.memory->stages.size());
}

void Program::go_to_stage(int stage) {
    const StageEntry& entry =
        document_.views.stages.memory->stages[static_cast<std::size_t>(stage)];
    document_.views.stages.options.side =
        entry.tells_parts ? StagesSide::kParts : StagesSide::kResult;
    document_.select(ask_node(document_.trace()->graph(), document_.selection(), entry.shown));
    show_in_centre("stages");
}

void Program::set_playing(bool is_playing) {
    StagesViewState& stages = document_.views.stages;
    stages.is_playing = is_playing;
    stages.next_step_s.reset();
    if (!is_playing) return;
    const bool is_at_end = current_stage() + 1 >= count_stages();
    go_to_stage(is_at_end ? 0 : current_stage());
}

void Program::add_stage_actions() {
    const auto has_trace = [this] { return document_.trace() != nullptr; };
    add_walking_actions();
    add_playing_actions();
    actions_.add({"ask",
                  "Ask about a cell",
                  "NODE[INDICES]",
                  {},
                  has_trace,
                  {},
                  [this](ActionArguments arguments) {
                      if (arguments.size() != 1) {
                          throw Error("do", "ask", "a cell",
                                      arguments.empty() ? "nothing" : "several words");
                      }
                      const std::string& text = arguments.front();
                      const Cell cell = parse_cell(document_.trace()->graph(), text);
                      if (cell.kind != CellKind::kNode) {
                          throw Error("do", "ask", "a cell of a node", in_quotes(text));
                      }
                      document_.select(ask_word_cell(*document_.trace(), document_.selection(),
                                                     cell.id, cell.index));
                  }});
}

void Program::add_walking_actions() {
    const auto walks_stages = [this] { return shell_.panels.centre() == "stages"; };
    const auto has_stage = [this] { return current_stage() >= 0; };
    const auto may_go_back = [this] { return current_stage() > 0; };
    const auto may_go_on = [this] {
        const int stage = current_stage();
        return stage >= 0 && stage + 1 < count_stages();
    };
    actions_.add(
        {"stage", "Go to a stage", "NUMBER", {}, has_stage, {}, [this](ActionArguments arguments) {
             go_to_stage(parse_action_number("stage", arguments, 0, 0, count_stages() - 1));
         }});
    actions_.add({"previous-step",
                  "Step before",
                  "",
                  {plain(kKeyLeft)},
                  may_go_back,
                  walks_stages,
                  [this](ActionArguments) { go_to_stage(current_stage() - 1); }});
    actions_.add({"next-step",
                  "Step after",
                  "",
                  {plain(kKeyRight)},
                  may_go_on,
                  walks_stages,
                  [this](ActionArguments) { go_to_stage(current_stage() + 1); }});
    actions_.add({"first-step",
                  "First step",
                  "",
                  {plain(kKeyHome)},
                  may_go_back,
                  walks_stages,
                  [this](ActionArguments) { go_to_stage(0); }});
    actions_.add({"last-step",
                  "Last step",
                  "",
                  {plain(kKeyEnd)},
                  may_go_on,
                  walks_stages,
                  [this](ActionArguments) { go_to_stage(count_stages() - 1); }});
}

void Program::add_playing_actions() {
    const auto shows_stages = [this] { return shell_.panels.centre() == "stages"; };
    const auto has_stage = [this] { return current_stage() >= 0; };
    const auto is_playing = [this] { return document_.views.stages.is_playing; };
    actions_.add({"play-or-pause",
                  "Play the stages, or pause",
                  "",
                  {plain(kKeySpace)},
                  has_stage,
                  shows_stages,
                  [this](ActionArguments) { set_playing(!document_.views.stages.is_playing); }});
    actions_.add({"play", "Play the stages", "", {}, has_stage, {}, [this](ActionArguments) {
                      set_playing(true);
                  }});
    actions_.add(
        {"pause", "Stop playing", "", {plain(kKeyEscape)}, is_playing, {}, [this](ActionArguments) {
             set_playing(false);
         }});
    actions_.add({"stages-mode",
                  "One word at a time, or all at once",
                  "",
                  {plain(kKeyA + ('M' - 'A'))},
                  has_stage,
                  shows_stages,
                  [this](ActionArguments) {
                      StagesMode& mode = document_.views.stages.options.mode;
                      mode = mode == StagesMode::kOneWord ? StagesMode::kAllAtOnce
                                                          : StagesMode::kOneWord;
                      show_in_centre("stages");
                  }});
    actions_.add({"stages-code",
                  "Code beside the numbers",
                  "",
                  {plain(kKeyA + ('C' - 'A'))},
                  has_stage,
                  shows_stages,
                  [this](ActionArguments) {
                      bool& shows_code = document_.views.stages.options.shows_code;
                      shows_code = !shows_code;
                      show_in_centre("stages");
                  }});
}

}  // namespace heed::app
