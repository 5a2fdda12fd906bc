// A worksheet that was taken opens as a model with a graph and inputs that belong together.
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/model/worksheet.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

// Matrices drawn from a seed may be large; what is looked for does not depend on their size.
bool is_small(const heed::Worksheet& sheet) {
    return sheet.vectors.values.size() < 4096 && sheet.heads <= 64;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const heed::Worksheet sheet = heed::parse_worksheet(text, "sheet.json");
        if (sheet.tokens.empty()) std::abort();
        if (!is_small(sheet)) return 0;
        const auto model = heed::make_worksheet_model(sheet, "sheet.json");
        const heed::PreparedInput prepared = model->prepare({});
        if (prepared.inputs.ids.size() != prepared.graph->inputs().size()) std::abort();
        if (prepared.inputs.labels.size() != prepared.graph->sequences().size()) std::abort();
        if (!prepared.graph->find("final")) std::abort();
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
