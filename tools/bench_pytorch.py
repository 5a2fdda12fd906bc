#!/usr/bin/env python3
"""Times GPT-2 in PyTorch, eager, every intermediate kept, and heed beside it.

bench_pytorch.py FOLDER [--tokens N,...] [--threads K] [--rounds R] [--heed COMMAND]

FOLDER is a GPT-2 of tools/make_random_model.py. Rounds of both sides alternate, so that what else
the machine does slows both alike. Prints one JSON document: for each number of tokens the medians
in milliseconds and their ratio. Needs torch and transformers.
"""

import argparse
import json
import shlex
import statistics
import subprocess
import time

import torch
import torch.nn.functional as F
from transformers import GPT2LMHeadModel

PASSES_PER_ROUND = 5


def forward(model: GPT2LMHeadModel, ids: torch.Tensor) -> dict[str, torch.Tensor]:
    """All nodes that heed keeps, by its names. Views are kept as views: nothing is copied for it."""
    kept = {}
    body = model.transformer
    heads, width = model.config.n_head, model.config.n_embd
    d_head = width // heads
    length = ids.shape[0]

    def keep(name: str, value: torch.Tensor) -> torch.Tensor:
        kept[name] = value
        return value

    embed = keep("embed", F.embedding(ids, body.wte.weight))
    position = keep("pos_embed", body.wpe.weight[:length])
    x = keep("embed_out", embed + position)
    is_future = torch.ones(length, length, dtype=torch.bool).triu(1)
    for layer, block in enumerate(body.h):
        prefix = f"blocks.{layer}."
        keep(prefix + "resid_pre", x)
        ln1 = keep(prefix + "ln1", block.ln_1(x))
        qkv = block.attn.c_attn(ln1)
        q, k, v = (
            keep(prefix + f"attn.{name}", part.view(length, heads, d_head).transpose(0, 1))
            for name, part in zip("qkv", qkv.split(width, dim=-1))
        )
        dots = keep(prefix + "attn.dots", q @ k.transpose(1, 2))
        scaled = keep(prefix + "attn.scaled", dots * d_head**-0.5)
        masked = keep(prefix + "attn.masked", scaled.masked_fill(is_future, -torch.inf))
        pattern = keep(prefix + "attn.pattern", masked.softmax(-1))
        z = keep(prefix + "attn.z", pattern @ v)
        concat = keep(prefix + "attn.concat", z.transpose(0, 1).reshape(length, width))
        attn_out = keep(prefix + "attn_out", block.attn.c_proj(concat))
        x = keep(prefix + "resid_mid", x + attn_out)
        ln2 = keep(prefix + "ln2", block.ln_2(x))
        pre = keep(prefix + "mlp.pre", block.mlp.c_fc(ln2))
        post = keep(prefix + "mlp.post", F.gelu(pre, approximate="tanh"))
        mlp_out = keep(prefix + "mlp_out", block.mlp.c_proj(post))
        x = keep(prefix + "resid_post", x + mlp_out)
    final = keep("final", body.ln_f(x))
    logits = keep("logits", model.lm_head(final))
    keep("probs", logits.softmax(-1))
    return kept


def time_passes(run, passes: int) -> list[float]:
    times = []
    for _ in range(passes):
        start = time.perf_counter()
        kept = run()
        times.append((time.perf_counter() - start) * 1e3)
        del kept
    return times


def time_heed(command: str, folder: str, tokens: int, threads: int) -> float:
    call = [*shlex.split(command), "-m", folder, "--tokens", str(tokens), "--json"]
    call += ["--repeat", str(PASSES_PER_ROUND), "--threads", str(threads)]
    out = subprocess.run(call, check=True, capture_output=True, text=True).stdout
    return json.loads(out)["forward_ms"]


def compare(model, arguments, tokens: int) -> dict:
    ids = torch.randint(0, model.config.vocab_size, (tokens,), generator=torch.manual_seed(1))
    kept = forward(model, ids)
    want = model(ids[None]).logits[0]
    if (kept["logits"] - want).abs().max() > 1e-3 * want.abs().max():
        raise SystemExit("the passes of this file and of transformers differ")
    torch_ms, heed_ms = [], []
    for _ in range(arguments.rounds):
        torch_ms += time_passes(lambda: forward(model, ids), PASSES_PER_ROUND)
        if arguments.heed:
            heed_ms.append(time_heed(arguments.heed, arguments.folder, tokens, arguments.threads))
    result = {"tokens": tokens, "threads": arguments.threads}
    result["pytorch_ms"] = round(statistics.median(torch_ms), 2)
    if heed_ms:
        result["heed_ms"] = round(statistics.median(heed_ms), 2)
        result["pytorch_over_heed"] = round(result["pytorch_ms"] / result["heed_ms"], 3)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--tokens", default="16,128", help="numbers of tokens, with commas")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=6, help=f"of {PASSES_PER_ROUND} passes each")
    parser.add_argument("--heed", default="", help="the command to compare with: 'build/heed bench'")
    arguments = parser.parse_args()

    torch.set_num_threads(arguments.threads)
    torch.set_grad_enabled(False)
    model = GPT2LMHeadModel.from_pretrained(arguments.folder, attn_implementation="eager").eval()
    lengths = [int(part) for part in arguments.tokens.split(",")]
    results = [compare(model, arguments, tokens) for tokens in lengths]
    print(json.dumps({"torch": torch.__version__, "results": results}, indent=2))


if __name__ == "__main__":
    main()
