"""The digits model: ViT form, a handwritten digit in patches of 4 by 4 pixels.

The training pictures are turned, stretched and moved a little, anew in every epoch. The last
pictures of the training file watch the training; the test file is measured by evaluate.py alone.
"""

import gzip
import json
import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import affine_grid, cross_entropy, grid_sample
from transformers import ViTConfig, ViTForImageClassification

from schedule import SEED, Schedule

SIDE, PATCH = 28, 4
WIDTH, LAYERS, HEADS, INNER = 64, 4, 4, 128
MEAN, DEVIATION = 0.5, 0.5  # of the pixels 0 .. 1, as preprocessor_config.json says
# Test pictures that are shown as examples: the first of each digit.
EXAMPLES = (3, 2, 1, 18, 4, 8, 11, 0, 61, 7)
WATCHED = 2000  # pictures at the end of the training file that are not trained on


def read_idx(path: Path) -> np.ndarray:
    """The bytes of a gzipped idx file with their shape."""
    raw = gzip.decompress(path.read_bytes())
    if raw[:3] != b"\0\0\x08":
        raise SystemExit(f"{path}: not an idx file of bytes")
    dimensions = raw[3]
    shape = np.frombuffer(raw, ">u4", dimensions, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def as_inputs(pictures: np.ndarray) -> torch.Tensor:
    """Bytes [N, 28, 28] -> what the model takes, [N, 1, 28, 28]."""
    pixels = torch.from_numpy(pictures.astype(np.float32)) / 255.0
    return ((pixels - MEAN) / DEVIATION)[:, None]


def shifted(inputs: torch.Tensor, rng) -> torch.Tensor:
    """Every picture turned by up to 8 degrees, slanted, stretched and moved a little."""
    count = len(inputs)
    angle = rng.uniform(-8, 8, count) * math.pi / 180
    slant = rng.uniform(-0.08, 0.08, count)
    wide, high = rng.uniform(0.92, 1.08, (2, count))
    move = rng.uniform(-1.5, 1.5, (2, count)) * 2 / SIDE
    top = np.stack([np.cos(angle) * wide, slant - np.sin(angle), move[0]], 1)
    bottom = np.stack([np.sin(angle), np.cos(angle) * high, move[1]], 1)
    matrices = torch.from_numpy(np.stack([top, bottom], 1).astype(np.float32))
    grid = affine_grid(matrices, list(inputs.shape), align_corners=False)
    darkest = -MEAN / DEVIATION
    return grid_sample(inputs - darkest, grid, align_corners=False) + darkest


class Digits:
    """ViT form, ten classes."""

    name = "digits"
    schedule = Schedule(total=5000, warmup=100, decay=4600)
    rows_per_step = 128

    def __init__(self, data: Path, tokenizer=None):
        self.tokenizer = tokenizer
        pictures = read_idx(data / "train-images-idx3-ubyte.gz")
        labels = torch.from_numpy(read_idx(data / "train-labels-idx1-ubyte.gz").astype(np.int64))
        self.pictures, self.labels = pictures[:-WATCHED], labels[:-WATCHED]
        self.watched = as_inputs(pictures[-WATCHED:]), labels[-WATCHED:]
        self.test = (
            read_idx(data / "t10k-images-idx3-ubyte.gz"),
            read_idx(data / "t10k-labels-idx1-ubyte.gz"),
        )

    def make_model(self) -> ViTForImageClassification:
        torch.manual_seed(SEED)
        names = {number: str(number) for number in range(10)}
        config = ViTConfig(
            image_size=SIDE,
            patch_size=PATCH,
            num_channels=1,
            hidden_size=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            intermediate_size=INNER,
            hidden_dropout_prob=0.0,
            id2label=names,
            label2id={name: number for number, name in names.items()},
            attn_implementation="eager",
        )
        return ViTForImageClassification(config)

    def batch(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Pictures [rows, 1, 28, 28] and their digits; every epoch in another order."""
        per_epoch = len(self.pictures) // self.rows_per_step
        epoch, place = divmod(step, per_epoch)
        order = np.random.default_rng([SEED, epoch]).permutation(len(self.pictures))
        chosen = order[place * self.rows_per_step : (place + 1) * self.rows_per_step]
        inputs = shifted(as_inputs(self.pictures[chosen]), np.random.default_rng([SEED, 1, step]))
        return inputs, self.labels[torch.from_numpy(chosen)]

    def loss(self, model, batch) -> torch.Tensor:
        """Mean nats per picture."""
        inputs, labels = batch
        return cross_entropy(model(pixel_values=inputs).logits.float(), labels)

    def write_examples(self, folder: Path) -> None:
        """examples.json and the pictures that it names, grey, 28 by 28."""
        (folder / "examples").mkdir(exist_ok=True)
        examples = []
        for number in EXAMPLES:
            pictures, labels = self.test
            file = f"examples/{labels[number]}-{number}.png"
            Image.fromarray(pictures[number]).save(folder / file)
            examples.append({"image": file, "note": f"a handwritten {labels[number]}"})
        text = json.dumps({"examples": examples}, indent=2)
        (folder / "examples.json").write_text(text + "\n", encoding="utf-8")

    def valid_batches(self, limit: int | None = None):
        """The pictures that watch the training, 100 at a time."""
        for at in list(range(0, WATCHED, 100))[:limit]:
            yield self.watched[0][at : at + 100], self.watched[1][at : at + 100]
