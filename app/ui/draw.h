// Drawing in the words of the look: filled and outlined rectangles, lines, texts in a type and a
// colour. All go to the current ImGui window and obey its clipping; none reads input.
#pragma once

#include <string>
#include <string_view>

#include "app/ui/colour.h"
#include "app/ui/colour_scale.h"
#include "app/ui/geometry.h"
#include "app/ui/ui_context.h"

namespace heed::app {

void fill(UiContext& ui, const Rect& rect, Colour colour, float radius = 0);
// Fills what lies under everything: the ground of a bar or a card, straight in the screen (not in
// an area that scrolls, not over anything). Whole pixels.
void fill_ground(UiContext& ui, const Rect& rect, Colour colour, float radius = 0);
// The line lies inside the rectangle.
void outline(UiContext& ui, const Rect& rect, Colour colour, float width, float radius = 0);
void draw_line(UiContext& ui, Point from, Point to, Colour colour, float width);
// A road from `from` to `to` that leaves and arrives level.
void draw_curve(UiContext& ui, Point from, Point to, Colour colour, float width);
void draw_triangle(UiContext& ui, Point a, Point b, Point c, Colour colour);
void draw_picture(UiContext& ui, const Rect& rect, const Picture& picture);
// The cells [column, column + columns) x [row, row + rows) of a picture.
struct PicturePart {
    int column = 0;
    int row = 0;
    int columns = 0;
    int rows = 0;
};
void draw_picture_part(UiContext& ui, const Rect& rect, const Picture& picture,
                       const PicturePart& part);

enum class Align { kLeft, kCentre, kRight };

struct TextStyle {
    Type type = Type::kBody;
    Colour colour;
    Align align = Align::kLeft;
};

// Width in pixels, as drawn.
float measure_text(const UiContext& ui, Type type, std::string_view text);
// Height of one line of a type.
float line_height(const UiContext& ui, Type type);
// `text`, or its beginning with "…" where it is wider than `width`.
std::string fit_text(const UiContext& ui, Type type, std::string_view text, float width);

// One line in the middle of the rectangle's height, at the side that the style says; shortened
// where it does not fit. Returns the drawn width.
float draw_text(const UiContext& ui, const TextStyle& style, const Rect& rect,
                std::string_view text);
// One line from the top left corner, never shortened. Returns the width.
float draw_text_at(const UiContext& ui, const TextStyle& style, Point top_left,
                   std::string_view text);
// One line that begins at `start` (the middle of its height) and runs along `angle_rad`, 0 to the
// right, positive downwards; the labels of columns.
void draw_turned_text(const UiContext& ui, const TextStyle& style, Point start, float angle_rad,
                      std::string_view text);
// Lines broken at blanks to `width`, from the top; returns the height used. At most `most_lines`,
// the last one shortened.
float draw_paragraph(const UiContext& ui, const TextStyle& style, const Rect& rect,
                     std::string_view text, int most_lines);
// The height that draw_paragraph uses for a width.
float measure_paragraph(const UiContext& ui, Type type, std::string_view text, float width,
                        int most_lines);

// While one of these lives nothing is recorded for figures: controls are no part of a picture.
class Unrecorded {
  public:
    explicit Unrecorded(UiContext& ui) : ui_(ui), kept_(ui.drawing) { ui_.drawing = nullptr; }
    ~Unrecorded() { ui_.drawing = kept_; }
    Unrecorded(const Unrecorded&) = delete;
    Unrecorded& operator=(const Unrecorded&) = delete;

  private:
    UiContext& ui_;
    Drawing* kept_;
};

// Notes what was drawn, while a frame is recorded; what lies outside the clip is out of sight.
void log_item(UiContext& ui, std::string_view id, std::string_view kind, std::string_view text,
              std::optional<double> value, const Rect& rect);
// draw_text, noted as an item of kind "text".
void draw_label(UiContext& ui, std::string_view id, const TextStyle& style, const Rect& rect,
                std::string_view text);

}  // namespace heed::app
