#include "app/views/cell_tip.h"

#include <array>
#include <utility>

#include "app/ui/numbers.h"
#include "app/views/axes.h"
#include "core/ops/op_table.h"

namespace heed::app {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kSigns{{
    {" * -", " \u00b7 \u2212"},
    {" * ", " \u00b7 "},
    {"<=", "\u2264"},
    {"-inf", "\u2212\u221e"},
    {" - ", " \u2212 "},
    {"sqrt(", "\u221a("},
    {"sum_", "\u2211_"},
    {"e-", "e\u2212"},
}};

}  // namespace

std::string typeset_formula(std::string_view formula) {
    std::string text(formula);
    for (const auto& [plain, sign] : kSigns) {
        for (std::size_t at = text.find(plain); at != std::string::npos;
             at = text.find(plain, at + sign.size())) {
            text.replace(at, plain.size(), sign);
        }
    }
    return text;
}

void draw_cell_tip(UiContext& ui, const Trace& trace, NodeId node, const std::vector<int>& cell,
                   float value, const Rect& anchor) {
    const Node& asked = trace.graph().node(node);
    const std::string name = exact_cell(asked.name, cell);
    std::uint64_t target = static_cast<std::uint64_t>(node);
    for (const int i : cell) target = target * 65599 + static_cast<std::uint64_t>(i) + 1;
    if (!tooltip_is_due(ui, "cell", target)) return;
    const std::array lines{
        TooltipLine{spoken_cell(trace, node, cell), Type::kBodyStrong, ui.theme.ink},
        TooltipLine{std::string(format_exact(value).view()), Type::kNumber, ui.theme.ink},
        TooltipLine{typeset_formula(formula_text(trace.graph(), asked)), Type::kFormulaSmall,
                    ui.theme.ink_second},
        TooltipLine{name, Type::kNumberSmall, ui.theme.ink_second},
    };
    draw_tooltip(ui, anchor, lines);
}

}  // namespace heed::app
