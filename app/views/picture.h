// Attention painted over a picture: each patch tinted by the weight that one position gives it (or
// that it gives one position), the other positions as chips above it. Its layout is pure.
//
// Items: <id>/image (text: what is painted), <id>/patch[row,column] with the unrounded weight,
// <id>/picture-token[position] with its weight, <id>/picture-title, <id>/picture-legend, controls.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/widgets.h"
#include "app/views/patches.h"

namespace heed::app {

struct PictureLayout {
    Rect title;
    std::vector<Rect> chips;  // of the positions that are no patches, as far as there is room
    Rect frame;               // the whole picture
    Rect legend;
    Rect lines;  // button; empty where there is no room, as are the next
    Rect tint;   // slider
    Rect tint_label;
    Rect whole;                // all of it
    bool has_numbers = false;  // a patch is large enough for one

    bool is_empty() const { return frame.is_empty(); }
};

struct PictureRequest {
    const PatchedPicture& picture;
    std::span<const std::string> tokens;  // what the chips say
    std::string_view widest_number = ".00";
};

// Within `room`, from its top left, as large as it can be: all else is below it or at its right.
// Empty where it would be too small to be of use.
PictureLayout layout_picture(const UiContext& ui, const Rect& room, const PictureRequest& request);

// How one position is painted.
struct PaintedPosition {
    float value = 0;
    bool is_shown = false;
};

struct PicturePainting {
    std::string_view id;
    const PatchedPicture& picture;
    std::span<const PaintedPosition> positions;  // of the sequence
    std::span<const int> tokens;                 // the positions with chips
    std::span<const std::string> token_texts;
    const ColourScale& scale;
    std::string_view title;
    std::uint64_t version = 0;  // another one where the picture is another one
    int looking = -1;           // position that looks; its patch has the colour of queries
    int looked_at = -1;         // that is looked at
    float tint = 0.65F;         // opacity of the tint
    bool has_lines = false;     // between the patches
    bool shows_numbers = true;
    bool is_weights = true;  // ".69" instead of "0.69"
    int decimals = 2;
};

struct PictureHit {
    std::optional<int> hovered;  // position
    std::optional<int> clicked;
    bool has_shift = false;  // with the click
    Rect hovered_rect;
    std::optional<bool> lines;  // what a person set
    std::optional<float> tint;
};

PictureHit draw_painted_picture(UiContext& ui, const PictureLayout& layout,
                                const PicturePainting& painting);

}  // namespace heed::app
