#!/usr/bin/env python3
"""Makes tests/data/shipped/tokens: what the tokenizers library makes of 2,000 lines with the tokenizer of
each model of assets/models that has one.

    python3 tools/make_shipped_tokens.py [NAME...]          all models, or those that are named
    python3 tools/make_shipped_tokens.py --models FOLDER    models that lie elsewhere

Needs tokenizers. lines.jsonl holds the lines, a JSON string each; they are made here, of words and
oddities, the same in every run. NAME.json holds a checksum of each line's ids and offsets (of their
UTF-8 bytes), the ids of the first lines in full, and which tokenizer.json all this is of.
"""

import argparse
import json
import pathlib
import random

from tokenizers import Tokenizer

from checksum import fnv1a64
from make_tokenizer_goldens import TEXTS, byte_offsets

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "tests" / "data" / "shipped" / "tokens"
LINES = 2000
WHOLE = 50  # lines whose ids are kept, so that a difference can be named

NAMES = "Bark Lily Tom Mia Ben Anna Max Sue Timmy Grandma Zoë".split()
NOUNS = ("dog cat river bank journey step ball tree house bird fish box hat king queen apple star boat "
         "garden friend mother rabbit moon school bread teacher umbrella").split()
KINDS = "little big red happy cute warm old tiny wet green very sleepy brave broken shiny".split()
DEEDS = "sees finds likes wants takes opens follows carries paints hears remembers whispered".split()
SHORT = "don't I'm it's we'll they've she'd can't Tom's o'clock isn't y'all 'tis rock'n'roll".split()
FRENCH = ("le la un une chien chat est très mignon l'été où garçon cœur ça n'est j'ai qu'il Où Être "
          "aujourd'hui s'il-vous-plaît prochain élève naïf Noël « »").split()
ODD = list("éßøłİΣςжあ한中ﬁⅧ½²€£°§¿«»—–…“”‘’•™") + [
    "👩‍👩‍👧", "🇫🇷", "👍🏽", "😀", "e\u0301", "a\u0308\u0323", "\u200b", "\u00ad", "\u00a0", "\u3000", "\ufeff", "日本語",
    "한국어", "русский", "العربية", "हिन्दी", "ไทย", "ΣΊΣΥΦΟΣ", "\t", "\u2028", "\u0000", "\ufffd", "\x7f", "\x1b"]
MARKS = list(".,!?;:-_/\\|()[]{}<>@#$%^&*+=~`'\"")
SPECIALS = ["[CLS]", "[SEP]", "[MASK]", "[UNK]", "<s>", "</s>", "<unk>", "<pad>", "<|endoftext|>", "▁", "##s",
            "Ġthe"]


def tell(rng):
    """A plain sentence."""
    noun = f"{rng.choice(KINDS)} {rng.choice(NOUNS)}"
    line = f"{rng.choice(NAMES)} {rng.choice(DEEDS)} {rng.choice(['the', 'a', 'his', 'her'])} {noun}"
    if rng.random() < 0.5:
        line += f" {rng.choice(['and', 'but', 'because', 'when'])} {rng.choice(SHORT)} {rng.choice(NOUNS)}"
    return line + rng.choice([".", "!", "?", "", "...", "?!", ' ."', " ,"])


def count(rng):
    """Numbers, dates, times and sums."""
    n = rng.randrange(10 ** rng.randrange(1, 10))
    return rng.choice([f"{n}", f"{n:,} apples", f"{n % 24}:{n % 60:02} o'clock", f"${n / 100:.2f}!", f"{n}%",
                       f"{1 + n % 31}.{1 + n % 12}.{1900 + n % 130}", f"{n}+{n % 7}={n + n % 7}", f"v{n}.0-rc{n % 9}"])


def speak_french(rng):
    return " ".join(rng.choices(FRENCH, k=rng.randrange(2, 8))) + rng.choice([" !", ".", " ?", ""])


def lengthen(rng):
    """One very long word, or a long run of one mark."""
    part = rng.choice(NOUNS + ["é", "x", "Ab", "9", "-", "=", "ha", "日"])
    return rng.choice(["", "a "]) + part * rng.randrange(5, 120 // len(part)) + rng.choice(["", " b", "."])


def mix(rng):
    """Words, marks and oddities, with and without spaces between them."""
    parts = rng.choices([NOUNS, SHORT, ODD, MARKS, SPECIALS, NAMES], [3, 2, 4, 3, 1, 1], k=rng.randrange(1, 9))
    return "".join(rng.choice(part) + rng.choice(["", "", " ", "  "]) for part in parts)


def space_out(rng):
    """A sentence with more white space than it needs, or nearly nothing else."""
    gaps = [" ", "  ", "   ", "\t", "\n", " \n", "\r\n", "\u00a0"]
    words = tell(rng).split() if rng.random() < 0.8 else [""] * rng.randrange(4)
    line = rng.choice(["", " ", "  "])
    for word in words:
        line += word + rng.choices(gaps, [9, 3, 1, 1, 1, 1, 1, 1])[0]
    return line


def recase(rng):
    line = tell(rng)
    return rng.choice([line.upper(), line.lower(), line.title(), line.swapcase(), line.replace(" ", "")])


def make_lines():
    """TEXTS first, then lines of every kind; every line once."""
    rng = random.Random(20)
    kinds = [tell, count, speak_french, lengthen, mix, space_out, recase]
    lines = dict.fromkeys(TEXTS)
    while len(lines) < LINES:
        lines[rng.choices(kinds, [6, 3, 3, 1, 6, 3, 3])[0](rng)] = None
    return list(lines)


def checksum(text, encoding):
    """Of "id:begin-end" of each token."""
    spans = [[0, 0] if source is None else byte_offsets(text, span)
             for source, span in zip(encoding.sequence_ids, encoding.offsets)]
    told = " ".join(f"{number}:{begin}-{end}" for number, (begin, end) in zip(encoding.ids, spans))
    return fnv1a64(told.encode())[:8]


def make(name, file, lines):
    tokenizer = Tokenizer.from_file(str(file))
    encodings = [tokenizer.encode(line) for line in lines]
    sums = "".join(checksum(line, encoding) for line, encoding in zip(lines, encodings))
    facts = {
        "made_by": "tools/make_shipped_tokens.py",
        "tokenizer": fnv1a64(file.read_bytes()),
        "checksums": [sums[at : at + 160] for at in range(0, len(sums), 160)],
        "ids": [json.dumps(encoding.ids) for encoding in encodings[:WHOLE]],
    }
    text = json.dumps(facts, indent=1).replace('"[', "[").replace(']"', "]")
    (OUT / f"{name}.json").write_text(text + "\n")
    print(f"{name}: {len(lines)} lines, {sum(len(encoding.ids) for encoding in encodings)} tokens")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="all that lie there")
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / "assets" / "models")
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    lines = make_lines()
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (OUT / "lines.jsonl").write_text(text.replace("\u2028", "\\u2028").replace("\x7f", "\\u007f"))
    there = [path.parent.name for path in sorted(arguments.models.glob("*/tokenizer.json"))]
    for name in arguments.names or there:
        make(name, arguments.models / name / "tokenizer.json", lines)


if __name__ == "__main__":
    main()
