"""Seconds of a grid's runs from committed numbers, as nothing has been run at scale `gpu`.

Each number stands with its source. Imports, starts and waiting are not in them.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np

from wganbench.evaluation_points import evaluation_points
from wganbench.operations.rates import CLOSE, Rates
from wganbench.plan.choices import undecided
from wganbench.plan.configuration import Configuration
from wganbench.plan.params import load_params
from wganbench.plan.runs import Run
from wganbench.plan.steps import EXTRACTOR, measurements
from wganbench.records.choices import Choices
from wganbench.records.run import Timings

MEASURED = "desk"  # the committed scale whose rates are taken, of a CPU
SUMMARY = Path("results/scales") / MEASURED / "summary.csv"
STEPS = 6  # gradient steps of an iteration in what follows
# results.md, toys of batch 256, wgan, four seeds: ms of an iteration of a replica by width.
CORE_MS = {64: 4.23, 128: 11.97, 512: 141.39}
CORE_BATCH, CORE_DEPTH = 256, 3
# results-gpu.md, the same recorded on an H200: ms of an iteration of one seed, and of 64 together;
# and of an evaluation.
GPU_MS = {64: (1.46, 3.99), 128: (1.48, 5.40), 512: (1.93, 27.18)}
GPU_EVALUATION_MS = {64: (25, 234), 128: (31, 463), 512: (86, 2412)}
GPU_SEEDS = 64
# results-gpu.md, recorded DCGANs of 64 filters on 64x64 images, of a seed; and of an evaluation.
IMAGE_MS, IMAGE_EVALUATION_MS, IMAGE_SIDE = 10.37, 83, 64
PENALTY = 1.7  # wgan-gp's time over wgan's: results.md 1.64 to 1.80, results-gpu.md 1.62 to 1.76
# Logs of scale desk on two cores of an EPYC: an exact W1 at n = 1,000 of 6 x 27 in 17 s of CPU; its
# growth between 1,000 and 4,000 by .28 and 5.0 s. A pair's distance takes about 20 of them.
W1_SECONDS, W1_GROWTH, W1_OF_A_PAIR = 0.105, 2.08, 20
# The same logs: FID, KID and the rest of 8x8 images, 3.3 s of 8 x 24 x 360; the modes of a mixture.
JUDGED_SECONDS, JUDGED_SIDE, MODES_SECONDS = 34e-6, 8, 0.5


@dataclass(frozen=True)
class Length:
    """A planned run with what its work takes, imports and starts apart."""

    run: Run
    copy: int
    """0 for the grid itself, then its repetitions with other seeds."""
    train: float
    measure: dict[str, float]
    """By measurement."""

    @property
    def name(self) -> str:
        return f"{self.run.id} {self.copy}"

    @property
    def experiment(self) -> str:
        return f"{self.run.experiment} {self.copy}"

    @property
    def data(self) -> str:
        return self.run.configuration.data.id

    @property
    def has_space(self) -> bool:
        """Whether its images are measured in a feature space, which is made once."""
        return EXTRACTOR.applies(self.run)

    @property
    def choice_among(self) -> str:
        """The choice that this run is a candidate of, if it is one."""
        return self.experiment if self.run.candidate else ""

    @property
    def waits_for(self) -> str:
        """The choice that this run follows from, if it does."""
        return self.experiment if self.run.tuned and not self.run.candidate else ""


def lengths(scale: str, count: int, laws_on: str) -> tuple[list[Length], Counter[str]]:
    """Return so many runs of a scale with their seconds, and how many have them from where.

    Fewer than are planned are taken evenly from the plan, more are it again, with other seeds.
    Where settings are tuned, of each configuration one run follows.

    Args:
        scale: its name.
        count: how many runs.
        laws_on: where laws and pairs are trained, `cpu` or `cuda`; images are on a GPU.
    """
    planned = [run for runs in load_params(scale).possible_runs().values() for run in _made(runs)]
    rates, sources = Rates(_timed()), Counter[str]()
    found = []
    for place in range(count):
        copy, place_in_plan = divmod(place, len(planned))
        run = planned[place_in_plan if count >= len(planned) else place * len(planned) // count]
        train, source = _training(run, rates, laws_on)
        sources[source] += 1
        found.append(Length(run, copy, train, dict(_measuring(run))))
    return found, sources


def _made(runs: list[Run]) -> list[Run]:
    followers = [run.id for run in undecided(runs, Choices(choices=[]))]
    return [run for run in runs if run.candidate or not run.tuned or run.id in followers]


def _timed() -> Iterator[tuple[Run, Timings]]:
    """Yield the committed runs whose plan is still the same, with what they took."""
    possible = load_params(MEASURED).possible_runs()
    planned = {run.id: run for runs in possible.values() for run in runs}
    with SUMMARY.open(encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file) if row["id"] in planned}
    for run_id, row in rows.items():
        iteration = float(row["per_iteration"])
        training = iteration * planned[run_id].configuration.iterations
        yield planned[run_id], Timings(
            total=float(row["seconds"]), training=training, per_iteration=iteration,
            at_evaluations=[], peak_memory_mib=0,
        )  # fmt: skip


def _training(run: Run, rates: Rates, laws_on: str) -> tuple[float, str]:
    """Return what a training takes, and where the number is from."""
    if run.configuration.data.kind == "images":
        return _images_on_gpu(run), "images: an H200's for DCGANs, by pixels"
    if laws_on == "cuda":
        return _law_on_gpu(run), "laws and pairs: an H200's for toys, by width"
    if rate := rates.rate(run, CLOSE):
        return rate.seconds_of(run), f"laws and pairs: a core's for like runs of scale {MEASURED}"
    return _law_on_core(run), "laws and pairs: a core's for toys, by width, depth and batch"


def _images_on_gpu(run: Run) -> float:
    c = run.configuration
    by_size = IMAGE_MS * (c.data.shape[-1] / IMAGE_SIDE) ** 2
    iteration = max(by_size, GPU_MS[64][0]) * _penalty(c) * len(run.seeds)
    evaluations = len(evaluation_points(c)) * len(run.seeds) * IMAGE_EVALUATION_MS
    return (iteration * _iterations(c) + evaluations) / 1000


def _law_on_gpu(run: Run) -> float:
    c = run.configuration
    share = (len(run.seeds) - 1) / (GPU_SEEDS - 1)

    def of_all_seeds(table: dict[int, tuple[float, float]]) -> float:
        one, many = (_by_width({w: ms[end] for w, ms in table.items()}, c) for end in (0, 1))
        return one + share * (many - one)

    evaluations = len(evaluation_points(c)) * of_all_seeds(GPU_EVALUATION_MS)
    return (of_all_seeds(GPU_MS) * _penalty(c) * _iterations(c) + evaluations) / 1000


def _law_on_core(run: Run) -> float:
    c = run.configuration
    depth = max(getattr(net, "depth", CORE_DEPTH) for net in (c.critic, c.generator) if net)
    size = c.batch_size / CORE_BATCH * depth / CORE_DEPTH
    return _by_width(CORE_MS, c) * size * _penalty(c) * _iterations(c) * len(run.seeds) / 1000


def _iterations(c: Configuration) -> float:
    """Return how many iterations of the timed ones have as many gradient steps."""
    return c.iterations * c.steps_per_iteration() / STEPS


def _penalty(c: Configuration) -> float:
    return PENALTY if "penalty" in str(c.get("constraint.name")) else 1.0


def _by_width(table: Mapping[int, float], c: Configuration) -> float:
    """Return what a table has for the wider net; between its widths by a power of the width."""
    width = max(getattr(net, "width", 1) for net in (c.critic, c.generator) if net)
    times = [log(time) for time in table.values()]
    return float(np.exp(np.interp(log(width), [log(w) for w in table], times)))


def _measuring(run: Run) -> Iterator[tuple[str, float]]:
    c = run.configuration
    samples = len(evaluation_points(c)) * len(run.seeds)
    for step in measurements(run):
        if step.name == "transport":
            distances = W1_OF_A_PAIR if c.data.kind == "pair" else samples
            yield step.name, distances * W1_SECONDS * (c.samples / 1000) ** W1_GROWTH
        elif c.data.kind == "images":
            pixels = (c.data.shape[-1] / JUDGED_SIDE) ** 2
            yield step.name, samples * c.samples * JUDGED_SECONDS * pixels
        else:
            yield step.name, MODES_SECONDS
