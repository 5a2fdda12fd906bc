"""Writes tests/data/tokenizer: four tiny tokenizers, trained on a few sentences, and what the
reference library makes of some texts with them.

    pip install tokenizers==0.23.3
    python3 tools/make_tokenizer_goldens.py

Each folder gets the tokenizer's files and cases.jsonl, one case a line: text, pair, add_special, ids,
tokens, offsets (UTF-8 bytes), type_ids, decoded.
"""

import collections
import json
import pathlib

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers import processors, trainers

ROOT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data" / "tokenizer"

SENTENCES = [
    "Bark is very cute and he is a dog.",
    "Your journey starts with one step.",
    "The river flows past the bank, and money grows in the bank.",
    "She doesn't know what they've seen; I'm sure we'll hear, she said.",
    "Attention weighs every word by every other word.",
    "Café Müller sells crème brûlée for 12 euros and 50 cents.",
    "Where is the dog? Where is the river? There!",
]

TEXTS = [
    "", " ", "Bark is very cute and he is a dog", "The bank, the river: 12.50 euros!", "don't we'll I'VE",
    "  two  spaces\tand\na line\r\n", "Café Müller", "Cafe\u0301 Mu\u0308ller", "İstanbul ΣΊΣΥΦΟΣ",
    "the [MASK] is a dog", "the <mask> is a dog", "<|endoftext|>dog<|endoftext|>", "[CLS]", "x<s> y",
    "日本語 한국어 русский", "👩‍👩‍👧 🇫🇷", "a\u0000b\ufffdc\u00add\u200be", "¿qué? «oui» § 5–6", "\u2028\u3000\u0085\u00a0x",
    "e\u0323\u0301\u0327", "\u0344\u0301a", "dog" * 40, "every_word [mask] [MASK]ed", "ﬁne Ⅷ ½ ² ²x",
    "word wordy word  ", "a\u0338\u0345\u0300b",
]


def choose_pieces(words):
    """The characters, and the commonest beginnings and ends of words: the trainer's own choice is
    not the same twice."""
    counts = collections.Counter()
    for word in words:
        counts.update(word[:end] for end in range(2, len(word) + 1))
        counts.update("##" + word[begin:] for begin in range(1, len(word) - 1))
    letters = sorted(set("".join(words)))
    common = sorted(counts, key=lambda piece: (-counts[piece], -len(piece), piece))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters
    pieces += ["##" + letter for letter in letters] + common
    return {piece: number for number, piece in enumerate(pieces[:300])}


def train_wordpiece(lowercase):
    normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    words = [
        word for sentence in SENTENCES
        for word, _ in pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(sentence))
    ]
    tokenizer = Tokenizer(models.WordPiece(choose_pieces(words), unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    ids = {piece: tokenizer.token_to_id(piece) for piece in ("[CLS]", "[SEP]")}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=list(ids.items()))
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    return tokenizer


def train_byte_level(special):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=special, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def make_roberta():
    tokenizer = train_byte_level(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
    tokenizer.add_tokens([AddedToken("word", single_word=True), AddedToken("step", rstrip=True)])
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    return tokenizer


def byte_offsets(text, offsets):
    at = [0]
    for character in text:
        at.append(at[-1] + len(character.encode()))
    return [at[offsets[0]], at[offsets[1]]]


def make_case(tokenizer, text, pair, add_special):
    encoding = tokenizer.encode(text, pair, add_special_tokens=add_special)
    offsets = [
        [0, 0] if source is None else byte_offsets((text, pair)[source], span)
        for source, span in zip(encoding.sequence_ids, encoding.offsets)
    ]
    # Left out by their ids: the library itself keeps special tokens that it looks for normalised.
    special = {number for number, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    return {
        "text": text, "pair": pair, "add_special": add_special, "ids": encoding.ids,
        "tokens": encoding.tokens, "offsets": offsets, "type_ids": encoding.type_ids,
        "decoded": tokenizer.decode([number for number in encoding.ids if number not in special]),
    }


def write_cases(tokenizer, folder):
    cases = []
    for number, text in enumerate(TEXTS):
        pair = None if number % 3 else TEXTS[(7 * number + 1) % len(TEXTS)]
        cases.append(make_case(tokenizer, text, pair, number % 4 != 1))
    lines = [json.dumps(case, ensure_ascii=True) + "\n" for case in cases]
    (folder / "cases.jsonl").write_text("".join(lines))


def write_json(tokenizer, folder):
    # Written on few lines: one a component.
    whole = json.loads(tokenizer.to_str())
    lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in whole.items()]
    (folder / "tokenizer.json").write_text("{" + ",\n".join(lines) + "}\n")


def write_vocab_txt(tokenizer, folder):
    pieces = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    (folder / "vocab.txt").write_text("".join(piece + "\n" for piece, _ in pieces))


def write_merges(tokenizer, folder):
    model = json.loads(tokenizer.to_str())["model"]
    (folder / "vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False) + "\n")
    merges = [" ".join(pair) + "\n" for pair in model["merges"]]
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(merges))


def main():
    for name, tokenizer, write in [
        ("bert_uncased", train_wordpiece(True), write_json),
        ("bert_cased", train_wordpiece(False), write_vocab_txt),
        ("gpt2", train_byte_level(["<|endoftext|>"]), write_merges),
        ("roberta", make_roberta(), write_json),
    ]:
        folder = ROOT / name
        folder.mkdir(parents=True, exist_ok=True)
        write(tokenizer, folder)
        write_cases(tokenizer, folder)


if __name__ == "__main__":
    main()
