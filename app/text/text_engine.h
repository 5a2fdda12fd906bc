// Everything about text in one place: what a text looks like in a type is worked out once and kept
// while it is used. Fonts are the machine's; pixels stand in the pages of an atlas that whoever
// renders uploads. Not for several threads.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/text/glyph_atlas.h"
#include "app/text/shaped_text.h"
#include "app/text/shaper.h"

namespace heed::app {

// A glyph's pixels, from the left end of the line and its top; y down.
struct GlyphQuad {
    int page = 0;
    bool is_coloured = false;  // keeps its own colours
    float x = 0;
    float y = 0;
    float w = 0;
    float h = 0;
    float u0 = 0;  // corners on the page, 0 to 1
    float v0 = 0;
    float u1 = 0;
    float v1 = 0;
};

struct LaidText {
    ShapedText shaped;
    std::vector<GlyphQuad> quads;  // by page
};

class TextEngine {
  public:
    TextEngine();

    // Picture pixels per pixel of the design. Another scale forgets everything.
    void set_scale(float scale);
    float scale() const { return scale_; }

    // Forgets what was not asked for during the last frames, where there is too much of it. What
    // shape() and lay() gave before is then gone.
    void begin_frame();

    // Glyphs in their places; without pixels, for measuring and for figures. The reference holds
    // until the next begin_frame() or set_scale().
    const ShapedText& shape(Type type, std::string_view text,
                            TextDirection direction = TextDirection::kOfText);
    // The same with its pixels in the atlas.
    const LaidText& lay(Type type, std::string_view text,
                        TextDirection direction = TextDirection::kOfText);
    float line_height(Type type);

    // Which file and face draws PlacedGlyph::font.
    const FontFile& font_file(int font) const { return fonts_.face(font).file(); }

    GlyphAtlas& atlas() { return atlas_; }
    // What must be at the top left of the first page whenever the atlas is made anew.
    void set_first_texels(int width, int height, std::vector<std::uint32_t> texels);
    // Counts how often the atlas was made anew: textures made for an older one are of no use.
    std::uint64_t atlas_generation() const { return generation_; }

    // Texts worked out since the start, and those kept, for tests.
    int shaped_count() const { return shaped_count_; }
    std::size_t kept_count() const { return entries_.size(); }

  private:
    struct Key {
        Type type;
        TextDirection direction;
        std::string_view text;  // of the entry's own string

        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    struct Entry {
        Type type = Type::kBody;
        TextDirection direction = TextDirection::kOfText;
        std::string text;
        LaidText laid;
        bool has_quads = false;
        std::uint64_t used_in = 0;  // frame
    };

    Entry& find(Type type, std::string_view text, TextDirection direction);
    void make_quads(Entry& entry);
    void renew_atlas();

    FontBook fonts_;
    GlyphAtlas atlas_;
    std::list<Entry> entries_;  // the last used first
    std::unordered_map<Key, std::list<Entry>::iterator, KeyHash> places_;
    std::vector<std::uint32_t> first_texels_;
    int first_width_ = 0;
    int first_height_ = 0;
    float scale_ = 1;
    std::uint64_t frame_ = 0;
    std::uint64_t generation_ = 1;
    int shaped_count_ = 0;
};

}  // namespace heed::app
