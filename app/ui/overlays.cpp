// What lies over or around the content: legends, scrolling, tooltips.
#include <imgui.h>

#include <array>
#include <cmath>
#include <functional>

#include "app/ui/numbers.h"
#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr double kTooltipDelay_s = 0.4;
constexpr int kLegendSteps = 64;

// Values that a legend names, as shares of the scale's high end.
constexpr std::array kSquareRootTicks{0.0F, 0.05F, 0.25F, 0.5F, 1.0F};
constexpr std::array kLinearTicks{0.0F, 0.25F, 0.5F, 0.75F, 1.0F};
constexpr std::array kSignedTicks{-1.0F, -0.25F, 0.0F, 0.25F, 1.0F};

std::span<const float> ticks_of(const ColourScale& scale) {
    if (scale.kind == ColourScale::Kind::kSigned) return kSignedTicks;
    if (scale.scale == ValueScale::kSquareRoot) return kSquareRootTicks;
    return kLinearTicks;
}

// A tick in as few digits as tell it apart: "0.05", "1", "−2.5".
std::string tick_text(float value) {
    const std::array one{value};
    std::string text(format_number(static_cast<double>(value), choose_decimals(one)).view());
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

// Where on the bar, 0 to 1, the share `t` of the high end lies.
float bar_place(const ColourScale& scale, float t) {
    const float place = scale.place(t * scale.high);
    return scale.kind == ColourScale::Kind::kSigned ? (place + 1) / 2 : place;
}

// The value whose colour is drawn at `place` of the bar.
float value_at(const ColourScale& scale, float place) {
    const float t = scale.kind == ColourScale::Kind::kSigned ? place * 2 - 1 : place;
    if (scale.scale == ValueScale::kLinear) return t * scale.high;
    return std::copysign(t * t, t) * scale.high;
}

// Of the window that was just begun.
void keep_scroll(UiContext& ui, std::string_view id) {
    if (ui.scrolls == nullptr) return;
    const auto at = ui.scrolls->find(id);
    if (ui.restores_scrolls) {
        if (at == ui.scrolls->end()) return;
        ImGui::SetScrollX(at->second.x);
        ImGui::SetScrollY(at->second.y);
        return;
    }
    const Point here{ImGui::GetScrollX(), ImGui::GetScrollY()};
    if (at != ui.scrolls->end()) {
        at->second = here;
    } else {
        ui.scrolls->emplace(std::string(id), here);
    }
}

}  // namespace

void legend_bar(UiContext& ui, std::string_view id, const Rect& rect, const ColourScale& scale,
                std::string_view caption) {
    const Theme& theme = ui.theme;
    const float bar_width = std::min(ui.px(300), rect.w * 0.5F);
    const Rect bar{rect.x, rect.y, bar_width, ui.px(10)};
    for (int i = 0; i < kLegendSteps; ++i) {
        const auto step = bar_width / static_cast<float>(kLegendSteps);
        const float place = (static_cast<float>(i) + 0.5F) / static_cast<float>(kLegendSteps);
        const float left = std::floor(bar.x + step * static_cast<float>(i));
        const float right = std::floor(bar.x + step * static_cast<float>(i + 1));
        fill(ui, {left, bar.y, right - left, bar.h}, scale.colour(theme, value_at(scale, place)));
    }
    outline(ui, bar, theme.line, ui.hairline());
    std::string noted(caption);
    const float end_width = measure_text(ui, Type::kNumberTiny, tick_text(scale.high));
    const float end_left = bar.right() - end_width / 2 - ui.px(6);
    float last_right = 0;
    for (const float t : ticks_of(scale)) {
        const float x = bar.x + bar_place(scale, t) * bar_width;
        const std::string text = tick_text(t * scale.high);
        noted += (t == ticks_of(scale).front() ? ": " : " ") + text;
        draw_line(ui, {x, bar.bottom()}, {x, bar.bottom() + ui.px(4)}, theme.ink_third,
                  ui.hairline());
        // The numbers at the ends stay within the legend.
        const float width = measure_text(ui, Type::kNumberTiny, text);
        const float left =
            std::clamp(x - width / 2, rect.x, std::max(rect.x, rect.right() - width));
        // The ends are always named, between them only what has room.
        const bool is_end = std::abs(t) == 1.0F || t == ticks_of(scale).front();
        if (!is_end && (left < last_right + ui.px(6) || left + width > end_left)) continue;
        last_right = left + width;
        draw_text_at(ui, {Type::kNumberTiny, theme.ink_second}, {left, bar.bottom() + ui.px(5)},
                     text);
    }
    const float caption_left = bar.right() + ui.px(20);
    const Rect right{caption_left, bar.y - ui.px(4), rect.right() - caption_left, ui.px(18)};
    draw_text(ui, {Type::kNote, theme.ink_second}, right, caption);
    log_item(ui, id, "legend", noted, static_cast<double>(scale.high), rect);
}

Point begin_scroll(UiContext& ui, std::string_view id, const Rect& rect, float content_width,
                   float content_height) {
    ImGui::PushStyleVar(ImGuiStyleVar_ScrollbarSize, ui.px(10));
    ImGui::PushStyleVar(ImGuiStyleVar_ScrollbarRounding, ui.px(5));
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::PushStyleColor(ImGuiCol_ScrollbarGrab, pack_rgba(ui.theme.line));
    ImGui::PushStyleColor(ImGuiCol_ScrollbarGrabHovered, pack_rgba(ui.theme.ink_third));
    ImGui::PushStyleColor(ImGuiCol_ScrollbarGrabActive, pack_rgba(ui.theme.ink_third));
    ImGui::SetCursorScreenPos({rect.x, rect.y});
    ImGui::PushID(id.data(), id.data() + id.size());
    ImGui::BeginChild("scroll", {std::max(1.0F, rect.w), std::max(1.0F, rect.h)}, false,
                      ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_HorizontalScrollbar |
                          ImGuiWindowFlags_NoNav);
    keep_scroll(ui, id);
    const ImVec2 top_left = ImGui::GetCursorScreenPos();
    ImGui::Dummy({content_width, content_height});
    return {top_left.x, top_left.y};
}

void end_scroll() {
    ImGui::EndChild();
    ImGui::PopID();
    ImGui::PopStyleColor(4);
    ImGui::PopStyleVar(2);
}

bool tooltip_is_due(UiContext& ui, std::string_view id, std::uint64_t target) {
    // Two targets that hash alike only share a waiting time.
    const std::uint64_t key = std::hash<std::string_view>()(id) ^ (target * 0x9E3779B97F4A7C15ULL);
    ui.hover.was_asked = true;
    if (ui.hover.target != key) {
        ui.hover.target = key;
        ui.hover.since_s = ui.now_s;
    }
    const double rest = kTooltipDelay_s - (ui.now_s - ui.hover.since_s);
    if (rest <= 0) return true;
    ui.request_frame_in(rest);
    return false;
}

void draw_tooltip(UiContext& ui, const Rect& anchor, std::span<const TooltipLine> lines) {
    const float padding = ui.px(10);
    float width = 0;
    float height = 0;
    std::string noted;
    for (const TooltipLine& line : lines) {
        width = std::max(width, measure_text(ui, line.type, line.text));
        height += line_height(ui, line.type) + ui.px(2);
        noted += (noted.empty() ? "" : "\n") + line.text;
    }
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float gap = ui.px(8);
    Rect box{anchor.right() + gap, anchor.bottom() + gap, width + 2 * padding,
             height + 2 * padding};
    if (box.right() > screen.x) box.x = std::max(gap, anchor.x - gap - box.w);
    if (box.bottom() > screen.y) box.y = std::max(gap, anchor.y - gap - box.h);

    // A window of its own lies above everything and clips nothing.
    ImGui::SetNextWindowPos({box.x, box.y});
    ImGui::SetNextWindowSize({box.w, box.h});
    ImGui::Begin("##tooltip", nullptr,
                 ImGuiWindowFlags_Tooltip | ImGuiWindowFlags_NoDecoration |
                     ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBackground);
    fill(ui, box, ui.theme.surface, ui.px(8));
    outline(ui, box, ui.theme.ink_third, ui.hairline(), ui.px(8));
    float top = box.y + padding;
    for (const TooltipLine& line : lines) {
        draw_text_at(ui, {line.type, line.colour}, {box.x + padding, top}, line.text);
        top += line_height(ui, line.type) + ui.px(2);
    }
    log_item(ui, "tooltip", "tooltip", noted, std::nullopt, box);
    ImGui::End();
}

}  // namespace heed::app
