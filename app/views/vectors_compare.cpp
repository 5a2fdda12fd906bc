// The vectors view's comparison: the words that two sentences share. Their static vectors are the
// same; in context they come apart.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/figures.h"
#include "app/views/vectors_parts.h"

namespace heed::app {

namespace {

constexpr const char* kId = "view/vectors/compare";
constexpr std::array<const char*, 2> kExamples{"Money Bank Grows", "Bank River Flows"};

// What is computed of two sentences.
struct Comparison {
    std::vector<SharedWord> shared;
    std::vector<std::vector<double>> cosines;  // [shared][steps with the static one]
    WordPlane plane;
};

struct CompareScene {
    const VectorsScene& scene;
    const VectorsCompareLayout& layout;
    const Comparison& comparison;
    int chosen = 0;  // of the shared words

    const std::vector<double>& line(int shared) const {
        return comparison.cosines[static_cast<std::size_t>(shared)];
    }
    std::string label(int shared) const {
        return scene.words.label(comparison.shared[static_cast<std::size_t>(shared)].own);
    }
    int count() const { return static_cast<int>(comparison.shared.size()); }
};

// The shared word that the chosen one is, else the first; a special token only where all are.
int find_chosen(const Comparison& comparison, int query) {
    const bool has_words = !comparison.shared.front().is_special;
    for (std::size_t i = 0; i < comparison.shared.size(); ++i) {
        if (has_words && comparison.shared[i].is_special) continue;
        if (comparison.shared[i].own == query) return static_cast<int>(i);
    }
    return 0;
}

void draw_chips(const CompareScene& compare, ViewResult& result) {
    UiContext& ui = compare.scene.ui;
    Rect rest = compare.layout.chips;
    const std::string note = "shared:";
    draw_label(ui, std::string(kId) + "/note", {Type::kNote, ui.theme.ink_second},
               take_left(rest, measure_text(ui, Type::kNote, note) + 1, ui.px(10)), note);
    for (int i = 0; i < compare.count(); ++i) {
        const SharedWord& word = compare.comparison.shared[static_cast<std::size_t>(i)];
        const float width = measure_chip(ui, compare.label(i));
        if (rest.w < width || (word.is_special && i > 0)) break;
        if (chip(ui, indexed_id("view/vectors/shared", {i}), take_left(rest, width, ui.px(6)),
                 compare.label(i), i == compare.chosen ? ChipRole::kQuery : ChipRole::kPlain)) {
            choose_word(compare.scene, word.own, result);
        }
    }
}

// Where a cosine lies in the chart: from the least shown at the bottom to 1 on top.
struct Chart {
    Rect area;
    double low = 0;
    int steps = 0;

    Point place(int step, double cosine) const {
        const float pitch = area.w / static_cast<float>(std::max(1, steps - 1));
        const auto share = static_cast<float>((cosine - low) / (1 - low));
        return {area.x + pitch * static_cast<float>(step), area.bottom() - share * area.h};
    }
};

// 0, or -1 where some cosine is negative.
double find_low(const Comparison& comparison) {
    for (const std::vector<double>& line : comparison.cosines) {
        for (const double cosine : line) {
            if (cosine < 0) return -1;
        }
    }
    return 0;
}

void draw_ground(const CompareScene& compare, const Chart& chart) {
    UiContext& ui = compare.scene.ui;
    const TextStyle number{Type::kNumberTiny, ui.theme.ink_second, Align::kRight};
    const double tick = chart.low < 0 ? 0.5 : 0.25;
    for (double at = chart.low; at <= 1; at += tick) {
        const float y = chart.place(0, at).y;
        draw_line(ui, {chart.area.x, y}, {chart.area.right(), y}, ui.theme.line, ui.hairline());
        draw_text(ui, number,
                  {compare.layout.chart_numbers.x, y - ui.px(8), compare.layout.chart_numbers.w,
                   ui.px(16)},
                  format_number(at, 2).view());
    }
    const VectorPath& path = compare.scene.path;
    const float pitch = chart.area.w / static_cast<float>(std::max(1, chart.steps - 1));
    const int every = std::max(1, static_cast<int>(std::ceil(ui.px(34) / std::max(1.0F, pitch))));
    Rect names = compare.layout.chart_steps;
    const Rect first = take_top(names, ui.px(16));
    for (int step = 0; step < chart.steps; step += every) {
        const std::string text =
            step == 0 ? "static" : path.labels[static_cast<std::size_t>(step - 1)];
        const float width = ui.px(40);
        const float x = std::clamp(chart.place(step, 1).x - width / 2, first.x,
                                   std::max(first.x, first.right() - width));
        const Align align = step == 0 ? Align::kLeft : Align::kCentre;
        draw_text(ui, {Type::kTiny, ui.theme.ink_second, align}, {x, first.y, width, first.h},
                  text);
    }
    draw_text(ui, {Type::kNote, ui.theme.ink_second, Align::kCentre}, names, "after layer");
}

// A cosine beside its point, where the line does not run.
void draw_value(UiContext& ui, const Chart& chart, const std::vector<double>& line, int step) {
    const auto at = [&line](int i) { return line[static_cast<std::size_t>(i)]; };
    const double own = at(step);
    const bool falls_here = step > 0 && at(step - 1) > own;
    const bool rises_after = step + 1 < chart.steps && at(step + 1) > own;
    const bool rises_here = step > 0 && at(step - 1) < own;
    const Point point = chart.place(step, own);
    const float width = ui.px(34);
    Rect place{point.x - width / 2, point.y - ui.px(21), width, ui.px(14)};
    if (falls_here && rises_after) {
        place.y = point.y + ui.px(7);
    } else if (rises_here) {
        place.x = point.x - width + ui.px(4);
    } else {
        place.x = std::min(point.x + ui.px(2), chart.area.right() - width + ui.px(6));
        place.y = std::max(point.y - ui.px(18), chart.area.y - ui.px(6));
    }
    draw_text(ui, {Type::kNumberTiny, ui.theme.ink, Align::kCentre}, place,
              format_number(own, 2).view());
}

void draw_line_of(const CompareScene& compare, const Chart& chart, int shared) {
    UiContext& ui = compare.scene.ui;
    const bool is_chosen = shared == compare.chosen;
    const Colour colour = is_chosen ? ui.theme.query : with_alpha(ui.theme.ink_third, 0.5F);
    const float width = std::max(1.0F, std::round((is_chosen ? 2.5F : 1.0F) * ui.scale));
    const std::vector<double>& line = compare.line(shared);
    for (int step = 0; step < chart.steps; ++step) {
        const double cosine = line[static_cast<std::size_t>(step)];
        const Point at = chart.place(step, cosine);
        if (step > 0) {
            draw_line(ui, chart.place(step - 1, line[static_cast<std::size_t>(step - 1)]), at,
                      colour, width);
        }
        const float r = ui.px(is_chosen ? 4 : 2);
        const Rect dot{at.x - r, at.y - r, 2 * r, 2 * r};
        if (is_chosen) {
            fill(ui, dot, colour, r);
            draw_value(ui, chart, line, step);
        }
        if (!ui.items.is_recording()) continue;
        log_item(ui, indexed_id("view/vectors/cosine", {shared, step}),
                 is_chosen ? "chosen" : "mark", compare.label(shared), cosine, dot);
    }
}

void draw_chart_tip(const CompareScene& compare, const Chart& chart, Point mouse) {
    UiContext& ui = compare.scene.ui;
    const float pitch = chart.area.w / static_cast<float>(std::max(1, chart.steps - 1));
    const int step = std::clamp(static_cast<int>(std::lround((mouse.x - chart.area.x) / pitch)), 0,
                                chart.steps - 1);
    if (!tooltip_is_due(ui, kId, static_cast<std::uint64_t>(step))) return;
    const double cosine = compare.line(compare.chosen)[static_cast<std::size_t>(step)];
    const VectorPath& path = compare.scene.path;
    const NodeId node = step == 0 ? path.fixed : path.steps[static_cast<std::size_t>(step - 1)];
    const std::string when = step == 0 ? "static" : step_text(path, step - 1);
    const std::array lines{
        TooltipLine{"\u201c" + compare.label(compare.chosen) + "\u201d " + when, Type::kBodyStrong,
                    ui.theme.ink},
        TooltipLine{std::string(format_number(cosine, 9).view()), Type::kNumber, ui.theme.ink},
        TooltipLine{"a \u00b7 b / (|a| |b|)", Type::kFormulaSmall, ui.theme.ink_second},
        TooltipLine{compare.scene.name(node) + " of both sentences", Type::kNumberSmall,
                    ui.theme.ink_second}};
    const Point at = chart.place(step, cosine);
    draw_tooltip(ui, {at.x - 1, at.y - 1, 2, 2}, lines);
}

NumberTable make_table(const CompareScene& compare) {
    NumberTable table;
    table.column_labels = {"static"};
    for (const std::string& label : compare.scene.path.labels) {
        table.column_labels.push_back(label);
    }
    for (int i = 0; i < compare.count(); ++i) {
        table.row_labels.push_back(compare.label(i));
        for (const double cosine : compare.line(i)) {
            table.values.push_back(static_cast<float>(cosine));
        }
    }
    return table;
}

void draw_chart(const CompareScene& compare) {
    UiContext& ui = compare.scene.ui;
    const VectorsCompareLayout& layout = compare.layout;
    draw_label(ui, std::string(kId) + "/title", {Type::kLabel, ui.theme.ink}, layout.chart_title,
               "\u201c" + compare.label(compare.chosen) + "\u201d here and there: cosine");
    const Chart chart{inset(layout.chart, ui.px(6)), find_low(compare.comparison),
                      static_cast<int>(compare.line(compare.chosen).size())};
    draw_ground(compare, chart);
    for (int i = 0; i < compare.count(); ++i) {
        if (i != compare.chosen) draw_line_of(compare, chart, i);
    }
    draw_line_of(compare, chart, compare.chosen);
    const Interaction state = interact(ui, std::string(kId) + "/chart", layout.chart);
    if (state.is_hovered) draw_chart_tip(compare, chart, state.mouse);
    if (ui.figures == nullptr) return;
    const float top = layout.chart_title.y;
    mark_figure(ui, kId, "One word in two sentences",
                {layout.chart_numbers.x, top, layout.chart.right() - layout.chart_numbers.x,
                 layout.chart_steps.bottom() - top},
                [table = make_table(compare)] { return table; });
}

// Without a second sentence: what to do about it.
void draw_invitation(const VectorsScene& scene, const Rect& body, const std::string& title,
                     const std::string& hint, ViewResult& result) {
    UiContext& ui = scene.ui;
    empty_state(ui, std::string(kId) + "/empty", body, title, hint);
    Rect line{body.x, body.centre().y + ui.px(40), body.w, ui.px(30)};
    float width = 0;
    for (const char* example : kExamples) width += measure_button(ui, example) + ui.px(8);
    line = inset(line, std::max(0.0F, (line.w - width) / 2), 0);
    for (const char* example : kExamples) {
        const float needed = measure_button(ui, example);
        if (scene.trace.inputs().text == example || line.w < needed) continue;
        const std::string id = std::string(kId) + "/with/" + example;
        if (button(ui, id, take_left(line, needed, ui.px(8)), example,
                   {ButtonLook::kQuiet, true, "the sentence to compare with"})) {
            result.commands.push_back({"other", {example}});
        }
    }
}

}  // namespace

void draw_vectors_compare(const VectorsScene& scene, const Rect& body, ViewResult& result) {
    UiContext& ui = scene.ui;
    if (ui.trace == nullptr || ui.other_trace == nullptr) {
        draw_invitation(scene, body, "One sentence alone",
                        "Choose another one that has a word of this.", result);
        return;
    }
    const std::uint64_t version = scene.version({2});
    const Job<Comparison> job = ui.jobs.get<Comparison>(
        kId, version,
        [trace = ui.trace, other = ui.other_trace, path = scene.path,
         space = scene.space()](const CancelToken& cancel) {
            Comparison made;
            made.shared = find_shared_words(*trace, *other, path);
            made.cosines = compare_words(*trace, *other, path, made.shared, space, cancel);
            made.plane = compute_word_plane(*trace, other.get(), path, space, cancel);
            return made;
        });
    const bool fits = job.value != nullptr && job.value->plane.words == scene.words.extent &&
                      job.value->plane.steps == scene.path.size() + 1;
    if (!fits) {
        empty_state(ui, std::string(kId) + "/empty", body, "On its way",
                    job.problem.empty() ? "Both sentences are compared." : job.problem);
        return;
    }
    if (job.value->shared.empty()) {
        draw_invitation(scene, body, "No word is in both",
                        "\u201c" + ui.other_trace->inputs().text + "\u201d shares none.", result);
        return;
    }
    const VectorsCompareLayout layout = layout_vectors_compare(ui, body);
    const CompareScene compare{scene, layout, *job.value,
                               find_chosen(*job.value, scene.selection.query)};
    draw_chips(compare, result);
    draw_chart(compare);
    if (layout.map.is_empty()) return;
    const SharedWord& word = job.value->shared[static_cast<std::size_t>(compare.chosen)];
    Selection chosen = scene.selection;
    chosen.query = word.own;
    const VectorsScene own{scene.trace, chosen,      scene.path, scene.path.size() - 1,
                           scene.words, scene.state, scene.ui};
    draw_map(own, layout.map,
             {"view/vectors/pair", job.value->plane, scene.state.compare_map, version,
              ui.other_trace.get(), word.other},
             result);
}

}  // namespace heed::app
