// Text as ImGui draws it: the text engine, the textures of its glyph pages, and ImGui's own small
// font, which stands on the first page so that shapes and texts are drawn with one texture. Needs a
// current ImGui context; it knows no OpenGL: whoever renders makes and fills the textures.
#pragma once

#include <memory>
#include <string_view>

#include "app/text/text_engine.h"
#include "app/text/type.h"

namespace heed::app {

// The textures of the glyph pages.
class GlyphPages {
  public:
    virtual ~GlyphPages() = default;
    // The texture of page `number`, `side` texels wide and high, as ImGui draws it.
    virtual void* texture(int number, int side) = 0;
};

class Fonts {
  public:
    // `pages` null: nothing is rendered.
    explicit Fonts(GlyphPages* pages = nullptr);

    // Text at `scale` from now on. Between frames, and once before the first.
    void build(float scale);
    bool is_built() const { return own_width_ > 0; }
    // Hands ImGui its texture; after the renderer's own preparation, before ImGui::NewFrame().
    void begin_frame();
    float scale() const { return engine_->scale(); }
    // What it keeps changes while it is asked, not what it answers.
    TextEngine& engine() const { return *engine_; }
    void* texture(int page) const;

  private:
    void build_own_font();
    void place_own_font();

    GlyphPages* pages_;
    std::unique_ptr<TextEngine> engine_;
    float own_width_ = 0;  // what ImGui's texture coordinates are shares of
    float own_height_ = 0;
};

}  // namespace heed::app
