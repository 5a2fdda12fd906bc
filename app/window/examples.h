// Sentences to begin with, some of them with another to compare; read from assets/examples.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heed::app {

struct Example {
    std::string text;
    std::optional<std::string> other;  // to compare with
};

// {"examples": [{"text", "other"?}, ...]}. Throws Error.
std::vector<Example> parse_examples(std::string_view json, std::string_view where);
// Of the assets folder. Throws Error.
std::vector<Example> load_examples();

}  // namespace heed::app
