// Models that are written twice: as a Hugging Face folder and, by the rules of llama.cpp's
// converter, as a GGUF file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/core/model/tiny_model.h"
#include "tests/support/gguf_bytes.h"

namespace heed::test {

struct GgufCase {
    std::string architecture;  // general.architecture
    std::string config;        // config.json of the folder
    int heads = 2;
    int key_heads = 2;
    // From the folder's names to the file's, one after another, all that are found.
    std::vector<std::pair<std::string, std::string>> renames;
    bool turns_rows = false;       // Llama's q and k
    bool shifts_norms = false;     // Gemma
    bool transposes_maps = false;  // GPT-2
    int turned = 0;                // columns of a head that are turned, where it is said
};

// All architectures whose families heed has.
std::vector<GgufCase> list_gguf_cases();

// The metadata that the case's config says, and its tensors.
GgufWriter write_metadata(const GgufCase& c);
void write_tensors(const GgufCase& c, const TinyTensors& tensors, GgufWriter& writer);
std::string write_gguf(const GgufCase& c, const TinyTensors& tensors);

}  // namespace heed::test
