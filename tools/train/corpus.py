"""Reads the training texts: documents, cleaned and without duplicates.

A document is a list of lines (paragraphs). Only files whose licence lets weights trained on them
be shipped are named here.
"""

import re
from pathlib import Path

# The held-out text: never trained on.
VALID_FILE = "tinystories-valid-sample.cdla-sharing.txt"

# Source name -> files. "sentences" has one stand-alone sentence per line.
SOURCES = {
    "tinystories": [
        "tinystories-sample-a.cdla-sharing.txt",
        "tinystories-sample-b.recased.cdla-sharing.txt",
    ],
    "books": ["african-storybook.cc-by.txt", "pratham-books.cc-by.txt"],
    "sentences": ["tatoeba-english-sentences.cc-by.txt"],
}

# Words of well-known example sentences. They are shown to the tokenizers often enough to become
# whole tokens; the models see them only where the texts have them.
EXAMPLE_WORDS = (
    "bark is very cute and he a dog your journey starts with one step money bank grows river flows "
    "the cat sat on mat animal did cross street because it was too tired wide she he him her king "
    "queen man woman paris france city love apple orange fruit phone ball sky blue sun attention "
    "word words sentence learn model quick brown fox jumps over lazy"
).split()

_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."}
)


def clean_line(line: str) -> str:
    """One paragraph with plain quotes and dashes and single spaces."""
    return re.sub(r"\s+", " ", line.translate(_PLAIN)).strip()


def comparison_key(line: str) -> str:
    """What two lines have in common that differ in case and punctuation only."""
    return re.sub(r"[^a-z0-9]+", " ", line.lower()).strip()


def read_documents(path: Path) -> list[list[str]]:
    """Documents of a story file: lines, separated by blank lines."""
    documents, lines = [], []
    for raw in path.read_text(encoding="utf-8").splitlines() + [""]:
        line = clean_line(raw)
        if line:
            lines.append(line)
        elif lines:
            documents.append(lines)
            lines = []
    return documents


def read_source(data: Path, source: str) -> list[list[str]]:
    """Documents of one source, without lines that came before or that the held-out text has."""
    valid = read_documents(data / VALID_FILE)
    seen = {comparison_key(line) for document in valid for line in document if len(line) > 40}
    documents = []
    for name in SOURCES[source]:
        for lines in read_documents(data / name):
            groups = [[line] for line in lines] if source == "sentences" else [lines]
            for group in groups:
                kept = []
                for line in group:
                    key = comparison_key(line)
                    if key in seen:
                        continue
                    if source == "sentences" or len(line) > 40:
                        seen.add(key)
                    kept.append(line)
                if kept:
                    documents.append(kept)
    return documents


def split_sentences(line: str) -> list[str]:
    """Sentences of a paragraph; closing quotes stay with the sentence they close."""
    return [part for part in re.split(r"(?<=[.!?])\s+|(?<=[.!?][\"'])\s+", line) if part]


def tokenizer_lines(data: Path):
    """Lines that the tokenizers learn their vocabulary from; stories count twice."""
    for source, repeats in (("tinystories", 2), ("books", 1), ("sentences", 1)):
        for document in read_source(data, source):
            for line in document:
                for _ in range(repeats):
                    yield line
    for word in EXAMPLE_WORDS:
        for _ in range(400):
            yield f"{word.capitalize()} {word} {word.capitalize()}"
