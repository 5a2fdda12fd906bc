"""Writes core/tokenizer/unicode_tables.h: which characters the published tokenizers take for
letters, numbers, punctuation and so on.

They were all made with one library, whose parts follow Unicode tables of different years. So the
classes are asked from it, a character at a time, and do not hang on the tables of this machine.

    pip install tokenizers==0.23.3
    python3 tools/make_unicode_tables.py > core/tokenizer/unicode_tables.h
"""

import sys

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def find_ranges(is_member):
    ranges = []
    for c in CODE_POINTS:
        if not is_member(chr(c)):
            continue
        if ranges and ranges[-1][1] == c - 1:
            ranges[-1][1] = c
        else:
            ranges.append([c, c])
    return ranges


def matches_regex(pattern):
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    return lambda text: split.pre_tokenize_str(text) == []


def bert_normalizer(**on):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**off, **on}).normalize_str


def is_word_character():
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.add_tokens([AddedToken("zz", single_word=True)])
    return lambda text: tokenizer.encode("zz" + text).tokens[0] != "zz"


def write_items(items):
    line = ""
    for item in items:
        if len(line) + len(item) + 1 > 100:
            print(line)
            line = ""
        line += item + ","
    print(line)


def write_ranges(name, comment, is_member):
    print(f"// {comment}")
    print(f"inline constexpr CodePointRange {name}[] = {{")
    write_items(f"{{{first},{last}}}" for first, last in find_ranges(is_member))
    print("};\n")


def write_lower_case():
    lower = normalizers.Lowercase().normalize_str
    pairs = [(c, lower(chr(c))) for c in CODE_POINTS]
    runs = []  # first, last, distance, step
    for c, text in pairs:
        if len(text) != 1 or ord(text) == c:
            continue
        distance = ord(text) - c
        if runs and runs[-1][2] == distance:
            gap = c - runs[-1][1]
            if gap in (1, 2) and runs[-1][3] in (0, gap):
                runs[-1][1], runs[-1][3] = c, gap
                continue
        runs.append([c, c, distance, 0])
    print("// Characters with a lower-case form of one character, `step` apart, `distance` away.")
    print("// U+0130 alone has one of two.")
    print("inline constexpr LowerCaseRun kLowerCase[] = {")
    write_items(f"{{{a},{b},{d},{max(s, 1)}}}" for a, b, d, s in runs)
    print("};\n")


def main():
    print("// Made by tools/make_unicode_tables.py; not to be edited. Sorted ranges of code points.")
    print("#pragma once\n")
    print("namespace heed {\n")
    print("// [first, last].")
    print("struct CodePointRange {\n    char32_t first;\n    char32_t last;\n};\n")
    print("struct LowerCaseRun {\n    char32_t first;\n    char32_t last;\n    int distance;\n"
          "    char32_t step;\n};\n")
    print("// clang-format off\n")
    write_ranges("kLetters", r"\p{L} of the splitting regex.", matches_regex(r"\p{L}"))
    write_ranges("kNumbers", r"\p{N} of the splitting regex.", matches_regex(r"\p{N}"))
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    write_ranges("kPunctuation", "What the BERT pre-tokenizer sets apart.",
                 lambda text: len(split("a" + text + "a")) == 3)
    strip = bert_normalizer(strip_accents=True)
    write_ranges("kNonspacingMarks", "What is dropped with the accents, after NFD.",
                 lambda text: strip(text) == "")
    decompose = normalizers.NFD().normalize_str
    # U+0345 has the highest combining class of all: whatever has one goes before it.
    write_ranges("kSortedMarks", "Marks that NFD sorts; younger ones stay where they are.",
                 lambda text: text == "\u0345" or decompose("\u0345" + text) == text + "\u0345")
    clean = bert_normalizer(clean_text=True)
    write_ranges("kUncleanCharacters", "What clean_text drops.", lambda text: clean(text) == "")
    digits = pre_tokenizers.Digits().pre_tokenize_str
    write_ranges("kNumericCharacters", "What the Digits pre-tokenizer sets apart.",
                 lambda text: len(digits("a" + text)) == 2)
    write_ranges("kWordCharacters", "What a single_word token may not touch.", is_word_character())
    write_lower_case()
    print("// clang-format on\n")
    print("}  // namespace heed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
