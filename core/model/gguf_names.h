// What GGUF calls the tensors of each architecture, what a Hugging Face folder calls them, and what
// the one does to the numbers of the other. Both are facts of llama.cpp's converter.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace heed {

// What has to be done to a tensor of the file to have that of the folder.
enum class GgufTurn {
    kNone,
    kQueryRows,   // Llama: rows of each head lie in pairs (i, i + K/2) and are set apart again
    kKeyRows,     // the same with the key heads
    kTransposed,  // GPT-2 saves [in, out]
    kMinusOne,    // Gemma's norms are stored as 1 + w
};

// ".weight" and ".bias" of a name. In names of blocks "#" stands for the layer.
struct GgufName {
    std::string_view in_file;    // "blk.#.attn_q"
    std::string_view in_folder;  // "model.layers.#.self_attn.q_proj"
    GgufTurn turn = GgufTurn::kNone;
    // Which part of the file's rows: `part` of `parts` equal ones.
    int part = 0;
    int parts = 1;
};

struct GgufArchitecture {
    std::string_view name;        // general.architecture
    std::string_view model_type;  // of config.json
    std::string_view class_name;  // of "architectures"
    std::span<const GgufName> names;
    bool are_rows_turned = false;  // kQueryRows and kKeyRows apply
};

// nullptr for one that heed does not read.
const GgufArchitecture* find_gguf_architecture(std::string_view name);
// "llama, qwen2, ...", for messages.
std::string gguf_architectures();

}  // namespace heed
