// A model folder's config.json: checked fields with their class's defaults. It knows no family and
// no weights.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/json.h"
#include "core/graph/node.h"

namespace heed {

class ModelConfig {
  public:
    // `where` (a path) begins every message. Throws Error where this is no object.
    ModelConfig(Json json, std::string where);

    const JsonReader& reader() const { return reader_; }
    const std::string& where() const { return where_; }
    // The first of "architectures"; empty where there is none.
    std::string architecture() const;

    // A width or a count, 1 to 1,048,576, under the first of `keys` that is there. Fields have an
    // own name in some families and a common one that configs use as well.
    int size(std::initializer_list<std::string_view> keys, int fallback) const;
    // As size, for tables: 1 to 16,777,216 rows.
    int rows(std::initializer_list<std::string_view> keys, int fallback) const;
    int layers(std::initializer_list<std::string_view> keys, int fallback) const;  // 0 to 1,024
    // `d_model / heads`; Error naming `key` where that leaves a rest.
    int d_head(std::string_view key, int d_model, int heads) const;
    float epsilon(std::string_view key, double fallback) const;
    Activation activation(std::string_view key, std::string_view fallback) const;
    // The function called `name`; an Error names `key`, where the name was found.
    Activation activation_named(std::string_view key, std::string_view name) const;
    bool flag(std::string_view key, bool fallback) const { return reader_.get_bool(key, fallback); }
    // How many labels a classifier has where no weight says: num_labels, id2label, else 2.
    int labels() const;
    // id2label by number; a name that is not there is empty.
    std::vector<std::string> label_names() const;
    // Whether `labels` scores are a distribution: not a single number, and labels that exclude each
    // other.
    bool is_distribution(int labels) const;
    // The architecture, or `fallback` where there is none; Error where it is not among `known`.
    std::string architecture_among(const std::vector<std::string_view>& known,
                                   std::string_view fallback) const;

    // Error where the option `key` is on: `reason` says what heed does not do.
    void refuse_flag(std::string_view key, std::string_view reason) const;
    // The way in which the weights are packed ("gptq"); empty where they are plain numbers.
    std::string quantization() const;

  private:
    int bounded(std::initializer_list<std::string_view> keys, int fallback, int low,
                int high) const;

    std::string where_;
    std::unique_ptr<const Json> json_;
    JsonReader reader_;
};

// Reads the text of a config.json. Throws Error.
ModelConfig parse_config(std::string_view text, std::string_view where);
ModelConfig load_config(const std::filesystem::path& file);

}  // namespace heed
