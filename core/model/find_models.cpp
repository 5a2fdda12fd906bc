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

std::size_t weight_bytes(const fs::path& folder) {
    std::size_t bytes = 0;
    for (const fs::path& path : list_folder(folder)) {
        std::error_code error;
        if (path.extension() != ".safetensors") continue;
        const auto size = fs::file_size(path, error);
        if (!error) bytes += size;
    }
    return bytes;
}

template <class Open>
FoundModel describe(std::string name, const fs::path& path, std::string origin, Open open) {
    FoundModel found;
    found.name = std::move(name);
    found.path = path;
    found.origin = std::move(origin);
    try {
        const std::shared_ptr<const Model> model = open(path);
        found.name = model->summary().name;
        found.family = model->summary().family;
        found.parameters = model->summary().parameters;
    } catch (const Error& error) {
        found.problem = error.what();
    }
    return found;
}

FoundModel describe_folder(const fs::path& folder, const std::string& origin) {
    FoundModel found = describe(
        folder_model_name(folder), folder, origin,
        [](const fs::path& path) { return open_model_folder(path, TokenizerUse::kLeaveOut); });
    found.bytes = weight_bytes(folder);
    return found;
}

void find_in_folder(const fs::path& folder, const std::string& origin,
                    std::vector<FoundModel>& out) {
    for (const fs::path& path : list_folder(folder)) {
        std::error_code ignored;
        if (fs::is_directory(path, ignored)) out.push_back(describe_folder(path, origin));
    }
}

void find_worksheets(const fs::path& folder, std::vector<FoundModel>& out) {
    for (const fs::path& path : list_folder(folder)) {
        if (path.extension() != ".json" || path.filename() == "schema.json") continue;
        FoundModel found = describe(path.stem().string(), path, "worksheet", open_worksheet);
        std::error_code error;
        const auto size = fs::file_size(path, error);
        if (!error) found.bytes = size;
        out.push_back(std::move(found));
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

void find_in_cache(std::vector<FoundModel>& out) {
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
        out.push_back(describe_folder(*snapshot, "Hugging Face cache"));
    }
}

}  // namespace

std::vector<FoundModel> find_models() {
    std::vector<FoundModel> found;
    const fs::path assets = assets_folder();
    find_in_folder(assets / "models", "shipped", found);
    find_worksheets(assets / "worksheets", found);
    if (const auto data = base_folder("XDG_DATA_HOME", ".local/share")) {
        find_in_folder(*data / "heed" / "models", "user", found);
    }
    find_in_cache(found);
    return found;
}

fs::path resolve_model(const std::string& name_or_path) {
    std::error_code ignored;
    if (!name_or_path.empty() && fs::exists(name_or_path, ignored)) return name_or_path;
    std::string names;
    for (const FoundModel& model : find_models()) {
        if (model.name == name_or_path) return model.path;
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
