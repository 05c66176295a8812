"""Broken trainings change verdicts on frozen critics and on ensembles of critics."""

from pathlib import Path
from typing import Any

import pytest
from configurations import IMAGES, TOY, configuration
from trained_runs import as_if_tuned, ruling, trained

from wganbench.algorithms.frozen_critic import FrozenCritic
from wganbench.claims.critic_ensemble import CLAIM
from wganbench.claims.judging.evidence import Evidence, evidence_of
from wganbench.nets.ensemble_mlp import EnsembleMLPCritic
from wganbench.plan.runs import Run

MLPS = IMAGES | {
    "generator.name": "mlp", "generator.output": "tanh", "generator.width": 64,
    "generator.depth": 1, "generator.latent_dim": 8, "critic.name": "mlp", "critic.width": 64,
    "critic.depth": 2, "batch_size": 32, "samples": 200, "optimizer.lr": 1e-3,
    "optimizer.beta1": 0.5,
}  # fmt: skip


def run(method: str, base: dict[str, Any], **changes: Any) -> Run:
    return Run(
        experiment="e", scale="smoke", seeds=(0, 1, 2), point={"method": method},
        configuration=configuration(method, base, **changes),
    )  # fmt: skip


def frozen() -> list[Run]:
    return [run("wgan-gp", MLPS, algorithm="frozen-critic", critic_iterations=150, iterations=1200,
                n_critic=2, evaluations=20, evaluation_spacing="log")]  # fmt: skip


def gathered(runs: list[Run], folder: Path) -> Evidence:
    return evidence_of(trained(runs, folder / "results", folder / "data"))


@pytest.mark.parametrize(
    ("learns_on", "verdict"), [(False, "reproduced"), (True, "not reproduced")]
)
def test_of_a_critic_that_is_not_frozen_a_generator_keeps_its_diversity(
    tmp_path, monkeypatch, learns_on, verdict
):
    if learns_on:
        monkeypatch.setattr(FrozenCritic, "kind_of_iteration", lambda self, game: self.n_critic)
    assert ruling("frozen_critic_collapse", gathered(frozen(), tmp_path)) == verdict


def test_an_ensemble_of_one_is_that_one(tmp_path, monkeypatch):
    """As if its narrower members were ignored: its generator is the widest one's to the bit."""
    monkeypatch.setattr(EnsembleMLPCritic, "widths", property(lambda self: [self.width]))
    runs = [
        run("wgan-gp", TOY, critic__name=name, critic__width=16, iterations=60, evaluations=4)
        for name in ("ensemble-mlp", "mlp")
    ]
    evidence = as_if_tuned(gathered(runs, tmp_path))
    assert (CLAIM.effects(evidence)["effect"] == 1).all()
    assert len(CLAIM.effects(evidence)) == 3
    assert ruling("critic_ensemble", evidence) == "not testable here"
