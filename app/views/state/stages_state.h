// What the stages view remembers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/ui/option_visitor.h"
#include "app/views/matrix_values.h"

namespace heed::app {

class StageTexts;     // app/views/stage_texts.h
struct StagesMemory;  // app/views/stages_scene.h

enum class StagesMode { kOneWord, kAllAtOnce };
// Whether a node's stage tells what goes into it or what comes out.
enum class StagesSide { kResult, kParts };

// What a person sets in it.
struct StagesOptions {
    StagesMode mode = StagesMode::kOneWord;
    StagesSide side = StagesSide::kResult;
    bool shows_code = false;
    bool keeps_numbers = false;  // shows some words with numbers rather than all without
    float seconds = 1;           // of one step while it plays

    void visit(OptionVisitor& v) {
        static constexpr std::string_view kModes[] = {"one-word", "all-at-once"};
        static constexpr std::string_view kSides[] = {"result", "parts"};
        visit_choice(v, "mode", "One word or all at once", mode, kModes);
        visit_choice(v, "side", "What comes out of a step or what goes in", side, kSides);
        v.flag("code", "Code beside the numbers", shows_code);
        v.flag("numbers", "Fewer words, with their numbers", keeps_numbers);
        v.real("seconds", "Seconds of a step while it plays", seconds, 0.5F, 2.0F);
    }
    bool operator==(const StagesOptions&) const = default;
};

struct StagesViewState {
    StagesOptions options;
    std::shared_ptr<const StageTexts> texts;  // null: nothing is said
    std::shared_ptr<StagesMemory> memory;     // what the view has found out about the trace
    MatrixCache values;
    // First position in sight of axes that are too long; moved by the view, as scrolling is.
    int first_inner = 0;
    int first_row = 0;
    int first_column = 0;
    std::string seen_node;  // for which they were set
    std::vector<int> seen_cell;
    bool seen_numbers = false;
    bool is_playing = false;
    std::optional<double> next_step_s;  // when it goes on; set by the first frame that plays
};

}  // namespace heed::app
