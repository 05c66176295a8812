"""A GPU: replica-iterations a second beside a plain loop's, with CUDA graphs and without.

    python benchmarks/gpu.py [FILE]

Writes a table in Markdown, with the card's name, to the file or to the terminal.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import torch
from bench_training import DIGITS, TOY, game, plain

from wganbench.training.evaluation import Evaluator
from wganbench.training.process import prepare_torch

ROUNDS, SECONDS = 5, 0.3  # rounds of each, and how long one takes, about
WARM_UP = 6  # iterations: the fourth is recorded
IMAGES64 = DIGITS | {"data.name": "celeba", "generator.latent_dim": 100}
BF16 = {"precision": "bfloat16"}
ROWS: list[tuple[str, dict[str, Any], int, list[int]]] = [
    ("toys, width 64", TOY, 64, [1, 64]),
    ("toys, width 128", TOY, 128, [1, 64]),
    ("toys, width 512", TOY, 512, [1, 64]),
    ("toys, width 512, bfloat16", TOY | BF16, 512, [64]),
    ("DCGANs of 64 filters, 64x64", IMAGES64, 64, [1, 4]),
    ("DCGANs of 64 filters, 64x64, bfloat16", IMAGES64 | BF16, 64, [1, 4]),
]
METHODS = ("wgan", "wgan-gp")
HEADINGS = ("", "method", "seeds", "plain loop, ms", "step by step, ms", "recorded, ms",
            "replica-iterations over the plain loop's", "an evaluation, ms")  # fmt: skip


def milliseconds(iterate: Callable[[], object]) -> list[float]:
    """Return the quartiles over rounds of an iteration's time."""
    for _ in range(WARM_UP):
        iterate()
    times = max(1, round(SECONDS / _seconds(iterate, 3)))
    found = [1000 * _seconds(iterate, times) for _ in range(ROUNDS)]
    return quantiles(found, n=4)


def _seconds(iterate: Callable[[], object], times: int) -> float:
    torch.cuda.synchronize()
    started = perf_counter()
    for _ in range(times):
        iterate()
    torch.cuda.synchronize()
    return (perf_counter() - started) / times


def row(name: str, method: str, base: dict[str, Any], width: int, seeds: int) -> tuple[str, ...]:
    """Time one game both ways, and the plain loop of one seed, in float32, beside it."""
    ours = game(method, base, width, seeds, "cuda")
    loop = milliseconds(plain(method, base, width, ours.task.sampler.pool).iterate)
    eager = milliseconds(lambda: ours.algorithm.iterate(ours))
    recorded = milliseconds(ours.iterate)
    low, middle, high = (loop[1] * seeds / quartile for quartile in reversed(recorded))
    evaluator = Evaluator(ours, ours.task.arrays)
    evaluation = milliseconds(lambda: evaluator.evaluate(0))
    times = [f"{quartile[1]:.2f}" for quartile in (loop, eager, recorded, evaluation)]
    ratio = f"{middle:.1f} [{low:.1f}, {high:.1f}]"
    return name, method, str(seeds), *times[:-1], ratio, times[-1]


def main(*path: str) -> None:
    """Write all rows."""
    prepare_torch("cuda")
    lines = [f"{torch.cuda.get_device_name()}, torch {torch.__version__}", ""]
    lines += [" | ".join(HEADINGS), " | ".join("-" * len(HEADINGS))]
    for name, base, width, counts in ROWS:
        for method in METHODS:
            for seeds in counts:
                lines.append(" | ".join(row(name, method, base, width, seeds)))
                sys.stderr.write(f"{lines[-1]}\n")
    table = "".join(f"| {line} |\n" if "|" in line else f"{line}\n" for line in lines)
    Path(path[0]).write_text(table) if path else sys.stdout.write(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
