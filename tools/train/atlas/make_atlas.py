#!/usr/bin/env python3
"""Runs `heed atlas` on a shipped model: writes atlas.json beside it and a picture to docs/models, and
prints the table of its card.

    python3 tools/train/atlas/make_atlas.py words [--card]
    python3 tools/train/atlas/make_atlas.py digits --data DATA/images/mnist [--card]

With --card the table takes the place of what stands between <!-- atlas --> and <!-- /atlas --> in
MODEL_CARD.md, or makes a section of its own before "## What the heads do". What is read lies in this folder (inputs.py); for digits it is taken from the test file.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TEXTS = {"words": "sentences", "stories": "sentences", "translate": "translate", "echo": "echo"}
PICTURES = range(1000, 1200)  # of the test file; none of them is an example
COLUMNS = {
    "previous": "previous", "next": "next", "itself": "own", "first": "first", "special": "special",
    "marks": "marks", "copies": "duplicate",
}
BEFORE = "## What the heads do"
CARD_PART = re.compile(r"(?<=<!-- atlas -->\n).*?(?=<!-- /atlas -->)", re.S)


def write_pictures(data, folder):
    """Test pictures as files, and the list of them."""
    sys.path.insert(0, str(HERE.parent))
    from digits import read_idx
    from PIL import Image

    pictures = read_idx(data / "t10k-images-idx3-ubyte.gz")
    for number in PICTURES:
        Image.fromarray(pictures[number]).save(folder / f"{number}.png")
    listing = folder / "pictures.txt"
    listing.write_text("".join(f"{number}.png\n" for number in PICTURES))
    return listing


def make(name, arguments, scratch):
    """Runs the command; returns how a person would call it and what it wrote."""
    folder = arguments.models / name
    picture = ROOT / "docs" / "models" / f"{name}-atlas.svg"
    picture.parent.mkdir(exist_ok=True)
    if name in TEXTS:
        inputs = [HERE / f"{TEXTS[name]}.txt", "--pairs", HERE / f"{name}.jsonl"]
        if not inputs[2].exists():
            inputs = inputs[:1]
        said = " ".join(str(part).replace(f"{ROOT}/", "") for part in ["heed atlas", name, *inputs])
        said += f" -o assets/models/{name}/atlas.json"
    else:
        inputs = [write_pictures(arguments.data, scratch)]
        said = "tools/train/atlas/make_atlas.py digits --data DATA/images/mnist"
    out = ["--out", folder / "atlas.json", "--picture", picture]
    subprocess.run([arguments.heed, "atlas", folder, *inputs, *out], check=True,
                   stdout=subprocess.DEVNULL)
    return said, json.loads((folder / "atlas.json").read_text(encoding="utf-8"))


def number(value):
    return "–" if value is None else f"{value:.2f}"


def short_site(site):
    """"decoder.blocks.1.cross_attn" -> "decoder cross 1"."""
    parts = site.split(".")
    what = {"encoder": "encoder ", "decoder": "decoder "}.get(parts[0], "")
    return what + ("cross " if parts[-1] == "cross_attn" else "") + parts[-2]


def table_rows(atlas):
    """A row a head; behind the heads of each site what would come of knowing nothing."""
    kinds = atlas["kinds"]
    has_repeats = any("repeats" in head for head in atlas["heads"])
    labels = [name for name, key in COLUMNS.items()
              if any(key in head["measures"] for head in atlas["heads"])]
    names = labels + ["induction"] * has_repeats + [kind["name"] for kind in kinds]
    yield ["head", *names, "called"]
    yield ["---", *["---:"] * len(names), "---"]
    heads = atlas["heads"]
    for place, head in enumerate(heads):
        cells = [number(head["measures"].get(COLUMNS[name])) for name in labels]
        if has_repeats:
            cells.append(number(head.get("repeats", {}).get("value")))
        cells += [number(head.get("pairs", {}).get(kind["name"])) for kind in kinds]
        called = ", ".join(f"{label['text']} {label['value']:.2f}" for label in head["labels"])
        yield [f"{short_site(head['site'])}.{head['head']}", *cells, called]
        if place + 1 == len(heads) or heads[place + 1]["site"] != head["site"]:
            yield level_row(head, labels, has_repeats, kinds, place + 1 == len(heads))


def blind(kind):
    """What is hit of a kind of pairs by knowing nothing: at one offset, or by chance."""
    by_chance = kind.get("chance", 0) >= kind["baseline"]
    return f"{kind['baseline']:.2f} ({'chance' if by_chance else format(kind['offset'], '+d')})"


def level_row(head, labels, has_repeats, kinds, is_last):
    """What equal weights give at this site; behind the last, too, what the best offset hits."""
    cells = [number(head["level"].get(COLUMNS[name])) for name in labels]
    if has_repeats:
        cells.append(number(head.get("repeats", {}).get("level")))
    cells += [blind(kind) if is_last else "" for kind in kinds]
    return [f"*{short_site(head['site'])}, knowing nothing*", *cells, ""]


def card_part(said, atlas):
    """Markdown: the command, how much was read, the table."""
    told = f"`{said}`: {atlas['texts']} inputs, {atlas['tokens']} tokens"
    if atlas["random"]["period"] > 0:
        told += (f"; *induction* on {atlas['random']['sequences']} random sequences of"
                 f" {atlas['random']['period']} tokens that come twice")
    told += ". Mean weights"
    counts = ", ".join(f"{kind['count']} {kind['name']}" for kind in atlas["kinds"])
    if counts:
        told += f"; of pairs the share whose largest weight hits ({counts})"
    told += ".\nThe lines *knowing nothing* are what equal weights give"
    if counts:
        told += ", and for pairs the best fixed offset (in brackets)"
    if any("chance" in kind for kind in atlas["kinds"]):
        told += " or a blind choice between two names"
    told += ". A head is called what its\nnumbers bear.\n\n"
    return told + "".join("| " + " | ".join(row) + " |\n" for row in table_rows(atlas))


def write_card(folder, part):
    card = folder / "MODEL_CARD.md"
    text = card.read_text(encoding="utf-8")
    if not CARD_PART.search(text):
        text = text.replace(BEFORE, "## Atlas\n\n<!-- atlas -->\n<!-- /atlas -->\n\n" + BEFORE, 1)
    if not CARD_PART.search(text):
        sys.exit(f"{card}: neither <!-- atlas --> and <!-- /atlas --> nor {BEFORE}")
    card.write_text(CARD_PART.sub(lambda _: part, text), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=[*TEXTS, "digits"])
    parser.add_argument("--data", type=pathlib.Path, help="of digits: folder of the files of MNIST")
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / "assets" / "models")
    parser.add_argument("--heed", default=str(ROOT / "build" / "heed"), help="the program")
    parser.add_argument("--card", action="store_true", help="write the table into MODEL_CARD.md")
    arguments = parser.parse_args()
    if arguments.name not in TEXTS and arguments.data is None:
        parser.error("digits needs --data")
    with tempfile.TemporaryDirectory() as scratch:
        said, atlas = make(arguments.name, arguments, pathlib.Path(scratch))
    part = card_part(said, atlas)
    if arguments.card:
        write_card(arguments.models / arguments.name, part)
    print(part, end="")


if __name__ == "__main__":
    main()
