#include "app/document/settings.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/atomic_file.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"

namespace heed::app {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 24;
constexpr int kFarthest = 1 << 20;  // of a window from the screen's corner
constexpr int kMostIndex = 1 << 30;
constexpr std::size_t kMostAxes = 8;
constexpr std::size_t kMostRecent = 100;

std::filesystem::path xdg_folder(const char* variable, const char* below_home) {
    const auto folder = [](const char* name) -> std::filesystem::path {
        const char* value = std::getenv(name);
        return value != nullptr ? value : "";
    };
    std::filesystem::path base = folder(variable);
    if (!base.is_absolute()) base = folder("HOME") / below_home;
    return base / "heed";
}

std::optional<std::string> get_text(const JsonReader& reader, std::string_view key) {
    if (!reader.has(key)) return std::nullopt;
    return reader.get_string(key, std::nullopt);
}

int get_index(const JsonReader& reader, std::string_view key) {
    return static_cast<int>(reader.get_int(key, 0, 0, kMostIndex));
}

std::vector<int> read_ids(const JsonReader& reader, std::string_view key) {
    std::vector<int> ids;
    const Json* list = reader.get_array(key);
    if (list == nullptr) return ids;
    for (const Json& id : list->array) {
        const bool is_id = id.is_integer && id.integer >= 0 && id.integer < kMostIndex;
        if (!is_id) reader.fail(key, "whole numbers", &id);
        ids.push_back(static_cast<int>(id.integer));
    }
    return ids;
}

Selection read_selection(const JsonReader& reader, std::string_view where) {
    const Json* json = reader.get_object("selection");
    Selection selection;
    if (json == nullptr) return selection;
    const JsonReader inside(*json, std::string(where), "selection");
    selection.site = inside.get_string("site", "");
    selection.layer = get_index(inside, "layer");
    selection.head = get_index(inside, "head");
    selection.query = get_index(inside, "query");
    selection.key = get_index(inside, "key");
    selection.node = inside.get_string("node", "");
    const Json* cell = inside.get_array("cell");
    if (cell == nullptr) return selection;
    for (const Json& index : cell->array) {
        const bool is_index = index.is_integer && index.integer >= 0 && index.integer < kMostIndex;
        if (!is_index || cell->array.size() > kMostAxes) {
            inside.fail("cell", "up to 8 whole numbers", &index);
        }
        selection.cell.push_back(static_cast<int>(index.integer));
    }
    return selection;
}

std::optional<WindowPlace> read_window(const JsonReader& reader, std::string_view where) {
    const Json* json = reader.get_object("window");
    if (json == nullptr) return std::nullopt;
    WindowPlace place;
    const JsonReader inside(*json, std::string(where), "window");
    const auto get_side = [&](std::string_view key, int fallback) {
        return static_cast<int>(inside.get_int(key, fallback, kSmallestSide, kLargestSide));
    };
    place.width = get_side("width", place.width);
    place.height = get_side("height", place.height);
    if (inside.has("x") && inside.has("y")) {
        place.x = static_cast<int>(inside.get_int("x", 0, -kFarthest, kFarthest));
        place.y = static_cast<int>(inside.get_int("y", 0, -kFarthest, kFarthest));
    }
    place.is_maximised = inside.get_bool("maximised", false);
    return place;
}

std::string quote(std::string_view text) {
    return quote_json(replace_invalid_utf8(text));
}

template <class Value>
Value load(const std::filesystem::path& path,
           Value (*parse)(std::string_view text, std::string_view where)) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return {};
    try {
        return parse(read_text_file(path, kMaxBytes), path.string());
    } catch (const Error&) {
        keep_aside(path);
        throw;
    }
}

}  // namespace

std::filesystem::path settings_path() {
    return xdg_folder("XDG_CONFIG_HOME", ".config") / "settings.json";
}

std::filesystem::path session_path() {
    return xdg_folder("XDG_STATE_HOME", ".local/state") / "session.json";
}

std::vector<OptionValue> parse_settings(std::string_view text, std::string_view where) {
    const Json json = parse_json(text, where);
    const JsonReader reader(json, std::string(where));
    std::vector<OptionValue> options;
    const Json* all = reader.get_object("options");
    if (all == nullptr) return options;
    const JsonReader inside(*all, std::string(where), "options");
    for (const auto& [name, value] : all->object) {
        if (!value.is_string()) inside.fail(name, "a string", &value);
        options.push_back({name, value.string});
    }
    return options;
}

Session parse_session(std::string_view text, std::string_view where) {
    const Json json = parse_json(text, where);
    const JsonReader reader(json, std::string(where));
    Session session;
    session.inputs.model = reader.get_string("model", "");
    session.inputs.text = reader.get_string("text", session.inputs.text);
    session.inputs.pair = get_text(reader, "pair");
    session.inputs.other = get_text(reader, "other");
    session.inputs.image = get_text(reader, "image");
    session.inputs.sketch = get_text(reader, "sketch");
    session.inputs.target = get_text(reader, "target");
    session.inputs.memory = get_text(reader, "memory");
    session.inputs.ids = read_ids(reader, "ids");
    session.inputs.target_ids = read_ids(reader, "target_ids");
    session.selection = read_selection(reader, where);
    session.window = read_window(reader, where);
    session.folder = reader.get_string("folder", "");
    const Json* recent = reader.get_array("recent");
    if (recent == nullptr) return session;
    for (const Json& title : recent->array) {
        if (!title.is_string()) reader.fail("recent", "strings", &title);
        if (session.recent.size() < kMostRecent) session.recent.push_back(title.string);
    }
    return session;
}

std::string write_settings(const std::vector<OptionValue>& options) {
    std::string text = "{\n  \"options\": {";
    const char* before = "\n    ";
    for (const OptionValue& option : options) {
        text += fmt::format("{}{}: {}", before, quote(option.name), quote(option.value));
        before = ",\n    ";
    }
    return text + (options.empty() ? "}\n}\n" : "\n  }\n}\n");
}

namespace {

std::string write_window(const WindowPlace& place) {
    std::string text = ",\n  \"window\": {";
    if (place.x && place.y) text += fmt::format("\"x\": {}, \"y\": {}, ", *place.x, *place.y);
    return text + fmt::format("\"width\": {}, \"height\": {}, \"maximised\": {}}}", place.width,
                              place.height, place.is_maximised);
}

}  // namespace

std::string write_session(const Session& session) {
    std::string text = "{\n";
    const DocumentInputs& inputs = session.inputs;
    if (!inputs.model.empty()) text += fmt::format("  \"model\": {},\n", quote(inputs.model));
    text += fmt::format("  \"text\": {},\n", quote(inputs.text));
    if (inputs.pair) text += fmt::format("  \"pair\": {},\n", quote(*inputs.pair));
    if (!session.folder.empty()) text += fmt::format("  \"folder\": {},\n", quote(session.folder));
    if (inputs.other) text += fmt::format("  \"other\": {},\n", quote(*inputs.other));
    if (inputs.image) text += fmt::format("  \"image\": {},\n", quote(*inputs.image));
    if (inputs.sketch) text += fmt::format("  \"sketch\": {},\n", quote(*inputs.sketch));
    if (inputs.target) text += fmt::format("  \"target\": {},\n", quote(*inputs.target));
    if (inputs.memory) text += fmt::format("  \"memory\": {},\n", quote(*inputs.memory));
    if (!inputs.ids.empty()) {
        text += fmt::format("  \"ids\": [{}],\n", fmt::join(inputs.ids, ", "));
    }
    if (!inputs.target_ids.empty()) {
        text += fmt::format("  \"target_ids\": [{}],\n", fmt::join(inputs.target_ids, ", "));
    }
    const Selection& selection = session.selection;
    text += fmt::format(
        "  \"selection\": {{\"layer\": {}, \"head\": {}, \"query\": {}, \"key\": {}, "
        "\"node\": {}, \"cell\": [{}], \"site\": {}}}",
        selection.layer, selection.head, selection.query, selection.key, quote(selection.node),
        fmt::join(selection.cell, ", "), quote(selection.site));
    if (session.window) text += write_window(*session.window);
    std::vector<std::string> recent;
    for (const std::string& title : session.recent) recent.push_back(quote(title));
    if (!recent.empty()) text += fmt::format(",\n  \"recent\": [{}]", fmt::join(recent, ", "));
    return text + "\n}\n";
}

std::vector<OptionValue> load_settings(const std::filesystem::path& path) {
    return load(path, parse_settings);
}

Session load_session(const std::filesystem::path& path) {
    return load(path, parse_session);
}

void keep_aside(const std::filesystem::path& path) {
    std::error_code ignored;
    std::filesystem::path aside = path;
    aside += ".bad";
    std::filesystem::rename(path, aside, ignored);
}

void save_kept_file(const std::filesystem::path& path, std::string_view text) {
    std::error_code failure;
    std::filesystem::create_directories(path.parent_path(), failure);
    write_file_atomically(path, text);
}

}  // namespace heed::app
