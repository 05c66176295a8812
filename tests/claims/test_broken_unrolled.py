"""Broken trainings of unrolled GANs: see test_broken.py."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from configurations import RING, configuration
from trained_runs import ruling, trained

from wganbench.algorithms.unrolled import Unrolled
from wganbench.claims.judging.evidence import Evidence, evidence_of
from wganbench.plan.runs import Run
from wganbench.records.claims import Ruling

# Of which K = 5 covers most of the ring in 450 iterations, and K = 0 one mode at a time.
EASY = {
    "generator__latent_dim": 16, "generator__width": 64, "critic__width": 64, "batch_size": 64,
    "generator_optimizer__lr": 3e-3, "critic_optimizer__lr": 1.5e-3, "samples": 200,
}  # fmt: skip


def runs(iterations: int, **changes: Any) -> list[Run]:
    """Return runs with no step ahead and with 5."""
    settings = EASY | {"iterations": iterations, "evaluations": 8} | changes
    return [
        Run(
            experiment="e", scale="smoke", seeds=tuple(range(6)), point={"method": "unrolled"},
            configuration=configuration("unrolled", RING, unrolled_steps=steps, **settings),
        )
        for steps in (0, 5)
    ]  # fmt: skip


def evidence(planned: list[Run], folder: Path) -> Evidence:
    """Train and measure the runs, and gather what is known of them."""
    return evidence_of(trained(planned, folder / "results", folder / "data"))


def judged(known: Evidence) -> Ruling:
    return ruling("unrolling_covers_modes", known)


@pytest.fixture(scope="module")
def honest(tmp_path_factory) -> Evidence:
    return evidence(runs(1000), tmp_path_factory.mktemp("unrolled"))


def test_an_honest_training_reproduces(honest):
    assert judged(honest) == "reproduced"


def test_with_the_two_filed_under_one_anothers_name_it_is_not_reproduced(honest):
    first, second = honest.settings["run"]
    wrongly = {first: second, second: first}
    table = honest.evaluations.assign(run=honest.evaluations["run"].map(wrongly))
    assert judged(replace(honest, evaluations=table)) == "not reproduced"


@pytest.mark.long  # as the two filed under one another's name
def test_where_the_steps_ahead_are_not_taken_it_is_not_reproduced(tmp_path, monkeypatch):
    ahead = Unrolled.critic_ahead
    monkeypatch.setattr(
        Unrolled,
        "critic_ahead",
        lambda self, *args: ahead(self.model_copy(update={"unrolled_steps": 0}), *args),
    )
    assert judged(evidence(runs(600), tmp_path)) == "not reproduced"


def test_of_a_generator_that_never_comes_to_the_data_nothing_is_said(tmp_path):
    planned = runs(40, generator_optimizer__lr=1e-6)
    assert judged(evidence(planned, tmp_path)) == "not testable here"
