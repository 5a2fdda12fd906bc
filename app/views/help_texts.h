// Sentences of assets/help, by file and name: what a view tells in words a pupil knows.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/ui/draw.h"
#include "app/views/state/help_state.h"

namespace heed::app {

using HelpWords = std::initializer_list<std::pair<std::string_view, std::string>>;

// The sentence `name` of assets/help/<file>.json, an object of strings, with each {word} replaced;
// "" where there is none or no such file. The file is read once, into `state`.
std::string help_text(HelpState& state, std::string_view file, std::string_view name,
                      HelpWords words = {});

// `text` cut at blanks into lines of at most `width` pixels.
std::vector<std::string> break_lines(const UiContext& ui, Type type, std::string_view text,
                                     float width);

}  // namespace heed::app
