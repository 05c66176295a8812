"""Exact transport of laws and pairs, beside the critic's estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.evaluation_points import evaluation_points
from wganbench.plan.step import Measurement, data_files, in_run

if TYPE_CHECKING:
    from wganbench.plan.runs import Run

BESIDE = 10  # distances of a run that are not a seed's: its floor's, and a fresh pair's


def _solved(run: Run) -> int:
    return len(run.seeds) * len(evaluation_points(run.configuration)) + BESIDE


def _minutes_of(samples: int) -> float:
    """Return the minutes of one exact W1: .28 s of 1,000 samples, 5 of 4,000, 18.7 of 8,000."""
    return 0.3 / 60 * (samples / 1000) ** 2


ROW = Measurement(
    name="transport",
    about="Measure the exact W1 of a trained run's samples, and its floor.",
    modules=("wganbench.transport.measure",),
    reader="wganbench.records.transport:read_transport",
    reads=lambda run: [*data_files(run), *in_run("samples.npz")(run)],
    applies=lambda run: run.configuration.data.kind != "images",
    # Exact W1 takes 41 bytes a cell, and one more matrix for transforms.
    memory=lambda run: 1000 + 60 * run.configuration.samples**2 / 2**20,
    minutes=lambda run: _solved(run) * _minutes_of(run.configuration.samples),
)
