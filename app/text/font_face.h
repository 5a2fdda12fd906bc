// One opened font: which characters it has, how HarfBuzz sees it, what its glyphs look like as
// pixels (FreeType).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "app/text/font_finder.h"

struct FT_LibraryRec_;
struct FT_FaceRec_;
struct hb_face_t;
struct hb_font_t;

namespace heed::app {

// FreeType itself; it must outlive the faces that are opened with it.
class FontLibrary {
  public:
    FontLibrary();
    ~FontLibrary();
    FontLibrary(const FontLibrary&) = delete;
    FontLibrary& operator=(const FontLibrary&) = delete;
    FT_LibraryRec_* get() const { return library_; }

  private:
    FT_LibraryRec_* library_ = nullptr;
};

// The pixels of a glyph. Texels are r, g, b, a in the order of memory, not multiplied by a; where
// the glyph has no colours of its own they are white, so that any colour can be laid over them.
struct GlyphPixels {
    int width = 0;
    int height = 0;
    int left = 0;  // from the glyph's origin to the left edge
    int top = 0;   // from the baseline up to the upper edge
    bool is_coloured = false;
    std::vector<std::uint32_t> texels;
};

class FontFace {
  public:
    // Throws Error where the file is no font that FreeType can open.
    FontFace(const FontLibrary& library, FontFile file);
    ~FontFace();
    FontFace(const FontFace&) = delete;
    FontFace& operator=(const FontFace&) = delete;

    const FontFile& file() const { return file_; }
    bool has(char32_t character) const;
    // Ascender to descender, and ascender to baseline, in em.
    float line_per_em() const { return line_per_em_; }
    float ascent_per_em() const { return ascent_per_em_; }
    // For shaping; positions come in 1/64 of a pixel, unhinted.
    hb_font_t* at_size(float em_px);
    // Hinted lightly: upright stems keep their places, the height snaps to pixels. Empty for a
    // glyph without ink.
    GlyphPixels rasterise(unsigned glyph, float em_px);

  private:
    void set_size(float em_px);

    FontFile file_;
    FT_FaceRec_* face_ = nullptr;
    hb_face_t* shaping_face_ = nullptr;
    std::map<float, hb_font_t*> sizes_;
    float set_em_px_ = 0;
    float strike_em_px_ = 0;  // of the bitmaps, in a font that has only these; else 0
    float line_per_em_ = 1.2F;
    float ascent_per_em_ = 0.9F;
};

}  // namespace heed::app
