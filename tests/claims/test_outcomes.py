"""Random architectures: who trains which, and what follows of it."""

from dataclasses import replace
from math import comb

import numpy as np
import pandas as pd
import pytest
from claim_cases.builds import images
from claim_cases.on_images import random_architectures
from claim_evidence import HALF_OF_CLASSES, Made

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.interval import of_share, p_of_share
from wganbench.claims.judging.outcomes import FEWEST, SCORES, WORDS, above, outcomes
from wganbench.claims.judging.verdict import judge
from wganbench.records.claims import Verdict
from wganbench.records.extractor import INCEPTION

CLAIM = catalogue()["random_architectures"]
METHODS = ("gan", "wgan-gp")


def judged(evidence: Evidence) -> Verdict:
    return judge("random_architectures", CLAIM, evidence)


def made(fids: np.ndarray, column: str = "fid", seeds: int = 1, **also: object) -> Evidence:
    """Return evidence of architectures, each with its scores of GAN and WGAN-GP."""
    found = Made()
    for width, scores in enumerate(fids, start=4):
        for method, score in zip(METHODS, scores, strict=True):
            run = found.run(**images(method, generator__width=width), seeds=seeds)
            if np.isnan(score):
                found.diverge(run, 0)
            else:
                found.end(run, **{column: float(score)}, fid_floor=1.0, **also)
    return found.evidence


def test_each_bar_is_passed_by_those_whose_score_is_beyond_it():
    fids = np.random.default_rng(0).uniform(0, 3 * HALF_OF_CLASSES, (20, 2))
    evidence = made(fids)
    bars = {name: HALF_OF_CLASSES * (1 + k / 2) for k, name in enumerate(WORDS)}
    known = evidence.references.assign(**bars).drop(columns="grey")
    found = outcomes(replace(evidence, references=known))
    assert list(dict.fromkeys(found["bar"])) == [
        f"FID at most that of {WORDS[name]}" for name in WORDS if name != "grey"
    ]
    for name in known.columns.drop("run"):
        rows = found[found["bar"] == f"FID at most that of {WORDS[name]}"]
        for gan, wgan_gp in ((0, 0), (0, 1), (1, 0), (1, 1)):
            expected = sum(
                (a <= bars[name]) == gan and (b <= bars[name]) == wgan_gp for a, b in fids
            )
            assert ((rows["gan"] == gan) & (rows["wgan_gp"] == wgan_gp)).sum() == expected
    assert set(found.loc[found["is_verdicts"], "bar"]) == {
        "FID at most that of real images of half of the classes"
    }


def test_the_share_is_of_architectures_that_one_method_alone_trains():
    """2 only GAN's, 7 only WGAN-GP's; both or neither of the rest."""
    fids = np.array([[5, 50]] * 2 + [[50, 5]] * 7 + [[5, 5]] * 4 + [[50, 50]] * 3)
    verdict = judged(made(fids))
    assert (verdict.value, verdict.seeds) == (pytest.approx(7 / 9), 9)
    assert verdict.p == pytest.approx(2 * sum(comb(9, k) for k in range(3)) / 2**9, rel=1e-5)
    assert verdict.verdict == "inconclusive"
    assert len(verdict.runs) == 18
    assert judged(made(fids[2:])).verdict == "reproduced"


def test_with_the_methods_results_swapped_the_verdict_turns():
    evidence = random_architectures([4.0] * 6)
    runs = evidence.settings.set_index("run")
    other = {
        run: next(o for o in runs.index if o != run and
                  runs.loc[o, "generator.width"] == runs.loc[run, "generator.width"])
        for run in runs.index
    }  # fmt: skip
    filed = evidence.evaluations.assign(run=evidence.evaluations["run"].map(other))
    assert judged(evidence).verdict == "reproduced"
    assert judged(replace(evidence, evaluations=filed)).verdict == "not reproduced"


def test_where_methods_agree_on_all_architectures_nothing_is_told():
    for fid in (5.0, 50.0):
        verdict = judged(made(np.full((12, 2), fid)))
        assert verdict.verdict == "not testable here"
        assert verdict.because.endswith(
            "or each architecture says nothing, as both sides agree on it"
        )


def test_a_training_that_diverged_has_failed():
    fids = np.array([[np.nan, 5]] * 6 + [[np.nan, np.nan]] * 2 + [[5, 5]] * 4)
    assert judged(made(fids)).verdict == "reproduced"
    assert judged(made(fids[:, ::-1])).verdict == "not reproduced"
    by_score = made(fids, "isc", extractor=[f"{INCEPTION}@0"])
    scores = by_score.evaluations.assign(isc=6.0, fid=1.0)
    found = outcomes(replace(by_score, evaluations=scores))
    of_five = found[found["bar"] == above(5)]
    assert of_five["gan"].sum() == 4
    assert of_five["wgan_gp"].sum() == 10


def test_where_inception_measures_the_bars_are_the_papers():
    scores = np.random.default_rng(1).uniform(0, 10, (30, 2))
    evidence = made(scores, "isc", extractor=[f"{INCEPTION}@01234567"], fid=1.0)
    found = outcomes(evidence)
    assert list(dict.fromkeys(found["bar"])) == [above(score) for score in SCORES]
    assert set(found.loc[found["is_verdicts"], "bar"]) == {above(5)}
    for score in SCORES:
        rows = found[found["bar"] == above(score)]
        assert rows["gan"].sum() == (scores[:, 0] > score).sum()
        assert rows["wgan_gp"].sum() == (scores[:, 1] > score).sum()


@pytest.mark.parametrize(("count", "rows"), [(FEWEST - 1, 0), (FEWEST, FEWEST)])
def test_a_handful_of_architectures_is_no_sample(count, rows):
    found = outcomes(made(np.full((count, 2), 5.0)))
    assert set(found.groupby("bar").size()) == ({rows} if rows else set())


def test_layer_norm_is_batch_norm_under_the_penalty_and_none_is_another_architecture():
    made_up = Made()
    for width in range(4, 4 + FEWEST):
        for method, norm in (("gan", "batch"), ("wgan-gp", "layer")):
            for given in (norm, "none"):
                run = made_up.run(
                    **images(method, generator__width=width, critic__norm=given), seeds=1
                )
                made_up.end(run, fid=5.0 if given == "none" or method == "gan" else 50.0)
    found = outcomes(made_up.evidence)
    found = found[found["is_verdicts"]]
    assert len(found) == 2 * FEWEST
    assert (found["gan"] & ~found["wgan_gp"]).sum() == FEWEST


def test_of_several_seeds_the_median_succeeds_or_fails():
    made_up = Made()
    for width in range(4, 4 + FEWEST):
        for method, fids in (("gan", [1.0, 50.0, 50.0]), ("wgan-gp", [5.0, 5.0, 50.0])):
            run = made_up.run(**images(method, generator__width=width), seeds=3)
            made_up.end(run, fid=fids)
    verdict = judged(made_up.evidence)
    assert (verdict.value, verdict.seeds, verdict.verdict) == (1.0, FEWEST, "reproduced")


def test_a_method_with_two_settings_on_an_architecture_is_no_pair():
    evidence = made(np.full((FEWEST, 2), 5.0))
    twice = evidence.settings.iloc[[0]].assign(run="e/another", batch_size=9)
    assert len(outcomes(replace(evidence, settings=pd.concat([evidence.settings, twice])))) == 0


def test_experiments_that_disagree_are_mixed_and_those_that_agree_are_joined():
    def joined(*wins: bool) -> Verdict:
        found = Made()
        for experiment, win in zip("ab", wins, strict=True):
            for width in range(4, 4 + FEWEST):
                for method in METHODS:
                    run = found.run(
                        **images(method, generator__width=width), seeds=1, experiment=experiment
                    )
                    found.end(run, fid=5.0 if win == (method == "wgan-gp") else 50.0)
        return judged(found.evidence)

    assert joined(True, False).verdict == "mixed"
    both = joined(True, True)
    assert (both.verdict, both.seeds, len(both.contexts)) == ("reproduced", 2 * FEWEST, 2)


@pytest.mark.parametrize(
    ("ones", "n", "low", "high"),
    # Clopper and Pearson 1934: (alpha / 2)^(1 / n) where all are ones; 5 of 10 from their chart.
    [(6, 6, 0.025 ** (1 / 6), 1.0), (0, 6, 0.0, 1 - 0.025 ** (1 / 6)), (5, 10, 0.187, 0.813)],
)
def test_a_shares_interval_is_the_exact_one(ones, n, low, high):
    effects = np.array([1.0] * ones + [0.0] * (n - ones))
    assert of_share(effects) == pytest.approx((ones / n, low, high), abs=1e-3)
    expected = sum(comb(n, k) for k in range(n + 1) if comb(n, k) <= comb(n, ones)) / 2**n
    assert p_of_share(effects, 0.5) == pytest.approx(expected)


def test_of_two_there_is_no_share():
    assert of_share(np.ones(2)) is None
    assert p_of_share(np.ones(2), 0.5) is None
