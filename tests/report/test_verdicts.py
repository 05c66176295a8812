"""How a claim is shown: sign, bar and sentence follow from its verdict."""

import pytest

from wganbench.records.claims import Claims, Context, Step, Verdict
from wganbench.report.site import verdicts as site
from wganbench.report.site.references import references
from wganbench.report.site.verdicts import MIDDLE, REACH, Judged, groups, headline


def judged(**changes) -> Judged:
    facts = {
        "name": "a", "source": "[WGAN] figure 3", "statement": "It holds.", "statistic": "a number",
        "ratio": False, "direction": "at least", "threshold": 0.5, "reason": "so",
        "origin": "the papers", "verdict": "reproduced", "p": 0.01, "p_of_all": 0.04,
        "because": "the whole interval is above the threshold", "value": 0.8, "low": 0.7,
        "high": 0.9, "seeds": 4, "contexts": [], "gates": [], "course": [], "floor": None,
        "runs": [],
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
    bar = judged(**changes).drawing.end
    assert 0 <= bar.low <= bar.mean <= bar.high <= 2 * MIDDLE
    assert (bar.low > MIDDLE) == (side == "right")
    assert (bar.high < MIDDLE) == (side == "left")


def test_a_ratios_bar_is_logarithmic():
    bar = judged(ratio=True, threshold=1.0, low=0.5, value=1.0, high=2.0).drawing.end
    assert bar.mean == MIDDLE
    assert MIDDLE - bar.low == pytest.approx(bar.high - MIDDLE)


def test_a_claim_without_a_number_has_no_drawing():
    claim = judged(verdict="not testable here", value=None, low=None, high=None)
    assert claim.drawing is None
    assert (claim.word, claim.sign, claim.style) == ("not testable here", "–", "not-testable-here")


def context(name: str, value: float, left_out: str = "") -> Context:
    return Context(name=name, value=value, low=None, high=None, effects=[value], left_out=left_out)


def test_the_course_and_the_contexts_are_drawn_on_the_scale_of_the_end():
    course = [Step(share=s, value=v, low=None, high=None, verdict="inconclusive")
              for s, v in ((0.25, 1e9), (0.5, None), (0.75, 0.5), (1.0, 0.8))]  # fmt: skip
    contexts = [context("e/a", 0.7), context("e/b", 0.9), context("e/c", 0.1, "alive")]
    drawing = judged(course=course, contexts=contexts).drawing
    assert [row.mean for row in drawing.course] == [98.4, MIDDLE]  # beyond the edge, and the bar
    assert [row.what for row in drawing.contexts] == ["e/a: 0.700", "e/b: 0.900"]
    assert drawing.contexts[1].mean == MIDDLE + REACH
    assert judged(contexts=contexts).over == "4 seeds, 2 contexts, 1 left out"


def test_effect_and_threshold_are_told_in_their_units():
    ratio = judged(ratio=True, threshold=2.0, value=9.74, low=9.48, high=10.0)
    assert (ratio.effect, ratio.threshold) == ("×9.74 [9.48, 10.0]", "at least ×2")
    assert judged(threshold=-2.0, direction="at most").threshold == "at most −2"


def test_the_headline_counts_every_verdict_by_who_makes_the_claim():
    verdicts = [
        judged(), judged(verdict="not reproduced", p_of_all=0.2), judged(verdict="mixed"),
        judged(origin="this project", verdict="not testable here"),
    ]  # fmt: skip
    claims = Claims(scale="smoke", code_digest="", claims=[one.verdict for one in verdicts])
    assert headline(claims) == (
        "3 claims of the two papers: 1 reproduced, 1 not reproduced and 1 mixed. "
        "1 claim that this project adds: 1 not testable here. "
        "Of 2 decided, 1 survive Holm's correction for judging all at once."
    )
    assert list(groups(verdicts[::-1])) == [
        "reproduced", "not reproduced", "mixed", "not testable here",
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


def test_what_other_scales_say_stands_beside_a_claim():
    here, there = judged().verdict, judged(verdict="not settled", value=0.3).verdict
    new = judged(name="b").verdict
    found = site.judged(
        [
            Claims(scale="laptop", code_digest="", claims=[here, new]),
            Claims(scale="desk", code_digest="", claims=[there]),
        ],
        "laptop",
        [],
    )
    [(scale, other)] = found[0].elsewhere
    assert (scale, other.word, other.verdict.value) == ("desk", "not settled", 0.3)
    assert not found[1].elsewhere
