#include "app/window/save_sheet.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <span>
#include <utility>
#include <vector>

#include "app/ui/popup.h"
#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr std::string_view kId = "save";
constexpr float kWidth = 620;  // design pixels
constexpr float kHeight = 236;

constexpr std::array kPictures{FigureFormat::kSvg, FigureFormat::kPdf, FigureFormat::kPng};
constexpr std::array kTables{FigureFormat::kCsv, FigureFormat::kNpy};

std::span<const FigureFormat> formats_like(FigureFormat format) {
    if (is_table(format)) return kTables;
    return kPictures;
}

void set_path(SaveSheetState& state, const std::filesystem::path& path) {
    state.path.edit.reset(path.string());
    state.asked_about.clear();
    state.problem.clear();
}

// The choice of the form; it follows what is written and changes it.
void draw_formats(UiContext& ui, SaveSheetState& state, const Rect& rect) {
    const std::span<const FigureFormat> formats = formats_like(state.format);
    std::vector<std::string> names;
    int chosen = 0;
    for (std::size_t i = 0; i < formats.size(); ++i) {
        names.emplace_back(ending_of(formats[i]));
        if (formats[i] == state.format) chosen = static_cast<int>(i);
    }
    const std::optional<int> pressed = segmented(ui, "save/format", rect, names, chosen);
    if (!pressed) return;
    state.format = formats[static_cast<std::size_t>(*pressed)];
    state.takes_keys = true;
    set_path(state, with_format(state.path.edit.text(), state.format));
}

// Saves, or says why not; true when the sheet has done its work.
bool try_to_save(SaveSheetState& state, ViewResult& result) {
    const std::string written = state.path.edit.text();
    const std::filesystem::path path = expand_home(written);
    state.problem = find_obstacle(path, state.asked_about);
    if (!state.problem.empty()) {
        std::error_code failure;
        if (std::filesystem::is_regular_file(path, failure)) state.asked_about = path.string();
        return false;
    }
    const char* action = is_table(*find_figure_format(path)) ? "save-numbers" : "save-figure";
    result.commands.push_back({action, {path.string(), state.figure}});
    return true;
}

}  // namespace

std::filesystem::path expand_home(const std::string& path) {
    const char* home = std::getenv("HOME");
    if (home == nullptr || path.empty() || path[0] != '~') return path;
    if (path == "~") return home;
    if (path[1] != '/') return path;
    return std::filesystem::path(home) / path.substr(2);
}

std::filesystem::path with_format(const std::filesystem::path& path, FigureFormat format) {
    std::filesystem::path changed = path;
    if (find_figure_format(path)) changed.replace_extension();
    changed += "." + std::string(ending_of(format));
    return changed;
}

std::string find_obstacle(const std::filesystem::path& path, const std::string& asked_about) {
    std::error_code failure;
    if (!path.has_filename()) return "Write a name for the file.";
    if (!find_figure_format(path)) return "The name ends in .svg, .pdf, .png, .csv or .npy.";
    const std::filesystem::path folder = path.parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder, failure)) {
        return "There is no folder " + folder.string() + ".";
    }
    if (!std::filesystem::exists(path, failure)) return "";
    if (!std::filesystem::is_regular_file(path, failure)) return "This is no file.";
    if (path.string() == asked_about) return "";
    return "There is a file of that name. Replace it?";
}

void ask_for_path(SaveSheetState& state, std::string figure, const std::filesystem::path& path) {
    state.is_wanted = true;
    state.figure = std::move(figure);
    state.format = find_figure_format(path).value_or(FigureFormat::kSvg);
    set_path(state, path);
    state.path.edit.go_end(TextEdit::Extend::kNo);
}

ViewResult draw_save_sheet(UiContext& ui, SaveSheetState& state) {
    ViewResult result;
    state.path.has_keys = false;
    if (std::exchange(state.is_wanted, false)) {
        close_all_popups(ui.controls);
        open_popup(ui, kId);
        state.takes_keys = true;
    }
    if (!is_popup_open(ui.controls, kId)) return result;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float width = std::min(ui.px(kWidth), screen.x - 2 * ui.px(24));
    const float height = std::min(ui.px(kHeight), screen.y - 2 * ui.px(24));
    const Rect box{std::round((screen.x - width) / 2), std::round((screen.y - height) / 3), width,
                   height};
    if (!begin_popup(ui, kId, box)) return result;
    Rect rest = inset(box, ui.px(24), ui.px(20));
    Rect head = take_top(rest, ui.px(32), ui.px(16));
    draw_formats(ui, state, take_right(head, ui.px(170)));
    draw_label(ui, "save/title", {Type::kTitle, ui.theme.ink}, head,
               is_table(state.format) ? "Save the numbers" : "Save the picture");
    TextFieldRequest field;
    field.id = "save/path";
    field.hint = "Folder and name";
    field.type = Type::kBody;
    field.takes_keys = std::exchange(state.takes_keys, false);
    const TextFieldResult typed =
        draw_text_field(ui, field, take_top(rest, ui.px(40), ui.px(10)), state.path);
    if (typed.was_changed) {
        state.asked_about.clear();
        state.problem.clear();
        const auto format = find_figure_format(state.path.edit.text());
        if (format && is_table(*format) == is_table(state.format)) state.format = *format;
    }
    draw_label(ui, "save/problem", {Type::kNote, ui.theme.error}, take_top(rest, ui.px(20)),
               state.problem);
    Rect buttons = take_bottom(rest, ui.px(34));
    const bool replaces = !state.asked_about.empty();
    const std::string save = replaces ? "Replace" : "Save";
    const bool saves = button(ui, "save/save", take_right(buttons, ui.px(110), ui.px(12)), save,
                              {ButtonLook::kPrimary, true, "Save (Enter)"});
    const bool leaves = button(ui, "save/cancel", take_right(buttons, ui.px(110)), "Cancel",
                               {ButtonLook::kQuiet, true, "Close (Esc)"});
    const bool is_done = (saves || typed.was_entered) && try_to_save(state, result);
    if (leaves || is_done) close_popup(ui, kId);
    if (typed.was_entered && !is_done) state.takes_keys = true;
    end_popup(ui);
    return result;
}

}  // namespace heed::app
