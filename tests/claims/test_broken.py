"""Broken trainings change verdicts: what an honest training reproduces, a broken one does not.

Small nets, seconds each; files, exact distances and frames are those of the workflow.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
from configurations import LINE, PAIR, TOY, configuration
from trained_runs import as_if_tuned, ruling, trained

from wganbench.algorithms.with_critic import WithCritic
from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import Evidence, evidence_of
from wganbench.constraints.clip import Clip
from wganbench.constraints.gradient_penalty import GradientPenalty
from wganbench.objectives.f_gan import FGAN
from wganbench.objectives.gan import Minimax
from wganbench.objectives.wasserstein import Wasserstein
from wganbench.plan.runs import Run
from wganbench.records.claims import Ruling
from wganbench.training.sampler import Sampler

CLAIMS = catalogue()
THREE = (0, 1, 2)
SMALL = {"critic__width": 32, "batch_size": 64, "samples": 200, "evaluations": 4}


def lines() -> list[Run]:
    return [
        run("wgan-gp", PAIR, data__name="parallel-lines", data__theta=theta, iterations=120,
            n_critic=5, optimizer__lr=3e-3, optimizer__beta1=0.5)
        for theta in (-1.0, 0.0, 0.5, 1.0)
    ]  # fmt: skip


def gaussians() -> list[Run]:
    return [
        run(method, PAIR, n_critic=5, iterations=200, optimizer__lr=3e-3, optimizer__beta1=0.5,
            **also)
        for method, also in (("gan", {"objective__name": "minimax"}), ("wgan-gp", {}))
    ]  # fmt: skip


def clipped(seeds: tuple[int, ...] = THREE) -> list[Run]:
    law = {"data__name": "noisy-law", "data__law": "8gaussians"}
    return [run("wgan", PAIR, seeds, **law, n_critic=1, iterations=300, optimizer__lr=1e-3)]


def shifted() -> list[Run]:
    """A critic and a discriminator on lines a little and far apart."""
    usual = {"n_critic": 5, "iterations": 200, "optimizer__lr": 3e-3, "optimizer__beta1": 0.5}
    return [
        run(method, PAIR, data__name="parallel-lines", data__theta=theta, **usual, **also)
        for method, also in (("gan", {"objective__name": "minimax"}), ("wgan-gp", {}))
        for theta in (0.1, 1.0)
    ]


def nearby() -> list[Run]:
    """Lines so near that independent points lie twice as far apart as coupled ones."""
    data = {"data__name": "parallel-lines", "data__theta": 0.2, "samples": 500}
    return [run("wgan-gp", PAIR, **data, critic__width=64, n_critic=5, iterations=200,
                optimizer__lr=3e-3, optimizer__beta1=0.5)]  # fmt: skip


def contest() -> list[Run]:
    """A WGAN-GP that trains, beside a GAN at a learning rate at which it has not begun to."""
    return [
        run(method, TOY, THREE, data__name=law, iterations=320, generator__width=32,
            optimizer__lr=lr, **also)
        for law in ("8gaussians", "25gaussians", "swissroll")
        for method, lr, also in (
            ("gan", 1e-6, {}),
            ("wgan-gp", 2e-3, {"constraint__penalty_weight": 0.1, "optimizer__beta1": 0.5}),
        )
    ]  # fmt: skip


def fits() -> list[Run]:
    """A Gaussian fitted in two divergences."""
    usual = {"iterations": 1000, "batch_size": 512, "optimizer__lr": 0.01}
    return [
        run("gan", LINE, objective__f_divergence=name, **usual) for name in ("kl", "reverse-kl")
    ]


def run(method: str, base: dict[str, Any], seeds: tuple[int, ...] = THREE, **changes: Any) -> Run:
    return Run(
        experiment="e", scale="smoke", seeds=seeds, point={"method": method},
        configuration=configuration(method, base, **(SMALL | changes)),
    )  # fmt: skip


def gathered(runs: list[Run], folder: Path) -> Evidence:
    """Train, measure and gather the runs."""
    return evidence_of(trained(runs, folder / "results", folder / "data"))


def judged(name: str, runs: list[Run], folder: Path, change: Callable = lambda e: e) -> Ruling:
    """Train, measure and gather the runs, and judge the claim by them."""
    return ruling(name, change(gathered(runs, folder)))


Planned = Callable[[], list[Run]]


@pytest.fixture(scope="module")
def honest(tmp_path_factory) -> Callable[[Planned], Evidence]:
    """Return what gives the evidence of planned runs, which are trained once for all tests."""

    @cache
    def evidence(planned: Planned) -> Evidence:
        return gathered(planned(), tmp_path_factory.mktemp(planned.__name__))

    return evidence


TRAINED = {
    "parallel_lines_distance": lines,
    "discriminator_saturates": gaussians,
    "weights_at_ends": clipped,
    "coupled_slope": nearby,
    "divergences_ordered": shifted,
    "fgan_estimates": fits,
    "fgan_fits": fits,
    "fgan_own_row": fits,
}


@pytest.mark.parametrize("name", TRAINED)
def test_an_honest_training_reproduces(name, honest):
    assert ruling(name, honest(TRAINED[name])) == "reproduced"


def frozen(step: Callable) -> Callable:
    """Return a critic's step that leaves its parameters as they are."""

    def stepped(self, game):
        critic = game.players["critic"].net
        before = [p.clone() for p in critic.parameters()]
        log = step(self, game)
        with torch.no_grad():
            for parameter, old in zip(critic.parameters(), before, strict=True):
                parameter.copy_(old)
        return log

    return stepped


@pytest.mark.parametrize(
    ("planned", "names"),
    [
        # The first two claims turn without their penalty, too: below.
        pytest.param(lines, ["parallel_lines_distance"], marks=pytest.mark.long),
        pytest.param(nearby, ["coupled_slope"], marks=pytest.mark.long),
        (fits, ["fgan_estimates", "fgan_fits"]),
    ],
)
def test_a_frozen_critic_estimates_nothing(tmp_path, monkeypatch, planned, names):
    monkeypatch.setattr(WithCritic, "critic_step", frozen(WithCritic.critic_step))
    evidence = gathered(planned(), tmp_path)
    assert [ruling(name, evidence) for name in names] == ["not reproduced"] * len(names)


@pytest.mark.long  # as without its penalty
def test_a_critic_that_takes_the_model_for_the_data_estimates_the_wrong_sign(tmp_path, monkeypatch):
    real, model = Sampler.real, Sampler.model
    monkeypatch.setattr(Sampler, "real", model)
    monkeypatch.setattr(Sampler, "model", real)
    assert judged("parallel_lines_distance", lines(), tmp_path) == "not reproduced"


@pytest.mark.parametrize(
    "name", ["parallel_lines_distance", "coupled_slope", "divergences_ordered"]
)
def test_without_its_penalty_a_critic_is_steep(tmp_path, monkeypatch, name):
    penalty = GradientPenalty.penalty
    monkeypatch.setattr(GradientPenalty, "penalty", lambda *args: 0 * penalty(*args))
    assert judged(name, TRAINED[name](), tmp_path) == "not reproduced"


@pytest.mark.long  # that a gate closes where nothing is learned: test_broken_unrolled.py
def test_a_critic_that_learned_nothing_says_nothing_of_the_order_of_divergences(
    tmp_path, monkeypatch
):
    """Its estimates lie below every bound."""
    monkeypatch.setattr(WithCritic, "critic_step", frozen(WithCritic.critic_step))
    assert judged("divergences_ordered", shifted(), tmp_path) == "not testable here"


def test_without_the_clip_no_weights_lie_at_its_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(Clip, "after_step", lambda self, critic: None)
    assert judged("weights_at_ends", clipped(tuple(range(6))), tmp_path) == "not reproduced"


def filed_wrongly(evidence: Evidence) -> Evidence:
    """Return the evidence with the measures of two runs under one another's name."""
    first, second = evidence.settings["run"]
    wrongly = {first: second, second: first}

    def filed(name: str) -> pd.DataFrame:
        right = evidence.measured(name)
        return right.assign(run=right["run"].map(wrongly))

    return replace(evidence, measured=filed)


def test_with_the_methods_labels_swapped_the_discriminator_does_not_saturate(honest):
    swapped = filed_wrongly(honest(gaussians))
    assert ruling("discriminator_saturates", swapped) == "not reproduced"


def test_of_two_methods_of_which_one_trains_that_one_is_consistently_better(honest):
    assert ruling("no_default", as_if_tuned(honest(contest))) == "not reproduced"


def test_with_the_methods_labels_swapped_on_one_law_no_method_is_consistently_better(honest):
    runs, evidence = contest(), honest(contest)
    swap = [r.id for r in runs if r.configuration.data.name == "swissroll"]
    wrongly = {r.id: r.id for r in runs} | dict(zip(swap, reversed(swap), strict=True))
    table = evidence.evaluations.assign(run=evidence.evaluations["run"].map(wrongly))
    swapped = as_if_tuned(replace(evidence, evaluations=table))
    assert ruling("no_default", swapped) == "reproduced"


@pytest.mark.long
def test_with_the_generators_loss_flipped_no_method_trains_and_nothing_is_said(
    tmp_path, monkeypatch
):
    loss = Wasserstein.generator_loss
    monkeypatch.setattr(Wasserstein, "generator_loss", lambda self, fake: -loss(self, fake))
    assert judged("no_default", contest(), tmp_path, as_if_tuned) == "not testable here"


@pytest.mark.long
def test_an_f_gan_that_always_trains_on_one_divergence_fits_another_law(tmp_path, monkeypatch):
    """As if the setting were ignored."""
    monkeypatch.setattr(FGAN, "critic_loss", lambda self, *args: -Minimax().divergence(*args))
    monkeypatch.setattr(FGAN, "generator_loss", lambda self, fake: Minimax().generator_loss(fake))
    assert judged("fgan_fits", fits(), tmp_path) == "not reproduced"


def test_models_filed_under_one_anothers_divergence_are_not_best_by_it(honest):
    assert ruling("fgan_own_row", filed_wrongly(honest(fits))) == "not reproduced"
