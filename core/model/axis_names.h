// The words and labels of a model's outputs, looked up in its tokenizer and config when somebody
// reads them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/run/inputs.h"
#include "core/tokenizer/tokenizer.h"

namespace heed {

// `tokenizer` (for axes V) may be null; `labels` (for axes P) may be empty or too few.
std::shared_ptr<const AxisNames> make_axis_names(std::shared_ptr<const Tokenizer> tokenizer,
                                                 std::vector<std::string> labels);

}  // namespace heed
