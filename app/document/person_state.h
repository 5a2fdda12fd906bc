// All that a person chooses, as values: what undo brings back and what is kept between two starts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/document/selection.h"
#include "app/ui/options.h"

namespace heed::app {

constexpr const char* kDefaultText = "Bark is very cute and he is a dog";

// What a trace is made of.
struct DocumentInputs {
    std::string model;  // name or path; empty before the first
    std::string text = kDefaultText;
    std::optional<std::string> pair;
    std::optional<std::string> other;   // a sentence to compare with
    std::optional<std::string> image;   // path of a picture, for models that take one
    std::optional<std::string> sketch;  // a drawing in its place, as write_sketch writes it
    // What an encoder-decoder's decoder has written so far; nothing: only what it begins with.
    std::optional<std::string> target;
    // The segment before, of a model that remembers one.
    std::optional<std::string> memory;
    // Used instead of text and target where they are not empty: what no text gives again. The texts
    // beside them are what they read like.
    std::vector<int> ids;
    std::vector<int> target_ids;

    bool operator==(const DocumentInputs&) const = default;
};

struct PersonState {
    DocumentInputs inputs;
    Selection selection;               // as it was chosen; may be wider than the shown trace
    std::vector<OptionValue> options;  // of views, panels and look

    bool operator==(const PersonState&) const = default;
};

// What tells the two apart, in a few words for a menu: "Sentence", "Head", the title of an option
// (looked up in `titles`). "" where they are equal.
std::string name_change(const PersonState& before, const PersonState& after,
                        const std::vector<OptionEntry>& titles);

}  // namespace heed::app
