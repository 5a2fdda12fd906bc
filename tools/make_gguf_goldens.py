#!/usr/bin/env python3
"""Makes tests/data/gguf and the seeds of the GGUF fuzz target.

Needs gguf (llama.cpp's own Python package), numpy and safetensors:  python3 tools/make_gguf_goldens.py
types.gguf holds a tensor of each type that heed reads, drawn as random blocks, and metadata of all
kinds; types.safetensors holds what the package dequantises them to.
"""
import pathlib
import struct

import gguf
import numpy
from safetensors.numpy import save_file

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data" / "gguf"
SEEDS = ROOT / "tests" / "fuzz" / "seeds" / "gguf"
TYPES = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"]
# Where the halves (scales and least values) of a block lie: random bits could be infinite there.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2],
          "Q5_K": [0, 2], "Q6_K": [208]}


def draw_rows(kind, rng, rows, blocks):
    """[rows, bytes] of random blocks with finite scales of either sign."""
    numbers, size = gguf.GGML_QUANT_SIZES[kind]
    if kind.name == "F32":
        return rng.standard_normal((rows, blocks)).astype(numpy.float32).view(numpy.uint8)
    if kind.name == "F16":
        return rng.standard_normal((rows, blocks)).astype(numpy.float16).view(numpy.uint8)
    if kind.name == "BF16":
        plain = rng.standard_normal((rows, blocks)).astype(numpy.float32).view(numpy.uint32)
        return (plain >> 16).astype(numpy.uint16).view(numpy.uint8)
    raw = rng.integers(0, 256, (rows, blocks, size), dtype=numpy.uint8)
    for place in HALVES[kind.name]:
        halves = (rng.standard_normal((rows, blocks, 1)) * 0.1).astype(numpy.float16)
        raw[:, :, place:place + 2] = halves.view(numpy.uint8)
    return raw.reshape(rows, blocks * size)


def add_metadata(writer):
    writer.add_uint8("kind.u8", 200)
    writer.add_int8("kind.i8", -5)
    writer.add_uint16("kind.u16", 60000)
    writer.add_int16("kind.i16", -30000)
    writer.add_uint32("kind.u32", 4000000000)
    writer.add_int32("kind.i32", -2000000000)
    writer.add_float32("kind.f32", 0.1)
    writer.add_bool("kind.bool", True)
    writer.add_string("kind.string", "größer")
    writer.add_uint64("kind.u64", 1 << 40)
    writer.add_int64("kind.i64", -(1 << 40))
    writer.add_float64("kind.f64", 0.1)
    writer.add_array("array.strings", ["a", "", "Ġthe"])
    writer.add_array("array.integers", [1, -2, 3])
    writer.add_array("array.numbers", [0.5, -1.5])


def write_types(path, rows, blocks, types=TYPES):
    """Writes the file and returns what its tensors dequantise to."""
    rng = numpy.random.default_rng(11)
    writer = gguf.GGUFWriter(path, "types")
    add_metadata(writer)
    expected = {}
    for name in types:
        kind = gguf.GGMLQuantizationType[name]
        raw = draw_rows(kind, rng, rows, blocks)
        expected[name] = gguf.dequantize(raw, kind).astype(numpy.float32)
        writer.add_tensor(name, raw, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return expected


def string(text):
    return struct.pack("<Q", len(text)) + text.encode()


def write_broken_seeds():
    head = b"GGUF" + struct.pack("<I", 3)
    array = string("a") + struct.pack("<IIQ", 9, 9, 2) + struct.pack("<IQ", 0, 3) + b"abc" + \
        struct.pack("<IQ", 8, 1) + string("x")
    tensor = string("t") + struct.pack("<IQQIQ", 2, 32, 2, 8, 0)
    seeds = {
        "empty": b"",
        "head": head + struct.pack("<QQ", 0, 0),
        "nested": head + struct.pack("<QQ", 0, 1) + array,
        "many": head + struct.pack("<QQ", (1 << 64) - 1, (1 << 64) - 1),
        "version_2": b"GGUF" + struct.pack("<IQQ", 2, 1, 0) + tensor + bytes(30 + 68),
        "alignment": head + struct.pack("<QQ", 1, 1) + string("general.alignment") +
        struct.pack("<II", 4, 8) + tensor + bytes(6 + 68),
        "overflow": head + struct.pack("<QQ", 1, 0) + string("t") +
        struct.pack("<IQQQIQ", 3, 1 << 62, 1 << 62, 32, 8, 1 << 63),
    }
    for name, content in seeds.items():
        (SEEDS / name).write_bytes(content)


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    SEEDS.mkdir(parents=True, exist_ok=True)
    expected = write_types(DATA / "types.gguf", rows=2, blocks=2)
    save_file(expected, DATA / "types.safetensors")
    write_types(SEEDS / "types", rows=1, blocks=1)
    write_broken_seeds()


if __name__ == "__main__":
    main()
