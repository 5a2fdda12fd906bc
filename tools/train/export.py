"""Writes a trained model as a Hugging Face folder with F16 weights and opens it again to check.

    python tools/train/export.py stories --data ../shared/data/text --work ~/heed-train
"""

import argparse
import copy
import json
from pathlib import Path

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForImageClassification,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
)

import digits
import runtime
from recipes import RECIPES
from vocabulary import load_or_make, write_tokenizer

LOADERS = {
    "stories": AutoModelForCausalLM,
    "words": AutoModelForMaskedLM,
    "translate": AutoModelForSeq2SeqLM,
    "digits": AutoModelForImageClassification,
    "echo": AutoModelForCausalLM,
}
TRIED_LINES = ("Bark is very cute and he is a dog", "\"Don't go,\" said Lily. It's 3 o'clock!")


def shipped_folder(name: str) -> Path:
    """assets/models/<name> of this checkout."""
    return Path(__file__).resolve().parents[2] / "assets" / "models" / name


def opened(name: str, folder: Path):
    """The exported model as transformers opens it, in float32."""
    model = LOADERS[name].from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    )
    return model.eval()


def check(recipe, model, folder: Path) -> None:
    """Stops where the folder's model or tokenizer differs from the trained one."""
    reopened, loss = opened(recipe.name, folder), {}
    for label, candidate in (("trained", model.eval()), ("reopened", reopened)):
        with torch.no_grad():
            losses = [recipe.loss(candidate, batch).item() for batch in recipe.valid_batches(32)]
        loss[label] = sum(losses) / len(losses)
    print(f"valid loss trained {loss['trained']:.5f}, reopened from F16 {loss['reopened']:.5f}")
    if abs(loss["trained"] - loss["reopened"]) > 2e-3:
        raise SystemExit(f"{folder}: the exported model has another loss than the trained one")
    if recipe.tokenizer is None:
        return
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for line in TRIED_LINES:
        if tokenizer(line)["input_ids"] != recipe.tokenizer.encode(line).ids:
            raise SystemExit(f"{folder}: AutoTokenizer splits differently: {line}")


def write_picture_settings(folder: Path) -> None:
    """preprocessor_config.json: how a picture becomes what the digits model takes."""
    settings = {
        "image_processor_type": "ViTImageProcessor",
        "do_resize": True,
        "size": {"height": digits.SIDE, "width": digits.SIDE},
        "resample": 2,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [digits.MEAN],
        "image_std": [digits.DEVIATION],
    }
    text = json.dumps(settings, indent=2)
    (folder / "preprocessor_config.json").write_text(text + "\n", encoding="utf-8")


def export(recipe, model, folder: Path) -> None:
    """Writes config, weights and tokenizer files; MODEL_CARD.md is kept as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped = copy.deepcopy(model).half()
    if recipe.name == "stories":
        # The same function under the name that every reader of GPT-2 folders knows.
        shipped.config.activation_function = "gelu_new"
        shipped.config.use_cache = True
    elif recipe.name in ("echo", "translate"):
        shipped.config.use_cache = True
    shipped.save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)
    if recipe.tokenizer is None:
        write_picture_settings(folder)
        recipe.write_examples(folder)
    else:
        write_tokenizer(recipe.name, recipe.tokenizer, folder)
    check(recipe, model, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=RECIPES)
    parser.add_argument("--data", type=Path, help="folder of the texts, pairs or pictures")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="folder to export to; assets/models/<model>")
    arguments = parser.parse_args()
    runtime.configure(1)

    tokenizer = load_or_make(arguments.model, arguments.data, arguments.work)
    recipe = RECIPES[arguments.model](arguments.data, tokenizer)
    model = recipe.make_model()
    checkpoint = arguments.work / arguments.model / "checkpoint.pt"
    model.load_state_dict(torch.load(checkpoint, weights_only=True)["model"])
    export(recipe, model, arguments.out or shipped_folder(arguments.model))


if __name__ == "__main__":
    main()
