"""Broken trainings of a variational auto-encoder and a GAN change what the claims about it say."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
from configurations import IMAGES, configuration
from trained_runs import as_if_tuned, ruling, trained

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import Evidence, evidence_of
from wganbench.nets.layers import variational
from wganbench.plan.runs import Run

CLAIMS = catalogue()
NAMES = ["vae_covers", "vae_blurred"]
MLPS = IMAGES | {
    "generator.name": "mlp", "generator.width": 128, "generator.depth": 1,
    "generator.latent_dim": 4, "generator.output": "tanh", "critic.name": "mlp",
    "critic.width": 64, "critic.depth": 2, "batch_size": 64, "samples": 360, "evaluations": 4,
    "iterations": 600, "optimizer.lr": 2e-3, "optimizer.beta1": 0.5,
}  # fmt: skip
ENCODED: dict[str, Any] = {
    "algorithm": "vae", "likelihood": "bernoulli", "encoder__name": "mlp", "encoder__width": 128,
}  # fmt: skip
Change = Callable[[Evidence], Evidence]


def runs() -> list[Run]:
    return [
        Run(experiment="e", scale="smoke", seeds=(0, 1, 2), point={"method": "gan"},
            configuration=configuration("gan", MLPS, **settings))
        for settings in (ENCODED, {})
    ]  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder for several results, which share the digits and their classifier."""
    return tmp_path_factory.mktemp("project")


def gathered(project: Path, name: str) -> Evidence:
    """Train, measure and gather, as if each run had been chosen from three settings of nothing."""
    return as_if_tuned(evidence_of(trained(runs(), project / name, project / "data")))


@pytest.fixture(scope="module")
def honest(project) -> Evidence:
    return gathered(project, "honest")


@pytest.mark.parametrize("name", NAMES)
def test_an_honest_training_reproduces(honest, name):
    assert ruling(name, honest) == "reproduced"


@pytest.mark.parametrize("name", NAMES)
def test_with_the_methods_labels_swapped_it_is_the_gan_that_covers_and_is_blurred(honest, name):
    vae, gan = (run.id for run in runs())
    wrongly = {vae: gan, gan: vae}

    def filed(measure: str) -> pd.DataFrame:
        right = honest.measured(measure)
        return right.assign(run=right["run"].map(wrongly))

    assert ruling(name, replace(honest, measured=filed)) == "not reproduced"


@pytest.mark.long  # that a gate closes where nothing is learned: test_broken_unrolled.py
def test_an_encoder_free_of_the_prior_teaches_the_generator_nothing(project, monkeypatch):
    """Without the divergence latents of the prior are none that the decoder has seen."""
    monkeypatch.setattr(variational, "divergence", lambda mean, _: torch.zeros_like(mean[..., 0]))
    evidence = gathered(project, "free")
    assert {ruling(name, evidence) for name in NAMES} == {"not testable here"}
