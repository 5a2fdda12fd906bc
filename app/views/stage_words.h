// The numbers of the chosen word at a stage, as words for its texts. Pure; read once for a
// selection.
#pragma once

#include <string>

#include "app/views/stage_list.h"
#include "app/views/stage_texts.h"

namespace heed::app {

struct StageFacts {
    std::string help;    // what its texts are filed under: "mask/none"
    int largest_at = 0;  // column of the largest of the chosen row
    StageWords words;    // "query": "he", "top": "bark", "percent": "69", "before", "after", ...
};
// What a stage's texts are filed under, as far as the graph tells: "mask/none".
std::string stage_help(const Graph& graph, const StageEntry& entry);

// What is known without a value of the trace: names, numbers of words and heads.
StageFacts name_facts(const Trace& trace, const Selection& selection, const StageEntry& entry,
                      NodeId node);
// All of them; waits for the values.
StageFacts collect_facts(const Trace& trace, const Selection& selection, const StageEntry& entry,
                         NodeId node);

}  // namespace heed::app
