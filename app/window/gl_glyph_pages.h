// The glyph pages as OpenGL textures.
#pragma once

#include <vector>

#include "app/gl/glyph_texture.h"
#include "app/text/glyph_atlas.h"
#include "app/ui/fonts.h"

namespace heed::app {

// Needs the context in which it was made to be current.
class GlGlyphPages : public GlyphPages {
  public:
    void* texture(int number, int side) override;
    // Brings what was drawn since the last call to the textures; before they are rendered.
    void upload(GlyphAtlas& atlas);

  private:
    std::vector<GlyphTexture> textures_;
};

}  // namespace heed::app
