// Every action of the program: what keys, buttons and scenario steps can do.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/ui/options.h"
#include "app/views/attention_data.h"
#include "app/views/axes.h"
#include "app/views/stage_list.h"
#include "app/window/program.h"
#include "app/window/view_table.h"
#include "core/base/error.h"
#include "core/run/explain.h"

namespace heed::app {

namespace {

constexpr float kScaleStep = 1.1F;
constexpr std::string_view kThemes = "system, light, dark or projector";
constexpr std::string_view kPalettes = "indigo, viridis, grey or amber";

KeyChord ctrl(int key) {
    return {true, false, false, key};
}
KeyChord plain(int key) {
    return {false, false, false, key};
}
KeyChord alt(int key) {
    return {false, false, true, key};
}

const std::string& one_argument(std::string_view action, ActionArguments arguments,
                                std::string_view expected) {
    if (arguments.size() != 1) {
        throw Error("do", action, expected, arguments.empty() ? "nothing" : "several words");
    }
    return arguments.front();
}

int extent_of(const Graph& graph, int sequence) {
    return graph.sequences()[static_cast<std::size_t>(sequence)].length;
}

bool has_any_attention(const Document& document) {
    return document.trace() != nullptr && !list_site_words(document.trace()->graph()).empty();
}

// Of the chosen attention's layers.
int last_layer(const Document& document) {
    return list_attention_layers(document.trace()->graph(), document.selection().site).back();
}

void add_site_actions(Actions& actions, const Document& document,
                      std::function<void(const std::string&)> select,
                      std::function<void()> select_next) {
    const auto has_several = [&document] {
        return document.trace() != nullptr && list_site_words(document.trace()->graph()).size() > 1;
    };
    actions.add({"site",
                 "Choose an attention: encoder, decoder, cross",
                 "WORD",
                 {},
                 [&document] { return has_any_attention(document); },
                 {},
                 [select = std::move(select)](ActionArguments arguments) {
                     select(one_argument("site", arguments, "one word"));
                 }});
    actions.add({"next-site",
                 "Next attention: encoder, decoder, cross",
                 "",
                 {plain(kKeyA)},
                 has_several,
                 {},
                 [next = std::move(select_next)](ActionArguments) { next(); }});
}

}  // namespace

void Program::add_program_actions() {
    actions_.add({"quit", "Quit", "", {ctrl('Q')}, {}, {}, [this](ActionArguments) {
                      wants_to_quit_ = true;
                  }});
    actions_.add(
        {"switch-theme", "Light or dark", "", {ctrl('L')}, {}, {}, [this](ActionArguments) {
             set_theme(theme_.is_dark() ? ThemeKind::kLight : ThemeKind::kDark);
         }});
    actions_.add({"theme",
                  "Theme",
                  "system|light|dark|projector",
                  {},
                  {},
                  {},
                  [this](ActionArguments arguments) {
                      const std::string& name = one_argument("theme", arguments, kThemes);
                      const auto at = std::find(kThemeWords.begin(), kThemeWords.end(), name);
                      if (at == kThemeWords.end()) {
                          throw Error("do", "theme", kThemes, in_quotes(name));
                      }
                      look_.theme = static_cast<ThemeChoice>(at - kThemeWords.begin());
                  }});
    actions_.add({"palette",
                  "Colours of values",
                  "indigo|viridis|grey|amber",
                  {},
                  {},
                  {},
                  [this](ActionArguments arguments) {
                      const std::string& name = one_argument("palette", arguments, kPalettes);
                      const auto at = std::find(kPaletteWords.begin(), kPaletteWords.end(), name);
                      if (at == kPaletteWords.end()) {
                          throw Error("do", "palette", kPalettes, in_quotes(name));
                      }
                      look_.palette = static_cast<PaletteKind>(at - kPaletteWords.begin());
                  }});
    actions_.add(
        {"backend", "Compute with", "auto|cpu|gl", {}, {}, {}, [this](ActionArguments arguments) {
             constexpr const char* kExpected = "auto, cpu or gl";
             const std::string& name = one_argument("backend", arguments, kExpected);
             const auto choice = find_choice(name);
             if (!choice) throw Error("do", "backend", kExpected, in_quotes(name));
             compute_.backend = *choice;
         }});
    actions_.add({"larger", "Larger text", "", {ctrl(kKeyPlus)}, {}, {}, [this](ActionArguments) {
                      look_.scale = std::min(kLargestScale, look_.scale * kScaleStep);
                  }});
    actions_.add(
        {"smaller", "Smaller text", "", {ctrl(kKeyMinus)}, {}, {}, [this](ActionArguments) {
             look_.scale = std::max(kSmallestScale, look_.scale / kScaleStep);
         }});
    actions_.add({"reset-scale",
                  "Text at its first size",
                  "",
                  {ctrl(kKey0)},
                  {},
                  {},
                  [this](ActionArguments) { look_.scale = 1; }});
    add_view_actions();
}

void Program::show_in_centre(std::string_view view) {
    shell_.panels.views[0] = view;
    // Where another panel has the whole room, the middle would be shown to nobody.
    std::optional<Slot>& alone = shell_.panels.arrangement.maximised;
    if (alone) alone = Slot::kCentre;
}

void Program::add_view_actions() {
    actions_.add({"view",
                  "Show a view in the middle",
                  "attention|heads|stages|neuron|vectors|predict|inspector",
                  {},
                  {},
                  {},
                  [this](ActionArguments arguments) {
                      const std::string& name =
                          one_argument("view", arguments, "the name of a view");
                      if (find_view(name) < 0) {
                          throw Error("do", "view", "the name of a view", in_quotes(name));
                      }
                      show_in_centre(name);
                  }});
    for (std::size_t i = 0; i < kViewNames.size(); ++i) {
        const std::string name(kViewNames[i]);
        actions_.add({"view-" + name,
                      "Show " + name,
                      "",
                      {ctrl(kKey0 + 1 + static_cast<int>(i))},
                      {},
                      {},
                      [this, name](ActionArguments) { show_in_centre(name); }});
    }
    actions_.add({"set",
                  "Set an option of a view",
                  "OPTION VALUE",
                  {},
                  {},
                  {},
                  [this](ActionArguments arguments) {
                      if (arguments.size() != 2) {
                          throw Error("do", "set", "an option and its value",
                                      std::to_string(arguments.size()) + " words");
                      }
                      set_option(option_visit(), arguments[0], arguments[1]);
                  }});
}

void Program::add_opening_actions() {
    actions_.add(
        {"open", "Open a model or a file", "MODEL", {}, {}, {}, [this](ActionArguments arguments) {
             open_path(one_argument("open", arguments, "a model"));
         }});
    actions_.add({"open-file",
                  "Open\u2026",
                  "[FOLDER]",
                  {ctrl('O')},
                  {},
                  {},
                  [this](ActionArguments arguments) {
                      if (arguments.size() > 1) {
                          throw Error("do", "open-file", "at most one folder", "several");
                      }
                      if (arguments.empty() && is_popup_open(controls_, "files")) {
                          return close_all_popups(controls_);
                      }
                      if (!arguments.empty()) set_last_place(arguments.front());
                      shell_.files.is_wanted = true;
                  }});
}

void Program::add_document_actions() {
    actions_.add(
        {"text", "Set the sentence", "TEXT", {}, {}, {}, [this](ActionArguments arguments) {
             document_.set_text(one_argument("text", arguments, "one text"));
         }});
    actions_.add(
        {"pair", "Set the second sentence", "TEXT", {}, {}, {}, [this](ActionArguments arguments) {
             document_.set_pair(one_argument("pair", arguments, "one text"));
         }});
    actions_.add({"other",
                  "Set a sentence to compare with",
                  "TEXT",
                  {},
                  {},
                  {},
                  [this](ActionArguments arguments) {
                      document_.set_other(one_argument("other", arguments, "one text"));
                  }});
    actions_.add({"no-other",
                  "Remove the sentence to compare with",
                  "",
                  {},
                  [this] { return document_.other().has_value(); },
                  {},
                  [this](ActionArguments) { document_.set_other(std::nullopt); }});
    actions_.add({"no-pair", "Remove the second sentence", "", {}, {}, {}, [this](ActionArguments) {
                      document_.set_pair(std::nullopt);
                  }});
    actions_.add(
        {"edit-text", "Write in the sentence", "", {ctrl('T')}, {}, {}, [this](ActionArguments) {
             shell_.sentence.takes_keys = true;
         }});
    actions_.add({"back",
                  "Back to the number before",
                  "",
                  {alt(kKeyLeft)},
                  [this] { return document_.can_go_back(); },
                  {},
                  [this](ActionArguments) { document_.go_back(); }});
}

void Program::add_picture_actions() {
    actions_.add({"image", "Open a picture", "FILE", {}, {}, {}, [this](ActionArguments arguments) {
                      const std::string& file = one_argument("image", arguments, "a file");
                      document_.set_image(std::filesystem::absolute(file).string());
                  }});
    actions_.add(
        {"sketch", "Draw a picture", "STROKES", {}, {}, {}, [this](ActionArguments arguments) {
             document_.set_sketch(one_argument("sketch", arguments, "strokes"));
         }});
    actions_.add({"no-image",
                  "Back to the sentence",
                  "",
                  {},
                  [this] { return document_.inputs().image || document_.inputs().sketch; },
                  {},
                  [this](ActionArguments) { document_.clear_picture(); }});
}

// The same place of the pass where the stages are walked, else the pattern.
void Program::select_kept(Selection wanted) {
    const Graph& graph = document_.trace()->graph();
    if (shell_.panels.centre() == "stages") {
        document_.select(keep_stage(graph, document_.selection(), std::move(wanted)));
    } else {
        document_.select(ask_pattern(graph, clamp_selection(graph, std::move(wanted))));
    }
}

void Program::select_layer(int layer) {
    Selection wanted = document_.selection();
    wanted.layer = layer;
    select_kept(std::move(wanted));
}

void Program::select_site(const std::string& word) {
    const Graph& graph = document_.trace()->graph();
    const std::vector<std::string> words = list_site_words(graph);
    if (std::find(words.begin(), words.end(), word) == words.end()) {
        std::string all;
        for (const std::string& known : words) all += (all.empty() ? "" : ", ") + known;
        throw Error("do", "site", "one of " + all, in_quotes(word));
    }
    select_kept(choose_site(graph, document_.selection(), word));
}

void Program::select_next_site() {
    const std::vector<std::string> words = list_site_words(document_.trace()->graph());
    const auto at = std::find(words.begin(), words.end(), document_.selection().site);
    select_site(at == words.end() || at + 1 == words.end() ? words.front() : *(at + 1));
}

void Program::move(int Selection::*position, int by) {
    Selection wanted = document_.selection();
    wanted.*position += by;
    select_kept(std::move(wanted));
}

// Words that the attention view does not show are stepped over.
int Program::find_step(int Selection::*position, int by) const {
    const AttentionViewState& state = document_.views.attention;
    const int now = document_.selection().*position;
    if (shell_.panels.centre() != "attention") return by;
    if (position == &Selection::query) return step_shown_query(state, now, by) - now;
    return position == &Selection::key ? step_shown_key(state, now, by) - now : by;
}

void Program::add_selection_actions() {
    const auto has_attention = [this] { return has_any_attention(document_); };
    const auto reads_attention = [this] { return shell_.panels.centre() == "attention"; };
    const auto site = [this] {
        return find_site(document_.trace()->graph(), document_.selection());
    };
    actions_.add(
        {"layer", "Choose a layer", "LAYER", {}, has_attention, {}, [this](ActionArguments words) {
             select_layer(parse_action_number("layer", words, 0, 0, last_layer(document_)));
         }});
    add_site_actions(
        actions_, document_, [this](const std::string& word) { select_site(word); },
        [this] { select_next_site(); });
    const auto add_choice = [&](const char* name, const char* title, const char* word,
                                int Selection::*position, std::function<int()> count) {
        actions_.add({name,
                      title,
                      word,
                      {},
                      has_attention,
                      {},
                      [this, name, position, count](ActionArguments arguments) {
                          const int wanted =
                              parse_action_number(name, arguments, 0, 0, count() - 1);
                          move(position, wanted - document_.selection().*position);
                      }});
    };
    add_choice("head", "Choose a head", "HEAD", &Selection::head, [site] { return site()->heads; });
    add_choice("query", "Choose the word that looks", "POSITION", &Selection::query, [this, site] {
        return extent_of(document_.trace()->graph(), site()->query_sequence);
    });
    add_choice(
        "key", "Choose the word that is looked at", "POSITION", &Selection::key,
        [this, site] { return extent_of(document_.trace()->graph(), site()->key_sequence); });
    const auto add_step = [&](const char* name, const char* title, KeyChord chord,
                              int Selection::*position, int by, std::function<bool()> applies) {
        actions_.add(
            {name,
             title,
             "",
             {chord},
             has_attention,
             std::move(applies),
             [this, position, by](ActionArguments) { move(position, find_step(position, by)); }});
    };
    add_step("previous-layer", "Layer before", plain(kKeyPageUp), &Selection::layer, -1, {});
    add_step("next-layer", "Layer after", plain(kKeyPageDown), &Selection::layer, 1, {});
    add_step("previous-head", "Head before", plain(kKeyLeftBracket), &Selection::head, -1, {});
    add_step("next-head", "Head after", plain(kKeyRightBracket), &Selection::head, 1, {});
    add_step("previous-query", "Word above", plain(kKeyUp), &Selection::query, -1, {});
    add_step("next-query", "Word below", plain(kKeyDown), &Selection::query, 1, {});
    add_step("previous-key", "Word to the left", plain(kKeyLeft), &Selection::key, -1,
             reads_attention);
    add_step("next-key", "Word to the right", plain(kKeyRight), &Selection::key, 1,
             reads_attention);
}

void Program::add_unlock_action() {
    const auto is_locked = [this] {
        return document_.views.attention.lock != AttentionLock::kNone;
    };
    const auto applies = [this, is_locked] {
        return shell_.panels.centre() == "attention" && is_locked();
    };
    actions_.add(
        {"unlock",
         "Unmark the chosen cell",
         "",
         {plain(kKeyEscape)},
         is_locked,
         applies,
         [this](ActionArguments) { document_.views.attention.lock = AttentionLock::kNone; }});
}

}  // namespace heed::app
