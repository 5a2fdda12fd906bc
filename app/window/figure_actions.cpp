// The actions of pictures and their numbers.
#include "app/window/program.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

constexpr std::string_view kIdExpected = "a figure's name at most";

// The figure that the last argument names, after `before` others; "" where it is left out.
std::string figure_id(std::string_view action, ActionArguments arguments, std::size_t before) {
    if (arguments.size() > before + 1) {
        throw Error("do", action, kIdExpected, std::to_string(arguments.size()) + " words");
    }
    return arguments.size() > before ? arguments[before] : "";
}

}  // namespace

std::vector<MenuEntry> list_figure_entries(const std::string& id, bool has_numbers) {
    const auto entry = [&](const char* action, const char* label) {
        MenuEntry made;
        made.id = action;
        made.label = label;
        made.action = action;
        made.arguments = {id};
        return made;
    };
    std::vector<MenuEntry> entries{entry("copy-figure", "Copy picture"),
                                   entry("save-figure-as", "Save picture\u2026")};
    if (!has_numbers) return entries;
    entries.push_back(entry("copy-numbers", "Copy numbers"));
    entries.back().begins_group = true;
    entries.push_back(entry("save-numbers-as", "Save numbers\u2026"));
    return entries;
}

void Program::add_figure_actions() {
    const auto has_trace = [this] { return document_.trace() != nullptr; };
    const auto add_save = [&](const char* name, const char* title, const char* words,
                              bool wants_numbers) {
        actions_.add({name,
                      title,
                      words,
                      {},
                      has_trace,
                      {},
                      [this, name, wants_numbers](ActionArguments arguments) {
                          if (arguments.empty()) {
                              throw Error("do", name, "a file's name", "nothing");
                          }
                          const FigureFormat format = require_figure_format(arguments[0]);
                          if (is_table(format) != wants_numbers) {
                              throw Error("do", name,
                                          wants_numbers ? "a name that ends in .csv or .npy"
                                                        : "a name that ends in .svg, .png or .pdf",
                                          in_quotes(arguments[0]));
                          }
                          const std::string id = figure_id(name, arguments, 1);
                          document_.show_note(figures_.save(arguments[0], id));
                      }});
    };
    add_save("save-figure", "Save a picture", "FILE [FIGURE]", false);
    add_save("save-numbers", "Save a picture's numbers", "FILE [FIGURE]", true);
    const auto add_question = [&](const char* name, const char* title, std::vector<KeyChord> chords,
                                  FigureFormat format) {
        actions_.add({name,
                      title,
                      "[FIGURE]",
                      std::move(chords),
                      has_trace,
                      {},
                      [this, name, format](ActionArguments arguments) {
                          const std::string id = figure_id(name, arguments, 0);
                          ask_for_path(
                              shell_.save, id,
                              FigureDesk::suggest_folder() / figures_.suggest_name(id, format));
                      }});
    };
    add_question("save-figure-as", "Save the picture\u2026", {{true, true, false, 'S'}},
                 FigureFormat::kSvg);
    add_question("save-numbers-as", "Save the picture's numbers\u2026", {}, FigureFormat::kCsv);
    add_copy_actions();
}

void Program::add_copy_actions() {
    const auto has_trace = [this] { return document_.trace() != nullptr; };
    const KeyChord ctrl_shift_c{true, true, false, 'C'};
    actions_.add({"copy-figure",
                  "Copy the picture",
                  "[FIGURE]",
                  {ctrl_shift_c},
                  has_trace,
                  {},
                  [this](ActionArguments arguments) {
                      const std::string id = figure_id("copy-figure", arguments, 0);
                      document_.show_note(figures_.copy_picture(id));
                  }});
    actions_.add({"copy-numbers",
                  "Copy the picture's numbers",
                  "[FIGURE]",
                  {},
                  has_trace,
                  {},
                  [this](ActionArguments arguments) {
                      const std::string id = figure_id("copy-numbers", arguments, 0);
                      document_.show_note(figures_.copy_numbers(id));
                  }});
}

}  // namespace heed::app
