// The pixels of all glyphs that were drawn, on a few square pages which a renderer keeps as
// textures. A page only gains glyphs, so that what changed is a few rectangles; it knows no OpenGL.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "app/text/font_face.h"

namespace heed::app {

struct PageRect {
    int x = 0;
    int y = 0;
    int w = 0;
    int h = 0;

    bool is_empty() const { return w <= 0 || h <= 0; }
};

// Where a glyph's pixels are, and where they belong.
struct GlyphSlot {
    int page = -1;  // -1: it has no ink
    PageRect place;
    int left = 0;  // from the glyph's origin
    int top = 0;   // above the baseline
    bool is_coloured = false;
};

struct GlyphKey {
    int font = 0;
    unsigned glyph = 0;
    float em_px = 0;

    bool operator==(const GlyphKey&) const = default;
};

class GlyphAtlas {
  public:
    explicit GlyphAtlas(int side);

    int side() const { return side_; }
    int page_count() const { return static_cast<int>(pages_.size()); }
    // Rows of `side` texels, the first on top; below the last row nothing was written yet.
    std::span<const std::uint32_t> texels(int page) const;
    // What was written to the page since the last call.
    PageRect take_changes(int page);

    // The glyph's slot, rasterised by `face` where it is not there yet.
    const GlyphSlot& get(const GlyphKey& key, FontFace& face);
    // Room for other pixels at the top left of a new page (the interface's own white pixel). At
    // most `side` wide and high; the page must be empty.
    void put_first(int width, int height, std::span<const std::uint32_t> texels);
    // Forgets all glyphs; the pages stay, without what was put first.
    void clear(int side);

  private:
    // Glyphs stand on shelves, one after the other.
    struct Page {
        std::vector<std::uint32_t> texels;
        PageRect changes;
        int shelf_top = 0;
        int shelf_height = 0;
        int shelf_right = 0;
    };
    struct KeyHash {
        std::size_t operator()(const GlyphKey& key) const;
    };

    GlyphSlot put(const GlyphPixels& pixels);
    PageRect find_room(Page& page, int width, int height) const;
    void write(Page& page, const PageRect& place, std::span<const std::uint32_t> texels);
    void add_page();

    int side_;
    std::vector<Page> pages_;
    std::unordered_map<GlyphKey, GlyphSlot, KeyHash> slots_;
};

}  // namespace heed::app
