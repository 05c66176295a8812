"""Seconds of an iteration in float32 and in bfloat16: DCGANs of 64 filters on 32x32 images.

    python benchmarks/precision.py [cpu|cuda] [SEEDS]

One torch thread, random images, the median of a few iterations after a first one.
"""

import sys
import time
from collections.abc import Iterator
from statistics import median

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from wganbench.data import Arrays
from wganbench.plan.configuration import Configuration
from wganbench.plan.presets import PRESETS
from wganbench.plan.settings import layer, nest, overlay
from wganbench.training.game import Game
from wganbench.training.process import prepare_torch

METHODS = ("gan", "wgan", "wgan-gp")
PRECISIONS = ("float32", "bfloat16")
ITERATIONS = 5
BASE = {
    "data.name": "fashion-mnist",
    "generator.name": "dcgan",
    "generator.latent_dim": 100,
    "critic.name": "dcgan",
    "iterations": ITERATIONS,
}


def seconds(method: str, precision: str, seeds: int, device: str) -> float:
    """Return the median seconds of an iteration of all seeds together."""
    norm = {"critic.norm": "none"} if method == "wgan-gp" else {}
    settings = overlay([layer(PRESETS[method], "preset"), layer(BASE | norm, "base")])
    content = {"method": method, "precision": precision} | nest(settings)
    configuration = Configuration.model_validate(content)
    images = np.random.default_rng(0).integers(0, 256, (256, *configuration.data.shape))
    arrays = Arrays(images.astype(np.uint8), images.astype(np.uint8))
    game = Game(configuration, arrays, tuple(range(seeds)), device)
    return median(list(_timed(game, device))[1:])


def _timed(game: Game, device: str) -> Iterator[float]:
    for _ in range(ITERATIONS + 1):
        started = time.perf_counter()
        game.iterate()
        if device == "cuda":
            torch.cuda.synchronize()
        yield time.perf_counter() - started


def main(device: str = "cpu", seeds: str = "1") -> None:
    """Print the table."""
    prepare_torch(device)
    table = Table("method", *PRECISIONS, "faster by", box=None)
    for method in METHODS:
        single, half = (seconds(method, p, int(seeds), device) for p in PRECISIONS)
        table.add_row(method, f"{single:.3f} s", f"{half:.3f} s", f"{single / half:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
