#include "app/text/text_engine.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace heed::app {

namespace {

constexpr std::size_t kMostEntries = 16384;
// More pages than this are made anew at the next frame, with what is then on the screen.
constexpr int kMostPages = 6;
constexpr int kPageSide = 1024;
constexpr int kLargePageSide = 2048;
constexpr float kLargeFromScale = 1.4F;

int page_side(float scale) {
    return scale >= kLargeFromScale ? kLargePageSide : kPageSide;
}

}  // namespace

std::size_t TextEngine::KeyHash::operator()(const Key& key) const {
    const std::size_t kind =
        static_cast<std::size_t>(key.type) * 4 + static_cast<std::size_t>(key.direction);
    return std::hash<std::string_view>()(key.text) ^ (kind * 0x9E3779B97F4A7C15ULL);
}

TextEngine::TextEngine() : atlas_(kPageSide) {}

void TextEngine::set_scale(float scale) {
    if (scale == scale_) return;
    scale_ = scale;
    places_.clear();
    entries_.clear();
    renew_atlas();
}

void TextEngine::set_first_texels(int width, int height, std::vector<std::uint32_t> texels) {
    first_width_ = width;
    first_height_ = height;
    first_texels_ = std::move(texels);
    renew_atlas();
}

void TextEngine::renew_atlas() {
    atlas_.clear(page_side(scale_));
    if (!first_texels_.empty()) atlas_.put_first(first_width_, first_height_, first_texels_);
    for (Entry& entry : entries_) entry.has_quads = false;
    ++generation_;
}

void TextEngine::begin_frame() {
    ++frame_;
    while (entries_.size() > kMostEntries && entries_.back().used_in + 1 < frame_) {
        const Entry& last = entries_.back();
        places_.erase({last.type, last.direction, last.text});
        entries_.pop_back();
    }
    if (atlas_.page_count() > kMostPages) renew_atlas();
}

TextEngine::Entry& TextEngine::find(Type type, std::string_view text, TextDirection direction) {
    const auto known = places_.find({type, direction, text});
    if (known != places_.end()) {
        if (known->second->used_in != frame_) {
            known->second->used_in = frame_;
            entries_.splice(entries_.begin(), entries_, known->second);
        }
        return *known->second;
    }
    entries_.emplace_front();
    Entry& entry = entries_.front();
    entry.type = type;
    entry.direction = direction;
    entry.text = text;
    entry.used_in = frame_;
    entry.laid.shaped = shape_text(fonts_, type, scale_, text, direction);
    places_.emplace(Key{type, direction, entry.text}, entries_.begin());
    ++shaped_count_;
    return entry;
}

void TextEngine::make_quads(Entry& entry) {
    const ShapedText& shaped = entry.laid.shaped;
    std::vector<GlyphQuad>& quads = entry.laid.quads;
    quads.clear();
    const auto side = static_cast<float>(atlas_.side());
    for (const PlacedGlyph& glyph : shaped.glyphs) {
        const GlyphSlot& slot =
            atlas_.get({glyph.font, glyph.glyph, glyph.em_px}, fonts_.face(glyph.font));
        if (slot.page < 0) continue;
        const auto x = static_cast<float>(slot.place.x);
        const auto y = static_cast<float>(slot.place.y);
        const auto w = static_cast<float>(slot.place.w);
        const auto h = static_cast<float>(slot.place.h);
        quads.push_back({slot.page, slot.is_coloured, glyph.x + static_cast<float>(slot.left),
                         shaped.baseline + glyph.y - static_cast<float>(slot.top), w, h, x / side,
                         y / side, (x + w) / side, (y + h) / side});
    }
    std::stable_sort(quads.begin(), quads.end(),
                     [](const GlyphQuad& a, const GlyphQuad& b) { return a.page < b.page; });
    entry.has_quads = true;
}

const ShapedText& TextEngine::shape(Type type, std::string_view text, TextDirection direction) {
    return find(type, text, direction).laid.shaped;
}

const LaidText& TextEngine::lay(Type type, std::string_view text, TextDirection direction) {
    Entry& entry = find(type, text, direction);
    if (!entry.has_quads) make_quads(entry);
    return entry.laid;
}

float TextEngine::line_height(Type type) {
    return shape(type, "").height;
}

}  // namespace heed::app
