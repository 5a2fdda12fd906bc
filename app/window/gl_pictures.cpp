#include "app/window/gl_pictures.h"

#include "app/gl/device_values.h"
#include "app/gl/faults.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr int kFramesKept = 60;

// Forgets what was last asked for long ago.
template <class Entries>
void forget_old(Entries& entries, int frame) {
    for (auto at = entries.begin(); at != entries.end();) {
        at = frame - at->second.last_frame > kFramesKept ? entries.erase(at) : std::next(at);
    }
}

Picture picture_of(const Texture& texture) {
    const auto name = static_cast<std::uintptr_t>(texture.name());
    return {reinterpret_cast<void*>(name), 1, 1, texture.width(), texture.height()};
}

HeatmapPooling pooling_of(DevicePaint::Pooling pooling) {
    switch (pooling) {
        case DevicePaint::Pooling::kLargest:
            return HeatmapPooling::kLargest;
        case DevicePaint::Pooling::kMagnitude:
            return HeatmapPooling::kMagnitude;
        case DevicePaint::Pooling::kMean:
            return HeatmapPooling::kMean;
    }
    return HeatmapPooling::kLargest;
}

// Nothing where the values are computed anew whenever they are read.
std::optional<HeatmapPart> find_part(const DeviceValues& values, const Graph& graph,
                                     const DevicePart& wanted) {
    const DeviceSpan& span = values.span(wanted.node);
    if (span.buffer == nullptr) return std::nullopt;
    const MatrixExtents extents = matrix_extents(graph.node(wanted.node).shape);
    HeatmapPart part;
    part.buffer = span.buffer;
    part.first = span.first + std::int64_t{wanted.outer} * extents.rows * extents.cols;
    part.outers = wanted.outers;
    part.rows = extents.rows;
    part.cols = extents.cols;
    part.row_begin = wanted.row_begin;
    part.row_end = wanted.row_end;
    part.col_begin = wanted.col_begin;
    part.col_end = wanted.col_end;
    part.is_causal = wanted.is_causal;
    part.x = wanted.x;
    part.y = wanted.y;
    part.step = wanted.step;
    part.width = wanted.width;
    part.height = wanted.height;
    return part;
}

}  // namespace

GlPictures::GlPictures(bool shares_device)
    : has_painter_(shares_device && HeatmapPainter::is_possible()), max_side_(max_texture_side()) {}

// The entry of this size and kind; a new one is not painted.
GlPictures::Entry& GlPictures::find_entry(std::string_view id, int width, int height,
                                          bool is_of_device) {
    HEED_CHECK(width >= 1 && height >= 1 && width <= max_side_ && height <= max_side_);
    auto at = entries_.find(id);
    const bool fits = at != entries_.end() && at->second.texture.width() == width &&
                      at->second.texture.height() == height &&
                      at->second.is_of_device == is_of_device;
    if (!fits) {
        if (at != entries_.end()) entries_.erase(at);
        at = entries_.emplace(std::string(id), Entry{Texture(width, height), {}, 0, is_of_device})
                 .first;
        if (is_of_device) at->second.texture.keep_one_level();
    }
    at->second.last_frame = frame_;
    return at->second;
}

Picture GlPictures::get(std::string_view id, std::uint64_t version, int width, int height,
                        const Paint& paint) {
    Entry& entry = find_entry(id, width, height, false);
    if (entry.version != version) {
        texels_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
        paint(texels_);
        entry.texture.upload(texels_);
        entry.version = version;
        ++painted_;
    }
    return picture_of(entry.texture);
}

std::optional<Picture> GlPictures::find(std::string_view id, std::uint64_t version, int width,
                                        int height) {
    const auto at = entries_.find(id);
    if (at == entries_.end() || !at->second.is(version, width, height)) return std::nullopt;
    at->second.last_frame = frame_;
    return picture_of(at->second.texture);
}

bool GlPictures::is_refused(std::string_view id, std::uint64_t version) {
    const auto at = refused_.find(id);
    if (at == refused_.end() || at->second.version != version) return false;
    at->second.last_frame = frame_;
    return true;
}

std::optional<Picture> GlPictures::get_device(std::string_view id, std::uint64_t version, int width,
                                              int height, const Trace& trace,
                                              const Describe& describe) {
    if (!has_painter_ || is_refused(id, version)) return std::nullopt;
    if (dynamic_cast<const DeviceValues*>(trace.provider().get()) == nullptr) return std::nullopt;
    Entry& entry = find_entry(id, width, height, true);
    if (entry.version != version) {
        if (!paint_on_device(trace, describe(), entry.texture)) {
            refused_.insert_or_assign(std::string(id), Refusal{version, frame_});
            return std::nullopt;
        }
        entry.version = version;
        ++painted_;
        ++painted_on_device_;
    }
    return picture_of(entry.texture);
}

bool GlPictures::paint_on_device(const Trace& trace, const DevicePaint& paint,
                                 const Texture& texture) {
    const auto* values = dynamic_cast<const DeviceValues*>(trace.provider().get());
    std::vector<HeatmapPart> parts;
    for (const DevicePart& wanted : paint.parts) {
        std::optional<HeatmapPart> part = find_part(*values, trace.graph(), wanted);
        if (!part) return false;
        parts.push_back(std::move(*part));
    }
    try {
        if (painter_ == nullptr) painter_ = std::make_unique<HeatmapPainter>();
        return painter_->paint(parts, pooling_of(paint.pooling),
                               {paint.colours.edges, paint.colours.colours, paint.colours.blocked,
                                paint.least, paint.otherwise},
                               texture);
    } catch (const GlFailure&) {
        has_painter_ = false;
        return false;
    }
}

void GlPictures::end_frame() {
    ++frame_;
    if (painter_ != nullptr) painter_->end_frame();
    forget_old(entries_, frame_);
    forget_old(refused_, frame_);
}

}  // namespace heed::app
