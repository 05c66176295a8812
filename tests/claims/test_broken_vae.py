"""Broken trainings of a variational auto-encoder and a GAN change what the claims about it say."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
from claim_evidence import text_of
from configurations import IMAGES, configuration

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import Evidence, evidence_of
from wganbench.claims.judging.verdict import judge
from wganbench.data.store import write_data
from wganbench.fidelity.measure import measure as measure_fidelity
from wganbench.fidelity.store import write_extractor
from wganbench.gather.load import load_results
from wganbench.nets.layers import variational
from wganbench.plan.runs import Run
from wganbench.records.claims import Ruling
from wganbench.training.train import train_run

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
def spaces(tmp_path_factory) -> Path:
    """The digits and their feature space."""
    folder, data = tmp_path_factory.mktemp("spaces"), runs()[0].configuration.data
    write_data(data, folder / "data")
    write_extractor(data, "classifier", folder / "extractors", folder / "data")
    return folder


def gathered(spaces: Path, name: str) -> Evidence:
    """Train, measure and gather, as if each run had been chosen from three settings of nothing."""
    folder, planned = spaces / name, runs()
    folder.mkdir()
    (folder / "extractors").symlink_to(spaces / "extractors")
    for run in planned:
        train_run(run, folder / "runs" / run.id, data=spaces / "data")
        measure_fidelity(run, folder / "runs" / run.id, spaces / "extractors")
    evidence = evidence_of(load_results(planned, folder / "runs", spaces / "data"))
    tuned = [
        {"run": f"{run.id}{other}", "experiment": "e", "configuration": run.id, "setting": {},
         "seeds": (), "chosen": not other}
        for run in planned
        for other in ("", "-second", "-third")
    ]  # fmt: skip
    return replace(evidence, tuned=pd.DataFrame(tuned))


@pytest.fixture(scope="module")
def honest(spaces) -> Evidence:
    return gathered(spaces, "honest")


def ruling(name: str, evidence: Evidence) -> Ruling:
    verdict = judge(name, CLAIMS[name], evidence)
    print(text_of(verdict))  # noqa: T201 - shown where a test fails
    return verdict.verdict


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


def test_an_encoder_free_of_the_prior_teaches_the_generator_nothing(spaces, monkeypatch):
    """Without the divergence latents of the prior are none that the decoder has seen."""
    monkeypatch.setattr(variational, "divergence", lambda mean, _: torch.zeros_like(mean[..., 0]))
    evidence = gathered(spaces, "free")
    assert {ruling(name, evidence) for name in NAMES} == {"not testable here"}
