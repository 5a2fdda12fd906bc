// Tensors of files, whatever the format: what a WeightSource asks for names. Safetensors folders
// here; GGUF files in gguf_weights.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/format/safetensors_index.h"
#include "core/graph/weights.h"

namespace heed {

struct WeightEntry {
    std::string file;    // where it lies, for messages
    std::string name;    // as messages and explanations call it
    std::string type;    // "F16"
    std::string wanted;  // types that could be read, where this one cannot; else empty
    std::vector<std::int64_t> extents;  // each >= 0
    std::span<const std::byte> bytes;   // as they lie in the file: tells equal tensors from others
    std::function<WeightValues()> fetch;
    std::function<StoredWeights()> fetch_stored;  // null where only `fetch` can be used
};

class WeightFiles {
  public:
    virtual ~WeightFiles() = default;
    virtual const std::string& path() const = 0;  // for messages
    // The tensor of that name, or nullptr.
    virtual const WeightEntry* find(std::string_view name) const = 0;
};

// All tensors of a folder. A norm's gamma and beta of older files are found as weight and bias.
class SafetensorsWeights : public WeightFiles {
  public:
    explicit SafetensorsWeights(std::shared_ptr<const SafetensorsFolder> folder);
    const std::string& path() const override { return folder_->path(); }
    const WeightEntry* find(std::string_view name) const override;

  private:
    std::shared_ptr<const SafetensorsFolder> folder_;
    std::unordered_map<std::string_view, WeightEntry> entries_;
};

}  // namespace heed
