#!/usr/bin/env python3
"""Makes what `heed atlas` reads for the shipped models out of sentences.marked.txt, translations.tsv,
../alignments.tsv and made-up rows of letters.

    python3 tools/train/atlas/inputs.py [--data DATA]

With the folder of text/ and parallel/ it stops where a sentence of ours is one that was trained on.
Writes beside itself sentences.txt and, of words and stories, the pairs; translate.txt, echo.txt and
their pairs. A head of stories sees only what stands before, so its pairs of a noun and an adjective
or an article go from the noun.
"""

import argparse
import csv
import json
import pathlib
import random
import re
import string
import sys

HERE = pathlib.Path(__file__).resolve().parent
ARTICLES = set("the The a A an An".split())
ADVERBS = set("very so too not".split())
ADJECTIVES = set(
    """little red warm old big tiny blue new fat soft tall green sweet kind strange heavy yellow wide shiny
    tired cold long quiet small clever wooden black whole brown young hungry broken hot friendly
    silent wet deep strong lazy easy fast golden flat polite white low fresh thick shy loud huge wise sunny lost
    narrow empty gentle sick poor silver dirty dark noisy wild bright glass merry funny brave paper
    muddy careful fine happy""".split()
)
MARK = re.compile(r"^([\w']+)(?:([=~^])([\w']+))?([.,!?]*)$")
# Names are short: they stand under the thumbnails of heads.
KINDS = {"=": "pronoun → noun", "~": "verb → subject", "^": "adjective → noun"}
# The same sentence with he and with she: a head that follows the pronoun must change its mind.
WHO = "he, she → name"
FRAMES = (
    "{a} asked {b} for help, but {p} was too busy.", "{a} and {b} went to the park, and {p} fell down.",
    "{a} saw {b} at school and {p} smiled.", "{a} gave {b} a red ball because {p} was sad.",
    "When {a} met {b}, {p} was happy.",
)
COUPLES = (("Tom", "Lily"), ("Ben", "Mia"), ("Max", "Sue"), ("Sam", "Anna"), ("Tim", "Lucy"))
ECHO_ROWS = 120


def read_marked():
    """Each sentence as [(word, mark or "", what it belongs to, punctuation)]."""
    lines = (HERE / "sentences.marked.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            yield [tuple(part or "" for part in MARK.match(word).groups()) for word in line.split()]


def placed(words, at):
    """The word at `at` as a pair file has it: with its count where it stood there before."""
    word, nth = words[at], words[: at + 1].count(words[at])
    return word if nth == 1 else {"word": word, "nth": nth}


def nearest(words, word, at):
    """Where `word` stands last before `at`."""
    return max(i for i in range(at) if words[i] == word)


def noun_after(words, at):
    """Of an adjective or an article: where its noun stands; None where it has none."""
    end = at + 1
    while end < len(words) and words[end].lower() in ADVERBS | ADJECTIVES:
        end += 1
    return end if end < len(words) else None


def sentence_pairs(sentence, is_causal):
    """(kind, from, to) of one sentence; places of words."""
    words = [part[0] for part in sentence]
    for at, (word, mark, other, _) in enumerate(sentence):
        if mark:
            yield KINDS[mark], at, nearest(words, other, at)
            continue
        is_adjective = word.lower() in ADJECTIVES
        if not is_adjective and word not in ARTICLES:
            continue
        noun = noun_after(words, at)
        if noun is None or any(sentence[i][3] for i in range(at, noun)):
            continue
        name = "adjective" if is_adjective else "article"
        if is_causal:
            yield f"noun → {name}", noun, at
        else:
            yield f"{name} → noun", at, noun


def write_pairs(name, entries):
    """A line for each text and kind, kinds in the order in which they come first."""
    order = list(dict.fromkeys(kind for kind, _, _ in entries))
    lines = []
    for kind in order:
        texts = {}
        for entry_kind, text, pair in entries:
            if entry_kind == kind:
                texts.setdefault(text, []).append(pair)
        for (text, target), pairs in texts.items():
            entry = {"kind": kind, "text": text} | ({"target": target} if target else {})
            entry |= {"chance": 0.5} if kind == WHO else {}
            lines.append(json.dumps(entry | {"pairs": pairs}, ensure_ascii=False) + "\n")
    (HERE / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return {kind: sum(entry[0] == kind for entry in entries) for kind in order}


def who_pairs():
    """(text, the pronoun, its name) of every frame, with either name first."""
    for frame in FRAMES:
        for he, she in COUPLES:
            for first, second in ((he, she), (she, he)):
                for pronoun, name in (("he", he), ("she", she)):
                    yield frame.format(a=first, b=second, p=pronoun), pronoun, name


def write_sentences():
    sentences = list(read_marked())
    texts = [" ".join(part[0] + part[3] for part in sentence) for sentence in sentences]
    (HERE / "sentences.txt").write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    for name in ("words", "stories"):
        entries = []
        for text, sentence in zip(texts, sentences):
            words = [part[0] for part in sentence]
            for kind, start, end in sentence_pairs(sentence, name == "stories"):
                entries.append((kind, (text, None), [placed(words, start), placed(words, end)]))
        entries.sort(key=lambda entry: list(KINDS.values()).index(entry[0])
                     if entry[0] in KINDS.values() else 9)
        entries += [(WHO, (text, None), [pronoun, name]) for text, pronoun, name in who_pairs()]
        print(name, len(texts), "sentences", write_pairs(name, entries))


def bare(word):
    return word.strip(string.punctuation + "«»")


def linked(pair):
    """(French word, English words that it is linked with, side by side) of one aligned pair."""
    english, french = (pair[side].split() for side in ("english", "french"))
    links = {}
    for link in pair["links"].split():
        source, target = map(int, link.split("-"))
        links.setdefault(target, []).append(source)
    for target, sources in sorted(links.items()):
        first, last = min(sources), max(sources)
        if last - first + 1 == len(sources):
            phrase = bare(" ".join(english[first : last + 1]))
            nth = [bare(" ".join(english[i : i + len(sources)])) for i in range(first + 1)].count(phrase)
            words = [bare(word) for word in french]
            yield placed(words, target), phrase if nth == 1 else {"word": phrase, "nth": nth}


def write_translations():
    with (HERE.parent / "alignments.tsv").open(encoding="utf-8") as file:
        aligned = list(csv.DictReader(file, delimiter="\t"))
    own = (HERE / "translations.tsv").read_text(encoding="utf-8").splitlines()
    lines = [f"{pair['english']}\t{pair['french']}" for pair in aligned] + own
    (HERE / "translate.txt").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    entries = [("word → its source", (pair["english"], pair["french"]), list(words))
               for pair in aligned for words in linked(pair)]
    print("translate", len(lines), "pairs", write_pairs("translate", entries))


def write_letters():
    """Rows as echo was trained on, other ones; letters apart, so that each is a word of its own."""
    rng, texts, entries = random.Random(30), [], []
    for _ in range(ECHO_ROWS):
        order = rng.sample(string.ascii_lowercase, rng.randrange(8, 27))
        length = rng.randrange(3, len(order) + 1)
        start = rng.randrange(len(order) - length + 1)
        place = rng.randrange(start + length, len(order) + 1)
        row = order[:place] + order[start : start + length] + order[place:]
        texts.append(" ".join(row))
        for at in range(place, place + length - 1):
            back = at - (place - start)
            entries.append(("letter → what followed", (texts[-1], None),
                            [placed(row, at), placed(row, back + 1)]))
    (HERE / "echo.txt").write_text("".join(text + "\n" for text in texts))
    print("echo", len(texts), "rows", write_pairs("echo", entries))


def check_held_out(data):
    """Stops where the training texts, or the pairs, have one of our sentences."""
    sys.path.insert(0, str(HERE.parent))
    from corpus import SOURCES, comparison_key, read_source, split_sentences
    from pairs import read_pairs, split_pairs

    documents = [lines for source in SOURCES for lines in read_source(data / "text", source)]
    trained = {comparison_key(part) for lines in documents for line in lines
               for part in split_sentences(line)}
    ours = (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
    ours += [text for text, _, _ in who_pairs()]
    english = {comparison_key(pair[0]) for pair in split_pairs(read_pairs(data / "parallel"))[0]}
    pairs = (HERE / "translate.txt").read_text(encoding="utf-8").splitlines()
    seen = [line for line in ours if comparison_key(line) in trained]
    seen += [line for line in pairs if comparison_key(line.split("\t")[0]) in english]
    if seen:
        sys.exit("trained on:\n" + "\n".join(seen))
    print("none of them was trained on")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, help="folder of text/ and parallel/")
    arguments = parser.parse_args()
    write_sentences()
    write_translations()
    write_letters()
    if arguments.data:
        check_held_out(arguments.data)


if __name__ == "__main__":
    main()
