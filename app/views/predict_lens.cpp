// The logit lens: what each layer would have said, had the model ended there.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "app/ui/figures.h"
#include "app/ui/numbers.h"
#include "app/views/predict_parts.h"

namespace heed::app {

namespace {

// A table of words on colour, and what it is about.
struct LensPicture {
    std::string id;    // of the cells: "view/predict/layers"
    std::string rank;  // of the ranks
    std::string title;
    const LensWords& words;
    int columns = 0;
    int answer_column = 0;                      // of `words`: whose answer's ranks are shown
    std::function<std::string(int)> heading{};  // of a column
    int chosen = -1;                            // column
    // The cell's word: which column of `words` and which of its words.
    std::function<std::pair<int, int>(int column)> place{};
};

struct CellFacts {
    const RankedEntry& entry;
    const std::string& name;
};

std::optional<CellFacts> facts_of(const LensPicture& picture, int row, int column) {
    const auto [position, word] = picture.place(column);
    const LensCell& cell = picture.words.lens.cell(row, position);
    const auto at = static_cast<std::size_t>(word);
    if (at >= cell.top.size()) return std::nullopt;
    const auto flat = static_cast<std::size_t>(row * picture.words.lens.columns + position);
    return CellFacts{cell.top[at], picture.words.tops[flat][at]};
}

std::string row_text(const LensPicture& picture, int row) {
    const std::string& label = picture.words.rows[static_cast<std::size_t>(row)];
    return label == "in" ? "before" : "layer " + label;
}

ColourScale lens_scale() {
    return {ColourScale::Kind::kWeights, ValueScale::kSquareRoot, 1};
}

struct LensScene {
    const PredictScene& scene;
    const LensLayout& layout;
    const LensPicture& picture;
    int rows = 0;

    Rect cell(Point origin, int row, int column) const {
        return {origin.x + layout.cell_w * static_cast<float>(column),
                origin.y + layout.cell_h * static_cast<float>(row), layout.cell_w - scene.ui.px(2),
                layout.cell_h - scene.ui.px(2)};
    }
};

void draw_cell(const LensScene& lens, const Rect& place, int row, int column) {
    UiContext& ui = lens.scene.ui;
    const std::optional<CellFacts> facts = facts_of(lens.picture, row, column);
    if (!facts) return;
    const bool is_seen = overlaps(place, lens.layout.window);
    if (is_seen) {
        const auto share = static_cast<float>(facts->entry.probability);
        const Colour ground = lens_scale().colour(ui.theme, share);
        fill(ui, place, ground, ui.px(3));
        if (share < 0.03F) outline(ui, place, ui.theme.line, ui.hairline(), ui.px(3));
        draw_text(ui, {Type::kNote, ink_on(ui.theme, ground), Align::kCentre},
                  inset(place, ui.px(3), 0), facts->name);
    }
    if (!ui.items.is_recording()) return;
    log_item(ui, indexed_id(lens.picture.id, {row, column}), "cell", facts->name,
             facts->entry.probability, intersect(place, lens.layout.window));
}

void draw_row_labels(const LensScene& lens, float top) {
    UiContext& ui = lens.scene.ui;
    const LensLayout& layout = lens.layout;
    const LensPicture& picture = lens.picture;
    ImGui::PushClipRect({layout.labels.x, layout.window.y},
                        {layout.ranks.right() + 1, layout.window.bottom()}, true);
    for (int row = 0; row < lens.rows; ++row) {
        const float y = top + layout.cell_h * static_cast<float>(row);
        const Rect label{layout.labels.x, y, layout.labels.w, layout.cell_h - ui.px(2)};
        if (!overlaps(label, {label.x, layout.window.y, label.w, layout.window.h})) continue;
        const bool is_last = row == lens.rows - 1;
        draw_text(ui,
                  {is_last ? Type::kNoteStrong : Type::kNote, ui.theme.ink_second, Align::kRight},
                  label, row_text(picture, row));
        const RankedEntry& answer = picture.words.lens.cell(row, picture.answer_column).answer;
        const Rect rank{layout.ranks.x, y, layout.ranks.w, label.h};
        const std::string text = std::to_string(answer.rank + 1);
        draw_text(ui,
                  {Type::kNumber, answer.rank == 0 ? ui.theme.accent : ui.theme.ink_second,
                   Align::kRight},
                  rank, text);
        log_item(ui, indexed_id(picture.rank, {row}), "rank", text,
                 static_cast<double>(answer.rank + 1), rank);
    }
    ImGui::PopClipRect();
}

void draw_headings(const LensScene& lens, float left) {
    UiContext& ui = lens.scene.ui;
    const LensLayout& layout = lens.layout;
    const LensPicture& picture = lens.picture;
    const Rect& line = layout.headings;
    ImGui::PushClipRect({layout.window.x, line.y}, {layout.window.right(), line.bottom()}, true);
    for (int column = 0; column < picture.columns; ++column) {
        const Rect place{left + layout.cell_w * static_cast<float>(column), line.y,
                         layout.cell_w - ui.px(2), line.h};
        if (place.right() < layout.window.x || place.x > layout.window.right()) continue;
        const bool is_chosen = column == picture.chosen;
        draw_text(ui,
                  {is_chosen ? Type::kNoteStrong : Type::kNote,
                   is_chosen ? ui.theme.query : ui.theme.ink_second, Align::kCentre},
                  place, picture.heading(column));
    }
    ImGui::PopClipRect();
    const Rect rank{layout.ranks.x, line.y, layout.ranks.w, line.h};
    draw_text(ui, {Type::kTiny, ui.theme.ink_second, Align::kRight}, rank, "rank");
}

void draw_tip(const LensScene& lens, const Rect& anchor, int row, int column) {
    UiContext& ui = lens.scene.ui;
    const LensPicture& picture = lens.picture;
    const std::optional<CellFacts> facts = facts_of(picture, row, column);
    const auto target = static_cast<std::uint64_t>(row * 65599 + column);
    if (!facts || !tooltip_is_due(ui, picture.id, target)) return;
    const auto [position, word] = picture.place(column);
    const LensCell& cell = picture.words.lens.cell(row, position);
    const NodeId source = picture.words.lens.sources[static_cast<std::size_t>(row)];
    const std::string& answer = picture.words.answers[static_cast<std::size_t>(position)];
    const auto number = [](double value, int decimals) {
        return std::string(format_number(value, decimals).view());
    };
    const std::array lines{TooltipLine{"\u201c" + facts->name + "\u201d, rank " +
                                           std::to_string(facts->entry.rank + 1),
                                       Type::kBodyStrong, ui.theme.ink},
                           TooltipLine{"probability " + number(facts->entry.probability, 9) +
                                           "   logit " + number(facts->entry.logit, 4),
                                       Type::kNumber, ui.theme.ink},
                           TooltipLine{"the answer \u201c" + answer + "\u201d has rank " +
                                           std::to_string(cell.answer.rank + 1) + ", " +
                                           number(cell.answer.probability, 6),
                                       Type::kNote, ui.theme.ink_second},
                           TooltipLine{lens.scene.trace.graph().node(source).name + "[" +
                                           std::to_string(picture.words.lens.first + position) +
                                           "] read by the end of the model",
                                       Type::kNumberSmall, ui.theme.ink_second}};
    draw_tooltip(ui, anchor, lines);
}

// The column that was pressed.
std::optional<int> draw_table(const LensScene& lens) {
    UiContext& ui = lens.scene.ui;
    const LensLayout& layout = lens.layout;
    const auto across = static_cast<float>(lens.picture.columns);
    const auto down = static_cast<float>(lens.rows);
    Point origin{layout.window.x, layout.window.y};
    if (layout.scrolls) {
        origin = begin_scroll(ui, lens.picture.id + "/scroll", layout.window,
                              layout.cell_w * across, layout.cell_h * down);
    }
    const Interaction state =
        interact(ui, lens.picture.id + "/cells", layout.window, FocusKind::kPicture);
    for (int row = 0; row < lens.rows; ++row) {
        for (int column = 0; column < lens.picture.columns; ++column) {
            draw_cell(lens, lens.cell(origin, row, column), row, column);
        }
    }
    if (lens.picture.chosen >= 0) {
        Rect band = lens.cell(origin, 0, lens.picture.chosen);
        band.h = layout.cell_h * down - ui.px(2);
        outline(ui, {band.x - 1, band.y - 1, band.w + 2, band.h + 2},
                with_alpha(ui.theme.query, 0.7F), 1.5F * ui.scale, ui.px(4));
    }
    if (layout.scrolls) end_scroll();
    draw_headings(lens, origin.x);
    draw_row_labels(lens, origin.y);
    if (!state.is_hovered) return std::nullopt;
    const int row = static_cast<int>(std::floor((state.mouse.y - origin.y) / layout.cell_h));
    const int column = static_cast<int>(std::floor((state.mouse.x - origin.x) / layout.cell_w));
    if (row < 0 || row >= lens.rows || column < 0 || column >= lens.picture.columns) {
        return std::nullopt;
    }
    draw_tip(lens, lens.cell(origin, row, column), row, column);
    return state.was_clicked ? std::optional<int>(column) : std::nullopt;
}

NumberTable make_table(const LensPicture& picture, int rows) {
    NumberTable table;
    for (int column = 0; column < picture.columns; ++column) {
        table.column_labels.push_back(picture.heading(column));
    }
    for (int row = 0; row < rows; ++row) {
        table.row_labels.push_back(row_text(picture, row));
        for (int column = 0; column < picture.columns; ++column) {
            const std::optional<CellFacts> facts = facts_of(picture, row, column);
            table.values.push_back(facts ? static_cast<float>(facts->entry.probability) : 0);
        }
    }
    return table;
}

std::optional<int> draw_lens(const PredictScene& scene, const Rect& rect,
                             const LensPicture& picture) {
    UiContext& ui = scene.ui;
    const int rows = static_cast<int>(picture.words.rows.size());
    const LensLayout layout = layout_lens(ui, rect, rows, picture.columns);
    draw_label(ui, picture.id + "/title", {Type::kLabel, ui.theme.ink}, layout.title,
               picture.title);
    const std::optional<int> pressed = draw_table({scene, layout, picture, rows});
    const std::string& answer =
        picture.words.answers[static_cast<std::size_t>(picture.answer_column)];
    draw_label(ui, picture.id + "/caption", {Type::kNote, ui.theme.ink_second}, layout.caption,
               "each layer read by the end of the model; rank: of \u201c" + answer + "\u201d");
    legend_bar(ui, picture.id + "/legend", layout.legend, lens_scale(), "probability, square root");
    if (ui.figures != nullptr) {
        mark_figure(ui, "view/predict/lens", picture.title, rect,
                    [table = make_table(picture, rows)] { return table; });
    }
    return pressed;
}

Job<LensWords> ask_lens(const PredictScene& scene, const char* id, const LensRequest& request) {
    const auto first = static_cast<std::uint64_t>(request.first);
    const auto end = static_cast<std::uint64_t>(request.end);
    return scene.ui.jobs.get<LensWords>(
        id, scene.version({first, end}),
        [trace = scene.ui.trace, plan = *scene.state.lens, request](const CancelToken& cancel) {
            return read_lens(*trace, plan, request, cancel);
        });
}

bool draw_waiting(const PredictScene& scene, const Rect& rect, const Job<LensWords>& job) {
    if (job.value != nullptr && job.is_current) return false;
    empty_state(scene.ui, "view/predict/lens/empty", rect, "On its way",
                job.problem.empty() ? "The layers are asked." : job.problem);
    return true;
}

}  // namespace

void draw_position_lens(const PredictScene& scene, const Rect& rect) {
    if (scene.ui.trace == nullptr || !scene.state.lens) return;
    const Job<LensWords> job =
        ask_lens(scene, "view/predict/lens", {scene.position, scene.position + 1, kLensWords, {}});
    if (draw_waiting(scene, rect, job)) return;
    LensPicture picture{"view/predict/lens", "view/predict/answer-rank", "", *job.value};
    picture.title = "What each layer would have said";
    picture.columns = kLensWords;
    picture.heading = [](int column) {
        constexpr std::array<const char*, kLensWords> kPlaces{"1st", "2nd", "3rd", "4th"};
        return std::string(kPlaces[static_cast<std::size_t>(column)]);
    };
    picture.place = [](int column) { return std::pair{0, column}; };
    draw_lens(scene, rect, picture);
}

void draw_layers_lens(const PredictScene& scene, const Rect& rect, ViewResult& result) {
    if (scene.ui.trace == nullptr || !scene.state.lens) return;
    const int first = scene.position / kLensPositions * kLensPositions;
    const int end = std::min(scene.positions(), first + kLensPositions);
    const Job<LensWords> job = ask_lens(scene, "view/predict/layers", {first, end, 1, {}});
    if (draw_waiting(scene, rect, job)) return;
    LensPicture picture{"view/predict/layers", "view/predict/layers-rank", "", *job.value};
    const int all = scene.positions();
    picture.title = scene.predictor.is_causal ? "The next word after each word, layer by layer"
                                              : "The word at each place, layer by layer";
    if (end - first < all) {
        picture.title += " (" + std::to_string(first) + " to " + std::to_string(end - 1) + " of " +
                         std::to_string(all) + ")";
    }
    picture.columns = job.value->lens.columns;
    picture.answer_column = std::clamp(scene.position - first, 0, picture.columns - 1);
    picture.chosen = picture.answer_column;
    picture.heading = [&scene, first](int column) { return scene.word(first + column); };
    picture.place = [](int column) { return std::pair{column, 0}; };
    const std::optional<int> pressed = draw_lens(scene, rect, picture);
    if (!pressed) return;
    Selection wanted = scene.selection;
    wanted.query = first + *pressed;
    result.selection = clamp_selection(scene.trace.graph(), std::move(wanted));
}

}  // namespace heed::app
