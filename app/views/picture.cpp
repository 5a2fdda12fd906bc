#include "app/views/picture.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/ui/choices.h"
#include "app/ui/numbers.h"

namespace heed::app {

namespace {

constexpr float kLeastSide = 96;  // of the frame, design pixels
constexpr float kTitle = 20;
constexpr float kChip = 26;
constexpr float kControl = 28;
constexpr float kGap = 8;
constexpr float kControlsFrom = 200;  // width
constexpr float kControlsFromHeight = 240;

constexpr float kLegend = 30;
constexpr float kColumn = 116;  // beside the picture
constexpr float kColumnGap = 16;
constexpr float kColumnFrom = 150;  // height that it needs

// The picture as large as `room` holds it, at its top left.
Rect fit_into(const Rect& room, const PatchedPicture& picture) {
    const float scale = std::min(room.w / picture.width, room.h / picture.height);
    return {room.x, room.y, std::max(0.0F, std::floor(picture.width * scale)),
            std::max(0.0F, std::floor(picture.height * scale))};
}

float chip_width(const UiContext& ui, const std::string& text) {
    return std::ceil(measure_text(ui, Type::kNoteStrong, text)) + ui.px(20);
}

// Legend and controls at the bottom of `column`, the chips above them.
void place_beside(const UiContext& ui, const PictureRequest& request, Rect column,
                  PictureLayout& layout) {
    column.h = std::min(column.h, std::max(layout.frame.h, ui.px(kColumnFrom)));
    Rect row = take_bottom(column, ui.px(kControl), ui.px(4));
    layout.tint_label = take_left(row, ui.px(28), ui.px(8));
    layout.tint = row;
    row = take_bottom(column, ui.px(kControl), ui.px(kGap));
    layout.lines = take_left(row, std::ceil(measure_button(ui, "grid")));
    layout.legend = take_bottom(column, ui.px(kLegend), ui.px(kGap));
    for (const std::string& text : request.tokens) {
        if (column.h < ui.px(kChip)) break;
        Rect line = take_top(column, ui.px(kChip), ui.px(4));
        layout.chips.push_back(take_left(line, chip_width(ui, text)));
    }
}

// The chips above the frame, which moves down by their row, the rest below it.
void place_below(const UiContext& ui, const PictureRequest& request, Rect rest, bool has_controls,
                 PictureLayout& layout) {
    if (!request.tokens.empty()) {
        Rect chips = take_top(rest, ui.px(kChip), ui.px(kGap));
        for (const std::string& text : request.tokens) {
            if (chip_width(ui, text) > chips.w) break;
            layout.chips.push_back(take_left(chips, chip_width(ui, text), ui.px(6)));
        }
    }
    const Rect& frame = layout.frame;
    const float legend = std::min(rest.w, std::max(frame.w, ui.px(160)));
    layout.legend = {rest.x, frame.bottom() + ui.px(kGap), legend, ui.px(kLegend)};
    if (!has_controls) return;
    Rect row{rest.x, layout.legend.bottom() + ui.px(kGap), std::min(rest.w, ui.px(300)),
             ui.px(kControl)};
    layout.lines = take_left(row, std::ceil(measure_button(ui, "grid")), ui.px(8));
    layout.tint_label = take_left(row, ui.px(28), ui.px(8));
    layout.tint = row;
}

Picture upload(UiContext& ui, const PicturePainting& painting) {
    const Image& image = *painting.picture.image;
    const std::string id = std::string(painting.id) + "/image";
    return ui.pictures.get(
        id, painting.version, image.width, image.height, [&](std::span<std::uint32_t> texels) {
            const std::uint8_t* from = image.pixels.data();
            for (std::uint32_t& texel : texels) {
                const bool is_grey = image.channels == 1;
                texel = pack_rgba({from[0], from[is_grey ? 0 : 1], from[is_grey ? 0 : 2], 255});
                from += image.channels;
            }
        });
}

// One frame of the picture.
class Painter {
  public:
    Painter(UiContext& ui, const PictureLayout& layout, const PicturePainting& painting)
        : ui_(ui), layout_(layout), painting_(painting) {}

    PictureHit draw() {
        draw_label(ui_, id_of("picture-title"), {Type::kBodyStrong, ui_.theme.ink_second},
                   layout_.title, painting_.title);
        draw_chips();
        draw_ground();
        draw_patches();
        if (painting_.has_lines) draw_lines();
        find_patch_under_mouse();
        draw_marks();
        legend_bar(ui_, id_of("picture-legend"), layout_.legend, painting_.scale, "");
        draw_controls();
        return hit_;
    }

  private:
    std::string id_of(std::string_view name) const {
        return std::string(painting_.id) + "/" + std::string(name);
    }
    const PaintedPosition& at(int position) const {
        return painting_.positions[static_cast<std::size_t>(position)];
    }
    const PatchMap& patches() const { return painting_.picture.patches; }
    Rect place(int patch) const { return painting_.picture.place(layout_.frame, patch); }
    int position_of(int patch) const {
        return patches().position_of[static_cast<std::size_t>(patch)];
    }
    NumberText number(float value) const {
        return painting_.is_weights ? format_weight(static_cast<double>(value))
                                    : format_number(static_cast<double>(value), painting_.decimals);
    }

    void draw_chips() {
        for (std::size_t i = 0; i < layout_.chips.size(); ++i) {
            const int position = painting_.tokens[i];
            const Rect& rect = layout_.chips[i];
            const std::string id = indexed_id(id_of("picture-token"), {position});
            const Interaction state = interact(ui_, id, rect);
            const PaintedPosition& painted = at(position);
            const Colour ground = painted.is_shown
                                      ? painting_.scale.colour(ui_.theme, painted.value)
                                      : ui_.theme.sunk;
            fill(ui_, rect, ground, ui_.px(6));
            const bool is_marked = position == painting_.looking || position == painting_.looked_at;
            const Colour edge = position == painting_.looking     ? ui_.theme.query
                                : position == painting_.looked_at ? ui_.theme.key
                                                                  : ui_.theme.line;
            outline(ui_, rect, edge, is_marked ? ui_.px(2) : ui_.hairline(), ui_.px(6));
            draw_text(ui_, {Type::kNoteStrong, ink_on(ui_.theme, ground), Align::kCentre}, rect,
                      painting_.token_texts[i]);
            const std::optional<double> value =
                painted.is_shown ? std::optional(static_cast<double>(painted.value)) : std::nullopt;
            log_item(ui_, id, "token", painting_.token_texts[i], value, rect);
            if (state.is_hovered) take_hover(position, rect);
            if (state.was_clicked) take_click(position);
        }
    }

    void draw_ground() {
        if (painting_.picture.image != nullptr) {
            draw_picture(ui_, layout_.frame, upload(ui_, painting_));
        } else {
            fill(ui_, layout_.frame, ui_.theme.sunk);
        }
        log_item(ui_, id_of("image"), "picture", painting_.title, std::nullopt, layout_.frame);
    }

    void draw_patches() {
        const bool has_numbers = layout_.has_numbers && painting_.shows_numbers;
        for (int patch = 0; patch < patches().count(); ++patch) {
            const PaintedPosition& painted = at(position_of(patch));
            if (!painted.is_shown) continue;
            const Rect rect = place(patch);
            const Colour colour = painting_.scale.colour(ui_.theme, painted.value);
            // Without a picture below there is nothing that should show through.
            const bool has_picture = painting_.picture.image != nullptr;
            fill(ui_, rect, with_alpha(colour, has_picture ? painting_.tint : 1.0F));
            if (has_numbers) draw_number(rect, colour, painted.value);
            if (!ui_.items.is_recording()) continue;
            const int columns = patches().columns;
            log_item(ui_, indexed_id(id_of("patch"), {patch / columns, patch % columns}), "patch",
                     number(painted.value).view(), static_cast<double>(painted.value), rect);
        }
    }

    // On a ground of its own, as a picture may be of any colour.
    void draw_number(const Rect& patch, Colour colour, float value) {
        const NumberText text = number(value);
        const float width = measure_text(ui_, Type::kNumberSmall, text.view()) + ui_.px(6);
        const float height = line_height(ui_, Type::kNumberSmall);
        const Point middle = patch.centre();
        const Rect ground{std::round(middle.x - width / 2), std::round(middle.y - height / 2),
                          std::round(width), std::round(height)};
        fill(ui_, ground, with_alpha(colour, 0.85F), ui_.px(4));
        draw_text(ui_, {Type::kNumberSmall, ink_on(ui_.theme, colour), Align::kCentre}, ground,
                  text.view());
    }

    void draw_lines() {
        const Rect all = unite_patches();
        const Colour colour = with_alpha(ui_.theme.surface, 0.7F);
        const float width = ui_.hairline();
        for (int column = 1; column < patches().columns; ++column) {
            const float x = place(column).x;
            fill(ui_, {x, all.y, width, all.h}, colour);
        }
        for (int row = 1; row < patches().rows; ++row) {
            const float y = place(row * patches().columns).y;
            fill(ui_, {all.x, y, all.w, width}, colour);
        }
    }
    Rect unite_patches() const {
        const Rect first = place(0);
        const Rect last = place(patches().count() - 1);
        return {first.x, first.y, last.right() - first.x, last.bottom() - first.y};
    }

    void find_patch_under_mouse() {
        const Interaction state = interact(ui_, id_of("image"), layout_.frame, FocusKind::kPicture);
        const std::optional<int> patch = painting_.picture.patch_at(layout_.frame, state.mouse);
        if (!patch || !at(position_of(*patch)).is_shown) return;
        if (state.is_hovered) {
            take_hover(position_of(*patch), place(*patch));
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        }
        if (state.was_clicked) take_click(position_of(*patch));
    }
    void take_hover(int position, const Rect& rect) {
        hit_.hovered = position;
        hit_.hovered_rect = rect;
    }
    void take_click(int position) {
        hit_.clicked = position;
        hit_.has_shift = ImGui::GetIO().KeyShift;
    }

    void draw_marks() {
        if (hit_.hovered) draw_crosshair(*hit_.hovered);
        draw_mark(painting_.looked_at, ui_.theme.key);
        draw_mark(painting_.looking, ui_.theme.query);
    }
    // Hairlines through the row and column of the patch under the mouse.
    void draw_crosshair(int position) {
        const int patch = patches().patch_of[static_cast<std::size_t>(position)];
        if (patch < 0) return;
        const Rect rect = place(patch);
        const Rect all = unite_patches();
        const float width = ui_.hairline();
        for (const Colour colour : {ui_.theme.surface, ui_.theme.ink}) {
            const float shift = colour == ui_.theme.ink ? 0 : width;
            outline(ui_, {all.x, rect.y - shift, all.w, rect.h + 2 * shift},
                    with_alpha(colour, 0.6F), width);
            outline(ui_, {rect.x - shift, all.y, rect.w + 2 * shift, all.h},
                    with_alpha(colour, 0.6F), width);
        }
    }
    void draw_mark(int position, Colour colour) {
        const auto place_of = static_cast<std::size_t>(position);
        if (position < 0 || place_of >= patches().patch_of.size()) return;
        const int patch = patches().patch_of[place_of];
        if (patch < 0) return;
        const float width = std::max(2.0F, ui_.px(2));
        const Rect rect = place(patch);
        // A lighter line within the coloured one keeps it apart from any picture.
        outline(ui_, {rect.x - width, rect.y - width, rect.w + 2 * width, rect.h + 2 * width},
                colour, width);
        outline(ui_, rect, ui_.theme.surface, ui_.hairline());
    }

    void draw_controls() {
        if (layout_.tint.is_empty()) return;
        const Unrecorded unrecorded(ui_);
        const ButtonOptions look{painting_.has_lines ? ButtonLook::kOn : ButtonLook::kQuiet, true,
                                 "lines between the patches"};
        if (button(ui_, id_of("patch-lines"), layout_.lines, "grid", look)) {
            hit_.lines = !painting_.has_lines;
        }
        draw_label(ui_, id_of("tint-label"), {Type::kNote, ui_.theme.ink_second, Align::kRight},
                   layout_.tint_label, "tint");
        hit_.tint = real_slider(ui_, id_of("tint"), layout_.tint, painting_.tint, {0, 1, 0.05F});
    }

    UiContext& ui_;
    const PictureLayout& layout_;
    const PicturePainting& painting_;
    PictureHit hit_;
};

}  // namespace

PictureLayout layout_picture(const UiContext& ui, const Rect& room, const PictureRequest& request) {
    PictureLayout layout;
    Rect rest = room;
    layout.title = take_top(rest, ui.px(kTitle), ui.px(4));
    const float chips = request.tokens.empty() ? 0 : ui.px(kChip + kGap);
    const bool has_controls =
        room.w >= ui.px(kControlsFrom) && room.h >= ui.px(kControlsFromHeight);
    const float controls = has_controls ? ui.px(kControl + kGap) : 0;
    const Rect below{rest.x, rest.y + chips, rest.w,
                     rest.h - chips - ui.px(kLegend + kGap) - controls};
    const Rect beside{rest.x, rest.y, rest.w - ui.px(kColumn + kColumnGap), rest.h};
    const bool is_beside = rest.h >= ui.px(kColumnFrom) &&
                           fit_into(beside, request.picture).h > fit_into(below, request.picture).h;
    layout.frame = fit_into(is_beside ? beside : below, request.picture);
    if (std::min(layout.frame.w, layout.frame.h) < ui.px(kLeastSide)) return {};
    if (is_beside) {
        const float left = layout.frame.right() + ui.px(kColumnGap);
        place_beside(ui, request, {left, rest.y, ui.px(kColumn), rest.h}, layout);
    } else {
        place_below(ui, request, rest, has_controls, layout);
    }
    const Rect patch = request.picture.place(layout.frame, 0);
    layout.has_numbers =
        patch.w >= measure_text(ui, Type::kNumberSmall, request.widest_number) + ui.px(8) &&
        patch.h >= line_height(ui, Type::kNumberSmall) + ui.px(4);
    const float right = std::max(layout.frame.right(), layout.legend.right());
    const float bottom = std::max({layout.frame.bottom(), layout.legend.bottom(),
                                   layout.tint.is_empty() ? 0 : layout.tint.bottom()});
    layout.whole = {room.x, room.y, right - room.x, bottom - room.y};
    return layout;
}

PictureHit draw_painted_picture(UiContext& ui, const PictureLayout& layout,
                                const PicturePainting& painting) {
    return Painter(ui, layout, painting).draw();
}

}  // namespace heed::app
