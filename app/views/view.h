// What every view hands back. A view draws (trace, selection, its own state) into its rectangle and
// stores nothing else; what the person asked for is done once, after all views have drawn.
//
//     ViewResult draw_x_view(const Trace& trace, const Selection& selection, const Rect& rect,
//                            XViewState& state, UiContext& ui);
//
// Its other half, layout_x, is pure: rectangles, texts and values, tested without a window.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/document/selection.h"
#include "app/ui/geometry.h"
#include "app/ui/ui_context.h"
#include "app/views/view_state.h"

namespace heed::app {

// An action of the registry, to be run with these arguments.
struct Command {
    std::string action;
    std::vector<std::string> arguments;
};

struct ViewResult {
    std::optional<Selection> selection;  // what is to be chosen instead
    std::vector<Command> commands;

    // Takes over what another view asked for; the later selection wins.
    void add(ViewResult other) {
        if (other.selection) selection = std::move(other.selection);
        for (Command& command : other.commands) commands.push_back(std::move(command));
    }
};

}  // namespace heed::app
