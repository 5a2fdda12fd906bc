// Where models lie: shipped assets, the user's folder, the Hugging Face cache.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/model/model_folder.h"
#include "core/model/worksheet.h"

namespace heed {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> path_from_environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return fs::path(value);
}

// $`variable`, else ~/`fallback`; nullopt without a home.
std::optional<fs::path> base_folder(const char* variable, const char* fallback) {
    if (const auto given = path_from_environment(variable)) return given;
    const auto home = path_from_environment("HOME");
    if (!home) return std::nullopt;
    return *home / fallback;
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
        if (path.extension() == ".safetensors") bytes += file_bytes(path);
    }
    return bytes;
}

// Where a model may lie, before it is looked into.
struct Place {
    fs::path path;
    const char* origin;
    bool is_worksheet = false;
};

// The name that a person knows it by: cheap for folders, a worksheet has to be read.
std::string place_name(const Place& place) {
    if (!place.is_worksheet) return folder_model_name(place.path);
    try {
        return open_worksheet(place.path)->summary().name;
    } catch (const Error&) {
        return place.path.stem().string();
    }
}

FoundModel look_into(const Place& place) {
    FoundModel found;
    found.name = place_name(place);
    found.path = place.path;
    found.origin = place.origin;
    try {
        const std::shared_ptr<const Model> model =
            place.is_worksheet ? open_worksheet(place.path)
                               : open_model_folder(place.path, TokenizerUse::kLeaveOut);
        found.family = model->summary().family;
        found.parameters = model->summary().parameters;
    } catch (const Error& error) {
        found.problem = error.what();
    }
    found.bytes = place.is_worksheet ? file_bytes(place.path) : weight_bytes(place.path);
    return found;
}

void add_folders(const fs::path& folder, const char* origin, std::vector<Place>& out) {
    for (const fs::path& path : list_folder(folder)) {
        std::error_code ignored;
        if (fs::is_directory(path, ignored)) out.push_back({path, origin});
    }
}

void add_worksheets(const fs::path& folder, std::vector<Place>& out) {
    for (const fs::path& path : list_folder(folder)) {
        if (path.extension() != ".json" || path.filename() == "schema.json") continue;
        out.push_back({path, "worksheet", true});
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
    std::optional<fs::path> cache = path_from_environment("HF_HUB_CACHE");
    if (!cache) {
        cache = path_from_environment("HF_HOME");
        if (cache) *cache /= "hub";
    }
    if (!cache) {
        cache = base_folder("XDG_CACHE_HOME", ".cache");
        if (!cache) return;
        *cache = *cache / "huggingface" / "hub";
    }
    for (const fs::path& repository : list_folder(*cache)) {
        if (!repository.filename().string().starts_with("models--")) continue;
        const auto snapshot = cached_snapshot(repository);
        std::error_code ignored;
        if (!snapshot || !fs::exists(*snapshot / "config.json", ignored)) continue;
        out.push_back({*snapshot, "Hugging Face cache"});
    }
}

std::vector<Place> find_places() {
    std::vector<Place> places;
    const fs::path assets = assets_folder();
    add_folders(assets / "models", "shipped", places);
    add_worksheets(assets / "worksheets", places);
    if (const auto data = base_folder("XDG_DATA_HOME", ".local/share")) {
        add_folders(*data / "heed" / "models", "user", places);
    }
    add_cached(places);
    return places;
}

}  // namespace

std::vector<FoundModel> find_models() {
    std::vector<FoundModel> found;
    for (const Place& place : find_places()) found.push_back(look_into(place));
    return found;
}

fs::path resolve_model(const std::string& name_or_path) {
    std::error_code ignored;
    if (!name_or_path.empty() && fs::exists(name_or_path, ignored)) return name_or_path;
    for (const Place& place : find_places()) {
        if (place_name(place) == name_or_path) return place.path;
    }
    std::string names;
    for (const FoundModel& model : find_models()) {
        if (model.problem.empty()) names += (names.empty() ? "" : ", ") + model.name;
    }
    throw Error(name_or_path, "model", names.empty() ? "a path" : "a path or one of " + names,
                "nothing of this name");
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
