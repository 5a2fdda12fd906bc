#include "app/gl/heatmap_painter.h"

#include <algorithm>
#include <limits>

#include "app/gl/shader_source.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr int kLocal = 64;  // local_size_x of both programs
constexpr std::int64_t kMostGroups = 65535;
constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

// As heatmap_pool.comp has them.
struct PoolParams {
    int first, outers, outer_stride, row_stride;
    int row_begin, rows, col_begin, cols;
    int is_causal, most_samples, x, y;
    int x_step, width, height, sheet_width;
};
static_assert(sizeof(PoolParams) % 16 == 0);

// As heatmap_paint.comp has them.
struct PaintParams {
    int width, height, edges, blocked;
    float least, otherwise, unused0, unused1;
};
static_assert(sizeof(PaintParams) % 16 == 0);

std::int64_t read_limit(GLenum name) {
    GLint value = 0;
    glGetIntegerv(name, &value);
    return value;
}

void fill(GLenum target, const BufferHandle& buffer, const void* data, std::size_t bytes) {
    glBindBuffer(target, buffer.name());
    glBufferData(target, static_cast<GLsizeiptr>(bytes), data, GL_STREAM_DRAW);
}

void bind(GLuint slot, const BufferHandle& buffer) {
    glBindBufferBase(GL_SHADER_STORAGE_BUFFER, slot, buffer.name());
}

// One invocation for each of `count`.
void dispatch(std::int64_t count) {
    const std::int64_t groups = (count + kLocal - 1) / kLocal;
    const std::int64_t lines = (groups + kMostGroups - 1) / kMostGroups;
    const std::int64_t wide = (groups + lines - 1) / lines;
    glDispatchCompute(static_cast<GLuint>(wide), static_cast<GLuint>(lines), 1);
}

}  // namespace

HeatmapPainter::HeatmapPainter()
    : programs_(shaders_folder(), {}, {}, {}),
      params_(make_buffer()),
      sheet_(make_buffer()),
      largest_(make_buffer()),
      edges_(make_buffer()),
      colours_(make_buffer()),
      most_bytes_(read_limit(GL_MAX_SHADER_STORAGE_BLOCK_SIZE)),
      alignment_(std::max<std::int64_t>(4, read_limit(GL_SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT))) {
}

HeatmapPainter::~HeatmapPainter() {
    if (!readings_.empty()) glFinish();
    for (const Reading& reading : readings_) glDeleteSync(reading.fence);
}

bool HeatmapPainter::is_possible() {
    GLint major = 0;
    GLint minor = 0;
    glGetIntegerv(GL_MAJOR_VERSION, &major);
    glGetIntegerv(GL_MINOR_VERSION, &minor);
    return major > 4 || (major == 4 && minor >= 3);
}

bool HeatmapPainter::can_bind(const HeatmapPart& part) const {
    const std::int64_t bytes = std::int64_t{part.rows} * part.cols * 4;
    return bytes + alignment_ <= most_bytes_;
}

bool HeatmapPainter::paint(std::span<const HeatmapPart> parts, HeatmapPooling pooling,
                           const HeatmapColours& colours, const Texture& texture) {
    const std::int64_t sheet_bytes = std::int64_t{texture.width()} * texture.height() * 4;
    if (sheet_bytes > most_bytes_) return false;
    if (!std::all_of(parts.begin(), parts.end(), [&](const auto& p) { return can_bind(p); })) {
        return false;
    }
    clear_sheet(texture.width(), texture.height());
    Reading reading;
    for (const HeatmapPart& part : parts) {
        HEED_CHECK_LE(part.width, part.col_end - part.col_begin);
        HEED_CHECK_LE(part.height, part.row_end - part.row_begin);
        pool(part, pooling, texture.width());
        reading.buffers.push_back(part.buffer);
    }
    colour(colours, texture);
    reading.fence = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
    glFlush();
    readings_.push_back(std::move(reading));
    return true;
}

void HeatmapPainter::clear_sheet(int width, int height) {
    glBindBuffer(GL_SHADER_STORAGE_BUFFER, sheet_.name());
    const GLsizeiptr bytes = GLsizeiptr{4} * width * height;
    glBufferData(GL_SHADER_STORAGE_BUFFER, bytes, nullptr, GL_STREAM_COPY);
    glClearBufferData(GL_SHADER_STORAGE_BUFFER, GL_R32F, GL_RED, GL_FLOAT, &kMinusInfinity);
    constexpr std::uint32_t kNothing = 0;
    fill(GL_SHADER_STORAGE_BUFFER, largest_, &kNothing, sizeof kNothing);
}

void HeatmapPainter::pool(const HeatmapPart& part, HeatmapPooling pooling, int sheet_width) {
    glUseProgram(programs_.get(
        {"heatmap_pool.comp", {{"POOLING", std::to_string(static_cast<int>(pooling))}}}));
    bind(1, sheet_);
    bind(2, largest_);
    const std::int64_t bytes = std::int64_t{part.rows} * part.cols * 4;
    const auto most = static_cast<int>(
        std::clamp<std::int64_t>((most_bytes_ - alignment_) / bytes, 1, part.outers));
    for (int outer = 0; outer < part.outers; outer += most) {
        pool_some(part, outer, std::min(most, part.outers - outer), sheet_width);
    }
}

void HeatmapPainter::pool_some(const HeatmapPart& part, int outer, int outers, int sheet_width) {
    const std::int64_t cells = std::int64_t{part.rows} * part.cols;
    const std::int64_t begin = (part.first + outer * cells) * 4;
    const std::int64_t bound = begin / alignment_ * alignment_;
    glBindBufferRange(GL_SHADER_STORAGE_BUFFER, 0, part.buffer->name, bound,
                      begin - bound + outers * cells * 4);
    const PoolParams params{static_cast<int>((begin - bound) / 4),
                            outers,
                            static_cast<int>(cells),
                            part.cols,
                            part.row_begin,
                            part.row_end - part.row_begin,
                            part.col_begin,
                            part.col_end - part.col_begin,
                            part.is_causal ? 1 : 0,
                            kHeatmapSamples,
                            part.x + outer * part.step,
                            part.y,
                            part.step,
                            part.width,
                            part.height,
                            sheet_width};
    fill(GL_UNIFORM_BUFFER, params_, &params, sizeof params);
    glBindBufferBase(GL_UNIFORM_BUFFER, 0, params_.name());
    dispatch(std::int64_t{outers} * part.width * part.height);
}

void HeatmapPainter::colour(const HeatmapColours& colours, const Texture& texture) {
    HEED_CHECK_EQ(colours.colours.size(), colours.edges.size() + 1);
    glUseProgram(programs_.get({"heatmap_paint.comp", {}}));
    fill(GL_SHADER_STORAGE_BUFFER, edges_, colours.edges.data(), colours.edges.size_bytes());
    fill(GL_SHADER_STORAGE_BUFFER, colours_, colours.colours.data(), colours.colours.size_bytes());
    const PaintParams params{texture.width(),
                             texture.height(),
                             static_cast<int>(colours.edges.size()),
                             static_cast<int>(colours.blocked),
                             colours.least,
                             colours.otherwise,
                             0,
                             0};
    fill(GL_UNIFORM_BUFFER, params_, &params, sizeof params);
    glBindBufferBase(GL_UNIFORM_BUFFER, 0, params_.name());
    bind(0, sheet_);
    bind(1, largest_);
    bind(2, edges_);
    bind(3, colours_);
    glBindImageTexture(0, texture.name(), 0, GL_FALSE, 0, GL_WRITE_ONLY, GL_RGBA8);
    glMemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT);
    dispatch(std::int64_t{texture.width()} * texture.height());
    glMemoryBarrier(GL_TEXTURE_FETCH_BARRIER_BIT | GL_TEXTURE_UPDATE_BARRIER_BIT);
}

void HeatmapPainter::end_frame() {
    while (!readings_.empty()) {
        const GLenum state = glClientWaitSync(readings_.front().fence, 0, 0);
        if (state == GL_TIMEOUT_EXPIRED) return;
        glDeleteSync(readings_.front().fence);
        readings_.pop_front();
    }
}

}  // namespace heed::app
