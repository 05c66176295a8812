"""Broken trainings of f-GANs and GANs on the line change verdicts about them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from configurations import LINE, PAIR, configuration
from trained_runs import ruling, trained

from wganbench.algorithms.with_critic import WithCritic
from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import evidence_of
from wganbench.objectives.gan import Minimax, NonSaturating
from wganbench.plan.runs import Run
from wganbench.records.claims import Ruling
from wganbench.training.sampler import Sampler

CLAIMS = catalogue()
SMALL = {"critic__width": 32, "samples": 200, "evaluations": 4, "optimizer__lr": 0.01}
GAN_LINE = {key: value for key, value in LINE.items() if not key.startswith("objective.")}


def critics() -> list[Run]:
    """A critic for each entry of a table of two fits."""
    return [
        run(PAIR, data__name="fgan-fit", data__trained_on=trained_on, critic__name="tanh-mlp",
            objective__name="f-gan", objective__f_divergence=divergence, n_critic=1,
            batch_size=512, iterations=400)
        for trained_on in ("kl", "reverse-kl")
        for divergence in ("kl", "reverse-kl")
    ]  # fmt: skip


def gan(objective: str) -> Callable[[], list[Run]]:
    """Return what plans a Gaussian that a GAN fits to the mixture."""
    return lambda: [
        run(GAN_LINE, objective__name=objective, n_critic=1, batch_size=512, iterations=800)
    ]


def run(base: dict[str, Any], **changes: Any) -> Run:
    return Run(
        experiment="e", scale="smoke", seeds=(0, 1, 2), point={},
        configuration=configuration("gan", base, **(SMALL | changes)),
    )  # fmt: skip


def judged(name: str, runs: list[Run], folder: Path) -> Ruling:
    """Train, measure and gather the runs, and judge the claim by them."""
    return ruling(name, evidence_of(trained(runs, folder / "results", folder / "data")))


TRAINED: dict[str, Callable[[], list[Run]]] = {
    "fgan_cross_critics": critics,
    "js_optimised": gan("minimax"),
    "log_d_trick": gan("non-saturating"),
}


@pytest.mark.parametrize("name", TRAINED)
def test_an_honest_training_reproduces(name, tmp_path):
    assert judged(name, TRAINED[name](), tmp_path) == "reproduced"


def test_with_the_minimax_loss_the_log_d_trick_ends_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(NonSaturating, "generator_loss", Minimax.generator_loss)
    assert judged("log_d_trick", gan("non-saturating")(), tmp_path) == "not reproduced"


def test_without_a_discriminator_that_learns_no_divergence_is_minimised(tmp_path, monkeypatch):
    monkeypatch.setattr(WithCritic, "critic_step", _unchanged)
    assert judged("js_optimised", gan("minimax")(), tmp_path) == "not reproduced"


@pytest.mark.long
def test_critics_that_take_the_model_for_the_data_say_nothing(tmp_path, monkeypatch):
    """What they learn is the divergence of the laws in the other order."""
    real, model = Sampler.real, Sampler.model
    monkeypatch.setattr(Sampler, "real", model)
    monkeypatch.setattr(Sampler, "model", real)
    assert judged("fgan_cross_critics", critics(), tmp_path) == "not testable here"


@pytest.mark.long
def test_critics_that_never_learn_say_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(WithCritic, "critic_step", _unchanged)
    assert judged("fgan_cross_critics", critics(), tmp_path) == "not testable here"


_STEP = WithCritic.critic_step


def _unchanged(self: WithCritic, game: Any) -> Any:
    """Take the step and put the parameters back."""
    net = game.players["critic"].net
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    log = _STEP(self, game)
    net.load_state_dict(before)
    return log
