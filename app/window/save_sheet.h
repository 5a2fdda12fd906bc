// Where a picture or its numbers are to be saved: a sheet over everything with a path to write.
#pragma once

#include <filesystem>
#include <string>

#include "app/figure/figure_file.h"
#include "app/ui/text_field.h"
#include "app/views/view.h"

namespace heed::app {

struct SaveSheetState {
    bool is_wanted = false;  // opens in the next frame
    std::string figure;      // its id
    FigureFormat format = FigureFormat::kSvg;
    TextFieldState path;
    bool takes_keys = false;
    std::string asked_about;  // the path of a file that is there already
    std::string problem;      // why it cannot be saved there
};

// Opens the sheet for a figure with a path to begin with.
void ask_for_path(SaveSheetState& state, std::string figure, const std::filesystem::path& path);
// What stands against saving to `path`; "" where nothing does. A file that is there counts unless
// it was asked about.
std::string find_obstacle(const std::filesystem::path& path, const std::string& asked_about);
// `path` with the ending of `format` in place of a known one.
std::filesystem::path with_format(const std::filesystem::path& path, FigureFormat format);
// "~" and "~/..." as the home folder.
std::filesystem::path expand_home(const std::string& path);

// Hands back save-figure or save-numbers once a path was agreed on.
ViewResult draw_save_sheet(UiContext& ui, SaveSheetState& state);

}  // namespace heed::app
