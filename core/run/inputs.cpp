#include "core/run/inputs.h"

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/graph/graph.h"

namespace heed {
namespace {

std::size_t at(int id) {
    return static_cast<std::size_t>(id);
}

}  // namespace

void check_inputs(const Graph& graph, const RunInputs& inputs) {
    HEED_CHECK_EQ(inputs.ids.size(), graph.inputs().size());
    for (std::size_t i = 0; i < inputs.ids.size(); ++i) {
        const GraphInput& input = graph.inputs()[i];
        const std::vector<int>& ids = inputs.ids[i];
        if (input.takes_numbers()) {
            HEED_CHECK_LT(i, inputs.numbers.size());
            HEED_CHECK_EQ(inputs.numbers.at(i).size(), input.numbers.count());
            continue;
        }
        HEED_CHECK_EQ(ids.size(), at(graph.sequences()[at(input.sequence)].length));
        for (std::size_t t = 0; t < ids.size(); ++t) {
            if (ids[t] >= 0 && ids[t] < input.limit) continue;
            throw Error(inputs.model, fmt::format("{}[{}]", input.name, t),
                        fmt::format("an id from 0 to {}", input.limit - 1), std::to_string(ids[t]));
        }
    }
}

}  // namespace heed
