"""How long WGAN-GP takes to clipping's best images, where times are known beforehand."""

import numpy as np
import pytest
from claim_evidence import APART, HALF_OF_CLASSES, ITERATIONS, Made, text_of

from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.verdict import judge
from wganbench.claims.penalty_faster import CLAIM, effects
from wganbench.records.claims import LOST, Verdict

SEEDS = 6
AT = np.arange(1, ITERATIONS // APART + 1) * APART


def beside(clipping: np.ndarray, penalised: np.ndarray, lost: tuple[str, ...] = ()) -> Evidence:
    """Return evidence in which every seed of each method has this FID along training."""
    made = Made()
    for method, fid in (("wgan", clipping), ("wgan-gp", penalised)):
        run = made.run(method, "images", SEEDS)
        for seed in range(SEEDS):
            made.history(run, seed, fid=fid, fid_floor=[0.5] * len(fid))
        if method in lost:
            made.diverge(run, 0)
    return made.evidence


def judged(evidence: Evidence) -> Verdict:
    verdict = judge("penalty_faster", CLAIM, evidence)
    print(text_of(verdict))  # noqa: T201 - shown where a test fails
    return verdict


def falling(rate: float, start: float = 100.0) -> np.ndarray:
    """Return a FID that falls by the same factor in each iteration."""
    return start * np.exp(-rate * AT)


def test_between_evaluations_the_time_of_an_exponential_fall_is_exact():
    """Three times the rate needs a third of the time, which no evaluation of 20 falls on."""
    verdict = judged(beside(falling(0.002), falling(0.006)))
    assert verdict.value == pytest.approx(1 / 3, abs=1e-6)
    assert verdict.verdict == "reproduced"
    assert [step.value for step in verdict.course] == pytest.approx([1 / 3] * 4, abs=1e-6)


def test_a_penalised_run_that_never_gets_there_has_lost_however_fast_it_began():
    stuck = np.maximum(falling(0.02), 2 * HALF_OF_CLASSES)
    verdict = judged(beside(falling(0.002), stuck))
    assert verdict.value == pytest.approx(LOST)
    assert verdict.course[0].value < 1  # until clipping passed it
    assert verdict.verdict == "not reproduced"


def test_a_clipped_run_that_spoils_its_samples_later_is_still_held_to_its_best():
    best = len(AT) // 2
    spoilt = falling(0.004)
    spoilt[best:] = HALF_OF_CLASSES
    (cell, *_) = effects(beside(spoilt, falling(0.002)))["effect"]
    assert cell == pytest.approx(2)


def test_where_clipping_trains_nothing_its_best_is_not_worth_reaching():
    verdict = judged(beside(falling(1e-4), falling(0.006)))
    assert verdict.verdict == "not testable here"
    assert verdict.because.startswith("trained")


def test_a_replica_that_diverged_reaches_nothing():
    def first(*lost: str) -> list[float]:
        cells = effects(beside(falling(0.002), falling(0.004), lost)).set_index("seed")["effect"]
        return cells.reindex([0]).tolist()

    assert first("wgan-gp") == [np.inf]
    assert first("wgan") == [0.0]
    assert np.isnan(first("wgan", "wgan-gp")).all()


def test_runs_evaluated_at_other_points_are_not_compared():
    made = Made()
    for method, evaluations in (("wgan", 20), ("wgan-gp", 40)):
        run = made.run(method, "images", SEEDS, evaluations=evaluations)
        made.end(run, fid=5.0, fid_floor=0.5)
    assert effects(made.evidence).empty


def test_two_equal_methods_of_eight_noisy_evaluations_are_seldom_ranked():
    """As at desk: eight points and six seeds; each seed's level and each point vary by a fifth."""
    rng, rulings = np.random.default_rng(0), []
    trend = 50 * np.exp(-0.3 * np.arange(8))
    for _ in range(30):
        made = Made()
        for method in ("wgan", "wgan-gp"):
            run = made.run(method, "images", SEEDS, iterations=8 * APART)
            for seed in range(SEEDS):
                noise = rng.normal(0, 0.2) + rng.normal(0, 0.2, len(trend))
                made.history(run, seed, fid=trend * np.exp(noise), fid_floor=[0.5] * len(trend))
        rulings.append(judged(made.evidence).verdict)
    assert sum(ruling in ("reproduced", "not reproduced") for ruling in rulings) <= 3
    assert "inconclusive" in rulings
