// What the parts of the stages view share: the stage that is told and what was found out about it.
#pragma once

#include "app/views/lecture.h"
#include "app/views/stages.h"

namespace heed::app {

// Kept between frames: found anew for another trace, layer or selection.
struct StagesMemory {
    std::uint64_t trace_number = 0;
    int layer = -1;
    std::string site;
    std::vector<StageEntry> stages;
    std::optional<LecturePlan> plan;
    // Of the selection and stage below.
    Selection selection;
    int stage = -1;
    StageFacts facts;
    bool has_facts = false;   // false: only names so far, the numbers are on their way
    int revealed_stage = -1;  // that the list was last scrolled to
    float revealed_h = 0;     // and the height it had
};

// Brings the memory up to date and gives the stage that is told; -1 where there is none.
int update_memory(const Trace& trace, const Selection& selection, StagesViewState& state,
                  std::uint64_t trace_number);

struct StageScene {
    const Trace& trace;
    const Selection& selection;
    const StagesMemory& memory;
    const StageEntry& entry;
    int stage = 0;
    NodeId node = -1;
    StagesViewState& state;
    UiContext& ui;

    const Node& told() const { return trace.graph().node(node); }
    bool is_lecture() const {
        return state.options.mode == StagesMode::kOneWord && memory.plan &&
               find_step(*memory.plan, stage) >= 0;
    }
};

std::string stage_title(const StageScene& scene);

// The matrices of the stage; lecture.h has the other way to tell it.
ViewResult draw_equation(const StageScene& scene, const StageLayout& layout);

}  // namespace heed::app
