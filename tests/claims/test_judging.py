"""How claims are judged: intervals, pairs, the file, the catalogue."""

import json
from pathlib import Path

import numpy as np
import pytest
from claim_evidence import Made
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, ttest_1samp

from wganbench.claims.judging import catalogue as cataloguing
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.interval import over_seeds, p_value, surviving
from wganbench.claims.judging.pairs import paired
from wganbench.claims.judging.verdict import judge_all
from wganbench.errors import UserError
from wganbench.files import written_atomically
from wganbench.operations.verify import schema_faults
from wganbench.records.claims import Claims, as_text, read_claims

LOST = 1e6


def test_students_interval_is_scipys():
    effects = np.random.default_rng(1).normal(size=5)
    ours, theirs = over_seeds(effects, LOST), ttest_1samp(effects, 0).confidence_interval()
    assert [ours.low, ours.high] == pytest.approx([theirs.low, theirs.high])
    assert ours.typical == np.median(effects)
    assert p_value(effects, 0.3, LOST) == pytest.approx(ttest_1samp(effects, 0.3).pvalue)


@given(st.lists(st.integers(-100, 100).map(float), min_size=3, max_size=12))
def test_the_median_lies_in_its_interval(effects):
    interval = over_seeds(np.array(effects), LOST)
    assume(interval is not None)
    assert interval.low <= interval.typical <= interval.high


def test_from_six_seeds_on_order_statistics_take_students_place():
    effects = np.array([1.0, 1.0, 0.2, 0.5, 0.7, 0.9])
    assert over_seeds(effects, LOST)[1:] == (0.2, 1.0)  # all six of them
    assert over_seeds(effects[:5], LOST) is None  # of five they cover 94%, and t knows no ties
    assert over_seeds(np.arange(20.0), LOST)[1:] == (5.0, 14.0)  # a sign test's interval of 20


@given(st.integers(6, 200))
def test_order_statistics_cover_the_median_as_they_should_and_not_far_more(n):
    low = int(over_seeds(np.arange(float(n)), LOST).low)  # so many lie below it
    assert 2 * binom.cdf(low, n, 0.5) <= 0.05 < 2 * binom.cdf(low + 1, n, 0.5)


def test_of_a_replica_that_diverged_only_the_rank_counts():
    interval = over_seeds(np.array([1.0, 2.0, 3.0, 4.0, 5.0, LOST]), LOST)
    assert interval == (3.5, 1.0, LOST)
    assert p_value(np.array([1.0, 2.0, 3.0, 4.0, 5.0, LOST]), 0.5, LOST) == 2 * 0.5**6
    assert over_seeds(np.array([1.0, 2.0, LOST]), LOST) is None


def test_holms_correction_is_that_of_statistics_books():
    """The example of Holm's step-down: .01, .02, .03, .04 of four hypotheses."""
    adjusted = surviving(np.array([0.04, 0.01, 0.03, 0.02]))
    assert adjusted == pytest.approx([0.06, 0.04, 0.06, 0.06])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holms_correction_lies_between_none_and_bonferronis(p_values):
    found = np.array(p_values)
    adjusted = surviving(found)
    assert (adjusted >= found).all()
    assert (adjusted <= np.minimum(len(found) * found, 1) + 1e-12).all()


def test_what_was_known_at_half_the_budget_is_cut_there():
    made = Made()
    run = made.run("wgan", seeds=1)
    made.history(run, 0, w1=list(range(20, 0, -1)))
    made.history(run, 0, "curves", estimate=list(range(2000)))
    made.measure("weights_at_ends", run, [0.5], at=(900, 1100))
    half = made.evidence.until(0.5)
    assert half.ends["iteration"].tolist() == [1000]
    assert half.curves["iteration"].max() == 1000
    assert half.iterations[run] == 1000
    assert half.measured("weights_at_ends")["iteration"].tolist() == [900]


def test_an_estimate_counts_after_a_critics_first_hundred_steps():
    made = Made()
    wgan, gan = made.run("wgan", seeds=1), made.run("gan", seeds=1)
    made.end(wgan, at=(10, 19, 20, 30), w1=1.0)
    made.end(gan, at=(10, 99, 100, 300), w1=1.0)
    history = made.evidence.history({}, "w1").groupby("run")["iteration"].agg(list)
    assert history.to_dict() == {wgan: [20, 30], gan: [100, 300]}


def test_pairs_have_one_seed_and_the_same_nets():
    made = Made()
    wgan = made.run("wgan", seeds=3)
    gan = made.run("gan", seeds=2)
    other = made.run("gan", seeds=3, critic__width=32)
    for run, w1 in ((wgan, [1.0, 2.0, 3.0]), (gan, [4.0, 5.0]), (other, [7.0, 8.0, 9.0])):
        made.end(run, w1=w1, floor=0.1)
    evidence = made.evidence
    found = paired(
        evidence, {"method": "gan"}, {"method": "wgan"}, evidence.at_end({}, "w1")
    ).sort_values("seed")
    assert found[["seed", "left", "right"]].to_numpy().tolist() == [[0, 4, 1], [1, 5, 2]]
    assert set(found["runs"]) == {(gan, wgan)}


def test_a_diverged_replica_is_at_the_end_without_a_value():
    made = Made()
    run = made.run("wgan", seeds=2)
    made.end(run, w1=[1.0, 2.0], floor=0.1)
    made.diverge(run, 1)
    values = made.evidence.at_end({}, "w1").set_index("seed")["value"]
    assert values[0] == 1.0
    assert np.isnan(values[1])


@pytest.fixture
def claims() -> Claims:
    made = Made()
    made.measure("weights_at_ends", made.run("wgan", "pair"), [0.9] * 6)
    verdicts = judge_all(cataloguing.catalogue(), made.evidence)
    return Claims(scale="smoke", code_digest="0", claims=verdicts)


def test_the_file_holds_what_was_judged(claims, tmp_path):
    path = tmp_path / "claims.json"
    path.write_text(as_text(claims))
    assert read_claims(path) == claims
    assert len(path.read_bytes()) < 200_000
    assert {c["verdict"] for c in json.loads(path.read_text())["claims"]} == {
        "reproduced", "not testable here",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c | {"schema_version": 9}, "schema_version: 9"),
        (lambda c: c | {"weather": "fine"}, "weather: unknown key"),
        (lambda c: {k: v for k, v in c.items() if k != "scale"}, "scale"),
        (lambda c: c | {"claims": [c["claims"][0] | {"verdict": "maybe"}]}, "verdict"),
    ],
)
def test_a_file_of_another_kind_is_refused(claims, tmp_path, change, said):
    path = tmp_path / "claims.json"
    path.write_text(json.dumps(change(json.loads(as_text(claims)))))
    with pytest.raises(UserError, match=said) as refusal:
        read_claims(path)
    assert "run `wganbench claims`" in str(refusal.value)


def test_a_missing_or_cut_file_is_refused(claims, tmp_path):
    path = tmp_path / "claims.json"
    with pytest.raises(UserError, match="is missing"):
        read_claims(path)
    with written_atomically(path) as temporary:
        temporary.write_text(as_text(claims)[:500])
    with pytest.raises(UserError, match=r"claims\.json"):
        read_claims(path)


def test_verify_names_a_claims_file_that_cannot_be_read(claims, tmp_path):
    path = tmp_path / "scales/laptop/claims.json"
    path.parent.mkdir(parents=True)
    path.write_text(as_text(claims))
    assert not list(schema_faults(tmp_path, tmp_path / "data"))
    path.write_text(as_text(claims).replace('"reproduced"', '"perhaps"'))
    (fault,) = schema_faults(tmp_path, tmp_path / "data")
    assert fault.path == str(path)
    assert "verdict" in fault.reason


def test_a_module_without_a_claim_is_refused(tmp_path, monkeypatch):
    package = tmp_path / "curious"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "empty.py").write_text("CLAIM = 'no claim'\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(cataloguing, "PACKAGE", "curious")
    with pytest.raises(TypeError, match="empty"):
        cataloguing.catalogue()


def test_the_papers_come_in_their_order():
    sources = [claim.source for claim in cataloguing.catalogue().values()]
    papers = [next((p for p in cataloguing.PAPERS if s.startswith(p)), "other") for s in sources]
    assert papers == sorted(papers, key=[*cataloguing.PAPERS, "other"].index)


def test_the_evidence_of_nothing_is_no_error():
    bystander = Made()
    bystander.run("gan", "pair")
    assert isinstance(bystander.evidence, Evidence)
    assert bystander.evidence.history({}, "w1").empty


ROOT = Path(__file__).parents[2]


def test_claims_do_not_import_the_report():
    for path in (ROOT / "wganbench" / "claims").rglob("*.py"):
        assert "wganbench.report" not in path.read_text()


@pytest.mark.parametrize("gate", ["resolved", "power"])
def test_a_gate_says_how_far_off_a_run_is_of_which_every_seed_diverged(gate):
    """Infinitely, on either side; a verdict's numbers are finite."""
    made = Made()
    run = made.run("wgan-gp", "pair", critic__width=64)
    made.end(run, coupled_slope_error=0.1, w1=1.0, floor=0.1, independent_cost=3.0)
    for seed in range(6):
        made.diverge(run, seed)
    other = made.run("wgan-gp", "pair", critic__width=128)
    made.end(other, coupled_slope_error=0.1, w1=1.0, floor=0.1, independent_cost=3.0)
    claim = cataloguing.catalogue()["coupled_slope"]
    (verdict,) = judge_all({"coupled_slope": claim}, made.evidence)
    (reading,) = (reading for reading in verdict.gates if reading.name == gate)
    assert (reading.passed, reading.contexts) == (1, 2)
    assert abs(reading.worst) == 1e300
