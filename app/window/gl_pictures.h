// The pictures of the views as OpenGL textures.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/gl/texture.h"
#include "app/ui/pictures.h"

namespace heed::app {

// Needs the context in which it was made to be current.
class GlPictures : public PictureStore {
  public:
    GlPictures();

    Picture get(std::string_view id, std::uint64_t version, int width, int height,
                const Paint& paint) override;
    std::optional<Picture> find(std::string_view id, std::uint64_t version, int width,
                                int height) override;
    int max_side() const override { return max_side_; }
    // Forgets what was not asked for during the last frames.
    void end_frame();
    // Pictures painted since the start, for tests.
    int painted() const { return painted_; }

  private:
    struct Entry {
        Texture texture;
        std::uint64_t version = 0;
        int last_frame = 0;

        bool is(std::uint64_t asked, int width, int height) const {
            return version == asked && texture.width() == width && texture.height() == height;
        }
        Picture picture() const;
    };

    std::map<std::string, Entry, std::less<>> entries_;
    std::vector<std::uint32_t> texels_;
    int frame_ = 0;
    int painted_ = 0;
    int max_side_ = 0;
};

}  // namespace heed::app
