// Where a model or a file is opened: a sheet over everything that walks the folders. One line at
// the top takes whatever is written: letters look for names, a path from "/" or "~" on goes there.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/ui/search_line.h"
#include "app/views/view.h"
#include "app/window/file_list.h"

namespace heed::app {

struct FileChooserState {
    bool is_wanted = false;        // opens in the next frame
    std::filesystem::path folder;  // the last place; empty before the first time
    SearchState query;
    bool shows_hidden = false;

    // What is shown, and what it was made of.
    std::shared_ptr<const FileList> list;
    std::vector<std::size_t> found;
    std::string found_for;
    std::string came_from;  // the entry to stand on when a folder was left
    std::uint64_t version = 0;
    std::filesystem::path listed_folder;
    bool listed_hidden = false;
};

// Hands back the action `open` with the path that was chosen.
ViewResult draw_file_chooser(UiContext& ui, FileChooserState& state);

}  // namespace heed::app
