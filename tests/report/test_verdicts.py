"""How a claim is shown: sign, bar and sentence follow from its verdict."""

import pytest

from wganbench.records.claims import Verdict
from wganbench.report.site.references import references
from wganbench.report.site.verdicts import MIDDLE, Judged, groups, headline


def judged(**changes) -> Judged:
    facts = {
        "name": "a", "source": "[WGAN] figure 3", "statement": "It holds.", "statistic": "a number",
        "ratio": False, "direction": "at least", "threshold": 0.5, "reason": "so", "tested": True,
        "verdict": "reproduced", "because": "the whole interval is above the threshold",
        "value": 0.8, "low": 0.7, "high": 0.9, "seeds": 4, "contexts": 1, "cells": 4,
        "floor": None, "runs": [], "text": "",
    }  # fmt: skip
    return Judged(Verdict.model_validate(facts | changes))


@pytest.mark.parametrize(
    ("changes", "side"),
    [
        ({}, "right"),
        ({"direction": "at most"}, "left"),
        ({"direction": "at most", "low": 0.1, "value": 0.2, "high": 0.3}, "right"),
        ({"low": 0.3}, "across"),
        ({"ratio": True, "threshold": 2.0, "low": 3.0, "value": 4.0, "high": 5.0}, "right"),
        ({"ratio": True, "threshold": 2.0, "low": 0.5, "value": 1.0, "high": 1.5}, "left"),
        ({"low": 0.8, "high": 0.8}, "right"),
    ],
)
def test_right_of_the_middle_the_claim_holds(changes, side):
    bar = judged(**changes).bar
    assert 0 <= bar.low <= bar.mean <= bar.high <= 2 * MIDDLE
    assert (bar.low > MIDDLE) == (side == "right")
    assert (bar.high < MIDDLE) == (side == "left")


def test_a_ratios_bar_is_logarithmic():
    bar = judged(ratio=True, threshold=1.0, low=0.5, value=1.0, high=2.0).bar
    assert bar.mean == MIDDLE
    assert MIDDLE - bar.low == pytest.approx(bar.high - MIDDLE)


def test_a_claim_that_was_not_tested_has_no_bar_and_its_own_word():
    claim = judged(tested=False, verdict="inconclusive", value=None, low=None, high=None)
    assert claim.bar is None
    assert (claim.word, claim.sign, claim.style) == ("not tested", "–", "not-tested")


def test_effect_and_threshold_are_told_in_their_units():
    ratio = judged(ratio=True, threshold=2.0, value=9.74, low=9.48, high=10.0)
    assert (ratio.effect, ratio.threshold) == ("×9.74 [9.48, 10.0]", "at least ×2")
    assert judged(threshold=-2.0, direction="at most").threshold == "at most −2"


def test_the_headline_counts_every_verdict():
    few = {"verdict": "inconclusive", "because": "too few seeds: 2 in 1 context"}
    claims = [judged(), judged(verdict="not reproduced"), judged(**few), judged(tested=False)]
    assert headline(claims) == (
        "Of 4 claims, 1 reproduced, 1 did not, 1 stayed inconclusive and 1 were not tested. "
        "1 of the inconclusive ones want more seeds."
    )
    assert headline(claims[1:2]) == "Of 1 claim, none reproduced and 1 did not."
    assert list(groups(claims[::-1])) == [
        "reproduced", "not reproduced", "inconclusive", "not tested",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("[WGAN] example 1 and figure 1", ["WGAN example 1", "WGAN figure 1"]),
        ("[WGAN] section 4, figures 3, 5, 6, 7; [GP] section 5 for the gradient penalty",
         ["WGAN section 4", *(f"WGAN figure {n}" for n in (3, 5, 6, 7)), "GP section 5"]),
        ("[GP] figure 1b, left; [WGAN] section 3", ["GP figure 1b", "WGAN section 3"]),
        ("[WGAN] section 3 (till optimality); algorithm 1: 5",
         ["WGAN section 3", "WGAN algorithm 1"]),
        ("[GP] section 5.2, figure 2; architectures as in its code, gan_64x64.py",
         ["GP section 5.2", "GP figure 2"]),
        ("[WGAN]'s official code, main.py, and its users' reports", ["WGAN official code"]),
        ("Mallasto et al. 2019", []),
    ],
)  # fmt: skip
def test_a_source_names_places_in_papers(source, found):
    assert [" ".join(of) for of in references(source)] == found
