#include "tests/core/model/tiny_model.h"

#include <cstring>
#include <memory>
#include <random>

#include "core/base/check.h"
#include "core/format/safetensors.h"
#include "core/model/registry.h"

namespace heed::test {
namespace {

template <class Number>
std::vector<std::byte> bytes_of(const std::vector<float>& values) {
    std::vector<Number> numbers;
    for (const float value : values) numbers.push_back(static_cast<Number>(value));
    std::vector<std::byte> bytes(numbers.size() * sizeof(Number));
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
    return bytes;
}

std::vector<std::byte> bytes_of(const TinyTensor& tensor) {
    if (tensor.dtype == Dtype::kF64) return bytes_of<double>(tensor.values);
    if (tensor.dtype == Dtype::kI64) return bytes_of<std::int64_t>(tensor.values);
    HEED_CHECK(tensor.dtype == Dtype::kF32);
    return bytes_of<float>(tensor.values);
}

std::string with_extra(std::string text, std::string_view extra) {
    if (!extra.empty()) text += ", " + std::string(extra);
    return text + "}";
}

}  // namespace

TinyTensors draw_tensors(std::string_view config_text, unsigned seed) {
    const ModelConfig config = parse_config(config_text, "config.json");
    WeightSource shapes;
    open_network(config, shapes);
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> numbers(-0.5F, 0.5F);
    TinyTensors tensors;
    for (WeightId id = 0; id < shapes.store()->size(); ++id) {
        TinyTensor tensor;
        std::size_t count = 1;
        for (const int extent : shapes.store()->extents(id)) {
            tensor.extents.push_back(extent);
            count *= static_cast<std::size_t>(extent);
        }
        for (std::size_t i = 0; i < count; ++i) tensor.values.push_back(numbers(random));
        tensors.emplace(shapes.store()->name(id), std::move(tensor));
    }
    return tensors;
}

void write_model(const std::filesystem::path& folder, std::string_view config_text,
                 const TinyTensors& tensors) {
    std::filesystem::create_directories(folder);
    write_file_atomically(folder / "config.json", config_text);
    std::vector<std::vector<std::byte>> bytes;
    bytes.reserve(tensors.size());
    std::vector<SafetensorsItem> items;
    for (const auto& [name, tensor] : tensors) {
        bytes.push_back(bytes_of(tensor));
        items.push_back({{name, tensor.dtype, tensor.extents}, bytes.back()});
    }
    write_safetensors(folder / "model.safetensors", items, {{"format", "pt"}});
}

std::string tiny_bert(std::string_view architecture, std::string_view extra) {
    return with_extra(R"({"model_type": "bert", "architectures": [")" + std::string(architecture) +
                          R"("], "hidden_size": 6, "num_attention_heads": 2,
                          "num_hidden_layers": 2, "intermediate_size": 5,
                          "max_position_embeddings": 8, "type_vocab_size": 2, "vocab_size": 11)",
                      extra);
}

std::string tiny_gpt2(std::string_view architecture, std::string_view extra) {
    return with_extra(R"({"model_type": "gpt2", "architectures": [")" + std::string(architecture) +
                          R"("], "n_embd": 6, "n_head": 2, "n_layer": 2, "n_positions": 8,
                          "vocab_size": 11)",
                      extra);
}

}  // namespace heed::test
