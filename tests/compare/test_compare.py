"""`wganbench compare`: what changed between two results, and what only chance changed."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from wganbench.compare.changes import compared
from wganbench.compare.numbers import changes, same_to_the_bit, welch_interval
from wganbench.compare.sides import read_side

CLAIM = {
    "name": "small_is_slow", "source": "[WGAN] section 3", "statement": "Small is slow.",
    "statistic": "seconds of one over those of the other", "ratio": True, "direction": "at least",
    "threshold": 2.0, "reason": "a factor of 2", "verdict": "reproduced",
    "origin": "the papers", "because": "the whole interval is above the threshold", "value": 3.0,
    "low": 2.5, "high": 3.5, "p": 0.01, "p_of_all": 0.01, "seeds": 3, "contexts": [], "gates": [],
    "course": [], "floor": None, "runs": ["grid/a"],
}  # fmt: skip
ROW = {
    "id": "grid/a", "experiment": "grid", "name": "a", "scale": "laptop", "method": "wgan",
    "status": "ok", "diverged_at": None, "seconds": 1.0, "device": "a processor", "w1": 0.5,
    "fid": None, "extractor": None, "digest": "d", "code_digest": "c",
}  # fmt: skip


def rows(w1: list[float], **facts: object) -> pd.DataFrame:
    """Return the rows of a run whose seeds ended at these distances."""
    return pd.DataFrame([ROW | facts | {"seed": k, "w1": value} for k, value in enumerate(w1)])


def save(folder: Path, *tables: pd.DataFrame, scale: str = "laptop", **claim: object) -> Path:
    """Write a project's results into a folder and return it."""
    results = folder / "results/scales" / scale
    results.mkdir(parents=True, exist_ok=True)
    pd.concat([t.assign(scale=scale) for t in tables]).to_csv(results / "summary.csv", index=False)
    claims = [CLAIM | claim]
    content = {"schema_version": 2, "scale": scale, "code_digest": "j", "claims": claims}
    (results / "claims.json").write_text(json.dumps(content))
    return folder


@pytest.fixture
def old(tmp_path):
    return save(tmp_path / "old", rows([0.5, 0.6]), rows([1.0, 2.0], id="grid/b"))


def told(old, new):
    return compared(*(read_side(str(side), lambda: "laptop") for side in (old, new)))


def test_a_copy_is_the_same_to_the_last_bit_however_long_it_took(old, tmp_path):
    twin = save(
        tmp_path / "twin",
        rows([0.5, 0.6], seconds=9.0, device="another"),
        rows([1.0, 2.0], id="grid/b"),
    )
    comparison = told(old, twin)
    assert not comparison.differs
    assert (comparison.runs_alike, comparison.verdicts_alike) == (2, 1)


def test_other_code_with_the_same_results_is_told_and_no_difference(old, tmp_path, wganbench):
    tables = rows([0.5, 0.6], code_digest="another"), rows([1.0, 2.0], id="grid/b")
    new = save(tmp_path / "new", *tables)
    claims = new / "results/scales/laptop/claims.json"
    claims.write_text(claims.read_text().replace('"code_digest": "j"', '"code_digest": "k"'))
    comparison = told(old, new)
    assert not comparison.differs
    assert comparison.other_judging_code
    assert (comparison.runs_alike, comparison.alike_by_other_code) == (2, 1)
    out = wganbench("compare", "--scale", "laptop", str(old), str(new))[1]
    assert "they were judged by other code" in out
    assert "1 of the same ones were trained by other code" in out


def test_one_bit_is_a_difference_and_lies_within_the_seeds_spread(old, tmp_path):
    first = np.nextafter(0.5, 1.0)
    new = save(tmp_path / "new", rows([first, 0.6]), rows([1.0, 2.0], id="grid/b"))
    comparison = told(old, new)
    assert comparison.differs
    assert [run.id for run in comparison.runs] == ["grid/a"]
    [change] = comparison.runs[0].changes
    assert (change.metric, change.within) == ("w1", True)


def test_a_flipped_verdict_is_told_with_both_numbers_and_moved_ones_apart(old, tmp_path):
    tables = rows([0.5, 0.6]), rows([1.0, 2.0], id="grid/b")
    fallen = save(tmp_path / "fallen", *tables, verdict="not reproduced", value=1.5, high=1.9)
    [change] = told(old, fallen).verdicts
    assert change.flipped
    assert (change.old.value, change.new.value) == (3.0, 1.5)
    assert not change.rule_changed
    moved = save(tmp_path / "moved", *tables, value=3.1)
    [change] = told(old, moved).verdicts
    assert not change.flipped


def test_another_threshold_is_another_rule_even_with_the_same_verdict(old, tmp_path):
    tables = rows([0.5, 0.6]), rows([1.0, 2.0], id="grid/b")
    [change] = told(old, save(tmp_path / "new", *tables, threshold=1.0)).verdicts
    assert change.rule_changed
    assert not change.flipped


def test_runs_and_claims_of_one_side_are_named(old, tmp_path):
    new = save(tmp_path / "new", rows([0.5, 0.6]), rows([1.0], id="grid/c"), name="other")
    comparison = told(old, new)
    assert (comparison.runs_only_old, comparison.runs_only_new) == (["grid/b"], ["grid/c"])
    assert comparison.claims_only_old == ["small_is_slow"]
    assert comparison.claims_only_new == ["other"]


def test_other_scales_are_told_first(old, tmp_path):
    new = save(tmp_path / "new", rows([0.5, 0.6]), scale="gpu")
    assert (
        told(old, new / "results/scales/gpu")
        .warnings[0]
        .startswith("the scales differ, laptop and gpu:")
    )


def test_a_seed_that_diverged_on_one_side_is_told(old, tmp_path):
    lost = rows([0.5, 0.6])
    lost.loc[1, ["status", "w1"]] = ["diverged", None]
    [run] = told(old, save(tmp_path / "new", lost, rows([1.0, 2.0], id="grid/b"))).runs
    assert [(e.seed, e.old, e.new) for e in run.ended] == [(1, "ok", "diverged")]
    assert [change.within for change in run.changes] == [None]  # one seed has no spread


def test_a_change_beyond_the_seeds_spread_is_told_from_one_within():
    [within] = changes(rows([1.0, 1.1, 0.9]), rows([1.05, 1.2, 0.95]))
    [beyond] = changes(rows([1.0, 1.1, 0.9]), rows([2.0, 2.1, 1.9]))
    assert (within.within, beyond.within) == (True, False)
    # By hand: both variances 0.01, so 4 degrees of freedom, and 2.776 sqrt(0.02 / 3) = 0.2267.
    assert (beyond.low, beyond.high) == pytest.approx((1 - 0.2267, 1 + 0.2267), abs=1e-4)


@pytest.mark.parametrize("sizes", [(2, 2), (3, 8), (20, 5)])
def test_the_interval_is_welchs(sizes):
    rng = np.random.default_rng(0)
    old, new = rng.normal(0, 1, sizes[0]), rng.normal(0.3, 4, sizes[1])
    # Welch 1947, with Satterthwaite's degrees of freedom.
    a, b = old.var(ddof=1) / sizes[0], new.var(ddof=1) / sizes[1]
    freedom = (a + b) ** 2 / (a**2 / (sizes[0] - 1) + b**2 / (sizes[1] - 1))
    middle, reach = new.mean() - old.mean(), t.ppf(0.975, freedom) * (a + b) ** 0.5
    assert welch_interval(old, new) == pytest.approx((middle - reach, middle + reach))


@pytest.mark.filterwarnings("error")
def test_one_sides_seeds_may_agree():
    low, high = welch_interval(np.array([8.0, 8.0, 8.0]), np.array([7.0, 8.0, 8.0]))
    assert low < -1 / 3 < high


def test_equal_seeds_without_any_spread_differ_by_what_they_differ():
    assert welch_interval(np.array([1.0, 1.0]), np.array([1.5, 1.5])) == (0.5, 0.5)
    assert welch_interval(np.array([1.0]), np.array([1.5, 1.5])) is None


def test_fid_of_two_feature_spaces_is_not_compared():
    ours = rows([0.5, 0.6], fid=10.0, extractor="classifier-digits@1")
    theirs = rows([0.7, 0.6], fid=20.0, extractor="classifier-digits@2")
    assert [change.metric for change in changes(ours, theirs)] == ["w1"]
    again = theirs.assign(extractor="classifier-digits@1")
    assert {change.metric for change in changes(ours, again)} == {"w1", "fid"}


def test_a_column_that_one_side_lacks_is_no_difference():
    assert same_to_the_bit(rows([0.5]), rows([0.5]).drop(columns="fid"))


def test_the_table_says_what_matters(old, tmp_path, wganbench):
    tables = rows([5.0, 5.1]), rows([1.0, 2.0], id="grid/b")
    new = save(tmp_path / "new", *tables, verdict="inconclusive", low=1.5)
    code, out, err = wganbench("compare", "--scale", "laptop", str(old), str(new))
    assert (code, err) == (0, "")
    assert "reproduced → inconclusive" in out
    assert "3 [2.5, 3.5] → 3 [1.5, 3.5], should be at least 2" in out
    assert "1 are the same to the last bit, 1 are not" in out
    assert "0.55 ± 0.071" in out
    assert "5.05 ± 0.071" in out


def test_programs_get_json_and_an_exit_code(old, tmp_path, wganbench):
    new = save(tmp_path / "new", rows([0.5, 0.6]), rows([1.0, 2.5], id="grid/b"))
    assert wganbench("compare", "--scale", "laptop", str(old), str(old), "--exit-code")[0] == 0
    code, out, _ = wganbench(
        "compare", "--scale", "laptop", str(old), str(new), "--exit-code", "--json"
    )
    assert code == 1
    told = json.loads(out)
    assert told["runs"][0]["id"] == "grid/b"
    assert told["runs"][0]["changes"][0]["new"] == 1.75


@pytest.fixture
def repository(old, monkeypatch):
    """The old results under version control, with new ones committed on top."""

    def git(*arguments):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=old, check=True, capture_output=True)

    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "-m", "nothing yet")
    git("add", "results")
    git("commit", "--quiet", "-m", "old")
    save(old, rows([0.5, 0.7]), rows([1.0, 2.0], id="grid/b"))
    git("commit", "--quiet", "-am", "new")
    monkeypatch.chdir(old)
    return old


def test_git_revisions_are_read_without_a_checkout(repository):
    comparison = told("HEAD~1", "HEAD")
    assert [run.id for run in comparison.runs] == ["grid/a"]
    assert not told("HEAD", ".").differs


def test_in_a_folder_of_a_repository_its_own_results_are_meant(repository, monkeypatch):
    part = save(repository / "part", rows([0.1, 0.2]))
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "add", "part"], cwd=repository, check=True)
    subprocess.run(["git", *who, "commit", "-qm", "part"], cwd=repository, check=True)
    monkeypatch.chdir(part)
    assert not told("HEAD", "results/scales/laptop").differs


MISTAKES = [
    (["nowhere", "."], "'nowhere' is no scale with results, no folder and no git revision"),
    (["--upload-pack=x", "."], "--upload-pack"),
    (["HEAD~2", "."], "HEAD~2:results/scales/laptop/: holds neither claims.json nor summary.csv"),
    ([".git", "."], ".git/: holds neither"),
]


@pytest.mark.parametrize(("arguments", "expected"), MISTAKES)
def test_a_mistake_is_one_line(repository, wganbench, arguments, expected):
    code, out, err = wganbench("compare", "--scale", "laptop", *arguments)
    assert (code, out) == (2, "")
    assert expected in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("claims.json", "{}", "claims.json: schema_version: none, this wganbench reads"),
        ("claims.json", "", "claims.json: is damaged (Expecting value"),
        ("summary.csv", "", "summary.csv: is no table"),
        ("summary.csv", "id,seed\na,0\n", "summary.csv: has no column 'code_digest'"),
    ],
)
def test_a_damaged_file_is_one_line(old, wganbench, file, content, expected):
    (old / "results/scales/laptop" / file).write_text(content)
    code, out, err = wganbench("compare", "--scale", "laptop", str(old), str(old))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert expected in err


def test_a_side_without_claims_still_has_its_runs_compared(old, tmp_path):
    new = save(tmp_path / "new", rows([0.5, 0.6]), rows([1.0, 2.0], id="grid/b"))
    (new / "results/scales/laptop/claims.json").unlink()
    comparison = told(old, new)
    assert comparison.runs_alike == 2
    assert comparison.claims_only_old == []
    assert any("has no claims.json" in warning for warning in comparison.warnings)
