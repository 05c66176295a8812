"""How claims are judged: intervals, pairs, the file, the catalogue."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from claim_evidence import Made
from scipy.stats import bootstrap

from wganbench.claims.judging import catalogue as cataloguing
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.interval import coverage_of_range, crossed
from wganbench.claims.judging.pairs import paired
from wganbench.claims.judging.verdict import is_enough, judge
from wganbench.errors import UserError
from wganbench.files import written_atomically
from wganbench.operations.verify import schema_faults
from wganbench.records.claims import Claims, as_text, read_claims


def cells(values: np.ndarray) -> pd.DataFrame:
    """Return cells of contexts (rows) and seeds (columns)."""
    return pd.DataFrame(
        [
            {"context": str(c), "seed": s, "effect": values[c, s]}
            for c in range(values.shape[0])
            for s in range(values.shape[1])
            if np.isfinite(values[c, s])
        ]
    )


def test_over_one_context_the_interval_is_scipys_percentile_bootstrap():
    values = np.random.default_rng(1).normal(size=(1, 8))
    ours = crossed(cells(values))
    theirs = bootstrap(
        (values[0],), np.mean, method="percentile", n_resamples=20_000,
        rng=np.random.default_rng(0),
    ).confidence_interval  # fmt: skip
    assert ours.mean == pytest.approx(values.mean())
    assert [ours.low, ours.high] == pytest.approx([theirs.low, theirs.high], abs=0.05)


def test_over_three_seeds_the_interval_is_their_range():
    interval = crossed(cells(np.array([[1.0, 2.0, 7.0]])))
    assert (interval.low, interval.high) == (1.0, 7.0)


def test_replicas_of_one_seed_in_many_contexts_are_not_taken_for_independent():
    """Seeds alone decide here: 50 contexts that repeat them say no more than one."""
    of_seeds = np.random.default_rng(0).normal(size=(1, 4))
    one, many = crossed(cells(of_seeds)), crossed(cells(np.repeat(of_seeds, 50, axis=0)))
    assert many.high - many.low == pytest.approx(one.high - one.low, rel=0.05)


def test_the_interval_covers_the_mean_over_contexts_and_seeds_at_least_as_often_as_it_says():
    rng = np.random.default_rng(0)
    hits, trials = 0, 120
    for _ in range(trials):
        context, seed = rng.normal(size=(8, 1)), rng.normal(size=(1, 8))
        interval = crossed(cells(context + seed + 0.5 * rng.normal(size=(8, 8))))
        hits += interval.low <= 0 <= interval.high
    assert hits / trials > 0.88  # nominally 95%; a bootstrap over eight is a little short


def test_a_cell_that_is_missing_is_left_out():
    whole = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, np.nan]])
    assert crossed(cells(whole)).mean == pytest.approx(1.8)


def test_the_range_over_seeds_holds_the_median_as_often_as_told():
    draws = np.random.default_rng(0).exponential(size=(40_000, 3))
    inside = (draws.min(1) <= np.log(2)) & (draws.max(1) >= np.log(2))
    assert inside.mean() == pytest.approx(coverage_of_range(3), abs=0.01)


def test_it_takes_three_seeds_or_two_in_three_contexts():
    assert is_enough(3, 1)
    assert is_enough(2, 3)
    assert not is_enough(2, 2)
    assert not is_enough(1, 50)


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
    verdicts = [
        judge(name, claim, made.evidence) for name, claim in cataloguing.catalogue().items()
    ]
    return Claims(scale="smoke", code_digest="0", claims=verdicts)


def test_the_file_holds_what_was_judged(claims, tmp_path):
    path = tmp_path / "claims.json"
    path.write_text(as_text(claims))
    assert read_claims(path) == claims
    assert len(path.read_bytes()) < 100_000
    assert {c["verdict"] for c in json.loads(path.read_text())["claims"]} == {
        "reproduced", "inconclusive",
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
    path = tmp_path / "claims.json"
    path.write_text(as_text(claims))
    assert not list(schema_faults(tmp_path, tmp_path / "data"))
    path.write_text(as_text(claims).replace('"inconclusive"', '"perhaps"'))
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
