// What to begin with: sentences, some with another to compare, a decoder's text, or pictures; from
// assets/examples.json, or examples.json beside a model.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heed::app {

struct Example {
    std::string text;                   // empty where it is a picture
    std::optional<std::string> other;   // to compare with
    std::optional<std::string> pair;    // read together with the text
    std::optional<std::string> target;  // what the decoder has written
    std::optional<std::string> image;   // path of a picture
    std::string note;                   // what there is to see; may be empty

    // "Money Bank Grows / Bank River Flows"
    std::string title() const;
};

// {"examples": [{"text" or "image", "other"?, "pair"?, "target"?, "note"?}, ...]}; pictures lie in
// `folder`. Throws Error.
std::vector<Example> parse_examples(std::string_view json, std::string_view where,
                                    const std::filesystem::path& folder);
// Of the assets folder. Throws Error.
std::vector<Example> load_examples();
// Of the folder of a model; empty where it has none. Throws Error.
std::vector<Example> load_model_examples(const std::filesystem::path& model);

}  // namespace heed::app
