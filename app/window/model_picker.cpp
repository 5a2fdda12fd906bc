#include "app/window/model_picker.h"

#include <imgui.h>

#include <algorithm>
#include <array>

#include "app/ui/amounts.h"
#include "app/ui/fuzzy.h"
#include "app/ui/popup.h"
#include "app/ui/widgets.h"
#include "app/views/help_texts.h"

namespace heed::app {

namespace {

constexpr std::string_view kId = "picker";
constexpr float kWidth = 760;  // design pixels
constexpr float kLine = 44;
constexpr float kHead = 26;
constexpr float kRow = 32;
constexpr float kFoot = 44;
constexpr float kMargin = 8;
constexpr float kMark = 22;
constexpr float kFamily = 96;
constexpr float kCount = 96;
constexpr float kBytes = 84;
constexpr float kOrigin = 150;
constexpr int kMostRows = 14;
constexpr std::size_t kTooltipLine = 90;              // bytes
constexpr std::string_view kFetchedModel = "minilm";  // as tools/get_model.py calls its folder

std::string row_id(std::size_t row) {
    return indexed_id("menu/picker/model", {static_cast<int>(row)});
}

// The columns of a row, from the right: where it lies, size, parameters, family; the rest is the
// name's.
struct Columns {
    Rect mark, name, family, count, bytes, origin;
};
Columns cut_columns(const UiContext& ui, const Rect& row) {
    Columns columns;
    Rect rest = inset(row, ui.px(8), 0);
    columns.mark = take_left(rest, ui.px(kMark - 6), ui.px(6));
    columns.origin = take_right(rest, ui.px(kOrigin), ui.px(10));
    columns.bytes = take_right(rest, ui.px(kBytes), ui.px(10));
    columns.count = take_right(rest, ui.px(kCount), ui.px(10));
    columns.family = take_right(rest, ui.px(kFamily), ui.px(10));
    columns.name = rest;
    return columns;
}

void draw_head(UiContext& ui, const Rect& row) {
    const Columns columns = cut_columns(ui, row);
    const TextStyle left{Type::kTiny, ui.theme.ink_second};
    const TextStyle right{Type::kTiny, ui.theme.ink_second, Align::kRight};
    draw_text(ui, left, columns.name, "MODEL");
    draw_text(ui, left, columns.family, "FAMILY");
    draw_text(ui, right, columns.count, "PARAMETERS");
    draw_text(ui, right, columns.bytes, "ON DISK");
    draw_text(ui, right, columns.origin, "FROM");
}

// A sentence in lines of a readable length, cut between words where there are some.
std::vector<std::string> break_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (text.size() > kTooltipLine) {
        std::size_t end = text.rfind(' ', kTooltipLine);
        if (end == std::string_view::npos || end == 0) end = text.find(' ', kTooltipLine);
        if (end == std::string_view::npos) break;
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    lines.emplace_back(text);
    return lines;
}

// Why it cannot be opened, without the path that the row stands for.
std::string_view reason_of(const FoundModel& model) {
    const std::string_view problem = model.problem;
    if (!problem.starts_with(model.path.string())) return problem;
    const std::size_t colon = problem.find(": ", model.path.string().size());
    return colon == std::string_view::npos ? problem : problem.substr(colon + 2);
}

std::string describe(const FoundModel& model) {
    if (!model.problem.empty()) return model.name + ", cannot be opened: " + model.problem;
    return model.name + ", " + model.family + ", " + describe_count(model.parameters) +
           " parameters, " + describe_bytes(model.bytes) + ", " + model.origin;
}

void tell_problem(UiContext& ui, const std::string& id, const FoundModel& model, const Rect& row) {
    if (!tooltip_is_due(ui, id)) return;
    std::vector<TooltipLine> lines;
    for (std::string& line : break_lines(model.problem)) {
        lines.push_back({std::move(line), Type::kNote, ui.theme.ink});
    }
    draw_tooltip(ui, {row.x, row.y, row.w * 0.2F, row.h}, lines);
}

// What the list hands on: the model that was chosen, and the one under the keys that cannot be
// opened.
struct Pick {
    std::optional<std::size_t> chosen;
    const FoundModel* refused = nullptr;
};

bool draw_row(UiContext& ui, const FoundModel& model, bool is_shown, const std::string& id,
              const Rect& row, const Rect& list, Pick& pick) {
    const bool can_open = model.problem.empty();
    const Interaction state = interact(ui, id, row, FocusKind::kItem);
    log_item(ui, id,
             is_shown   ? "chosen"
             : can_open ? "model"
                        : "disabled",
             describe(model), std::nullopt, row);
    if (row.bottom() < list.y || row.y > list.bottom()) return state.was_clicked && can_open;
    if (state.is_focused) fill(ui, row, ui.theme.accent_soft, ui.px(6));
    if (state.is_focused && !can_open) pick.refused = &model;
    const Columns columns = cut_columns(ui, row);
    if (is_shown) draw_icon(ui, columns.mark, Icon::kCheck, ui.theme.accent);
    if (!can_open) draw_icon(ui, columns.mark, Icon::kWarning, ui.theme.ink_third);
    draw_text(ui, {Type::kBodyStrong, can_open ? ui.theme.ink : ui.theme.ink_second}, columns.name,
              model.name);
    const TextStyle note{Type::kNote, ui.theme.ink_second};
    const TextStyle amount{Type::kNote, ui.theme.ink_second, Align::kRight};
    draw_text(ui, note, columns.family, model.family);
    const bool is_counted = model.parameters > 0;
    draw_text(ui, amount, columns.count, is_counted ? describe_count(model.parameters) : "\u2013");
    draw_text(ui, amount, columns.bytes, describe_bytes(model.bytes));
    draw_text(ui, amount, columns.origin, can_open ? model.origin : "cannot be opened");
    if (!can_open && state.is_hovered) tell_problem(ui, id, model, row);
    return state.was_clicked && can_open;
}

// Looks again where the letters or the models are others; the keys stand on the first found, at the
// beginning on the one that is open.
void find_again(UiContext& ui, ModelPickerState& state,
                const std::shared_ptr<const std::vector<FoundModel>>& models,
                const std::string& shown) {
    const std::string& query = state.query.text();
    if (models == nullptr || (models == state.found_in && query == state.found_for)) return;
    state.found_in = models;
    state.found_for = query;
    state.found = rank_models(*models, query);
    const auto at = std::find_if(state.found.begin(), state.found.end(), [&](std::size_t place) {
        return query.empty() && (*models)[place].path.string() == shown;
    });
    const std::size_t row =
        at == state.found.end() ? 0 : static_cast<std::size_t>(at - state.found.begin());
    ui.controls.focus.give(row_id(row), true);
}

Pick draw_rows(UiContext& ui, const ModelPickerState& state, const Rect& list,
               const std::string& shown) {
    Pick pick;
    const std::size_t rows = state.found.size();
    if (rows == 0) {
        draw_label(ui, "picker/empty", {Type::kBody, ui.theme.ink_second},
                   inset(list, ui.px(10), 0),
                   state.found_in == nullptr    ? "Looking for models\u2026"
                   : state.query.text().empty() ? "No models were found."
                                                : "No model is called that.");
        return pick;
    }
    const float height = ui.px(kRow);
    const float whole = static_cast<float>(rows) * height;
    begin_focus_group(ui, "picker/list");
    const Point top = begin_scroll(ui, "picker/list", list, 1, whole);
    const float width = list.w - (whole > list.h ? ui.px(12) : 0);
    for (std::size_t i = 0; i < rows; ++i) {
        const FoundModel& model = (*state.found_in)[state.found[i]];
        const Rect row{top.x, top.y + static_cast<float>(i) * height, width, height};
        if (draw_row(ui, model, model.path.string() == shown, row_id(i), row, list, pick)) {
            pick.chosen = state.found[i];
        }
    }
    end_scroll();
    end_focus_group(ui);
    return pick;
}

// Why the model under the keys cannot be opened, else the way to a larger one.
void draw_foot_line(UiContext& ui, ModelPickerState& state,
                    const std::shared_ptr<const std::vector<FoundModel>>& models, const Pick& pick,
                    const Rect& line) {
    if (pick.refused != nullptr) {
        draw_label(ui, "picker/problem", {Type::kNote, ui.theme.error}, line,
                   reason_of(*pick.refused));
        return;
    }
    if (models == nullptr || has_fetched_model(*models)) return;
    draw_label(ui, "picker/larger", {Type::kNote, ui.theme.ink_second, Align::kRight}, line,
               help_text(state.help, "models", "larger"));
}

Rect place_box(const UiContext& ui, const Rect& anchor, std::size_t models) {
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const auto rows = static_cast<float>(std::clamp<std::size_t>(models, 1, kMostRows));
    const float wanted = ui.px(kLine + kHead + kFoot + 2 * kMargin) + rows * ui.px(kRow);
    const float most = screen.y - anchor.bottom() - ui.px(24);
    return place_below(ui, anchor, std::min(ui.px(kWidth), screen.x - 2 * ui.px(16)),
                       std::min(wanted, most));
}

}  // namespace

bool has_fetched_model(const std::vector<FoundModel>& models) {
    return std::any_of(models.begin(), models.end(), [](const FoundModel& model) {
        return model.name == kFetchedModel && model.problem.empty();
    });
}

std::vector<std::size_t> rank_models(const std::vector<FoundModel>& models,
                                     const std::string& query) {
    std::vector<std::pair<double, std::size_t>> scored;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const FoundModel& model = models[i];
        const auto score = score_match(query, model.name, model.family + " " + model.origin);
        if (score) scored.emplace_back(*score, i);
    }
    std::stable_sort(scored.begin(), scored.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::size_t> places;
    for (const auto& [score, place] : scored) places.push_back(place);
    return places;
}

void open_model_picker(UiContext& ui, ModelPickerState& state) {
    state.query.reset("");
    state.found_in = nullptr;
    state.found.clear();
    open_popup(ui, kId);
}

ViewResult draw_model_picker(UiContext& ui, ModelPickerState& state, const Rect& anchor,
                             const std::shared_ptr<const std::vector<FoundModel>>& models,
                             const std::string& shown) {
    ViewResult result;
    if (!is_popup_open(ui.controls, kId)) return result;
    const Rect box = place_box(ui, anchor, models == nullptr ? 0 : models->size());
    if (!begin_popup(ui, kId, box)) return result;
    find_popup(ui, kId).takes_text = true;
    Rect rest = box;
    const Rect line = take_top(rest, ui.px(kLine));
    search_line(ui, "picker/query", line, state.query, "Find a model");
    fill(ui, {box.x, line.bottom(), box.w, ui.hairline()}, ui.theme.line);
    find_again(ui, state, models, shown);
    Rect foot = inset(take_bottom(rest, ui.px(kFoot)), ui.px(12), ui.px(6));
    rest = inset(rest, ui.px(kMargin), ui.px(2));
    draw_head(ui, take_top(rest, ui.px(kHead)));
    const Pick pick = draw_rows(ui, state, rest, shown);
    const char* label = "Open a folder or file\u2026";
    if (button(ui, "picker/open-file", take_left(foot, measure_button(ui, label), ui.px(14)), label,
               {ButtonLook::kQuiet, true, "Ctrl+O"})) {
        result.commands.push_back({"open-file", {}});
    }
    draw_foot_line(ui, state, models, pick, foot);
    if (pick.chosen) result.commands.push_back({"open", {(*models)[*pick.chosen].path.string()}});
    if (!result.commands.empty()) close_popup(ui, kId);
    end_popup(ui);
    return result;
}

}  // namespace heed::app
