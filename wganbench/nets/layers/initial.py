"""Initial weights as in [GP]'s code: uniform, with zero biases, of a given standard deviation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from torch import nn

if TYPE_CHECKING:
    from wganbench.training.streams import Streams

Law = Literal["dcgan", "he", "glorot"]
DCGAN_STD = 0.02  # DCGAN paper (Radford et al. 2016), section 4


def deviation(law: Law, fan_in: float, fan_out: float) -> float:
    """Return the standard deviation of a layer's weights; fans count a kernel's taps.

    `he` is [GP]'s (tflib/ops/conv2d.py): over the mean of both fans, not over fan-in as He et al.
    """
    if law == "dcgan":
        return DCGAN_STD
    return float(((4 if law == "he" else 2) / (fan_in + fan_out)) ** 0.5)


def uniform(streams: Streams, std: float, *shape: int) -> nn.Parameter:
    """Return weights drawn uniformly with this standard deviation."""
    return nn.Parameter(streams.bounded("initialisation", 3**0.5 * std, *shape))


def weight_and_bias(
    streams: Streams,
    inputs: int,
    std: float | None,
    weight: tuple[int, ...],
    bias: tuple[int, ...],
) -> tuple[nn.Parameter, nn.Parameter]:
    """Return a linear layer's parameters: torch's law, or uniform ones of a standard deviation."""
    if std is not None:
        zeros = nn.Parameter(streams.like(*bias).zero_())
        return uniform(streams, std, *weight), zeros
    bound = inputs**-0.5
    shapes = (weight, bias)
    drawn = [nn.Parameter(streams.bounded("initialisation", bound, *shape)) for shape in shapes]
    return drawn[0], drawn[1]
