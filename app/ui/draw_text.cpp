// Texts: measuring, fitting, drawing.
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/text/segments.h"
#include "app/ui/draw.h"
#include "app/ui/drawing.h"

namespace heed::app {

namespace {

constexpr std::string_view kEllipsis = "\u2026";

ImU32 to_imgui(Colour colour) {
    return IM_COL32(colour.r, colour.g, colour.b, colour.a);
}
// Laid over glyphs that have colours of their own.
ImU32 only_alpha(Colour colour) {
    return IM_COL32(255, 255, 255, colour.a);
}

Rect clip_rect() {
    const ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 low = list->GetClipRectMin();
    const ImVec2 high = list->GetClipRectMax();
    return {low.x, low.y, high.x - low.x, high.y - low.y};
}

void record(const UiContext& ui, const TextStyle& style, Point start, float angle_rad,
            std::string_view text) {
    if (ui.drawing == nullptr) return;
    ui.drawing->add(drawn::Text{start, angle_rad, measure_text(ui, style.type, text), style.type,
                                style.colour, std::string(text)},
                    clip_rect());
}

float place_left(Align align, const Rect& rect, float width) {
    if (align == Align::kRight) return rect.right() - width;
    if (align == Align::kCentre) return rect.x + (rect.w - width) / 2;
    return rect.x;
}

// The quads of one page, from `begin`.
std::size_t end_of_page(const std::vector<GlyphQuad>& quads, std::size_t begin) {
    std::size_t end = begin;
    while (end < quads.size() && quads[end].page == quads[begin].page) ++end;
    return end;
}

// Draws each page's quads with its texture; `put` writes one quad and says whether it did.
template <class Put>
void draw_pages(const UiContext& ui, const std::vector<GlyphQuad>& quads, const Put& put) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (std::size_t begin = 0; begin < quads.size();) {
        const std::size_t end = end_of_page(quads, begin);
        list->PushTextureID(ui.fonts.texture(quads[begin].page));
        const int count = static_cast<int>(end - begin);
        list->PrimReserve(count * 6, count * 4);
        int unseen = 0;
        for (; begin < end; ++begin) unseen += put(quads[begin]) ? 0 : 1;
        if (unseen > 0) list->PrimUnreserve(unseen * 6, unseen * 4);
        list->PopTextureID();
    }
}

// One line with its left end and top at `at`, whole pixels.
void draw_laid(const UiContext& ui, const LaidText& laid, Point at, Colour colour) {
    const Rect clip = clip_rect();
    const float grace = laid.shaped.height;
    if (at.y > clip.bottom() + grace || at.y + 2 * grace < clip.y || at.x > clip.right() + grace ||
        at.x + laid.shaped.width + grace < clip.x) {
        return;
    }
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 ink = to_imgui(colour);
    const ImU32 veil = only_alpha(colour);
    draw_pages(ui, laid.quads, [&](const GlyphQuad& quad) {
        const float x = at.x + quad.x;
        const float y = at.y + quad.y;
        if (x > clip.right() || x + quad.w < clip.x) return false;
        list->PrimRectUV({x, y}, {x + quad.w, y + quad.h}, {quad.u0, quad.v0}, {quad.u1, quad.v1},
                         quad.is_coloured ? veil : ink);
        return true;
    });
    for (const MissingBox& box : laid.shaped.boxes) {
        const float top = at.y + laid.shaped.baseline + box.y;
        list->AddRect({at.x + box.x, top}, {at.x + box.x + box.w, top + box.h}, ink, 0, 0,
                      ui.hairline());
    }
}

// Bytes of the longest beginning of the text, whole clusters, that is at most `width` wide.
std::size_t count_fitting(const ShapedText& shaped, float width) {
    float used = 0;
    std::size_t end = 0;
    for (const ClusterPlace& place : shaped.clusters) {
        used += place.right - place.left;
        if (used > width) break;
        end = place.end;
    }
    return end;
}

// The end of the next line of `text`: the last place where it may break that fits, or as much as
// fits, at least one cluster.
std::size_t find_line_end(const UiContext& ui, Type type, std::string_view text, float width) {
    const ShapedText& shaped = ui.fonts.engine().shape(type, text);
    if (shaped.width <= width) return text.size();
    const std::size_t fitting = count_fitting(shaped, width);
    std::size_t end = 0;
    for (const std::size_t place : line_break_places(text)) {
        // The blanks at the end of a line may hang over.
        const std::size_t last = text.substr(0, place).find_last_not_of(' ');
        if (last == std::string_view::npos || last + 1 > fitting) break;
        end = place;
    }
    if (end > 0) return end;
    return fitting > 0 ? fitting : shaped.clusters.front().end;
}

}  // namespace

float measure_text(const UiContext& ui, Type type, std::string_view text) {
    return ui.fonts.engine().shape(type, text).width;
}

float line_height(const UiContext& ui, Type type) {
    return ui.fonts.engine().line_height(type);
}

std::string fit_text(const UiContext& ui, Type type, std::string_view text, float width) {
    const ShapedText& shaped = ui.fonts.engine().shape(type, text);
    if (shaped.width <= width) return std::string(text);
    const float left = width - measure_text(ui, type, kEllipsis);
    std::size_t end = left > 0 ? count_fitting(shaped, left) : 0;
    std::string fitted = std::string(text.substr(0, end)) + std::string(kEllipsis);
    // A letter that has lost its neighbour may be wider than it was.
    while (end > 0 && measure_text(ui, type, fitted) > width) {
        end = previous_grapheme(text, end);
        fitted = std::string(text.substr(0, end)) + std::string(kEllipsis);
    }
    return fitted;
}

float draw_text(const UiContext& ui, const TextStyle& style, const Rect& rect,
                std::string_view text) {
    const float width = measure_text(ui, style.type, text);
    const float top = std::round(rect.y + (rect.h - line_height(ui, style.type)) / 2);
    // Half a pixel of grace: a width computed from this very text fits.
    if (width <= rect.w + 0.5F) {
        return draw_text_at(ui, style, {place_left(style.align, rect, width), top}, text);
    }
    const std::string fitted = fit_text(ui, style.type, text, rect.w);
    const float fitted_width = measure_text(ui, style.type, fitted);
    return draw_text_at(ui, style, {place_left(style.align, rect, fitted_width), top}, fitted);
}

float draw_text_at(const UiContext& ui, const TextStyle& style, Point top_left,
                   std::string_view text) {
    const Point at{std::round(top_left.x), std::round(top_left.y)};
    record(ui, style, {at.x, at.y + line_height(ui, style.type) / 2}, 0, text);
    const LaidText& laid = ui.fonts.engine().lay(style.type, text);
    draw_laid(ui, laid, at, style.colour);
    return laid.shaped.width;
}

void draw_turned_text(const UiContext& ui, const TextStyle& style, Point start, float angle_rad,
                      std::string_view text) {
    record(ui, style, start, angle_rad, text);
    const float cosine = std::cos(angle_rad);
    const float sine = std::sin(angle_rad);
    const LaidText& laid = ui.fonts.engine().lay(style.type, text);
    const float top = -laid.shaped.height / 2;
    const auto turn = [&](float along, float down) {
        return ImVec2{start.x + along * cosine - (top + down) * sine,
                      start.y + along * sine + (top + down) * cosine};
    };
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 ink = to_imgui(style.colour);
    const ImU32 veil = only_alpha(style.colour);
    // One empty texel more on every side keeps the turned edges smooth.
    const float texel = 1 / static_cast<float>(ui.fonts.engine().atlas().side());
    draw_pages(ui, laid.quads, [&](const GlyphQuad& quad) {
        const float left = quad.x - 1;
        const float high = quad.y - 1;
        const float right = quad.x + quad.w + 1;
        const float low = quad.y + quad.h + 1;
        const float u0 = quad.u0 - texel;
        const float v0 = quad.v0 - texel;
        const float u1 = quad.u1 + texel;
        const float v1 = quad.v1 + texel;
        list->PrimQuadUV(turn(left, high), turn(right, high), turn(right, low), turn(left, low),
                         {u0, v0}, {u1, v0}, {u1, v1}, {u0, v1}, quad.is_coloured ? veil : ink);
        return true;
    });
    for (const MissingBox& box : laid.shaped.boxes) {
        const float high = laid.shaped.baseline + box.y;
        list->AddQuad(turn(box.x, high), turn(box.x + box.w, high),
                      turn(box.x + box.w, high + box.h), turn(box.x, high + box.h), ink,
                      ui.hairline());
    }
}

float measure_paragraph(const UiContext& ui, Type type, std::string_view text, float width,
                        int most_lines) {
    int lines = 0;
    while (lines < most_lines && !text.empty()) {
        ++lines;
        text.remove_prefix(find_line_end(ui, type, text, width));
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    return static_cast<float>(lines) * std::round(line_height(ui, type) * 1.1F);
}

float draw_paragraph(const UiContext& ui, const TextStyle& style, const Rect& rect,
                     std::string_view text, int most_lines) {
    const float step = std::round(line_height(ui, style.type) * 1.1F);
    // What is read from the right begins at the right.
    TextStyle line_style = style;
    if (style.align == Align::kLeft && ui.fonts.engine().shape(style.type, text).is_rtl) {
        line_style.align = Align::kRight;
    }
    float top = rect.y;
    for (int line = 0; line < most_lines && !text.empty(); ++line) {
        const Rect place{rect.x, top, rect.w, step};
        top += step;
        if (line + 1 == most_lines) {
            draw_text(ui, line_style, place, text);
            break;
        }
        const std::size_t end = find_line_end(ui, style.type, text, rect.w);
        const std::string_view part = text.substr(0, end);
        draw_text(ui, line_style, place, part.substr(0, part.find_last_not_of(' ') + 1));
        text.remove_prefix(end);
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    return top - rect.y;
}

}  // namespace heed::app
