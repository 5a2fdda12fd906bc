// What is said of each stage, in words that a pupil knows, and its code: read from
// assets/help/stages.json and assets/help/code.json.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace heed::app {

// What stands for {name} in a text.
using StageWords = std::map<std::string, std::string, std::less<>>;

struct CodeLine {
    std::string text;
    bool is_current = false;  // where the work is done
};

class StageTexts {
  public:
    StageTexts() = default;
    // `texts`: an object of objects of strings, "scale" -> {"sentence": ..., "changed": ...};
    // `code`: "scale" -> {"loop": [lines], "matrix": [lines]}, a current line begins with "> ".
    // `where` names the folder. Throws Error.
    StageTexts(std::string_view texts, std::string_view code, std::string_view where);
    // Reads the files of the assets folder. Throws Error.
    static StageTexts load();

    // The text `field` of `help`, with its words filled in; "" where there is none. "mask/none"
    // falls back to "mask".
    std::string text(std::string_view help, std::string_view field, const StageWords& words) const;
    // "loop" or "matrix"; empty where the stage has no code.
    std::vector<CodeLine> code(std::string_view help, std::string_view version,
                               const StageWords& words) const;

  private:
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> texts_;
    std::map<std::string, std::vector<std::string>, std::less<>> code_;  // "scale/loop"
};

// `text` with every {name} that `words` has replaced.
std::string fill_in(std::string_view text, const StageWords& words);

}  // namespace heed::app
