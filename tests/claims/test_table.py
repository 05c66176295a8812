"""Verdicts as people read them: on the terminal, and as a table in the README."""

import json

import pytest
from conftest import ROOT
from rich.console import Console

from wganbench.claims.judging.table import counts, number, print_verdicts, survivors, verdicts
from wganbench.records.claims import Claims, as_text, read_claims

COMMITTED = read_claims(ROOT / "results" / "claims.json")


def one(**changes: object) -> Claims:
    """Return the first committed claim alone, changed."""
    decided = {"verdict": "reproduced"}
    first = COMMITTED.claims[0].model_copy(update=decided | changes)
    return COMMITTED.model_copy(update={"claims": [first]})


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder that holds nothing but verdicts, as the working folder."""
    (tmp_path / "results").mkdir()
    (tmp_path / "results/claims.json").write_text(as_text(COMMITTED))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_the_file_says_is_told_without_judging(project, wganbench):
    before = (project / "results/claims.json").stat().st_mtime_ns
    code, out, err = wganbench("claims", "--read")
    assert (code, err) == (0, "")
    assert all(verdict.source in out for verdict in COMMITTED.claims)
    assert f"scale laptop: {counts(COMMITTED)}" in out
    assert survivors(COMMITTED) in out
    assert [path.name for path in project.iterdir()] == ["results"]
    assert (project / "results/claims.json").stat().st_mtime_ns == before


def test_the_files_content_is_passed_on_as_it_is(project, wganbench):
    code, out, _ = wganbench("claims", "--read", "--json")
    assert code == 0
    assert json.loads(out) == json.loads((project / "results/claims.json").read_text())


def test_a_file_of_another_scale_than_is_asked_for_is_refused(project, wganbench):
    code, out, err = wganbench("claims", "--read", "--scale", "gpu")
    assert (code, out) == (2, "")
    assert err == (
        "wganbench: results/claims.json: is of scale laptop, not gpu; "
        "run `wganbench claims --scale gpu`\n"
    )
    assert wganbench("claims", "--read", "--scale", "laptop")[0] == 0


def test_where_nothing_was_judged_one_line_says_so(tmp_path, monkeypatch, wganbench):
    monkeypatch.chdir(tmp_path)
    code, _, err = wganbench("claims", "--read")
    assert (code, err) == (
        2,
        "wganbench: results/claims.json: is missing; run `wganbench claims`\n",
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
