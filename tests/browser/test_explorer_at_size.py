"""The run explorer stays small and quick with as many runs as a whole grid has."""

from pathlib import Path

import pandas as pd
import pytest
from jinja2 import Environment, PackageLoader

from browser.visits import visit
from wganbench.gather.load import Results, load_results
from wganbench.plan.runs import Run, plan
from wganbench.report.site.explorer import COLUMNS, run_anchor, run_explorer

SECONDS = f"td:nth-child({COLUMNS.index('seconds') + 1})"

pytestmark = pytest.mark.browser
RUNS = 2000
AT_ONCE = 200
MEGABYTES = 10**6
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Runs</title>
<style>{% include "style.css" %}{% include "explorer.css" %}</style>
<main>{% include "explorer.html.jinja" %}</main>
<script>{% include "tables.js" %}{% include "explorer.js" %}</script></html>"""
TYPE = """text => new Promise((resolve) => {
  const input = document.querySelector("input[type=search]");
  input.value = text;
  const started = performance.now();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  resolve(performance.now() - started);
})"""


@pytest.fixture(scope="module")
def many(smoke_project) -> Results:
    """The smoke scale's results over and over, each time with other settings and so other ids."""
    listed = [
        r for runs in plan("smoke", None, smoke_project / "experiments").values() for r in runs
    ]
    few = load_results(listed, smoke_project / "results/runs", smoke_project / "data")
    ends = dict(iter(few.evaluations.groupby("run")))
    runs, records, evaluations = {}, {}, []
    for number in range(RUNS):
        original = listed[number % len(listed)]
        run = Run(
            experiment=original.experiment,
            scale=original.scale,
            seeds=original.seeds,
            point=original.point,
            configuration=original.configuration.model_copy(
                update={"train_samples": 500_000 + number}
            ),
        )
        runs[run.id], records[run.id] = run, few.records[original.id]
        evaluations.append(ends[original.id].assign(run=run.id))
    table = pd.concat(evaluations, ignore_index=True)
    return Results(few.folder, few.data, runs, records, few.facts, few.logged, table)


@pytest.fixture(scope="module")
def page_of_many(many, tmp_path_factory) -> Path:
    loader = PackageLoader("wganbench.report.site")
    template = Environment(loader=loader, autoescape=True).from_string(PAGE)
    path = tmp_path_factory.mktemp("many") / "runs.html"
    path.write_text(template.render(block=run_explorer(many, "runs")), encoding="utf-8")
    return path


def test_two_thousand_runs_are_a_small_page(page_of_many, many):
    assert len(many.runs) == RUNS
    assert page_of_many.stat().st_size < 20 * MEGABYTES


def test_a_key_stroke_among_two_thousand_runs_is_answered_at_once(browser, page_of_many, many):
    with visit(browser, page_of_many) as page:
        for text, found in (
            ("samples: 501999", 1),
            (
                "name: digits",
                sum(r.configuration.data.name == "digits" for r in many.runs.values()),
            ),
            ("", RUNS),
        ):
            milliseconds = min(page.evaluate(TYPE, text) for _ in range(3))
            assert milliseconds < 100
            assert page.locator("output").inner_text().startswith(f"{found} ")


def test_a_long_table_is_shown_in_parts_and_a_link_reaches_any_row(browser, page_of_many, many):
    rows = ".explorer tbody tr:not(.details):visible"
    *_, last = many.runs
    with visit(browser, page_of_many) as page:
        assert page.locator(rows).count() == AT_ONCE
        assert page.locator("output").inner_text() == f"{RUNS} runs, the first {AT_ONCE} shown"
        page.get_by_role("button", name="Show more rows").click()
        assert page.locator(rows).count() == 2 * AT_ONCE
        page.get_by_role("button", name="seconds").click()
        seconds = [float(text) for text in page.locator(f"{rows} {SECONDS}").all_inner_texts()]
        everything = sorted(record.timings.total for record in many.records.values())
        assert seconds == [round(value, 1) for value in everything[: 2 * AT_ONCE]]
    with visit(browser, page_of_many, f"#{run_anchor(last)}") as page:
        assert page.locator(f"[id='{run_anchor(last)}-details']").is_visible()
        assert page.locator(rows).count() == RUNS
    with visit(browser, page_of_many) as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator(rows).count() == RUNS
