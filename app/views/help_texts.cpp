#include "app/views/help_texts.h"

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

void read_help(HelpState& state, std::string_view file) {
    state.is_read = true;
    const std::filesystem::path path = assets_folder() / "help" / (std::string(file) + ".json");
    try {
        const Json root = parse_json(read_text_file(path, kMostBytes), path.string());
        for (const auto& [name, sentence] : root.object) {
            if (sentence.is_string()) state.sentences.emplace(name, sentence.string);
        }
    } catch (const Error&) {
        state.sentences.clear();  // a picture without its sentence is better than no picture
    }
}

}  // namespace

std::string help_text(HelpState& state, std::string_view file, std::string_view name,
                      HelpWords words) {
    if (!state.is_read) read_help(state, file);
    const auto found = state.sentences.find(name);
    if (found == state.sentences.end()) return "";
    std::string text;
    std::string_view rest = found->second;
    while (!rest.empty()) {
        const std::size_t open = rest.find('{');
        const std::size_t close = open == std::string_view::npos ? open : rest.find('}', open);
        text += rest.substr(0, open);
        if (close == std::string_view::npos) break;
        const std::string_view word = rest.substr(open + 1, close - open - 1);
        for (const auto& [known, value] : words) {
            if (known == word) text += value;
        }
        rest.remove_prefix(close + 1);
    }
    return text;
}

std::vector<std::string> break_lines(const UiContext& ui, Type type, std::string_view text,
                                     float width) {
    std::vector<std::string> lines;
    std::string line;
    while (!text.empty()) {
        const std::size_t blank = std::min(text.find(' '), text.size());
        const std::string word(text.substr(0, blank));
        const std::string longer = line.empty() ? word : line + " " + word;
        if (!line.empty() && measure_text(ui, type, longer) > width) {
            lines.push_back(std::move(line));
            line = word;
        } else {
            line = longer;
        }
        text.remove_prefix(std::min(text.size(), blank + 1));
    }
    if (!line.empty()) lines.push_back(std::move(line));
    return lines;
}

}  // namespace heed::app
