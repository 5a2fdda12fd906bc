#include "app/ui/fonts.h"

#include <imgui.h>

#include <cstdint>
#include <vector>

namespace heed::app {

namespace {

void rescale(ImVec4& corners, float horizontal, float vertical) {
    corners.x *= horizontal;
    corners.y *= vertical;
    corners.z *= horizontal;
    corners.w *= vertical;
}

}  // namespace

Fonts::Fonts(GlyphPages* pages) : pages_(pages), engine_(std::make_unique<TextEngine>()) {}

void Fonts::build(float scale) {
    if (own_width_ == 0) build_own_font();
    engine_->set_scale(scale);
    place_own_font();
}

void Fonts::build_own_font() {
    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    atlas->Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
    atlas->AddFontDefault();
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    atlas->GetTexDataAsRGBA32(&pixels, &width, &height);
    const auto* texels = reinterpret_cast<const std::uint32_t*>(pixels);
    const auto count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    engine_->set_first_texels(width, height, {texels, texels + count});
    own_width_ = static_cast<float>(width);
    own_height_ = static_cast<float>(height);
    ImGui::GetIO().FontDefault = atlas->Fonts[0];
}

// ImGui's coordinates become shares of the page; its font as large as the text of the body, which
// is what it scrolls by.
void Fonts::place_own_font() {
    const auto side = static_cast<float>(engine_->atlas().side());
    const float horizontal = own_width_ / side;
    const float vertical = own_height_ / side;
    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    ImFont* font = ImGui::GetIO().FontDefault;
    atlas->TexUvScale = {1 / side, 1 / side};
    atlas->TexUvWhitePixel.x *= horizontal;
    atlas->TexUvWhitePixel.y *= vertical;
    for (ImVec4& line : atlas->TexUvLines) rescale(line, horizontal, vertical);
    for (ImFontGlyph& glyph : font->Glyphs) {
        ImVec4 corners{glyph.U0, glyph.V0, glyph.U1, glyph.V1};
        rescale(corners, horizontal, vertical);
        glyph.U0 = corners.x;
        glyph.V0 = corners.y;
        glyph.U1 = corners.z;
        glyph.V1 = corners.w;
    }
    own_width_ = side;
    own_height_ = side;
    font->Scale = engine_->line_height(Type::kBody) / font->FontSize;
}

void Fonts::begin_frame() {
    engine_->begin_frame();
    ImGui::GetIO().Fonts->SetTexID(texture(0));
}

void* Fonts::texture(int page) const {
    return pages_ == nullptr ? nullptr : pages_->texture(page, engine_->atlas().side());
}

}  // namespace heed::app
