"""The echo model: two layers in Llama form on made-up letters, of which some come back.

A row is <s> and letters in random order, none twice; then some letters that stand side by side in
it are put in once more at a random place further on. What follows a letter that came before can
be known by looking for its earlier place; nothing else can, and nothing else is asked for. (Asked
for all letters, the model got 99.4 % of those that come back right without a head that looks at the
place after the earlier one: 0.06 of the weight at most.)
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from transformers import LlamaConfig, LlamaForCausalLM

from schedule import SEED, Schedule
from vocabulary import ECHO_CONTEXT, ECHO_START, LETTERS

WIDTH, LAYERS, HEADS, INNER = 64, 2, 2, 128


def echo_rows(rng, count: int, letters: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `letters` letters of which `length` come back: (letters, distances).

    Both are [count, letters + length]. The distance is 0 where a letter is new or is the first of
    those that come back, else how far back the same letter stands.
    """
    rows = np.empty((count, letters + length), dtype=np.int64)
    distance = np.zeros_like(rows)
    for row in range(count):
        order = rng.permutation(len(LETTERS))[:letters]
        start = int(rng.integers(0, letters - length + 1))
        place = int(rng.integers(start + length, letters + 1))
        rows[row] = np.concatenate([order[:place], order[start : start + length], order[place:]])
        distance[row, place + 1 : place + length] = place - start
    return rows, distance


class Echo:
    """Llama form, next letter."""

    name = "echo"
    schedule = Schedule(total=2000, warmup=100, decay=1500)
    rows_per_step = 96

    def __init__(self, data: Path | None, tokenizer):
        self.tokenizer = tokenizer
        self.start = tokenizer.token_to_id(ECHO_START)
        self.letter_ids = np.array([tokenizer.token_to_id(letter) for letter in LETTERS])

    def make_model(self) -> LlamaForCausalLM:
        torch.manual_seed(SEED)
        config = LlamaConfig(
            vocab_size=self.tokenizer.get_vocab_size(),
            hidden_size=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            num_key_value_heads=HEADS,
            intermediate_size=INNER,
            max_position_embeddings=ECHO_CONTEXT,
            attention_bias=True,
            tie_word_embeddings=True,
            rms_norm_eps=1e-5,
            bos_token_id=self.start,
            eos_token_id=None,
            use_cache=False,
            attn_implementation="eager",
        )
        return LlamaForCausalLM(config)

    def make_batch(self, rng, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids with <s> in front and the distance back of each: [count, letters + 1] each."""
        letters = int(rng.integers(8, len(LETTERS) + 1))
        length = int(rng.integers(3, letters + 1))
        rows, distance = echo_rows(rng, count, letters, length)
        ids = np.pad(self.letter_ids[rows], ((0, 0), (1, 0)), constant_values=self.start)
        return torch.from_numpy(ids), torch.from_numpy(np.pad(distance, ((0, 0), (1, 0))))

    def batch(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The rows of a step; no row comes twice."""
        return self.make_batch(np.random.default_rng([SEED, step]), self.rows_per_step)

    def loss(self, model, batch) -> torch.Tensor:
        """Mean nats per letter that can be foreseen."""
        ids, distance = batch
        known = distance[:, 1:] > 0
        logits = model(input_ids=ids).logits[:, :-1][known]
        return cross_entropy(logits.float(), ids[:, 1:][known])

    def valid_batches(self, limit: int | None = None):
        """Rows of another seed than those that are trained on."""
        for number in range(min(limit or 64, 64)):
            yield self.make_batch(np.random.default_rng([SEED, 7, number]), 32)
