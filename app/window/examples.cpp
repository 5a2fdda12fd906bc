#include "app/window/examples.h"

#include <fstream>
#include <sstream>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/model/model.h"

namespace heed::app {

std::vector<Example> parse_examples(std::string_view json, std::string_view where) {
    const Json root = parse_json(json, where);
    const Json* list = root.is_object() ? root.find("examples") : nullptr;
    if (list == nullptr || !list->is_array()) {
        throw Error(where, "examples", "a list", list == nullptr ? "none" : list->describe());
    }
    std::vector<Example> examples;
    for (const Json& entry : list->array) {
        const std::string field = "examples[" + std::to_string(examples.size()) + "]";
        const Json* text = entry.is_object() ? entry.find("text") : nullptr;
        if (text == nullptr || !text->is_string()) {
            throw Error(where, field + ".text", "a sentence",
                        text == nullptr ? "none" : text->describe());
        }
        Example example{text->string, std::nullopt};
        const Json* other = entry.find("other");
        if (other != nullptr) {
            if (!other->is_string()) {
                throw Error(where, field + ".other", "a sentence", other->describe());
            }
            example.other = other->string;
        }
        examples.push_back(std::move(example));
    }
    return examples;
}

std::vector<Example> load_examples() {
    const std::filesystem::path path = assets_folder() / "examples.json";
    const std::ifstream file(path);
    if (!file) throw Error(path.string(), "", "a file that can be read", "none");
    std::ostringstream text;
    text << file.rdbuf();
    return parse_examples(text.str(), path.string());
}

}  // namespace heed::app
