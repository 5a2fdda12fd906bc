// What lies over or around the content: scrolling, tooltips.
#include <imgui.h>

#include <functional>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr double kTooltipDelay_s = 0.4;

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

Rect begin_tooltip(UiContext& ui, const Rect& anchor, float width, float height) {
    const float padding = ui.px(10);
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
    return inset(box, padding);
}

void end_tooltip() {
    ImGui::End();
}

void draw_tooltip(UiContext& ui, const Rect& anchor, std::span<const TooltipLine> lines) {
    float width = 0;
    float height = 0;
    std::string noted;
    for (const TooltipLine& line : lines) {
        width = std::max(width, measure_text(ui, line.type, line.text));
        height += line_height(ui, line.type) + ui.px(2);
        noted += (noted.empty() ? "" : "\n") + line.text;
    }
    const Rect inside = begin_tooltip(ui, anchor, width, height);
    float top = inside.y;
    for (const TooltipLine& line : lines) {
        draw_text_at(ui, {line.type, line.colour}, {inside.x, top}, line.text);
        top += line_height(ui, line.type) + ui.px(2);
    }
    log_item(ui, "tooltip", "tooltip", noted, std::nullopt, inset(inside, -ui.px(10)));
    end_tooltip();
}

}  // namespace heed::app
