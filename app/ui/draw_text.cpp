// Texts: measuring, fitting, drawing.
#include <imgui.h>

#include <cmath>

#include "app/ui/draw.h"
#include "app/ui/drawing.h"
#include "core/base/utf8.h"

namespace heed::app {

namespace {

ImU32 to_imgui(Colour colour) {
    return IM_COL32(colour.r, colour.g, colour.b, colour.a);
}

void record(const UiContext& ui, const TextStyle& style, Point start, float angle_rad,
            std::string_view text) {
    if (ui.drawing == nullptr) return;
    const ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 low = list->GetClipRectMin();
    const ImVec2 high = list->GetClipRectMax();
    ui.drawing->add(drawn::Text{start, angle_rad, measure_text(ui, style.type, text), style.type,
                                style.colour, std::string(text)},
                    {low.x, low.y, high.x - low.x, high.y - low.y});
}

constexpr std::string_view kEllipsis = "\u2026";

float place_left(Align align, const Rect& rect, float width) {
    if (align == Align::kRight) return rect.right() - width;
    if (align == Align::kCentre) return rect.x + (rect.w - width) / 2;
    return rect.x;
}

// Bytes of the longest beginning of `text`, whole characters, that is at most `width` wide.
std::size_t count_fitting(const ImFont* font, std::string_view text, float width) {
    float used = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const Utf8Char c = decode_utf8(text, at);
        const char32_t shown = c.code_point <= 0xFFFF ? c.code_point : 0xFFFD;
        used += font->GetCharAdvance(static_cast<ImWchar>(shown));
        if (used > width) break;
        at += static_cast<std::size_t>(c.length);
    }
    return at;
}

// The end of the next line of `text`: the last blank that fits, or as much as fits.
std::size_t find_line_end(const ImFont* font, std::string_view text, float width) {
    const std::size_t fitting = count_fitting(font, text, width);
    if (fitting >= text.size()) return text.size();
    const std::size_t blank = text.rfind(' ', fitting);
    if (blank != std::string_view::npos && blank > 0) return blank;
    return fitting > 0 ? fitting : 1;
}

}  // namespace

float measure_text(const UiContext& ui, Type type, std::string_view text) {
    ImFont* font = ui.fonts.get(type);
    return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size())
        .x;
}

float line_height(const UiContext& ui, Type type) {
    return ui.fonts.get(type)->FontSize;
}

std::string fit_text(const UiContext& ui, Type type, std::string_view text, float width) {
    if (measure_text(ui, type, text) <= width) return std::string(text);
    const float left = width - measure_text(ui, type, kEllipsis);
    if (left <= 0) return std::string(kEllipsis);
    return std::string(text.substr(0, count_fitting(ui.fonts.get(type), text, left))) +
           std::string(kEllipsis);
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
    ImFont* font = ui.fonts.get(style.type);
    const ImVec2 at{std::round(top_left.x), std::round(top_left.y)};
    record(ui, style, {at.x, at.y + line_height(ui, style.type) / 2}, 0, text);
    ImGui::GetWindowDrawList()->AddText(font, font->FontSize, at, to_imgui(style.colour),
                                        text.data(), text.data() + text.size());
    return measure_text(ui, style.type, text);
}

void draw_turned_text(const UiContext& ui, const TextStyle& style, Point start, float angle_rad,
                      std::string_view text) {
    const ImFont* font = ui.fonts.get(style.type);
    record(ui, style, start, angle_rad, text);
    const float cosine = std::cos(angle_rad);
    const float sine = std::sin(angle_rad);
    const auto turn = [&](float along, float down) {
        return ImVec2{start.x + along * cosine - down * sine,
                      start.y + along * sine + down * cosine};
    };
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float top = -font->FontSize / 2;
    float pen = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        at += static_cast<std::size_t>(c.length);
        const char32_t shown = c.code_point <= 0xFFFF ? c.code_point : 0xFFFD;
        const ImFontGlyph* glyph = font->FindGlyph(static_cast<ImWchar>(shown));
        if (glyph == nullptr) continue;
        if (glyph->Visible != 0) {
            list->PrimReserve(6, 4);
            list->PrimQuadUV(
                turn(pen + glyph->X0, top + glyph->Y0), turn(pen + glyph->X1, top + glyph->Y0),
                turn(pen + glyph->X1, top + glyph->Y1), turn(pen + glyph->X0, top + glyph->Y1),
                {glyph->U0, glyph->V0}, {glyph->U1, glyph->V0}, {glyph->U1, glyph->V1},
                {glyph->U0, glyph->V1}, to_imgui(style.colour));
        }
        pen += glyph->AdvanceX;
    }
}

float draw_paragraph(const UiContext& ui, const TextStyle& style, const Rect& rect,
                     std::string_view text, int most_lines) {
    const ImFont* font = ui.fonts.get(style.type);
    const float step = std::round(line_height(ui, style.type) * 1.1F);
    float top = rect.y;
    for (int line = 0; line < most_lines && !text.empty(); ++line) {
        const Rect place{rect.x, top, rect.w, step};
        top += step;
        if (line + 1 == most_lines) {
            draw_text(ui, style, place, text);
            break;
        }
        const std::size_t end = find_line_end(font, text, rect.w);
        draw_text(ui, style, place, text.substr(0, end));
        text.remove_prefix(end);
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    return top - rect.y;
}

}  // namespace heed::app
