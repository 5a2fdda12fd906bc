// Heatmaps painted by the graphics card out of the memory where the numbers lie: cells are pooled
// to texels, these get their colours. Nothing comes to the host. It runs in the context that draws,
// which shares its buffers with the one that computes.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "app/gl/compute_program.h"
#include "app/gl/device_memory.h"
#include "app/gl/texture.h"

namespace heed::app {

// Which number stands for the cells of a texel.
enum class HeatmapPooling {
    kLargest,
    kMagnitude,  // of the largest magnitude, with its sign
    kMean,       // of the finite ones; not of all where there are many
};

// Matrices of one size, one after the other in a buffer, and where their pictures lie.
struct HeatmapPart {
    std::shared_ptr<const DeviceBuffer> buffer;
    std::int64_t first = 0;  // word of the first cell of the first matrix
    int outers = 1;
    int rows = 0;  // of a matrix
    int cols = 0;
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

// How numbers become colours. A number is divided by the high end, then edges[i] is the least share
// in [-1, 1] that has colours[i + 1]. The high end is the largest magnitude among the texels where
// that is larger than `least`, else `otherwise`.
struct HeatmapColours {
    std::span<const float> edges;            // rising
    std::span<const std::uint32_t> colours;  // one more
    std::uint32_t blocked = 0;               // of -inf, and where no part lies
    float least = 0;
    float otherwise = 1;
};

// What a texel looks at of each side of its cells, about, for a mean.
constexpr int kHeatmapSamples = 16;

class HeatmapPainter {
  public:
    // The context must be current wherever it is used.
    HeatmapPainter();
    ~HeatmapPainter();
    HeatmapPainter(const HeatmapPainter&) = delete;
    HeatmapPainter& operator=(const HeatmapPainter&) = delete;

    // Whether the context has what is needed.
    static bool is_possible();

    // The parts' numbers have been computed: whoever has waited for the pass may ask. False where a
    // matrix is larger than the device binds at once; the texture is not painted then. Throws
    // GlFailure where a program does not compile.
    bool paint(std::span<const HeatmapPart> parts, HeatmapPooling pooling,
               const HeatmapColours& colours, const Texture& texture);
    // Lets go of buffers that nothing reads any more; once in a frame.
    void end_frame();

  private:
    // What the card may still be reading.
    struct Reading {
        GLsync fence = nullptr;
        std::vector<std::shared_ptr<const DeviceBuffer>> buffers;
    };

    bool can_bind(const HeatmapPart& part) const;
    void pool(const HeatmapPart& part, HeatmapPooling pooling, int sheet_width);
    void pool_some(const HeatmapPart& part, int outer, int outers, int sheet_width);
    void clear_sheet(int width, int height);
    void colour(const HeatmapColours& colours, const Texture& texture);

    ProgramCache programs_;
    BufferHandle params_;
    BufferHandle sheet_;
    BufferHandle largest_;
    BufferHandle edges_;
    BufferHandle colours_;
    std::int64_t most_bytes_ = 0;  // of a binding
    std::int64_t alignment_ = 0;   // of where one begins, bytes
    std::list<Reading> readings_;
};

}  // namespace heed::app
