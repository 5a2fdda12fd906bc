#include "app/views/stage_texts.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

std::string read_text(const std::filesystem::path& path) {
    const std::ifstream file(path);
    if (!file) throw Error(path.string(), "", "a file that can be read", "none");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

const Json& expect_object(const Json& json, std::string_view where, std::string_view field) {
    if (!json.is_object()) throw Error(where, field, "an object", json.describe());
    return json;
}

}  // namespace

StageTexts::StageTexts(std::string_view texts, std::string_view code, std::string_view where) {
    const std::string texts_place = std::string(where) + "/stages.json";
    const Json root = parse_json(texts, texts_place);
    for (const auto& [help, fields] : expect_object(root, texts_place, "").object) {
        for (const auto& [field, text] : expect_object(fields, texts_place, help).object) {
            if (!text.is_string()) {
                throw Error(texts_place, help + "." + field, "a text", text.describe());
            }
            texts_[help][field] = text.string;
        }
    }
    const std::string code_place = std::string(where) + "/code.json";
    const Json code_root = parse_json(code, code_place);
    for (const auto& [help, versions] : expect_object(code_root, code_place, "").object) {
        for (const auto& [version, lines] : expect_object(versions, code_place, help).object) {
            if (!lines.is_array()) {
                throw Error(code_place, help + "." + version, "an array of lines",
                            lines.describe());
            }
            std::vector<std::string>& kept = code_[help + "/" + version];
            for (const Json& line : lines.array) {
                if (!line.is_string()) {
                    throw Error(code_place, help + "." + version, "lines", line.describe());
                }
                kept.push_back(line.string);
            }
        }
    }
}

StageTexts StageTexts::load() {
    const std::filesystem::path folder = assets_folder() / "help";
    return {read_text(folder / "stages.json"), read_text(folder / "code.json"), folder.string()};
}

std::string StageTexts::text(std::string_view help, std::string_view field,
                             const StageWords& words) const {
    const auto entry = texts_.find(help);
    if (entry != texts_.end()) {
        const auto text = entry->second.find(field);
        if (text != entry->second.end()) return fill_in(text->second, words);
    }
    const std::size_t slash = help.rfind('/');
    if (slash == std::string_view::npos) return "";
    return text(help.substr(0, slash), field, words);
}

std::vector<CodeLine> StageTexts::code(std::string_view help, std::string_view version,
                                       const StageWords& words) const {
    const std::size_t slash = help.rfind('/');
    auto at = code_.find(std::string(help) + "/" + std::string(version));
    if (at == code_.end() && slash != std::string_view::npos) {
        at = code_.find(std::string(help.substr(0, slash)) + "/" + std::string(version));
    }
    std::vector<CodeLine> lines;
    if (at == code_.end()) return lines;
    for (const std::string& line : at->second) {
        const bool is_current = line.rfind("> ", 0) == 0;
        lines.push_back({fill_in(is_current ? line.substr(2) : line, words), is_current});
    }
    return lines;
}

std::string fill_in(std::string_view text, const StageWords& words) {
    std::string filled;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
        if (end != std::string_view::npos) {
            const auto word = words.find(text.substr(at + 1, end - at - 1));
            if (word != words.end()) {
                filled += word->second;
                at = end + 1;
                continue;
            }
        }
        filled += text[at++];
    }
    return filled;
}

}  // namespace heed::app
