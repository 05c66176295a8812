"""Broken trainings change verdicts on subsets of WGAN's changes and on blends of its losses."""

import pytest
from configurations import TOY
from test_broken import judged, run
from trained_runs import as_if_tuned

from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.linear_loss_alone import CLAIM
from wganbench.constraints.clip import Clip
from wganbench.objectives.blend import Blend
from wganbench.objectives.wasserstein import Wasserstein
from wganbench.plan.runs import Run

USUAL = {
    "data__name": "swissroll", "generator__width": 32, "iterations": 240, "n_critic": 5,
    "optimizer__name": "rmsprop", "optimizer__lr": 2e-3,
}  # fmt: skip


def with_and_without_clip() -> list[Run]:
    return [
        run("wgan", TOY, constraint__clip_value=0.1, **USUAL),
        run("wgan", TOY, constraint__name="none", **USUAL),
    ]


def blends() -> list[Run]:
    """A WGAN and, clipped and trained as it is, a GAN with the average of both losses."""
    return [
        run("wgan", TOY, constraint__clip_value=0.1, objective__name="blend",
            objective__share=share, objective__gan_loss=loss, **USUAL)
        for share, loss in ((0.0, "non-saturating"), (1.0, "average"))
    ]  # fmt: skip


@pytest.mark.parametrize("broken", [False, True], ids=["honest", "no clip"])
def test_where_the_clip_does_nothing_both_changes_do_what_the_linear_loss_does(
    tmp_path, monkeypatch, broken
):
    found = []

    def seen(evidence: Evidence) -> Evidence:
        found.append(CLAIM.effects(evidence)["effect"])
        return as_if_tuned(evidence)

    if broken:
        monkeypatch.setattr(Clip, "after_step", lambda self, critic: None)
    verdict = judged("linear_loss_alone", with_and_without_clip(), tmp_path, seen)
    assert len(found[0]) == 3
    assert (found[0] == 1).all() if broken else (found[0] > 1).all()
    assert not broken or verdict == "not testable here"  # without its clip nothing has trained


@pytest.mark.long
def test_with_the_generators_loss_flipped_no_subset_says_anything(tmp_path, monkeypatch):
    loss = Wasserstein.generator_loss
    monkeypatch.setattr(Wasserstein, "generator_loss", lambda self, fake: -loss(self, fake))
    runs = with_and_without_clip()
    assert judged("linear_loss_alone", runs, tmp_path, as_if_tuned) == "not testable here"


@pytest.mark.parametrize("broken", [False, True], ids=["honest", "flipped"])
def test_a_gan_whose_average_is_flipped_is_no_wgan(tmp_path, monkeypatch, broken):
    loss = Blend.generator_loss
    if broken:
        monkeypatch.setattr(
            Blend, "generator_loss", lambda self, fake: loss(self, fake) * (1 - 2 * self.share)
        )
    verdict = judged("average_is_wgan", blends(), tmp_path, as_if_tuned)
    assert verdict == "not reproduced" if broken else verdict != "not testable here"
