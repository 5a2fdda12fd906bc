// Pictures made of coloured cells, uploaded once and drawn as images until they change. The
// interface is here, without OpenGL; the window implements it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace heed {
class Trace;
}

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

// Colours by steps: edges[i] is the least share of the high end, in [-1, 1], that has
// colours[i + 1].
struct ColourSteps {
    std::vector<float> edges;            // rising
    std::vector<std::uint32_t> colours;  // one more; packed
    std::uint32_t blocked = 0;           // of -inf
};

// Matrices of a node and where their pictures lie.
struct DevicePart {
    int node = -1;
    int outer = 0;      // the first matrix
    int outers = 1;     // as many, their pictures side by side
    int row_begin = 0;  // the cells that are shown, half-open
    int row_end = 0;
    int col_begin = 0;
    int col_end = 0;
    bool is_causal = false;  // columns after the row may not be seen
    int x = 0;               // of the first picture, texels
    int y = 0;
    int step = 0;   // along x from one picture to the next
    int width = 0;  // of one, no more than cells
    int height = 0;
};

// A picture of numbers that lie where the screen is drawn: they need not come here to be painted.
struct DevicePaint {
    // What a texel shows of its cells: the largest, the one of the largest magnitude, or the mean
    // of the finite ones (of some, where there are many).
    enum class Pooling { kLargest, kMagnitude, kMean };

    std::vector<DevicePart> parts;
    Pooling pooling = Pooling::kLargest;
    ColourSteps colours;
    // The high end is the largest magnitude among the texels where that is larger than `least`,
    // else `otherwise`.
    float least = 0;
    float otherwise = 1;
};

class PictureStore {
  public:
    using Describe = std::function<DevicePaint()>;
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
    // The same painted from the trace's numbers by the device that has them; nothing where it has
    // not, then the picture is to be painted here. What no part covers is blocked.
    virtual std::optional<Picture> get_device(std::string_view /*id*/, std::uint64_t /*version*/,
                                              int /*width*/, int /*height*/, const Trace& /*trace*/,
                                              const Describe& /*describe*/) {
        return std::nullopt;
    }
    virtual int max_side() const = 0;
};

}  // namespace heed::app
