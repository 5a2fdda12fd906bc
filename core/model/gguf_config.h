// The metadata of a GGUF file as the config.json that the same model has in a Hugging Face folder.
#pragma once

#include "core/format/gguf.h"
#include "core/model/config.h"
#include "core/model/gguf_names.h"

namespace heed {

// The row of the file's general.architecture. Throws Error for one that heed does not read.
const GgufArchitecture& gguf_architecture(const GgufFile& file);

// What the tensors' layout hangs on.
struct GgufSizes {
    int layers = 0;
    int heads = 1;
    int key_heads = 1;
};
GgufSizes read_gguf_sizes(const GgufFile& file);

// Throws Error, naming the key, for what is not there, out of bounds or not supported (experts,
// layers of different widths, scalings of the rotary that no config can say).
ModelConfig make_gguf_config(const GgufFile& file);

}  // namespace heed
