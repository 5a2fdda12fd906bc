"""Writes tests/data/tokenizer/marian_target and marian_two: tiny Marian tokenizers whose decoder spells
by a model of its own (target.spm), with one vocabulary for both languages and with two, and what
transformers makes of some texts for the decoder.

    pip install transformers==5.23.0 sentencepiece==0.2.1
    python3 tools/make_marian_target_goldens.py
"""

import io
import json

import sentencepiece
import transformers

from make_tokenizer_goldens import ROOT, SENTENCES, TEXTS

TARGET_SENTENCES = [
    "Bello ist sehr niedlich und er ist ein Hund.",
    "Deine Reise beginnt mit einem Schritt.",
    "Der Fluss fließt an der Bank vorbei, und das Geld wächst auf der Bank.",
    "Sie weiß nicht, was sie gesehen haben; ich bin sicher, wir hören davon, sagte sie.",
    "Aufmerksamkeit wägt jedes Wort mit jedem anderen.",
]
MORE_TEXTS = [">>de<< der Hund", "Die Bank ist niedlich", "</s> der</s>", "9, 12,000,", "<unk> Wort"]


def train(sentences, size):
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences), model_writer=out, vocab_size=size, model_type="unigram",
        normalization_rule_name="identity", minloglevel=2, num_threads=1)
    return out.getvalue()


def pieces_of(content):
    model = sentencepiece.SentencePieceProcessor(model_proto=content)
    return [model.id_to_piece(i) for i in range(3, model.get_piece_size()) if i % 7]


def write_vocabulary(path, pieces):
    words = dict.fromkeys(["</s>", "<unk>", ">>de<<"] + pieces[::-1] + ["<pad>"])
    numbers = {piece: number for number, piece in enumerate(words)}
    path.write_text(json.dumps(numbers, ensure_ascii=False) + "\n")


def make_case(tokenizer, text, add_special):
    ids = tokenizer(text_target=text, add_special_tokens=add_special)["input_ids"]
    decoded = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    return {"text": text, "pair": None, "add_special": add_special, "ids": ids, "tokens": None,
            "offsets": None, "type_ids": [0] * len(ids), "decoded": decoded}


def write(name, source, target, has_two):
    folder = ROOT / name
    folder.mkdir(exist_ok=True)
    (folder / "source.spm").write_bytes(source)
    (folder / "target.spm").write_bytes(target)
    config = {"source_lang": "en", "target_lang": "de", "separate_vocabs": has_two}
    (folder / "tokenizer_config.json").write_text(json.dumps(config) + "\n")
    both = pieces_of(source) + ([] if has_two else pieces_of(target))
    write_vocabulary(folder / "vocab.json", both)
    if has_two:
        write_vocabulary(folder / "target_vocab.json", pieces_of(target))
    tokenizer = transformers.MarianTokenizer.from_pretrained(folder)
    if has_two:
        # The class asks the source's vocabulary for <unk> in both modes otherwise.
        assert tokenizer.target_encoder["<unk>"] == tokenizer.encoder["<unk>"]
    lines = [make_case(tokenizer, text, add_special)
             for text in TEXTS + TARGET_SENTENCES + MORE_TEXTS for add_special in (False, True)]
    (folder / "cases.jsonl").write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def main():
    source, target = train(SENTENCES, 90), train(TARGET_SENTENCES, 74)
    write("marian_target", source, target, False)
    write("marian_two", source, target, True)


if __name__ == "__main__":
    main()
