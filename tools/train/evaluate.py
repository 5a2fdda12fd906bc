"""Measures an exported model on what was held out: losses, and where each head looks.

    python tools/train/evaluate.py assets/models/stories --data ../shared/data/text

Prints Markdown, as it stands in the model cards.
"""

import argparse
import math
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import export
import measures
import runtime
from corpus import VALID_FILE, read_documents, split_sentences
from recipes import RECIPES
from schedule import SEED

SENTENCES = 300  # held-out sentences of 6 to 24 words for the table of heads
EXAMPLE = "Bark is very cute and he is a dog"
REPEATED = 24  # length of the random segment of the induction score; it comes twice


def held_out_sentences(data: Path) -> list[str]:
    """Sentences of 6 to 24 words, evenly over the held-out text."""
    documents = read_documents(data / VALID_FILE)
    sentences = [part for lines in documents for line in lines for part in split_sentences(line)]
    fitting = sorted({s for s in sentences if 6 <= len(s.split()) <= 24}, key=sentences.index)
    return fitting[:: max(1, len(fitting) // SENTENCES)][:SENTENCES]


def patterns(model, ids: list[int]) -> np.ndarray:
    """Attention patterns of one sequence: [layers, heads, queries, keys]."""
    output = model(input_ids=torch.tensor([ids]), output_attentions=True)
    return torch.cat(output.attentions).numpy()


def print_stories_losses(recipe, model) -> None:
    """Nats per token and bits per byte over the whole held-out text."""
    nats, tokens = 0.0, 0
    for inputs, targets in recipe.valid_batches():
        nats += recipe.loss(model, (inputs, targets)).item() * targets.numel()
        tokens += targets.numel()
    share = tokens / len(recipe.valid.ids)
    bits = nats / math.log(2) / (recipe.valid_bytes * share)
    loss = nats / tokens
    print(f"Held-out loss: {loss:.3f} nats a token, {bits:.3f} bits a byte ({tokens} tokens).\n")


def print_words_losses(recipe, model) -> None:
    """Masked tokens found first and among the first five; all tokens, then whole words only."""
    is_word = np.array([token.isalpha() for token in vocabulary_in_order(recipe.tokenizer)])
    rows = []
    for batch in recipe.valid_batches():
        logits, targets = recipe.asked_logits(model, batch), batch[3]
        rank = (logits > logits.gather(1, targets[:, None])).sum(1)
        nats = torch.nn.functional.cross_entropy(logits, targets, reduction="none")
        word = torch.from_numpy(is_word)[targets]
        rows.append(torch.stack([nats, (rank < 1).float(), (rank < 5).float(), word]))
    nats, first, five, word = torch.cat(rows, 1).numpy()
    print("| held-out masked tokens | number | nats | top-1 | top-5 |\n|---|---:|---:|---:|---:|")
    for label, chosen in (("all", word >= 0), ("whole words", word > 0)):
        means = (nats[chosen].mean(), first[chosen].mean(), five[chosen].mean())
        print(f"| {label} | {chosen.sum()} | {means[0]:.3f} | {means[1]:.3f} | {means[2]:.3f} |")
    print()


def vocabulary_in_order(tokenizer: Tokenizer) -> list[str]:
    """Tokens by id."""
    return sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)


def places(ids: list[int], specials: set[int]) -> list[int]:
    """Positions of ordinary tokens."""
    return [at for at, token in enumerate(ids) if token not in specials]


def offset_weights(pattern: np.ndarray, at: list[int], last: int) -> dict[str, list[np.ndarray]]:
    """Weights on fixed places for each query position: [layers, heads] each."""
    found = {"previous": [], "same": [], "next": [], "first": [], "last": []}
    for query in at:
        found["same"].append(pattern[:, :, query, query])
        if query > 0:
            found["previous"].append(pattern[:, :, query, query - 1])
            found["first"].append(pattern[:, :, query, 0])
        if query < last:
            found["next"].append(pattern[:, :, query, query + 1])
        found["last"].append(pattern[:, :, query, last])
    return found


def head_table(recipe, model, data: Path) -> dict[str, np.ndarray]:
    """Mean weight of every head by place: column -> [layers + 1, heads].

    The last row is what uniform weights would give.
    """
    causal = recipe.name == "stories"
    specials = set() if causal else {recipe.cls, recipe.sep}
    sums: dict[str, list[np.ndarray]] = {}
    for sentence in held_out_sentences(data):
        ids = recipe.tokenizer.encode(sentence).ids
        pattern = patterns(model, ids)
        uniform = np.full(pattern.shape[2:], 1.0 / len(ids))
        if causal:
            uniform = np.tril(np.ones_like(uniform))
            uniform /= uniform.sum(1, keepdims=True)
        both = np.concatenate([pattern, np.broadcast_to(uniform, (1, *pattern.shape[1:]))])
        at = places(ids, specials)
        for column, values in offset_weights(both, at, len(ids) - 1).items():
            sums.setdefault(column, []).extend(values)
        logs = np.where(both > 0, both * np.log2(np.maximum(both, 1e-12)), 0.0)
        sums.setdefault("entropy, bits", []).extend(-logs.sum(-1)[:, :, query] for query in at)
    columns = {column: np.mean(values, 0) for column, values in sums.items()}
    columns["induction"] = induction_scores(recipe, model)
    if causal:
        del columns["next"], columns["last"]
    return columns


def induction_scores(recipe, model) -> np.ndarray:
    """Mean weight on the token after the earlier copy, on repeated random tokens.

    Shape [layers + 1, heads]; the last row is what uniform weights would give.
    """
    causal = recipe.name == "stories"
    rng = np.random.default_rng(SEED)
    before = [] if causal else [recipe.cls]
    after = [] if causal else [recipe.sep]
    found, chance = [], []
    for _ in range(40):
        segment = rng.integers(300, len(recipe.tokenizer.get_vocab()), REPEATED).tolist()
        ids = before + segment + segment + after
        pattern = patterns(model, ids)
        for query in range(len(before) + REPEATED, len(before) + 2 * REPEATED):
            found.append(pattern[:, :, query, query - REPEATED + 1])
            chance.append(1.0 / (query + 1 if causal else len(ids)))
    mean = np.mean(found, 0)
    return np.concatenate([mean, np.full((1, mean.shape[1]), np.mean(chance))])


def print_head_table(columns: dict[str, np.ndarray]) -> None:
    """One line per head; the largest value of a column in bold."""
    names = list(columns)
    layers, heads = columns["same"].shape[0] - 1, columns["same"].shape[1]
    print("| head | " + " | ".join(names) + " |\n|---" + "|---:" * len(names) + "|")
    for layer in range(layers + 1):
        for head in range(heads if layer < layers else 1):
            cells = []
            for name in names:
                value = columns[name][layer, head]
                marked = layer < layers and name != "entropy, bits"
                largest = marked and value == columns[name][:layers].max()
                cells.append(f"**{value:.2f}**" if largest else f"{value:.2f}")
            label = f"{layer}.{head}" if layer < layers else "uniform weights"
            print(f"| {label} | " + " | ".join(cells) + " |")
    print()


def print_sentence(recipe, model, sentence: str) -> None:
    """For each head and token of a sentence the key with the largest weight."""
    encoding = recipe.tokenizer.encode(sentence)
    pattern = patterns(model, encoding.ids)
    tokens = [token.replace("Ġ", "") for token in encoding.tokens]
    print(f"\"{sentence}\": for each token the one with the largest weight\n")
    print("| head | " + " | ".join(tokens) + " |\n|---" + "|---" * len(tokens) + "|")
    for layer in range(pattern.shape[0]):
        for head in range(pattern.shape[1]):
            best = pattern[layer, head].argmax(-1)
            weights = pattern[layer, head].max(-1)
            cells = [f"{tokens[key]} {weight:.2f}" for key, weight in zip(best, weights)]
            print(f"| {layer}.{head} | " + " | ".join(cells) + " |")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="an exported model; its name says which")
    parser.add_argument("--data", type=Path, help="folder of the texts, pairs or pictures")
    parser.add_argument("--sentence", default=EXAMPLE, help="of stories and words")
    arguments = parser.parse_args()
    runtime.configure(1)

    name = arguments.folder.resolve().name
    file = arguments.folder / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(file)) if file.exists() else None
    recipe = RECIPES[name](arguments.data, tokenizer)
    model = export.opened(name, arguments.folder)
    with torch.no_grad():
        if name in measures.PRINTERS:
            measures.PRINTERS[name](recipe, model)
            return
        (print_stories_losses if name == "stories" else print_words_losses)(recipe, model)
        print_head_table(head_table(recipe, model, arguments.data))
        print_sentence(recipe, model, arguments.sentence)


if __name__ == "__main__":
    main()
