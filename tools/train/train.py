"""Trains one of the small models and exports it; continues where it stopped.

    python tools/train/train.py stories --data ../shared/data/text --work ~/heed-train
"""

import argparse
import time
from pathlib import Path

import torch

import export
import runtime
from recipes import RECIPES
from schedule import SEED
from vocabulary import load_or_make

MATRIX_RATE = 0.02  # Muon, for the matrices inside the layers
OTHER_RATE = 3e-3  # AdamW, for embeddings, norms and biases
CHECK_EVERY = 200  # steps between checkpoints and looks at the held-out text


def make_optimizers(model) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers, AdamW for the rest."""
    matrices, others = [], []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        inside = any(part in name for part in (".h.", ".layer.", ".layers."))
        (matrices if inside and parameter.ndim == 2 else others).append(parameter)
    return [
        torch.optim.Muon(matrices, lr=MATRIX_RATE, weight_decay=0.1, momentum=0.95),
        torch.optim.AdamW(others, lr=OTHER_RATE, weight_decay=0.0, betas=(0.9, 0.98), fused=True),
    ]


def mean_valid_loss(recipe, model, limit: int) -> float:
    """Mean loss over the first held-out batches, without dropout."""
    model.eval()
    with torch.no_grad(), runtime.autocast():
        losses = [recipe.loss(model, batch).item() for batch in recipe.valid_batches(limit)]
    model.train()
    return sum(losses) / len(losses)


def save_checkpoint(path: Path, step: int, model, optimizers) -> None:
    """Writes whole, then moves into place, so that a broken run leaves the older one."""
    state = {
        "step": step,
        "model": model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
    }
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def load_checkpoint(path: Path, model, optimizers) -> int:
    """Restores the last checkpoint and returns the step to go on with; 0 where there is none."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"]):
        optimizer.load_state_dict(saved)
    return state["step"]


def take_step(recipe, model, optimizers, step: int) -> float:
    """One batch forward, backward and into the weights; returns its loss."""
    torch.manual_seed(SEED + step)
    factor = recipe.schedule.factor(step)
    for optimizer, rate in zip(optimizers, (MATRIX_RATE, OTHER_RATE)):
        for group in optimizer.param_groups:
            group["lr"] = rate * factor
    with runtime.autocast():
        loss = recipe.loss(model, recipe.batch(step))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in optimizers:
        optimizer.step()
        optimizer.zero_grad()
    return loss.item()


def train(recipe, work: Path, until: int):
    """Runs from the last checkpoint to step `until`; returns the model."""
    path = work / recipe.name / "checkpoint.pt"
    model = recipe.make_model().train()
    optimizers = make_optimizers(model)
    step = load_checkpoint(path, model, optimizers)
    losses, started, first = [], time.monotonic(), step
    while step < until:
        losses.append(take_step(recipe, model, optimizers, step))
        step += 1
        if step % 20 == 0:
            pace = (time.monotonic() - started) / (step - first)
            recent = sum(losses[-20:]) / len(losses[-20:])
            print(f"step {step} loss {recent:.4f} {pace:.3f} s/step", flush=True)
        if step % CHECK_EVERY == 0 or step == until:
            print(f"step {step} valid {mean_valid_loss(recipe, model, 64):.4f}", flush=True)
            save_checkpoint(path, step, model, optimizers)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=RECIPES)
    parser.add_argument("--data", type=Path, help="folder of the texts, pairs or pictures")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--out", type=Path, help="folder to export to; assets/models/<model>")
    parser.add_argument("--until", type=int, help="stop at this step instead of the last")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    runtime.configure(arguments.threads)

    tokenizer = load_or_make(arguments.model, arguments.data, arguments.work)
    recipe = RECIPES[arguments.model](arguments.data, tokenizer)
    until = min(arguments.until or recipe.schedule.total, recipe.schedule.total)
    model = train(recipe, arguments.work, until)
    export.export(recipe, model, arguments.out or export.shipped_folder(arguments.model))


if __name__ == "__main__":
    main()
