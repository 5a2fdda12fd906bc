#include "app/views/patches.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace heed::app {

namespace {

constexpr std::string_view kWord = "patch ";
constexpr int kMostAlong = 4096;

// A number of [0, kMostAlong) from the beginning of `text`, which it leaves.
std::optional<int> take_number(std::string_view& text) {
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || number < 0 || number >= kMostAlong) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

}  // namespace

std::optional<std::pair<int, int>> parse_patch_label(std::string_view text) {
    if (text.starts_with(kWord)) text.remove_prefix(kWord.size());
    const std::optional<int> row = take_number(text);
    if (!row || !text.starts_with(',')) return std::nullopt;
    text.remove_prefix(1);
    const std::optional<int> column = take_number(text);
    if (!column || !text.empty()) return std::nullopt;
    return std::pair{*row, *column};
}

PatchMap map_patches(std::span<const TokenLabel> labels) {
    std::vector<std::optional<std::pair<int, int>>> places;
    PatchMap map;
    std::size_t count = 0;
    for (const TokenLabel& label : labels) {
        places.push_back(parse_patch_label(label.text));
        if (!places.back()) continue;
        ++count;
        map.rows = std::max(map.rows, places.back()->first + 1);
        map.columns = std::max(map.columns, places.back()->second + 1);
    }
    const std::size_t cells =
        static_cast<std::size_t>(map.rows) * static_cast<std::size_t>(map.columns);
    if (count < 2 || count != cells) return {};
    map.position_of.assign(cells, -1);
    for (std::size_t i = 0; i < places.size(); ++i) {
        map.patch_of.push_back(-1);
        if (!places[i]) continue;
        const int patch = places[i]->first * map.columns + places[i]->second;
        int& position = map.position_of[static_cast<std::size_t>(patch)];
        if (position >= 0) return {};
        position = static_cast<int>(i);
        map.patch_of.back() = patch;
    }
    return map;
}

PatchedPicture cut_picture(PatchMap patches, std::shared_ptr<const Image> image) {
    PatchedPicture picture;
    const auto rows = static_cast<float>(std::max(1, patches.rows));
    const auto columns = static_cast<float>(std::max(1, patches.columns));
    picture.width = image == nullptr ? columns : static_cast<float>(image->width);
    picture.height = image == nullptr ? rows : static_cast<float>(image->height);
    // Whole patches alone are cut; what is left at the right and below belongs to none.
    picture.patch_width = std::max(1.0F, std::floor(picture.width / columns));
    picture.patch_height = std::max(1.0F, std::floor(picture.height / rows));
    picture.patches = std::move(patches);
    picture.image = std::move(image);
    return picture;
}

Rect PatchedPicture::place(const Rect& frame, int patch) const {
    const float x = static_cast<float>(patch % patches.columns) * patch_width;
    const float y = static_cast<float>(patch / patches.columns) * patch_height;
    const float across = frame.w / width;
    const float down = frame.h / height;
    // Whole pixels, so that neighbours touch without a gap.
    const float left = std::round(frame.x + x * across);
    const float top = std::round(frame.y + y * down);
    return {left, top, std::round(frame.x + (x + patch_width) * across) - left,
            std::round(frame.y + (y + patch_height) * down) - top};
}

std::optional<int> PatchedPicture::patch_at(const Rect& frame, Point point) const {
    if (patches.is_empty() || frame.is_empty() || !frame.contains(point)) return std::nullopt;
    const float x = (point.x - frame.x) / frame.w * width / patch_width;
    const float y = (point.y - frame.y) / frame.h * height / patch_height;
    const int column = static_cast<int>(std::floor(x));
    const int row = static_cast<int>(std::floor(y));
    if (column >= patches.columns || row >= patches.rows) return std::nullopt;
    return row * patches.columns + column;
}

}  // namespace heed::app
