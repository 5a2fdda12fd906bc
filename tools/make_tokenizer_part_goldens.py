"""Writes tests/data/tokenizer: tiny tokenizers of every kind that make_tokenizer_goldens.py leaves
out, and what the reference libraries make of some texts with them; tiny SentencePiece models are
seeds of their fuzz target, too.

    pip install tokenizers==0.23.3 transformers==5.23.0 sentencepiece==0.2.1
    python3 tools/make_tokenizer_part_goldens.py

Cases are as there; tokens, offsets and type_ids are null where the reference has none. The trainers
choose among equals by chance: each run writes other pieces.
"""

import contextlib
import io
import json
import pathlib
import re
import tempfile
import unicodedata

import sentencepiece
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from make_tokenizer_goldens import ROOT, SENTENCES, TEXTS, byte_offsets, make_case, write_json

SEEDS = ROOT.parent.parent / "fuzz" / "seeds" / "sentencepiece"
MORE_TEXTS = [
    "x1234567 y½²", "HelloWorld oneTwo", "a--b ...c", "▁a ▁▁b", "tab\there  \n\n next", "</s> <s>b</s>", "9, 12,000,",
    "``quote'' (par) - é", ">>fr<<hello", "<unk> word", "the dog's DON'T i'Ll",
]
CUT_LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+")
# Rewritings: full-width letters, a ligature, a wide space, a composed letter.
RULES = ["FF29\t49", "FB01\t66 69", "3000\t20", "A0\t20", "9\t20", "A\t20", "65 301\tE9", "2167\t56 49 49 49"]


def special(name, type_id=0):
    return {"SpecialToken": {"id": name, "type_id": type_id}}


def sequence(name, type_id=0):
    return {"Sequence": {"id": name, "type_id": type_id}}


def template(single, pair, **ids):
    tokens = {name: {"id": name, "ids": [number], "tokens": [name]} for name, number in ids.items()}
    return {"type": "TemplateProcessing", "single": single, "pair": pair, "special_tokens": tokens}


def added(number, content, **flags):
    token = {"lstrip": False, "rstrip": False, "single_word": False, "normalized": False, "special": False}
    return {"id": number, "content": content, **token, **flags}


def steps(kind, *parts):
    names = {"normalizers": "normalizers", "pre": "pretokenizers", "decoders": "decoders", "post": "processors"}
    return {"type": "Sequence", names[kind]: list(parts)}


def split(pattern, behavior, invert=False):
    kind = "Regex" if isinstance(pattern, re.Pattern) else "String"
    text = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
    return {"type": "Split", "pattern": {kind: text}, "behavior": behavior, "invert": invert}


def regex(text):
    return {"type": "Split", "pattern": {"Regex": text}, "behavior": "Isolated", "invert": False}


def byte_level(prefix, use_regex):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": use_regex}


def replace(pattern, content):
    return {"type": "Replace", "pattern": pattern, "content": content}


# Each: components, the model's kind and what its trainer and its file get.
PARTS = {
    "llama": {
        "normalizer": steps("normalizers", {"type": "Prepend", "prepend": "▁"}, replace({"String": " "}, "▁")),
        "post_processor": template([special("<s>"), sequence("A")],
                                   [special("<s>"), sequence("A"), special("<s>", 1), sequence("B", 1)], **{"<s>": 1}),
        "decoder": steps("decoders", replace({"String": "▁"}, " "), {"type": "ByteFallback"}, {"type": "Fuse"},
                         {"type": "Strip", "content": " ", "start": 1, "stop": 0}),
        "added_tokens": [added(0, "<unk>", special=True, normalized=True), added(1, "<s>", special=True, normalized=True),
                         added(2, "</s>", special=True, normalized=True)],
        "model": ("BPE", {"special_tokens": ["<unk>", "<s>", "</s>"]},
                  {"unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True}),
    },
    "llama3": {
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": steps("pre", regex(CUT_LLAMA3), byte_level(False, False)),
        "post_processor": steps("post", byte_level(True, True),
                                template([special("<s>"), sequence("A")],
                                         [special("<s>"), sequence("A"), special("<s>", 1), sequence("B", 1)],
                                         **{"<s>": 0})),
        "decoder": byte_level(True, True),
        "added_tokens": [added(0, "<s>", special=True)],
        "model": ("BPE", {"special_tokens": ["<s>"], "initial_alphabet": sorted(pre_tokenizers.ByteLevel.alphabet())},
                  {"ignore_merges": True}),
    },
    "falcon": {
        "pre_tokenizer": steps("pre", {"type": "Punctuation", "behavior": "Contiguous"}, byte_level(False, True),
                               {"type": "Digits", "individual_digits": False}, regex("[0-9][0-9][0-9]")),
        "decoder": byte_level(True, True),
        "model": ("BPE", {"initial_alphabet": sorted(pre_tokenizers.ByteLevel.alphabet())}, {}),
    },
    "unigram": {
        "normalizer": steps("normalizers", {"type": "NFKD"}, {"type": "Strip", "strip_left": False, "strip_right": True},
                            replace({"Regex": " {2,}"}, "▁"), replace({"Regex": "(?=[A-Z])"}, "^")),
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False},
        "post_processor": {"type": "BertProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0]},
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False},
        "added_tokens": [added(0, "<s>", special=True), added(1, "</s>", special=True)],
        "model": ("Unigram", {"special_tokens": ["<s>", "</s>", "<unk>"], "unk_token": "<unk>"}, {"unk_id": 2}),
    },
    "unigram_bytes": {
        "normalizer": steps("normalizers", {"type": "NFKC"}, {"type": "Lowercase"}),
        "pre_tokenizer": steps("pre", {"type": "WhitespaceSplit"},
                               {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}),
        "decoder": steps("decoders", {"type": "ByteFallback"},
                         {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}),
        "model": ("Unigram", {"special_tokens": ["<unk>"], "unk_token": "<unk>"}, {"unk_id": 0, "byte_fallback": True}),
    },
    "cuts": {
        "normalizer": steps("normalizers", {"type": "NFD"}, {"type": "Strip", "strip_left": True, "strip_right": False}),
        "pre_tokenizer": steps("pre", split(" ", "MergedWithNext"), {"type": "Punctuation", "behavior": "MergedWithPrevious"},
                               {"type": "Digits", "individual_digits": True}, split(re.compile(r"(?=[A-Z])"), "Isolated"),
                               split(re.compile(r"[a-m]+"), "Contiguous", True)),
        "post_processor": steps("post", {"type": "BertProcessing", "sep": ["[SEP]", 1], "cls": ["[CLS]", 0]}),
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": False},
        "added_tokens": [added(0, "[CLS]", special=True), added(1, "[SEP]", special=True),
                         added(3, "[MASK]", special=True, lstrip=True, rstrip=True),
                         added(4, "two", normalized=True, single_word=True)],
        "model": ("WordPiece", {"special_tokens": ["[CLS]", "[SEP]", "<unk>", "[MASK]", "two"]},
                  {"unk_token": "<unk>", "max_input_chars_per_word": 20}),
    },
    "words": {
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                       "lowercase": True},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0], "trim_offsets": True,
                           "add_prefix_space": True},
        "decoder": {"type": "BPEDecoder", "suffix": "</w>"},
        "added_tokens": [added(0, "<s>", special=True), added(1, "</s>", special=True)],
        "model": ("BPE", {"special_tokens": ["<s>", "</s>", "<unk>"], "end_of_word_suffix": "</w>"},
                  {"unk_token": "<unk>", "fuse_unk": True}),
    },
}


def train(parts):
    kind, options, more = parts["model"]
    whole = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
             "pre_tokenizer": None, "post_processor": None, "decoder": None}
    whole.update({key: value for key, value in parts.items() if key not in ("model", "added_tokens")})
    tokenizer = Tokenizer.from_str(json.dumps({**whole, "model": {"type": "BPE", "vocab": {}, "merges": []}}))
    suffix = {key: value for key, value in options.items() if key == "end_of_word_suffix"}
    tokenizer.model = {"BPE": lambda: models.BPE(**suffix), "Unigram": models.Unigram,
                       "WordPiece": lambda: models.WordPiece(unk_token="<unk>")}[kind]()
    trainer = {"BPE": trainers.BpeTrainer, "Unigram": trainers.UnigramTrainer, "WordPiece": trainers.WordPieceTrainer}[kind]
    size = len(options.get("initial_alphabet", [])) + 150
    tokenizer.train_from_iterator(SENTENCES, trainer(vocab_size=size, show_progress=False, **options))
    model = json.loads(tokenizer.to_str())["model"]
    model.update(more)
    if more.get("byte_fallback"):
        for byte in range(256):
            if kind == "Unigram":
                model["vocab"].append([f"<0x{byte:02X}>", 0.0])
            else:
                model["vocab"][f"<0x{byte:02X}>"] = len(model["vocab"])
    return Tokenizer.from_str(json.dumps({**whole, "added_tokens": parts.get("added_tokens", []), "model": model}))


def write_case_lines(folder, cases):
    lines = [json.dumps(case, ensure_ascii=True) + "\n" for case in cases]
    (folder / "cases.jsonl").write_text("".join(lines))


def list_inputs(texts, has_pairs):
    for number, text in enumerate(texts):
        pair = None if number % 3 or not has_pairs else texts[(7 * number + 1) % len(texts)]
        yield text, pair, number % 4 != 1


def train_spm(kind, pieces, **options):
    out = io.BytesIO()
    # The model keeps the name of the rules' file: one without a folder.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        pathlib.Path("rules.tsv").write_text("".join(rule + "\n" for rule in RULES))
        if "normalization_rule_name" not in options:
            options["normalization_rule_tsv"] = "rules.tsv"
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(SENTENCES * 3), model_writer=out, model_type=kind, vocab_size=pieces,
            hard_vocab_limit=False, minloglevel=2, **options)
    return out.getvalue()


def make_spm_case(model, text):
    proto = model.encode(text, out_type="immutable_proto")
    ids = [piece.id for piece in proto.pieces]
    return {"text": text, "pair": None, "add_special": True, "ids": ids, "tokens": [p.piece for p in proto.pieces],
            "offsets": [byte_offsets(text, (p.begin, p.end)) for p in proto.pieces], "type_ids": [0] * len(ids),
            "decoded": model.decode(ids)}


def cut_as_albert(model, text, specials, mask, lowercase):
    """The slow tokenizers' steps: special tokens, lower case, white space, quotes, marks, pieces,
    and commas after digits."""
    def pieces_of(part):
        part = " ".join(part.strip().split()).replace("``", '"').replace("''", '"')
        part = "".join(c for c in unicodedata.normalize("NFKD", part) if not unicodedata.combining(c))
        for piece in model.encode(part.lower() if lowercase else part, out_type=str):
            if len(piece) < 2 or piece[-1] != "," or not piece[-2].isdigit():
                yield piece
                continue
            parts = model.encode(piece[:-1].replace("▁", ""), out_type=str)
            if piece[0] != "▁" and parts[0][0] == "▁":
                parts = parts[1:] if len(parts[0]) == 1 else [parts[0][1:]] + parts[1:]
            yield from parts + [","]

    found = "|".join(re.escape(token) for token in sorted(specials, key=len, reverse=True))
    if lowercase:
        text = re.sub(f"({found})|(.+?)", lambda m: m.groups()[0] or m.groups()[1].lower(), text)
    out = []
    parts = re.split(f"({found})", text)
    for number, part in enumerate(parts):
        if number % 2:
            out.append(part)
        else:
            is_before_mask = number + 1 < len(parts) and parts[number + 1] == mask
            out += pieces_of(part.rstrip() if is_before_mask else part)
    return out


def make_class_case(model, text, pair, add_special, cut, wrap):
    first, second = cut(text), None if pair is None else cut(pair)
    tokens, types = first + (second or []), [0] * len(first) + [1] * len(second or [])
    if add_special:
        tokens, types = wrap(first, second)
    ids = [model.piece_to_id(token) for token in tokens]
    return {"text": text, "pair": pair, "add_special": add_special, "ids": ids, "tokens": tokens, "offsets": None,
            "type_ids": types}


def wrap_albert(a, b):
    b = [] if b is None else b + ["[SEP]"]
    return ["[CLS]"] + a + ["[SEP]"] + b, [0] * (len(a) + 2) + [1] * len(b)


def wrap_xlnet(a, b):
    b = [] if b is None else b + ["<sep>"]
    return a + ["<sep>"] + b + ["<cls>"], [0] * (len(a) + 1) + [1] * len(b) + [2]


def write_sentencepiece():
    plain = {"spm_unigram": train_spm("unigram", 120, byte_fallback=False),
             "spm_bpe": train_spm("bpe", 120, user_defined_symbols=["he is", "-"]),
             "spm_spaces": train_spm("unigram", 130, remove_extra_whitespaces=False, add_dummy_prefix=False)}
    classes = {
        "albert": (train_spm("unigram", 120, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
                             control_symbols=["[CLS]", "[SEP]"], user_defined_symbols=["[MASK]", "(", ")", '"', "-", "."]),
                   ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"], "[MASK]", True, wrap_albert),
        "xlnet": (train_spm("unigram", 120, unk_id=0, bos_id=1, eos_id=2,
                            control_symbols=["<cls>", "<sep>", "<pad>", "<mask>", "<eod>", "<eop>"]),
                  ["<unk>", "<s>", "</s>", "<cls>", "<sep>", "<pad>", "<mask>", "<eod>", "<eop>"], "<mask>", False,
                  wrap_xlnet),
    }
    SEEDS.mkdir(parents=True, exist_ok=True)
    for name, content in plain.items():
        folder = ROOT / name
        folder.mkdir(exist_ok=True)
        (folder / "x.model").write_bytes(content)
        (SEEDS / name).write_bytes(content)
        model = sentencepiece.SentencePieceProcessor(model_proto=content)
        write_case_lines(folder, [make_spm_case(model, text) for text in TEXTS + MORE_TEXTS])
    for name, (content, specials, mask, lowercase, wrap) in classes.items():
        folder = ROOT / name
        folder.mkdir(exist_ok=True)
        (folder / "spiece.model").write_bytes(content)
        (SEEDS / name).write_bytes(content)
        model = sentencepiece.SentencePieceProcessor(model_proto=content)
        cases = []
        for given in list_inputs(TEXTS + MORE_TEXTS, True):
            case = make_class_case(
                model, *given, lambda text: cut_as_albert(model, text, specials, mask, lowercase), wrap)
            shown = [model.id_to_piece(number) for number in case["ids"]]
            shown = [piece for piece in shown if piece not in specials]
            decoded = "".join(shown) if name == "xlnet" else model.decode_pieces(shown)
            case["decoded"] = decoded.replace("▁", " ").strip()
            cases.append(case)
        write_case_lines(folder, cases)


def write_llama_model():
    content = train_spm("bpe", 400, byte_fallback=True, unk_id=0, bos_id=1, eos_id=2, character_coverage=0.98,
                        remove_extra_whitespaces=False, split_digits=True, normalization_rule_name="identity")
    folder = ROOT / "llama_model"
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.model").write_bytes(content)
    (SEEDS / "llama").write_bytes(content)
    model = sentencepiece.SentencePieceProcessor(model_proto=content)
    cases = []
    for text in TEXTS + MORE_TEXTS:
        if "<s>" in text or "<unk>" in text:
            continue
        ids = model.encode(text, add_bos=True)
        cases.append({"text": text, "pair": None, "add_special": True, "ids": ids, "tokens": model.id_to_piece(ids),
                      "offsets": None, "type_ids": [0] * len(ids), "decoded": model.decode(ids)})
    write_case_lines(folder, cases)


def write_marian():
    content = train_spm("unigram", 120)
    folder = ROOT / "marian"
    folder.mkdir(exist_ok=True)
    (folder / "source.spm").write_bytes(content)
    model = sentencepiece.SentencePieceProcessor(model_proto=content)
    pieces = [model.id_to_piece(i) for i in range(3, model.get_piece_size()) if i % 7]
    vocabulary = {piece: number for number, piece in enumerate(["</s>", "<unk>", ">>fr<<"] + pieces[::-1] + ["<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False) + "\n")
    (folder / "tokenizer_config.json").write_text('{"source_lang": "en", "target_lang": "fr"}\n')
    (folder / "target.spm").write_bytes(content)
    tokenizer = transformers.MarianTokenizer.from_pretrained(folder)
    (folder / "target.spm").unlink()
    write_case_lines(folder, [make_transformers_case(tokenizer, *given) for given in list_inputs(TEXTS + MORE_TEXTS, True)])


def make_transformers_case(tokenizer, text, pair, add_special):
    # An empty pair is a pair, for the class none.
    pair = pair or None
    ids = tokenizer(text, pair, add_special_tokens=add_special)["input_ids"]
    return {"text": text, "pair": pair, "add_special": add_special, "ids": ids, "tokens": None, "offsets": None,
            "type_ids": [0] * len(ids) if tokenizer.__class__.__name__ != "OpenAIGPTTokenizer" else None,
            "decoded": tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)}


def write_word_bpe():
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.train_from_iterator([s.lower() for s in SENTENCES], trainers.BpeTrainer(
        vocab_size=220, show_progress=False, special_tokens=["<unk>"], end_of_word_suffix="</w>"))
    model = json.loads(tokenizer.to_str())["model"]
    merges = "#version: 0.2\n" + "".join(" ".join(pair) + "\n" for pair in model["merges"])
    at_ends = [piece.removesuffix("</w>") for piece in model["vocab"] if piece.endswith("</w>")]
    inside = [piece + "@@" for piece in model["vocab"] if not piece.endswith("</w>")]
    ctrl = {piece: number for number, piece in enumerate(dict.fromkeys(["<unk>"] + at_ends + inside))}
    for name, vocabulary, make in [("gpt", model["vocab"], transformers.OpenAIGPTTokenizer),
                                   ("ctrl", ctrl, transformers.CTRLTokenizer)]:
        folder = ROOT / name
        folder.mkdir(exist_ok=True)
        (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False) + "\n")
        (folder / "merges.txt").write_text(merges)
        files = [str(folder / "vocab.json"), str(folder / "merges.txt")]
        reference = make(*files) if name == "ctrl" else make(vocab=files[0], merges=files[1])
        write_case_lines(folder, [make_transformers_case(reference, *given)
                                  for given in list_inputs(TEXTS + MORE_TEXTS, True)])


def main():
    for name, parts in PARTS.items():
        folder = ROOT / name
        folder.mkdir(exist_ok=True)
        tokenizer = train(parts)
        write_json(tokenizer, folder)
        write_case_lines(folder, [make_case(tokenizer, *given) for given in list_inputs(TEXTS + MORE_TEXTS, True)])
    write_sentencepiece()
    write_llama_model()
    write_marian()
    write_word_bpe()


if __name__ == "__main__":
    main()
