// The vectors view's map: words on the plane of the first two principal components, each with its
// way from the static vector through the layers. The same scale on both axes.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/figures.h"
#include "app/views/label_placement.h"
#include "app/views/piece_words.h"
#include "app/views/vectors_parts.h"

namespace heed::app {

namespace {

constexpr float kMargin = 44;  // design pixels around the points
constexpr float kMark = 4;     // radius
constexpr float kChosenMark = 6;
constexpr float kReach = 12;      // how near the mouse must be to a mark
constexpr int kMostLabels = 150;  // more would cover the picture
constexpr int kMostPaths = 80;    // with more words only the chosen one shows its layers
constexpr float kMostZoom = 400;
constexpr float kUpwards_rad = -1.5707964F;

struct MapScene {
    const VectorsScene& scene;
    const MapPicture& picture;
    const VectorsMapLayout& layout;
    MapView view;

    // The plane's steps begin with the static vectors.
    int shown_step() const { return scene.step + 1; }
};

// One mark: a word of this sentence or of the other, static or in context.
struct Mark {
    int word = 0;
    bool is_other = false;
    bool is_static = false;
    Point at;
    WordPlane::Spot spot;
};

bool is_chosen(const MapScene& map, const Mark& mark) {
    return mark.word == (mark.is_other ? map.picture.other_word : map.scene.selection.query);
}

std::string label_of(const MapScene& map, const Mark& mark) {
    if (!mark.is_other) return map.scene.words.label(mark.word);
    const Axis& axis = map.scene.trace.graph().node(map.scene.path.fixed).shape.axis(0);
    return token_text(*map.picture.other, axis.sequence, mark.word);
}

bool is_special(const MapScene& map, const Mark& mark) {
    if (mark.word < 0) return false;  // of the legend
    if (!mark.is_other) return map.scene.words.is_faint(mark.word);
    const Axis& axis = map.scene.trace.graph().node(map.scene.path.fixed).shape.axis(0);
    const auto labels = map.picture.other->labels(axis.sequence);
    const auto at = static_cast<std::size_t>(mark.word);
    return at < labels.size() && labels[at].is_special;
}

// Marks from the one that lies lowest: static ones, then words, the chosen last.
std::vector<Mark> list_marks(const MapScene& map) {
    const WordPlane& plane = map.picture.plane;
    std::vector<Mark> marks;
    for (const bool is_static : {true, false}) {
        const int step = is_static ? 0 : map.shown_step();
        for (int i = 0; i < plane.words; ++i) {
            const WordPlane::Spot& spot = plane.spot(step, i);
            marks.push_back({i, false, is_static, map.view.place(spot), spot});
        }
        for (int i = 0; i < plane.other_words; ++i) {
            const WordPlane::Spot& spot = plane.other_spot(step, i);
            marks.push_back({i, true, is_static, map.view.place(spot), spot});
        }
    }
    std::stable_partition(marks.begin(), marks.end(),
                          [&map](const Mark& mark) { return !is_chosen(map, mark); });
    return marks;
}

Colour colour_of(const MapScene& map, const Mark& mark) {
    const Theme& theme = map.scene.ui.theme;
    if (is_chosen(map, mark)) return mark.is_other ? theme.accent : theme.query;
    if (mark.is_static || is_special(map, mark)) return theme.ink_third;
    return theme.ink_second;
}

void draw_diamond(UiContext& ui, Point at, float r, Colour colour) {
    draw_triangle(ui, {at.x - r, at.y}, {at.x, at.y - r}, {at.x + r, at.y}, colour);
    draw_triangle(ui, {at.x + r, at.y}, {at.x, at.y + r}, {at.x - r, at.y}, colour);
}

void draw_mark(const MapScene& map, const Mark& mark) {
    UiContext& ui = map.scene.ui;
    const float r = ui.px(is_chosen(map, mark) ? kChosenMark : kMark);
    const Rect around{mark.at.x - r, mark.at.y - r, 2 * r, 2 * r};
    const Colour colour = colour_of(map, mark);
    if (mark.is_static) {
        fill(ui, around, ui.theme.surface, r);
        outline(ui, around, colour, std::max(1.0F, std::round(1.5F * ui.scale)), r);
    } else if (mark.is_other) {
        draw_diamond(ui, mark.at, r * 1.25F, colour);
    } else {
        fill(ui, around, colour, r);
    }
}

// The head of an arrow that ends at `to`.
void draw_arrow_head(UiContext& ui, Point from, Point to, Colour colour) {
    const float dx = to.x - from.x;
    const float dy = to.y - from.y;
    const float length = std::hypot(dx, dy);
    const float size = ui.px(9);
    const float clear = ui.px(kMark) + 1;  // the mark lies over the tip
    if (length < size + clear) return;
    const Point along{dx / length, dy / length};
    const Point tip{to.x - along.x * clear, to.y - along.y * clear};
    const Point back{tip.x - along.x * size, tip.y - along.y * size};
    const float half = size * 0.4F;
    draw_triangle(ui, tip, {back.x - along.y * half, back.y + along.x * half},
                  {back.x + along.y * half, back.y - along.x * half}, colour);
}

// A word's way from its static vector to the shown step.
void draw_path(const MapScene& map, int word, bool is_other, bool has_layers) {
    const WordPlane& plane = map.picture.plane;
    UiContext& ui = map.scene.ui;
    const auto at = [&](int step) {
        return map.view.place(is_other ? plane.other_spot(step, word) : plane.spot(step, word));
    };
    const Mark mark{word, is_other, false, {}, {}};
    const bool chosen = is_chosen(map, mark);
    const Colour colour = with_alpha(colour_of(map, mark), chosen ? 0.9F : 0.4F);
    const float width = std::max(1.0F, std::round((chosen ? 2.0F : 1.0F) * ui.scale));
    Point from = at(0);
    for (int step = 1; step <= map.shown_step(); ++step) {
        if (!has_layers && step < map.shown_step()) continue;
        const Point to = at(step);
        draw_line(ui, from, to, colour, width);
        if (step == map.shown_step()) {
            draw_arrow_head(ui, from, to, colour);
        } else if (chosen) {
            const float r = ui.px(2.5F);
            fill(ui, {to.x - r, to.y - r, 2 * r, 2 * r}, colour, r);
        }
        from = to;
    }
}

void draw_paths(const MapScene& map) {
    const WordPlane& plane = map.picture.plane;
    const bool all_layers =
        map.scene.state.options.shows_paths && plane.words + plane.other_words <= kMostPaths;
    for (const bool for_chosen : {false, true}) {
        for (int i = 0; i < plane.words + plane.other_words; ++i) {
            const bool is_other = i >= plane.words;
            const int word = is_other ? i - plane.words : i;
            const bool chosen = is_chosen(map, {word, is_other, false, {}, {}});
            if (chosen != for_chosen) continue;
            draw_path(map, word, is_other,
                      all_layers || (chosen && map.scene.state.options.shows_paths));
        }
    }
}

// Between two marks of an axis: 1, 2 or 5 times a power of ten, at least `least` units.
double choose_tick(double least) {
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least) return factor * power;
    }
    return 10 * power;
}

void draw_ticks(const MapScene& map) {
    UiContext& ui = map.scene.ui;
    const Rect& plot = map.view.plot;
    const double tick = choose_tick(static_cast<double>(ui.px(64)) / map.view.scale);
    const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(tick))), 0, 6);
    const auto half_w = static_cast<double>(plot.w / 2) / map.view.scale;
    const auto half_h = static_cast<double>(plot.h / 2) / map.view.scale;
    const Colour colour = with_alpha(ui.theme.line, 0.8F);
    const auto first = [tick](double low) { return std::ceil(low / tick); };
    for (double i = first(map.view.x - half_w); i * tick < map.view.x + half_w; ++i) {
        const Point at = map.view.place({i * tick, 0});
        draw_line(ui, {at.x, plot.y}, {at.x, plot.bottom()}, colour, ui.hairline());
        const Rect& band = map.layout.x_numbers;
        const Rect place{at.x - ui.px(30), band.y, ui.px(60), band.h};
        if (place.x < plot.x - ui.px(24) || place.right() > plot.right() + ui.px(24)) continue;
        draw_text(ui, {Type::kNumberTiny, ui.theme.ink_second, Align::kCentre}, place,
                  format_number(i * tick, decimals).view());
    }
    for (double i = first(map.view.y - half_h); i * tick < map.view.y + half_h; ++i) {
        const Point at = map.view.place({0, i * tick});
        draw_line(ui, {plot.x, at.y}, {plot.right(), at.y}, colour, ui.hairline());
        const Rect& band = map.layout.y_numbers;
        const Rect place{band.x, at.y - ui.px(8), band.w, ui.px(16)};
        if (place.y < plot.y || place.bottom() > plot.bottom()) continue;
        draw_text(ui, {Type::kNumberTiny, ui.theme.ink_second, Align::kRight}, place,
                  format_number(i * tick, decimals).view());
    }
}

std::string percent(double share) {
    return std::string(format_number(100 * share, 0).view()) + " %";
}

std::string write_note(const WordPlane& plane, int without) {
    std::string text =
        "projection: " + percent(plane.shares[0] + plane.shares[1]) + " of the variance seen";
    if (without > 0) {
        text += " \u00b7 " + std::to_string(without) +
                (without == 1 ? " {word} without a label: rest on it"
                              : " {words} without labels: rest on them");
    }
    return text;
}

// How much of the vectors the plane shows, and what the marks mean.
void draw_note(const MapScene& map, const std::string& text) {
    UiContext& ui = map.scene.ui;
    Rect rest = map.layout.note;
    const TextStyle style{Type::kNote, ui.theme.ink_second};
    const float width = std::min(rest.w, std::ceil(measure_text(ui, style.type, text)) + 1);
    draw_label(ui, map.picture.id + "/note", style, take_left(rest, width, ui.px(20)), text);
    const bool has_other = map.picture.other != nullptr;
    const std::array<const char*, 3> names{"static", has_other ? "here" : "in context", "there"};
    const std::array<Mark, 3> marks{Mark{-2, false, true, {}, {}}, Mark{-2, false, false, {}, {}},
                                    Mark{-2, true, false, {}, {}}};
    for (std::size_t i = 0; i < (has_other ? 3U : 2U); ++i) {
        const float needed = std::ceil(measure_text(ui, style.type, names[i])) + 1;
        if (rest.w < needed + ui.px(16)) return;
        const Rect place = take_left(rest, ui.px(10), ui.px(6));
        Mark mark = marks[i];
        mark.at = place.centre();
        draw_mark(map, mark);
        draw_text(ui, style, take_left(rest, needed, ui.px(16)), names[i]);
    }
}

void draw_axes(const MapScene& map) {
    UiContext& ui = map.scene.ui;
    const VectorsMapLayout& layout = map.layout;
    const std::vector<double>& shares = map.picture.plane.shares;
    const TextStyle style{Type::kNote, ui.theme.ink_second, Align::kCentre};
    const std::string x = "first component: " + percent(shares[0]) + " of the variance";
    const std::string y = "second: " + percent(shares[1]) + " of the variance";
    draw_text(ui, style, layout.x_label, x);
    log_item(ui, map.picture.id + "/x-axis", "axis", x, shares[0], layout.x_label);
    const float length = std::min(layout.y_label.h, measure_text(ui, style.type, y));
    draw_turned_text(ui, style, {layout.y_label.centre().x, layout.y_label.centre().y + length / 2},
                     kUpwards_rad, fit_text(ui, style.type, y, layout.y_label.h));
    log_item(ui, map.picture.id + "/y-axis", "axis", y, shares[1], layout.y_label);
}

// Returns how many words have no room for their label.
int draw_labels(const MapScene& map, const std::vector<Mark>& marks) {
    UiContext& ui = map.scene.ui;
    std::vector<Rect> taken;
    std::vector<const Mark*> wanted;
    const float r = ui.px(kMark);
    for (const Mark& mark : marks) {
        if (!map.view.plot.contains(mark.at)) continue;
        taken.push_back({mark.at.x - r, mark.at.y - r, 2 * r, 2 * r});
        if (!mark.is_static) wanted.push_back(&mark);
    }
    const auto rank = [&map](const Mark* mark) {
        if (is_chosen(map, *mark)) return 0;
        return (is_special(map, *mark) ? 3 : 1) + (mark->is_other ? 1 : 0);
    };
    std::stable_sort(wanted.begin(), wanted.end(),
                     [&](const Mark* a, const Mark* b) { return rank(a) < rank(b); });
    int without = static_cast<int>(wanted.size());
    if (wanted.size() > kMostLabels) wanted.resize(kMostLabels);
    std::vector<LabelRequest> requests;
    std::vector<std::string> texts;
    for (const Mark* mark : wanted) {
        const Type type = is_chosen(map, *mark) ? Type::kNoteStrong : Type::kNote;
        texts.push_back(fit_text(ui, type, label_of(map, *mark), ui.px(120)));
        requests.push_back(
            {mark->at, std::ceil(measure_text(ui, type, texts.back())) + 1, line_height(ui, type)});
    }
    const std::vector<std::optional<Rect>> places =
        place_labels(requests, {map.view.plot, taken, r + ui.px(3)});
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!places[i]) continue;
        --without;
        const bool chosen = is_chosen(map, *wanted[i]);
        draw_text(ui,
                  {chosen ? Type::kNoteStrong : Type::kNote,
                   chosen ? colour_of(map, *wanted[i]) : ui.theme.ink_second},
                  *places[i], texts[i]);
        if (!ui.items.is_recording()) continue;
        const char* id = wanted[i]->is_other ? "/other-label" : "/label";
        log_item(ui, indexed_id(map.picture.id + id, {wanted[i]->word}), "label", texts[i],
                 std::nullopt, *places[i]);
    }
    return without;
}

void log_marks(const MapScene& map, const std::vector<Mark>& marks) {
    UiContext& ui = map.scene.ui;
    if (!ui.items.is_recording()) return;
    const float r = ui.px(kMark);
    for (const Mark& mark : marks) {
        const std::string name =
            std::string(mark.is_other ? "/other-" : "/") + (mark.is_static ? "static" : "word");
        const std::string id = indexed_id(map.picture.id + name, {mark.word});
        const Rect place = intersect({mark.at.x - r, mark.at.y - r, 2 * r, 2 * r}, map.view.plot);
        log_item(ui, id, is_chosen(map, mark) ? "chosen" : "mark", label_of(map, mark),
                 std::nullopt, place);
        log_item(ui, id + "/x", "coordinate", "x", mark.spot.x, place);
        log_item(ui, id + "/y", "coordinate", "y", mark.spot.y, place);
    }
}

const Mark* find_nearest(const MapScene& map, const std::vector<Mark>& marks, Point mouse) {
    const Mark* nearest = nullptr;
    float best = map.scene.ui.px(kReach);
    for (const Mark& mark : marks) {
        const float distance = std::hypot(mark.at.x - mouse.x, mark.at.y - mouse.y);
        if (distance > best) continue;
        best = distance;
        nearest = &mark;
    }
    return nearest;
}

void draw_mark_tip(const MapScene& map, const Mark& mark) {
    UiContext& ui = map.scene.ui;
    const auto target = static_cast<std::uint64_t>(mark.word) * 4 + (mark.is_other ? 2U : 0U) +
                        (mark.is_static ? 1U : 0U);
    if (!tooltip_is_due(ui, map.picture.id, target)) return;
    const VectorPath& path = map.scene.path;
    const NodeId node = mark.is_static ? path.fixed : map.scene.context();
    const std::string where = mark.is_static ? "static" : step_text(path, map.scene.step);
    const std::string row = map.scene.name(node) + "[" + std::to_string(mark.word) + "]";
    const std::array lines{
        TooltipLine{"\u201c" + label_of(map, mark) + "\u201d " + where, Type::kBodyStrong,
                    ui.theme.ink},
        TooltipLine{"x " + std::string(format_number(mark.spot.x, 6).view()) + "   y " +
                        std::string(format_number(mark.spot.y, 6).view()),
                    Type::kNumber, ui.theme.ink},
        TooltipLine{row + (mark.is_other ? " of the other sentence" : "") + ", projected",
                    Type::kNumberSmall, ui.theme.ink_second}};
    const float r = ui.px(kChosenMark);
    draw_tooltip(ui, {mark.at.x - r, mark.at.y - r, 2 * r, 2 * r}, lines);
}

// The wheel enlarges about the mouse, dragging moves. True where a press was no drag.
bool move_window(const MapScene& map, const Interaction& state, MapWindow& window) {
    const ImGuiIO& io = ImGui::GetIO();
    const Rect& plot = map.view.plot;
    if (state.is_hovered && io.MouseWheel != 0) {
        const float wanted =
            std::clamp(window.zoom * std::pow(1.2F, io.MouseWheel), 0.5F, kMostZoom);
        const double before = map.view.scale;
        const double after = before * static_cast<double>(wanted / window.zoom);
        const auto dx = static_cast<double>(state.mouse.x - plot.centre().x);
        const auto dy = static_cast<double>(plot.centre().y - state.mouse.y);
        window.x += dx / before - dx / after;
        window.y += dy / before - dy / after;
        window.zoom = wanted;
        map.scene.ui.request_frame_in(0);
    }
    const float threshold = io.MouseDragThreshold * io.MouseDragThreshold;
    const bool is_drag = io.MouseDragMaxDistanceSqr[0] > threshold;
    if (state.is_held && is_drag) {
        window.x -= static_cast<double>(io.MouseDelta.x) / map.view.scale;
        window.y += static_cast<double>(io.MouseDelta.y) / map.view.scale;
        map.scene.ui.request_frame_in(0);
    }
    return state.was_clicked && !is_drag;
}

NumberTable make_table(const MapScene& map, const std::vector<Mark>& marks) {
    NumberTable table;
    table.column_labels = {"x", "y"};
    for (const Mark& mark : marks) {
        table.row_labels.push_back(label_of(map, mark) + (mark.is_static ? " static" : "") +
                                   (mark.is_other ? " of the other" : ""));
        table.values.push_back(static_cast<float>(mark.spot.x));
        table.values.push_back(static_cast<float>(mark.spot.y));
    }
    return table;
}

}  // namespace

void draw_map(const VectorsScene& scene, const Rect& body, const MapPicture& picture,
              ViewResult& result) {
    UiContext& ui = scene.ui;
    const VectorsMapLayout layout = layout_vectors_map(ui, body);
    MapWindow& window = picture.window;
    if (window.version != picture.version) window = {1, 0, 0, picture.version};
    const float margin = std::min({ui.px(kMargin), layout.plot.w / 6, layout.plot.h / 6});
    const MapScene map{scene, picture, layout, fit_map(picture.plane, layout.plot, margin, window)};
    const Interaction state = interact(ui, picture.id + "/plot", layout.plot);
    draw_axes(map);
    draw_ticks(map);
    const Rect& plot = layout.plot;
    ImGui::PushClipRect({plot.x, plot.y}, {plot.right(), plot.bottom()}, true);
    draw_paths(map);
    const std::vector<Mark> marks = list_marks(map);
    for (const Mark& mark : marks) draw_mark(map, mark);
    const int without = draw_labels(map, marks);
    log_marks(map, marks);
    ImGui::PopClipRect();
    draw_note(map, say_pieces(write_note(picture.plane, without), map.scene.words.tokens));
    outline(ui, plot, ui.theme.line, ui.hairline());
    const bool is_moved = window.zoom != 1 || window.x != 0 || window.y != 0;
    if (button(ui, picture.id + "/all", layout.reset, "show all",
               {ButtonLook::kQuiet, is_moved, "the wheel enlarges, dragging moves"})) {
        window = {1, 0, 0, picture.version};
    }
    if (ui.figures != nullptr) {
        mark_figure(ui, picture.id, "Words on the plane of most variance",
                    {body.x, body.y, body.w, body.h},
                    [table = make_table(map, marks)] { return table; });
    }
    const bool was_pressed = move_window(map, state, window);
    if (!state.is_hovered) return;
    const Mark* nearest = find_nearest(map, marks, state.mouse);
    if (nearest == nullptr) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    draw_mark_tip(map, *nearest);
    if (was_pressed && !nearest->is_other) choose_word(scene, nearest->word, result);
}

void draw_vectors_map(const VectorsScene& scene, const Rect& body, ViewResult& result) {
    UiContext& ui = scene.ui;
    if (ui.trace == nullptr) return;
    const std::uint64_t version = scene.version({1});
    const Job<WordPlane> job = ui.jobs.get<WordPlane>(
        "view/vectors/map", version,
        [trace = ui.trace, path = scene.path, space = scene.space()](const CancelToken& cancel) {
            return compute_word_plane(*trace, nullptr, path, space, cancel);
        });
    const bool fits = job.value != nullptr && job.value->words == scene.words.extent &&
                      job.value->steps == scene.path.size() + 1;
    if (!fits) {
        empty_state(ui, "view/vectors/map/empty", body, "On its way",
                    job.problem.empty() ? "The components are computed." : job.problem);
        return;
    }
    draw_map(scene, body, {"view/vectors/map", *job.value, scene.state.map, version}, result);
}

}  // namespace heed::app
