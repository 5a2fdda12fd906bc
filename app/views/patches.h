// How the positions of a sequence lie on a picture: which of them are patches of it, and where. The
// labels say so ("patch 3,5": row 3, column 5, counted from 0 at the top left), so that recorded
// traces have pictures too. Pure.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "app/ui/geometry.h"
#include "core/format/image.h"
#include "core/run/inputs.h"

namespace heed::app {

struct PatchMap {
    int rows = 0;
    int columns = 0;
    std::vector<int> patch_of;     // of each position: row * columns + column; -1: no patch
    std::vector<int> position_of;  // of each patch

    bool is_empty() const { return position_of.empty(); }
    int count() const { return static_cast<int>(position_of.size()); }
    bool operator==(const PatchMap&) const = default;
};

// Row and column of "3,5" and "patch 3,5"; nullopt for another text.
std::optional<std::pair<int, int>> parse_patch_label(std::string_view text);

// Empty where fewer than two labels are patches, where one is there twice, and where the grid has
// holes.
PatchMap map_patches(std::span<const TokenLabel> labels);

// A picture cut into patches. Where the picture itself is not known a patch is one pixel.
struct PatchedPicture {
    std::shared_ptr<const Image> image;  // may be null
    PatchMap patches;
    float width = 0;  // pixels
    float height = 0;
    float patch_width = 0;
    float patch_height = 0;

    // A patch within `frame`, which holds the whole picture.
    Rect place(const Rect& frame, int patch) const;
    // The patch under a point of the frame; nullopt beside them all.
    std::optional<int> patch_at(const Rect& frame, Point point) const;
};
PatchedPicture cut_picture(PatchMap patches, std::shared_ptr<const Image> image);

}  // namespace heed::app
