// What the predict view remembers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/ui/option_visitor.h"
#include "app/ui/text_field.h"
#include "core/analysis/logit_lens.h"

namespace heed::app {

enum class PredictMode { kList, kLens };

// What a person sets in it.
struct PredictOptions {
    static constexpr std::array<std::string_view, 2> kModes{"list", "lens"};

    PredictMode mode = PredictMode::kList;

    void visit(OptionVisitor& v) {
        visit_choice(v, "mode", "Predict: what is shown", mode, kModes);
    }
    bool operator==(const PredictOptions&) const = default;
};

struct PredictViewState {
    PredictOptions options;
    TextFieldState search;   // of words in the vocabulary
    bool was_drawn = false;  // since the frame began: the search can have the keys

    // What the shown trace's graph predicts, found once.
    std::uint64_t trace_number = 0;
    std::vector<Predictor> predictors;
    std::optional<LensPlan> lens;
};

}  // namespace heed::app
