// The pictures of the views as OpenGL textures.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/gl/heatmap_painter.h"
#include "app/gl/texture.h"
#include "app/ui/pictures.h"

namespace heed::app {

// Needs the context in which it was made to be current.
class GlPictures : public PictureStore {
  public:
    // `shares_device`: this context has the buffers of the one that computes.
    explicit GlPictures(bool shares_device = false);

    Picture get(std::string_view id, std::uint64_t version, int width, int height,
                const Paint& paint) override;
    std::optional<Picture> find(std::string_view id, std::uint64_t version, int width,
                                int height) override;
    std::optional<Picture> get_device(std::string_view id, std::uint64_t version, int width,
                                      int height, const Trace& trace,
                                      const Describe& describe) override;
    int max_side() const override { return max_side_; }
    // Forgets what was not asked for during the last frames.
    void end_frame();
    // Pictures painted since the start, for tests.
    int painted() const { return painted_; }
    // Those of them that the device painted.
    int painted_on_device() const { return painted_on_device_; }

  private:
    struct Entry {
        Texture texture;
        std::optional<std::uint64_t> version;  // none: not painted
        int last_frame = 0;
        bool is_of_device = false;

        bool is(std::uint64_t asked, int width, int height) const {
            return version == asked && texture.width() == width && texture.height() == height;
        }
    };
    struct Refusal {
        std::uint64_t version = 0;
        int last_frame = 0;
    };

    Entry& find_entry(std::string_view id, int width, int height, bool is_of_device);
    bool paint_on_device(const Trace& trace, const DevicePaint& paint, const Texture& texture);
    bool is_refused(std::string_view id, std::uint64_t version);

    std::map<std::string, Entry, std::less<>> entries_;
    // What was asked for and the device could not paint: it need not be described again.
    std::map<std::string, Refusal, std::less<>> refused_;
    std::unique_ptr<HeatmapPainter> painter_;  // null until it is needed
    bool has_painter_ = false;
    std::vector<std::uint32_t> texels_;
    int frame_ = 0;
    int painted_ = 0;
    int painted_on_device_ = 0;
    int max_side_ = 0;
};

}  // namespace heed::app
