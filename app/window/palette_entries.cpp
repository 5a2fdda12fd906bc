// What the palette holds, and in which order.
#include <algorithm>
#include <utility>

#include "app/ui/fuzzy.h"
#include "app/views/axes.h"
#include "app/window/palette.h"

namespace heed::app {

namespace {

constexpr double kRecentWeight = 20;  // of the latest; the one before has less

// An action that takes no argument, or may do without: "[TEXT]".
bool can_run_alone(const Action& action) {
    return action.arguments.empty() || action.arguments.front() == '[';
}

// Words apart by blanks; one in double quotes may hold blanks.
std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const bool is_quoted = text.front() == '"';
        if (is_quoted) text.remove_prefix(1);
        const std::size_t end = std::min(text.find(is_quoted ? '"' : ' '), text.size());
        if (is_quoted || end > 0) words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return words;
}

void add_actions(const PaletteSources& sources, std::vector<PaletteEntry>& entries) {
    for (const Action& action : sources.actions.all()) {
        if (action.is_enabled && !action.is_enabled()) continue;
        PaletteEntry entry;
        entry.title = action.title;
        entry.words = action.name;
        entry.help = action.help;
        if (!action.chords.empty()) entry.chord = to_string(action.chords.front());
        if (can_run_alone(action)) {
            // Nobody opens the palette to leave, and Enter takes what stands first.
            entry.is_listed = action.name != "quit";
            entry.commands = {{action.name, {}}};
        } else {
            // Chosen, it waits for its argument.
            entry.title += "\u2026";
            entry.detail = action.arguments;
            entry.commands = {{"command-palette", {action.name + " "}}};
            entry.weight = -5;
            entry.is_listed = false;
        }
        entries.push_back(std::move(entry));
    }
}

void add_options(const PaletteSources& sources, std::vector<PaletteEntry>& entries) {
    for (const OptionEntry& option : sources.options) {
        for (const std::string& word : option.words) {
            const bool is_on = word == option.value;
            PaletteEntry entry;
            entry.title = option.title + ": " + word;
            entry.detail = is_on ? "now" : "option";
            entry.words = option.name;
            entry.commands = {{"set", {option.name, word}}};
            entry.is_listed = false;
            entries.push_back(std::move(entry));
        }
        if (!option.words.empty()) continue;
        PaletteEntry entry;
        entry.title = option.title + "\u2026";
        entry.detail = option.value.empty() ? "none now" : option.value + " now";
        entry.words = option.name;
        entry.commands = {{"command-palette", {"set " + option.name + " "}}};
        entry.is_listed = false;
        entries.push_back(std::move(entry));
    }
}

void add_heads(const PaletteSources& sources, std::vector<PaletteEntry>& entries) {
    const Graph& graph = sources.trace->graph();
    const bool has_several = list_site_words(graph).size() > 1;
    for (const AttentionSite& site : graph.attentions()) {
        for (int head = 0; site.pattern && head < site.heads; ++head) {
            PaletteEntry entry;
            const std::string word = site_word(site);
            const std::string l = std::to_string(site.layer);
            const std::string h = std::to_string(head);
            entry.title = (has_several ? word + " " : "") + l + "." + h;
            entry.detail = "head";
            entry.words = "layer " + l + " head " + h;
            if (has_several) entry.commands.push_back({"site", {word}});
            entry.commands.push_back({"layer", {l}});
            entry.commands.push_back({"head", {h}});
            entry.is_listed = false;
            entries.push_back(std::move(entry));
        }
    }
}

void add_words(const PaletteSources& sources, std::vector<PaletteEntry>& entries) {
    const AttentionSite* site = find_site(sources.trace->graph(), sources.selection);
    if (site == nullptr) return;
    const auto add = [&](int sequence, const char* action, const char* what) {
        const auto labels = sources.trace->labels(sequence);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            PaletteEntry entry;
            entry.title = labels[i].text;
            while (!entry.title.empty() && entry.title.front() == ' ') entry.title.erase(0, 1);
            entry.detail = std::string(what) + " at " + std::to_string(i);
            entry.words = "word token";
            entry.commands = {{action, {std::to_string(i)}}};
            entry.weight = 2;
            entry.is_listed = false;
            entries.push_back(std::move(entry));
        }
    };
    add(site->query_sequence, "query", "word that looks,");
    add(site->key_sequence, "key", "word looked at,");
}

}  // namespace

std::vector<PaletteEntry> list_entries(const PaletteSources& sources) {
    std::vector<PaletteEntry> entries;
    add_actions(sources, entries);
    for (const PaletteEntry& entry : sources.more) entries.push_back(entry);
    add_options(sources, entries);
    if (sources.trace == nullptr) return entries;
    add_heads(sources, entries);
    add_words(sources, entries);
    return entries;
}

std::optional<PaletteEntry> read_command(const Actions& actions, std::string_view query) {
    const std::size_t blank = query.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    const Action* action = actions.find(query.substr(0, blank));
    std::string rest(query.substr(blank + 1));
    while (!rest.empty() && rest.front() == ' ') rest.erase(0, 1);
    if (action == nullptr || action->arguments.empty() || rest.empty()) return std::nullopt;
    Command command{action->name, {}};
    if (action->arguments.find(' ') == std::string::npos) {
        command.arguments.push_back(rest);
    } else {
        command.arguments = split_words(rest);
    }
    PaletteEntry entry;
    entry.title = std::string(query);
    entry.detail = action->title;
    entry.help = action->help;
    entry.commands = {std::move(command)};
    return entry;
}

std::vector<int> rank_entries(const std::vector<PaletteEntry>& entries, std::string_view query,
                              const RecentTitles& recent, std::size_t most) {
    struct Found {
        int index;
        double score;
    };
    const bool is_empty = query.find_first_not_of(' ') == std::string_view::npos;
    std::vector<Found> found;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const PaletteEntry& entry = entries[i];
        const auto used = std::find(recent.begin(), recent.end(), entry.title);
        const auto age = static_cast<double>(used - recent.begin());
        const double habit = used == recent.end() ? 0 : kRecentWeight / (1 + age);
        if (is_empty) {
            if (used == recent.end() && !entry.is_listed) continue;
            found.push_back({static_cast<int>(i), habit});
            continue;
        }
        const std::optional<double> score =
            score_match(query, entry.title, entry.words + " " + entry.detail);
        if (score) found.push_back({static_cast<int>(i), *score + entry.weight + habit});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Found& a, const Found& b) { return a.score > b.score; });
    std::vector<int> indices;
    for (const Found& entry : found) {
        if (indices.size() < most) indices.push_back(entry.index);
    }
    return indices;
}

}  // namespace heed::app
