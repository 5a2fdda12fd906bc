// The weights of one model folder: model.safetensors, or the shards that
// model.safetensors.index.json lists. It knows no model.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/format/safetensors.h"

namespace heed {

// What an index says: which file of the folder holds which tensor.
struct SafetensorsIndex {
    std::vector<std::pair<std::string, std::string>> weight_map;  // tensor, shard; as in the file
    std::vector<std::string> shards;                              // each once
};

// Reads the text of an index; `where` (a path) begins every message. Shards must be plain names of
// files beside the index. Throws Error.
SafetensorsIndex parse_safetensors_index(std::string_view text, std::string_view where);

// All tensors of a folder, whatever file they lie in.
class SafetensorsFolder {
  public:
    // Maps and validates every file. model.safetensors wins over an index. Throws Error, which says
    // what lies there instead where it is another kind of weights.
    explicit SafetensorsFolder(const std::filesystem::path& folder);

    // Path of the file or the index, for messages.
    const std::string& path() const { return path_; }
    // With an index: the tensors that it names; others in the shards are left out.
    const std::vector<const SafetensorsEntry*>& entries() const { return entries_; }
    // The tensor of that name, or nullptr.
    const SafetensorsEntry* find(std::string_view name) const;
    // Metadata of the first file.
    const SafetensorsMetadata& metadata() const { return files_.front()->metadata(); }

  private:
    void open_single(const std::filesystem::path& file);
    void open_shards(const std::filesystem::path& index);

    std::string path_;
    std::vector<std::unique_ptr<SafetensorsFile>> files_;
    std::vector<const SafetensorsEntry*> entries_;
    std::unordered_map<std::string_view, const SafetensorsEntry*> by_name_;
};

}  // namespace heed
