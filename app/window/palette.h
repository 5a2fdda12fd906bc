// The palette (Ctrl+K): everything that can be done or chosen, found by a few letters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/ui/options.h"
#include "app/ui/search_line.h"
#include "app/views/view.h"

namespace heed::app {

struct PaletteEntry {
    std::string title;   // "Next head"
    std::string detail;  // at the right: what kind it is, or what an option is now
    std::string chord;
    std::string words;  // others that find it: "next-head"
    std::string help;
    std::vector<Command> commands;
    double weight = 0;      // above others that are found as well
    bool is_listed = true;  // also while nothing is written
};

// What ranking needs of the past: titles, the latest first.
using RecentTitles = std::vector<std::string>;

// Indices of `entries` that `query` finds, the best first; equal ones as they come. An empty query
// finds the recent ones, the latest first, and then those that are listed. At most `most`.
std::vector<int> rank_entries(const std::vector<PaletteEntry>& entries, std::string_view query,
                              const RecentTitles& recent, std::size_t most = 200);

// What can be found now.
struct PaletteSources {
    const Actions& actions;
    const Selection& selection;
    const Trace* trace = nullptr;
    std::vector<OptionEntry> options;
    std::vector<PaletteEntry> more;  // models, examples
};
std::vector<PaletteEntry> list_entries(const PaletteSources& sources);
// "layer 3": the action `layer` with what is written after its name; nullopt where the query begins
// with no action that takes arguments.
std::optional<PaletteEntry> read_command(const Actions& actions, std::string_view query);

struct PaletteState {
    bool is_wanted = false;  // opens in the next frame
    SearchState query;
    RecentTitles recent;
    std::vector<PaletteEntry> entries;  // of the open palette
    std::vector<int> found;
    std::string found_for;
    std::optional<PaletteEntry> command;
};

// `list` makes the entries, in the frame in which it opens.
ViewResult draw_palette(UiContext& ui, PaletteState& state,
                        const std::function<std::vector<PaletteEntry>()>& list);

}  // namespace heed::app
