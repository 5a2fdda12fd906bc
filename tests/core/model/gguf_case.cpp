#include "tests/core/model/gguf_case.h"

#include "core/format/json.h"

namespace heed::test {
namespace {

using Renames = std::vector<std::pair<std::string, std::string>>;

const Renames kLlamaNames = {{"model.embed_tokens", "token_embd"},
                             {"model.norm", "output_norm"},
                             {"lm_head", "output"},
                             {"model.layers.", "blk."},
                             {"input_layernorm", "attn_norm"},
                             {"post_attention_layernorm", "ffn_norm"},
                             {"self_attn.q_proj", "attn_q"},
                             {"self_attn.k_proj", "attn_k"},
                             {"self_attn.v_proj", "attn_v"},
                             {"self_attn.o_proj", "attn_output"},
                             {"mlp.gate_proj", "ffn_gate"},
                             {"mlp.up_proj", "ffn_up"},
                             {"mlp.down_proj", "ffn_down"}};
const Renames kPhi2Names = {{"model.embed_tokens", "token_embd"},
                            {"model.final_layernorm", "output_norm"},
                            {"lm_head", "output"},
                            {"model.layers.", "blk."},
                            {"input_layernorm", "attn_norm"},
                            {"self_attn.q_proj", "attn_q"},
                            {"self_attn.k_proj", "attn_k"},
                            {"self_attn.v_proj", "attn_v"},
                            {"self_attn.dense", "attn_output"},
                            {"mlp.fc1", "ffn_up"},
                            {"mlp.fc2", "ffn_down"}};
const Renames kPhi3Names = {{"model.embed_tokens", "token_embd"},
                            {"model.norm", "output_norm"},
                            {"lm_head", "output"},
                            {"model.layers.", "blk."},
                            {"input_layernorm", "attn_norm"},
                            {"post_attention_layernorm", "ffn_norm"},
                            {"self_attn.qkv_proj", "attn_qkv"},
                            {"self_attn.o_proj", "attn_output"},
                            {"mlp.gate_up_proj", "ffn_up"},
                            {"mlp.down_proj", "ffn_down"}};
// What Llama's names are besides.
const Renames kQwen3Names = {{"self_attn.q_norm", "attn_q_norm"},
                             {"self_attn.k_norm", "attn_k_norm"}};
const Renames kGemma2Names = {{"self_attn.q_norm", "attn_q_norm"},
                              {"self_attn.k_norm", "attn_k_norm"},
                              {"post_attention_layernorm", "post_attention_norm"},
                              {"pre_feedforward_layernorm", "ffn_norm"},
                              {"post_feedforward_layernorm", "post_ffw_norm"}};
const Renames kGpt2Names = {{"transformer.wte", "token_embd"},
                            {"transformer.wpe", "position_embd"},
                            {"transformer.ln_f", "output_norm"},
                            {"lm_head", "output"},
                            {"transformer.h.", "blk."},
                            {"ln_1", "attn_norm"},
                            {"ln_2", "ffn_norm"},
                            {"attn.c_attn", "attn_qkv"},
                            {"attn.c_proj", "attn_output"},
                            {"mlp.c_fc", "ffn_up"},
                            {"mlp.c_proj", "ffn_down"}};
const Renames kBertNames = {{"bert.", ""},
                            {"embeddings.word_embeddings", "token_embd"},
                            {"embeddings.position_embeddings", "position_embd"},
                            {"embeddings.token_type_embeddings", "token_types"},
                            {"embeddings.LayerNorm", "token_embd_norm"},
                            {"encoder.layer.", "blk."},
                            {"attention.self.query", "attn_q"},
                            {"attention.self.key", "attn_k"},
                            {"attention.self.value", "attn_v"},
                            {"attention.output.dense", "attn_output"},
                            {"attention.output.LayerNorm", "attn_output_norm"},
                            {"intermediate.dense", "ffn_up"},
                            {"output.dense", "ffn_down"},
                            {"output.LayerNorm", "layer_output_norm"}};

// The config's fields as the file's keys, where they are plain numbers.
const Renames kKeys = {{"hidden_size", "embedding_length"},
                       {"n_embd", "embedding_length"},
                       {"num_hidden_layers", "block_count"},
                       {"n_layer", "block_count"},
                       {"num_attention_heads", "attention.head_count"},
                       {"n_head", "attention.head_count"},
                       {"num_key_value_heads", "attention.head_count_kv"},
                       {"intermediate_size", "feed_forward_length"},
                       {"n_inner", "feed_forward_length"},
                       {"max_position_embeddings", "context_length"},
                       {"n_positions", "context_length"},
                       {"head_dim", "attention.key_length"},
                       {"sliding_window", "attention.sliding_window"},
                       {"rms_norm_eps", "attention.layer_norm_rms_epsilon"},
                       {"layer_norm_eps", "attention.layer_norm_epsilon"},
                       {"layer_norm_epsilon", "attention.layer_norm_epsilon"},
                       {"rope_theta", "rope.freq_base"},
                       {"attn_logit_softcapping", "attn_logit_softcapping"},
                       {"final_logit_softcapping", "final_logit_softcapping"}};

std::string renamed(std::string name, const Renames& renames) {
    for (const auto& [from, to] : renames) {
        const std::size_t at = name.find(from);
        if (at != std::string::npos) name.replace(at, from.size(), to);
    }
    return name;
}

// Rows (h, half, i) to (h, i, half): torch's reshape, swapaxes and reshape of the converter.
std::vector<float> interleave(const TinyTensor& tensor, int heads) {
    const auto rows = static_cast<std::size_t>(tensor.extents.front());
    const std::size_t columns = tensor.values.size() / rows;
    const std::size_t half = rows / static_cast<std::size_t>(heads) / 2;
    std::vector<float> out;
    for (std::size_t head = 0; head < static_cast<std::size_t>(heads); ++head) {
        for (std::size_t i = 0; i < half; ++i) {
            for (std::size_t side = 0; side < 2; ++side) {
                const std::size_t row = (head * 2 + side) * half + i;
                for (std::size_t c = 0; c < columns; ++c) {
                    out.push_back(tensor.values[row * columns + c]);
                }
            }
        }
    }
    return out;
}

TinyTensor transpose(const TinyTensor& tensor) {
    TinyTensor out;
    out.extents = {tensor.extents[1], tensor.extents[0]};
    for (std::int64_t column = 0; column < tensor.extents[1]; ++column) {
        for (std::int64_t row = 0; row < tensor.extents[0]; ++row) {
            out.values.push_back(
                tensor.values[static_cast<std::size_t>(row * tensor.extents[1] + column)]);
        }
    }
    return out;
}

TinyTensor converted(const GgufCase& c, const std::string& name, TinyTensor tensor) {
    const bool is_query = name.find("q_proj") != std::string::npos;
    const bool is_key = name.find("k_proj") != std::string::npos;
    if (c.turns_rows && (is_query || is_key)) {
        tensor.values = interleave(tensor, is_query ? c.heads : c.key_heads);
    }
    if (c.shifts_norms && name.ends_with("norm.weight")) {
        for (float& value : tensor.values) value += 1;
    }
    const bool is_map = name.find(".c_") != std::string::npos && name.ends_with("weight");
    return c.transposes_maps && is_map ? transpose(tensor) : tensor;
}

Renames joined(Renames first, const Renames& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

std::string decoder_config(const std::string& type, const std::string& name,
                           const std::string& extra) {
    return R"({"model_type": ")" + type + R"(", "architectures": [")" + name +
           R"("], "hidden_size": 8, "intermediate_size": 10, "num_hidden_layers": 2,
           "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 16,
           "vocab_size": 11)" +
           (extra.empty() ? "" : ", " + extra) + "}";
}

// The norm's names are read by the end of a name: "q_norm.weight" of Gemma 3 too.
void add_later_decoders(std::vector<GgufCase>& cases) {
    const std::string norms = R"("rms_norm_eps": 1e-5, "head_dim": 4)";
    const std::string window = norms + R"(, "sliding_window": 3, "query_pre_attn_scalar": 4)";
    cases.push_back({"qwen3", decoder_config("qwen3", "Qwen3ForCausalLM", norms), 2, 1,
                     joined(kQwen3Names, kLlamaNames)});
    cases.push_back(
        {"gemma2",
         decoder_config("gemma2", "Gemma2ForCausalLM", window + R"(, "attn_logit_softcapping": 20.0,
                                                 "final_logit_softcapping": 10.0)"),
         2, 1, joined(kGemma2Names, kLlamaNames), false, true});
    cases.push_back({"gemma3", decoder_config("gemma3_text", "Gemma3ForCausalLM", window), 2, 1,
                     joined(kGemma2Names, kLlamaNames), false, true});
    cases.push_back({"phi3",
                     decoder_config("phi3", "Phi3ForCausalLM",
                                    R"("rms_norm_eps": 1e-5, "sliding_window": 3,
                                       "rope_theta": 5000.0)"),
                     2, 1, kPhi3Names});
    cases.push_back({"phi2",
                     decoder_config("phi", "PhiForCausalLM",
                                    R"("layer_norm_eps": 1e-4, "partial_rotary_factor": 0.5)"),
                     2, 1, kPhi2Names});
    cases.back().turned = 2;
}

}  // namespace

std::vector<GgufCase> list_gguf_cases() {
    std::vector<GgufCase> cases;
    const std::string norms = R"("rms_norm_eps": 1e-5)";
    cases.push_back({"gpt2", tiny_gpt2("GPT2LMHeadModel", R"("n_inner": 9,
                     "layer_norm_epsilon": 1e-4)"),
                     2, 2, kGpt2Names, false, false, true});
    cases.push_back({"bert", tiny_bert("BertModel", R"("layer_norm_eps": 1e-11)"), 2, 2, kBertNames,
                     false, false, false});
    cases.push_back({"llama",
                     decoder_config("llama", "LlamaForCausalLM", norms + R"(, "rope_theta": 5000.0,
                                             "tie_word_embeddings": true)"),
                     2, 1, kLlamaNames, true, false, false});
    cases.push_back({"llama",
                     decoder_config("llama", "LlamaForCausalLM",
                                    norms + R"(, "head_dim": 6, "attention_bias": true)"),
                     2, 1, kLlamaNames, true, false, false});
    cases.push_back({"qwen2", decoder_config("qwen2", "Qwen2ForCausalLM", norms), 2, 1, kLlamaNames,
                     false, false, false});
    cases.push_back({"gemma",
                     decoder_config("gemma", "GemmaForCausalLM", norms + R"(, "head_dim": 4)"), 2,
                     1, kLlamaNames, false, true, false});
    add_later_decoders(cases);
    return cases;
}

GgufWriter write_metadata(const GgufCase& c) {
    GgufWriter writer;
    writer.string("general.architecture", c.architecture);
    const Json config = parse_json(c.config, "config.json");
    for (const auto& [field, value] : config.object) {
        for (const auto& [from, to] : kKeys) {
            if (field != from || !value.is_number()) continue;
            const std::string key = c.architecture + "." + to;
            if (value.is_integer) {
                writer.number(key, static_cast<std::uint32_t>(value.integer));
            } else {
                writer.real(key, static_cast<float>(value.number));
            }
        }
    }
    if (c.turned > 0) {
        writer.number(c.architecture + ".rope.dimension_count",
                      static_cast<std::uint32_t>(c.turned));
    }
    return writer;
}

void write_tensors(const GgufCase& c, const TinyTensors& tensors, GgufWriter& writer) {
    for (const auto& [name, tensor] : tensors) {
        const TinyTensor turned = converted(c, name, tensor);
        writer.tensor(renamed(name, c.renames), turned.extents, turned.values);
    }
}

std::string write_gguf(const GgufCase& c, const TinyTensors& tensors) {
    GgufWriter writer = write_metadata(c);
    write_tensors(c, tensors, writer);
    return writer.done();
}

}  // namespace heed::test
