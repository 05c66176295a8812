"""Broken penalties change verdicts on where a penalty looks; so does another laws' critic."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from configurations import PAIR, configuration
from trained_runs import ruling, trained

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import evidence_of
from wganbench.constraints.coupled_penalty import CoupledPenalty
from wganbench.constraints.gradient_penalty import GradientPenalty
from wganbench.constraints.uniform_penalty import UniformPenalty
from wganbench.data.noisy import NoisyLaw
from wganbench.data.store import write_data
from wganbench.plan.runs import Run
from wganbench.records.claims import Ruling

CLAIMS = catalogue()
SMALL = {
    "critic.width": 64, "batch_size": 64, "n_critic": 1, "iterations": 240, "samples": 300,
    "evaluations": 4, "optimizer.lr": 3e-3,
}  # fmt: skip
RING = {"data.name": "noisy-law", "data.law": "8gaussians", "critic.depth": 3}
UNIFORM = "uniform-penalty"
FUNNELS = [{"data.name": "funnels", "data.dim": dim} for dim in (2, 16)]


def run(data: dict[str, Any], **changes: Any) -> Run:
    return Run(
        experiment="e", scale="smoke", seeds=(0, 1, 2), point={"method": "wgan-gp"},
        configuration=configuration("wgan-gp", PAIR | SMALL | data, **changes),
    )  # fmt: skip


def beside(name: str, *laws: dict[str, Any]) -> list[Run]:
    """A critic with the penalty of this name on each pair, beside one of WGAN-GP."""
    return [run(data, **also) for data in laws for also in ({}, {"constraint__name": name})]


def judged(name: str, runs: list[Run], folder: Path) -> Ruling:
    """Train, measure and gather the runs, and judge the claim by them."""
    return ruling(name, evidence_of(trained(runs, folder / "results", folder / "data")))


def free(self, critic, real, fake, streams):
    return real.new_zeros(real.shape[0])


@pytest.mark.parametrize(
    ("broken", "verdict"), [(CoupledPenalty, "not reproduced"), (GradientPenalty, "reproduced")]
)
def test_the_critic_whose_penalty_is_taken_out_is_the_more_biased(
    tmp_path, monkeypatch, broken, verdict
):
    monkeypatch.setattr(broken, "penalty", free)
    assert judged("coupled_points_help", beside("coupled-penalty", RING), tmp_path) == verdict


def test_a_penalty_that_loses_hold_in_more_dimensions_degrades_with_them(tmp_path, monkeypatch):
    penalty = UniformPenalty.penalty

    def lost(self, critic, real, *args):
        return penalty(self, critic, real, *args) * float(real.shape[-1] <= 2)

    monkeypatch.setattr(UniformPenalty, "penalty", lost)
    runs = beside(UNIFORM, *FUNNELS)
    assert judged("uniform_points_degrade", runs, tmp_path) == "reproduced"


def test_a_penalty_that_holds_where_wgan_gps_does_degrades_no_more(tmp_path, monkeypatch):
    penalty = GradientPenalty(points="interpolates").penalty
    monkeypatch.setattr(UniformPenalty, "penalty", lambda self, *args: penalty(*args))
    # Its critics are WGAN-GP's to the bit: seeds tie, and it takes 6 of them for an interval.
    six = {"seeds": tuple(range(6))}
    runs = [planned.model_copy(update=six) for planned in beside(UNIFORM, *FUNNELS)]
    assert judged("uniform_points_degrade", runs, tmp_path) == "not reproduced"


@pytest.mark.parametrize(
    ("name", "swapped", "verdict"),
    [
        ("optimal_coupled_slope", False, "reproduced"),
        ("optimal_independent_slope", False, "reproduced"),
        ("optimal_coupled_slope", True, "not reproduced"),
    ],
)
def test_the_optimal_critic_is_that_of_these_laws_in_this_order(
    tmp_path, monkeypatch, name, swapped, verdict
):
    runs = [run(RING, iterations=4)]
    generate = NoisyLaw.generate
    if swapped:  # after the data are written
        write_data(runs[0].configuration.data, tmp_path / "data")

        def other(self, rng):
            arrays = generate(self, rng)
            return replace(arrays, train=arrays.train_model, train_model=arrays.train)

        monkeypatch.setattr(NoisyLaw, "generate", other)
    assert judged(name, runs, tmp_path) == verdict
