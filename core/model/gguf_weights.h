// The tensors of a GGUF file under the names, in the layout and with the values that a Hugging Face
// folder of the same model has them, so that one family reads both.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/format/gguf.h"
#include "core/model/gguf_names.h"
#include "core/model/weight_files.h"

namespace heed {

class GgufWeights : public WeightFiles {
  public:
    // Throws Error for an architecture that heed does not read and for tensors whose rows do not
    // fall into heads.
    explicit GgufWeights(std::shared_ptr<const GgufFile> file);
    const std::string& path() const override { return file_->path(); }
    const WeightEntry* find(std::string_view name) const override;

  private:
    void add(const GgufName& name, int layer, const GgufArchitecture& architecture);
    void add_tensor(const GgufEntry& entry, std::string name, const GgufName& row, GgufTurn turn);

    std::shared_ptr<const GgufFile> file_;
    int heads_ = 1;
    int key_heads_ = 1;
    std::unordered_map<std::string, WeightEntry> entries_;
};

// Set apart what Llama's converter interleaves: of each head's rows, 2 i becomes i and 2 i + 1
// becomes i + half. `columns` numbers a row; rows must be a multiple of 2 heads (Bug).
void set_rows_apart(std::span<const float> from, int heads, std::size_t columns,
                    std::span<float> to);

}  // namespace heed
