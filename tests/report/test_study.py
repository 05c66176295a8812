"""The section "Is it the Wasserstein distance?" says what the files say, and "none" for none."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import ROOT
from report_site import Site, planned, train, write
from scipy.spatial.distance import cdist

from wganbench.gather.load import load_results
from wganbench.gather.study import ends, with_constant
from wganbench.plan.runs import plan
from wganbench.records.run import read_record, write_record
from wganbench.report.figures.slopes import slope_figures
from wganbench.report.site.section_study import studies
from wganbench.report.style.wording import mean_range, number
from wganbench.report.tables.study import PUBLISHED, study_statement
from wganbench.transport.estimates import c_transform_estimate

STUDY = (
    "clip-sweep", "critic-batchnorm", "critic-capacity", "estimators-2d", "estimators-known",
    "gp-fig1", "optimizer", "penalty-weight", "sample-size",
)  # fmt: skip
TINY = {
    "title": "Three dimensions",
    "source": "[KSB]",
    "question": "How far?",
    "base": {
        "generator.name": "fixed", "data.name": "funnels", "critic.name": "mlp",
        "critic.depth": 1, "n_critic": 1,
    },
    "grid": [{"data.dim": [2, 3, 5], "method": ["wgan", "wgan-gp", "wgan-groupsort"]}],
    "scales": {
        "smoke": {
            "seeds": 3,
            "set": {
                "critic.width": 8, "batch_size": 16, "iterations": 6, "evaluations": 2,
                "samples": 32, "optimizer.lr": 1e-2,
            },
        }
    },
}  # fmt: skip
# Of the experiments that have no scale smoke: the part of their grid that is run here.
PARTS = {
    "clip-sweep": {"constraint.clip_value": 0.01},
    "critic-batchnorm": {
        "method": "wgan",
        "critic.norm": "batch",
        "constraint.norm_parameters": False,
    },
    "critic-capacity": {"critic.width": 4, "critic.depth": 1},
    "optimizer": {"method": "wgan-gp", "variant": "sgd"},
    "penalty-weight": {"method": "wgan-gp", "constraint.penalty_weight": 10},
}
SMALL = {
    "critic.width": 16, "batch_size": 32, "iterations": 10, "evaluations": 2, "samples": 64,
    "optimizer.lr": 1e-3,
}  # fmt: skip
ERRORS = {
    "raw": "estimate",
    "normalised": "normalised",
    "c-transform": "c_transform_normalised",
    "certified": "certified",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder with the study's experiments at scale smoke, three dimensions, and results."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "experiments").mkdir()
    for name in STUDY:
        content = yaml.safe_load((ROOT / "experiments" / f"{name}.yaml").read_text())
        if name in PARTS:
            content["scales"]["smoke"] = {"seeds": 2, "only": PARTS[name], "set": SMALL}
        (folder / "experiments" / f"{name}.yaml").write_text(yaml.safe_dump(content))
    (folder / "experiments" / "tiny.yaml").write_text(yaml.safe_dump(TINY))
    _, runs = planned(folder / "experiments")
    train(runs, folder / "results", folder / "data")
    return folder


def report(project: Path, reports: Path, *names: str, results: Path | None = None) -> Site:
    """Return the report about some of the experiments."""
    experiments, runs = planned(project / "experiments")
    chosen = {name: runs[name] for name in names}
    results = results or project / "results"
    return write(experiments, chosen, results, reports)


def test_the_tables_errors_are_those_of_the_files(project, tmp_path):
    rows = report(project, tmp_path, "tiny").rows("study-errors")
    assert [row["method"] for row in rows[:-1]] == ["WGAN c=0.01", "WGAN-GP", "WGAN-GroupSort"]
    for row, method in zip(rows, ("wgan", "wgan-gp", "wgan-groupsort"), strict=False):
        folders = sorted((project / "results" / "tiny").glob(f"{method}-d[0-9]*"))
        transport, curves = (
            pd.concat(
                pq.read_table(folder / f"{name}.parquet").to_pandas().query("iteration == 6")
                for folder in folders
            )
            for name in ("transport", "curves")
        )
        assert len(folders) == 3
        assert len(transport) == 9
        for words, column in ERRORS.items():
            error = 100 * (transport[column] / transport["w1_true"] - 1).abs()
            seeds = error.groupby(transport["seed"]).median()
            mean, low, high = (number(v) for v in (seeds.mean(), seeds.min(), seeds.max()))
            spread = f" ({low} to {high})" if low != high else ""
            assert row[f"{words}, error"] == f"{mean}%{spread}", (method, words)
        for words, column in (("cosine", "gradient_cosine"), ("L2", "gradient_l2")):
            seeds = curves.astype({column: float}).groupby("seed")[column].median()
            assert row[f"gradient {words}"] == mean_range(seeds)
        spent = [read_record(f / "run.json").timings.at_evaluations[-1] / 3 for f in folders]
        assert row["seconds"] == number(np.median(spent))


def test_a_constant_critics_c_transform_is_that_of_the_costs(project):
    _, runs = planned(project / "experiments")
    results = load_results(runs["tiny"], project / "results")
    table = with_constant(ends(results), results)
    assert len(table) == 27
    for run, of in table.groupby("run"):
        samples = results.samples(str(run))
        costs = cdist(samples.real, samples.generated[0, -1])
        constant = c_transform_estimate(np.zeros(len(costs)), costs)
        assert of["constant"].tolist() == pytest.approx([constant] * 3, rel=1e-9)
        assert (of["constant"] <= of["w1"]).all()


def test_published_medians_stand_beside_ours(project, tmp_path):
    rows = report(project, tmp_path, "tiny").rows("study-errors")
    published = {(row["[KSB] cosine"], row["[KSB] W1 error"]) for row in rows}
    assert published == {("0.15", "79%"), ("0.77", "13%"), ("0.73", "34%"), ("0.09", "144%")}
    assert set(PUBLISHED.values()) >= {(0.80, 9), (0.18, 83)}


def synthetic(**ratios: dict[int, list[float]]) -> pd.DataFrame:
    """Return ends with these raw multiples of the truth by label and dimension."""
    rows = [
        {
            "experiment": "e", "knobs": (), "run": f"{label}-{dim}", "seed": seed, "label": label,
            "method": "wgan-gp", "pair": f"D = {dim}", "dim": dim, "known": True, "truth": 2.0,
            "w1": 3.0, "stopped": True, "estimate_heldout": 2 * ratio, "normalised": 0.5,
            "c_transform": 0.4, "certified": None, "constant": 0.2,
        }
        for label, by_dim in ratios.items()
        for dim, values in by_dim.items()
        for seed, ratio in enumerate(values)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"certified": float})


def words(table: pd.DataFrame) -> str:
    return " ".join(finding.text for block in study_statement(table) for finding in block.findings)


def test_the_text_names_the_dimension_up_to_which_every_seed_is_within():
    text = words(synthetic(A={2: [0.95, 1.05], 8: [1.09, 0.91], 32: [0.7, 0.8]}))
    assert "raw: A up to D = 8; normalised: none; c-transform: none; certified: none" in text
    assert "inconclusive" not in text
    assert "1.50 at D = 2" in text  # exact W1 of the samples


def test_the_text_says_none_when_nothing_is_within():
    text = words(synthetic(A={2: [0.5, 0.6], 8: [1.2, 1.3]}, B={2: [10, 11], 8: [1e-4, 1e-3]}))
    assert "every seed: raw: none; normalised: none; c-transform: none; certified: none" in text
    assert "up to" not in text


def test_one_seed_outside_is_inconclusive_and_no_dimension_is_claimed():
    text = words(synthetic(A={2: [1.0, 1.2], 8: [1.0, 1.0]}))
    assert "up to" not in text
    assert "none; within again at D = 8; inconclusive at D = 2" in text


def test_a_c_transform_does_not_count_where_a_constant_critic_does_as_well():
    table = synthetic(A={2: [0.5, 0.5], 8: [0.5, 0.5]}).assign(c_transform=2.0)
    assert "c-transform: A up to D = 8" in words(table)
    table.loc[table["dim"] == 2, "constant"] = 1.9
    text = words(table)
    assert "c-transform: none" in text
    assert "at D = 2 within, as is a constant critic" in text


def test_a_single_seed_is_inconclusive():
    assert "none; inconclusive at D = 2" in words(synthetic(A={2: [1.0]}))


def test_a_claim_may_reach_the_largest_dimension():
    assert "up to D = 8 (the largest here)" in words(synthetic(A={2: [1, 1], 8: [1, 1]}))


def test_slopes_are_drawn_for_pairs_whose_samples_show_the_plan(project):
    """Over the largest norm, a critic at a time, on pairs whose floor is far below W1."""
    _, runs = planned(project / "experiments")
    results = load_results(runs["tiny"], project / "results")
    evaluations = results.evaluations
    floors = evaluations["w1"] * evaluations["run"].str.contains("-d5-").map(
        {True: 0.3, False: 0.1}
    )
    [figure] = slope_figures(
        replace(results, evaluations=evaluations.assign(floor=floors)), "gp-proposition-1"
    )
    ends = results.final().set_index(["run", "seed"]).sort_index()
    data = figure.data.set_index(["run", "seed"]).sort_index()
    assert len(data) == 2 * 3 * 3  # two dimensions are left, three methods, three seeds
    same = ends.loc[data.index]
    assert data["coupled_slope_error"].equals(same["coupled_slope_error"])
    for kind in ("coupled", "independent"):
        assert (data[kind] * same["gradient_norm_max"]).tolist() == pytest.approx(
            same[f"{kind}_slope"].tolist()
        )
    assert "funnels, D = 2, WGAN-GP: on coupled lines: " in figure.findings[0].text
    assert not list(slope_figures(replace(results, evaluations=evaluations.assign(
        floor=evaluations["w1"])), "gp-proposition-1"))  # fmt: skip


BLOCKS = {
    "clip-sweep": "study-clip-8gaussians",
    "critic-batchnorm": "study-norm",
    "critic-capacity": "study-capacity-swissroll",
    "estimators-2d": "study-plane",
    "estimators-known": "study-dimension",
    "gp-fig1": "gp-figure-1a",
    "optimizer": "study-optimizer",
    "penalty-weight": "study-penalty-two-gaussians",
    "sample-size": "study-samples",
}


@pytest.mark.parametrize(
    "name", [STUDY[0], *(pytest.param(name, marks=pytest.mark.long) for name in STUDY[1:])]
)
def test_an_experiment_alone_has_its_figure_and_no_others(project, tmp_path, name):
    page = report(project, tmp_path, name)
    assert "study" in page.ids
    assert "estimates" not in page.ids  # the study's pairs are not shown twice
    assert {block for block in BLOCKS.values() if block in page.ids} - {"gp-figure-1a"} == {
        BLOCKS[name]
    } - {"gp-figure-1a"}


def test_all_experiments_together_have_all_figures_with_numbers(project, tmp_path):
    page = report(project, tmp_path, *STUDY)
    assert set(BLOCKS.values()) <= page.ids
    pictures = [a for tag, a in page.elements if tag == "svg"]
    assert len(pictures) >= 8
    assert all(any(c.isdigit() for c in a.get("aria-label", "0")) for a in pictures)


@pytest.mark.long
def test_a_missing_experiment_leaves_only_its_figure_out(project, tmp_path):
    page = report(project, tmp_path, *(name for name in STUDY if name != "clip-sweep"))
    assert set(BLOCKS.values()) - page.ids == {BLOCKS["clip-sweep"]}


def test_the_section_is_about_fixed_pairs_without_discriminators(project):
    runs = plan("laptop", None, ROOT / "experiments")
    assert set(studies(runs)) == set(STUDY)


def test_diverged_seeds_and_runs_are_left_out(project, tmp_path):
    _, runs = planned(project / "experiments")
    results = tmp_path / "results"
    shutil.copytree(project / "results", results)
    for name in STUDY:
        for k, run in enumerate(runs[name]):
            path = results / run.id / "run.json"
            record = read_record(path)
            lost = [
                seed.model_copy(update={"status": "diverged", "diverged_at": 1})
                if k or seed.seed
                else seed
                for seed in record.seeds
            ]
            write_record(record.model_copy(update={"seeds": lost}), path)
    page = report(project, tmp_path, *STUDY, results=results)
    assert "Diverged seeds" in page.text
    assert "(one seed)" in page.text


def test_nothing_is_left_when_every_seed_diverged(project, tmp_path):
    _, runs = planned(project / "experiments")
    results = tmp_path / "results"
    shutil.copytree(project / "results", results)
    for run in runs["clip-sweep"]:
        path = results / run.id / "run.json"
        record = read_record(path)
        lost = [s.model_copy(update={"status": "diverged", "diverged_at": 1}) for s in record.seeds]
        write_record(record.model_copy(update={"seeds": lost}), path)
    page = report(project, tmp_path, "clip-sweep", results=results)
    assert BLOCKS["clip-sweep"] not in page.ids
