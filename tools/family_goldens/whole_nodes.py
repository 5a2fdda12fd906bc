"""Every node of a model as transformers computes it: hooks on its modules show most of them; what they
do not show (dots, scaled, masked, z by head) follows from what they do, and is checked against the
attentions that the model gives.

`NODES_OF[model_type](model, given)` takes inputs without a batch axis and gives values by node name.
"""

import math

import torch
from transformers import BertForMaskedLM
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb


class Capture:
    """Inputs and outputs of modules during one forward pass, without the batch axis."""

    def __init__(self, model):
        self.inputs, self.outputs = {}, {}
        self.handles = [
            module.register_forward_hook(self.hook(name)) for name, module in model.named_modules()
        ]

    def hook(self, name):
        def keep(_module, args, output):
            first = output[0] if isinstance(output, tuple) else output
            if args and torch.is_tensor(args[0]):
                self.inputs[name] = args[0].detach()
            if torch.is_tensor(first):
                self.outputs[name] = first.detach()

        return keep

    def close(self):
        for handle in self.handles:
            handle.remove()


def rows(tensor):
    return tensor[0] if tensor.dim() == 3 else tensor


def by_head(x_td, heads):
    return x_td.reshape(x_td.shape[0], heads, -1).transpose(0, 1)


def attention_nodes(nodes, prefix, qkv, scale, causal, attentions, concat, turned=None):
    """`turned`: the queries and keys that enter the product, where those of `qkv` do not."""
    q, k, v = qkv
    if turned is not None:
        nodes[prefix + "attn.rot_q"], nodes[prefix + "attn.rot_k"] = turned
    left, right = turned or (q, k)
    dots = left @ right.transpose(1, 2)
    scaled = dots * scale
    masked = scaled.clone()
    if causal:
        length = dots.shape[1]
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        masked[:, future] = -math.inf
    pattern = masked.softmax(-1)
    z = pattern @ v
    close = {"atol": 1e-9, "rtol": 1e-9} if q.dtype == torch.float64 else {"atol": 1e-4, "rtol": 1e-4}
    torch.testing.assert_close(pattern, attentions[0], **close)
    torch.testing.assert_close(z.transpose(0, 1).reshape(concat.shape), concat, **close)
    for name, value in {
        "q": q, "k": k, "v": v, "dots": dots, "scaled": scaled, "masked": masked,
        "pattern": pattern, "z": z, "concat": concat,
    }.items():
        nodes[f"{prefix}attn.{name}"] = value


def head_parts(out, modules, heads):
    """Outputs of the three maps by head: q, k, v."""
    return tuple(by_head(rows(out[module]), heads) for module in modules)


def predictions(nodes, logits, prefix=""):
    nodes[prefix + "logits"] = logits.detach()
    nodes[prefix + "probs"] = logits.detach().softmax(-1)


def run_captured(model, given):
    """What the model gives, and its modules' inputs and outputs."""
    capture = Capture(model)
    batch = {key: value[None] for key, value in given.items()}
    options = {} if "pixel_values" in given or model.config.model_type == "bert" else {"use_cache": False}
    result = model(**batch, output_attentions=True, **options)
    capture.close()
    return result, capture.outputs, capture.inputs


def bert_nodes(model, given):
    result, out, into = run_captured(model, given)
    config = model.config
    nodes = {}

    def put(name, source, module):
        nodes[name] = rows(source["bert." + module])

    put("embed", out, "embeddings.word_embeddings")
    put("pos_embed", out, "embeddings.position_embeddings")
    put("type_embed", out, "embeddings.token_type_embeddings")
    put("embed_sum", into, "embeddings.LayerNorm")
    put("embed_out", out, "embeddings.LayerNorm")
    x = nodes["embed_out"]
    heads = config.num_attention_heads
    for layer in range(config.num_hidden_layers):
        block, module = f"blocks.{layer}.", f"encoder.layer.{layer}."
        nodes[block + "resid_pre"] = x
        qkv = head_parts(out, [f"bert.{module}attention.self.{part}"
                               for part in ("query", "key", "value")], heads)
        concat = rows(into[f"bert.{module}attention.output.dense"])
        attention_nodes(nodes, block, qkv, 1 / math.sqrt(qkv[0].shape[2]), config.is_decoder,
                        result.attentions[layer], concat)
        put(block + "attn_out", out, module + "attention.output.dense")
        put(block + "resid_mid", into, module + "attention.output.LayerNorm")
        put(block + "ln1", out, module + "attention.output.LayerNorm")
        put(block + "mlp.pre", out, module + "intermediate.dense")
        put(block + "mlp.post", into, module + "output.dense")
        put(block + "mlp_out", out, module + "output.dense")
        put(block + "resid_sum", into, module + "output.LayerNorm")
        put(block + "ln2", out, module + "output.LayerNorm")
        x = nodes[block + "resid_post"] = nodes[block + "ln2"]
    nodes["final"] = x
    if isinstance(model, BertForMaskedLM):
        nodes["head.dense"] = rows(out["cls.predictions.transform.dense"])
        nodes["head.act"] = rows(into["cls.predictions.transform.LayerNorm"])
        nodes["head.norm"] = rows(out["cls.predictions.transform.LayerNorm"])
    else:
        nodes["pooler.in"] = x[0]
        nodes["pooler.dense"] = out["bert.pooler.dense"][0]
        nodes["pooled"] = out["bert.pooler"][0]
    predictions(nodes, result.logits[0])
    return nodes


def gpt2_nodes(model, given):
    result, out, into = run_captured(model, given)
    config = model.config
    nodes = {
        "embed": rows(out["transformer.wte"]),
        "pos_embed": rows(out["transformer.wpe"]),
        "embed_out": rows(into["transformer.drop"]),
    }
    for layer in range(config.n_layer):
        block, module = f"blocks.{layer}.", f"transformer.h.{layer}."
        nodes[block + "resid_pre"] = rows(into[module + "ln_1"])
        nodes[block + "ln1"] = rows(out[module + "ln_1"])
        qkv = tuple(
            by_head(part, config.n_head)
            for part in rows(out[module + "attn.c_attn"]).split(config.n_embd, dim=1)
        )
        scale = 1 / math.sqrt(qkv[0].shape[2]) if config.scale_attn_weights else 1.0
        if config.scale_attn_by_inverse_layer_idx:
            scale /= layer + 1
        attention_nodes(nodes, block, qkv, scale, True, result.attentions[layer],
                        rows(into[module + "attn.c_proj"]))
        nodes[block + "attn_out"] = rows(out[module + "attn.c_proj"])
        nodes[block + "resid_mid"] = rows(into[module + "ln_2"])
        nodes[block + "ln2"] = rows(out[module + "ln_2"])
        nodes[block + "mlp.pre"] = rows(out[module + "mlp.c_fc"])
        nodes[block + "mlp.post"] = rows(into[module + "mlp.c_proj"])
        nodes[block + "mlp_out"] = rows(out[module + "mlp.c_proj"])
        nodes[block + "resid_post"] = nodes[block + "resid_mid"] + nodes[block + "mlp_out"]
    nodes["final"] = rows(out["transformer.ln_f"])
    predictions(nodes, result.logits[0])
    return nodes


def pre_norm_sums(nodes, block):
    nodes[block + "resid_post"] = nodes[block + "resid_mid"] + nodes[block + "mlp_out"]


def llama_nodes(model, given):
    result, out, into = run_captured(model, given)
    config = model.config
    embed = rows(out["model.embed_tokens"])
    nodes = {"embed": embed, "embed_out": rows(into["model.layers.0.input_layernorm"])}
    places = torch.arange(len(embed))[None]
    cos, sin = model.model.rotary_emb(embed[None], places)
    for layer in range(config.num_hidden_layers):
        block, module = f"blocks.{layer}.", f"model.layers.{layer}."
        nodes[block + "resid_pre"] = rows(into[module + "input_layernorm"])
        nodes[block + "ln1"] = rows(out[module + "input_layernorm"])
        q, k, v = head_parts(out, [f"{module}self_attn.{letter}_proj" for letter in "qkv"],
                             config.num_attention_heads)
        turned = tuple(part[0] for part in apply_rotary_pos_emb(q[None], k[None], cos, sin))
        attention_nodes(nodes, block, (q, k, v), 1 / math.sqrt(q.shape[2]), True,
                        result.attentions[layer], rows(into[module + "self_attn.o_proj"]), turned)
        nodes[block + "attn_out"] = rows(out[module + "self_attn.o_proj"])
        nodes[block + "resid_mid"] = rows(into[module + "post_attention_layernorm"])
        nodes[block + "ln2"] = rows(out[module + "post_attention_layernorm"])
        nodes[block + "mlp.pre"] = rows(out[module + "mlp.gate_proj"])
        nodes[block + "mlp.up"] = rows(out[module + "mlp.up_proj"])
        nodes[block + "mlp.post"] = rows(into[module + "mlp.down_proj"])
        nodes[block + "mlp_out"] = rows(out[module + "mlp.down_proj"])
        pre_norm_sums(nodes, block)
    nodes["final"] = rows(out["model.norm"])
    predictions(nodes, result.logits[0])
    return nodes


def vit_nodes(model, given):
    result, out, into = run_captured(model, given)
    config = model.config
    size, pixels = config.patch_size, given["pixel_values"]
    patches = torch.nn.functional.unfold(pixels[None], size, stride=size)[0].T
    embeddings = model.vit.embeddings
    patch_embed = rows(out["vit.embeddings.patch_embeddings"])
    nodes = {
        "patches": patches,
        "patch_embed": patch_embed,
        "embed": torch.cat([embeddings.cls_token[0], patch_embed]).detach(),
        "pos_embed": embeddings.position_embeddings[0].detach(),
        "embed_out": rows(out["vit.embeddings"]),
    }
    for layer in range(config.num_hidden_layers):
        block, module = f"blocks.{layer}.", f"vit.layers.{layer}."
        nodes[block + "resid_pre"] = rows(into[module + "layernorm_before"])
        nodes[block + "ln1"] = rows(out[module + "layernorm_before"])
        qkv = head_parts(out, [f"{module}attention.{letter}_proj" for letter in "qkv"],
                         config.num_attention_heads)
        attention_nodes(nodes, block, qkv, 1 / math.sqrt(qkv[0].shape[2]), False,
                        result.attentions[layer], rows(into[module + "attention.o_proj"]))
        nodes[block + "attn_out"] = rows(out[module + "attention.o_proj"])
        nodes[block + "resid_mid"] = rows(into[module + "layernorm_after"])
        nodes[block + "ln2"] = rows(out[module + "layernorm_after"])
        nodes[block + "mlp.pre"] = rows(out[module + "mlp.fc1"])
        nodes[block + "mlp.post"] = rows(into[module + "mlp.fc2"])
        nodes[block + "mlp_out"] = rows(out[module + "mlp.fc2"])
        pre_norm_sums(nodes, block)
    nodes["final"] = rows(out["vit.layernorm"])
    nodes["classifier.in"] = nodes["final"][0]
    predictions(nodes, result.logits[0])
    return nodes


def marian_tower(nodes, result, out, into, tower, config):
    """The nodes of the encoder or of the decoder."""
    is_decoder = tower == "decoder"
    at, prefix = f"model.{tower}.", tower + "."
    heads = getattr(config, tower + "_attention_heads")
    embed = rows(out[at + "embed_tokens"])
    nodes[prefix + "embed"] = embed
    if config.scale_embedding:
        nodes[prefix + "embed_scaled"] = embed * math.sqrt(config.d_model)
    nodes[prefix + "pos_embed"] = rows(out[at + "embed_positions"])
    patterns = {"self": getattr(result, "decoder_attentions" if is_decoder else "encoder_attentions"),
                "encoder": result.cross_attentions}
    x = nodes[prefix + "embed_out"] = rows(into[at + "layers.0.self_attn.q_proj"])
    for layer in range(getattr(config, tower + "_layers")):
        block, module = f"{prefix}blocks.{layer}.", f"{at}layers.{layer}."
        nodes[block + "resid_pre"] = x

        def attend(place, name, middle, norm, causal):
            maps = f"{module}{place}_attn."
            qkv = head_parts(out, [f"{maps}{letter}_proj" for letter in "qkv"], heads)
            attention_nodes(nodes, block + name, qkv, 1 / math.sqrt(qkv[0].shape[2]), causal,
                            patterns[place][layer], rows(into[maps + "out_proj"]))
            nodes[f"{block}{name}attn_out"] = rows(out[maps + "out_proj"])
            nodes[block + middle] = rows(into[f"{module}{place}_attn_layer_norm"])
            nodes[block + norm] = rows(out[f"{module}{place}_attn_layer_norm"])

        attend("self", "", "resid_mid", "ln1", is_decoder)
        if is_decoder:
            attend("encoder", "cross_", "resid_mid_cross", "ln_cross", False)
        nodes[block + "mlp.pre"] = rows(out[module + "fc1"])
        nodes[block + "mlp.post"] = rows(into[module + "fc2"])
        nodes[block + "mlp_out"] = rows(out[module + "fc2"])
        nodes[block + "resid_sum"] = rows(into[module + "final_layer_norm"])
        x = nodes[block + "ln2"] = rows(out[module + "final_layer_norm"])
        nodes[block + "resid_post"] = x
    nodes[prefix + "final"] = x


def marian_nodes(model, given):
    result, out, into = run_captured(model, given)
    nodes = {}
    for tower in ("encoder", "decoder"):
        marian_tower(nodes, result, out, into, tower, model.config)
    predictions(nodes, result.logits[0], "decoder.")
    return nodes


NODES_OF = {
    "bert": bert_nodes,
    "gpt2": gpt2_nodes,
    "llama": llama_nodes,
    "marian": marian_nodes,
    "vit": vit_nodes,
}
