#include "app/ui/draw.h"

#include <imgui.h>

#include <cmath>

#include "core/base/utf8.h"

namespace heed::app {

namespace {

ImU32 to_imgui(Colour colour) {
    return IM_COL32(colour.r, colour.g, colour.b, colour.a);
}
ImVec2 to_imgui(Point point) {
    return {point.x, point.y};
}
ImVec2 top_left_of(const Rect& rect) {
    return {rect.x, rect.y};
}
ImVec2 bottom_right_of(const Rect& rect) {
    return {rect.right(), rect.bottom()};
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

void fill(const Rect& rect, Colour colour, float radius) {
    ImGui::GetWindowDrawList()->AddRectFilled(top_left_of(rect), bottom_right_of(rect),
                                              to_imgui(colour), radius);
}

void fill_ground(UiContext& ui, const Rect& rect, Colour colour, float radius) {
    const Rect whole{std::round(rect.x), std::round(rect.y), std::round(rect.w),
                     std::round(rect.h)};
    const float r = std::ceil(radius);
    if (ui.grounds == nullptr || whole.w <= 4 * r || whole.h <= 4 * r) {
        fill(whole, colour, radius);
        return;
    }
    ui.grounds->push_back({inset(whole, 0, r), colour});
    if (r <= 0) return;
    ui.grounds->push_back({{whole.x + r, whole.y, whole.w - 2 * r, r}, colour});
    ui.grounds->push_back({{whole.x + r, whole.bottom() - r, whole.w - 2 * r, r}, colour});
    // The round corners reach a pixel into the cleared part, so that no seam shows.
    const float size = r + 1;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const auto corner = [&](float x, float y, ImDrawFlags flag) {
        list->AddRectFilled({x, y}, {x + size, y + size}, to_imgui(colour), radius, flag);
    };
    const float right = whole.right() - size;
    const float bottom = whole.bottom() - size;
    corner(whole.x, whole.y, ImDrawFlags_RoundCornersTopLeft);
    corner(right, whole.y, ImDrawFlags_RoundCornersTopRight);
    corner(whole.x, bottom, ImDrawFlags_RoundCornersBottomLeft);
    corner(right, bottom, ImDrawFlags_RoundCornersBottomRight);
}

void outline(const Rect& rect, Colour colour, float width, float radius) {
    // Dear ImGui itself moves an outline half a pixel inwards.
    const Rect middle = inset(rect, width / 2 - 0.5F);
    ImGui::GetWindowDrawList()->AddRect(top_left_of(middle), bottom_right_of(middle),
                                        to_imgui(colour), radius, 0, width);
}

void draw_line(Point from, Point to, Colour colour, float width) {
    ImGui::GetWindowDrawList()->AddLine(to_imgui(from), to_imgui(to), to_imgui(colour), width);
}

void draw_curve(Point from, Point to, Colour colour, float width) {
    const float middle = (from.x + to.x) / 2;
    ImGui::GetWindowDrawList()->AddBezierCubic(to_imgui(from), {middle, from.y}, {middle, to.y},
                                               to_imgui(to), to_imgui(colour), width);
}

void draw_triangle(Point a, Point b, Point c, Colour colour) {
    ImGui::GetWindowDrawList()->AddTriangleFilled(to_imgui(a), to_imgui(b), to_imgui(c),
                                                  to_imgui(colour));
}

void draw_picture(const Rect& rect, const Picture& picture) {
    ImGui::GetWindowDrawList()->AddImage(picture.texture, top_left_of(rect), bottom_right_of(rect),
                                         {0, 0}, {picture.u, picture.v});
}

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
    ImGui::GetWindowDrawList()->AddText(font, font->FontSize, at, to_imgui(style.colour),
                                        text.data(), text.data() + text.size());
    return measure_text(ui, style.type, text);
}

void draw_turned_text(const UiContext& ui, const TextStyle& style, Point start, float angle_rad,
                      std::string_view text) {
    const ImFont* font = ui.fonts.get(style.type);
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

void log_item(UiContext& ui, std::string_view id, std::string_view kind, std::string_view text,
              std::optional<double> value, const Rect& rect) {
    if (!ui.items.is_recording()) return;
    const ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 low = list->GetClipRectMin();
    const ImVec2 high = list->GetClipRectMax();
    ui.items.add(id, kind, text, value, rect, {low.x, low.y, high.x - low.x, high.y - low.y});
}

void draw_label(UiContext& ui, std::string_view id, const TextStyle& style, const Rect& rect,
                std::string_view text) {
    draw_text(ui, style, rect, text);
    log_item(ui, id, "text", text, std::nullopt, rect);
}

}  // namespace heed::app
