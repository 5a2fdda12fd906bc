#include <algorithm>
#include <cmath>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr int kLegendSteps = 64;

}  // namespace

void legend_bar(UiContext& ui, std::string_view id, const Rect& rect, const ColourScale& scale,
                std::string_view caption, LegendUnit unit) {
    const Theme& theme = ui.theme;
    const float bar_width = caption.empty() ? rect.w : std::min(ui.px(300), rect.w * 0.5F);
    const Rect bar{rect.x, rect.y, bar_width, ui.px(10)};
    const bool is_signed = scale.kind == ColourScale::Kind::kSigned;
    for (int i = 0; i < kLegendSteps; ++i) {
        const auto step = bar_width / static_cast<float>(kLegendSteps);
        const float along = (static_cast<float>(i) + 0.5F) / static_cast<float>(kLegendSteps);
        const float left = std::floor(bar.x + step * static_cast<float>(i));
        const float right = std::floor(bar.x + step * static_cast<float>(i + 1));
        fill(ui, {left, bar.y, right - left, bar.h},
             colour_at(theme, scale.kind, is_signed ? 2 * along - 1 : along));
    }
    outline(ui, bar, theme.line, ui.hairline());
    const std::vector<LegendTick> ticks = list_ticks(scale, unit);
    const float end_width = measure_text(ui, Type::kNumberTiny, ticks.back().text);
    const float end_left =
        std::min(bar.right() - end_width / 2, rect.right() - end_width) - ui.px(6);
    std::string noted(caption);
    float last_right = 0;
    for (const LegendTick& tick : ticks) {
        const float x = bar.x + tick.along * bar_width;
        noted += (&tick == &ticks.front() ? ": " : " ") + tick.text;
        draw_line(ui, {x, bar.bottom()}, {x, bar.bottom() + ui.px(4)}, theme.ink_third,
                  ui.hairline());
        // The numbers at the ends stay within the legend.
        const float width = measure_text(ui, Type::kNumberTiny, tick.text);
        const float left =
            std::clamp(x - width / 2, rect.x, std::max(rect.x, rect.right() - width));
        // The ends are always named, between them only what has room.
        if (!tick.is_end && (left < last_right + ui.px(6) || left + width > end_left)) continue;
        last_right = left + width;
        draw_text_at(ui, {Type::kNumberTiny, theme.ink_second}, {left, bar.bottom() + ui.px(5)},
                     tick.text);
    }
    if (!caption.empty()) {
        const float caption_left = bar.right() + ui.px(20);
        const Rect right{caption_left, bar.y - ui.px(4), rect.right() - caption_left, ui.px(18)};
        draw_text(ui, {Type::kNote, theme.ink_second}, right, caption);
    }
    log_item(ui, id, "legend", noted, static_cast<double>(scale.high), rect);
}

}  // namespace heed::app
