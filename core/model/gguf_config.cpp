#include "core/model/gguf_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace heed {
namespace {

constexpr std::int64_t kMaxLayers = 1024;
constexpr std::int64_t kMaxWidth = 1 << 20;
constexpr std::int64_t kMaxRows = 1 << 24;
constexpr std::int64_t kNoToken = 0xFFFFFFFF;  // as an id: there is none

Json json_of(std::string text) {
    Json json;
    json.kind = Json::Kind::kString;
    json.string = std::move(text);
    return json;
}
Json json_of(bool value) {
    Json json;
    json.kind = Json::Kind::kBool;
    json.boolean = value;
    return json;
}
Json json_of(std::int64_t number) {
    Json json;
    json.kind = Json::Kind::kNumber;
    json.is_integer = true;
    json.integer = number;
    json.number = static_cast<double>(number);
    return json;
}
Json json_of(double number) {
    Json json;
    json.kind = Json::Kind::kNumber;
    json.number = number;
    return json;
}
Json object_of(std::vector<Json::Member> members) {
    Json json;
    json.kind = Json::Kind::kObject;
    json.object = std::move(members);
    return json;
}
Json array_of(Json only) {
    Json json;
    json.kind = Json::Kind::kArray;
    json.array.push_back(std::move(only));
    return json;
}

// The numbers that a GGUF file keeps as float32 were decimal numbers of a config: 1e-05, not
// 9.99999975e-06.
double decimal_of(double number) {
    const auto single = static_cast<float>(number);
    if (static_cast<double>(single) != number) return number;
    for (int digits = 1; digits <= 9; ++digits) {
        char text[32];
        std::snprintf(text, sizeof text, "%.*g", digits, number);
        const double rounded = std::strtod(text, nullptr);
        if (static_cast<float>(rounded) == single) return rounded;
    }
    return number;
}

// Writes a config.json's members out of a file's keys. Keys are those of the architecture:
// "block_count" is llama.block_count.
class ConfigWriter {
  public:
    explicit ConfigWriter(const GgufFile& file)
        : file_(file), architecture_(gguf_architecture(file)) {}

    const GgufFile& file() const { return file_; }
    std::string key(std::string_view name) const {
        return std::string(architecture_.name) + "." + std::string(name);
    }
    bool has(std::string_view name) const { return file_.value(key(name)) != nullptr; }
    std::int64_t size(std::string_view name, std::optional<std::int64_t> fallback,
                      std::int64_t high = kMaxWidth) const {
        return file_.get_int(key(name), fallback, 1, high);
    }
    double number(std::string_view name, std::optional<double> fallback) const {
        return decimal_of(file_.get_number(key(name), fallback));
    }
    // Rows of a tensor, which may be more than the metadata says.
    std::int64_t rows(std::string_view tensor) const {
        const GgufEntry* entry = file_.find(tensor);
        const std::int64_t rows =
            entry == nullptr || entry->extents.empty() ? 0 : entry->extents.front();
        if (rows < 1 || rows > kMaxRows) {
            throw Error(file_.path(), tensor,
                        "a tensor of 1 to " + std::to_string(kMaxRows) + " rows",
                        entry == nullptr ? "no tensor of this name" : std::to_string(rows));
        }
        return rows;
    }

    template <class Value>
    void put(std::string name, Value value) {
        members_.emplace_back(std::move(name), json_of(std::move(value)));
    }
    void put_json(std::string name, Json json) {
        members_.emplace_back(std::move(name), std::move(json));
    }
    void put_number(std::string name, std::string_view from, std::optional<double> fallback) {
        put(std::move(name), number(from, fallback));
    }
    void put_size(std::string name, std::string_view from, std::optional<std::int64_t> fallback,
                  std::int64_t high = kMaxWidth) {
        put(std::move(name), size(from, fallback, high));
    }
    ModelConfig done() { return {object_of(std::move(members_)), file_.path()}; }

  private:
    const GgufFile& file_;
    const GgufArchitecture& architecture_;
    std::vector<Json::Member> members_;
};

// Llama 3 stretches the rotary by a table of divisors, one a frequency, and its config by four
// numbers. Gives that config where the table is what Llama 3.1 to 3.3's numbers make of it.
Json read_divisors(const ConfigWriter& out, const GgufEntry& entry, double theta, int d_turned) {
    constexpr double kLow = 1;
    constexpr double kHigh = 4;
    constexpr double kOriginal = 8192;
    const Tensor divisors = read_tensor(entry);
    const std::span<const float> values = divisors.values();
    const auto refuse = [&](const std::string& found) {
        throw Error(out.file().path(), entry.name,
                    "the " + std::to_string(d_turned / 2) + " divisors of Llama 3's scaling",
                    found);
    };
    if (values.size() != static_cast<std::size_t>(d_turned) / 2 || values.empty()) {
        refuse(std::to_string(values.size()) + " numbers");
    }
    const double factor = static_cast<double>(values.back());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double frequency = std::pow(theta, -2.0 * static_cast<double>(i) / d_turned);
        const double wave = 2 * M_PI / frequency;
        double wanted = 1;
        if (wave > kOriginal / kLow) {
            wanted = factor;
        } else if (wave >= kOriginal / kHigh) {
            const double share = (kOriginal / wave - kLow) / (kHigh - kLow);
            wanted = 1 / ((1 - share) / factor + share);
        }
        if (!(std::abs(static_cast<double>(values[i]) - wanted) <= 1e-5 * wanted)) {
            refuse(std::to_string(values[i]) + " at " + std::to_string(i) + ", not " +
                   std::to_string(wanted));
        }
    }
    return object_of({{"rope_type", json_of(std::string("llama3"))},
                      {"factor", json_of(factor)},
                      {"low_freq_factor", json_of(kLow)},
                      {"high_freq_factor", json_of(kHigh)},
                      {"original_max_position_embeddings", json_of(kOriginal)}});
}

Json read_scaling(const ConfigWriter& out, const std::string& type) {
    const double factor = out.number("rope.scaling.factor", 1.0);
    std::vector<Json::Member> members;
    members.emplace_back("rope_type", json_of(type));
    members.emplace_back("factor", json_of(factor));
    if (out.has("rope.scaling.original_context_length")) {
        members.emplace_back(
            "original_max_position_embeddings",
            json_of(out.size("rope.scaling.original_context_length", std::nullopt, kMaxRows)));
    }
    if (out.has("rope.scaling.attn_factor")) {
        // What llama.cpp multiplies YaRN's own factor by.
        members.emplace_back("attention_factor", json_of(out.number("rope.scaling.attn_factor", 1) *
                                                         (0.1 * std::log(factor) + 1)));
    }
    return object_of(std::move(members));
}

// rope_theta, the share of columns that are turned, and a scaling.
void put_rotary(ConfigWriter& out, std::int64_t d_head) {
    const double theta = out.number("rope.freq_base", 10000.0);
    const std::int64_t turned = out.size("rope.dimension_count", d_head);
    if (turned > d_head || turned % 2 != 0) {
        out.file().fail(out.key("rope.dimension_count"),
                        "an even number of columns up to " + std::to_string(d_head));
    }
    out.put("rope_theta", theta);
    out.put("partial_rotary_factor", static_cast<double>(turned) / static_cast<double>(d_head));
    const std::string type = out.file().get_string(out.key("rope.scaling.type"), "");
    const GgufEntry* divisors = out.file().find("rope_freqs.weight");
    if (divisors != nullptr) {
        out.put_json("rope_scaling",
                     read_divisors(out, *divisors, theta, static_cast<int>(turned)));
    } else if (!type.empty() && type != "none") {
        out.put_json("rope_scaling", read_scaling(out, type));
    } else if (out.has("rope.scale_linear") && out.number("rope.scale_linear", 1.0) != 1) {
        out.put_json("rope_scaling",
                     object_of({{"rope_type", json_of(std::string("linear"))},
                                {"factor", json_of(out.number("rope.scale_linear", 1.0))}}));
    }
}

// The width of a head: as said, else the model's width over its heads.
std::int64_t read_d_head(const ConfigWriter& out, std::int64_t d_model, std::int64_t heads) {
    const std::int64_t d_head =
        out.size("attention.key_length", std::max<std::int64_t>(d_model / heads, 1));
    if (out.size("attention.value_length", d_head) != d_head) {
        out.file().fail(out.key("attention.value_length"),
                        std::to_string(d_head) + ", as attention.key_length");
    }
    return d_head;
}

// What Llama and its relatives have, Phi 2 among them.
void put_decoder(ConfigWriter& out, const GgufSizes& sizes) {
    const std::int64_t d_model = out.size("embedding_length", std::nullopt);
    const std::int64_t d_head = read_d_head(out, d_model, sizes.heads);
    out.put("vocab_size", out.rows("token_embd.weight"));
    out.put("hidden_size", d_model);
    out.put_size("intermediate_size", "feed_forward_length", std::nullopt);
    out.put("num_hidden_layers", std::int64_t{sizes.layers});
    out.put("num_attention_heads", std::int64_t{sizes.heads});
    out.put("num_key_value_heads", std::int64_t{sizes.key_heads});
    out.put("head_dim", d_head);
    out.put_size("max_position_embeddings", "context_length", std::nullopt, kMaxRows);
    out.put("tie_word_embeddings", out.file().find("output.weight") == nullptr);
    put_rotary(out, d_head);
}

void put_rms(ConfigWriter& out) {
    out.put_number("rms_norm_eps", "attention.layer_norm_rms_epsilon", std::nullopt);
}

void put_window(ConfigWriter& out) {
    if (out.has("attention.sliding_window")) {
        out.put_size("sliding_window", "attention.sliding_window", std::nullopt, kMaxRows);
    }
}

// Gemma 2 and 3 do not say what the scores are divided by: the width of a head, but for the largest
// of each, told by their layers, which take the model's width over its heads (llama.cpp does so).
void put_gemma_scale(ConfigWriter& out, const GgufSizes& sizes, int layers_of_largest) {
    const std::int64_t d_model = out.size("embedding_length", std::nullopt);
    const std::int64_t scalar = sizes.layers == layers_of_largest
                                    ? d_model / sizes.heads
                                    : read_d_head(out, d_model, sizes.heads);
    out.put("query_pre_attn_scalar", scalar);
}

void put_llama(ConfigWriter& out, const GgufSizes& sizes) {
    put_decoder(out, sizes);
    put_rms(out);
    out.put("attention_bias", out.file().find("blk.0.attn_q.bias") != nullptr);
    out.put("mlp_bias", out.file().find("blk.0.ffn_up.bias") != nullptr);
}

void put_gemma2(ConfigWriter& out, const GgufSizes& sizes) {
    put_decoder(out, sizes);
    put_rms(out);
    put_window(out);
    put_gemma_scale(out, sizes, 46);
    out.put_number("attn_logit_softcapping", "attn_logit_softcapping", 50.0);
    out.put_number("final_logit_softcapping", "final_logit_softcapping", 30.0);
}

void put_gemma3(ConfigWriter& out, const GgufSizes& sizes) {
    put_decoder(out, sizes);
    put_rms(out);
    put_window(out);
    put_gemma_scale(out, sizes, 62);
    out.put_number("rope_local_base_freq", "rope.freq_base_swa", 10000.0);
}

void put_phi2(ConfigWriter& out, const GgufSizes& sizes) {
    put_decoder(out, sizes);
    out.put_number("layer_norm_eps", "attention.layer_norm_epsilon", std::nullopt);
    out.put("hidden_act", std::string("gelu_new"));
}

void put_phi3(ConfigWriter& out, const GgufSizes& sizes) {
    put_decoder(out, sizes);
    put_rms(out);
    put_window(out);
}

void put_gpt2(ConfigWriter& out, const GgufSizes& sizes) {
    out.put("vocab_size", out.rows("token_embd.weight"));
    out.put("n_positions", out.rows("position_embd.weight"));
    out.put_size("n_embd", "embedding_length", std::nullopt);
    out.put_size("n_inner", "feed_forward_length", std::nullopt);
    out.put("n_layer", std::int64_t{sizes.layers});
    out.put("n_head", std::int64_t{sizes.heads});
    out.put_number("layer_norm_epsilon", "attention.layer_norm_epsilon", std::nullopt);
}

void put_bert(ConfigWriter& out, const GgufSizes& sizes) {
    if (out.file().get_bool(out.key("attention.causal"), false)) {
        out.file().fail(out.key("attention.causal"), "false");
    }
    out.put("vocab_size", out.rows("token_embd.weight"));
    out.put("max_position_embeddings", out.rows("position_embd.weight"));
    out.put("type_vocab_size", out.rows("token_types.weight"));
    out.put_size("hidden_size", "embedding_length", std::nullopt);
    out.put_size("intermediate_size", "feed_forward_length", std::nullopt);
    out.put("num_hidden_layers", std::int64_t{sizes.layers});
    out.put("num_attention_heads", std::int64_t{sizes.heads});
    out.put_number("layer_norm_eps", "attention.layer_norm_epsilon", std::nullopt);
}

struct Writer {
    std::string_view architecture;
    void (*put)(ConfigWriter& out, const GgufSizes& sizes);
};
constexpr std::array kWriters = {
    Writer{"llama", put_llama}, Writer{"qwen2", put_llama},   Writer{"qwen3", put_llama},
    Writer{"gpt2", put_gpt2},   Writer{"phi2", put_phi2},     Writer{"phi3", put_phi3},
    Writer{"gemma", put_llama}, Writer{"gemma2", put_gemma2}, Writer{"gemma3", put_gemma3},
    Writer{"bert", put_bert},
};

// What ends a text: the token of its end, and that of a turn where the file names one.
void put_ends(const GgufFile& file, ConfigWriter& out) {
    Json ends;
    ends.kind = Json::Kind::kArray;
    for (const char* key : {"tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"}) {
        if (file.value(key) == nullptr) continue;
        const std::int64_t id = file.get_int(key, std::nullopt, 0, kNoToken);
        if (id < kMaxRows) ends.array.push_back(json_of(id));
    }
    if (!ends.array.empty()) out.put_json("eos_token_id", std::move(ends));
}

}  // namespace

const GgufArchitecture& gguf_architecture(const GgufFile& file) {
    const std::string name = file.get_string("general.architecture", std::nullopt);
    const GgufArchitecture* row = find_gguf_architecture(name);
    if (row == nullptr) file.fail("general.architecture", "one of " + gguf_architectures());
    return *row;
}

GgufSizes read_gguf_sizes(const GgufFile& file) {
    const std::string prefix = std::string(gguf_architecture(file).name) + ".";
    GgufSizes sizes;
    sizes.layers =
        static_cast<int>(file.get_int(prefix + "block_count", std::nullopt, 0, kMaxLayers));
    sizes.heads =
        static_cast<int>(file.get_int(prefix + "attention.head_count", std::nullopt, 1, kMaxWidth));
    sizes.key_heads = static_cast<int>(
        file.get_int(prefix + "attention.head_count_kv", sizes.heads, 1, sizes.heads));
    return sizes;
}

ModelConfig make_gguf_config(const GgufFile& file) {
    const GgufArchitecture& architecture = gguf_architecture(file);
    const GgufSizes sizes = read_gguf_sizes(file);
    ConfigWriter out(file);
    if (file.get_int(out.key("expert_count"), 0, 0, kMaxWidth) > 0) {
        file.fail(out.key("expert_count"), "0: heed runs no mixture of experts");
    }
    if (file.get_int("split.count", 1, 0, kMaxRows) > 1) file.fail("split.count", "a whole model");
    out.put("model_type", std::string(architecture.model_type));
    out.put_json("architectures", array_of(json_of(std::string(architecture.class_name))));
    for (const Writer& writer : kWriters) {
        if (writer.architecture == architecture.name) writer.put(out, sizes);
    }
    put_ends(file, out);
    return out.done();
}

}  // namespace heed
