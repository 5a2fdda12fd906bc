"""The recipes by name, and the two text models: shape, batches and loss.

train.py runs a recipe, export.py writes what came of it.

Batches depend on (seed, step) alone, so that training continues from a checkpoint as if it had
never stopped.
"""

from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel

from corpus import SOURCES, VALID_FILE, read_documents, read_source, split_sentences
from digits import Digits
from echo import Echo
from schedule import IGNORED, SEED, Schedule, start_positions_as_waves
from translate import Translate
from vocabulary import CONTEXT, VOCABULARY_SIZE

LAYERS, WIDTH, HEADS = 4, 192, 6


class TokenStream:
    """Documents of one source end to end, cut anew into rows in every epoch."""

    def __init__(self, documents: list[list[str]], tokenizer: Tokenizer, end_of_text: int):
        ids, line_starts = [], []
        for document in documents:
            lines = [line + "\n" for line in document[:-1]] + [document[-1]]
            for encoding in tokenizer.encode_batch(lines):
                line_starts.append(len(ids))
                ids.extend(encoding.ids)
            ids.append(end_of_text)
        self.ids = np.array(ids, dtype=np.int64)
        self.line_starts = np.array(line_starts)

    def rows(self, first: int, count: int, length: int, seed: int) -> np.ndarray:
        """Rows number first .. first + count of the endless sequence of epochs: [count, length].

        Every epoch is shifted and shuffled; half of the rows begin where a line begins, as the
        text that people type does.
        """
        per_epoch = len(self.ids) // length - 2
        rows = []
        for number in range(first, first + count):
            epoch, place = divmod(number, per_epoch)
            rng = np.random.default_rng([seed, epoch])
            shift = int(rng.integers(length))
            start = int(rng.permutation(per_epoch)[place]) * length + shift
            if number % 2 == 0:
                following = np.searchsorted(self.line_starts, start)
                start = int(self.line_starts[min(following, len(self.line_starts) - 1)])
            start = min(start, len(self.ids) - length)
            rows.append(self.ids[start : start + length])
        return np.stack(rows)


def repeated_rows(count: int, length: int, rng) -> tuple[np.ndarray, np.ndarray]:
    """Random tokens that come back: rows [count, length] and which of them can be foreseen."""
    rows = np.empty((count, length), dtype=np.int64)
    foreseeable = np.zeros((count, length), dtype=bool)
    for row in range(count):
        period = int(rng.integers(8, length // 2))
        segment = rng.integers(1, VOCABULARY_SIZE, period)
        rows[row] = np.resize(segment, length)
        foreseeable[row, period + 1 :] = True
    return rows, foreseeable


class Stories:
    """GPT-2 form, next token. Rows per step from each source; one row of repeated segments."""

    name = "stories"
    schedule = Schedule(total=3600, warmup=100, decay=3500)
    rows_per_step = {"tinystories": 14, "books": 3, "sentences": 6}
    repeated_per_step = 1

    def __init__(self, data: Path, tokenizer: Tokenizer):
        self.data, self.tokenizer = data, tokenizer
        self.end_of_text = tokenizer.token_to_id("<|endoftext|>")
        valid_documents = read_documents(data / VALID_FILE)
        self.valid = TokenStream(valid_documents, tokenizer, self.end_of_text)
        self.valid_bytes = sum(len("\n".join(lines).encode()) for lines in valid_documents)

    @cached_property
    def streams(self) -> dict[str, TokenStream]:
        """The training texts by source."""
        return {
            source: TokenStream(read_source(self.data, source), self.tokenizer, self.end_of_text)
            for source in SOURCES
        }

    def make_model(self) -> GPT2LMHeadModel:
        torch.manual_seed(SEED)
        config = GPT2Config(
            vocab_size=VOCABULARY_SIZE,
            n_positions=CONTEXT,
            n_embd=WIDTH,
            n_layer=LAYERS,
            n_head=HEADS,
            activation_function="gelu_pytorch_tanh",
            resid_pdrop=0.1,
            embd_pdrop=0.1,
            attn_pdrop=0.0,
            bos_token_id=self.end_of_text,
            eos_token_id=self.end_of_text,
            use_cache=False,
            attn_implementation="eager",
        )
        model = GPT2LMHeadModel(config)
        start_positions_as_waves(model.transformer.wpe.weight)
        return model

    def batch(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Inputs and targets of a step: [rows, 128] each."""
        parts, known = [], []
        for number, (source, count) in enumerate(self.rows_per_step.items()):
            stream = self.streams[source]
            parts.append(stream.rows(step * count, count, CONTEXT + 1, SEED + number))
            known.append(np.ones(parts[-1].shape, dtype=bool))
        rows, foreseeable = repeated_rows(
            self.repeated_per_step, CONTEXT + 1, np.random.default_rng([SEED, step])
        )
        ids = torch.from_numpy(np.concatenate([*parts, rows]))
        counted = torch.from_numpy(np.concatenate([*known, foreseeable]))
        return ids[:, :-1], ids[:, 1:].masked_fill(~counted[:, 1:], IGNORED)

    def loss(self, model, batch) -> torch.Tensor:
        """Mean nats per predicted token."""
        inputs, targets = batch
        logits = model(input_ids=inputs).logits
        return cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), ignore_index=IGNORED)

    def valid_batches(self, limit: int | None = None):
        """The held-out text in windows of 128 predictions, each token predicted once."""
        ids = self.valid.ids
        windows = [ids[at : at + CONTEXT + 1] for at in range(0, len(ids) - CONTEXT, CONTEXT)]
        for at in range(0, len(windows[:limit]), 16):
            rows = torch.from_numpy(np.stack(windows[:limit][at : at + 16]))
            yield rows[:, :-1], rows[:, 1:]


class Words:
    """BERT form, masked tokens. Rows of equal length per step, so that nothing is padded."""

    name = "words"
    schedule = Schedule(total=8800, warmup=150, decay=2400, second=4400)
    tokens_per_step = 4096
    masked_share = 0.2
    piece_limits = (32, 64, CONTEXT, CONTEXT, CONTEXT)  # drawn per document and epoch
    epoch_repeats = {"tinystories": 2, "books": 2, "sentences": 1}
    later_repeats = {"tinystories": 4, "books": 2, "sentences": 1}
    later_epoch = 4  # the first that repeats as later_repeats says

    def __init__(self, data: Path, tokenizer: Tokenizer):
        self.data, self.tokenizer = data, tokenizer
        self.cls, self.sep, self.mask = map(tokenizer.token_to_id, ("[CLS]", "[SEP]", "[MASK]"))
        self.valid_pieces = self._valid_pieces(read_documents(data / VALID_FILE))
        self._epoch, self._batches, self._first_step = -1, [], 0

    @cached_property
    def documents(self) -> dict[str, list[list[list[int]]]]:
        """The training texts by source."""
        return {source: self._encode(read_source(self.data, source)) for source in SOURCES}

    def _encode(self, documents: list[list[str]]) -> list[list[list[int]]]:
        """Per document its sentences as token ids, without special tokens."""
        sentences = [
            [part for line in lines for part in split_sentences(line)] for lines in documents
        ]
        flat = [part for parts in sentences for part in parts]
        encoded = iter(self.tokenizer.encode_batch(flat, add_special_tokens=False))
        return [[next(encoded).ids for _ in parts] for parts in sentences]

    def _pieces(self, document: list[list[int]], limit: int):
        """Runs of whole sentences of at most limit tokens together with [CLS], [SEP], [SEP]."""
        piece = []
        for sentence in document:
            if piece and sum(map(len, piece)) + len(sentence) > limit - 3:
                yield piece
                piece = []
            piece.append(sentence[: limit - 3])
        if piece:
            yield piece

    def _row(self, piece: list[list[int]], as_pair: bool) -> tuple[list[int], list[int]]:
        """Token ids and types of a piece; as a pair, its halves are two texts."""
        cut = len(piece) // 2 if as_pair and len(piece) > 1 else len(piece)
        first = [self.cls, *(token for part in piece[:cut] for token in part), self.sep]
        second = [token for part in piece[cut:] for token in part]
        second += [self.sep] if second else []
        return first + second, [0] * len(first) + [1] * len(second)

    def _make_epoch(self, epoch: int) -> list[tuple[np.ndarray, np.ndarray]]:
        """Batches of one epoch in random order: ids and types, [rows, length] each."""
        rng = np.random.default_rng([SEED, epoch])
        by_length: dict[int, list] = {}
        every = self.epoch_repeats if epoch < self.later_epoch else self.later_repeats
        for source, repeats in every.items():
            for document in self.documents[source] * repeats:
                limit = self.piece_limits[rng.integers(len(self.piece_limits))]
                for piece in self._pieces(document, limit):
                    ids, types = self._row(piece, rng.random() < 0.25)
                    length = len(ids) if len(ids) < 24 else len(ids) // 8 * 8
                    ids = ids[: length - 1] + [self.sep]
                    by_length.setdefault(length, []).append((ids, types[:length]))
        batches = []
        for length, rows in sorted(by_length.items()):
            order = rng.permutation(len(rows))
            count = self.tokens_per_step // length
            for at in range(0, len(rows) - count + 1, count):
                chosen = [rows[number] for number in order[at : at + count]]
                batches.append(tuple(np.array(part) for part in zip(*chosen)))
        return [batches[number] for number in rng.permutation(len(batches))]

    def make_model(self) -> BertForMaskedLM:
        torch.manual_seed(SEED)
        config = BertConfig(
            vocab_size=VOCABULARY_SIZE,
            hidden_size=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            intermediate_size=4 * WIDTH,
            max_position_embeddings=CONTEXT,
            hidden_dropout_prob=0.1,
            attention_probs_dropout_prob=0.0,
            pad_token_id=self.tokenizer.token_to_id("[PAD]"),
            attn_implementation="eager",
        )
        model = BertForMaskedLM(config)
        start_positions_as_waves(model.bert.embeddings.position_embeddings.weight)
        return model

    def batch(self, step: int):
        """Ids, types, places that are asked for, and the tokens that belong there."""
        while not self._first_step <= step < self._first_step + len(self._batches):
            if step < self._first_step:
                self._epoch, self._first_step, self._batches = -1, 0, []
            self._first_step += len(self._batches)
            self._epoch += 1
            self._batches = self._make_epoch(self._epoch)
        ids, types = self._batches[step - self._first_step]
        rng = np.random.default_rng([SEED, step])
        return self._masked(ids, types, self.masked_share, rng, all_masked=False)

    def _masked(self, ids, types, share: float, rng, all_masked: bool):
        """Hides a share of the ordinary tokens; of those, 1 in 10 stays and 1 in 10 is random."""
        candidates = np.flatnonzero((ids != self.cls) & (ids != self.sep))
        number = max(1, round(share * len(candidates)))
        asked = np.sort(rng.choice(candidates, number, replace=False))
        targets = ids.reshape(-1)[asked]
        shown = np.full(len(asked), self.mask)
        if not all_masked:
            draw = rng.random(len(asked))
            shown = np.where(draw < 0.1, targets, shown)
            random_tokens = rng.integers(self.mask + 1, VOCABULARY_SIZE, len(asked))
            shown = np.where(draw > 0.9, random_tokens, shown)
        flat = ids.reshape(-1).copy()
        flat[asked] = shown
        arrays = (flat.reshape(ids.shape), types, asked, targets)
        return tuple(torch.from_numpy(np.asarray(array)) for array in arrays)

    def asked_logits(self, model, batch) -> torch.Tensor:
        """Logits at the places asked for only: [asked, vocabulary]."""
        ids, types, asked, _ = batch
        hidden = model.bert(input_ids=ids, token_type_ids=types).last_hidden_state
        return model.cls(hidden.flatten(0, 1)[asked])

    def loss(self, model, batch) -> torch.Tensor:
        """Mean nats per masked token."""
        return cross_entropy(self.asked_logits(model, batch).float(), batch[3])

    def _valid_pieces(self, documents) -> list[list[int]]:
        """The held-out text in runs of whole sentences up to the context."""
        return [
            self._row(piece, as_pair=False)[0]
            for document in self._encode(documents)
            for piece in self._pieces(document, CONTEXT)
        ]

    def valid_batches(self, limit: int | None = None):
        """Held-out runs one by one, 15 in 100 of the ordinary tokens replaced by [MASK]."""
        for number, piece in enumerate(self.valid_pieces[:limit]):
            ids = np.array([piece])
            rng = np.random.default_rng([SEED, 7, number])
            yield self._masked(ids, np.zeros_like(ids), 0.15, rng, all_masked=True)


RECIPES = {recipe.name: recipe for recipe in (Stories, Words, Translate, Digits, Echo)}
