"""When a method is consistently better, and when none is, on laws where all is known beforehand."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from claim_evidence import Made, text_of

from wganbench.claims.judging.contexts import table_of, together
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.verdict import judge
from wganbench.claims.no_default import CLAIM, effects
from wganbench.records.claims import Verdict

LAWS = ("8gaussians", "25gaussians", "swissroll")
METHODS = ("gan", "wgan", "wgan-gp")
SEEDS, FLOOR = 6, 0.1
Floors = Mapping[tuple[str, str], Sequence[float] | float]


def contest(floors: Floors, laws: Sequence[str] = LAWS, lost: Sequence[str] = ()) -> Evidence:
    """Return evidence in which method and law have W1 in floors, a number or one for each seed.

    The first seed of the methods in `lost` diverged on every law.
    """
    made = Made()
    for law in laws:
        for method in METHODS:
            if (method, law) in floors:
                run = made.run(method, data__name=law)
                values = np.broadcast_to(floors[method, law], SEEDS)
                made.end(run, w1=[FLOOR * x for x in values], floor=FLOOR)
                if method in lost:
                    made.diverge(run, 0)
    return made.evidence


def everywhere(**floors: float) -> dict[tuple[str, str], float]:
    return {(m.replace("_", "-"), law): x for m, x in floors.items() for law in LAWS}


def judged(evidence: Evidence) -> Verdict:
    verdict = judge("no_default", CLAIM, evidence)
    print(text_of(verdict))  # noqa: T201 - shown where a test fails
    return verdict


def test_a_method_that_leads_on_every_law_is_consistently_better():
    found = everywhere(gan=2.0, wgan=3.0, wgan_gp=1.0) | {("wgan-gp", "swissroll"): 1.5}
    verdict = judged(contest(found))
    assert verdict.verdict == "not reproduced"
    assert verdict.value == pytest.approx(0.5)  # where it leads least
    (context,) = verdict.contexts
    assert [part.strip() for part in context.name.split("|")] == ["e/wgan-gp", "e/gan"]


def test_a_gan_that_leads_on_every_law_is_consistently_better_too():
    verdict = judged(contest(everywhere(gan=1.0, wgan=3.0, wgan_gp=2.0)))
    assert (verdict.verdict, verdict.value) == ("not reproduced", pytest.approx(1.0))


def test_methods_that_lead_on_a_law_each_are_no_default():
    found = everywhere(gan=2.0, wgan=2.0, wgan_gp=2.0)
    for method, law in zip(METHODS, LAWS, strict=True):
        found[method, law] = 1.0
    verdict = judged(contest(found))
    assert (verdict.verdict, verdict.value) == ("reproduced", pytest.approx(-1.0))


def test_the_rule_is_that_of_all_methods_and_laws_compared_one_by_one():
    rng = np.random.default_rng(0)
    for _ in range(20):
        floors = {(m, law): x for m in METHODS for law in LAWS for x in [rng.uniform(1, 3)]}
        leads = [
            min(min(floors[o, law] for o in METHODS if o != m) - floors[m, law] for law in LAWS)
            for m in METHODS
        ]
        found = effects(contest(floors))["effect"]
        assert found.tolist() == pytest.approx([max(leads)] * SEEDS)


def test_all_runs_of_a_contest_stand_behind_its_verdict():
    verdict = judged(contest(everywhere(gan=2.0, wgan=3.0, wgan_gp=1.0)))
    assert len(verdict.runs) == 9


def test_a_law_that_no_method_trains_says_nothing_and_two_are_too_few():
    found = everywhere(gan=2.0, wgan=3.0, wgan_gp=1.0)
    hard = found | {(method, "swissroll"): 6.0 for method in METHODS}
    assert effects(contest(hard)).empty
    assert effects(contest(found, LAWS[:2])).empty
    lost = {key: x for key, x in found.items() if key != ("wgan", "swissroll")}
    assert not effects(contest(lost)).empty  # the WGAN is left out, the others have three laws


def test_without_a_gan_or_without_a_wgan_there_is_no_contest():
    assert effects(contest(everywhere(wgan=3.0, wgan_gp=1.0))).empty
    assert effects(contest(everywhere(gan=3.0))).empty


def test_a_replica_that_diverged_is_farthest_off():
    found = everywhere(gan=2.0, wgan=3.0, wgan_gp=1.0)
    first = effects(contest(found, lost=["wgan-gp"])).set_index("seed")["effect"]
    assert first[0] == -np.inf
    assert first[1] == pytest.approx(1)
    assert effects(contest(found, lost=["wgan-gp", "gan"]))["seed"].tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("ahead", "wrong"), [(0.0, "not reproduced"), (1.0, "reproduced")], ids=["equal", "one ahead"]
)
def test_noise_makes_no_default_and_takes_none_away(ahead, wrong):
    """Three equal methods, and one ahead by a seed's standard deviation on every law.

    Along training the evidence is the same, so what is said at the end is the verdict at most.
    """
    rng, rulings = np.random.default_rng(0), Counter[str | None]()
    for _ in range(15):
        floors = {
            (method, law): 2.5 + 0.3 * (rng.normal(size=SEEDS) - ahead * (method == "wgan-gp"))
            for method in METHODS
            for law in LAWS
        }
        rulings[together(CLAIM, table_of(CLAIM, contest(floors))).ruling] += 1
    assert rulings[wrong] <= 1
