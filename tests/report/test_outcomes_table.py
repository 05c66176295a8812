"""The table of random architectures counts who trained them, beside the paper's counts."""

from types import SimpleNamespace

import numpy as np
import pytest
from claim_evidence import HALF_OF_CLASSES, Made
from configurations import IMAGES, configuration

from wganbench.claims.judging.outcomes import FEWEST, SCORES, above
from wganbench.gather.labels import architecture
from wganbench.papers import papers
from wganbench.plan.runs import Run
from wganbench.records.extractor import INCEPTION
from wganbench.report.tables.outcomes import OUTCOMES, PAPERS, outcome_tables

# GAN's and WGAN-GP's scores: one architecture only GAN's, two only WGAN-GP's, three both's.
SCORES_OF = np.array([[6, 4]] + [[4, 6]] * 2 + [[6, 6]] * 3 + [[4, 4]] * (FEWEST - 6), float)
EXPECTED = ["1", "2", "3", str(FEWEST - 6)]


def tables(monkeypatch: pytest.MonkeyPatch, made: Made):
    module = "wganbench.report.tables.outcomes.evidence_of"
    monkeypatch.setattr(module, lambda results: made.evidence)
    return list(
        outcome_tables(SimpleNamespace(runs=made.evidence.settings.to_dict()), "gp-tables-1")
    )


def trained(**columns) -> Made:
    """Return architectures whose score is a column's, made from the scores above."""
    made = Made()
    for width, scores in enumerate(SCORES_OF, start=4):
        for method, score in zip(("gan", "wgan-gp"), scores, strict=True):
            run = made.run(method, "images", 1, generator__width=width)
            made.end(run, **{k: [v(score) if callable(v) else v] for k, v in columns.items()})
    return made


def test_inception_scores_stand_beside_the_papers_counts(monkeypatch):
    (table,) = tables(monkeypatch, trained(isc=float, fid=1.0, extractor=f"{INCEPTION}@0"))
    rows = [{h: c.text for h, c in zip(table.columns, row, strict=True)} for row in table.rows]
    assert [row["threshold"] for row in rows] == [above(score) for score in SCORES]
    of_five = rows[2]
    assert [of_five[words] for words in OUTCOMES] == EXPECTED
    assert [of_five[f"{words}, in [GP]"] for words in OUTCOMES] == ["0", "147", "42", "11"]
    assert of_five["verdict"] == "the claim is judged here"
    assert len(table.behind) == 2 * FEWEST
    assert "paper's counts, of 200" in table.caption


def test_elsewhere_fids_stand_alone_and_the_caption_says_why(monkeypatch):
    made = trained(fid=lambda score: HALF_OF_CLASSES * (0.5 if score > 5 else 2))
    (table,) = tables(monkeypatch, made)
    judged = [row for row in table.rows if row[-1].text == "the claim is judged here"]
    assert [[cell.text for cell in row][2:6] for row in judged] == [EXPECTED]
    assert "half of the classes" in judged[0][0].text
    assert not any("[GP]" in heading for heading in table.columns)
    assert "do not compare" in table.caption


def test_without_random_architectures_there_is_no_table(monkeypatch):
    assert tables(monkeypatch, Made()) == []
    few = Made()
    few.end(few.run("gan", "images"), fid=1.0)
    assert tables(monkeypatch, few) == []


def test_the_papers_counts_are_of_200_architectures():
    assert {sum(counts) for counts in PAPERS.values()} == {200}


def test_the_table_stands_on_the_papers_page():
    figures = {figure.label: figure for figure in papers()["wgan-gp.html"].figures}
    assert figures["Tables 1 and 2"].draw is outcome_tables


def test_random_architectures_have_names_that_tell_them_apart():
    names = [
        architecture(
            Run(
                experiment="e", scale="smoke", seeds=(0,),
                point={"method": "gan", "generator.width": 8, "critic.width": width},
                configuration=configuration("gan", IMAGES, critic__width=width),
            )
        )
        for width in (4, 8)
    ]  # fmt: skip
    assert names == [
        f"DCGAN generator (width 8), batch norm, DCGAN critic (width {w})" for w in (4, 8)
    ]
