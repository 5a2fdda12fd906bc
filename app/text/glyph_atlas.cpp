#include "app/text/glyph_atlas.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "core/base/check.h"

namespace heed::app {

namespace {

// Empty texels around a glyph, so that turned text does not show its neighbours.
constexpr int kGap = 2;
// Rows that a page gains at once: memory that no glyph stands on is not touched.
constexpr int kRowsAtOnce = 128;

PageRect unite(const PageRect& a, const PageRect& b) {
    if (a.is_empty()) return b;
    const int x = std::min(a.x, b.x);
    const int y = std::min(a.y, b.y);
    return {x, y, std::max(a.x + a.w, b.x + b.w) - x, std::max(a.y + a.h, b.y + b.h) - y};
}

}  // namespace

std::size_t GlyphAtlas::KeyHash::operator()(const GlyphKey& key) const {
    const auto glyph =
        static_cast<std::uint64_t>(key.glyph) | (static_cast<std::uint64_t>(key.font) << 32U);
    return std::hash<std::uint64_t>()(glyph * 0x9E3779B97F4A7C15ULL) ^
           std::hash<float>()(key.em_px);
}

GlyphAtlas::GlyphAtlas(int side) : side_(side) {
    HEED_CHECK(side >= 64);
}

std::span<const std::uint32_t> GlyphAtlas::texels(int page) const {
    return pages_[static_cast<std::size_t>(page)].texels;
}

PageRect GlyphAtlas::take_changes(int page) {
    return std::exchange(pages_[static_cast<std::size_t>(page)].changes, {});
}

void GlyphAtlas::clear(int side) {
    side_ = side;
    pages_.clear();
    slots_.clear();
}

void GlyphAtlas::add_page() {
    pages_.emplace_back();
    Page& page = pages_.back();
    page.texels.reserve(static_cast<std::size_t>(side_) * static_cast<std::size_t>(side_));
    page.shelf_top = kGap;
    page.shelf_right = kGap;
}

PageRect GlyphAtlas::find_room(Page& page, int width, int height) const {
    if (page.shelf_right + width + kGap > side_) {
        page.shelf_top += page.shelf_height + kGap;
        page.shelf_height = 0;
        page.shelf_right = kGap;
    }
    if (page.shelf_top + height + kGap > side_) return {};
    const PageRect place{page.shelf_right, page.shelf_top, width, height};
    page.shelf_right += width + kGap;
    page.shelf_height = std::max(page.shelf_height, height);
    return place;
}

void GlyphAtlas::write(Page& page, const PageRect& place, std::span<const std::uint32_t> texels) {
    // The empty texels around it are its own.
    const int left = std::max(0, place.x - kGap);
    const int top = std::max(0, place.y - kGap);
    const PageRect whole{left, top, std::min(side_, place.x + place.w + kGap) - left,
                         std::min(side_, place.y + place.h + kGap) - top};
    const int bottom = whole.y + whole.h;
    const int rows = std::min(side_, (bottom + kRowsAtOnce - 1) / kRowsAtOnce * kRowsAtOnce);
    const auto needed = static_cast<std::size_t>(rows) * static_cast<std::size_t>(side_);
    if (page.texels.size() < needed) page.texels.resize(needed, 0);
    for (int y = 0; y < place.h; ++y) {
        const auto from = texels.begin() + static_cast<std::ptrdiff_t>(y) * place.w;
        const auto to =
            page.texels.begin() + static_cast<std::ptrdiff_t>(place.y + y) * side_ + place.x;
        std::copy(from, from + place.w, to);
    }
    page.changes = unite(page.changes, whole);
}

GlyphSlot GlyphAtlas::put(const GlyphPixels& pixels) {
    GlyphSlot slot;
    slot.left = pixels.left;
    slot.top = pixels.top;
    slot.is_coloured = pixels.is_coloured;
    const bool fits = pixels.width + 2 * kGap <= side_ && pixels.height + 2 * kGap <= side_;
    if (pixels.texels.empty() || !fits) return slot;
    if (pages_.empty()) add_page();
    slot.place = find_room(pages_.back(), pixels.width, pixels.height);
    if (slot.place.is_empty()) {
        add_page();
        slot.place = find_room(pages_.back(), pixels.width, pixels.height);
    }
    slot.page = page_count() - 1;
    write(pages_.back(), slot.place, pixels.texels);
    return slot;
}

const GlyphSlot& GlyphAtlas::get(const GlyphKey& key, FontFace& face) {
    const auto known = slots_.find(key);
    if (known != slots_.end()) return known->second;
    return slots_.emplace(key, put(face.rasterise(key.glyph, key.em_px))).first->second;
}

void GlyphAtlas::put_first(int width, int height, std::span<const std::uint32_t> texels) {
    HEED_CHECK(pages_.empty() && width <= side_ && height <= side_);
    HEED_CHECK_EQ(texels.size(),
                  static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    add_page();
    Page& page = pages_.back();
    write(page, {0, 0, width, height}, texels);
    page.shelf_top = height + kGap;
}

}  // namespace heed::app
