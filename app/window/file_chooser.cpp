#include "app/window/file_chooser.h"

#include <imgui.h>

#include <algorithm>
#include <utility>

#include "app/ui/amounts.h"
#include "app/ui/choices.h"
#include "app/ui/popup.h"
#include "app/ui/search_line.h"
#include "app/ui/widgets.h"

namespace heed::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kId = "files";
constexpr float kWidth = 720;  // design pixels
constexpr float kLine = 48;
constexpr float kPlaces = 44;
constexpr float kFolder = 28;
constexpr float kRow = 34;
constexpr float kFoot = 36;
constexpr float kMargin = 8;
constexpr int kRowsShown = 11;

std::string row_id(std::size_t row) {
    return indexed_id("files/entry", {static_cast<int>(row)});
}

Rect place_box(const UiContext& ui) {
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float edge = ui.px(16);
    const float width = std::min(ui.px(kWidth), screen.x - 2 * edge);
    const float top = std::max(edge, std::min(ui.px(72), screen.y * 0.1F));
    const float wanted = ui.px(kLine + kPlaces + kFolder + kFoot + 2 * kMargin) +
                         static_cast<float>(kRowsShown) * ui.px(kRow);
    return {(screen.x - width) / 2, top, width, std::min(wanted, screen.y - top - edge)};
}

void go_to(FileChooserState& state, fs::path folder) {
    state.came_from = folder == state.folder.parent_path() ? state.folder.filename().string() : "";
    state.folder = std::move(folder);
    state.query.reset("");
}

// The folder that is listed: that of the path which is being written, else the place.
fs::path wanted_folder(const FileChooserState& state) {
    const FileQuery query = read_file_query(state.query.text());
    return query.is_path ? query.folder : state.folder;
}

// Asks for the list on another thread; what was there stays until it comes.
void list_again(UiContext& ui, FileChooserState& state) {
    const fs::path folder = wanted_folder(state);
    if (folder != state.listed_folder || state.shows_hidden != state.listed_hidden) {
        state.listed_folder = folder;
        state.listed_hidden = state.shows_hidden;
        ++state.version;
    }
    const bool with_hidden = state.shows_hidden;
    const Job<FileList> job = ui.jobs.get<FileList>(
        "files/list", state.version, [folder, with_hidden](const CancelToken& cancel) {
            return list_files(folder, with_hidden, cancel);
        });
    if (job.is_current && job.value != state.list) {
        state.list = job.value;
        state.found_for = "\n";  // nothing that can be written
    }
}

// Where the keys stand in a list that is new: on what was left, else on the first thing to open.
std::size_t first_row(const FileChooserState& state) {
    const std::vector<FileEntry>& entries = state.list->entries;
    for (std::size_t row = 0; row < state.found.size(); ++row) {
        if (!state.came_from.empty() && entries[state.found[row]].name == state.came_from) {
            return row;
        }
    }
    for (std::size_t row = 0; row < state.found.size(); ++row) {
        if (entries[state.found[row]].name != "..") return row;
    }
    return 0;
}

void find_again(UiContext& ui, FileChooserState& state) {
    if (state.list == nullptr || state.found_for == state.query.text()) return;
    state.found_for = state.query.text();
    state.found = find_files(*state.list, read_file_query(state.query.text()));
    ui.controls.focus.give(row_id(first_row(state)), true);
    state.came_from.clear();
}

// Keys that are not the line's own. Backspace goes up where nothing is written.
void read_keys(UiContext& ui, FileChooserState& state) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool is_empty = state.query.text().empty();
    if (is_empty && ImGui::IsKeyPressed(kKeyBackspace, true) && state.folder.has_parent_path() &&
        state.folder != state.folder.root_path()) {
        go_to(state, state.folder.parent_path());
    }
    if (io.KeyCtrl && ImGui::IsKeyPressed('H', false)) state.shows_hidden = !state.shows_hidden;
    if (ui.controls.focus.keys().tab && read_file_query(state.query.text()).is_path &&
        state.list != nullptr) {
        state.query.reset(complete_path(state.query.text(), *state.list));
        state.query.edit.go_end(TextEdit::Extend::kNo);
        ui.controls.focus.give(row_id(0), true);
    }
}

void draw_places(UiContext& ui, FileChooserState& state, Rect rect) {
    rect = inset(rect, ui.px(12), ui.px(8));
    const Rect hidden = take_right(rect, measure_toggle(ui, "Hidden files"), ui.px(12));
    if (const auto shown = toggle(ui, "files/hidden", hidden, "Hidden files", state.shows_hidden,
                                  "Names that begin with a dot (Ctrl+H)")) {
        state.shows_hidden = *shown;
    }
    begin_focus_group(ui, "files/places");
    for (const NamedPlace& place : named_places()) {
        const float width = measure_button(ui, place.name);
        if (width > rect.w) break;
        const bool is_here = place.path == state.folder;
        if (button(ui, "files/place/" + place.name, take_left(rect, width, ui.px(6)), place.name,
                   {is_here ? ButtonLook::kOn : ButtonLook::kQuiet, true, place.path.string()})) {
            go_to(state, place.path);
        }
    }
    end_focus_group(ui);
}

std::string describe_entry(const FileEntry& entry) {
    if (entry.name == ".") return "open this model";
    if (entry.name == "..") return "up";
    std::string text(file_kind_name(entry.kind));
    if (entry.is_file) text += " \u00b7 " + describe_bytes(static_cast<std::size_t>(entry.bytes));
    return text;
}

bool draw_row(UiContext& ui, const FileEntry& entry, std::size_t number, const Rect& row,
              const Rect& list) {
    const std::string id = row_id(number);
    const Interaction state = interact(ui, id, row, FocusKind::kItem);
    const std::string told = describe_entry(entry);
    const std::string name =
        entry.name == "." ? entry.path.filename().string() : one_line(entry.name, 200);
    log_item(ui, id, entry.is_opened() ? "file" : "folder", name + ", " + told, std::nullopt, row);
    // Of a folder with thousands only those in sight are drawn.
    if (row.bottom() < list.y || row.y > list.bottom()) return state.was_clicked;
    if (state.is_focused) fill(ui, row, ui.theme.accent_soft, ui.px(6));
    Rect inside = inset(row, ui.px(10), 0);
    const Rect mark = take_left(inside, ui.px(16), ui.px(10));
    const bool is_up = entry.name == "..";
    draw_icon(ui, mark,
              is_up           ? Icon::kChevronUp
              : entry.is_file ? Icon::kDot
                              : Icon::kOpen,
              entry.is_opened() ? ui.theme.accent : ui.theme.ink_second);
    const float width = measure_text(ui, Type::kNote, told);
    const Rect note = take_right(inside, std::min(width, inside.w * 0.6F), ui.px(14));
    draw_text(ui, {Type::kNote, ui.theme.ink_second, Align::kRight}, note, told);
    draw_text(ui, {entry.is_opened() ? Type::kBodyStrong : Type::kBody, ui.theme.ink}, inside,
              name);
    return state.was_clicked;
}

// What stands in an empty list.
std::string describe_nothing(const FileChooserState& state) {
    if (state.list == nullptr) return "Reading the folder\u2026";
    if (!state.list->problem.empty()) return "This folder cannot be read: " + state.list->problem;
    return state.query.text().empty() ? "Nothing here that heed opens."
                                      : "Nothing here is called that.";
}

const FileEntry* draw_rows(UiContext& ui, const FileChooserState& state, const Rect& list) {
    const FileEntry* chosen = nullptr;
    const std::size_t rows = state.found.size();
    const bool has_only_up = rows == 1 && state.list->entries[state.found[0]].name == "..";
    if (rows == 0 || has_only_up) {
        const Rect text{list.x, list.y + (has_only_up ? ui.px(kRow) : 0), list.w, ui.px(kRow)};
        draw_label(ui, "files/none", {Type::kBody, ui.theme.ink_second}, inset(text, ui.px(10), 0),
                   describe_nothing(state));
    }
    const float height = ui.px(kRow);
    const float whole = static_cast<float>(rows) * height;
    begin_focus_group(ui, "files/list");
    const Point top = begin_scroll(ui, "files/list", list, 1, whole);
    const float width = list.w - (whole > list.h ? ui.px(12) : 0);
    for (std::size_t i = 0; i < rows; ++i) {
        const FileEntry& entry = state.list->entries[state.found[i]];
        const Rect row{top.x, top.y + static_cast<float>(i) * height, width, height};
        if (draw_row(ui, entry, i, row, list)) chosen = &entry;
    }
    end_scroll();
    end_focus_group(ui);
    return chosen;
}

void draw_foot(UiContext& ui, const FileChooserState& state, Rect rect) {
    fill(ui, {rect.x, rect.y, rect.w, ui.hairline()}, ui.theme.line);
    rect = inset(rect, ui.px(14), 0);
    const bool is_path = read_file_query(state.query.text()).is_path;
    const std::string hint = is_path ? "Enter goes there \u00b7 Tab completes \u00b7 Esc closes"
                                     : "Enter opens \u00b7 Backspace goes up \u00b7 Esc closes";
    const float width = measure_text(ui, Type::kTiny, hint);
    const Rect right = take_right(rect, std::min(width, rect.w), ui.px(12));
    draw_text(ui, {Type::kTiny, ui.theme.ink_second, Align::kRight}, right, hint);
    const std::string count = state.query.text().empty() || state.list == nullptr
                                  ? "models, GGUF files, worksheets, traces, pictures"
                                  : std::to_string(state.found.size()) + " found";
    draw_text(ui, {Type::kTiny, ui.theme.ink_second}, rect, count);
}

}  // namespace

ViewResult draw_file_chooser(UiContext& ui, FileChooserState& state) {
    ViewResult result;
    if (std::exchange(state.is_wanted, false)) {
        close_all_popups(ui.controls);
        std::error_code ignored;
        if (!fs::is_directory(state.folder, ignored)) state.folder = first_place();
        state.query.reset("");
        state.list = nullptr;
        state.found.clear();
        ++state.version;
        open_popup(ui, kId);
    }
    if (!is_popup_open(ui.controls, kId)) return result;
    read_keys(ui, state);
    const Rect box = place_box(ui);
    if (!begin_popup(ui, kId, box)) return result;
    find_popup(ui, kId).takes_text = true;
    Rect rest = box;
    const Rect line = take_top(rest, ui.px(kLine));
    search_line(ui, "files/query", line, state.query,
                "Look for a name, or write a path from / or ~");
    fill(ui, {box.x, line.bottom(), box.w, ui.hairline()}, ui.theme.line);
    list_again(ui, state);
    find_again(ui, state);
    draw_places(ui, state, take_top(rest, ui.px(kPlaces)));
    draw_label(ui, "files/folder", {Type::kNote, ui.theme.ink_second},
               inset(take_top(rest, ui.px(kFolder)), ui.px(18), 0), wanted_folder(state).string());
    draw_foot(ui, state, take_bottom(rest, ui.px(kFoot)));
    const FileEntry* chosen = draw_rows(ui, state, inset(rest, ui.px(kMargin)));
    if (chosen != nullptr && chosen->is_opened()) {
        close_popup(ui, kId);
        state.folder = wanted_folder(state);
        result.commands.push_back({"open", {chosen->path.string()}});
    } else if (chosen != nullptr) {
        go_to(state, chosen->path);
        ui.request_frame_in(0);
    }
    end_popup(ui);
    return result;
}

}  // namespace heed::app
