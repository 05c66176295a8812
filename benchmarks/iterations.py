"""Milliseconds of an iteration of planned runs, with freed memory kept and given back.

    python benchmarks/iterations.py [SCALE] [RUN ...]

Each run is timed in processes of its own, one after the other way, so that a machine whose speed
drifts slows both alike. The data sets have to be there (`snakemake datasets`).
"""

import subprocess
import sys
import time
from statistics import median

import torch
from rich.console import Console
from rich.table import Table

from wganbench.plan.params import load_params
from wganbench.records.data import read_data
from wganbench.training.game import Game
from wganbench.training.process import prepare_torch

ROUNDS = 3
BLOCKS, ITERATIONS = 7, 5
EXPERIMENTS = ("image-grid", "toy-grid")


def milliseconds(scale: str, run_id: str, way: str) -> float:
    """Return the median over blocks of an iteration of all of a run's seeds, in this process."""
    if way == "kept":
        prepare_torch("cpu")
    else:
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
    run = load_params(scale).find(run_id)
    game = Game(run.configuration, read_data(run.configuration.data), run.seeds, "cpu")
    game.iterate()
    blocks = []
    for _ in range(BLOCKS):
        started = time.perf_counter()
        for _ in range(ITERATIONS):
            game.iterate()
        blocks.append((time.perf_counter() - started) / ITERATIONS)
    return 1000 * median(blocks)


def in_a_process(*words: str) -> float:
    """Return what another process measures."""
    command = [sys.executable, __file__, "--one", *words]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(scale: str = "laptop", *run_ids: str) -> None:
    """Print a row for each run, by default for those of two experiments."""
    if not run_ids:
        runs = load_params(scale).runs(list(EXPERIMENTS))
        run_ids = tuple(run.id for planned in runs.values() for run in planned)
    table = Table("run", "given back, ms", "kept, ms", "ratio")
    for run_id in run_ids:
        ways: dict[str, list[float]] = {"given back": [], "kept": []}
        for _ in range(ROUNDS):
            for way, found in ways.items():
                found.append(in_a_process(scale, run_id, way))
        before, after = (median(found) for found in ways.values())
        table.add_row(run_id, f"{before:.1f}", f"{after:.1f}", f"{after / before:.3f}")
    Console().print(table)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        sys.stdout.write(f"{milliseconds(*sys.argv[2:])}\n")
    else:
        main(*sys.argv[1:])
