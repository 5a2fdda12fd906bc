#include "app/window/gl_pictures.h"

#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr int kFramesKept = 60;

}  // namespace

GlPictures::GlPictures() : max_side_(max_texture_side()) {}

Picture GlPictures::Entry::picture() const {
    const auto name = static_cast<std::uintptr_t>(texture.name());
    return {reinterpret_cast<void*>(name), 1, 1, texture.width(), texture.height()};
}

Picture GlPictures::get(std::string_view id, std::uint64_t version, int width, int height,
                        const Paint& paint) {
    HEED_CHECK(width >= 1 && height >= 1 && width <= max_side_ && height <= max_side_);
    auto at = entries_.find(id);
    const bool fits = at != entries_.end() && at->second.texture.width() == width &&
                      at->second.texture.height() == height;
    if (!fits) {
        if (at != entries_.end()) entries_.erase(at);
        at = entries_.emplace(std::string(id), Entry{Texture(width, height), 0, 0}).first;
    }
    Entry& entry = at->second;
    entry.last_frame = frame_;
    if (!fits || entry.version != version) {
        texels_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
        paint(texels_);
        entry.texture.upload(texels_);
        entry.version = version;
        ++painted_;
    }
    return entry.picture();
}

std::optional<Picture> GlPictures::find(std::string_view id, std::uint64_t version, int width,
                                        int height) {
    const auto at = entries_.find(id);
    if (at == entries_.end() || !at->second.is(version, width, height)) return std::nullopt;
    at->second.last_frame = frame_;
    return at->second.picture();
}

void GlPictures::end_frame() {
    ++frame_;
    for (auto at = entries_.begin(); at != entries_.end();) {
        at = frame_ - at->second.last_frame > kFramesKept ? entries_.erase(at) : std::next(at);
    }
}

}  // namespace heed::app
