#include "core/model/config.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/format/mapped_file.h"

namespace heed {
namespace {

constexpr int kMaxWidth = 1 << 20;
constexpr int kMaxRows = 1 << 24;
constexpr int kMaxLayers = 1024;
constexpr std::size_t kMaxConfigBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxConfigValues = 500'000;

struct NamedActivation {
    std::string_view name;
    Activation activation;
};

// Names of the field's configs. Several stand for one function, computed in different ways.
constexpr std::array<NamedActivation, 13> kActivations = {{
    {"gelu", Activation::kGeluErf},
    {"gelu_python", Activation::kGeluErf},
    {"gelu_new", Activation::kGeluTanh},
    {"gelu_pytorch_tanh", Activation::kGeluTanh},
    {"gelu_python_tanh", Activation::kGeluTanh},
    {"gelu_fast", Activation::kGeluTanh},
    {"gelu_accurate", Activation::kGeluTanh},
    {"relu", Activation::kRelu},
    {"silu", Activation::kSilu},
    {"swish", Activation::kSilu},
    {"tanh", Activation::kTanh},
    {"quick_gelu", Activation::kQuickGelu},
    {"sigmoid", Activation::kSigmoid},
}};

}  // namespace

ModelConfig::ModelConfig(Json json, std::string where)
    : where_(std::move(where)),
      json_(std::make_unique<const Json>(std::move(json))),
      reader_(*json_, where_) {}

std::string ModelConfig::architecture() const {
    const Json* names = reader_.get_array("architectures");
    if (names == nullptr || names->array.empty()) return "";
    const Json& first = names->array.front();
    if (!first.is_string()) reader_.fail("architectures", "names of classes", &first);
    return first.string;
}

int ModelConfig::bounded(std::initializer_list<std::string_view> keys, int fallback, int low,
                         int high) const {
    for (const std::string_view key : keys) {
        if (!reader_.has(key)) continue;
        return static_cast<int>(reader_.get_int(key, std::nullopt, low, high));
    }
    return fallback;
}

int ModelConfig::size(std::initializer_list<std::string_view> keys, int fallback) const {
    return bounded(keys, fallback, 1, kMaxWidth);
}

int ModelConfig::rows(std::initializer_list<std::string_view> keys, int fallback) const {
    return bounded(keys, fallback, 1, kMaxRows);
}

int ModelConfig::layers(std::initializer_list<std::string_view> keys, int fallback) const {
    return bounded(keys, fallback, 0, kMaxLayers);
}

int ModelConfig::d_head(std::string_view key, int d_model, int heads) const {
    if (d_model % heads == 0) return d_model / heads;
    const Json* value = reader_.json().find(key);
    throw Error(value != nullptr ? reader_.place(*value) : where_, key,
                "a divisor of the model's width " + std::to_string(d_model),
                std::to_string(heads) + " heads");
}

float ModelConfig::epsilon(std::string_view key, double fallback) const {
    const double value = reader_.get_number(key, fallback);
    if (!(value >= 0 && value <= 1)) {
        reader_.fail(key, "a number from 0 to 1", reader_.json().find(key));
    }
    return static_cast<float>(value);
}

Activation ModelConfig::activation(std::string_view key, std::string_view fallback) const {
    return activation_named(key, reader_.get_string(key, std::string(fallback)));
}

Activation ModelConfig::activation_named(std::string_view key, std::string_view name) const {
    std::string known;
    for (const NamedActivation& row : kActivations) {
        if (row.name == name) return row.activation;
        known += (known.empty() ? "" : ", ") + std::string(row.name);
    }
    reader_.fail(key, "one of " + known, reader_.json().find(key));
}

int ModelConfig::labels() const {
    if (reader_.has("num_labels")) return size({"num_labels"}, 2);
    const Json* names = reader_.get_object("id2label");
    if (names == nullptr || names->object.empty()) return 2;
    if (names->object.size() > static_cast<std::size_t>(kMaxWidth)) {
        reader_.fail("id2label", "at most " + std::to_string(kMaxWidth) + " labels", names);
    }
    return static_cast<int>(names->object.size());
}

std::vector<std::string> ModelConfig::label_names() const {
    std::vector<std::string> names;
    const Json* by_number = reader_.get_object("id2label");
    if (by_number == nullptr) return names;
    for (const auto& [key, value] : by_number->object) {
        std::size_t number = 0;
        const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), number);
        const bool is_number = failure == std::errc() && end == key.data() + key.size();
        if (!is_number || number >= by_number->object.size() || !value.is_string()) {
            continue;
        }
        if (names.size() <= number) names.resize(number + 1);
        names[number] = value.string;
    }
    return names;
}

bool ModelConfig::is_distribution(int labels) const {
    const std::string problem = reader_.get_string("problem_type", "");
    return labels > 1 && (problem.empty() || problem == "single_label_classification");
}

std::string ModelConfig::architecture_among(const std::vector<std::string_view>& known,
                                            std::string_view fallback) const {
    const std::string name = architecture().empty() ? std::string(fallback) : architecture();
    std::string list;
    for (const std::string_view one : known) {
        if (one == name) return name;
        list += (list.empty() ? "" : ", ") + std::string(one);
    }
    reader_.fail("architectures", "one of " + list,
                 &reader_.json().find("architectures")->array.front());
}

void ModelConfig::refuse_flag(std::string_view key, std::string_view reason) const {
    if (!flag(key, false)) return;
    reader_.fail(key, "false (" + std::string(reason) + ")", reader_.json().find(key));
}

std::string ModelConfig::quantization() const {
    const Json* packing = reader_.get_object("quantization_config");
    if (packing == nullptr) return "";
    return JsonReader(*packing, where_, "quantization_config")
        .get_string("quant_method", "unknown");
}

ModelConfig parse_config(std::string_view text, std::string_view where) {
    return ModelConfig(parse_json(text, where, kMaxConfigValues), std::string(where));
}

ModelConfig load_config(const std::filesystem::path& file) {
    return parse_config(read_text_file(file, kMaxConfigBytes), file.string());
}

}  // namespace heed
