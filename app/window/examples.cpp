#include "app/window/examples.h"

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/model/model.h"

namespace heed::app {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

std::optional<std::string> read_text(const JsonReader& reader, std::string_view key) {
    if (!reader.has(key)) return std::nullopt;
    return reader.get_string(key, std::nullopt);
}

Example read_example(const JsonReader& reader, const std::filesystem::path& folder) {
    Example example;
    const std::optional<std::string> image = read_text(reader, "image");
    example.text = image ? "" : reader.get_string("text", std::nullopt);
    if (image) example.image = (folder / *image).string();
    example.other = read_text(reader, "other");
    example.pair = read_text(reader, "pair");
    example.target = read_text(reader, "target");
    example.note = reader.get_string("note", "");
    return example;
}

std::vector<Example> load_list(const std::filesystem::path& path) {
    return parse_examples(read_text_file(path, kMostBytes), path.string(), path.parent_path());
}

}  // namespace

std::string Example::title() const {
    std::string title = text;
    if (image) title = note.empty() ? std::filesystem::path(*image).filename().string() : note;
    if (other) title += " / " + *other;
    if (pair) title += " | " + *pair;
    if (target) title += " \u2192 " + *target;
    return title;
}

std::vector<Example> parse_examples(std::string_view json, std::string_view where,
                                    const std::filesystem::path& folder) {
    const Json root = parse_json(json, where);
    const Json* list = root.is_object() ? root.find("examples") : nullptr;
    if (list == nullptr || !list->is_array()) {
        throw Error(std::string(where), "examples", "a list",
                    list == nullptr ? "none" : list->describe());
    }
    std::vector<Example> examples;
    for (const Json& entry : list->array) {
        const std::string field = "examples[" + std::to_string(examples.size()) + "]";
        if (!entry.is_object())
            throw Error(std::string(where), field, "an object", entry.describe());
        examples.push_back(read_example({entry, std::string(where), field}, folder));
    }
    return examples;
}

std::vector<Example> load_examples() {
    return load_list(assets_folder() / "examples.json");
}

std::vector<Example> load_model_examples(const std::filesystem::path& model) {
    const std::filesystem::path path = model / "examples.json";
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return {};
    return load_list(path);
}

}  // namespace heed::app
