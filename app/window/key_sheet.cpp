#include "app/window/key_sheet.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr std::string_view kId = "keys";
constexpr float kWidth = 1040;  // design pixels
constexpr float kHeight = 720;
constexpr float kField = 48;
constexpr float kColumn = 290;  // the least
constexpr float kLine = 26;
constexpr float kTitle = 34;
constexpr float kGap = 28;
constexpr float kPartsGap = 14;
constexpr int kMostRows = 12;  // of one line: none is as long

// Where a section stands in the columns.
struct Placed {
    const KeySection* section;
    int column;
    float top;
};

// Widths of the two parts of a section's lines.
struct Parts {
    float keys = 0;
    float told = 0;
};

Parts measure_parts(const UiContext& ui, const KeySection& section, float width) {
    float widest = 0;
    for (const KeyLine& line : section.lines) {
        widest = std::max(widest, measure_text(ui, Type::kNoteStrong, line.keys));
    }
    const float keys = std::min(widest + ui.px(2), width * 0.5F);
    return {keys, std::max(1.0F, width - keys - ui.px(kPartsGap))};
}

// A line takes as many rows as its longer part.
float line_room(const UiContext& ui, const KeyLine& line, const Parts& parts) {
    const float used =
        std::max(measure_paragraph(ui, Type::kNote, line.tells, parts.told, kMostRows),
                 measure_paragraph(ui, Type::kNoteStrong, line.keys, parts.keys, kMostRows));
    return std::max(ui.px(kLine), std::ceil(used) + ui.px(kLine) - line_height(ui, Type::kNote));
}

float height_of(const UiContext& ui, const KeySection& section, float width) {
    const Parts parts = measure_parts(ui, section, width);
    float height = ui.px(kTitle) + ui.px(16);
    for (const KeyLine& line : section.lines) height += line_room(ui, line, parts);
    return height;
}

// Each section goes to the column that is shortest so far; returns the longest column's height.
float place_sections(const UiContext& ui, const std::vector<KeySection>& sections, int columns,
                     float width, std::vector<Placed>& placed) {
    std::vector<float> used(static_cast<std::size_t>(columns), 0.0F);
    for (const KeySection& section : sections) {
        const auto least = std::min_element(used.begin(), used.end());
        placed.push_back({&section, static_cast<int>(least - used.begin()), *least});
        *least += height_of(ui, section, width);
    }
    return *std::max_element(used.begin(), used.end());
}

void draw_section(UiContext& ui, const KeySection& section, std::size_t number, Rect place) {
    const std::string id = indexed_id("keys/section", {static_cast<int>(number)});
    draw_label(ui, id, {Type::kLabel, ui.theme.accent}, take_top(place, ui.px(kTitle - 8)),
               section.title);
    fill(ui, take_top(place, ui.hairline(), ui.px(7)), ui.theme.line);
    const Parts parts = measure_parts(ui, section, place.w);
    for (std::size_t i = 0; i < section.lines.size(); ++i) {
        const KeyLine& line = section.lines[i];
        Rect row = take_top(place, line_room(ui, line, parts));
        const Rect all = row;
        row = inset(row, 0, std::floor((ui.px(kLine) - line_height(ui, Type::kNote)) / 2));
        draw_paragraph(ui, {Type::kNoteStrong, ui.theme.ink},
                       take_left(row, parts.keys, ui.px(kPartsGap)), line.keys, kMostRows);
        draw_paragraph(ui, {Type::kNote, ui.theme.ink_second}, row, line.tells, kMostRows);
        log_item(ui, indexed_id("keys/line", {static_cast<int>(number), static_cast<int>(i)}),
                 "text", line.keys + ": " + line.tells, std::nullopt, all);
    }
}

void draw_columns(UiContext& ui, const std::vector<KeySection>& sections, const Rect& rect) {
    if (sections.empty()) {
        empty_state(ui, "keys/none", rect, "Nothing is called that", "Write another word.");
        return;
    }
    const int columns =
        std::max(1, static_cast<int>((rect.w + ui.px(kGap)) / ui.px(kColumn + kGap)));
    std::vector<Placed> placed;
    // Room for the bar that scrolls is kept in any case: nothing moves when it comes.
    const float step = (rect.w - ui.px(14) + ui.px(kGap)) / static_cast<float>(columns);
    const float width = step - ui.px(kGap);
    const float height = place_sections(ui, sections, columns, width, placed);
    const Point top = begin_scroll(ui, "keys/columns", rect, 1, height);
    for (std::size_t i = 0; i < placed.size(); ++i) {
        const Placed& at = placed[i];
        draw_section(ui, *at.section, i,
                     {top.x + std::floor(step * static_cast<float>(at.column)), top.y + at.top,
                      width, height_of(ui, *at.section, width)});
    }
    end_scroll();
}

}  // namespace

void draw_key_sheet(UiContext& ui, KeySheetState& state, const std::vector<MenuPlan>& plans) {
    if (std::exchange(state.is_wanted, false)) {
        close_all_popups(ui.controls);
        state.query.reset("");
        state.sections = list_key_sections(ui.actions, plans);
        state.sections.insert(state.sections.end(), state.mouse.begin(), state.mouse.end());
        open_popup(ui, kId);
    }
    if (!is_popup_open(ui.controls, kId)) return;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float width = std::min(ui.px(kWidth), screen.x - 2 * ui.px(24));
    const float height = std::min(ui.px(kHeight), screen.y - 2 * ui.px(24));
    const Rect box{std::round((screen.x - width) / 2), std::round((screen.y - height) / 2), width,
                   height};
    if (!begin_popup(ui, kId, box)) return;
    find_popup(ui, kId).takes_text = true;
    Rect rest = box;
    Rect line = take_top(rest, ui.px(kField));
    const Rect cross = take_right(line, ui.px(kField));
    search_line(ui, "keys/query", line, state.query, "Find a key or what it does\u2026");
    const bool leaves = icon_button(ui, "keys/close", inset(cross, ui.px(9)), Icon::kClose, "Close",
                                    {ButtonLook::kPlain, true, "Close (Esc)"});
    fill(ui, take_top(rest, ui.hairline()), ui.theme.line);
    rest = inset(rest, ui.px(24), ui.px(12));
    draw_columns(ui, filter_sections(state.sections, state.query.text()), rest);
    if (leaves) close_popup(ui, kId);
    end_popup(ui);
}

}  // namespace heed::app
