#include "app/views/lecture_drawer.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "app/ui/numbers.h"

namespace heed::app {

namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();
constexpr int kMostLoggedRows = 128;
constexpr float kPaleWeight = 0.005F;

}  // namespace

LectureDrawer::LectureDrawer(const LectureScene& scene)
    : scene_(scene), ui_(scene.ui), trace_(scene.trace), plan_(scene.plan) {
    const AttentionSite* site = find_site(trace_.graph(), scene.selection);
    key_sequence_ = site->key_sequence;
    query_sequence_ = site->query_sequence;
    words_ = trace_.graph().sequences()[static_cast<std::size_t>(key_sequence_)].length;
    query_ = scene.selection.query;
}

int LectureDrawer::outer_of(NodeId node) const {
    const Shape& shape = trace_.graph().node(node).shape;
    if (shape.rank() < 3) return 0;
    const int head =
        std::min(scene_.selection.head * shape.extent(0) / plan_.query_heads, shape.extent(0) - 1);
    return shape.rank() == 4 ? head * shape.extent(1) + query_ : head;
}

std::vector<int> LectureDrawer::cell_of(NodeId node, int row, int column) const {
    const Shape& shape = trace_.graph().node(node).shape;
    const int outer = outer_of(node);
    if (shape.rank() == 4) {
        return {outer / shape.extent(1), outer % shape.extent(1), row, column};
    }
    if (shape.rank() == 3) return {outer, row, column};
    return {row, column};
}

const MatrixValues* LectureDrawer::read_node(NodeId node, int outer, int first, int end) {
    return scene_.state.values.get(trace_, {ui_.trace_number, node, outer}, first, end);
}

Strip LectureDrawer::make_strip(NodeId node, int row, int rows, int seen,
                                const MatrixValues* scale_from) {
    Strip strip;
    strip.node = node;
    strip.outer = outer_of(node);
    strip.values = read_node(node, strip.outer, row, rows);
    strip.width = trace_.graph().node(node).shape.extent(-1);
    strip.seen = seen;
    if (strip.values == nullptr) return strip;
    const MatrixValues* from = scale_from != nullptr ? scale_from : strip.values;
    strip.scale = scale_of(trace_.graph().node(node), *from);
    return strip;
}

bool LectureDrawer::read() {
    bool is_ready = true;
    const auto keep = [&](Strip strip) {
        is_ready = is_ready && strip.values != nullptr;
        return strip;
    };
    float largest = 0;
    for (const LectureColumn& column : plan_.columns) {
        if (column.kind == LectureKind::kScore || column.kind == LectureKind::kWeight) {
            scores_[column.node] =
                read_node(column.node, outer_of(column.node), query_, query_ + 1);
            is_ready = is_ready && scores_[column.node] != nullptr;
        } else if (strips_.count(column.node) == 0) {
            strips_[column.node] = keep(make_strip(column.node, 0, words_, 0, nullptr));
        }
    }
    if (plan_.masked) {
        scores_[*plan_.masked] =
            read_node(*plan_.masked, outer_of(*plan_.masked), query_, query_ + 1);
        is_ready = is_ready && scores_[*plan_.masked] != nullptr;
    }
    if (!is_ready) return false;
    query_strip_ = keep(make_strip(plan_.q, query_, query_ + 1, 0, nullptr));
    sum_strip_ = keep(make_strip(plan_.z, query_, query_ + 1, 0, strips_[plan_.v].values));
    for (const LectureColumn& column : plan_.columns) {
        if (column.kind != LectureKind::kScore) continue;
        for (int s = 0; s < words_; ++s) {
            const float value = std::abs(scores_[column.node]->at(query_, s));
            if (std::isfinite(value)) largest = std::max(largest, value);
        }
    }
    const std::array magnitude{largest};
    decimals_ = std::clamp(choose_decimals(magnitude), 2, 4);
    return is_ready;
}

void LectureDrawer::choose_layout() {
    LectureRequest request{scene_.inside, plan_};
    request.words = words_;
    request.key_width = strips_[plan_.columns.front().node].width;
    request.value_width = strips_[plan_.v].width;
    float widest = ui_.px(40);
    for (int s = 0; s < words_; ++s) {
        widest = std::max(widest, measure_text(ui_, Type::kBodyStrong, word(s)));
    }
    for (const LectureForm& form : plan_.forms) {
        widest = std::max(widest, measure_text(ui_, Type::kLabel, query_name(form.q)) - ui_.px(2));
    }
    request.label_w = std::min(widest + 1, std::min(ui_.px(112), scene_.inside.w * 0.16F));
    request.score_w = measure_text(ui_, Type::kNumber, "+000.00") + ui_.px(4);
    float largest = 0;
    for (const auto& [node, strip] : strips_) largest = std::max(largest, strip.scale.high);
    request.number_w = measure_text(ui_, Type::kNumberTiny,
                                    format_number(-static_cast<double>(largest), 2).view());
    for (const LectureColumn& column : plan_.columns) {
        request.title_w.push_back(
            std::ceil(measure_text(ui_, Type::kNoteStrong, title_of(column))) + 1);
    }
    // As wide as the widest of its titles: what is told stays where it is.
    for (const LectureForm& form : plan_.forms) {
        const std::string title = std::to_string(form.number) + "  " + form.title;
        request.title_w.front() = std::max(
            request.title_w.front(), std::ceil(measure_text(ui_, Type::kNoteStrong, title)) + 1);
    }
    layout_ = layout_lecture(ui_, request);
    StagesViewState& state = scene_.state;
    const auto place = [&state](Strip& strip, int seen) {
        strip.seen = std::min(seen, strip.width);
        strip.first = std::clamp(state.first_inner, 0, std::max(0, strip.width - strip.seen));
    };
    const int seen = std::max(layout_.keys_seen, layout_.values_seen);
    for (auto& [node, strip] : strips_) place(strip, seen);
    place(query_strip_, layout_.keys_seen);
    place(sum_strip_, layout_.values_seen);
}

const Strip& LectureDrawer::strip_of(const LectureColumn& column) const {
    return strips_.at(column.node);
}

bool LectureDrawer::is_hidden(int s) const {
    if (!plan_.masked || !is_told(plan_.masked_stage)) return false;
    return scores_.at(*plan_.masked)->at(query_, s) == kMinusInfinity;
}

void LectureDrawer::draw_cells(const Strip& strip, int row, const Rect& place, float factor,
                               std::string_view id, float fade) {
    const Theme& theme = ui_.theme;
    const float gap = layout_.cell_w >= ui_.px(10) ? ui_.px(1) : 0;
    const float* values = strip.values->row(row);
    for (int i = 0; i < strip.seen; ++i) {
        const float value = factor * values[strip.first + i];
        const Rect cell{place.x + layout_.cell_w * static_cast<float>(i), place.y,
                        layout_.cell_w - gap, place.h};
        const Colour colour = mix(theme.surface, strip.scale.colour(theme, value), fade);
        fill(ui_, cell, colour, ui_.px(2));
        outline(ui_, cell, with_alpha(theme.line, 0.8F), ui_.hairline(), ui_.px(2));
        if (layout_.has_numbers) {
            draw_text(ui_, {Type::kNumberTiny, ink_on(theme, colour), Align::kCentre}, cell,
                      format_number(static_cast<double>(value), 2).view());
        }
    }
    if (!ui_.items.is_recording()) return;
    for (int i = 0; i < strip.seen; ++i) {
        const Rect cell{place.x + layout_.cell_w * static_cast<float>(i), place.y,
                        layout_.cell_w - gap, place.h};
        const float value = factor * values[strip.first + i];
        const std::string item = std::string(id) + std::to_string(strip.first + i) + "]";
        log_item(ui_, item, "cell", format_number(static_cast<double>(value), 4).view(),
                 static_cast<double>(value), cell);
    }
}

void LectureDrawer::draw_weight(int s, const LectureLayout::Column& column, const Rect& place) {
    const Theme& theme = ui_.theme;
    const float weight = scores_.at(plan_.pattern)->at(query_, s);
    const float share = std::clamp(std::abs(weight), 0.0F, 1.0F);
    const bool is_chosen = s == scene_.selection.key;
    const float height = std::min(place.h - ui_.px(8), ui_.px(18));
    const Rect bar{place.x, place.centre().y - height / 2,
                   std::max(ui_.hairline(), std::round(share * column.bar_w)), height};
    const Colour colour = is_chosen ? theme.key : mix(theme.surface, theme.accent, 0.55F);
    fill(ui_, bar, weight < 0 ? theme.negative : colour, ui_.px(2));
    const bool is_pale = share < kPaleWeight;
    const NumberText text = format_number(static_cast<double>(weight), weight == 0 ? 0 : 3);
    draw_text(ui_, {Type::kNumberSmall, is_pale ? theme.ink_third : theme.ink, Align::kRight},
              place, text.view());
    if (!ui_.items.is_recording()) return;
    log_item(ui_, indexed_id("view/stages/weight", {s}), "cell", text.view(),
             static_cast<double>(weight), place);
}

void LectureDrawer::draw_column(std::size_t i, int s, const Rect& place) {
    const LectureColumn& column = plan_.columns[i];
    const Theme& theme = ui_.theme;
    const float fade = is_hidden(s) ? 0.25F : 1.0F;
    const Rect strip = inset(place, 0, std::max(ui_.px(3), place.h * 0.16F));
    const std::string row = std::to_string(s) + ",";
    switch (column.kind) {
        case LectureKind::kKeys: {
            const std::string name(i == 0 ? "k"
                                          : local_name(trace_.graph().node(column.node).name));
            draw_cells(strip_of(column), s, strip, 1, "view/stages/" + name + "[" + row, fade);
            break;
        }
        case LectureKind::kScore: {
            const float value = scores_.at(column.node)->at(query_, s);
            const NumberText text =
                format_number(static_cast<double>(value), decimals_, Sign::kAlways);
            draw_text(ui_,
                      {Type::kNumber, is_hidden(s) ? theme.ink_third : theme.ink, Align::kRight},
                      place, text.view());
            if (ui_.items.is_recording()) {
                const std::string id(local_name(trace_.graph().node(column.node).name));
                log_item(ui_, indexed_id("view/stages/" + id, {s}), "cell", text.view(),
                         static_cast<double>(value), place);
            }
            break;
        }
        case LectureKind::kWeight:
            draw_weight(s, layout_.columns[i], place);
            break;
        case LectureKind::kValues:
            draw_cells(strip_of(column), s, strip, 1, "view/stages/v[" + row, fade);
            break;
        case LectureKind::kWeighted: {
            const float weight = scores_.at(plan_.pattern)->at(query_, s);
            NumberText text = format_number(static_cast<double>(weight), 2);
            const float factor_w = layout_.columns[i].factor_w;
            draw_text(ui_, {Type::kNumberTiny, theme.ink_second, Align::kRight},
                      {place.x, place.y, factor_w - ui_.px(10), place.h},
                      "\u00d7 " + std::string(text.view()));
            draw_cells(strip_of(column), s,
                       {strip.x + factor_w, strip.y, strip.w - factor_w, strip.h}, weight,
                       "view/stages/weighted[" + row, 1);
            break;
        }
    }
}

void LectureDrawer::draw_row(int s, const Rect& row) {
    const Theme& theme = ui_.theme;
    const bool is_chosen = s == scene_.selection.key;
    if (is_chosen) {
        fill(ui_, {row.x - ui_.px(4), row.y, row.w + ui_.px(8), row.h - ui_.px(1)},
             theme.accent_soft, ui_.px(6));
    }
    const std::span<const TokenLabel> labels = trace_.labels(key_sequence_);
    const bool is_faint = is_hidden(s) || (static_cast<std::size_t>(s) < labels.size() &&
                                           labels[static_cast<std::size_t>(s)].is_special);
    const Colour ink = is_chosen ? theme.key : (is_faint ? theme.ink_third : theme.ink);
    const Rect label{row.x, row.y, layout_.label.w, row.h};
    draw_text(ui_, {is_chosen ? Type::kBodyStrong : Type::kBody, ink, Align::kRight}, label,
              word(s));
    if (ui_.items.is_recording()) {
        log_item(ui_, indexed_id("view/stages/row", {s}),
                 is_hidden(s) ? "blocked" : (is_chosen ? "chosen" : "label"), word(s), std::nullopt,
                 label);
    }
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
        if (!is_told(plan_.columns[i].stage)) continue;
        const LectureLayout::Column& column = layout_.columns[i];
        draw_column(i, s, {row.x + column.x, row.y, column.w, row.h});
    }
    const std::size_t at = plan_.columns.size() - 3;  // the weights
    if (is_hidden(s) && !is_told(plan_.columns[at].stage)) {
        const LectureLayout::Column& weights = layout_.columns[at];
        draw_text(ui_, {Type::kTiny, theme.ink_third}, {row.x + weights.x, row.y, weights.w, row.h},
                  "hidden");
    }
}

void LectureDrawer::draw_rows(ViewResult& result) {
    const float height = layout_.row_h * static_cast<float>(words_);
    const Rect area{layout_.rows.x - ui_.px(6), layout_.rows.y, layout_.rows.w + ui_.px(6),
                    layout_.rows.h};
    const Point top = begin_scroll(ui_, "view/stages/scroll", area, layout_.content_w, height);
    const Point origin{top.x + ui_.px(6), top.y};
    rows_left_ = origin.x;
    const float from = ImGui::GetScrollY();
    const int first = std::clamp(static_cast<int>(from / layout_.row_h), 0, words_);
    const int end =
        std::clamp(static_cast<int>(std::ceil((from + area.h) / layout_.row_h)), first, words_);
    const bool logs_all = ui_.items.is_recording() && words_ <= kMostLoggedRows;
    const Rect sensed{area.x, area.y, std::min(area.w, layout_.content_w + ui_.px(6)), area.h};
    const Interaction mouse = interact(ui_, "view/stages/rows", sensed, FocusKind::kPicture);
    for (int s = logs_all ? 0 : first; s < (logs_all ? words_ : end); ++s) {
        draw_row(s, {origin.x, origin.y + layout_.row_h * static_cast<float>(s), layout_.content_w,
                     layout_.row_h});
    }
    std::optional<Target> target;
    if (mouse.is_hovered) target = find_target(mouse.mouse, origin);
    const bool is_outside = scene_.selection.key < first || scene_.selection.key >= end;
    if (scene_.state.seen_cell != std::vector<int>{query_, scene_.selection.key}) {
        scene_.state.seen_cell = {query_, scene_.selection.key};
        if (is_outside || (scene_.selection.key + 1 == end && end < words_)) {
            ImGui::SetScrollY(std::max(
                0.0F, layout_.row_h * static_cast<float>(scene_.selection.key) - area.h / 2));
            ui_.request_frame_in(0);
        }
    }
    end_scroll();
    if (mouse.is_hovered && !target) {
        const int s = static_cast<int>(std::floor((mouse.mouse.y - origin.y) / layout_.row_h));
        if (mouse.was_clicked && s >= 0 && s < words_) {
            result.commands.push_back({"key", {std::to_string(s)}});
        }
    }
    answer(target, mouse.was_clicked, result);
}

ViewResult LectureDrawer::draw() {
    ViewResult result;
    if (words_ == 0 || !read()) {
        empty_state(ui_, "view/stages/empty", scene_.inside, "On its way", "The values are read.");
        return result;
    }
    choose_layout();
    draw_query(result);
    draw_rows(result);
    draw_header();
    draw_sum(result);
    draw_pages();
    draw_foot();
    mark_numbers();
    return result;
}

ViewResult draw_lecture(const LectureScene& scene) {
    return LectureDrawer(scene).draw();
}

}  // namespace heed::app
