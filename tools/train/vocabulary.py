"""Makes the tokenizers from the training texts and writes them in Hugging Face form."""

import json
from pathlib import Path

from tokenizers import (
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from corpus import tokenizer_lines
from pairs import read_pairs, split_pairs

VOCABULARY_SIZE = 4096
CONTEXT = 128
END_OF_TEXT = "<|endoftext|>"
WORDPIECE_SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# The letters of the lower-case vocabulary; a word with any other letter is unknown to it.
WORDPIECE_LETTERS = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
# translate: one vocabulary for both languages.
TRANSLATE_VOCABULARY_SIZE = 4096
PAIR_CONTEXT = 64
SENTENCE_END, UNKNOWN, PAD = "</s>", "<unk>", "<pad>"
PAIR_LETTERS = [chr(code) for code in range(33, 127)]
PAIR_LETTERS += list("àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛŒÆ€°")
# echo: the letters and what stands before the first of them.
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ECHO_START = "<s>"
ECHO_CONTEXT = 64


def make_byte_level(data: Path) -> Tokenizer:
    """Byte-level BPE as in GPT-2: case kept, no prefix space, one special token."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(tokenizer_lines(data), trainer)
    return tokenizer


def make_wordpiece(data: Path) -> Tokenizer:
    """WordPiece as in BERT uncased: lower case, accents stripped, [CLS] and [SEP] added."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=WORDPIECE_SPECIALS,
        initial_alphabet=WORDPIECE_LETTERS,
        limit_alphabet=len(WORDPIECE_LETTERS),
        continuing_subword_prefix="##",
        show_progress=False,
    )
    tokenizer.train_from_iterator(tokenizer_lines(data), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def make_pair_pieces(data: Path) -> Tokenizer:
    """BPE pieces that begin with U+2581 where a word begins; punctuation stands alone."""
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(prepend_scheme="always", split=True),
            pre_tokenizers.Split(Regex(r"▁?[^▁\p{L}\p{N}'\-]|▁?\p{N}"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    trainer = trainers.BpeTrainer(
        vocab_size=TRANSLATE_VOCABULARY_SIZE,
        special_tokens=[SENTENCE_END, UNKNOWN, PAD],
        initial_alphabet=PAIR_LETTERS,
        limit_alphabet=len(PAIR_LETTERS) + 1,
        show_progress=False,
    )
    trained, _ = split_pairs(read_pairs(data))
    tokenizer.train_from_iterator((side for pair in trained for side in pair), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {SENTENCE_END}",
        pair=f"$A $B {SENTENCE_END}",
        special_tokens=[(SENTENCE_END, tokenizer.token_to_id(SENTENCE_END))],
    )
    return tokenizer


def make_letters(data: Path | None) -> Tokenizer:
    """One token a letter; capitals become small, all other characters are left out."""
    vocabulary = {token: number for number, token in enumerate([ECHO_START, *LETTERS])}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges=[], unk_token=ECHO_START))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Lowercase(), normalizers.Replace(Regex("[^a-z]"), "")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("[a-z]"), "isolated")
    tokenizer.decoder = decoders.Fuse()
    tokenizer.add_special_tokens([ECHO_START])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{ECHO_START} $A",
        pair=f"{ECHO_START} $A $B",
        special_tokens=[(ECHO_START, tokenizer.token_to_id(ECHO_START))],
    )
    return tokenizer


MAKERS = {
    "stories": make_byte_level,
    "words": make_wordpiece,
    "translate": make_pair_pieces,
    "echo": make_letters,
}


def load_or_make(name: str, data: Path | None, work: Path) -> Tokenizer | None:
    """The tokenizer of a model; made once, then kept in the work folder. None for pictures."""
    path = work / name / "tokenizer.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    if name not in MAKERS:
        return None
    if not path.exists():
        MAKERS[name](data).save(str(path))
    return Tokenizer.from_file(str(path))


def older_files(name: str, tokenizer: Tokenizer) -> dict[str, str]:
    """The vocabulary in the files that came before tokenizer.json: name -> text."""
    state = json.loads(tokenizer.to_str())["model"]
    if name == "stories":
        merges = [" ".join(pair) if isinstance(pair, list) else pair for pair in state["merges"]]
        return {
            "vocab.json": json.dumps(state["vocab"], ensure_ascii=False),
            "merges.txt": "\n".join(["#version: 0.2", *merges]),
        }
    if name == "words":
        return {"vocab.txt": "\n".join(sorted(state["vocab"], key=state["vocab"].get))}
    return {}


def tokenizer_config(name: str) -> dict:
    """tokenizer_config.json: the class that transformers opens, and the special tokens."""
    shared = {"model_max_length": CONTEXT, "clean_up_tokenization_spaces": False}
    plain = {"tokenizer_class": "PreTrainedTokenizerFast"} | shared
    if name == "stories":
        ends = {key: END_OF_TEXT for key in ("bos_token", "eos_token", "unk_token")}
        return {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": False, **ends, **shared}
    if name == "words":
        names = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
        specials = dict(zip(names, WORDPIECE_SPECIALS))
        return {"tokenizer_class": "BertTokenizer", "do_lower_case": True, **specials, **shared}
    if name == "translate":
        specials = {"eos_token": SENTENCE_END, "unk_token": UNKNOWN, "pad_token": PAD}
        return plain | specials | {"model_max_length": PAIR_CONTEXT}
    return plain | {"bos_token": ECHO_START, "model_max_length": ECHO_CONTEXT}


def write_tokenizer(name: str, tokenizer: Tokenizer, folder: Path) -> None:
    """Writes tokenizer.json, tokenizer_config.json and the older vocabulary files."""
    tokenizer.save(str(folder / "tokenizer.json"))
    text = older_files(name, tokenizer)
    text["tokenizer_config.json"] = json.dumps(tokenizer_config(name), indent=2)
    for name_of_file, content in text.items():
        (folder / name_of_file).write_text(content + "\n", encoding="utf-8")
