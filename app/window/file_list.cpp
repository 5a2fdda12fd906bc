#include "app/window/file_list.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <tuple>
#include <utility>

#include "app/ui/fuzzy.h"
#include "app/window/save_sheet.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

namespace fs = std::filesystem;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return lower(c); });
    return text;
}

bool begins_with(std::string_view text, std::string_view start) {
    return text.size() >= start.size() &&
           std::equal(start.begin(), start.end(), text.begin(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

bool is_model_folder(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(folder / "config.json", ignored);
}

// Whether a JSON file is one that a teacher wrote: tokens and vectors near its beginning.
bool looks_like_worksheet(const fs::path& path) {
    std::array<char, 4096> head{};
    std::ifstream file(path, std::ios::binary);
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    const std::string_view text(head.data(), static_cast<std::size_t>(file.gcount()));
    return text.find("\"vectors\"") != std::string_view::npos ||
           (text.find("\"tokens\"") != std::string_view::npos &&
            text.find("\"model_type\"") == std::string_view::npos &&
            text.find("\"added_tokens\"") == std::string_view::npos);
}

}  // namespace

std::optional<FileKind> kind_by_ending(const fs::path& path) {
    const std::string ending = lower(path.extension().string());
    if (ending == ".gguf") return FileKind::kGguf;
    if (ending == ".png" || ending == ".jpg" || ending == ".jpeg") return FileKind::kPicture;
    return std::nullopt;
}

namespace {

// What a file is to heed; nullopt for one that it does not open. `in_model`: beside a config.json.
std::optional<FileKind> kind_of_file(const fs::path& path, bool in_model) {
    const std::string ending = lower(path.extension().string());
    if (const auto kind = kind_by_ending(path)) return kind;
    if (ending == ".safetensors") return in_model ? FileKind::kModel : FileKind::kTrace;
    if (ending != ".json" || in_model) return std::nullopt;
    if (path.filename() == "schema.json" || !looks_like_worksheet(path)) return std::nullopt;
    return FileKind::kWorksheet;
}

std::optional<FileEntry> read_entry(const fs::directory_entry& found, bool in_model) {
    std::error_code ignored;
    FileEntry entry;
    entry.path = found.path();
    entry.name = found.path().filename().string();
    if (found.is_directory(ignored)) {
        entry.kind = is_model_folder(entry.path) ? FileKind::kModel : FileKind::kFolder;
        return entry;
    }
    if (!found.is_regular_file(ignored)) return std::nullopt;
    const std::optional<FileKind> kind = kind_of_file(entry.path, in_model);
    if (!kind) return std::nullopt;
    entry.kind = *kind;
    entry.is_file = true;
    const std::uintmax_t bytes = found.file_size(ignored);
    entry.bytes = ignored ? 0 : bytes;
    return entry;
}

bool comes_before(const FileEntry& a, const FileEntry& b) {
    return std::tuple(a.is_file, lower(a.name), a.name) <
           std::tuple(b.is_file, lower(b.name), b.name);
}

}  // namespace

std::string_view file_kind_name(FileKind kind) {
    constexpr std::array<std::string_view, 6> kNames = {"folder",    "model", "GGUF model",
                                                        "worksheet", "trace", "picture"};
    return kNames[static_cast<std::size_t>(kind)];
}

FileList list_files(const fs::path& folder, bool with_hidden, const CancelToken& cancel) {
    FileList list;
    list.folder = folder;
    const bool in_model = is_model_folder(folder);
    std::error_code error;
    fs::directory_iterator entries(folder, fs::directory_options::skip_permission_denied, error);
    if (error) list.problem = error.message();
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        cancel.check();
        const bool is_hidden = entries->path().filename().string().starts_with('.');
        if (is_hidden && !with_hidden) continue;
        if (auto entry = read_entry(*entries, in_model)) list.entries.push_back(std::move(*entry));
    }
    std::sort(list.entries.begin(), list.entries.end(), comes_before);
    if (folder.has_parent_path() && folder != folder.root_path()) {
        list.entries.insert(list.entries.begin(), {"..", folder.parent_path()});
    }
    if (in_model) list.entries.insert(list.entries.begin(), {".", folder, FileKind::kModel});
    return list;
}

FileQuery read_file_query(const std::string& text) {
    FileQuery query;
    query.is_path = text.starts_with('/') || text == "~" || text.starts_with("~/");
    query.letters = text;
    if (!query.is_path) return query;
    const std::size_t slash = text.rfind('/');
    if (slash == std::string::npos) {
        query.folder = expand_home(text);
        query.letters.clear();
        return query;
    }
    const std::string before = text.substr(0, std::max<std::size_t>(slash, 1));
    query.folder = expand_home(before);
    query.letters = text.substr(slash + 1);
    return query;
}

std::vector<std::size_t> find_files(const FileList& list, const FileQuery& query) {
    std::vector<std::pair<double, std::size_t>> found;
    for (std::size_t i = 0; i < list.entries.size(); ++i) {
        const std::string& name = list.entries[i].name;
        const bool is_dots = name == "." || name == "..";
        if (query.letters.empty()) {
            found.emplace_back(0, i);
        } else if (query.is_path && begins_with(name, query.letters)) {
            found.emplace_back(name == query.letters ? 1 : 0, i);
        } else if (!query.is_path && !is_dots) {
            if (const auto score = score_match(query.letters, name)) found.emplace_back(*score, i);
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::size_t> places;
    for (const auto& [score, place] : found) places.push_back(place);
    return places;
}

std::string complete_path(const std::string& text, const FileList& list) {
    const FileQuery query = read_file_query(text);
    if (!query.is_path) return text;
    if (text.find('/') == std::string::npos) return text + "/";
    std::vector<const FileEntry*> found;
    for (const std::size_t place : find_files(list, query)) {
        const FileEntry& entry = list.entries[place];
        if (entry.name != "." && entry.name != "..") found.push_back(&entry);
    }
    if (found.empty()) return text;
    std::string common = found.front()->name;
    for (const FileEntry* entry : found) {
        const auto [end, other] =
            std::mismatch(common.begin(), common.end(), entry->name.begin(), entry->name.end());
        common.erase(end, common.end());
    }
    if (common.size() < query.letters.size()) common = query.letters;
    // Never half a character.
    while (!common.empty() && common.size() < found.front()->name.size() &&
           (static_cast<unsigned char>(found.front()->name[common.size()]) & 0xC0U) == 0x80U) {
        common.pop_back();
    }
    std::string completed = text.substr(0, text.size() - query.letters.size()) + common;
    const bool is_alone = found.size() == 1 && common == found.front()->name;
    if (is_alone && !found.front()->is_file) completed += "/";
    return completed;
}

std::vector<NamedPlace> named_places() {
    std::vector<NamedPlace> places = {{"Home", expand_home("~")},
                                      {"My models", user_models_folder()},
                                      {"Hugging Face", hugging_face_cache()},
                                      {"Shipped", assets_folder() / "models"},
                                      {"Worksheets", assets_folder() / "worksheets"}};
    std::erase_if(places, [](const NamedPlace& place) {
        std::error_code ignored;
        return place.path.empty() || !fs::is_directory(place.path, ignored);
    });
    return places;
}

fs::path first_place() {
    std::error_code ignored;
    for (const fs::path& folder :
         {user_models_folder(), expand_home("~"), fs::current_path(ignored)}) {
        if (!folder.empty() && fs::is_directory(folder, ignored)) return folder;
    }
    return "/";
}

}  // namespace heed::app
