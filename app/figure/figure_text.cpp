#include "app/figure/figure_text.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <map>

#include "app/text/font_book.h"
#include "app/text/shaper.h"
#include "core/base/check.h"
#include "core/base/error.h"

namespace heed::app {

struct FigureFonts::System {
    FontBook book;
    FT_Library library = nullptr;
    std::map<int, FT_Face> faces;

    System() { HEED_CHECK(FT_Init_FreeType(&library) == 0); }
    ~System() {
        for (const auto& [font, face] : faces) FT_Done_Face(face);
        FT_Done_FreeType(library);
    }
    System(const System&) = delete;
    System& operator=(const System&) = delete;
};

FigureFonts::FigureFonts() : system_(std::make_unique<System>()) {}
FigureFonts::~FigureFonts() = default;

FT_FaceRec_* FigureFonts::face(int font) {
    const auto [at, is_new] = system_->faces.try_emplace(font, nullptr);
    if (!is_new) return at->second;
    const FontFile& file = system_->book.face(font).file();
    if (FT_New_Face(system_->library, file.path.c_str(), file.index, &at->second) != 0) {
        system_->faces.erase(at);
        throw Error(file.path, "", "a font that can be opened", "one that cannot");
    }
    return at->second;
}

FigureLine FigureFonts::shape(const drawn::Text& text, float scale) {
    const ShapedText shaped =
        shape_text(system_->book, text.type, scale, text.text, TextDirection::kOfText);
    FigureLine line;
    line.ascent = shaped.baseline - shaped.height / 2;
    const float stretch = shaped.width > 0 && text.width > 0 ? text.width / shaped.width : 1;
    for (const PlacedGlyph& glyph : shaped.glyphs) {
        line.glyphs.push_back(
            {glyph.font, glyph.glyph, glyph.em_px, glyph.x * stretch, glyph.y, glyph.cluster});
    }
    for (const MissingBox& box : shaped.boxes) {
        line.boxes.push_back({box.x * stretch, box.y, box.w * stretch, box.h});
    }
    return line;
}

}  // namespace heed::app
