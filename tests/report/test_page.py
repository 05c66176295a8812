"""The pages load nothing, escape everything, and show what the results and the verdicts say."""

import gzip
import io
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hostile_texts import HOSTILE
from markupsafe import escape
from older_paper import older_paper
from report_site import Site, planned, write
from rich.filesize import decimal

from wganbench.claims.judging.store import write_claims
from wganbench.errors import UserError
from wganbench.papers import papers
from wganbench.records.claims import Claims, read_claims
from wganbench.records.extractor import read_made
from wganbench.records.run import read_record, write_record
from wganbench.report.site.write import write_report
from wganbench.report.style.wording import NOTHING, number

RESULTS, EXTRACTORS = "results/runs", "results/extractors"
CLAIMS = "results/scales/smoke/claims.json"
NO_CLAIMS = [Claims(scale="smoke", code_digest="", claims=[])]
# Figures of what needs no training; that of the three steps has critics beside.
COMPUTED = {"known-bumps", "known-games", "known-frozen", "cramer-theorem-1-bias"}
FEW = ("toy-grid", "image-grid", "wgan-fig2")  # where not all experiments need to be drawn
DOWNLOADS = ("data:text/csv;charset=utf-8,", "data:application/gzip;base64,")


@pytest.fixture(scope="module")
def project(smoke_project) -> Path:
    return smoke_project


@pytest.fixture(scope="module")
def page(project) -> Site:
    """The whole report, as the workflow wrote it."""
    return Site(project / "reports")


@pytest.fixture(scope="module")
def alone(project, tmp_path_factory) -> Site:
    """The report about one experiment, with hostile verdicts; a paper is new, another is gone."""
    experiments, runs = planned(project / "experiments")
    only = {"wgan-fig2": runs["wgan-fig2"]}
    folder = tmp_path_factory.mktemp("alone")
    reports = folder / "reports"
    reports.mkdir()
    (reports / "gone.html").write_text("of a paper that is no longer among the papers")
    changed = dict.fromkeys(("statement", "statistic", "reason", "because", "source"), HOSTILE)
    with older_paper(folder):
        claims = write_claims(only["wgan-fig2"], "smoke", project / RESULTS, folder)
        hostile = [claim.model_copy(update=changed) for claim in claims.claims]
        write_report(
            experiments, only, "smoke", project / RESULTS, reports,
            [claims.model_copy(update={"claims": hostile})], project / "data",
        )  # fmt: skip
        return Site(reports)


def test_nothing_is_loaded_from_anywhere(page):
    for tag, attributes in page.elements:
        assert tag not in ("link", "iframe", "object", "embed", "base")
        for name in ("src", "srcset", "xlink:href", "action", "poster", "data"):
            value = attributes.get(name) or "#"
            assert value.startswith(("#", "data:image/png;base64,")), (tag, name, value[:80])
        href = attributes.get("href") or "#"
        if "download" in attributes:
            assert href.startswith(DOWNLOADS)
        else:
            assert href.startswith("#") or href.partition("#")[0] in page.pages, href[:80]
    assert not re.search(r"url\((?!#)|@import", page.text)


def test_every_link_and_reference_has_its_target_once(page):
    for name, one in page.pages.items():
        assert len(one.ids) == len(set(one.ids))
        drawn = [a.get("xlink:href") or "" for _, a in one.elements]
        drawn = [link[1:] for link in drawn if link.startswith("#")]
        assert {*drawn, *re.findall(r"url\(#([^)]*)\)", one.text)} <= set(one.ids)
        for link in (link for link in one.links if not link.startswith("data:")):
            file, _, anchor = link.partition("#")
            assert anchor in {*page.pages[file or name].ids, ""}, link


def test_every_page_leads_to_every_other_and_knows_itself(page):
    for name, one in page.pages.items():
        header = [a for tag, a in one.elements if tag == "a"][1 : len(page.pages) + 1]
        assert [a["href"] for a in header] == [
            "index.html", "wgan.html", "wgan-gp.html", "family.html", *list(papers())[2:],
            "known.html", "distance.html", "images.html", "better.html", "runs.html",
            "cost.html",
        ]  # fmt: skip
        assert [a["href"] for a in header if a.get("aria-current") == "page"] == [name]
        assert [tag for tag, _ in one.elements].count("h1") == 1
        assert "Scale smoke." in one.text


def test_hostile_titles_and_notes_are_text(page):
    for name, one in page.pages.items():
        scripts = [a.get("type") for tag, a in one.elements if tag == "script"]
        assert scripts.count("application/json") == (name == "runs.html")
        assert scripts.count(None) == (name not in {"index.html", "family.html"})
    assert escape(HOSTILE) in page.text
    assert not [a for _, a in page.elements if "onerror" in a]


def test_a_hostile_verdict_is_text(alone):
    index = alone.pages["index.html"]
    assert escape(HOSTILE) in index.text
    assert "script" not in [tag for tag, _ in index.elements]
    assert not [a for _, a in alone.elements if "onerror" in a]


def test_every_verdict_is_on_the_first_page_with_its_numbers(project, page):
    text = re.sub(r"\s+", " ", page.pages["index.html"].text)
    claims = read_claims(project / CLAIMS).claims
    rows = [row.partition("</section>")[0] for row in text.split('<li class="claim">')[1:]]
    assert len(rows) == len(claims)
    for claim in claims:
        (row,) = [row for row in rows if escape(claim.statement) in row]
        assert claim.verdict in row
        assert escape(claim.because) in row
        assert ("<svg" in row) == (claim.value is not None)
        if claim.value is not None:
            assert f"{claim.seeds} seed" in row
    testable = ["not testable here" not in row for row in rows]
    assert testable == sorted(testable, reverse=True)  # those that are not come last
    assert "claims of the two papers: " in text
    assert "survive Holm" in text


def test_a_claim_stands_beside_the_figure_of_its_runs(page):
    parts = dict(re.findall(r'<section id="([^"]*)">(.*?)</section>',
                            page.pages["wgan.html"].text, re.DOTALL))  # fmt: skip
    assert "the discriminator saturates" in parts["figure-2"]
    assert 'id="wgan-fig2-two-gaussians"' in parts["figure-2"]
    assert "the discriminator saturates" not in parts["figure-1"]
    assert 'href="wgan.html#figure-2"' in page.pages["index.html"].text


def test_verdicts_on_other_runs_or_another_scale_are_refused(project, tmp_path):
    experiments, runs = planned(project / "experiments")
    claims = read_claims(project / CLAIMS)
    results = project / RESULTS
    other = claims.model_copy(update={"scale": "laptop"})
    with pytest.raises(UserError, match=r"scale: is laptop.*run `wganbench claims --scale smoke`"):
        write_report(experiments, runs, "smoke", results, tmp_path, [other])
    fewer = {name: of for name, of in runs.items() if name != "wgan-fig2"}
    with pytest.raises(UserError, match=r"rests on wgan-fig2/.* run `wganbench claims"):
        write_report(experiments, fewer, "smoke", results, tmp_path, [claims])
    assert not list(tmp_path.iterdir())


def downloaded(site: Site, file: str) -> pd.DataFrame:
    """Return the content of a link that saves a file."""
    (href,) = (a["href"] for tag, a in site.elements if a.get("download") == file)
    _, _, content = href.partition(",")
    if file.endswith(".gz"):
        return pd.read_csv(io.BytesIO(gzip.decompress(b64decode(content))))
    return pd.read_csv(io.StringIO(unquote(content)))


def test_a_figures_data_are_the_files_numbers_in_full_precision(project, page):
    _, runs = planned(project / "experiments")
    shown = downloaded(page, "toy-grid-distance.csv")
    assert set(shown["run"]) == {run.id for run in runs["toy-grid"]}
    for run, of in shown.groupby("run"):
        table = pq.read_table(project / RESULTS / run / "transport.parquet").to_pandas()
        both = of.merge(table, on=["seed", "iteration"], suffixes=("", " of the file"))
        assert len(both) == len(of) == len(table)
        assert both["w1"].to_numpy() == pytest.approx(both["w1 of the file"].to_numpy(), abs=0)


def test_every_figure_gives_its_data_and_its_runs(page):
    figures = re.findall(r'<figure id="([^"]*)">(.*?)</figure>', page.text, re.DOTALL)
    drawn = {name: text for name, text in figures if 'class="drawing"' in text}
    assert len(drawn) >= 7
    for name, text in drawn.items():
        assert re.search(rf'download="{name}\.csv(\.gz)?"', text), name
        assert ('href="runs.html#run-' in text) == (name not in COMPUTED), name
        file = re.search(r'download="([^"]*)"', text)[1]
        assert len(downloaded(page, file)) >= 2


def test_a_section_says_how_to_make_its_numbers_again(project, page):
    _, runs = planned(project / "experiments")
    first = sorted(run.id for run in runs["wgan-fig2"])[0]
    assert "wganbench run wgan-fig2 --scale smoke" in page.pages["wgan.html"].text
    assert f"wganbench transport {first} --scale smoke" in page.pages["wgan.html"].text
    assert f"/{first}/transport.parquet" in page.pages["wgan.html"].text


def test_every_run_is_there_with_the_command_that_makes_it_again(project, page):
    _, runs = planned(project / "experiments")
    shown = {row["run"] for row in page.rows("runs")}
    assert shown == {run.id for listed in runs.values() for run in listed}
    for run_id in shown:
        assert f"wganbench train {run_id} --scale smoke" in page.text


def test_the_runs_table_says_what_the_records_say(project, page):
    for row in page.rows("runs"):
        record = read_record(project / RESULTS / row["run"] / "run.json")
        assert row["seeds"] == "2 of 2 ok"
        assert row["seconds"] == f"{record.timings.total:.1f}"
        assert record.provenance.code_digest in page.text
        assert record.provenance.device_name in row["hardware"]


def test_the_cost_page_says_what_the_records_and_the_disk_say(project, page):
    seconds, size, runs = Counter(), Counter(), Counter()
    for shown in page.rows("runs"):
        path = project / RESULTS / shown["run"] / "run.json"
        record, made = read_record(path), read_record(path).provenance
        key = record.experiment, f"{made.device}: {made.device_name}"
        seconds[key] += record.timings.total
        size[key] += sum(file.stat().st_size for file in path.parent.iterdir())
        runs[key] += 1
    rows = {(row["experiment"], row["on"]): row for row in page.rows("cost")}
    assert list(rows) == [key for key, _ in seconds.most_common()]
    for key, row in rows.items():
        assert row["runs"] == str(runs[key])
        assert float(row["hours"]) == pytest.approx(seconds[key] / 3600, rel=0.06)
        assert row["of all"] == f"{seconds[key] / seconds.total():.1%}"
        assert row["files"] == decimal(size[key])
        assert row["kWh"] == NOTHING  # on a CPU


def test_final_distances_are_the_files_means_and_deviations(project, page):
    _, runs = planned(project / "experiments")
    labels = {"GAN": "gan", "WGAN c=0.01": "wgan", "WGAN-GP": "wgan-gp"}
    rows = {labels[row["method"]]: row for row in page.rows("toy-grid-final")}
    assert len(rows) == len(runs["toy-grid"]) == 3
    for run in runs["toy-grid"]:
        folder = project / RESULTS / run.id
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
        table = pq.read_table(project / RESULTS / run.id / "fidelity.parquet").to_pandas()
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


def test_what_an_fid_means_stands_beside_its_floor(project, page):
    known = read_made(project / EXTRACTORS / "digits.json").references
    finding = r'<p class="finding">What an FID of this set means.*?<tbody>(.*?)</tbody>'
    (rows,) = set(re.findall(finding, page.text, re.DOTALL))
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", rows)
    references = [known.half_of_classes, known.one_class, known.black, known.grey, known.noise]
    assert cells == ["digits", *(number(value, 2) for value in references)]


def test_generated_images_stand_beside_their_nearest_training_images(page):
    ids = {a.get("id") for _, a in page.elements}
    assert {"image-grid-nearest", "image-grid-sheets", "wgan-figures-3"} <= ids
    assert re.search(r"In [0-2] of 2 runs generated images are on average nearer", page.text)


def test_missing_data_of_images_are_named_and_no_page_is_written(project, tmp_path):
    experiments, runs = planned(project / "experiments")
    only = {"image-grid": runs["image-grid"]}
    with pytest.raises(UserError, match=r"digits\.json: is missing; run `wganbench data digits`"):
        write(experiments, only, project / RESULTS, tmp_path, tmp_path / "data")
    assert not list(tmp_path.glob("*.html"))


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
    assert all(
        a.get("aria-hidden") or (a["role"] == "img" and re.search(r"\d", a["aria-label"]))
        for a in pictures
    )
    assert all(a["alt"] for tag, a in page.elements if tag == "img")


def test_no_undefined_number_reaches_the_reader(page):
    assert not re.search(r">[^<]*\b(nan|inf|None)\b[^<]*<(?!/pre)", page.text)


@pytest.mark.parametrize("names", [FEW, pytest.param((), marks=pytest.mark.long)])
def test_the_pages_are_the_same_for_the_same_results(project, page, tmp_path, names):
    experiments, runs = planned(project / "experiments")
    drawn = {name: runs[name] for name in names or runs}
    first, second = (
        write(experiments, drawn, project / RESULTS, tmp_path / k, project / "data")
        for k in ("first", "second")
    )
    assert {name: one.text for name, one in first.pages.items()} == {
        name: one.text for name, one in second.pages.items()
    }
    # A process draws what needs no results once; another process drew the same.
    drawings = r'<figure id="known-(?:bumps|games|frozen)">.*?</figure>'
    here, there = (re.findall(drawings, site.text, re.DOTALL) for site in (first, page))
    assert len(here) == 3
    assert here == there


def test_a_new_paper_has_a_page_with_its_figure_in_every_navigation(alone):
    assert "old-figure-9" in alone.pages["an-older-one.html"].ids
    assert all("an-older-one.html" in one.links for one in alone.pages.values())


def test_a_page_without_runs_says_so(page, alone):
    assert not (alone.reports / "gone.html").exists()
    assert "No run of this scale makes images" in alone.pages["images.html"].text
    assert "<section" not in alone.pages["images.html"].text
    assert "No run of this scale has a generator" in alone.pages["better.html"].text
    assert "Nothing is ranked here" in page.pages["better.html"].text
    assert "estimates" in alone.pages["distance.html"].ids
    assert "study" not in alone.pages["distance.html"].ids
    assert "wgan-fig2-two-gaussians" in alone.pages["wgan.html"].ids
    assert "gp-figure-1a" in page.pages["wgan-gp.html"].ids
    assert "toy-grid-distance" in page.ids
    assert not {"gp-figure-1a", "toy-grid-distance"} & alone.ids


def test_diverged_seeds_are_counted_and_left_out(project, tmp_path):
    experiments, runs = planned(project / "experiments")
    results = tmp_path / RESULTS
    for name in (RESULTS, EXTRACTORS):
        shutil.copytree(project / name, tmp_path / name)
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
    few = {name: runs[name] for name in FEW}
    page = write(experiments, few, results, tmp_path, project / "data")
    assert "7 replicas diverged" in page.text
    assert f"{runs['toy-grid'][0].id}: 1 of 2 (seed 1 at iteration 3)" in page.text
    gan = next(row for row in page.rows("toy-grid-final") if row["method"] == "GAN")
    assert gan["seeds"] == "1 of 2; others diverged"
    assert "(one seed)" in gan["exact W1"]
    assert "every seed diverged (iteration 3, 3)" in page.text


WITHOUT_TORCH = """
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path


class Missing(MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if fullname == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")


sys.meta_path.insert(0, Missing())
from wganbench.operations.finished import part_of
from wganbench.plan.params import load_params
from wganbench.records.claims import read_claims
from wganbench.report.site.write import write_report

params, claims = load_params("smoke"), read_claims(Path("results/scales/smoke/claims.json"))
runs, results, reports = part_of(params, finished=False).runs, Path("results/runs"), sys.argv[1]
write_report(params.experiments(), runs, "smoke", results, Path(reports), [claims])
"""


def test_the_report_needs_no_torch(project, page, tmp_path):
    """Half a gigabyte and two seconds, for numbers that measurements have made already."""
    command = [sys.executable, "-c", WITHOUT_TORCH, tmp_path / "reports"]
    subprocess.run(command, cwd=project, check=True)
    assert Site(tmp_path / "reports").pages["fgan.html"].text == page.pages["fgan.html"].text


@pytest.mark.parametrize("name", ["samples.npz", "transport.parquet"])
def test_a_missing_result_is_named_and_no_page_is_written(project, tmp_path, name):
    experiments, runs = planned(project / "experiments")
    results = tmp_path / RESULTS
    shutil.copytree(project / RESULTS, results)
    only = {"wgan-fig2": runs["wgan-fig2"]}
    run = only["wgan-fig2"][0]
    (results / run.id / name).unlink()
    with pytest.raises(UserError, match=rf"{run.name}/{name}: is missing"):
        write_report(experiments, only, "smoke", results, tmp_path / "reports", NO_CLAIMS)
    assert not (tmp_path / "reports").exists()
