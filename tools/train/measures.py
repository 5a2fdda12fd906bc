"""Measures digits, echo and translate; evaluate.py prints what comes back, as Markdown."""

import csv
from pathlib import Path

import numpy as np
import torch

from digits import as_inputs
from pairs import read_pairs, split_pairs
from schedule import SEED

ALIGNMENTS = Path(__file__).resolve().parent / "alignments.tsv"
ECHO_BATCHES = 100  # of 32 rows each
FREE_ROWS, FREE_LETTERS, FREE_LENGTH = 1000, 24, 8  # echo rows whose letters may come twice
SHOWN_TRANSLATIONS = 12


def row_of_numbers(label: str, values, places: int = 2) -> str:
    """One line of a Markdown table."""
    return f"| {label} | " + " | ".join(f"{value:.{places}f}" for value in values) + " |"


def print_digits(recipe, model) -> None:
    """Share of the test file's pictures that are read right, by digit, and the first errors."""
    pictures, labels = recipe.test
    found = [
        model(pixel_values=as_inputs(pictures[at : at + 200])).logits.argmax(1)
        for at in range(0, len(pictures), 200)
    ]
    found = torch.cat(found).numpy()
    right = found == labels
    print(f"Test pictures read right: {right.mean():.4f} ({right.sum()} of {len(right)}).\n")
    print("| digit | " + " | ".join(map(str, range(10))) + " |\n|---" + "|---:" * 10 + "|")
    print(row_of_numbers("right", [right[labels == digit].mean() for digit in range(10)], 4))
    wrong = np.flatnonzero(~right)
    listed = ", ".join(f"{at} ({labels[at]} read as {found[at]})" for at in wrong[:20])
    print(f"\nThe first errors, by number in the test file: {listed}.\n")


def echo_scores(recipe, model) -> tuple[float, np.ndarray]:
    """(share of foreseeable letters found, sums [3, layers + 1, heads]).

    The sums are means of the weight on the previous token, on the letter after the earlier copy
    where the next letter can be foreseen, and on <s>; the last layer is what uniform weights give.
    """
    hits, weights = [], {"previous": [], "induction": [], "first": []}
    for number in range(ECHO_BATCHES):
        ids, distance = recipe.make_batch(np.random.default_rng([SEED, 8, number]), 32)
        output = model(input_ids=ids, output_attentions=True)
        known = distance[:, 1:] > 0
        hits.append((output.logits[:, :-1].argmax(-1) == ids[:, 1:])[known].float())
        pattern = torch.stack(output.attentions)  # [layers, rows, heads, queries, keys]
        layers, rows, heads, length, _ = pattern.shape
        uniform = torch.tril(torch.ones(length, length))
        uniform = (uniform / uniform.sum(1, keepdim=True)).expand(1, rows, heads, length, length)
        pattern = torch.cat([pattern, uniform])
        at = torch.arange(1, length)
        weights["previous"].append(pattern[:, :, :, at, at - 1].mean((1, 3)))
        weights["first"].append(pattern[:, :, :, at, 0].mean((1, 3)))
        row, query = torch.nonzero(known, as_tuple=True)
        key = query + 1 - distance[row, query + 1]
        weights["induction"].append(pattern[:, row, :, query, key].mean(0))
    means = np.stack([torch.stack(values).mean(0).numpy() for values in weights.values()])
    return torch.cat(hits).mean().item(), means


def free_share(recipe, model) -> float:
    """Share found where all letters are drawn freely, from the third that comes back on."""
    rng, rows = np.random.default_rng([SEED, 9]), []
    for _ in range(FREE_ROWS):
        letters = rng.choice(recipe.letter_ids, FREE_LETTERS)
        start = int(rng.integers(0, FREE_LETTERS - FREE_LENGTH + 1))
        rows.append([recipe.start, *letters, *letters[start : start + FREE_LENGTH]])
    ids = torch.tensor(np.array(rows))
    found = model(input_ids=ids).logits[:, :-1].argmax(-1)
    return (found == ids[:, 1:])[:, -(FREE_LENGTH - 2) :].float().mean().item()


def print_echo(recipe, model) -> None:
    """Letters found, and the weights that the two kinds of head are known by."""
    share, means = echo_scores(recipe, model)
    print(f"Repeated letters right: {share:.4f} ({ECHO_BATCHES * 32} rows made for the purpose).\n")
    print(
        f"Rows of {FREE_LETTERS} letters drawn freely, {FREE_LENGTH} of which come back at the end:"
        f" {free_share(recipe, model):.4f} of the third to the last.\n"
    )
    print("| head | previous | induction | first |\n|---|---:|---:|---:|")
    layers, heads = means.shape[1] - 1, means.shape[2]
    for layer in range(layers):
        for head in range(heads):
            print(row_of_numbers(f"{layer}.{head}", means[:, layer, head]))
    print(row_of_numbers("uniform weights", means[:, layers, 0]) + "\n")


def word_of(text: str, offset: tuple[int, int]) -> int:
    """Number of the word, between spaces, that a token ends in."""
    return text[: max(offset[1] - 1, 0)].count(" ")


def aligned_rows(recipe, model):
    """Per linked French word: (weights [layers, heads, keys], row, word of each key, links)."""
    with ALIGNMENTS.open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file, delimiter="\t"))
    for pair in pairs:
        source = recipe.tokenizer.encode(pair["english"])
        target = recipe.tokenizer.encode(pair["french"])
        output = model(
            input_ids=torch.tensor([source.ids]),
            decoder_input_ids=torch.tensor([[recipe.pad, *target.ids[:-1]]]),
            output_attentions=True,
        )
        pattern = torch.cat(output.cross_attentions).numpy()  # [layers, heads, rows, keys]
        words = [word_of(pair["english"], offset) for offset in source.offsets[:-1]] + [-1]
        links: dict[int, set[int]] = {}
        for link in pair["links"].split():
            english, french = map(int, link.split("-"))
            links.setdefault(french, set()).add(english)
        rows = [word_of(pair["french"], offset) for offset in target.offsets[:-1]]
        for french, english in links.items():
            row = rows.index(french)
            yield pattern[:, :, row], row, words, english


def print_alignment(recipe, model) -> None:
    """How often the largest cross weight of the row that predicts a word is on a linked word."""
    hits, offsets = [], {offset: [] for offset in range(-3, 4)}
    for weights, row, words, english in aligned_rows(recipe, model):
        with_mean = np.concatenate([weights, weights.mean(1, keepdims=True)], 1)
        hits.append(np.isin(np.array(words)[with_mean.argmax(-1)], list(english)))
        for offset, found in offsets.items():
            key = min(max(row + offset, 0), len(words) - 2)
            found.append(words[key] in english)
    shares = np.mean(hits, 0)
    heads = shares.shape[1] - 1
    print(f"Words whose largest cross weight is on a linked word ({len(hits)} words by hand):\n")
    names = [f"head {head}" for head in range(heads)] + ["mean of the heads"]
    print("| layer | " + " | ".join(names) + " |\n|---" + "|---:" * len(names) + "|")
    for layer, values in enumerate(shares):
        print(row_of_numbers(str(layer), values))
    best = max(offsets, key=lambda offset: np.mean(offsets[offset]))
    share = np.mean(offsets[best])
    print(f"\nBest fixed offset: {best:+d} token from the row's own place, {share:.2f}.\n")


def translated(recipe, model, text: str) -> str:
    """The most likely token each time, to the end of the sentence."""
    source = torch.tensor([recipe.tokenizer.encode(text).ids])
    ids = [recipe.pad]
    while len(ids) < 48 and (len(ids) == 1 or ids[-1] != recipe.end):
        logits = model(input_ids=source, decoder_input_ids=torch.tensor([ids])).logits
        ids.append(int(logits[0, -1].argmax()))
    return recipe.tokenizer.decode(ids)


def print_translate(recipe, model) -> None:
    """Loss on the held-out pairs, alignment, and translations of sentences it has not seen."""
    nats, tokens = 0.0, 0
    for batch in recipe.valid_batches():
        count = int((batch[3] >= 0).sum())
        nats += recipe.loss(model, batch).item() * count
        tokens += count
    pairs = len(recipe.pairs[1])
    print(f"Held-out loss: {nats / tokens:.3f} nats a token ({tokens} tokens, {pairs} pairs).\n")
    print_alignment(recipe, model)
    held_out = {english: french for english, french in split_pairs(read_pairs(recipe.data))[1]}
    chosen = sorted(english for english in held_out if 4 <= len(english.split()) <= 9)
    print("| held-out sentence | translation of the model | one of the pairs |\n|---|---|---|")
    for english in chosen[:: len(chosen) // SHOWN_TRANSLATIONS][:SHOWN_TRANSLATIONS]:
        print(f"| {english} | {translated(recipe, model, english)} | {held_out[english]} |")
    print()


PRINTERS = {"digits": print_digits, "echo": print_echo, "translate": print_translate}
