#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/figures.h"
#include "app/ui/numbers.h"
#include "app/views/cell_tip.h"
#include "app/views/stages_grid.h"
#include "app/views/stages_scene.h"

namespace heed::app {

namespace {

constexpr int kPage = 16;  // numbers of a vector, at most, in sight

// A weight, an id or a position: what it is and where it stands in the model's file.
void draw_plain_tip(UiContext& ui, const Trace& trace, const StagePart& part,
                    const std::vector<int>& cell, float value, const Rect& anchor) {
    std::uint64_t target = static_cast<std::uint64_t>(part.number) + 7;
    for (const int i : cell) target = target * 65599 + static_cast<std::uint64_t>(i) + 1;
    if (!tooltip_is_due(ui, part.id, target)) return;
    const Theme& theme = ui.theme;
    std::string place = exact_cell(part.name, cell);
    if (part.source == PartSource::kWeight && trace.weights() != nullptr) {
        const WeightView& view = trace.graph().weight(part.number);
        const std::vector<int> index = unflatten(trace.weights()->extents(view.tensor),
                                                 static_cast<std::size_t>(view.position(cell)));
        place = exact_cell(trace.weights()->name(view.tensor), index);
    }
    const bool is_weight = part.source == PartSource::kWeight;
    const std::array lines{
        TooltipLine{exact_cell(part.name, cell), Type::kBodyStrong, theme.ink},
        TooltipLine{std::string(format_exact(value).view()), Type::kNumber, theme.ink},
        TooltipLine{is_weight ? "a number that was learned" : "given", Type::kNote,
                    theme.ink_second},
        TooltipLine{place, Type::kNumberSmall, theme.ink_second}};
    draw_tooltip(ui, anchor, lines);
}

std::string axis_words(const MatrixAxis& axis, const Axis& declared) {
    if (axis.role == AxisRole::kKey) return "{words} that are looked at (key)";
    if (axis.role == AxisRole::kQuery) {
        return declared.name == "T" ? "{words} (query)" : "{words}";
    }
    const std::string count = std::to_string(axis.extent);
    if (declared.name == "K") return "the " + count + " numbers of the head's vector";
    if (declared.name == "H*K") return "the heads side by side, " + count + " numbers";
    if (declared.name == "F") return count + " numbers of the feed-forward layer";
    if (declared.name == "V") return count + " entries of the vocabulary, by id";
    if (declared.name == "P") return count + " labels";
    return "the " + count + " numbers of the {word}'s vector";
}

std::string caption_of(const Node& node, const StagePart& output) {
    std::string text;
    if (node.shape.rank() >= 2) {
        text = "rows: " + axis_words(output.rows, node.shape.axis(-2)) + "   \u00b7   ";
    }
    if (node.shape.rank() >= 1) {
        text += "columns: " + axis_words(output.columns, node.shape.axis(-1));
    }
    return text;
}

// The matrices of a stage with their values.
struct Reading {
    std::vector<PartValues> inputs;
    std::vector<PartLook> input_looks;
    PartValues output;
    PartLook output_look;
    std::optional<PartValues> bias;
    PartLook bias_look;
    bool is_ready = true;
};

class EquationDrawer {
  public:
    EquationDrawer(const StageScene& scene, const StageLayout& layout)
        : scene_(scene), ui_(scene.ui), state_(scene.state), stage_(layout) {}
    ViewResult draw();

  private:
    ViewResult draw_waiting();
    void follow_chosen();
    void read(const AxisSight& rows, const AxisSight& columns, const AxisSight& inner);
    void draw_part(const StagePart& part, const PartPlace& place, const PartValues& values,
                   const PartLook& look, ViewResult& result);
    void mark(GridPicture& picture, const StagePart& part) const;
    void draw_title(const StagePart& part, const PartPlace& place, const PartLook& look);
    void draw_signs();
    void answer(const StagePart& part, const GridHit& hit, const PartValues& values,
                ViewResult& result);
    void draw_corner();
    void draw_pages();
    void draw_pager(Rect& rest, const char* name, const AxisSight& sight, int& first);
    void draw_legend();
    void mark_numbers();
    int chosen_row() const;
    int chosen_column() const { return equation_.cell.empty() ? 0 : equation_.cell.back(); }

    const StageScene& scene_;
    UiContext& ui_;
    StagesViewState& state_;
    const StageLayout& stage_;
    StageEquation equation_;
    EquationLayout layout_;
    Reading reading_;
    float title_w_ = 0;  // of the words over the part that was drawn last
};

int EquationDrawer::chosen_row() const {
    return equation_.cell.size() >= 2 ? equation_.cell[equation_.cell.size() - 2] : 0;
}

ViewResult EquationDrawer::draw_waiting() {
    empty_state(ui_, "view/stages/empty", stage_.picture, "On its way", "The values are read.");
    return {};
}

// Keeps the chosen cell in sight when another one is chosen.
void EquationDrawer::follow_chosen() {
    const std::string& name = scene_.told().name;
    if (state_.seen_node == name && state_.seen_cell == equation_.cell &&
        state_.seen_numbers == state_.options.keeps_numbers) {
        return;
    }
    state_.seen_numbers = state_.options.keeps_numbers;
    if (state_.seen_node != name) {
        state_.first_inner = state_.first_row = state_.first_column = 0;
        if (!equation_.inputs.empty() && equation_.inputs[0].column_offset > 0) {
            state_.first_column = equation_.inputs[0].column_offset;
        }
        // Among all words of a vocabulary the likeliest are worth seeing first.
        if (equation_.output.columns.letter == "v") {
            state_.first_column = scene_.memory.facts.largest_at / kPage * kPage;
        }
    }
    state_.seen_node = name;
    state_.seen_cell = equation_.cell;
    EquationRequest request{stage_.picture, equation_};
    request.keeps_numbers = state_.options.keeps_numbers;
    request.number_w = measure_text(ui_, Type::kNumberTiny, "\u221200.00");
    const EquationLayout layout = layout_equation(ui_, request);
    const auto follow = [](int& first, const AxisSight& sight, int at) {
        const int count = std::max(1, sight.count);
        if (at < first || at >= first + count) first = at / count * count;
    };
    const bool starts_elsewhere = state_.first_column > 0 && chosen_column() == 0;
    if (!starts_elsewhere) follow(state_.first_column, layout.output.columns, chosen_column());
    follow(state_.first_row, layout.output.rows, chosen_row());
}

void EquationDrawer::read(const AxisSight& rows, const AxisSight& columns, const AxisSight& inner) {
    reading_ = {};
    const auto read_one = [&](const StagePart& part, const AxisSight& r, const AxisSight& c,
                              PartLook& look) {
        const int first = std::clamp(r.first, 0, std::max(0, part.rows.extent - 1));
        const int end = std::clamp(r.end(), first, part.rows.extent);
        PartValues values =
            read_part(scene_.trace, part, ui_.trace_number, first, end, state_.values);
        reading_.is_ready = reading_.is_ready && values.is_ready();
        const AxisSight columns_in{std::clamp(c.first, 0, std::max(0, part.columns.extent - 1)), 0,
                                   part.columns.extent};
        AxisSight seen = columns_in;
        seen.count = std::min(c.count, part.columns.extent - seen.first);
        if (values.is_ready()) {
            look =
                look_of(scene_.trace, part, values, {first, end - first, part.rows.extent}, seen);
        }
        return values;
    };
    reading_.input_looks.resize(equation_.inputs.size());
    for (std::size_t i = 0; i < equation_.inputs.size(); ++i) {
        const bool is_second = equation_.is_product && i == 1;
        const AxisSight& r = is_second ? inner : rows;
        const AxisSight& c = equation_.is_product && i == 0 ? inner : columns;
        reading_.inputs.push_back(read_one(equation_.inputs[i], r, c, reading_.input_looks[i]));
    }
    reading_.output = read_one(equation_.output, rows, columns, reading_.output_look);
    if (equation_.bias) {
        reading_.bias = read_one(*equation_.bias, {0, 1, 1}, columns, reading_.bias_look);
    }
}

void EquationDrawer::draw_title(const StagePart& part, const PartPlace& place,
                                const PartLook& look) {
    if (place.title.is_empty()) return;
    Colour colour = ui_.theme.ink;
    if (part.role == PartRole::kQuery) colour = ui_.theme.query;
    if (part.role == PartRole::kKey) colour = ui_.theme.key;
    if (part.role == PartRole::kValue) colour = ui_.theme.value;
    Rect line = place.title;
    const float width = std::ceil(measure_text(ui_, Type::kNoteStrong, part.name)) + 1;
    const std::string item = "view/stages/part[" + (part.id.empty() ? "output" : part.id) + "]";
    draw_label(ui_, item, {Type::kNoteStrong, colour}, take_left(line, width, ui_.px(6)),
               part.name);
    std::string size =
        std::to_string(part.row_count()) + " \u00d7 " + std::to_string(part.columns.extent);
    const bool has_palette = part.source == PartSource::kNode || part.source == PartSource::kWeight;
    if (has_palette && !look.is_weights) {
        size +=
            "  \u00b1" + std::string(format_number(static_cast<double>(look.scale.high), 2).view());
    }
    title_w_ = width + ui_.px(6) + std::ceil(measure_text(ui_, Type::kTiny, size));
    if (measure_text(ui_, Type::kTiny, size) <= line.w) {
        draw_text(ui_, {Type::kTiny, ui_.theme.ink_second}, line, size);
    }
}

// The chosen row orange, the chosen column blue, their cell in ink.
void EquationDrawer::mark(GridPicture& picture, const StagePart& part) const {
    const Theme& theme = ui_.theme;
    const bool is_first = !equation_.inputs.empty() && &part == &equation_.inputs[0];
    const bool is_output = &part == &equation_.output;
    const bool is_bias = equation_.bias && &part == &*equation_.bias;
    const Colour column =
        equation_.output.columns.role == AxisRole::kKey ? theme.key : theme.ink_second;
    if (equation_.is_product && is_first) {
        picture.chosen_row = chosen_row();
        picture.row_colour = theme.query;
    } else if (equation_.is_product && !is_output && !is_bias) {
        picture.chosen_column = chosen_column();
        picture.column_colour = column;
    } else {
        picture.chosen_row = is_bias ? 0 : chosen_row();
        picture.chosen_column = chosen_column() - part.column_offset;
        picture.marks_cell = true;
        if (equation_.is_product && is_output) {
            picture.row_colour = with_alpha(theme.query, 0.55F);
            picture.column_colour = with_alpha(column, 0.55F);
        } else if (part.columns.role == AxisRole::kKey && part.rows.role == AxisRole::kQuery) {
            picture.row_colour = with_alpha(theme.query, 0.4F);
            picture.column_colour = with_alpha(theme.key, 0.4F);
        }
    }
}

void EquationDrawer::answer(const StagePart& part, const GridHit& hit, const PartValues& values,
                            ViewResult& result) {
    const bool is_node = part.source == PartSource::kNode;
    if (hit.hovered_row) {
        const std::vector<int> cell =
            part_cell(scene_.trace, part, *hit.hovered_row, *hit.hovered_column);
        const float value = values.at(*hit.hovered_row, *hit.hovered_column);
        if (is_node) {
            draw_cell_tip(ui_, scene_.trace, part.number, cell, value, hit.cell);
            if (hit.was_clicked) {
                result.selection = ask_word_cell(scene_.trace, scene_.selection, part.number, cell);
            }
        } else {
            draw_plain_tip(ui_, scene_.trace, part, cell, value, hit.cell);
        }
    }
    if (!is_node) return;
    std::optional<std::vector<int>> asked;
    if (hit.clicked_row) {
        asked = part_cell(scene_.trace, part, *hit.clicked_row, chosen_column());
    }
    if (hit.clicked_column) {
        asked = part_cell(scene_.trace, part, chosen_row(), *hit.clicked_column);
    }
    if (!asked) return;
    const Shape& shape = scene_.trace.graph().node(part.number).shape;
    for (int i = 0; i < shape.rank(); ++i) {
        int& index = (*asked)[static_cast<std::size_t>(i)];
        index = std::clamp(index, 0, shape.extent(i) - 1);
    }
    result.selection = ask_word_cell(scene_.trace, scene_.selection, part.number, *asked);
}

void EquationDrawer::draw_part(const StagePart& part, const PartPlace& place,
                               const PartValues& values, const PartLook& look, ViewResult& result) {
    draw_title(part, place, look);
    const std::string id = part.id.empty() ? "view/stages" : "view/stages/" + part.id;
    GridPicture picture{id, part, place, values};
    picture.scale = look.scale;
    picture.decimals = look.decimals;
    picture.is_weights = look.is_weights;
    mark(picture, part);
    answer(part, draw_grid(ui_, layout_, picture), values, result);
}

void EquationDrawer::draw_signs() {
    const Theme& theme = ui_.theme;
    for (const Rect& sign : layout_.signs) {
        draw_text(
            ui_,
            {Type::kTitle, theme.ink_second, layout_.is_stacked ? Align::kRight : Align::kCentre},
            sign, equation_.sign);
    }
    if (layout_.arrow.is_empty()) return;
    if (layout_.is_stacked) {
        const Point tip{layout_.arrow.right() - ui_.px(10), layout_.arrow.bottom() - ui_.px(3)};
        draw_line(ui_, {tip.x, layout_.arrow.y - ui_.px(4)}, {tip.x, tip.y - ui_.px(4)},
                  theme.ink_third, 1.5F * ui_.hairline());
        draw_triangle(ui_, {tip.x - ui_.px(4), tip.y - ui_.px(6)}, tip,
                      {tip.x + ui_.px(4), tip.y - ui_.px(6)}, theme.ink_third);
        Rect beside = layout_.output.title;
        take_left(beside, std::max(ui_.px(190), title_w_ + ui_.px(14)));
        draw_label(ui_, "view/stages/arrow", {Type::kNote, theme.ink_second}, beside,
                   typeset_formula(equation_.arrow));
        return;
    }
    const float y = layout_.arrow.centre().y + ui_.px(6);
    const float left = layout_.arrow.x + ui_.px(10);
    const float right = layout_.arrow.right() - ui_.px(10);
    draw_label(
        ui_, "view/stages/arrow", {Type::kNote, theme.ink_second, Align::kCentre},
        {layout_.arrow.x + ui_.px(2), y - ui_.px(22), layout_.arrow.w - ui_.px(4), ui_.px(18)},
        typeset_formula(equation_.arrow));
    draw_line(ui_, {left, y}, {right - ui_.px(6), y}, theme.ink_third, 1.5F * ui_.hairline());
    draw_triangle(ui_, {right - ui_.px(8), y - ui_.px(4)}, {right, y},
                  {right - ui_.px(8), y + ui_.px(4)}, theme.ink_third);
}

// In the free corner of a product: the chosen cell with its first terms.
void EquationDrawer::draw_corner() {
    const Rect& corner = layout_.corner;
    if (corner.w < ui_.px(180) || corner.h < ui_.px(64)) return;
    const std::string spoken = spoken_cell(scene_.trace, equation_.node, equation_.cell);
    const int row = chosen_row();
    const int column = chosen_column();
    std::string terms;
    const int inner = equation_.inputs[0].columns.extent;
    const int first = layout_.inner.first;
    const auto text = [](float value, int decimals) {
        return std::string(format_number(static_cast<double>(value), decimals).view());
    };
    if (reading_.inputs[0].is_ready() && reading_.inputs[1].is_ready()) {
        for (int i = first; i < std::min(inner, first + 3); ++i) {
            terms += (i > first ? " + " : "") + text(reading_.inputs[0].at(row, i), 2) +
                     " \u00b7 " + text(reading_.inputs[1].at(i, column), 2);
        }
        if (inner > 3) terms = (first > 0 ? "\u2026 + " : "") + terms + " + \u2026";
        if (reading_.bias && reading_.bias->is_ready()) {
            terms += "  + " + text(reading_.bias->at(0, column), 2);
        }
    }
    Rect rest = corner;
    draw_label(ui_, "view/stages/chosen", {Type::kLabel, ui_.theme.ink},
               take_top(rest, ui_.px(20), ui_.px(2)),
               spoken + " = " + text(reading_.output.at(row, column), 4));
    draw_paragraph(ui_, {Type::kNumberTiny, ui_.theme.ink_second}, rest, "= " + terms,
                   static_cast<int>(std::min(4.0F, rest.h / ui_.px(16))));
}

void EquationDrawer::draw_pager(Rect& rest, const char* name, const AxisSight& sight, int& first) {
    if (!sight.is_cut() || sight.count == 0) return;
    const std::string text = std::string(name) + " " + std::to_string(sight.first) + "\u2013" +
                             std::to_string(sight.end() - 1) + " of " +
                             std::to_string(sight.extent);
    const float needed = ui_.px(28 + 4 + 28 + 8 + 12) + measure_text(ui_, Type::kNote, text);
    if (needed > rest.w + ui_.px(12)) return;
    Rect piece = take_left(rest, needed, ui_.px(4));
    piece = {piece.x, piece.centre().y - ui_.px(14), piece.w, ui_.px(28)};
    const std::string id = std::string("view/stages/page/") + name;
    if (button(ui_, id + "/before", take_left(piece, ui_.px(28), ui_.px(4)), "\u2190",
               {ButtonLook::kQuiet, sight.first > 0, "Numbers before"})) {
        first = std::max(0, sight.first - sight.count);
    }
    if (button(ui_, id + "/after", take_left(piece, ui_.px(28), ui_.px(8)), "\u2192",
               {ButtonLook::kQuiet, sight.end() < sight.extent, "Numbers after"})) {
        first = std::min(sight.extent - sight.count, sight.first + sight.count);
    }
    draw_label(ui_, id, {Type::kNote, ui_.theme.ink_second}, piece, text);
}

void EquationDrawer::draw_pages() {
    Rect rest = stage_.pages;
    if (equation_.is_product) draw_pager(rest, "summed", layout_.inner, state_.first_inner);
    draw_pager(rest, "columns", layout_.output.columns, state_.first_column);
    draw_pager(rest, "rows", layout_.output.rows, state_.first_row);
}

void EquationDrawer::draw_legend() {
    const Node& node = scene_.told();
    if (!stage_.caption.is_empty()) {
        draw_label(ui_, "view/stages/caption", {Type::kNote, ui_.theme.ink_second}, stage_.caption,
                   fill_in(caption_of(node, equation_.output), scene_.memory.facts.words));
    }
    Rect bar = stage_.legend;
    take_left(bar, ui_.px(22));
    legend_bar(ui_, "view/stages/legend", bar, reading_.output_look.scale, "square-root scale");
}

void EquationDrawer::mark_numbers() {
    if (ui_.figures == nullptr) return;
    NumberTable table;
    const AxisSight& rows = layout_.output.rows;
    const AxisSight& columns = layout_.output.columns;
    for (int c = columns.first; c < columns.end(); ++c) {
        table.column_labels.push_back(equation_.output.columns.label(c));
    }
    for (int r = rows.first; r < rows.end(); ++r) {
        table.row_labels.push_back(equation_.output.rows.label(r));
        for (int c = columns.first; c < columns.end(); ++c) {
            table.values.push_back(reading_.output.at(r, c));
        }
    }
    table.node = scene_.told().name;
    Rect whole = stage_.title;
    whole.h = stage_.legend.bottom() - whole.y;
    whole.w = std::max(stage_.formula.w, stage_.picture.w);
    mark_figure(ui_, "view/stages/matrix", stage_title(scene_), whole, [table] { return table; });
}

ViewResult EquationDrawer::draw() {
    ViewResult result;
    equation_ = make_equation(scene_.trace, scene_.selection, scene_.node);
    if (state_.options.mode == StagesMode::kOneWord) {
        const AttentionSite* site = find_site(scene_.trace.graph(), scene_.selection);
        const int words = site == nullptr
                              ? equation_.output.rows.extent
                              : scene_.trace.graph()
                                    .sequences()[static_cast<std::size_t>(site->query_sequence)]
                                    .length;
        equation_ = keep_word(std::move(equation_), scene_.selection.query, words);
    }
    const StagePart& output = equation_.output;
    if (output.rows.extent == 0 || output.columns.extent == 0) {
        empty_state(ui_, "view/stages/empty", stage_.picture, "No words yet",
                    "Type a sentence above.");
        return result;
    }
    // What is in sight at first depends on them.
    if (!scene_.memory.has_facts) return draw_waiting();
    follow_chosen();
    // The widest number decides how much is in sight, and what is in sight how wide it is: a page
    // is measured first.
    read({state_.first_row, 1, 0}, {state_.first_column, 16, 0}, {state_.first_inner, 16, 0});
    if (!reading_.is_ready) return draw_waiting();
    EquationRequest request{stage_.picture, equation_};
    request.keeps_numbers = state_.options.keeps_numbers;
    request.first_inner = state_.first_inner;
    request.first_row = state_.first_row;
    request.first_column = state_.first_column;
    request.number_w = measure_text(ui_, Type::kNumberTiny, reading_.output_look.widest);
    for (const PartLook& look : reading_.input_looks) {
        request.number_w =
            std::max(request.number_w, measure_text(ui_, Type::kNumberTiny, look.widest));
    }
    layout_ = layout_equation(ui_, request);
    read(layout_.output.rows, layout_.output.columns, layout_.inner);
    if (!reading_.is_ready) return draw_waiting();
    for (std::size_t i = 0; i < equation_.inputs.size(); ++i) {
        draw_part(equation_.inputs[i], layout_.inputs[i], reading_.inputs[i],
                  reading_.input_looks[i], result);
    }
    if (layout_.bias) {
        draw_part(*equation_.bias, *layout_.bias, *reading_.bias, reading_.bias_look, result);
        draw_text(ui_, {Type::kTiny, ui_.theme.ink_second, Align::kRight}, layout_.bias->row_band,
                  "+ " + equation_.bias->name);
    }
    draw_part(output, layout_.output, reading_.output, reading_.output_look, result);
    draw_signs();
    if (equation_.is_product) draw_corner();
    draw_pages();
    draw_legend();
    mark_numbers();
    return result;
}

}  // namespace

ViewResult draw_equation(const StageScene& scene, const StageLayout& layout) {
    return EquationDrawer(scene, layout).draw();
}

}  // namespace heed::app
