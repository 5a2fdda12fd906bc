// A model folder in Hugging Face form (config.json, weights, tokenizer files), and a GGUF file,
// which holds all three.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/model/model.h"

namespace heed {

enum class TokenizerUse { kLoad, kLeaveOut };

// Opens the folder. One that has a config and no weights gives a model of shapes. Throws Error.
std::shared_ptr<const Model> open_model_folder(const std::filesystem::path& folder,
                                               TokenizerUse use = TokenizerUse::kLoad);

// Opens a GGUF file: the same families through the config that its metadata says. Throws Error.
std::shared_ptr<const Model> open_gguf_model(const std::filesystem::path& file,
                                             TokenizerUse use = TokenizerUse::kLoad);
// The GGUF files of a folder, by name; none where it cannot be read.
std::vector<std::filesystem::path> list_gguf_files(const std::filesystem::path& folder);
// Whether a file is called as weights are, of whatever format.
bool is_weight_file(const std::filesystem::path& file);
// Its name without ".gguf".
std::string gguf_model_name(const std::filesystem::path& file);

// What people call the model in `folder`: the folder's name, or "org/name" in the Hugging Face
// cache.
std::string folder_model_name(const std::filesystem::path& folder);

}  // namespace heed
