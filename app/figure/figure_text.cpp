#include "app/figure/figure_text.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "app/ui/font_files.h"
#include "core/base/utf8.h"

namespace heed::app {

struct FigureFonts::System {
    FT_Library library = nullptr;
    std::vector<FT_Face> faces;
    std::map<std::pair<std::string, int>, int> opened;
    std::map<FontStyle, int> own;
    std::map<std::pair<FontStyle, char32_t>, int> others;

    System() { FT_Init_FreeType(&library); }
    ~System() {
        for (FT_Face face : faces) FT_Done_Face(face);
        FT_Done_FreeType(library);
    }
    System(const System&) = delete;
    System& operator=(const System&) = delete;

    int open(const FontFile& file) {
        const auto [at, is_new] = opened.try_emplace({file.path, file.index}, -1);
        if (!is_new) return at->second;
        FT_Face face = nullptr;
        if (FT_New_Face(library, file.path.c_str(), file.index, &face) != 0) return -1;
        faces.push_back(face);
        at->second = static_cast<int>(faces.size()) - 1;
        return at->second;
    }

    int find_file(FontStyle style, std::span<const char32_t> wanted) {
        const std::vector<FontFile> files = find_font_files(style, wanted);
        for (const FontFile& file : files) {
            if (wanted.empty() || !file.covers.empty()) return open(file);
        }
        return -1;
    }

    int find_own(FontStyle style) {
        const auto [at, is_new] = own.try_emplace(style, -1);
        if (is_new) at->second = find_file(style, {});
        return at->second;
    }

    // The font that has `character`; -1 where none has.
    int find(FontStyle style, char32_t character) {
        const int first = find_own(style);
        if (first >= 0 && glyph_of(first, character) != 0) return first;
        const auto [at, is_new] = others.try_emplace({style, character}, -1);
        if (is_new) {
            const std::array wanted{character};
            at->second = find_file(style, wanted);
        }
        return at->second;
    }

    unsigned glyph_of(int font, char32_t character) const {
        return FT_Get_Char_Index(faces[static_cast<std::size_t>(font)], character);
    }
};

namespace {

float per_em(FT_Face face, FT_Long units) {
    return face->units_per_EM == 0
               ? 0
               : static_cast<float>(units) / static_cast<float>(face->units_per_EM);
}

}  // namespace

FigureFonts::FigureFonts() : system_(std::make_unique<System>()) {}
FigureFonts::~FigureFonts() = default;

FT_FaceRec_* FigureFonts::face(int font) const {
    return system_->faces[static_cast<std::size_t>(font)];
}

FigureLine FigureFonts::shape(const drawn::Text& text, float scale) {
    const TypeFace type = face_of(text.type);
    const float em = type.em_px * scale;
    FigureLine line;
    const int own = system_->find_own(type.style);
    if (own < 0) return line;
    line.ascent =
        em * (per_em(face(own), face(own)->ascender) + per_em(face(own), face(own)->descender)) / 2;
    float pen = 0;
    for (std::size_t at = 0; at < text.text.size();) {
        const Utf8Char c = decode_utf8(text.text, at);
        const std::size_t begin = at;
        at += static_cast<std::size_t>(c.length);
        const int font = system_->find(type.style, c.valid ? c.code_point : 0xFFFD);
        if (font < 0) continue;
        const unsigned glyph = system_->glyph_of(font, c.code_point);
        line.glyphs.push_back({font, glyph, em, pen, 0, begin});
        if (FT_Load_Glyph(face(font), glyph, FT_LOAD_NO_SCALE) == 0) {
            pen += em * per_em(face(font), face(font)->glyph->advance.x);
        }
    }
    const float stretch = pen > 0 && text.width > 0 ? text.width / pen : 1;
    for (FigureGlyph& glyph : line.glyphs) glyph.x *= stretch;
    return line;
}

}  // namespace heed::app
