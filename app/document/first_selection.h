// What is shown before anybody has chosen.
#pragma once

#include <memory>
#include <string>

#include "app/document/selection.h"
#include "core/analysis/atlas.h"
#include "core/model/model.h"
#include "core/run/trace.h"

namespace heed::app {

// The atlas beside a model's weights, or why it is left out.
struct FoundAtlas {
    std::shared_ptr<const Atlas> atlas;  // null where there is none
    std::string note;
};
FoundAtlas find_model_atlas(const Model* model, const Trace& trace);

// The largest weight that a word gives to an earlier one that is not its neighbour, in a head that
// the atlas calls by what it connects, where one of them gives as much as a name of a head needs;
// else in any head. There is something to see there. The first head where there is none, and in
// long sentences. Waits for the patterns.
Selection choose_first(const Trace& trace, const Atlas* atlas);

}  // namespace heed::app
