// The list that opens under the model's name: every model with its family, parameters and size on
// disk, or why it cannot be opened. Letters look for names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/ui/search_line.h"
#include "app/views/state/help_state.h"
#include "app/views/view.h"
#include "core/model/model.h"

namespace heed::app {

struct ModelPickerState {
    SearchState query;
    std::vector<std::size_t> found;  // places in the list of models
    std::string found_for;
    std::shared_ptr<const std::vector<FoundModel>> found_in;
    HelpState help;
};

void open_model_picker(UiContext& ui, ModelPickerState& state);
// While it is open: under `anchor`. `models` is null while they are looked for; `shown` is the path
// of the open one. Hands back the action `open`, or `open-file`.
ViewResult draw_model_picker(UiContext& ui, ModelPickerState& state, const Rect& anchor,
                             const std::shared_ptr<const std::vector<FoundModel>>& models,
                             const std::string& shown);

// Whether the larger model is there that tools/get_model.py fetches: then nothing need be said of
// it.
bool has_fetched_model(const std::vector<FoundModel>& models);

// The models that `query` finds, the best first; all in their order where it is empty. Families and
// places count less than names.
std::vector<std::size_t> rank_models(const std::vector<FoundModel>& models,
                                     const std::string& query);

}  // namespace heed::app
