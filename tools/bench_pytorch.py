#!/usr/bin/env python3
"""Times GPT-2 in PyTorch, eager, every intermediate kept, and heed beside it.

bench_pytorch.py FOLDER [--tokens N,...] [--threads K] [--rounds R] [--heed COMMAND]
                 [--cuda [--product N,... --gl-bench COMMAND]]

FOLDER is a GPT-2 of tools/make_random_model.py. Rounds of both sides alternate, so that what else
the machine does slows both alike. Prints one JSON document: for each number of tokens the medians
in milliseconds and their ratio. Needs torch and transformers.

With --cuda PyTorch computes on the graphics card: float32 without TF32, timed by CUDA events; the
command of heed should then say --backend gl. --product times square products, too, beside every
variant of `gl_bench`. tools/bench_gpu.sh calls it so.
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
    is_future = torch.ones(length, length, dtype=torch.bool, device=ids.device).triu(1)
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


def time_cuda(run, passes: int) -> list[float]:
    times = []
    for _ in range(passes):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        kept = run()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end))
        del kept
    return times


def time_heed(command: str, folder: str, tokens: int, threads: int) -> float:
    call = [*shlex.split(command), "-m", folder, "--tokens", str(tokens), "--json"]
    call += ["--repeat", str(PASSES_PER_ROUND), "--threads", str(threads)]
    out = subprocess.run(call, check=True, capture_output=True, text=True).stdout
    return json.loads(out)["forward_ms"]


def compare(model, arguments, tokens: int) -> dict:
    ids = torch.randint(0, model.config.vocab_size, (tokens,), generator=torch.manual_seed(1))
    ids = ids.to(model.device)
    time_own = time_cuda if arguments.cuda else time_passes
    time_own(lambda: forward(model, ids), PASSES_PER_ROUND)  # memory is taken, programs are loaded
    kept = forward(model, ids)
    want = model(ids[None]).logits[0]
    if (kept["logits"] - want).abs().max() > 1e-3 * want.abs().max():
        raise SystemExit("the passes of this file and of transformers differ")
    torch_ms, heed_ms = [], []
    for _ in range(arguments.rounds):
        torch_ms += time_own(lambda: forward(model, ids), PASSES_PER_ROUND)
        if arguments.heed:
            heed_ms.append(time_heed(arguments.heed, arguments.folder, tokens, arguments.threads))
    result = {"tokens": tokens}
    if not arguments.cuda:
        result["threads"] = arguments.threads
    result["pytorch_ms"] = round(statistics.median(torch_ms), 2)
    if heed_ms:
        result["heed_ms"] = round(statistics.median(heed_ms), 2)
        result["pytorch_over_heed"] = round(result["pytorch_ms"] / result["heed_ms"], 3)
    return result


def time_gl_products(command: str, side: int) -> dict[str, float]:
    """GFLOP/s of each variant that the benchmark knows for this side."""
    call = [*shlex.split(command), f"--benchmark_filter=^{side}.3/", "--benchmark_format=json"]
    out = subprocess.run(call, check=True, capture_output=True, text=True).stdout
    runs = json.loads(out)["benchmarks"]
    return {run["name"].split("/")[1]: round(run["GFLOP/s"], 1) for run in runs if "GFLOP/s" in run}


def compare_product(arguments, side: int) -> dict:
    left, right = (torch.rand(side, side, device="cuda") * 2 - 1 for _ in range(2))
    time_cuda(lambda: left @ right, PASSES_PER_ROUND)
    rounds = range(arguments.rounds)
    times = [ms for _ in rounds for ms in time_cuda(lambda: left @ right, PASSES_PER_ROUND)]
    result = {"side": side, "cublas_ms": round(statistics.median(times), 4)}
    result["cublas_gflops"] = round(2e-6 * side**3 / statistics.median(times), 1)
    if arguments.gl_bench:
        variants = time_gl_products(arguments.gl_bench, side)
        best = max(variants, key=variants.get)
        result.update(heed_gflops=variants, heed_best=best)
        result["heed_over_cublas"] = round(variants[best] / result["cublas_gflops"], 3)
    return result


def prepare_cuda() -> None:
    if not torch.cuda.is_available():
        raise SystemExit("this PyTorch finds no CUDA device: nothing to compare with")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.set_float32_matmul_precision("highest")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--tokens", default="16,128", help="numbers of tokens, with commas")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=6, help=f"of {PASSES_PER_ROUND} passes each")
    parser.add_argument("--heed", default="", help="the command to compare with: 'build/heed bench'")
    parser.add_argument("--cuda", action="store_true", help="PyTorch on the graphics card")
    parser.add_argument("--product", default="", help="sides of square products, with commas")
    parser.add_argument("--gl-bench", default="", help="the command: 'build/tests/bench/gl_bench'")
    arguments = parser.parse_args()

    if arguments.cuda:
        prepare_cuda()
    elif arguments.product:
        parser.error("--product is for --cuda")
    torch.set_num_threads(arguments.threads)
    torch.set_grad_enabled(False)
    model = GPT2LMHeadModel.from_pretrained(arguments.folder, attn_implementation="eager").eval()
    if arguments.cuda:
        model = model.cuda()
    lengths = [int(part) for part in arguments.tokens.split(",")]
    results = [compare(model, arguments, tokens) for tokens in lengths]
    document = {"torch": torch.__version__, "results": results}
    if arguments.cuda:
        document["device"] = torch.cuda.get_device_name()
        sides = [int(part) for part in arguments.product.split(",") if part]
        document["products"] = [compare_product(arguments, side) for side in sides]
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    main()
