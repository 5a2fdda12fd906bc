#include "app/window/gl_glyph_pages.h"

namespace heed::app {

void* GlGlyphPages::texture(int number, int side) {
    const auto at = static_cast<std::size_t>(number);
    while (textures_.size() <= at) textures_.emplace_back(side);
    if (textures_[at].side() != side) textures_[at] = GlyphTexture(side);
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(textures_[at].name()));
}

void GlGlyphPages::upload(GlyphAtlas& atlas) {
    for (int page = 0; page < atlas.page_count(); ++page) {
        const PageRect changes = atlas.take_changes(page);
        if (changes.is_empty()) continue;
        texture(page, atlas.side());
        textures_[static_cast<std::size_t>(page)].upload(changes.x, changes.y, changes.w, changes.h,
                                                         atlas.texels(page));
    }
}

}  // namespace heed::app
