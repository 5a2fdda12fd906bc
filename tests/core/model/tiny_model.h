// Small model folders written by a test: a config and weights drawn from a seed.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/dtype.h"

namespace heed::test {

struct TinyTensor {
    Dtype dtype = Dtype::kF32;
    std::vector<std::int64_t> extents;
    std::vector<float> values;  // written as `dtype`, which is F32, F64 or I64
};
using TinyTensors = std::map<std::string, TinyTensor>;

// All tensors of a model of the config `text`, as the family asks for them, with random numbers.
TinyTensors draw_tensors(std::string_view config_text, unsigned seed = 1);

// Writes config.json and model.safetensors.
void write_model(const std::filesystem::path& folder, std::string_view config_text,
                 const TinyTensors& tensors);

// Configs of a few dozen numbers, with `extra` ("\"hidden_act\": \"relu\"") beside the sizes.
std::string tiny_bert(std::string_view architecture, std::string_view extra = "");
std::string tiny_gpt2(std::string_view architecture, std::string_view extra = "");

}  // namespace heed::test
