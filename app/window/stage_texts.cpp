#include "app/window/stage_texts.h"

#include <fstream>
#include <sstream>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

}  // namespace

StageTexts::StageTexts(std::string_view json, std::string_view where) {
    const Json root = parse_json(json, where);
    if (!root.is_object()) throw Error(where, "", "an object of sentences", root.describe());
    for (const auto& [stage, sentence] : root.object) {
        if (!sentence.is_string()) throw Error(where, stage, "a sentence", sentence.describe());
        sentences_.emplace(stage, sentence.string);
    }
}

StageTexts StageTexts::load() {
    const std::filesystem::path path = assets_folder() / "help" / "stages.json";
    const std::ifstream file(path);
    if (!file) throw Error(path.string(), "", "a file that can be read", "none");
    std::ostringstream text;
    text << file.rdbuf();
    return {text.str(), path.string()};
}

std::string StageTexts::sentence(std::string_view stage, std::string_view query,
                                 std::string_view key) const {
    const auto at = sentences_.find(stage);
    if (at == sentences_.end()) return "";
    std::string text = at->second;
    replace_all(text, "{query}", query);
    replace_all(text, "{key}", key);
    return text;
}

}  // namespace heed::app
