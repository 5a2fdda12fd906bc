"""Reads the English and French sentence pairs and divides them into trained and held out."""

import unicodedata
import zlib
from pathlib import Path

from corpus import clean_line, comparison_key

PAIRS_FILE = "eng-fra.tsv"
HELD_OUT_SHARE = 100  # one English sentence in so many


def clean_side(text: str) -> str:
    """One sentence with plain quotes and dashes and single spaces, letters composed."""
    return clean_line(unicodedata.normalize("NFC", text).replace("«", '"').replace("»", '"'))


def french_key(text: str) -> str:
    """What two French sentences have in common that differ in case and punctuation only."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def read_pairs(data: Path) -> list[tuple[str, str]]:
    """(English, French) line by line, each pair once."""
    lines = (data / PAIRS_FILE).read_text(encoding="utf-8").splitlines()
    pairs = (tuple(map(clean_side, line.split("\t")[:2])) for line in lines if "\t" in line)
    return list(dict.fromkeys(pairs))


def is_held_out(english: str) -> bool:
    """One English sentence in a hundred, by its checksum."""
    return zlib.crc32(comparison_key(english).encode()) % HELD_OUT_SHARE == 0


def split_pairs(pairs: list[tuple[str, str]]) -> tuple[list, list]:
    """Pairs to train on and pairs held out; no sentence of the second is in the first."""
    held_out = [pair for pair in pairs if is_held_out(pair[0])]
    french = {french_key(pair[1]) for pair in held_out}
    trained = [
        pair for pair in pairs if not is_held_out(pair[0]) and french_key(pair[1]) not in french
    ]
    return trained, held_out
