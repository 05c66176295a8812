"""Broken trainings of InfoGAN change verdicts: what an honest one reproduces, these do not."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from configurations import configuration
from trained_runs import ruling, trained
from training_cases import INFOGAN

from wganbench.algorithms.infogan import InfoGAN
from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import evidence_of
from wganbench.plan.runs import Run
from wganbench.records.claims import Ruling

CLAIMS = catalogue()
SMALL = {"generator__width": 128, "generator__depth": 1, "generator__output": "tanh",
         "generator__latent_dim": 8, "critic__width": 32, "critic__depth": 1,
         "recogniser_width": 64, "batch_size": 32, "iterations": 1000, "evaluations": 4,
         "samples": 200, "optimizer__lr": 2e-3}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder for several results, which share the digits and their classifier."""
    return tmp_path_factory.mktemp("project")


def judged(name: str, project: Path, folder: str, **changes: object) -> Ruling:
    """Train, measure and gather a run of three seeds, and judge the claim by it."""
    run = Run(
        experiment="e", scale="smoke", seeds=(0, 1, 2), point={"method": "gan"},
        configuration=configuration("gan", INFOGAN, **(SMALL | changes)),
    )  # fmt: skip
    return ruling(name, evidence_of(trained([run], project / folder, project / "data")))


def told_of_other_codes(bound: Callable) -> Callable:
    """Return a bound on codes that belong to other samples."""

    def shifted(self, guess: torch.Tensor, latents: torch.Tensor):
        return bound(self, guess, latents.roll(1, 1))

    return shifted


def test_an_honest_training_makes_the_code_plain(project):
    assert judged("infogan_information", project, "honest") == "reproduced"


def test_a_recogniser_that_is_told_other_samples_codes_finds_none(project, monkeypatch):
    monkeypatch.setattr(InfoGAN, "bound", told_of_other_codes(InfoGAN.bound))
    assert judged("infogan_information", project, "others") == "not reproduced"


def weighing(weight: float) -> Callable:
    """Return a generator's step with another lambda than the run's."""
    step = InfoGAN.generator_step

    def stepped(self, game):
        return step(self.model_copy(update={"information_weight": weight}), game)

    return stepped


def test_an_honest_gan_loses_the_code(project):
    control = {"information_weight": 0.0}
    assert judged("infogan_needs_gain", project, "control", **control) == "reproduced"


@pytest.mark.long  # a code that is gained: the honest training's, told from this control's
def test_a_control_whose_generator_gains_all_the_same_is_found_out(project, monkeypatch):
    monkeypatch.setattr(InfoGAN, "generator_step", weighing(1.0))
    control = {"information_weight": 0.0}
    assert judged("infogan_needs_gain", project, "leak", **control) == "not reproduced"


@pytest.mark.long  # as a recogniser that is told of other codes
def test_without_its_gain_the_generator_keeps_no_code_plain(project, monkeypatch):
    monkeypatch.setattr(InfoGAN, "generator_step", weighing(0.0))
    own = {"recogniser": "own"}
    assert judged("infogan_information", project, "no gain", **own) == "not reproduced"
