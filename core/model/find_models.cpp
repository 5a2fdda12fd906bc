// Where models lie: shipped assets, the user's folder, the Hugging Face cache.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/format/gguf.h"
#include "core/format/safetensors_index.h"
#include "core/model/config.h"
#include "core/model/model_folder.h"
#include "core/model/worksheet.h"

namespace heed {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> path_from_environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    const std::string_view text = value;
    const char* home = std::getenv("HOME");
    if (home != nullptr && (text == "~" || text.starts_with("~/"))) {
        return fs::path(home).concat(text.substr(1));
    }
    return fs::path(text);
}

// $`variable`, else ~/`fallback`; nullopt without a home.
std::optional<fs::path> base_folder(const char* variable, const char* fallback) {
    if (const auto given = path_from_environment(variable)) return given;
    const auto home = path_from_environment("HOME");
    if (!home) return std::nullopt;
    return *home / fallback;
}

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return text;
}

// What lies in a folder, by name; nothing where it cannot be read.
std::vector<fs::path> list_folder(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        paths.push_back(entries->path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::size_t file_bytes(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return error ? 0 : size;
}

std::size_t weight_bytes(const fs::path& folder) {
    std::size_t bytes = 0;
    for (const fs::path& path : list_folder(folder)) {
        if (is_weight_file(path)) bytes += file_bytes(path);
    }
    return bytes;
}

// Where a model may lie, before it is looked into.
struct Place {
    enum class Kind { kFolder, kGguf, kWorksheet };
    fs::path path;
    std::string origin;
    Kind kind = Kind::kFolder;
    std::string name;  // of a worksheet: empty, it has to be read
};

// The name that a person knows it by.
std::string place_name(const Place& place) {
    if (place.kind != Place::Kind::kWorksheet) return place.name;
    try {
        return open_worksheet(place.path)->summary().name;
    } catch (const Error&) {
        return place.path.stem().string();
    }
}

std::shared_ptr<const Model> open_place(const Place& place) {
    if (place.kind == Place::Kind::kWorksheet) return open_worksheet(place.path);
    if (place.kind == Place::Kind::kGguf) {
        return open_gguf_model(place.path, TokenizerUse::kLeaveOut);
    }
    return open_model_folder(place.path, TokenizerUse::kLeaveOut);
}

// What its own files say of a model that heed cannot open: family and parameters, from the heads of
// the files alone; what they do not say is left as it is.
void read_heads(const Place& place, FoundModel& found) {
    try {
        if (place.kind == Place::Kind::kGguf) {
            const GgufFile file(place.path);
            found.family = file.get_string("general.architecture", "");
            for (const GgufEntry& entry : file.content().entries) {
                found.parameters += entry.count();
            }
        } else if (place.kind == Place::Kind::kFolder) {
            const ModelConfig config = load_config(place.path / "config.json");
            found.family = config.reader().get_string("model_type", "");
            const SafetensorsFolder files(place.path);
            for (const SafetensorsEntry* entry : files.entries()) {
                if (is_float_dtype(entry->dtype)) found.parameters += entry->count();
            }
        }
    } catch (const Error&) {
        // The files are part of what is wrong with it; why is said already.
    }
}

FoundModel look_into(const Place& place) {
    FoundModel found;
    found.name = place_name(place);
    found.path = place.path;
    found.origin = place.origin;
    try {
        const std::shared_ptr<const Model> model = open_place(place);
        found.family = model->summary().family;
        found.parameters = model->summary().parameters;
    } catch (const Error& error) {
        found.problem = error.what();
        read_heads(place, found);
    }
    const bool is_folder = place.kind == Place::Kind::kFolder;
    found.bytes = is_folder ? weight_bytes(place.path) : file_bytes(place.path);
    return found;
}

// What is in a folder that may be a model: one, or several GGUF files without a config.
void add_model(const fs::path& folder, const std::string& name, const std::string& origin,
               std::vector<Place>& out) {
    std::error_code ignored;
    const std::vector<fs::path> files = list_gguf_files(folder);
    if (files.empty() || fs::exists(folder / "config.json", ignored)) {
        out.push_back({folder, origin, Place::Kind::kFolder, name});
        return;
    }
    for (const fs::path& file : files) {
        const std::string own = files.size() == 1 ? name : name + "/" + gguf_model_name(file);
        out.push_back({file, origin, Place::Kind::kGguf, own});
    }
}

void add_folders(const fs::path& folder, const char* origin, std::vector<Place>& out) {
    for (const fs::path& path : list_folder(folder)) {
        std::error_code ignored;
        if (fs::is_directory(path, ignored)) add_model(path, folder_model_name(path), origin, out);
    }
    for (const fs::path& file : list_gguf_files(folder)) {
        out.push_back({file, origin, Place::Kind::kGguf, gguf_model_name(file)});
    }
}

void add_worksheets(const fs::path& folder, std::vector<Place>& out) {
    for (const fs::path& path : list_folder(folder)) {
        if (path.extension() != ".json" || path.filename() == "schema.json") continue;
        out.push_back({path, "worksheet", Place::Kind::kWorksheet, ""});
    }
}

// The snapshot of a cached repository: that of refs/main, else the last by name.
std::optional<fs::path> cached_snapshot(const fs::path& repository) {
    std::ifstream main_ref(repository / "refs" / "main");
    std::string revision;
    std::error_code ignored;
    if (main_ref >> revision && fs::path(revision).filename() == revision &&
        fs::is_directory(repository / "snapshots" / revision, ignored)) {
        return repository / "snapshots" / revision;
    }
    const std::vector<fs::path> snapshots = list_folder(repository / "snapshots");
    if (snapshots.empty()) return std::nullopt;
    return snapshots.back();
}

void add_cached(std::vector<Place>& out) {
    for (const fs::path& repository : list_folder(hugging_face_cache())) {
        if (!repository.filename().string().starts_with("models--")) continue;
        const auto snapshot = cached_snapshot(repository);
        std::error_code ignored;
        if (!snapshot) continue;
        const bool has_model =
            fs::exists(*snapshot / "config.json", ignored) || !list_gguf_files(*snapshot).empty();
        if (has_model) {
            add_model(*snapshot, folder_model_name(*snapshot), "Hugging Face cache", out);
        }
    }
}

std::vector<Place> find_places() {
    std::vector<Place> places;
    const fs::path assets = assets_folder();
    add_folders(assets / "models", "shipped", places);
    add_worksheets(assets / "worksheets", places);
    add_folders(user_models_folder(), "user", places);
    add_cached(places);
    return places;
}

}  // namespace

std::vector<FoundModel> find_models() {
    std::vector<FoundModel> found;
    for (const Place& place : find_places()) found.push_back(look_into(place));
    // By name within what is of one origin, which stay in their order.
    for (auto first = found.begin(); first != found.end();) {
        const auto last = std::find_if(first, found.end(), [&](const FoundModel& model) {
            return model.origin != first->origin;
        });
        std::stable_sort(first, last, [](const FoundModel& a, const FoundModel& b) {
            return std::pair(lower_case(a.name), a.name) < std::pair(lower_case(b.name), b.name);
        });
        first = last;
    }
    return found;
}

fs::path resolve_model(const std::string& name_or_path) {
    std::error_code ignored;
    if (!name_or_path.empty() && fs::exists(name_or_path, ignored)) return name_or_path;
    const std::vector<Place> places = find_places();
    for (const Place& place : places) {
        if (place_name(place) == name_or_path) return place.path;
    }
    std::string names;
    for (const FoundModel& model : find_models()) {
        if (model.problem.empty()) names += (names.empty() ? "" : ", ") + model.name;
    }
    throw Error(name_or_path, "model", names.empty() ? "a path" : "a path or one of " + names,
                "nothing of this name");
}

fs::path user_models_folder() {
    const auto data = base_folder("XDG_DATA_HOME", ".local/share");
    return data ? *data / "heed" / "models" : fs::path();
}

fs::path hugging_face_cache() {
    if (const auto hub = path_from_environment("HF_HUB_CACHE")) return *hub;
    if (const auto hub = path_from_environment("HUGGINGFACE_HUB_CACHE")) return *hub;
    if (const auto home = path_from_environment("HF_HOME")) return *home / "hub";
    const auto cache = base_folder("XDG_CACHE_HOME", ".cache");
    return cache ? *cache / "huggingface" / "hub" : fs::path();
}

fs::path assets_folder() {
    if (const auto given = path_from_environment("HEED_ASSETS")) return *given;
    std::error_code error;
    const fs::path executable = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        const fs::path folder = executable.parent_path();
        for (const fs::path& path : {folder / "assets", folder.parent_path() / "assets",
                                     folder.parent_path() / "share" / "heed" / "assets"}) {
            if (fs::is_directory(path, error)) return path;
        }
    }
    return fs::path(HEED_SOURCE_DIR) / "assets";
}

}  // namespace heed
