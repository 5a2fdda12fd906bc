"""Makes the two tokenizers from the training texts and writes them in Hugging Face form."""

import json
from pathlib import Path

from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from corpus import tokenizer_lines

VOCABULARY_SIZE = 4096
CONTEXT = 128
END_OF_TEXT = "<|endoftext|>"
WORDPIECE_SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# The letters of the lower-case vocabulary; a word with any other letter is unknown to it.
WORDPIECE_LETTERS = [chr(code) for code in range(33, 127) if not chr(code).isupper()]


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


MAKERS = {"stories": make_byte_level, "words": make_wordpiece}


def load_or_make(name: str, data: Path, work: Path) -> Tokenizer:
    """The tokenizer of a model; made once, then kept in the work folder."""
    path = work / name / "tokenizer.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        MAKERS[name](data).save(str(path))
    return Tokenizer.from_file(str(path))


def write_tokenizer(name: str, tokenizer: Tokenizer, folder: Path) -> None:
    """Writes tokenizer.json, tokenizer_config.json and the older vocabulary files."""
    tokenizer.save(str(folder / "tokenizer.json"))
    state = json.loads(tokenizer.to_str())["model"]
    text = {}
    if name == "stories":
        text["vocab.json"] = json.dumps(state["vocab"], ensure_ascii=False)
        merges = [" ".join(pair) if isinstance(pair, list) else pair for pair in state["merges"]]
        text["merges.txt"] = "\n".join(["#version: 0.2", *merges])
        config = {
            "tokenizer_class": "GPT2Tokenizer",
            "add_prefix_space": False,
            **{key: END_OF_TEXT for key in ("bos_token", "eos_token", "unk_token")},
        }
    else:
        in_order = sorted(state["vocab"], key=state["vocab"].get)
        text["vocab.txt"] = "\n".join(in_order)
        names = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
        config = {
            "tokenizer_class": "BertTokenizer",
            "do_lower_case": True,
            **dict(zip(names, WORDPIECE_SPECIALS)),
        }
    config |= {"model_max_length": CONTEXT, "clean_up_tokenization_spaces": False}
    text["tokenizer_config.json"] = json.dumps(config, indent=2)
    for name_of_file, content in text.items():
        (folder / name_of_file).write_text(content + "\n", encoding="utf-8")
