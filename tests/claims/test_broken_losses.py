"""Broken losses between minibatches change verdicts: what honest ones reproduce, these do not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from configurations import configuration
from trained_runs import as_if_tuned, ruling, trained

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import Evidence, evidence_of
from wganbench.gather.load import Results
from wganbench.losses import exact_ot
from wganbench.plan.runs import Run
from wganbench.records.claims import Ruling

CLAIMS = catalogue()
BATCHES = (4, 64)
SEEDS = (0, 1, 2, 3, 4)
BEGUN, LONGER = 250, 600  # iterations with a clipped critic: W1 of .6 and .4
SMALL = {"generator__width": 32, "samples": 100, "evaluations": 4, "optimizer__lr": 1e-3}


def run(method: str, **changes: object) -> Run:
    return Run(
        experiment="e", scale="smoke", seeds=SEEDS, point={"method": method},
        configuration=configuration(method, **(SMALL | changes)),
    )  # fmt: skip


def losses() -> list[Run]:
    """Exact transport and the energy distance, each with a small and a large batch."""
    return [
        run("gan", algorithm="sample-loss", loss__name=loss, batch_size=batch, iterations=1600)
        for loss in ("exact-ot", "energy")
        for batch in BATCHES
    ]


def beside_clip(clipped: int) -> list[Run]:
    """Exact transport beside so many iterations with a clipped critic."""
    usual = {"batch_size": 64, "optimizer__lr": 1e-3}
    exact = run("gan", algorithm="sample-loss", loss__name="exact-ot", iterations=800, **usual)
    critic = {"constraint__clip_value": 0.05, "critic__width": 64}
    return [exact, run("wgan", iterations=clipped, **critic, **usual)]


def judged(
    name: str, results: Results, change: Callable[[Evidence], Evidence] = lambda e: e
) -> Ruling:
    return ruling(name, change(as_if_fair(evidence_of(results))))


def gathered(runs: list[Run], folder: Path) -> Results:
    return trained(runs, folder / "results", folder / "data")


@pytest.fixture(scope="module")
def by_batch(tmp_path_factory) -> Results:
    return gathered(losses(), tmp_path_factory.mktemp("losses"))


def as_if_fair(evidence: Evidence) -> Evidence:
    """Return the evidence as if runs had been chosen from three settings and taken a second."""
    seconds = evidence.evaluations[["run", "seed", "iteration"]].assign(value=1.0)
    return replace(as_if_tuned(evidence), measured=lambda _: seconds)


# Where runs are filed wrongly: under the other batch size, and under the other loss.
BY_BATCH = {"exact_ot_batch_bias": (1, 0, 3, 2), "energy_less_biased": (2, 3, 0, 1)}


@pytest.mark.parametrize("name", BY_BATCH)
def test_smaller_batches_of_an_honest_training_are_worse_by_w1(name, by_batch):
    assert judged(name, by_batch) == "reproduced"


def test_along_optimal_pairs_a_generator_comes_as_near_as_a_clipped_critics(tmp_path):
    assert judged("exact_ot_trains", gathered(beside_clip(BEGUN), tmp_path)) == "reproduced"


def test_along_pairs_of_chance_it_does_not(tmp_path, monkeypatch):
    """The least is then at the law's middle."""
    in_order = torch.arange(64)
    monkeypatch.setattr(exact_ot, "coupled", lambda costs: in_order.expand(len(costs), -1))
    results = gathered(beside_clip(LONGER), tmp_path)
    assert judged("exact_ot_trains", results) == "not reproduced"


@pytest.mark.parametrize("name", BY_BATCH)
def test_runs_filed_under_one_anothers_setting_say_the_opposite(name, by_batch):
    ids = [planned.id for planned in losses()]
    wrongly = dict(zip(ids, [ids[place] for place in BY_BATCH[name]], strict=True))

    def filed(evidence: Evidence) -> Evidence:
        table = evidence.evaluations
        return replace(evidence, evaluations=table.assign(run=table["run"].map(wrongly)))

    assert judged(name, by_batch, filed) == "not reproduced"
