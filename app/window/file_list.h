// What lies in a folder, as far as heed can open it: for the file chooser. No ImGui.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/progress.h"

namespace heed::app {

enum class FileKind { kFolder, kModel, kGguf, kWorksheet, kTrace, kPicture };
// "folder", "model", "GGUF model", ...
std::string_view file_kind_name(FileKind kind);

// What a name's ending says of it; nullopt where it does not say.
std::optional<FileKind> kind_by_ending(const std::filesystem::path& path);

struct FileEntry {
    std::string name;  // "." and ".." too
    std::filesystem::path path;
    FileKind kind = FileKind::kFolder;
    std::uintmax_t bytes = 0;  // of a file
    bool is_file = false;

    bool is_opened() const { return kind != FileKind::kFolder; }  // else it is gone into
};

struct FileList {
    std::filesystem::path folder;
    std::vector<FileEntry> entries;
    std::string problem;  // why it cannot be read; empty where it can
};

// Folders (those with a config.json are models), then files that heed opens, each by name; "."
// where the folder is a model itself and ".." where it has a parent come first. Names that begin
// with a dot only `with_hidden`.
FileList list_files(const std::filesystem::path& folder, bool with_hidden,
                    const CancelToken& cancel);

// What is written in the chooser's line: a path from "/" or "~" on, or letters to look for.
struct FileQuery {
    bool is_path = false;
    std::filesystem::path folder;  // of a path: where it leads
    std::string letters;           // of a path: how the last name begins; else what is looked for
};
FileQuery read_file_query(const std::string& text);

// The entries that `query` finds, as places in list.entries: a path's by how their names begin (the
// whole name first), else the best first. Nothing is found by ".".
std::vector<std::size_t> find_files(const FileList& list, const FileQuery& query);

// `text`, a path, with as much of the last name as all entries found have in common; a folder that
// stands alone gets its "/".
std::string complete_path(const std::string& text, const FileList& list);

// Where a chooser begins that has no last place: the user's models where there are some, else home.
std::filesystem::path first_place();

// Places worth going to at once, those that are there: home, models, Hugging Face cache.
struct NamedPlace {
    std::string name;
    std::filesystem::path path;
};
std::vector<NamedPlace> named_places();

}  // namespace heed::app
