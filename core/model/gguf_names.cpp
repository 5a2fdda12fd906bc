#include "core/model/gguf_names.h"

#include <array>

namespace heed {
namespace {

// Llama and its relatives.
constexpr std::array kRotary = {
    GgufName{"token_embd", "model.embed_tokens"},
    GgufName{"output_norm", "model.norm"},
    GgufName{"output", "lm_head"},
    GgufName{"blk.#.attn_norm", "model.layers.#.input_layernorm"},
    GgufName{"blk.#.attn_q", "model.layers.#.self_attn.q_proj", GgufTurn::kQueryRows},
    GgufName{"blk.#.attn_k", "model.layers.#.self_attn.k_proj", GgufTurn::kKeyRows},
    GgufName{"blk.#.attn_v", "model.layers.#.self_attn.v_proj"},
    GgufName{"blk.#.attn_qkv", "model.layers.#.self_attn.qkv_proj"},
    GgufName{"blk.#.attn_output", "model.layers.#.self_attn.o_proj"},
    GgufName{"blk.#.attn_q_norm", "model.layers.#.self_attn.q_norm"},
    GgufName{"blk.#.attn_k_norm", "model.layers.#.self_attn.k_norm"},
    GgufName{"blk.#.ffn_norm", "model.layers.#.post_attention_layernorm"},
    GgufName{"blk.#.ffn_gate", "model.layers.#.mlp.gate_proj"},
    GgufName{"blk.#.ffn_up", "model.layers.#.mlp.up_proj"},
    GgufName{"blk.#.ffn_down", "model.layers.#.mlp.down_proj"},
};

// Phi-3: gate and up are one map.
constexpr std::array kPhi3 = {
    GgufName{"token_embd", "model.embed_tokens"},
    GgufName{"output_norm", "model.norm"},
    GgufName{"output", "lm_head"},
    GgufName{"blk.#.attn_norm", "model.layers.#.input_layernorm"},
    GgufName{"blk.#.attn_qkv", "model.layers.#.self_attn.qkv_proj"},
    GgufName{"blk.#.attn_output", "model.layers.#.self_attn.o_proj"},
    GgufName{"blk.#.ffn_norm", "model.layers.#.post_attention_layernorm"},
    GgufName{"blk.#.ffn_up", "model.layers.#.mlp.gate_up_proj"},
    GgufName{"blk.#.ffn_down", "model.layers.#.mlp.down_proj"},
};

// Gemma 2 and 3: norms before and after.
constexpr std::array kGemma2 = {
    GgufName{"token_embd", "model.embed_tokens"},
    GgufName{"output_norm", "model.norm", GgufTurn::kMinusOne},
    GgufName{"output", "lm_head"},
    GgufName{"blk.#.attn_norm", "model.layers.#.input_layernorm", GgufTurn::kMinusOne},
    GgufName{"blk.#.attn_q", "model.layers.#.self_attn.q_proj"},
    GgufName{"blk.#.attn_k", "model.layers.#.self_attn.k_proj"},
    GgufName{"blk.#.attn_v", "model.layers.#.self_attn.v_proj"},
    GgufName{"blk.#.attn_output", "model.layers.#.self_attn.o_proj"},
    GgufName{"blk.#.attn_q_norm", "model.layers.#.self_attn.q_norm", GgufTurn::kMinusOne},
    GgufName{"blk.#.attn_k_norm", "model.layers.#.self_attn.k_norm", GgufTurn::kMinusOne},
    GgufName{"blk.#.post_attention_norm", "model.layers.#.post_attention_layernorm",
             GgufTurn::kMinusOne},
    GgufName{"blk.#.ffn_norm", "model.layers.#.pre_feedforward_layernorm", GgufTurn::kMinusOne},
    GgufName{"blk.#.post_ffw_norm", "model.layers.#.post_feedforward_layernorm",
             GgufTurn::kMinusOne},
    GgufName{"blk.#.ffn_gate", "model.layers.#.mlp.gate_proj"},
    GgufName{"blk.#.ffn_up", "model.layers.#.mlp.up_proj"},
    GgufName{"blk.#.ffn_down", "model.layers.#.mlp.down_proj"},
};

constexpr std::array kGemma = {
    GgufName{"token_embd", "model.embed_tokens"},
    GgufName{"output_norm", "model.norm", GgufTurn::kMinusOne},
    GgufName{"output", "lm_head"},
    GgufName{"blk.#.attn_norm", "model.layers.#.input_layernorm", GgufTurn::kMinusOne},
    GgufName{"blk.#.attn_q", "model.layers.#.self_attn.q_proj"},
    GgufName{"blk.#.attn_k", "model.layers.#.self_attn.k_proj"},
    GgufName{"blk.#.attn_v", "model.layers.#.self_attn.v_proj"},
    GgufName{"blk.#.attn_output", "model.layers.#.self_attn.o_proj"},
    GgufName{"blk.#.ffn_norm", "model.layers.#.post_attention_layernorm", GgufTurn::kMinusOne},
    GgufName{"blk.#.ffn_gate", "model.layers.#.mlp.gate_proj"},
    GgufName{"blk.#.ffn_up", "model.layers.#.mlp.up_proj"},
    GgufName{"blk.#.ffn_down", "model.layers.#.mlp.down_proj"},
};

constexpr std::array kPhi2 = {
    GgufName{"token_embd", "model.embed_tokens"},
    GgufName{"output_norm", "model.final_layernorm"},
    GgufName{"output", "lm_head"},
    GgufName{"blk.#.attn_norm", "model.layers.#.input_layernorm"},
    GgufName{"blk.#.attn_q", "model.layers.#.self_attn.q_proj"},
    GgufName{"blk.#.attn_k", "model.layers.#.self_attn.k_proj"},
    GgufName{"blk.#.attn_v", "model.layers.#.self_attn.v_proj"},
    GgufName{"blk.#.attn_qkv", "model.layers.#.self_attn.q_proj", GgufTurn::kNone, 0, 3},
    GgufName{"blk.#.attn_qkv", "model.layers.#.self_attn.k_proj", GgufTurn::kNone, 1, 3},
    GgufName{"blk.#.attn_qkv", "model.layers.#.self_attn.v_proj", GgufTurn::kNone, 2, 3},
    GgufName{"blk.#.attn_output", "model.layers.#.self_attn.dense"},
    GgufName{"blk.#.ffn_up", "model.layers.#.mlp.fc1"},
    GgufName{"blk.#.ffn_down", "model.layers.#.mlp.fc2"},
};

constexpr std::array kGpt2 = {
    GgufName{"token_embd", "transformer.wte"},
    GgufName{"position_embd", "transformer.wpe"},
    GgufName{"output_norm", "transformer.ln_f"},
    GgufName{"output", "lm_head"},
    GgufName{"blk.#.attn_norm", "transformer.h.#.ln_1"},
    GgufName{"blk.#.attn_qkv", "transformer.h.#.attn.c_attn", GgufTurn::kTransposed},
    GgufName{"blk.#.attn_output", "transformer.h.#.attn.c_proj", GgufTurn::kTransposed},
    GgufName{"blk.#.ffn_norm", "transformer.h.#.ln_2"},
    GgufName{"blk.#.ffn_up", "transformer.h.#.mlp.c_fc", GgufTurn::kTransposed},
    GgufName{"blk.#.ffn_down", "transformer.h.#.mlp.c_proj", GgufTurn::kTransposed},
};

constexpr std::array kBert = {
    GgufName{"token_embd", "embeddings.word_embeddings"},
    GgufName{"position_embd", "embeddings.position_embeddings"},
    GgufName{"token_types", "embeddings.token_type_embeddings"},
    GgufName{"token_embd_norm", "embeddings.LayerNorm"},
    GgufName{"blk.#.attn_q", "encoder.layer.#.attention.self.query"},
    GgufName{"blk.#.attn_k", "encoder.layer.#.attention.self.key"},
    GgufName{"blk.#.attn_v", "encoder.layer.#.attention.self.value"},
    GgufName{"blk.#.attn_qkv", "encoder.layer.#.attention.self.query", GgufTurn::kNone, 0, 3},
    GgufName{"blk.#.attn_qkv", "encoder.layer.#.attention.self.key", GgufTurn::kNone, 1, 3},
    GgufName{"blk.#.attn_qkv", "encoder.layer.#.attention.self.value", GgufTurn::kNone, 2, 3},
    GgufName{"blk.#.attn_output", "encoder.layer.#.attention.output.dense"},
    GgufName{"blk.#.attn_output_norm", "encoder.layer.#.attention.output.LayerNorm"},
    GgufName{"blk.#.ffn_up", "encoder.layer.#.intermediate.dense"},
    GgufName{"blk.#.ffn_down", "encoder.layer.#.output.dense"},
    GgufName{"blk.#.layer_output_norm", "encoder.layer.#.output.LayerNorm"},
};

constexpr std::array kArchitectures = {
    GgufArchitecture{"llama", "llama", "LlamaForCausalLM", kRotary, true},
    GgufArchitecture{"qwen2", "qwen2", "Qwen2ForCausalLM", kRotary, false},
    GgufArchitecture{"qwen3", "qwen3", "Qwen3ForCausalLM", kRotary, false},
    GgufArchitecture{"gpt2", "gpt2", "GPT2LMHeadModel", kGpt2, false},
    GgufArchitecture{"phi2", "phi", "PhiForCausalLM", kPhi2, false},
    GgufArchitecture{"phi3", "phi3", "Phi3ForCausalLM", kPhi3, false},
    GgufArchitecture{"gemma", "gemma", "GemmaForCausalLM", kGemma, false},
    GgufArchitecture{"gemma2", "gemma2", "Gemma2ForCausalLM", kGemma2, false},
    GgufArchitecture{"gemma3", "gemma3_text", "Gemma3ForCausalLM", kGemma2, false},
    GgufArchitecture{"bert", "bert", "BertModel", kBert, false},
};

}  // namespace

const GgufArchitecture* find_gguf_architecture(std::string_view name) {
    for (const GgufArchitecture& row : kArchitectures) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

std::string gguf_architectures() {
    std::string names;
    for (const GgufArchitecture& row : kArchitectures) {
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    return names;
}

}  // namespace heed
