"""What every recipe shares: the seed, the course of the learning rate, positions to start from."""

import math
from dataclasses import dataclass

import torch

SEED = 20
IGNORED = -100  # target of a position that is not predicted
WAVE_HEIGHT = 0.07  # of the positions at the start; token vectors start with deviation 0.02


@dataclass
class Schedule:
    """Steps of the whole training: a rise, a level stretch, then a straight line to zero.

    With `second` the first course ends at that step, and another follows to the end: a rise to
    `second_peak`, then the line to zero at once.
    """

    total: int
    warmup: int
    decay: int
    second: int | None = None
    second_peak: float = 0.5

    def factor(self, step: int) -> float:
        """Learning rate at a step as a share of its peak."""
        if self.second is not None and step >= self.second:
            rise = (step - self.second + 1) / self.warmup
            fall = (self.total - step) / (self.total - self.second - self.warmup)
            return self.second_peak * max(0.0, min(1.0, rise, fall))
        rise = (step + 1) / self.warmup
        fall = ((self.second or self.total) - step) / self.decay
        return max(0.0, min(1.0, rise, fall))


def start_positions_as_waves(table: torch.Tensor) -> None:
    """Fills a learned position table [positions, width] with sines and cosines to start from.

    A head finds a fixed distance in waves at once; from random vectors it takes millions of tokens.
    """
    positions, width = table.shape
    rates = torch.exp(-torch.arange(width // 2) * (2.0 / width) * math.log(1000.0))
    angles = torch.arange(positions)[:, None] * rates
    with torch.no_grad():
        table.copy_(torch.cat([angles.sin(), angles.cos()], 1) * WAVE_HEIGHT)
