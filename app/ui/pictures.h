// Pictures made of coloured cells, uploaded once and drawn as images until they change. The
// interface is here, without OpenGL; the window implements it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace heed::app {

// An uploaded picture, as ImGui draws it. Its texels lie at [0, u] x [0, v] of the texture, the
// first row on top.
struct Picture {
    void* texture = nullptr;
    float u = 1;
    float v = 1;
    int columns = 0;
    int rows = 0;
    // What was painted; empty unless the store keeps it (while figures are made).
    std::span<const std::uint32_t> texels{};
};

class PictureStore {
  public:
    // Writes width * height texels (pack_rgba), the first row on top.
    using Paint = std::function<void(std::span<std::uint32_t> texels)>;

    virtual ~PictureStore() = default;
    // The picture called `id`; painted again only when `version` or the size has changed. What is
    // not asked for in some frames is forgotten. Sides >= 1 and <= max_side().
    virtual Picture get(std::string_view id, std::uint64_t version, int width, int height,
                        const Paint& paint) = 0;
    // The picture called `id` where it is painted so already.
    virtual std::optional<Picture> find(std::string_view id, std::uint64_t version, int width,
                                        int height) = 0;
    virtual int max_side() const = 0;
};

}  // namespace heed::app
