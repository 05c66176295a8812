"""Microseconds of the convolutions at both ends of a DCGAN: torch's, and ours by other sums.

    python benchmarks/convolutions.py [laptop|paper]

On a CPU thread, batches of 64. Of the critic's first layer: a gradient penalty's gradient; of the
other layers: the values and both gradients.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor
from torch.nn.functional import conv2d, conv_transpose2d

from wganbench.nets.layers.convolve import conv, conv_transpose
from wganbench.training.process import prepare_torch

BATCH, REPEATS = 64, 30
# Latents, filters at the image's end and at the other, channels, half the image's size.
SIZES = {"laptop": (32, 16, 32, 1, 8), "paper": (100, 64, 512, 3, 32)}
Convolution = Callable[[Tensor, Tensor], Tensor]


def gradients(function: Convolution, x: Tensor, weight: Tensor) -> None:
    """Work out the values and the gradients of their sum."""
    torch.autograd.grad(function(x, weight).sum(), (x, weight))


def penalty(function: Convolution, x: Tensor, weight: Tensor) -> None:
    """Work out the gradient of a gradient penalty."""
    (gradient,) = torch.autograd.grad(function(x, weight).sum(), x, create_graph=True)
    torch.autograd.grad((gradient**2).sum(), weight)


def microseconds(
    work: Callable[[Convolution, Tensor, Tensor], None],
    function: Convolution,
    shape: tuple[int, ...],
    weight_shape: tuple[int, ...],
) -> float:
    """Return the median of a few calls after a first one."""
    x = torch.randn(BATCH, *shape, requires_grad=True)
    weight = torch.randn(weight_shape, requires_grad=True)
    work(function, x, weight)
    found = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work(function, x, weight)
        found.append(time.perf_counter() - started)
    return 1e6 * median(found)


def main(scale: str = "laptop") -> None:
    """Print a row for each of the layers."""
    latents, near, far, channels, half = SIZES[scale]
    image = (channels, 2 * half, 2 * half)
    transposed, usual = (conv_transpose2d, conv_transpose), (conv2d, conv)
    at_once, halving = {"stride": 1, "padding": 0}, {"stride": 2, "padding": 1}
    table = Table("layer", "torch's, us", "ours, us")
    for name, work, functions, how, *shapes in (
        ("generator's first", gradients, transposed, at_once, (latents, 1, 1),
         (latents, far, 4, 4)),
        ("generator's last", gradients, transposed, halving, (near, half, half),
         (near, channels, 4, 4)),
        ("critic's first", penalty, usual, halving, image, (near, channels, 4, 4)),
        ("critic's last", gradients, usual, at_once, (far, 4, 4), (1, far, 4, 4)),
    ):  # fmt: skip
        taken = [microseconds(work, partial(function, **how), *shapes) for function in functions]
        table.add_row(name, *(f"{each:,.0f}" for each in taken))
    Console().print(table)


if __name__ == "__main__":
    prepare_torch("cpu")
    main(*sys.argv[1:])
