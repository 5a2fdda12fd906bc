#include "app/document/person_state.h"

#include <algorithm>

namespace heed::app {

namespace {

std::string title_of(const std::string& option, const std::vector<OptionEntry>& titles) {
    if (option.starts_with("panels.")) return "Panels";
    const auto at = std::find_if(titles.begin(), titles.end(),
                                 [&](const OptionEntry& entry) { return entry.name == option; });
    return at == titles.end() ? option : at->title;
}

}  // namespace

std::string name_change(const PersonState& before, const PersonState& after,
                        const std::vector<OptionEntry>& titles) {
    if (before.inputs.model != after.inputs.model) return "Model";
    if (before.inputs.text != after.inputs.text) return "Sentence";
    if (before.inputs.pair != after.inputs.pair) return "Second sentence";
    if (before.inputs.other != after.inputs.other) return "Sentence to compare with";
    if (before.inputs.image != after.inputs.image) return "Picture";
    if (before.inputs.sketch != after.inputs.sketch) return "Drawing";
    if (before.inputs.target != after.inputs.target ||
        before.inputs.target_ids != after.inputs.target_ids) {
        return "Decoder's text";
    }
    if (before.inputs.memory != after.inputs.memory) return "Segment before";
    if (before.inputs.ids != after.inputs.ids) return "Sentence";
    const Selection& from = before.selection;
    const Selection& to = after.selection;
    if (from.site != to.site) return "Attention";
    if (from.layer != to.layer) return "Layer";
    if (from.head != to.head) return "Head";
    if (from.query != to.query || from.key != to.key) return "Chosen word";
    if (!(from == to)) return "Number asked about";
    for (std::size_t i = 0; i < after.options.size(); ++i) {
        const bool is_same = i < before.options.size() && before.options[i] == after.options[i];
        if (!is_same) return title_of(after.options[i].name, titles);
    }
    return "";
}

}  // namespace heed::app
