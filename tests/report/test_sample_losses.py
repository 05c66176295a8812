"""[Cramer] theorem 1's page: the mean loss of batches, and generators without a critic."""

import numpy as np
import pytest
from experiment_files import example, planned
from report_site import train
from scipy.stats import binom

from wganbench.gather.load import load_results
from wganbench.report.figures.sample_losses import (
    GRID,
    TARGET,
    mean_losses,
    sample_loss_figures,
)

LOSSES = ["exact-ot", "energy"]
ADAM = {"optimizer.name": "adam", "optimizer.lr": 1e-3}
EXPERIMENT = example(
    source="[Cramer] theorem 1",
    base={
        "generator.width": 8, "critic.width": 8, "iterations": 4, "evaluations": 2, "samples": 32,
    },
    overrides=[
        {"when": {"method": LOSSES}, "set": {"algorithm": "sample-loss", **ADAM}},
        *({"when": {"method": name}, "set": {"loss.name": name}} for name in LOSSES),
    ],
    grid=[{"method": "gan"}, {"method": LOSSES, "batch_size": [4, 16]}],
)  # fmt: skip


@pytest.mark.parametrize("batch", [1, 2, 5, 25])
def test_the_mean_w1_is_least_at_the_batches_median_and_the_energy_distance_at_the_law(batch):
    best = {loss: GRID[values.argmin()] for loss, values in mean_losses(batch).items()}
    assert best["W1"] == pytest.approx(binom.median(batch, TARGET) / batch, abs=1 / len(GRID))
    assert best["energy distance"] == pytest.approx(TARGET)


def test_every_loss_has_its_batches_and_methods_with_a_critic_stand_beside(tmp_path):
    runs = planned(tmp_path, EXPERIMENT)
    train({"example": runs}, tmp_path / "results", tmp_path / "data")
    results = load_results(runs, tmp_path / "results", tmp_path / "data")
    figures = {figure.name: figure for figure in sample_loss_figures(results, "cramer")}
    assert list(figures) == ["cramer-bias", "cramer-batches", "cramer-seconds"]
    ends = figures["cramer-batches"].data
    points = set(zip(ends["label"], ends["batch_size"], strict=True))
    critics = ("GAN", runs[0].configuration.batch_size)
    losses = {(loss, batch) for loss in ("exact W1", "energy distance") for batch in (4, 16)}
    assert points == losses | {critics}
    assert set(ends["run"]) == {run.id for run in runs}
    spent = figures["cramer-seconds"].data
    seconds = {run: record.timings.at_evaluations for run, record in results.records.items()}
    for run, rows in spent.groupby("run"):
        assert np.unique(rows["seconds"]).tolist() == seconds[run]
    labels = set(results.facts["label"])
    assert "exact-ot, batch_size 4" in labels


def test_without_such_runs_the_theorems_own_example_is_left(tmp_path):
    runs = planned(tmp_path, EXPERIMENT)[:1]
    train({"example": runs}, tmp_path / "results", tmp_path / "data")
    results = load_results(runs, tmp_path / "results", tmp_path / "data")
    assert [f.name for f in sample_loss_figures(results, "cramer")] == ["cramer-bias"]
