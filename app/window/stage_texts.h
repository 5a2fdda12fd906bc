// One sentence for each stage, in words that a pupil knows; read from assets/help/stages.json.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace heed::app {

class StageTexts {
  public:
    StageTexts() = default;
    // A JSON object of strings, stage name -> sentence. Throws Error.
    StageTexts(std::string_view json, std::string_view where);
    // Reads the file of the assets folder. Throws Error.
    static StageTexts load();

    // The sentence with {query} and {key} replaced; "" for a stage that has none.
    std::string sentence(std::string_view stage, std::string_view query,
                         std::string_view key) const;

  private:
    std::map<std::string, std::string, std::less<>> sentences_;
};

}  // namespace heed::app
