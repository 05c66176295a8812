"""The run explorer: what a reader sees, sorts, filters, unfolds and takes away is the data's."""

import csv
import io
import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hostile_texts import HOSTILE, poisoned_run
from playwright.sync_api import Locator, Page
from smoke_project import BIN

from browser.visits import narrow, overflow, visit
from wganbench.files import sha256_of
from wganbench.plan.configuration import Configuration
from wganbench.report.site.explorer import COLUMNS, run_anchor

pytestmark = pytest.mark.browser
TRAINED = ("curves.parquet", "samples.npz", "networks.safetensors")


def shown(page: Page) -> list[str]:
    """Return the ids of the visible runs in their order."""
    return page.locator(
        ".explorer tbody tr[id]:not(.details):visible td:first-child"
    ).all_inner_texts()


def sort_by(page: Page, column: str) -> None:
    head_of(page, column).locator("button").click()


def sort_order(page: Page, column: str) -> str | None:
    return head_of(page, column).get_attribute("aria-sort")


def head_of(page: Page, column: str) -> Locator:
    button = page.get_by_text(column, exact=True)
    return page.locator(".explorer thead th").filter(has=button)


def field(page: Page, label: str) -> Locator:
    labels = page.locator(".explorer form label")
    return labels.filter(has_text=re.compile(rf"^\s*{label}\b")).locator("select, input")


def row_of(page: Page, run: str) -> Locator:
    return page.locator(f"[id='{run_anchor(run)}']")


def details_of(page: Page, run: str) -> Locator:
    return page.locator(f"[id='{run_anchor(run)}-details']")


def unfold(page: Page, run: str) -> Locator:
    """Unfold a run's row and return what it unfolds to."""
    row_of(page, run).locator("button").click()
    return details_of(page, run)


def downloaded(page: Page, link: Locator) -> str:
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_every_run_has_its_row(browser, explorer, records):
    with visit(browser, explorer) as page:
        assert sorted(shown(page)) == sorted(records)
        for run in records:
            assert row_of(page, run).count() == 1
        assert page.locator(".explorer output").inner_text() == f"{len(records)} runs"


SORTED_BY = {
    "seconds": lambda record: record["timings"]["total"],
    "ms per iteration": lambda record: record["timings"]["per_iteration"],
    "iterations": lambda record: record["configuration"]["iterations"],
    "run": lambda record: record["id"],
    "data": lambda record: record["configuration"]["data"]["name"],
}


@pytest.mark.parametrize("column", SORTED_BY)
def test_sorting_follows_the_records_both_ways(browser, explorer, records, column):
    def key(run: str):
        return SORTED_BY[column](records[run])

    with visit(browser, explorer) as page:
        planned = shown(page)
        sort_by(page, column)
        assert sort_order(page, column) == "ascending"
        assert shown(page) == sorted(planned, key=key)
        sort_by(page, column)
        assert sort_order(page, column) == "descending"
        assert shown(page) == sorted(planned, key=key, reverse=True)
        assert page.locator("th[aria-sort]").count() == 1


def test_what_was_not_measured_comes_last_in_both_orders(browser, explorer, project):
    summary = pd.read_csv(project / "results/scales/smoke/summary.csv")
    fid = (summary.groupby("id")["fid"].mean() / summary.groupby("id")["fid_floor"].mean()).dropna()
    assert 1 < len(fid) < summary["id"].nunique()
    with visit(browser, explorer) as page:
        for ascending in (True, False):
            sort_by(page, "FID / floor")
            expected = list(fid.sort_values(ascending=ascending).index)
            assert shown(page)[: len(fid)] == expected


def test_facets_and_words_leave_the_runs_that_have_them(browser, explorer, records):
    def having(test) -> list[str]:
        chosen = sorted(run for run, record in records.items() if test(record["configuration"]))
        assert 0 < len(chosen) < len(records)
        return chosen

    penalised = having(lambda c: c.get("constraint", {}).get("name") == "gradient-penalty")
    digits = having(lambda c: c["data"]["name"] == "digits")
    both = [run for run in penalised if run in digits]
    with visit(browser, explorer) as page:
        field(page, "Data").select_option("digits")
        assert sorted(shown(page)) == digits
        field(page, "Words").fill("NAME: gradient-penalty")
        assert sorted(shown(page)) == both
        output = page.locator(".explorer output")
        assert output.inner_text() == f"{len(both)} of {len(records)} runs"
        field(page, "Data").select_option("all")
        assert sorted(shown(page)) == penalised
        page.get_by_role("button", name="Clear").click()
        assert len(shown(page)) == len(records)
        field(page, "Experiment").select_option("toy-grid")
        assert sorted(shown(page)) == sorted(r for r in records if r.startswith("toy-grid/"))
        field(page, "Words").fill("no such run")
        assert shown(page) == []


def test_a_filter_holds_while_its_rows_are_sorted_and_unfolded(browser, explorer, records):
    with visit(browser, explorer) as page:
        field(page, "Experiment").select_option("toy-grid")
        run = shown(page)[0]
        details = unfold(page, run)
        sort_by(page, "run")
        sort_by(page, "run")
        assert shown(page) == sorted(
            (r for r in records if r.startswith("toy-grid/")), reverse=True
        )
        assert details.is_visible()
        assert details.evaluate("e => e.previousElementSibling.id") == run_anchor(run)
        field(page, "Words").fill("no such run")
        assert not details.is_visible()


def test_the_keyboard_reaches_filters_then_sort_buttons_then_rows(browser, explorer, records):
    focused = """() => {
      const e = document.activeElement;
      return e.closest(".explorer") ? e.closest("label, button, a, .scroll").innerText : "";
    }"""
    with visit(browser, explorer) as page:
        order = []
        for _ in range(400):
            page.keyboard.press("Tab")
            name = page.evaluate(focused).split("\n")[0].strip()
            order += [name] if name else []
            if name == "hardware" or (order and not name):
                break
        labels = [name.split()[0] for name in order]
        assert labels[:6] == ["Words", "Experiment", "Method", "Data", "Status", "Clear"]
        assert labels[6] == "Download"
        assert order[-1] == "hardware"
        assert order[-len(COLUMNS)] == "run"
        page.keyboard.press("Enter")
        assert sort_order(page, "hardware") == "ascending"
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.textContent")
        assert first == shown(page)[0]
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
        assert details_of(page, first).is_visible()
        page.keyboard.press("Enter")
        assert page.locator(".details").count() == 0


def test_a_link_to_a_run_unfolds_its_row_and_shows_it(browser, explorer, records):
    first, *_, last = sorted(records)
    with visit(browser, explorer, f"#{run_anchor(last)}") as page:
        details = details_of(page, last)
        assert details.is_visible()
        row = row_of(page, last)
        assert -1 < row.bounding_box()["y"] < page.viewport_size["height"]
        field(page, "Words").fill("no such run")
        page.evaluate("hash => { location.hash = hash }", run_anchor(first))
        details_of(page, first).wait_for()
        assert sorted(shown(page)) == sorted(records)


def test_a_row_unfolds_to_all_that_made_the_run(browser, explorer, records, project):
    run = next(r for r in sorted(records) if r != poisoned_run(project))
    record = records[run]
    made, timings = record["provenance"], record["timings"]
    with visit(browser, explorer) as page:
        text = unfold(page, run).inner_text()
        named = unfold_terms(page, run)
    assert f"wganbench train {run} --scale smoke" in named["make it again"]
    assert named["seeds"] == "; ".join(f"seed {s['seed']} {s['status']}" for s in record["seeds"])
    assert f"{timings['total']:.1f} s in all" in named["timings"]
    for fact in (made["device_name"], made["platform"], "1 thread"):
        assert fact in named["hardware"]
    for name, version in made["packages"].items():
        assert f"{name} {version}" in named["packages"]
    assert named["code digest"] == made["code_digest"]
    assert named["git commit"].startswith(made["git_commit"] or "unknown")
    assert named["data sha256"] == made["data_sha256"]
    log = (project / f"logs/train/{run}.log").read_text().splitlines()
    assert named["end of the training log"].splitlines() == log[-20:]
    file = text[text.index("scale: smoke") : text.index("\nseeds\n")]
    shown = Configuration.from_flat(yaml.safe_load(file)["configuration"])
    assert shown.identity() == record["configuration"]


def unfold_terms(page: Page, run: str) -> dict[str, str]:
    """Return what an unfolded row tells, by its terms."""
    details = details_of(page, run)
    terms, told = (details.locator(tag).all_inner_texts() for tag in ("dt", "dd"))
    return {term: text.strip() for term, text in zip(terms, told, strict=True)}


def test_hostile_records_and_logs_unfold_to_text(browser, explorer, project):
    run = poisoned_run(project)
    with visit(browser, explorer) as page:
        unfold(page, run)
        told = unfold_terms(page, run)
        for term in ("hardware", "packages", "git commit", "end of the training log"):
            assert HOSTILE in told[term]
        assert details_of(page, run).locator("script, img").count() == 0
        field(page, "Words").fill("<script>alert(1)")
        assert shown(page) == [run]


def test_the_file_of_a_row_trains_to_the_same_bytes(browser, explorer, project, records, tmp_path):
    run = next(r for r in sorted(records) if r.startswith("toy-grid/wgan-gp"))
    with visit(browser, explorer) as page:
        link = unfold(page, run).get_by_role("link", name="Download it")
        name = link.get_attribute("download")
        (tmp_path / name).write_text(downloaded(page, link))
        assert f"wganbench train --config {name}" in unfold_terms(page, run)["from this file"]
    command = [BIN / "wganbench", "train", "--config", tmp_path / name]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert folder.name == f"wgan-gp-{records[run]['digest'][:8]}"
    for file in TRAINED:
        assert sha256_of(folder / file) == sha256_of(project / "results/runs" / run / file)


def test_the_csv_has_the_summarys_numbers(browser, explorer, project, records):
    summary = pd.read_csv(project / "results/scales/smoke/summary.csv").groupby("id")
    means = summary[["w1", "floor", "normalised", "divergence_heldout", "fid", "fid_floor"]].mean()
    means["distance"] = means["normalised"].where(means["divergence_heldout"].isna())
    assert 0 < means["distance"].notna().sum() < means["normalised"].notna().sum()
    with visit(browser, explorer) as page:
        text = downloaded(page, page.get_by_role("link", name="as CSV"))
    rows = {row["run"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows.keys() == records.keys()
    for run, row in rows.items():
        assert float(row["seconds"]) == pytest.approx(records[run]["timings"]["total"])
        assert row["data sha256"] == records[run]["provenance"]["data_sha256"]
        for name, value in means.loc[run].drop("distance").items():
            assert (row[f"final {name}"] == "") == np.isnan(value)
            if not np.isnan(value):
                assert float(row[f"final {name}"]) == pytest.approx(value)
        for ratio, (above, below) in {
            "estimate / W1": ("distance", "w1"), "FID / floor": ("fid", "fid_floor"),
        }.items():  # fmt: skip
            expected = means.loc[run, above] / means.loc[run, below]
            assert (row[ratio] == "") == np.isnan(expected)
            if row[ratio]:
                assert float(row[ratio]) == pytest.approx(expected)


def test_without_javascript_the_table_can_be_read(browser, explorer, records):
    with visit(browser, explorer, java_script_enabled=False) as page:
        assert sorted(shown(page)) == sorted(records)
        assert page.get_by_text("Without JavaScript the rows").is_visible()
        assert not page.locator(".explorer form").is_visible()


def test_an_unfolded_row_fits_a_phone(browser, explorer, records):
    run = min(records)
    with visit(browser, explorer, **narrow()) as page:
        details = unfold(page, run)
        assert overflow(page) == ""
        box = details.locator("dl").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.viewport_size["width"]
        assert details.locator("dl").evaluate("e => e.scrollWidth <= e.clientWidth")
        assert json.loads(page.locator(".explorer script").text_content())["rows"].keys() == {
            run_anchor(r) for r in records
        }
