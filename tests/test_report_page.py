"""The page is one file that loads nothing, escapes everything and shows what the results say."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import ROOT

from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.fidelity.measure import measure_fidelity
from wganbench.fidelity.store import write_extractor
from wganbench.plan.products import FIDELITY, measured
from wganbench.plan.runs import load_all, plan
from wganbench.report.page import write_report
from wganbench.training.record import read_record, write_record
from wganbench.training.train import train_run
from wganbench.transport.measure import measure_transport

HOSTILE = "<script>alert('x')</script> <img src=http://example.org/x.png> {{ 7 * 7 }} & $x^2$"


class Page(HTMLParser):
    """What a reader's browser makes of the page: elements, and tables as texts by their ids."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._in_cell = False  # and not in what unfolds
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag == "table":
            self._rows = self.tables.setdefault(attributes.get("id", "?"), [])
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")
            self._in_cell = True
        if tag == "pre":
            self._in_cell = False

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data):
        if self._in_cell:
            self._rows[-1][-1] += data

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return a table's rows by the names of its columns."""
        head, *body = [[cell.strip() for cell in row] for row in self.tables[f"{table}-rows"]]
        return [dict(zip(head, row, strict=True)) for row in body]


def planned(folder: Path):
    """Return experiments and runs at scale smoke."""
    experiments = load_all(None, folder)
    return experiments, plan("smoke", None, folder)


def train(runs, results: Path, data: Path) -> None:
    """Train and measure every run."""
    for run in (run for runs_of in runs.values() for run in runs_of):
        dataset = run.configuration.data
        if not (data / f"{dataset.id}.npz").exists():
            write_data(dataset, data)
        train_run(run, results / run.id, data=data)
        if dataset.kind != "images":
            measure_transport(run, results / run.id, data)
        if dataset.kind == "images" and not (results / f"extractors/{dataset.id}.npz").exists():
            write_extractor(dataset, "classifier", results / "extractors", data)
        if FIDELITY in measured(run.configuration):
            measure_fidelity(run, results / run.id, results / "extractors")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder with the smoke scale's experiments, one with hostile notes, and their results."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "experiments", folder / "experiments")
    path = folder / "experiments" / "toy-grid.yaml"
    content = yaml.safe_load(path.read_text())
    path.write_text(json.dumps(content | {"notes": HOSTILE, "title": HOSTILE}))
    _, runs = planned(folder / "experiments")
    train(runs, folder / "results", folder / "data")
    return folder


@pytest.fixture(scope="module")
def page(project) -> Page:
    experiments, runs = planned(project / "experiments")
    reports = project / "reports"
    return Page(
        write_report(experiments, runs, "smoke", project / "results", reports, project / "data")
    )


def test_nothing_is_loaded_from_anywhere(page):
    for tag, attributes in page.elements:
        assert tag not in ("link", "iframe", "object", "embed", "base")
        for name in ("src", "srcset", "href", "xlink:href", "action", "poster", "data"):
            value = attributes.get(name) or "#"
            own = ("#", "data:image/png;base64,", "data:text/csv;charset=utf-8;base64,")
            assert value.startswith(own), (tag, name, value[:80])
    assert not re.search(r"url\((?!#)|@import", page.text)


def test_every_link_and_reference_has_its_target_once(page):
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a.get("href") or a.get("xlink:href") or "" for _, a in page.elements]
    targets = {link[1:] for link in links if link.startswith("#")}
    assert targets | set(re.findall(r"url\(#([^)]*)\)", page.text)) <= set(ids)


def test_hostile_titles_and_notes_are_text(page):
    scripts = [a.get("type") for tag, a in page.elements if tag == "script"]
    assert sorted(scripts, key=str) == [None, "application/json"]
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert "example.org" not in str([a for _, a in page.elements])


def test_every_run_is_there_with_the_command_that_makes_it_again(project, page):
    _, runs = planned(project / "experiments")
    shown = {row["run"] for row in page.rows("runs")}
    assert shown == {run.id for listed in runs.values() for run in listed}
    for run_id in shown:
        assert f"wganbench train {run_id} --scale smoke" in page.text


def test_the_runs_table_says_what_the_records_say(project, page):
    for row in page.rows("runs"):
        record = read_record(project / "results" / row["run"] / "run.json")
        assert row["seeds"] == "2 of 2 ok"
        assert row["seconds"] == f"{record.timings.total:.1f}"
        assert record.provenance.code_digest in page.text
        assert record.provenance.device_name in row["hardware"]


def test_final_distances_are_the_files_means_and_deviations(project, page):
    _, runs = planned(project / "experiments")
    labels = {"GAN": "gan", "WGAN c=0.01": "wgan", "WGAN-GP": "wgan-gp"}
    rows = {labels[row["method"]]: row for row in page.rows("toy-grid-final")}
    assert len(rows) == len(runs["toy-grid"]) == 3
    for run in runs["toy-grid"]:
        folder = project / "results" / run.id
        last = [r for r in pq.read_table(folder / "transport.parquet").to_pylist()
                if r["iteration"] == run.configuration.iterations]  # fmt: skip
        w1 = np.array([row["w1"] for row in last])
        shown = rows[run.configuration.method]
        mean, _, sd = shown["exact W1"].partition(" ± ")
        assert float(mean) == pytest.approx(w1.mean(), rel=5e-3)
        assert float(sd) == pytest.approx(w1.std(ddof=1), rel=5e-2)
        assert float(shown["floor"].split(" ± ")[0]) == pytest.approx(last[0]["floor"], rel=5e-3)


def test_every_estimate_stands_beside_exact_w1_and_its_floor(page):
    for table in ("estimate-table-toy-grid", "estimate-table-pairs"):
        for row in page.rows(table):
            assert all(row[name] != "–" for name in ("exact W1", "floor", "estimate, raw"))


def test_image_metrics_are_the_files_means_below_what_real_images_get(project, page):
    _, runs = planned(project / "experiments")
    real, *rows = page.rows("image-grid-fidelity-table")
    assert real["architecture"] == "real images"
    assert len(rows) == len(runs["image-grid"]) == 2
    for run, row in zip(runs["image-grid"], rows, strict=True):
        table = pq.read_table(project / "results" / run.id / "fidelity.parquet").to_pandas()
        last = table[table["iteration"] == run.configuration.iterations]
        for heading, column in (("FID", "fid"), ("KID", "kid"), ("IS", "isc")):
            assert float(row[heading].split(" ± ")[0]) == pytest.approx(
                last[column].mean(), rel=0.05
            )
            floor = float(real[heading].replace("−", "-").split(" ± ")[0])
            assert floor == pytest.approx(last[f"{column}_floor"].iloc[0], rel=0.05)
        best = table.groupby("seed")["fid"].min().mean()
        assert float(row["FID, best"].split(" ± ")[0]) == pytest.approx(best, rel=0.01)
        assert row["seeds"] == "2 of 2"
        assert last["extractor"].iloc[0] in page.text
    assert rows[0]["rank correlation"] == "–"  # two evaluation points always correlate


def test_generated_images_stand_beside_their_nearest_training_images(page):
    ids = {a.get("id") for _, a in page.elements}
    assert {"image-grid-nearest", "image-grid-paper"} <= ids
    assert re.search(r"In [0-2] of 2 runs generated images are on average nearer", page.text)


def test_missing_data_of_images_are_named_and_no_page_is_written(project, tmp_path):
    experiments, runs = planned(project / "experiments")
    only = {"image-grid": runs["image-grid"]}
    with pytest.raises(UserError, match=r"digits\.json: is missing; run `wganbench data digits`"):
        write_report(experiments, only, "smoke", project / "results", tmp_path, tmp_path / "data")
    assert not (tmp_path / "index.html").exists()


def test_settings_that_differ_from_the_papers_are_listed(page):
    rows = [tuple(row.values()) for row in page.rows("differences")]
    assert ("toy-grid", "batch_size", "256", "32", "all 3") in rows
    assert ("toy-grid", "optimizer.lr", "5e-05", "0.001", "all wgan (1)") in rows
    assert ("image-grid", "data.name", "lsun-bedrooms", "digits", "all 2") in rows
    assert ("wgan-fig1", "seeds", "10", "2", "all 2") in rows
    settings = {row[1] for row in rows if row[0] == "toy-grid"}
    assert "critic_optimizer.lr" not in settings  # both optimisers' differences are one
    assert not settings & {"n_critic", "data.name", "constraint.penalty_weight"}


def test_every_picture_has_words_with_numbers(page):
    pictures = [a for tag, a in page.elements if tag == "svg"]
    assert len(pictures) >= 7
    assert all(a["role"] == "img" and re.search(r"\d", a["aria-label"]) for a in pictures)
    assert all(a["alt"] for tag, a in page.elements if tag == "img")


def test_no_undefined_number_reaches_the_reader(page):
    assert not re.search(r">[^<]*\b(nan|inf|None)\b[^<]*<(?!/pre)", page.text)


def test_the_page_is_the_same_for_the_same_results(project, page, tmp_path):
    experiments, runs = planned(project / "experiments")
    again = write_report(
        experiments, runs, "smoke", project / "results", tmp_path, project / "data"
    )
    assert again.read_text(encoding="utf-8") == page.text


def test_an_experiment_without_runs_has_no_section(project, page, tmp_path):
    experiments, runs = planned(project / "experiments")
    only = {"wgan-fig2": runs["wgan-fig2"]}
    alone = Page(write_report(experiments, only, "smoke", project / "results", tmp_path))
    sections = [a["id"] for tag, a in alone.elements if tag == "section"]
    assert sections == ["brief", "estimates", "wgan-fig2-pair", "tables"]
    assert {"toy-grid-law", "image-grid-images"} <= {a.get("id") for _, a in page.elements}


def test_diverged_seeds_are_counted_and_left_out(project, tmp_path):
    experiments, runs = planned(project / "experiments")
    results = tmp_path / "results"
    shutil.copytree(project / "results", results)
    lost = {runs["toy-grid"][0].id: [1], runs["image-grid"][0].id: [0, 1]}
    lost |= {run.id: [0, 1] for run in runs["wgan-fig2"]}
    for run_id, seeds in lost.items():
        path = results / run_id / "run.json"
        record = read_record(path)
        changed = [
            s.model_copy(update={"status": "diverged", "diverged_at": 3}) if s.seed in seeds else s
            for s in record.seeds
        ]
        write_record(record.model_copy(update={"seeds": changed}), path)
    page = Page(write_report(experiments, runs, "smoke", results, tmp_path, project / "data"))
    assert "7 replicas diverged" in page.text
    assert f"{runs['toy-grid'][0].id}: 1 of 2 (seed 1 at iteration 3)" in page.text
    gan = next(row for row in page.rows("toy-grid-final") if row["method"] == "GAN")
    assert gan["seeds"] == "1 of 2; others diverged"
    assert "(one seed)" in gan["exact W1"]
    assert "every seed diverged (iteration 3, 3)" in page.text


@pytest.mark.parametrize("name", ["samples.npz", "transport.parquet"])
def test_a_missing_result_is_named_and_no_page_is_written(project, tmp_path, name):
    experiments, runs = planned(project / "experiments")
    results = tmp_path / "results"
    shutil.copytree(project / "results", results)
    only = {"wgan-fig2": runs["wgan-fig2"]}
    run = only["wgan-fig2"][0]
    (results / run.id / name).unlink()
    with pytest.raises(UserError, match=rf"{run.name}/{name}: is missing"):
        write_report(experiments, only, "smoke", results, tmp_path)
    assert not (tmp_path / "index.html").exists()
