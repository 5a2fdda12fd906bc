// Where the matrices of a stage lie, for any size.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/draw.h"
#include "app/views/stages.h"

namespace heed::app {

namespace {

constexpr std::array kCounts{16, 12, 8, 6, 4};  // numbers of a vector that are in sight, tried so
constexpr float kSlant_rad = -0.7F;
constexpr float kUpright_rad = -1.5707964F;
constexpr float kTitle = 20;         // over a matrix, design pixels
constexpr float kNumberLabels = 16;  // over columns that are numbered
constexpr float kMostWordLabel = 72;
constexpr float kSign = 30;
constexpr float kArrow = 104;
constexpr float kMostCellWidth = 64;
constexpr float kMostCellHeight = 34;
constexpr float kLeastNumberHeight = 17;
constexpr float kLeastCell = 4;
constexpr int kMostMeasured = 600;  // labels
constexpr int kManyWords = 1 << 30;
constexpr float kLeastForCaption = 430;
constexpr float kLeastForCodeBelow = 600;
constexpr float kCodeHeight = 216;

bool is_of_words(const MatrixAxis& axis) {
    return axis.role != AxisRole::kPlain;
}

float widest_label(const UiContext& ui, const MatrixAxis& axis) {
    if (axis.letter.empty()) return 0;
    const float most = ui.px(kMostWordLabel);
    if (!axis.has_words()) {
        return measure_text(ui, Type::kNumberTiny, std::to_string(axis.extent - 1));
    }
    float widest = 0;
    for (int i = 0; i < std::min(axis.extent, kMostMeasured) && widest < most; ++i) {
        widest = std::max(widest, measure_text(ui, Type::kNoteStrong, axis.label(i)));
    }
    return std::min(most, std::ceil(widest) + 1);
}

// One way to lay the matrices out: how many numbers and words are in sight, and what follows.
struct Attempt {
    int numbers = 16;
    int words = kManyWords;
    bool is_stacked = false;
    float cell_w = 0;
    float cell_h = 0;
    bool has_numbers = false;
    float angle = 0;
    float band = 0;      // height of the labels over columns
    float overhang = 0;  // of the last slanted label

    int seen(const MatrixAxis& axis) const {
        return std::min(axis.extent, is_of_words(axis) ? words : numbers);
    }
};

class Planner {
  public:
    Planner(const UiContext& ui, const EquationRequest& request);
    Attempt choose() const;
    EquationLayout place(const Attempt& attempt) const;

  private:
    Attempt measure(int numbers, int words, bool is_stacked) const;
    void measure_columns(Attempt& attempt, const MatrixAxis& axis, float pitch,
                         bool may_slant) const;
    bool fits(const Attempt& attempt) const;
    float columns_of(const Attempt& attempt) const;
    float rows_of(const Attempt& attempt) const;
    float fixed_width(const Attempt& attempt) const;
    bool has_labels(std::size_t input) const;
    float more_labels() const;
    float fixed_height(const Attempt& attempt) const;
    EquationLayout place_product(const Attempt& attempt) const;
    EquationLayout place_chain(const Attempt& attempt) const;
    PartPlace place_part(const Attempt& attempt, const StagePart& part, Point corner,
                         float band) const;
    AxisSight sight(const Attempt& attempt, const MatrixAxis& axis, int first) const;
    AxisSight row_sight(const Attempt& attempt, const StagePart& part, int first) const;
    float px(float design) const { return ui_.px(design); }

    const UiContext& ui_;
    const EquationRequest& request_;
    const StageEquation& equation_;
    float label_w_ = 0;  // of the rows' labels, with the gap after them
    float inner_w_ = 0;  // of a product's second input, the same
};

Planner::Planner(const UiContext& ui, const EquationRequest& request)
    : ui_(ui), request_(request), equation_(request.equation) {
    const float most = request.inside.w * 0.2F;
    const auto width = [&](const MatrixAxis& axis) {
        return std::min(most, widest_label(ui, axis)) + px(8);
    };
    label_w_ = width(equation_.output.rows);
    for (std::size_t i = 0; i < (equation_.is_product ? 1 : equation_.inputs.size()); ++i) {
        label_w_ = std::max(label_w_, width(equation_.inputs[i].rows));
    }
    if (equation_.is_product) inner_w_ = width(equation_.inputs[1].rows) + px(10);
}

void Planner::measure_columns(Attempt& attempt, const MatrixAxis& axis, float pitch,
                              bool may_slant) const {
    if (!axis.has_words()) {
        const float needed = axis.letter.empty() ? px(4) : px(kNumberLabels);
        attempt.band = std::max(attempt.band, needed);
        return;
    }
    const float widest = widest_label(ui_, axis);
    if (widest + px(6) <= pitch) {
        attempt.band = std::max(attempt.band, px(18));
        return;
    }
    const float line = line_height(ui_, Type::kNote);
    const bool is_slanted = may_slant && pitch * -std::sin(kSlant_rad) >= line * 0.85F;
    const float angle = is_slanted ? kSlant_rad : kUpright_rad;
    attempt.angle = std::min(attempt.angle, angle);
    attempt.band = std::max(
        attempt.band, std::ceil(widest * -std::sin(angle) + line * std::cos(angle) / 2) + px(8));
    if (is_slanted) attempt.overhang = std::ceil(widest * std::cos(angle));
}

float Planner::columns_of(const Attempt& attempt) const {
    if (equation_.is_product) {
        return static_cast<float>(attempt.seen(equation_.inputs[0].columns) +
                                  attempt.seen(equation_.output.columns));
    }
    int most = attempt.seen(equation_.output.columns);
    int sum = most;
    for (const StagePart& part : equation_.inputs) {
        const int columns = attempt.seen(part.columns);
        most = std::max(most, columns);
        sum += columns;
    }
    return static_cast<float>(std::max(1, attempt.is_stacked ? most : sum));
}

float Planner::rows_of(const Attempt& attempt) const {
    const auto rows = [&](const StagePart& part) {
        return part.only_row ? 1 : attempt.seen(part.rows);
    };
    if (equation_.is_product) {
        return static_cast<float>(rows(equation_.inputs[0]) +
                                  attempt.seen(equation_.inputs[1].rows) +
                                  (equation_.bias ? 1 : 0));
    }
    int most = rows(equation_.output);
    int sum = most;
    for (const StagePart& part : equation_.inputs) {
        most = std::max(most, rows(part));
        sum += rows(part);
    }
    return static_cast<float>(std::max(1, attempt.is_stacked ? sum : most));
}

// Beside each other, the first input's labels serve all; rows that it has not need their own.
bool Planner::has_labels(std::size_t input) const {
    if (input == 0) return true;
    return equation_.inputs[input - 1].only_row && !equation_.inputs[input].only_row;
}

float Planner::more_labels() const {
    float width = 0;
    for (std::size_t i = 1; i < equation_.inputs.size(); ++i) width += has_labels(i) ? label_w_ : 0;
    return width;
}

float Planner::fixed_width(const Attempt& attempt) const {
    if (equation_.is_product) return label_w_ + inner_w_ + attempt.overhang;
    if (attempt.is_stacked || equation_.inputs.empty()) return label_w_ + attempt.overhang;
    const auto inputs = static_cast<float>(equation_.inputs.size());
    return label_w_ + (inputs - 1) * px(kSign) + px(kArrow) + attempt.overhang + more_labels();
}

float Planner::fixed_height(const Attempt& attempt) const {
    const float head = px(kTitle) + attempt.band;
    if (equation_.is_product) return head + px(kTitle) + px(equation_.bias ? 8 : 4);
    const auto parts = static_cast<float>(equation_.inputs.size() + 1);
    return attempt.is_stacked ? parts * (head + px(8)) : head;
}

Attempt Planner::measure(int numbers, int words, bool is_stacked) const {
    Attempt attempt;
    attempt.numbers = numbers;
    attempt.words = words;
    attempt.is_stacked = is_stacked;
    const Rect& inside = request_.inside;
    const auto whole = [](float side) { return side >= 6 ? std::floor(side) : side; };
    // Labels need room by the width of their column, which follows from the room: twice is enough.
    for (int round = 0; round < 2; ++round) {
        const float pitch = attempt.cell_w;
        attempt.band = 0;
        attempt.angle = 0;
        attempt.overhang = 0;
        measure_columns(attempt, equation_.output.columns, pitch, true);
        for (std::size_t i = 0; i < equation_.inputs.size(); ++i) {
            // The labels over a product's first input end beside those of its second.
            const bool may_slant = !equation_.is_product || i > 0;
            measure_columns(attempt, equation_.inputs[i].columns, pitch, may_slant);
        }
        const float room_w = inside.w - fixed_width(attempt);
        const float room_h = inside.h - fixed_height(attempt);
        attempt.cell_w = whole(std::clamp(room_w / columns_of(attempt), 0.5F, px(kMostCellWidth)));
        attempt.cell_h = whole(std::clamp(room_h / rows_of(attempt), 0.5F, px(kMostCellHeight)));
    }
    attempt.has_numbers =
        attempt.cell_w >= request_.number_w + px(6) && attempt.cell_h >= px(kLeastNumberHeight);
    return attempt;
}

bool Planner::fits(const Attempt& attempt) const {
    return attempt.cell_w >= kLeastCell * ui_.scale && attempt.cell_h >= kLeastCell * ui_.scale;
}

Attempt Planner::choose() const {
    std::vector<bool> ways{false};
    if (!equation_.is_product && !equation_.inputs.empty()) ways = {false, true};
    for (const int count : kCounts) {
        for (const bool is_stacked : ways) {
            const Attempt attempt =
                measure(count, request_.keeps_numbers ? count : kManyWords, is_stacked);
            if (attempt.has_numbers) return attempt;
        }
    }
    // Without numbers: all words, or as many as can be told apart.
    std::optional<Attempt> best;
    for (const bool is_stacked : ways) {
        Attempt attempt = measure(kCounts.front(), kManyWords, is_stacked);
        for (int words = 512; !fits(attempt) && words >= 4; words = words * 3 / 4) {
            attempt = measure(std::min(words, kCounts.front()), words, is_stacked);
        }
        const auto side = [](const Attempt& a) { return std::min(a.cell_w, a.cell_h); };
        if (!best || side(attempt) > side(*best)) best = attempt;
    }
    return *best;
}

AxisSight Planner::sight(const Attempt& attempt, const MatrixAxis& axis, int first) const {
    AxisSight sight{0, attempt.seen(axis), axis.extent};
    sight.first = std::clamp(first, 0, std::max(0, sight.extent - sight.count));
    return sight;
}

AxisSight Planner::row_sight(const Attempt& attempt, const StagePart& part, int first) const {
    if (part.only_row) return {*part.only_row, 1, 1};
    return sight(attempt, part.rows, first);
}

// A part whose grid's first corner is `corner`, with its title and labels around it.
PartPlace Planner::place_part(const Attempt& attempt, const StagePart& part, Point corner,
                              float band) const {
    PartPlace place;
    place.rows = row_sight(attempt, part, request_.first_row);
    place.columns = sight(attempt, part.columns, request_.first_column - part.column_offset);
    place.grid = {corner.x, corner.y, attempt.cell_w * static_cast<float>(place.columns.count),
                  attempt.cell_h * static_cast<float>(place.rows.count)};
    place.column_band = {corner.x, corner.y - band, place.grid.w, band};
    place.title = {corner.x, corner.y - band - px(kTitle), std::max(place.grid.w, px(60)),
                   px(kTitle)};
    return place;
}

EquationLayout Planner::place_product(const Attempt& attempt) const {
    EquationLayout layout;
    const Rect& inside = request_.inside;
    const StagePart& first = equation_.inputs[0];
    const StagePart& second = equation_.inputs[1];
    layout.inner = sight(attempt, first.columns, request_.first_inner);
    const float left = inside.x + label_w_;
    const float right = left + attempt.cell_w * static_cast<float>(layout.inner.count) + inner_w_;
    const float top = inside.y + px(kTitle) + attempt.band;
    float middle = top + attempt.cell_h * static_cast<float>(layout.inner.count) + px(4);

    PartPlace above = place_part(attempt, second, {right, top}, attempt.band);
    above.rows = layout.inner;
    above.grid.h = attempt.cell_h * static_cast<float>(layout.inner.count);
    above.row_band = {right - inner_w_, top, inner_w_ - px(6), above.grid.h};
    if (equation_.bias) {
        PartPlace bias = place_part(attempt, *equation_.bias, {right, middle}, 0);
        bias.rows = {0, 1, 1};
        bias.grid.h = attempt.cell_h;
        bias.title = {};
        bias.column_band = {};
        bias.row_band = {right - inner_w_, middle, inner_w_ - px(6), attempt.cell_h};
        layout.bias = bias;
        middle += attempt.cell_h + px(4);
    }
    layout.output = place_part(attempt, equation_.output, {right, middle}, 0);
    layout.output.column_band = {};
    const Rect& out = layout.output.grid;
    layout.output.title = {out.x, out.bottom(), std::max(0.0F, inside.right() - out.x), px(kTitle)};
    PartPlace below = place_part(attempt, first, {left, middle}, attempt.band);
    below.columns = layout.inner;
    below.grid.w = attempt.cell_w * static_cast<float>(layout.inner.count);
    below.row_band = {inside.x, middle, label_w_ - px(8), below.grid.h};
    below.column_band.w = below.grid.w;
    below.title = {left, middle - attempt.band - px(kTitle),
                   std::max(0.0F, right - inner_w_ - left), px(kTitle)};
    layout.corner = {inside.x, inside.y, std::max(0.0F, right - inner_w_ - px(8) - inside.x),
                     std::max(0.0F, below.title.y - inside.y)};
    layout.inputs = {below, above};
    return layout;
}

EquationLayout Planner::place_chain(const Attempt& attempt) const {
    EquationLayout layout;
    layout.is_stacked = attempt.is_stacked;
    const Rect& inside = request_.inside;
    const float head = px(kTitle) + attempt.band;
    Point corner{inside.x + label_w_, inside.y + head};
    const auto add_labels = [&](PartPlace& place) {
        place.row_band = {place.grid.x - label_w_, place.grid.y, label_w_ - px(8), place.grid.h};
    };
    for (std::size_t i = 0; i < equation_.inputs.size(); ++i) {
        if (i > 0 && !attempt.is_stacked && has_labels(i)) corner.x += label_w_;
        PartPlace place = place_part(attempt, equation_.inputs[i], corner, attempt.band);
        if (attempt.is_stacked || has_labels(i)) add_labels(place);
        const bool is_last = i + 1 == equation_.inputs.size();
        if (attempt.is_stacked) {
            place.title.w = std::max(0.0F, inside.right() - place.title.x);
            const Rect sign{inside.x, place.grid.bottom() + px(8), label_w_ - px(8), px(kTitle)};
            is_last ? layout.arrow = sign : layout.signs.emplace_back(sign);
            corner.y = place.grid.bottom() + px(8) + head;
        } else {
            const float gap = px(is_last ? kArrow : kSign);
            const Rect sign{place.grid.right(), place.grid.y, gap,
                            std::max(attempt.cell_h, px(20))};
            is_last ? layout.arrow = sign : layout.signs.emplace_back(sign);
            place.title.w = std::max(0.0F, place.grid.w + gap - px(4));
            corner.x = place.grid.right() + gap;
        }
        layout.inputs.push_back(place);
    }
    layout.output = place_part(attempt, equation_.output, corner, attempt.band);
    layout.output.title.w = std::max(0.0F, inside.right() - layout.output.title.x);
    if (attempt.is_stacked || layout.inputs.empty()) add_labels(layout.output);
    return layout;
}

EquationLayout Planner::place(const Attempt& attempt) const {
    EquationLayout layout = equation_.is_product ? place_product(attempt) : place_chain(attempt);
    layout.cell_w = attempt.cell_w;
    layout.cell_h = attempt.cell_h;
    layout.label_angle = attempt.angle;
    layout.has_numbers = attempt.has_numbers;
    const float smaller = std::min(attempt.cell_w, attempt.cell_h);
    layout.gap = smaller >= px(16) ? px(2) : (smaller >= px(8) ? ui_.hairline() : 0.0F);
    return layout;
}

}  // namespace

Rect EquationLayout::cell(const PartPlace& place, int row, int column) const {
    return {place.grid.x + cell_w * static_cast<float>(column - place.columns.first),
            place.grid.y + cell_h * static_cast<float>(row - place.rows.first), cell_w - gap,
            cell_h - gap};
}

EquationLayout layout_equation(const UiContext& ui, const EquationRequest& request) {
    const Planner planner(ui, request);
    return planner.place(planner.choose());
}

StageLayout layout_stage(const UiContext& ui, const StageRequest& request) {
    StageLayout layout;
    Rect rest = request.inside;
    Rect line = take_top(rest, ui.px(28), ui.px(2));
    if (request.numbers_w > 0) layout.numbers = take_right(line, request.numbers_w, ui.px(12));
    if (request.nodes_w > 0) {
        layout.nodes = take_right(line, std::min(request.nodes_w, line.w * 0.6F), ui.px(12));
    }
    layout.title = line;
    take_top(rest, ui.px(request.is_plain ? 6 : 0));
    if (!request.is_plain) layout.formula = take_top(rest, ui.px(22), ui.px(8));
    if (request.shows_code) {
        if (rest.h >= ui.px(kLeastForCodeBelow)) {
            layout.code = take_bottom(rest, ui.px(kCodeHeight), ui.px(10));
        } else {
            layout.code = take_right(rest, std::floor(rest.w * 0.48F), ui.px(16));
        }
    }
    if (request.is_plain) {
        layout.changed = take_bottom(rest, ui.px(20), ui.px(6));
        layout.picture = rest;
        return layout;
    }
    Rect foot = take_bottom(rest, ui.px(34), ui.px(6));
    layout.legend =
        take_left(foot, std::min(foot.w, std::max(foot.w * 0.42F, ui.px(200))), ui.px(12));
    layout.pages = foot;
    if (request.inside.h >= ui.px(kLeastForCaption)) {
        layout.caption = take_bottom(rest, ui.px(18), ui.px(4));
    }
    layout.changed = take_bottom(rest, ui.px(20), ui.px(8));
    layout.picture = rest;
    return layout;
}

}  // namespace heed::app
