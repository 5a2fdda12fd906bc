"""The translate model: Marian form, English to French, one sentence at a time.

Pairs whose English the held-out pairs have are not trained on, nor those whose French they have.
"""

from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from transformers import MarianConfig, MarianMTModel

from pairs import read_pairs, split_pairs
from schedule import IGNORED, SEED, Schedule
from vocabulary import PAD, PAIR_CONTEXT, SENTENCE_END, TRANSLATE_VOCABULARY_SIZE

LAYERS, WIDTH, HEADS = 3, 160, 5
LONGEST = 40  # tokens of a sentence with its end; longer pairs are left out


class Translate:
    """Marian form: the next token of the French sentence, by the English one and what stands."""

    name = "translate"
    schedule = Schedule(total=2600, warmup=150, decay=2450)
    tokens_per_step = 4096  # of the longer side, with padding

    def __init__(self, data: Path, tokenizer: Tokenizer):
        self.data, self.tokenizer = data, tokenizer
        self.pad, self.end = tokenizer.token_to_id(PAD), tokenizer.token_to_id(SENTENCE_END)
        self._epoch, self._first_step, self._batches = -1, 0, []

    @cached_property
    def pairs(self) -> tuple[list, list]:
        """Training pairs and held-out pairs, each as (source ids, target ids)."""
        return tuple(self._encode(part) for part in split_pairs(read_pairs(self.data)))

    def _encode(self, pairs: list[tuple[str, str]]) -> list[tuple[list[int], list[int]]]:
        """Token ids, the end of the sentence among them; without pairs that are too long."""
        sides = []
        for texts in zip(*pairs):
            sides.append([encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))])
        return [pair for pair in zip(*sides) if max(map(len, pair)) <= LONGEST]

    def make_model(self) -> MarianMTModel:
        torch.manual_seed(SEED)
        config = MarianConfig(
            vocab_size=TRANSLATE_VOCABULARY_SIZE,
            d_model=WIDTH,
            encoder_layers=LAYERS,
            decoder_layers=LAYERS,
            encoder_attention_heads=HEADS,
            decoder_attention_heads=HEADS,
            encoder_ffn_dim=4 * WIDTH,
            decoder_ffn_dim=4 * WIDTH,
            max_position_embeddings=PAIR_CONTEXT,
            activation_function="swish",
            dropout=0.1,
            attention_dropout=0.0,
            scale_embedding=True,
            pad_token_id=self.pad,
            eos_token_id=self.end,
            forced_eos_token_id=self.end,
            decoder_start_token_id=self.pad,
            use_cache=False,
            attn_implementation="eager",
        )
        model = MarianMTModel(config)
        # Scaled by sqrt(width) before use: of the size of the positions, which are not learned.
        torch.nn.init.normal_(model.model.shared.weight, std=WIDTH**-0.5)
        return model

    def _make_epoch(self, epoch: int) -> list[list]:
        """Batches of one epoch in random order: pairs of like length together."""
        rng = np.random.default_rng([SEED, epoch])
        pairs = self.pairs[0]
        order = [pairs[number] for number in rng.permutation(len(pairs))]
        order.sort(key=lambda pair: (max(map(len, pair)), len(pair[0])))
        batches, batch = [], []
        for pair in order:
            if batch and (len(batch) + 1) * max(map(len, pair)) > self.tokens_per_step:
                batches.append(batch)
                batch = []
            batch.append(pair)
        return [batches[number] for number in rng.permutation(len(batches))]

    def batch(self, step: int):
        """Source ids, which of them count, decoder's inputs, targets: [rows, longest] each."""
        while not self._first_step <= step < self._first_step + len(self._batches):
            if step < self._first_step:
                self._epoch, self._first_step, self._batches = -1, 0, []
            self._first_step += len(self._batches)
            self._epoch += 1
            self._batches = self._make_epoch(self._epoch)
        return self._padded(self._batches[step - self._first_step])

    def _padded(self, pairs: list):
        """Pairs as tensors; the decoder is given <pad> and the target up to its last token."""
        widths = [max(len(pair[side]) for pair in pairs) for side in (0, 1)]
        source = torch.full((len(pairs), widths[0]), self.pad)
        inputs = torch.full((len(pairs), widths[1]), self.pad)
        targets = torch.full((len(pairs), widths[1]), IGNORED)
        for row, (first, second) in enumerate(pairs):
            source[row, : len(first)] = torch.tensor(first)
            inputs[row, 1 : len(second)] = torch.tensor(second[:-1])
            targets[row, : len(second)] = torch.tensor(second)
        return source, (source != self.pad).long(), inputs, targets

    def loss(self, model, batch) -> torch.Tensor:
        """Mean nats per target token, the end of the sentence among them."""
        source, counted, inputs, targets = batch
        output = model.model(input_ids=source, attention_mask=counted, decoder_input_ids=inputs)
        asked = targets != IGNORED
        logits = model.lm_head(output.last_hidden_state[asked]) + model.final_logits_bias
        return cross_entropy(logits.float(), targets[asked])

    def valid_batches(self, limit: int | None = None):
        """The held-out pairs, 32 of like length at a time, the batches in random order."""
        pairs = sorted(self.pairs[1], key=lambda pair: (len(pair[1]), len(pair[0])))
        starts = np.random.default_rng(SEED).permutation(range(0, len(pairs), 32))
        for at in starts[:limit]:
            yield self._padded(pairs[at : at + 32])
