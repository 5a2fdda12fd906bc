// The predict view's list: words or labels, the likeliest first, and words that were searched.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "app/ui/figures.h"
#include "app/ui/numbers.h"
#include "app/views/cell_tip.h"
#include "app/views/predict_parts.h"

namespace heed::app {

namespace {

constexpr float kRow = 26;  // design pixels

// The likeliest of a position, and the word that stands there.
struct ListFacts {
    Prediction top;
    std::optional<Prediction> actual;
};

std::string count_text(int number) {
    std::string text = std::to_string(number);
    for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

std::string probability_text(double probability) {
    if (probability > 0 && probability < 5e-7) return "< 1e\u22126";
    return std::string(format_number(probability, 6).view());
}

// One entry as it is shown: its place in the list and what is known of it.
struct EntryLine {
    int place = 0;
    const RankedEntry& entry;
    const std::string& name;
    std::optional<float> probability;  // the cell's
    const Predictor& predictor;
    std::string id;  // of its item
    bool is_actual = false;
};

EntryLine make_line(const PredictScene& scene, const Predictor& predictor,
                    const Prediction& prediction, int place, std::string id) {
    const auto at = static_cast<std::size_t>(place);
    EntryLine line{place,     prediction.entries[at], prediction.names[at], std::nullopt,
                   predictor, std::move(id)};
    if (!prediction.probabilities.empty()) line.probability = prediction.probabilities[at];
    line.is_actual = &predictor == &scene.predictor && scene.actual_id() == line.entry.id;
    return line;
}

void log_line(const PredictScene& scene, const EntryLine& line, const PredictRow& parts,
              const Rect& row) {
    UiContext& ui = scene.ui;
    if (!ui.items.is_recording()) return;
    const double value =
        line.probability ? static_cast<double>(*line.probability) : line.entry.logit;
    log_item(ui, line.id, line.is_actual ? "chosen" : "choice", line.name, value, row);
    log_item(ui, line.id + "/logit", "value", format_number(line.entry.logit, 3).view(),
             line.entry.logit, parts.logit);
    log_item(ui, line.id + "/rank", "value", count_text(line.entry.rank + 1),
             static_cast<double>(line.entry.rank + 1), parts.rank);
}

void draw_line(const PredictScene& scene, const EntryLine& line, const Rect& row,
               const Rect& window, ViewResult& result) {
    UiContext& ui = scene.ui;
    const Theme& theme = ui.theme;
    const PredictRow parts = layout_predict_row(ui, row, line.probability.has_value());
    log_line(scene, line, parts, row);
    const Rect seen = intersect(row, window);
    if (seen.is_empty()) return;
    const Interaction state = interact(ui, line.id, seen);
    if (state.is_hovered) fill(ui, row, theme.sunk, ui.px(6));
    draw_text(ui, {Type::kNumberSmall, theme.ink_third, Align::kRight}, parts.rank,
              count_text(line.entry.rank + 1));
    draw_text(ui,
              {line.is_actual ? Type::kBodyStrong : Type::kBody,
               line.is_actual ? theme.query : theme.ink},
              parts.word, line.name);
    if (!parts.bar.is_empty() && line.probability) {
        const float y = std::round(parts.bar.centre().y);
        const Rect ground{parts.bar.x, y - ui.px(5), parts.bar.w, ui.px(10)};
        fill(ui, ground, theme.sunk, ui.px(3));
        const float length = std::clamp(*line.probability, 0.0F, 1.0F) * ground.w;
        if (length >= 1) {
            fill(ui, {ground.x, ground.y, length, ground.h},
                 line.is_actual ? theme.query : ramp(theme.weights, 0.6F), ui.px(3));
        }
    }
    if (line.probability) {
        draw_text(ui, {Type::kNumber, theme.ink, Align::kRight}, parts.probability,
                  probability_text(static_cast<double>(*line.probability)));
    }
    draw_text(ui, {Type::kNumberSmall, theme.ink_second, Align::kRight}, parts.logit,
              format_number(line.entry.logit, 3, Sign::kAlways).view());
    if (!state.is_hovered) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const float value = line.probability ? *line.probability : static_cast<float>(line.entry.logit);
    draw_cell_tip(ui, scene.trace, shown_node(line.predictor),
                  cell_of(scene, line.predictor, line.entry.id), value, row);
    if (state.was_clicked) result.selection = ask_entry(scene, line.predictor, line.entry.id);
}

void draw_headings(const PredictScene& scene, const Rect& row, bool has_probability) {
    UiContext& ui = scene.ui;
    const PredictRow parts = layout_predict_row(ui, row, has_probability);
    const auto heading = [&](const Rect& place, const char* text, Align align) {
        draw_text(ui, {Type::kTiny, ui.theme.ink_second, align}, place, text);
    };
    heading(parts.rank, "rank", Align::kRight);
    heading(parts.word, scene.predictor.is_words ? "word" : "label", Align::kLeft);
    if (has_probability) heading(parts.probability, "probability", Align::kRight);
    heading(parts.logit, "logit", Align::kRight);
}

NumberTable make_table(const Prediction& prediction, const std::string& node) {
    NumberTable table;
    table.column_labels = {"probability", "logit", "rank"};
    for (std::size_t i = 0; i < prediction.entries.size(); ++i) {
        const RankedEntry& entry = prediction.entries[i];
        table.row_labels.push_back(prediction.names[i]);
        table.values.push_back(prediction.probabilities.empty()
                                   ? static_cast<float>(entry.probability)
                                   : prediction.probabilities[i]);
        table.values.push_back(static_cast<float>(entry.logit));
        table.values.push_back(static_cast<float>(entry.rank + 1));
    }
    table.node = node;
    return table;
}

void draw_entries(const PredictScene& scene, const Prediction& prediction, Rect rect,
                  ViewResult& result) {
    UiContext& ui = scene.ui;
    const bool has_probability = !prediction.probabilities.empty();
    const Rect whole = rect;
    Rect headings = take_top(rect, ui.px(16), ui.px(4));
    headings.w -= ui.px(12);
    draw_headings(scene, headings, has_probability);
    const float height = ui.px(kRow) * static_cast<float>(prediction.entries.size());
    const Point origin = begin_scroll(ui, "view/predict/list", rect, 1, height);
    for (int i = 0; i < static_cast<int>(prediction.entries.size()); ++i) {
        const Rect row{origin.x, origin.y + ui.px(kRow) * static_cast<float>(i), rect.w - ui.px(12),
                       ui.px(kRow)};
        const bool is_seen = overlaps(row, rect);
        if (!is_seen && !ui.items.is_recording()) continue;
        draw_line(
            scene,
            make_line(scene, scene.predictor, prediction, i, indexed_id("view/predict/word", {i})),
            row, rect, result);
    }
    end_scroll();
    if (ui.figures == nullptr) return;
    const std::string node = scene.trace.graph().node(shown_node(scene.predictor)).name;
    mark_figure(ui, "view/predict/list", "Predictions", whole,
                [table = make_table(prediction, node)] { return table; });
}

// "next in the sentence: is, rank 3, 0.1210"
void draw_actual(const PredictScene& scene, const ListFacts& facts, const Rect& place) {
    UiContext& ui = scene.ui;
    if (!facts.actual || place.w < ui.px(120)) return;
    const RankedEntry& entry = facts.actual->entries.front();
    const double value = facts.actual->probabilities.empty()
                             ? entry.probability
                             : static_cast<double>(facts.actual->probabilities.front());
    std::string begin = "it is: ";
    if (scene.predictor.is_causal) {
        begin = scene.is_decoders() ? "the decoder's next: " : "next in the sentence: ";
    }
    const std::string text = begin + "\u201c" + facts.actual->names.front() + "\u201d, rank " +
                             count_text(entry.rank + 1) + ", " + probability_text(value);
    draw_text(ui, {Type::kNote, ui.theme.query}, place, text);
    log_item(ui, "view/predict/actual", "text", text, value, place);
}

Job<Prediction> ask_search(const PredictScene& scene) {
    const std::string& query = scene.state.search.edit.text();
    const std::uint64_t version = scene.version(
        {static_cast<std::uint64_t>(scene.position), std::hash<std::string>()(query)});
    return scene.ui.jobs.get<Prediction>(
        "view/predict/found", version,
        [trace = scene.ui.trace, predictor = scene.predictor, position = scene.position,
         query](const CancelToken& cancel) {
            return find_words(*trace, predictor, position, query, cancel);
        });
}

}  // namespace

void draw_predict_list(const PredictScene& scene, const PredictFrame& frame, ViewResult& result) {
    UiContext& ui = scene.ui;
    if (ui.trace == nullptr) return;
    const Job<ListFacts> job = ui.jobs.get<ListFacts>(
        "view/predict/top", scene.version({static_cast<std::uint64_t>(scene.position)}),
        [trace = ui.trace, predictor = scene.predictor, position = scene.position,
         actual = scene.actual_id()](const CancelToken& cancel) {
            ListFacts facts{predict(*trace, predictor, position, kShownPredictions), std::nullopt};
            cancel.check();
            if (actual) facts.actual = predict_entry(*trace, predictor, position, *actual);
            return facts;
        });
    if (job.value == nullptr) {
        empty_state(ui, "view/predict/empty", frame.list, "On its way",
                    job.problem.empty() ? "The words are ranked." : job.problem);
        return;
    }
    draw_actual(scene, *job.value, frame.actual);
    if (frame.search.is_empty() || scene.state.search.edit.text().empty()) {
        draw_entries(scene, job.value->top, frame.list, result);
        return;
    }
    const Job<Prediction> found = ask_search(scene);
    if (found.value == nullptr) {
        empty_state(ui, "view/predict/empty", frame.list, "On its way", "Words are searched.");
    } else if (found.value->entries.empty()) {
        empty_state(ui, "view/predict/none", frame.list, "No such word",
                    "The vocabulary has none with these letters.");
    } else {
        draw_entries(scene, *found.value, frame.list, result);
    }
}

void draw_predict_labels(const PredictScene& scene, const Rect& rect, ViewResult& result) {
    UiContext& ui = scene.ui;
    if (ui.trace == nullptr) return;
    Rect rest = rect;
    const float height =
        rect.h / static_cast<float>([&] {
            int rows = 0;
            for (std::size_t i = 1; i < scene.state.predictors.size(); ++i) {
                const NodeId logits = scene.state.predictors[i].logits;
                rows += 1 + std::min(3, scene.trace.graph().node(logits).shape.extent(-1));
            }
            return std::max(1, rows);
        }());
    for (std::size_t i = 1; i < scene.state.predictors.size(); ++i) {
        const Predictor& predictor = scene.state.predictors[i];
        const std::string id = indexed_id("view/predict/labels", {static_cast<int>(i)});
        const Job<Prediction> job = ui.jobs.get<Prediction>(
            id, scene.version({static_cast<std::uint64_t>(scene.position), i}),
            [trace = ui.trace, predictor, position = scene.position](const CancelToken&) {
                return predict(*trace, predictor, position, 3);
            });
        draw_label(ui, id, {Type::kNoteStrong, ui.theme.ink_second}, take_top(rest, height),
                   scene.trace.graph().node(shown_node(predictor)).name);
        for (int k = 0; job.value != nullptr && k < static_cast<int>(job.value->entries.size());
             ++k) {
            draw_line(scene,
                      make_line(scene, predictor, *job.value, k,
                                indexed_id("view/predict/label", {static_cast<int>(i), k})),
                      take_top(rest, height), rect, result);
        }
    }
}

}  // namespace heed::app
