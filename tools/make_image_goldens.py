#!/usr/bin/env python3
"""Makes tests/data/image: small pictures, and what Pillow and transformers make of them.

Needs pillow (13 or later), transformers, safetensors and numpy:  python3 tools/make_image_goldens.py
expected.safetensors holds decode/FILE [H,W,3], resize/FILE/WxH/FILTER [H,W,C] as U8 and process/CASE
[C,H,W] as F32; cases.json says how each CASE is processed.
"""

import json
import pathlib
import struct
import zlib

import numpy
from PIL import Image
from safetensors.numpy import save_file
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.deit.image_processing_pil_deit import DeiTImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data" / "image"
CLASSES = {"vit": ViTImageProcessorPil, "deit": DeiTImageProcessorPil, "clip": CLIPImageProcessorPil}
SEED = 11

# Sizes (width, height) that are larger, smaller, both, the same on one side, and height first.
RESIZES = [(31, 40), (5, 6), (40, 7), (7, 40), (21, 9), (9, 17), (20, 3), (1, 1)]

# name: (model type, file, channels, height, width, preprocessor_config.json)
PROCESSES = {
    "vit-defaults": ("vit", "wide.png", 3, 224, 224, {"size": {"height": 224, "width": 224}}),
    "vit-int": ("vit", "wide.png", 3, 16, 16, {"feature_extractor_type": "ViTFeatureExtractor", "size": 16}),
    "vit-list": ("vit", "tall.png", 3, 12, 20, {"size": [12, 20], "resample": 1}),
    "vit-shortest": ("vit", "wide.png", 3, 16, 19, {"size": {"shortest_edge": 16}, "resample": 5}),
    "vit-edges": ("vit", "wide.png", 3, 13, 16, {"size": {"shortest_edge": 30, "longest_edge": 16}}),
    "vit-box": ("vit", "tall.png", 3, 16, 9, {"size": {"max_height": 16, "max_width": 14}}),
    "vit-no-normalise": ("vit", "wide.png", 3, 16, 16, {"size": 16, "do_normalize": False}),
    "vit-no-rescale": ("vit", "wide.png", 3, 16, 16, {"size": 16, "do_rescale": False}),
    "vit-bytes": ("vit", "wide.png", 3, 16, 16, {"size": 16, "do_rescale": False, "do_normalize": False}),
    "vit-no-resize": ("vit", "wide.png", 3, 17, 21, {"do_resize": False, "rescale_factor": 0.00784313725490196}),
    "vit-numbers": ("vit", "wide.png", 3, 16, 16, {"size": 16, "image_mean": 0.4, "image_std": 0.3}),
    "vit-grey": ("vit", "tall.png", 1, 16, 16, {"size": 16, "image_mean": [0.1307], "image_std": [0.3081]}),
    "deit-small": ("deit", "tall.png", 3, 16, 16, {"size": 18, "crop_size": 16}),
    "deit-pads": ("deit", "wide.png", 3, 15, 18, {"size": [10, 25], "crop_size": {"height": 15, "width": 18}}),
    "deit-pads-odd": ("deit", "wide.png", 3, 16, 12, {"size": [17, 5], "crop_size": [16, 12], "resample": 0}),
    "clip-old": (
        "clip",
        "tall.png",
        3,
        24,
        24,
        {"feature_extractor_type": "CLIPFeatureExtractor", "size": 24, "crop_size": 24, "resample": 3},
    ),
    "clip-new": (
        "clip",
        "wide.png",
        3,
        24,
        24,
        {"size": {"shortest_edge": 24}, "crop_size": {"height": 24, "width": 24}, "resample": 4},
    ),
}


def make_scene(random, width, height, channels):
    y, x = numpy.mgrid[0:height, 0:width]
    waves = [127 + 120 * numpy.sin(x / (2 + c) + c) * numpy.cos(y / (3 + c)) for c in range(channels)]
    noisy = numpy.stack(waves, -1) + random.normal(0, 20, (height, width, channels))
    return noisy.clip(0, 255).astype(numpy.uint8)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack_row(values, bits):
    text = "".join(format(value, f"0{bits}b") for value in values)
    text += "0" * (-len(text) % 8)
    return b"\0" + int(text, 2).to_bytes(len(text) // 8, "big")


def pack_rows(pixels, bits, interlaced):
    if not interlaced:
        return b"".join(pack_row(row, bits) for row in pixels)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    out = b""
    for x, y, dx, dy in passes:
        for row in pixels[y::dy]:
            if row[x::dx]:
                out += pack_row(row[x::dx], bits)
    return out


def make_png(random, colour, depth, interlaced):
    """A PNG of 11 x 9 random samples, with chunks that Pillow passes over."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    bits = depth * channels
    pixels = [[int.from_bytes(random.bytes(8), "big") % (1 << bits) for _ in range(11)] for _ in range(9)]
    extra = chunk(b"gAMA", struct.pack(">I", 20000))
    if colour == 3:
        extra += chunk(b"PLTE", random.bytes(3 * max(1, (1 << depth) - 1))) + chunk(b"tRNS", b"\x80")
    head = struct.pack(">IIBBBBB", 11, 9, depth, colour, 0, 0, int(interlaced))
    data = zlib.compress(pack_rows(pixels, bits, interlaced), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def make_pictures(random):
    kinds = [(0, d) for d in (1, 2, 4, 8, 16)] + [(3, d) for d in (1, 2, 4, 8)]
    for colour, depth in kinds + [(c, d) for c in (2, 4, 6) for d in (8, 16)]:
        for interlaced in (False, True):
            name = f"png-{colour}-{depth}{'-interlaced' if interlaced else ''}.png"
            (OUT / name).write_bytes(make_png(random, colour, depth, interlaced))
    Image.fromarray(make_scene(random, 21, 17, 3)).save(OUT / "wide.png")
    Image.fromarray(make_scene(random, 13, 23, 3)).save(OUT / "tall.png")
    turned = Image.Exif()
    turned[0x0112] = 6
    scene = Image.fromarray(make_scene(random, 35, 27, 3))
    scene.save(OUT / "jpeg-420.jpg", quality=80, subsampling=2, exif=turned)
    scene.save(OUT / "jpeg-422-restarts.jpg", quality=60, subsampling=1, restart_marker_blocks=2)
    scene.save(OUT / "jpeg-444-progressive.jpg", quality=90, subsampling=0, progressive=True)
    scene.save(OUT / "jpeg-420-progressive.jpg", quality=70, subsampling=2, progressive=True)
    scene.save(OUT / "jpeg-rgb.jpg", quality=80, keep_rgb=True)
    scene.convert("L").save(OUT / "jpeg-grey.jpg", quality=80)
    Image.frombytes("CMYK", (19, 14), make_scene(random, 19, 14, 4).tobytes()).save(OUT / "jpeg-cmyk.jpg", quality=85)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    random = numpy.random.default_rng(SEED)
    make_pictures(random)
    expected = {}
    for path in sorted(OUT.iterdir()):
        expected[f"decode/{path.name}"] = numpy.array(Image.open(path).convert("RGB"))
    wide = Image.open(OUT / "wide.png").convert("RGB")
    for width, height in RESIZES:
        for resample in range(6):
            resized = numpy.array(wide.resize((width, height), resample))
            expected[f"resize/wide.png/{width}x{height}/{resample}"] = resized
    expected["grey/wide.png"] = numpy.array(wide.convert("L"))[..., None]
    cases = []
    for name, (model_type, file, channels, height, width, config) in PROCESSES.items():
        image = Image.open(OUT / file).convert("RGB" if channels == 3 else "L")
        options = {key: value for key, value in config.items() if not key.endswith("_type")}
        values = CLASSES[model_type](**options)(image, return_tensors="np")["pixel_values"][0]
        assert values.shape == (channels, height, width), (name, values.shape)
        # The one picture of the usual size is checked in a corner and by its mean.
        expected[f"process/{name}"] = numpy.ascontiguousarray(values[:, :32, :32], dtype=numpy.float32)
        shape = {"channels": channels, "height": height, "width": width}
        cases.append({"name": name, "model_type": model_type, "file": file, **shape, "config": json.dumps(config)})
    save_file(expected, OUT / "expected.safetensors")
    (OUT / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


main()
