// Which model the start screen opens.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/model/model.h"

namespace heed::app {

// The shipped models that show most in the first sentence, the best first: words has heads for the
// token before and the token after, one in which "he" looks at "bark" (2.4), and sees both sides of
// every word.
constexpr std::array<std::string_view, 2> kStartModels{"words", "stories"};

// The place of the first of kStartModels that can be opened, else of the first model that can;
// nullopt where none can.
std::optional<std::size_t> choose_start_model(const std::vector<FoundModel>& models);

}  // namespace heed::app
