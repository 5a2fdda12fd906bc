#include "app/figure/figure_text.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <map>
#include <utility>

#include "app/text/text_engine.h"
#include "core/base/error.h"

namespace heed::app {

struct FigureFonts::System {
    TextEngine engine;
    FT_Library library = nullptr;
    std::vector<FT_Face> faces;
    std::map<int, int> opened;  // the engine's font -> place in `faces`

    System() { FT_Init_FreeType(&library); }
    ~System() {
        for (FT_Face face : faces) FT_Done_Face(face);
        FT_Done_FreeType(library);
    }
    System(const System&) = delete;
    System& operator=(const System&) = delete;

    int open(int font) {
        const auto [at, is_new] = opened.try_emplace(font, 0);
        if (!is_new) return at->second;
        const FontFile& file = engine.font_file(font);
        FT_Face face = nullptr;
        if (FT_New_Face(library, file.path.c_str(), file.index, &face) != 0) {
            throw Error(file.path, "", "a font", "something else");
        }
        faces.push_back(face);
        at->second = static_cast<int>(faces.size()) - 1;
        return at->second;
    }
};

FigureFonts::FigureFonts() : system_(std::make_unique<System>()) {}
FigureFonts::~FigureFonts() = default;

FT_FaceRec_* FigureFonts::face(int font) const {
    return system_->faces[static_cast<std::size_t>(font)];
}

FigureLine FigureFonts::shape(const drawn::Text& text, float scale) {
    system_->engine.set_scale(scale);
    const ShapedText& shaped = system_->engine.shape(text.type, text.text);
    FigureLine line;
    line.ascent = shaped.baseline - shaped.height / 2;
    const float stretch = shaped.width > 0 && text.width > 0 ? text.width / shaped.width : 1;
    for (const PlacedGlyph& glyph : shaped.glyphs) {
        line.glyphs.push_back({system_->open(glyph.font), glyph.glyph, glyph.em_px,
                               glyph.x * stretch, glyph.y, glyph.cluster});
    }
    return line;
}

}  // namespace heed::app
