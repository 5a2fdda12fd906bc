#include "app/text/font_face.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb-ot.h>
#include <hb.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

std::uint32_t pack(unsigned r, unsigned g, unsigned b, unsigned a) {
    return r | (g << 8U) | (b << 16U) | (a << 24U);
}

// One row of a bitmap that FreeType made.
const unsigned char* row_of(const FT_Bitmap& bitmap, int y) {
    return bitmap.buffer + static_cast<std::ptrdiff_t>(y) * bitmap.pitch;
}

std::uint32_t texel_of(const FT_Bitmap& bitmap, int x, int y) {
    const unsigned char* row = row_of(bitmap, y);
    const auto at = static_cast<std::size_t>(x);
    if (bitmap.pixel_mode == FT_PIXEL_MODE_MONO) {
        const bool is_set = ((row[at / 8] >> (7 - at % 8)) & 1) != 0;
        return pack(255, 255, 255, is_set ? 255 : 0);
    }
    if (bitmap.pixel_mode == FT_PIXEL_MODE_GRAY) return pack(255, 255, 255, row[at]);
    return 0;
}

// Means of the covered part of a bitmap whose texels are b, g, r, a multiplied by a.
class ColourScaler {
  public:
    explicit ColourScaler(const FT_Bitmap& bitmap) : bitmap_(bitmap) {}

    std::uint32_t mean(float left, float top, float right, float bottom) const {
        float sum[4] = {};
        const int width = static_cast<int>(bitmap_.width);
        const int height = static_cast<int>(bitmap_.rows);
        for (int y = static_cast<int>(top); y < std::min(height, up(bottom)); ++y) {
            const float tall = cover(y, top, bottom);
            for (int x = static_cast<int>(left); x < std::min(width, up(right)); ++x) {
                const float weight = tall * cover(x, left, right);
                const unsigned char* texel =
                    row_of(bitmap_, y) + static_cast<std::ptrdiff_t>(x) * 4;
                for (int channel = 0; channel < 4; ++channel) {
                    sum[channel] += weight * static_cast<float>(texel[channel]);
                }
            }
        }
        const float area = (right - left) * (bottom - top);
        const float alpha = sum[3] / area;
        if (alpha < 0.5F) return 0;
        const auto straight = [&](float value) {
            return static_cast<unsigned>(std::lround(std::min(255.0F, value / sum[3] * 255.0F)));
        };
        return pack(straight(sum[2]), straight(sum[1]), straight(sum[0]),
                    static_cast<unsigned>(std::lround(std::min(255.0F, alpha))));
    }

  private:
    static int up(float value) { return static_cast<int>(std::ceil(value)); }
    static float cover(int cell, float low, float high) {
        const auto at = static_cast<float>(cell);
        return std::min(high, at + 1) - std::max(low, at);
    }

    const FT_Bitmap& bitmap_;
};

void copy_plain(const FT_Bitmap& bitmap, GlyphPixels& pixels) {
    for (int y = 0; y < pixels.height; ++y) {
        for (int x = 0; x < pixels.width; ++x) pixels.texels.push_back(texel_of(bitmap, x, y));
    }
}

void copy_colours(const FT_Bitmap& bitmap, GlyphPixels& pixels) {
    const ColourScaler scaler(bitmap);
    const float step_x = static_cast<float>(bitmap.width) / static_cast<float>(pixels.width);
    const float step_y = static_cast<float>(bitmap.rows) / static_cast<float>(pixels.height);
    for (int y = 0; y < pixels.height; ++y) {
        for (int x = 0; x < pixels.width; ++x) {
            const float left = static_cast<float>(x) * step_x;
            const float top = static_cast<float>(y) * step_y;
            pixels.texels.push_back(scaler.mean(left, top, left + step_x, top + step_y));
        }
    }
}

}  // namespace

FontLibrary::FontLibrary() {
    HEED_CHECK_EQ(FT_Init_FreeType(&library_), 0);
}

FontLibrary::~FontLibrary() {
    FT_Done_FreeType(library_);
}

FontFace::FontFace(const FontLibrary& library, FontFile file) : file_(std::move(file)) {
    if (FT_New_Face(library.get(), file_.path.c_str(), file_.index, &face_) != 0) {
        throw Error(file_.path, "", "a font", "something else");
    }
    if (face_->units_per_EM > 0 && face_->ascender > face_->descender) {
        const auto em = static_cast<float>(face_->units_per_EM);
        ascent_per_em_ = static_cast<float>(face_->ascender) / em;
        line_per_em_ = static_cast<float>(face_->ascender - face_->descender) / em;
    }
    if (!FT_IS_SCALABLE(face_) && face_->num_fixed_sizes > 0) {
        int largest = 0;
        for (int i = 1; i < face_->num_fixed_sizes; ++i) {
            if (face_->available_sizes[i].y_ppem > face_->available_sizes[largest].y_ppem) {
                largest = i;
            }
        }
        FT_Select_Size(face_, largest);
        strike_em_px_ = static_cast<float>(face_->available_sizes[largest].y_ppem) / 64;
    }
    hb_blob_t* blob = hb_blob_create_from_file(file_.path.c_str());
    shaping_face_ = hb_face_create(blob, static_cast<unsigned>(file_.index) & 0xFFFFU);
    hb_blob_destroy(blob);
}

FontFace::~FontFace() {
    for (const auto& [em_px, font] : sizes_) hb_font_destroy(font);
    hb_face_destroy(shaping_face_);
    FT_Done_Face(face_);
}

bool FontFace::has(char32_t character) const {
    return FT_Get_Char_Index(face_, character) != 0;
}

hb_font_t* FontFace::at_size(float em_px) {
    hb_font_t*& font = sizes_[em_px];
    if (font != nullptr) return font;
    font = hb_font_create(shaping_face_);
    const int scale = static_cast<int>(std::lround(em_px * 64));
    hb_font_set_scale(font, scale, scale);
    const unsigned instance = static_cast<unsigned>(file_.index) >> 16U;
    if (instance > 0) hb_font_set_var_named_instance(font, instance - 1);
    return font;
}

void FontFace::set_size(float em_px) {
    if (set_em_px_ == em_px || strike_em_px_ > 0) return;
    FT_Set_Char_Size(face_, 0, static_cast<FT_F26Dot6>(std::lround(em_px * 64)), 72, 72);
    set_em_px_ = em_px;
}

GlyphPixels FontFace::rasterise(unsigned glyph, float em_px) {
    GlyphPixels pixels;
    set_size(em_px);
    const FT_Int32 flags = FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT | FT_LOAD_COLOR |
                           (strike_em_px_ > 0 ? 0 : FT_LOAD_NO_BITMAP);
    if (FT_Load_Glyph(face_, glyph, flags) != 0) return pixels;
    const FT_GlyphSlot slot = face_->glyph;
    const FT_Bitmap& bitmap = slot->bitmap;
    if (bitmap.width == 0 || bitmap.rows == 0) return pixels;
    const float shrink = strike_em_px_ > 0 ? em_px / strike_em_px_ : 1;
    const auto scaled = [shrink](float length) {
        return static_cast<int>(std::lround(length * shrink));
    };
    pixels.width = std::max(1, scaled(static_cast<float>(bitmap.width)));
    pixels.height = std::max(1, scaled(static_cast<float>(bitmap.rows)));
    pixels.left = scaled(static_cast<float>(slot->bitmap_left));
    pixels.top = scaled(static_cast<float>(slot->bitmap_top));
    pixels.is_coloured = bitmap.pixel_mode == FT_PIXEL_MODE_BGRA;
    pixels.texels.reserve(static_cast<std::size_t>(pixels.width) *
                          static_cast<std::size_t>(pixels.height));
    if (pixels.is_coloured) {
        copy_colours(bitmap, pixels);
    } else {
        pixels.width = static_cast<int>(bitmap.width);
        pixels.height = static_cast<int>(bitmap.rows);
        copy_plain(bitmap, pixels);
    }
    return pixels;
}

}  // namespace heed::app
