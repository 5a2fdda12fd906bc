#include "app/ui/draw.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/ui/drawing.h"
#include "core/base/check.h"

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

Rect clip_rect() {
    const ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 low = list->GetClipRectMin();
    const ImVec2 high = list->GetClipRectMax();
    return {low.x, low.y, high.x - low.x, high.y - low.y};
}

void record(UiContext& ui, DrawnShape shape) {
    if (ui.drawing != nullptr) ui.drawing->add(std::move(shape), clip_rect());
}

// The store keeps texels while figures are made (Bug otherwise: the figure would miss a picture).
void record_cells(UiContext& ui, const Rect& rect, const Picture& picture,
                  const PicturePart& part) {
    if (ui.drawing == nullptr || part.columns <= 0 || part.rows <= 0) return;
    const auto columns = static_cast<std::size_t>(picture.columns);
    HEED_CHECK_EQ(picture.texels.size(), columns * static_cast<std::size_t>(picture.rows));
    std::vector<std::uint32_t> texels;
    for (int row = part.row; row < part.row + part.rows; ++row) {
        const std::size_t begin =
            static_cast<std::size_t>(row) * columns + static_cast<std::size_t>(part.column);
        const auto line = picture.texels.subspan(begin, static_cast<std::size_t>(part.columns));
        texels.insert(texels.end(), line.begin(), line.end());
    }
    record(ui, drawn::Cells{rect, part.columns, part.rows, std::move(texels)});
}

}  // namespace

void fill(UiContext& ui, const Rect& rect, Colour colour, float radius) {
    record(ui, drawn::Filled{rect, colour, radius});
    ImGui::GetWindowDrawList()->AddRectFilled(top_left_of(rect), bottom_right_of(rect),
                                              to_imgui(colour), radius);
}

void fill_ground(UiContext& ui, const Rect& rect, Colour colour, float radius) {
    record(ui, drawn::Filled{rect, colour, radius});
    const Rect whole{std::round(rect.x), std::round(rect.y), std::round(rect.w),
                     std::round(rect.h)};
    const float r = std::ceil(radius);
    if (ui.grounds == nullptr || whole.w <= 4 * r || whole.h <= 4 * r) {
        ImGui::GetWindowDrawList()->AddRectFilled(top_left_of(whole), bottom_right_of(whole),
                                                  to_imgui(colour), radius);
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

void outline(UiContext& ui, const Rect& rect, Colour colour, float width, float radius) {
    record(ui, drawn::Outlined{rect, colour, width, radius});
    // Dear ImGui itself moves an outline half a pixel inwards.
    const Rect middle = inset(rect, width / 2 - 0.5F);
    ImGui::GetWindowDrawList()->AddRect(top_left_of(middle), bottom_right_of(middle),
                                        to_imgui(colour), radius, 0, width);
}

void draw_line(UiContext& ui, Point from, Point to, Colour colour, float width) {
    record(ui, drawn::Line{from, to, colour, width});
    ImGui::GetWindowDrawList()->AddLine(to_imgui(from), to_imgui(to), to_imgui(colour), width);
}

void draw_curve(UiContext& ui, Point from, Point to, Colour colour, float width) {
    record(ui, drawn::Curve{from, to, colour, width});
    const float middle = (from.x + to.x) / 2;
    ImGui::GetWindowDrawList()->AddBezierCubic(to_imgui(from), {middle, from.y}, {middle, to.y},
                                               to_imgui(to), to_imgui(colour), width);
}

void draw_triangle(UiContext& ui, Point a, Point b, Point c, Colour colour) {
    record(ui, drawn::Triangle{a, b, c, colour});
    ImGui::GetWindowDrawList()->AddTriangleFilled(to_imgui(a), to_imgui(b), to_imgui(c),
                                                  to_imgui(colour));
}

void draw_picture(UiContext& ui, const Rect& rect, const Picture& picture) {
    draw_picture_part(ui, rect, picture, {0, 0, picture.columns, picture.rows});
}

void draw_picture_part(UiContext& ui, const Rect& rect, const Picture& picture,
                       const PicturePart& part) {
    HEED_CHECK(part.column >= 0 && part.column + part.columns <= picture.columns);
    HEED_CHECK(part.row >= 0 && part.row + part.rows <= picture.rows);
    record_cells(ui, rect, picture, part);
    const float u = picture.u / static_cast<float>(std::max(1, picture.columns));
    const float v = picture.v / static_cast<float>(std::max(1, picture.rows));
    const ImVec2 low{u * static_cast<float>(part.column), v * static_cast<float>(part.row)};
    const ImVec2 high{u * static_cast<float>(part.column + part.columns),
                      v * static_cast<float>(part.row + part.rows)};
    ImGui::GetWindowDrawList()->AddImage(picture.texture, top_left_of(rect), bottom_right_of(rect),
                                         low, high);
}

void log_item(UiContext& ui, std::string_view id, std::string_view kind, std::string_view text,
              std::optional<double> value, const Rect& rect) {
    if (!ui.items.is_recording()) return;
    ui.items.add(id, kind, text, value, rect, clip_rect());
}

void draw_label(UiContext& ui, std::string_view id, const TextStyle& style, const Rect& rect,
                std::string_view text) {
    draw_text(ui, style, rect, text);
    log_item(ui, id, "text", text, std::nullopt, rect);
}

}  // namespace heed::app
