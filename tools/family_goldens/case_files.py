"""What the makers of family goldens write: the files of a case, and the manifest of a folder."""

import json

import torch
from safetensors.torch import save_file


def allowance_of(exact, single):
    """By how much PyTorch's own float32 run misses the float64 one, and the largest magnitude;
    infinities are left out."""
    is_finite = exact.isfinite()
    error = (single.double() - exact)[is_finite].abs().max().item()
    return {
        "f32_error": float(f"{error:.3g}"),
        "scale": float(f"{exact[is_finite].abs().max().item():.4g}"),
    }


class CaseFiles:
    """Inputs and values of one model, gathered for input.safetensors and expected.safetensors."""

    def __init__(self, folder):
        self.folder = folder
        self.inputs, self.expected, self.errors, self.shapes = {}, {}, {}, {}

    def add(self, key, given, exact, single):
        """One input (name: tensor) with its nodes in float64 and in PyTorch's own float32."""
        self.shapes[key] = {node: list(value.shape) for node, value in given.items()}
        self.inputs.update({f"{key}/{node}": value for node, value in given.items()})
        for node, value in exact.items():
            self.errors[f"{key}/{node}"] = allowance_of(value, single[node])
            self.expected[f"{key}/{node}"] = value.to(torch.float32).contiguous().clone()

    def write(self, model_type, architecture, number_type):
        """Writes both files; the case's entry in the manifest."""
        save_file(self.inputs, self.folder / "input.safetensors")
        save_file(self.expected, self.folder / "expected.safetensors")
        return {
            "model_type": model_type,
            "architecture": architecture,
            "weights": str(number_type).removeprefix("torch."),
            "inputs": self.shapes,
            "tensors": self.errors,
        }


def write_manifest(folder, made_by, cases):
    """Writes manifest.json of a folder of cases (name: entry)."""
    manifest = {"torch": torch.__version__.split("+")[0], "made_by": made_by, "cases": cases}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
