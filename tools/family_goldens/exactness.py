"""Arithmetic in float64 where transformers itself would fall back to float32."""

import contextlib

import torch


@contextlib.contextmanager
def exact_arithmetic():
    """transformers takes norms, softmax and rotary tables in float32, whatever the model is in."""
    single, to_single = torch.float32, torch.Tensor.float
    torch.float32 = torch.float = torch.float64
    torch.Tensor.float = torch.Tensor.double
    try:
        yield
    finally:
        torch.float32 = torch.float = single
        torch.Tensor.float = to_single
