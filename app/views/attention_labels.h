// What the controls of the attention view say; pure.
#pragma once

#include <array>
#include <span>
#include <string>

#include "app/views/attention.h"

namespace heed::app {

// Of the buttons; the others have lists.
const char* control_label(AttentionControl control);
std::span<const std::string> scale_labels();
std::span<const std::string> choice_labels();
std::span<const std::string> kind_labels();

}  // namespace heed::app
