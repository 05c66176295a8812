"""Verdicts as people read them: on the terminal, and as a table in the README."""

import json

import pytest
from conftest import ROOT
from rich.console import Console

from wganbench.claims.judging.store import read_other_claims
from wganbench.claims.judging.table import counts, number, print_verdicts, survivors, verdicts
from wganbench.errors import UserError
from wganbench.records.claims import Claims, as_text, read_claims

COMMITTED = read_claims(ROOT / "results/scales/laptop/claims.json")


def one(**changes: object) -> Claims:
    """Return the first committed claim alone, changed."""
    decided = {"verdict": "reproduced"}
    first = COMMITTED.claims[0].model_copy(update=decided | changes)
    return COMMITTED.model_copy(update={"claims": [first]})


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder that holds nothing but verdicts, as the working folder."""
    (tmp_path / "params.yaml").write_text("scale: laptop\n")
    (tmp_path / "results/scales/laptop").mkdir(parents=True)
    (tmp_path / "results/scales/laptop/claims.json").write_text(as_text(COMMITTED))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_the_file_says_is_told_without_judging(project, wganbench):
    before = (project / "results/scales/laptop/claims.json").stat().st_mtime_ns
    code, out, err = wganbench("claims", "--read")
    assert (code, err) == (0, "")
    told = " ".join(out.split())  # long sources go on in the next line
    assert all(verdict.source in told for verdict in COMMITTED.claims)
    assert f"scale laptop: {counts(COMMITTED)}" in out
    assert survivors(COMMITTED) in out
    assert {path.name for path in project.iterdir()} == {"params.yaml", "results"}
    assert (project / "results/scales/laptop/claims.json").stat().st_mtime_ns == before


def test_the_files_content_is_passed_on_as_it_is(project, wganbench):
    code, out, _ = wganbench("claims", "--read", "--json")
    assert code == 0
    assert json.loads(out) == json.loads(
        (project / "results/scales/laptop/claims.json").read_text()
    )


def test_each_scale_has_verdicts_of_its_own(project, wganbench):
    code, out, err = wganbench("claims", "--read", "--scale", "gpu")
    assert (code, out) == (2, "")
    assert err == (
        "wganbench: results/scales/gpu/claims.json: is missing; run `wganbench claims`\n"
    )
    assert wganbench("claims", "--read", "--scale", "laptop")[0] == 0


def test_where_nothing_was_judged_one_line_says_so(tmp_path, monkeypatch, wganbench):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text("scale: laptop\n")
    code, _, err = wganbench("claims", "--read")
    assert (code, err) == (
        2,
        "wganbench: results/scales/laptop/claims.json: is missing; run `wganbench claims`\n",
    )


def lines(claims: Claims, columns: int, monkeypatch, capsys) -> list[str]:
    """Return what a terminal of so many columns shows."""
    console = Console(width=columns, force_terminal=True, color_system=None, highlight=False)
    monkeypatch.setattr("wganbench.claims.judging.table.Console", lambda **_: console)
    print_verdicts(claims)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_a_claim_is_its_word_its_sentence_and_its_number(monkeypatch, capsys):
    claims = one(value=0.01674, low=0.00354, high=0.0372, statement="It is so.", source="[WGAN]")
    shown = lines(claims, 100, monkeypatch, capsys)
    assert shown[:2] == [
        "reproduced  It is so.",
        "            0.0167 [0.00354, 0.0372], should be at most 0.1  [WGAN]",
    ]


def test_what_was_not_decided_says_why(monkeypatch, capsys):
    unmeasured = {"value": None, "low": None, "high": None, "because": "no run bears on it"}
    nothing = one(verdict="not testable here", statement="It is so.", **unmeasured)
    first, second = lines(nothing, 100, monkeypatch, capsys)[:2]
    assert first.startswith("not testable here")
    assert second.strip().startswith("should be at most 0.1")
    assert second.endswith("no run bears on it")


@pytest.mark.parametrize("columns", [80, 100])
def test_all_claims_fit_a_terminal_with_every_number_on_one_line(columns, monkeypatch, capsys):
    shown = lines(COMMITTED, columns, monkeypatch, capsys)
    assert max(map(len, shown)) <= columns
    for verdict in COMMITTED.claims:
        end = f"{verdict.direction} {verdict.threshold:.3g}"
        assert any(number(verdict) in line and end in line for line in shown), verdict.name


def test_the_readmes_table_holds_each_claim_with_its_number():
    table = verdicts(one(statement="Either a | b.", value=1.0, low=0.5, high=2.0)).splitlines()
    assert table[2] == (
        "| **reproduced** | Either a \\| b. | 1 [0.5, 2] | at most 0.1 "
        "| [WGAN] example 1 and figure 1 |"
    )
    assert len(verdicts(COMMITTED).splitlines()) == 2 + len(COMMITTED.claims)


def test_a_claim_that_another_scale_judges_otherwise_says_so_in_the_table():
    here, alike = one(), one(value=0.25)
    other = one(verdict="not settled").model_copy(update={"scale": "desk"})
    rows = [verdicts(here, [there]).splitlines()[-1] for there in (alike, other)]
    assert rows[0].endswith(f"| the same {number(alike.claims[0])} |")
    assert rows[1].endswith(f"| not settled {number(other.claims[0])} |")
    none = here.model_copy(update={"claims": []})
    assert verdicts(here, [none]).splitlines()[-1].endswith("| – |")


def test_what_other_scales_were_judged_to_be_is_read_smallest_first(tmp_path):
    for scale in ("paper", "laptop", "desk"):
        (tmp_path / scale).mkdir()
        judged = COMMITTED.model_copy(update={"scale": scale})
        (tmp_path / scale / "claims.json").write_text(as_text(judged))
    assert [c.scale for c in read_other_claims("desk", tmp_path)] == ["laptop", "paper"]
    (tmp_path / "laptop/claims.json").write_text(as_text(judged))
    with pytest.raises(UserError, match=r"laptop/claims.json: scale: is desk; .* --scale laptop"):
        read_other_claims("paper", tmp_path)
