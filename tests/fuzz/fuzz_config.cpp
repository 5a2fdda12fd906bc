// A config that was taken builds a graph whose sizes are those it says.
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/model/registry.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const heed::ModelConfig config = heed::parse_config(text, "config.json");
        heed::WeightSource shapes;
        const auto network = heed::open_network(config, shapes);
        const heed::ModelSummary sizes = network->sizes();
        const auto graph = network->build_graph({1, 1, 1});
        if (graph->layers() < sizes.layers) std::abort();
        if (static_cast<int>(graph->attentions().size()) < graph->layers()) std::abort();
        if (sizes.layers > 0 && (sizes.heads < 1 || sizes.d_head < 1)) std::abort();
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
