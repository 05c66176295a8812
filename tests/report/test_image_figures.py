"""The papers' figures of image experiments: findings are what small frames and tiny runs say."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from configurations import IMAGES, configuration
from experiment_files import example
from image_projects import trained_images

from wganbench.gather.load import Results, load_results
from wganbench.plan.runs import plan
from wganbench.report.figures.cells import CELLS, cell_of, cells_figures
from wganbench.report.figures.overfitting import exceeds_spread, gaps, overfitting_figures
from wganbench.report.figures.scores import (
    ahead,
    same_conditions,
    score_at,
    score_figures,
    timed,
    times_to,
)
from wganbench.report.figures.tuning import tuning_figures
from wganbench.report.style.blocks import Finding

EXPERIMENT = example(
    base={
        "data.name": "digits", "generator.name": "mlp", "generator.latent_dim": 4,
        "generator.norm": "none", "generator.width": 8, "critic.name": "mlp", "critic.width": 8,
        "batch_size": 8, "iterations": 6, "evaluations": 3, "samples": 40,
        "optimizer.lr": 1e-3,
    },
    overrides=[{"when": {"variant": "few"}, "set": {"train_samples": 50}},
               {"when": {"variant": "high-lr"}, "set": {"optimizer.lr": 0.1}}],
    grid=[{"method": "gan"}, {"method": "wgan", "variant": ["few", "high-lr"]}],
)  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("figures")
    runs = trained_images(folder, EXPERIMENT)
    return load_results(runs, folder / "results", folder / "data")


def rows(finding: Finding) -> Mapping[str, Mapping[str, str]]:
    return finding.values  # noqa: PD011 - of no frame


def test_seconds_are_the_records_at_the_evaluation_points(results):
    table = timed(results)
    for run, record in results.records.items():
        seconds = table[table["run"] == run].groupby("iteration")["seconds"]
        assert seconds.nunique().eq(1).all()  # all seeds train together
        assert seconds.first().to_dict() == dict(
            zip([2, 4, 6], record.timings.at_evaluations, strict=True)
        )


def test_scores_stand_beside_real_images_at_the_last_iteration_that_all_reach(results):
    (figure,) = score_figures(results, "scores")
    values = rows(figure.findings[0])
    assert list(values) == ["GAN", "WGAN c=0.01, few", "WGAN c=0.01, high-lr"]
    final = results.final()
    for run in results.runs:
        of_run = final[final["run"] == run]
        shown = float(values[of_run["line"].iloc[0]]["FID after 6 iterations"].split(" ± ")[0])
        assert shown == pytest.approx(of_run["fid"].mean(), rel=0.01)
    assert "FID's floor is" in figure.findings[0].statement
    assert "training seconds, all seeds together" in figure.drawing


def test_times_of_different_hardware_are_not_drawn(results):
    run = next(iter(results.runs))
    record = results.records[run]
    other = record.provenance.model_copy(update={"device_name": "another"})
    records = {**results.records, run: record.model_copy(update={"provenance": other})}
    mixed = replace(results, records=records)
    assert same_conditions(results)
    assert not same_conditions(mixed)
    (figure,) = score_figures(mixed, "scores")
    assert "No panel over time" in figure.caption
    assert "training seconds" not in figure.drawing
    assert len([f for f in figure.findings if f.statement.startswith("After")]) == 1


def test_each_line_is_timed_to_the_best_fid_of_each_clipped_one(results):
    (figure,) = score_figures(results, "scores")
    speeds = [f for f in figure.findings if f.statement.startswith("To the best FID of WGAN")]
    assert len(speeds) == 2
    lines = ["GAN", "WGAN c=0.01, few", "WGAN c=0.01, high-lr"]
    table = timed(results)
    for line, finding in zip(lines[1:], speeds, strict=True):
        assert line in finding.statement
        assert set(rows(finding)) == set(lines)
        own = table[table["line"] == line].sort_values("fid").groupby("seed").first()
        for axis, shown in rows(finding)[line].items():
            column = "iteration" if "iterations" in axis else "seconds"
            assert float(shown) == pytest.approx(own[column].median(), rel=0.01)


def test_times_to_a_score_are_paired_by_seed():
    course = pd.DataFrame(
        [
            {"line": line, "label": line, "run": line, "seed": seed, "iteration": k, "fid": fid}
            for line, rate in (("a", 2.0), ("b", 4.0))
            for seed, start in ((0, 16.0), (1, 64.0))
            for k in (1, 2, 3)
            for fid in (start / rate**k,)
        ]
    )
    best = course[course["line"] == "a"].groupby("seed")["fid"].min().to_dict()
    assert times_to(course, "iteration", best) == {"a": [3, 3], "b": [1.5, 1.5]}
    better = {seed: fid / 100 for seed, fid in best.items()}
    assert times_to(course, "iteration", better) == {"a": [np.inf] * 2, "b": [np.inf] * 2}


def test_what_tuning_is_worth_stands_beside_real_images_of_half_of_the_classes(results):
    """As if the two clipped runs were two settings of one configuration."""
    clipped = [
        run
        for run, planned in results.runs.items()
        if planned.configuration.constraint.name == "clip"
    ]
    found = pd.DataFrame(
        {"run": clipped, "compared": clipped, "experiment": "example", "configuration": "wgan",
         "kind": "images",
         "setting": [{"optimizer.lr": 1e-3}, {"optimizer.lr": 0.1}], "seeds": [(0, 1)] * 2,
         "by_seed": [(30.0, 50.0), (40.0, 20.0)], "chosen": [True, False]}
    )  # fmt: skip
    (figure,) = tuning_figures(replace(results, candidates=found), "worth")
    best = figure.data.set_index(["seed", "k"])["expected_best"].to_dict()
    assert best == {(0, 1): 35, (0, 2): 30, (1, 1): 35, (1, 2): 20}
    assert figure.findings[0].text.endswith("digits: WGAN c=0.01, few: 35.0 and 25.0.")
    assert "half of the classes" in figure.drawing
    assert "Dotted: real images of half of the classes." in figure.caption
    assert figure.behind == sorted(clipped)


def test_a_score_is_interpolated_within_a_course_and_not_beyond_it():
    course = pd.DataFrame(
        {"line": "a", "label": "a", "run": "a", "seed": 0, "iteration": [10, 20], "fid": [4.0, 2.0]}
    )
    assert score_at(course, "iteration", 15, "fid") == {"a": [3.0]}
    assert score_at(course, "iteration", 5, "fid") == {"a": []}
    assert score_at(course, "iteration", 25, "fid") == {"a": []}


@pytest.mark.parametrize(
    ("values", "largest", "said"),
    [
        ({"a": [1.0, 2.0], "b": [3.0, 4.0]}, False,
         "a (1.50) before b (3.50), the seeds' ranges apart, as those of 2 and 2 seeds of two "
         "equal methods are 1 time in 3"),
        ({"a": [1.0, 2.0], "b": [3.0, 4.0]}, True, "b (3.50) before a (1.50), the seeds'"),
        ({"a": [1.0, 3.5], "b": [3.0, 4.0]}, False, "the seeds' ranges overlap: too near to rank"),
        ({"a": [1.0], "b": [3.0]}, False, "one seed's lead"),
        ({"a": [1.0], "b": []}, False, "fewer than two methods"),
    ],
)  # fmt: skip
def test_a_lead_within_the_seeds_spread_ranks_nothing(values, largest, said):
    assert said in ahead(values, largest)


def test_the_gap_is_the_training_estimate_less_the_held_out_one(results):
    (figure,) = overfitting_figures(results, "overfitting")
    final = results.final().query("line == 'WGAN c=0.01, few'")
    gap = (final["estimate_train"] - final["estimate_heldout"]).astype(float)
    shown = rows(figure.findings[0])["WGAN c=0.01, few"]
    assert float(shown["gap"].replace("−", "-").split(" ± ")[0]) == pytest.approx(
        gap.mean(), rel=0.01
    )
    assert shown["training images"] == "50"
    assert rows(figure.findings[0])["GAN"]["training images"] == "all"
    word = "exceeds" if abs(gap.mean()) > gap.std() else "lies within"
    (told,) = [f.statement for f in figure.findings[1:] if "WGAN c=0.01, few" in f.statement]
    assert word in told


def test_no_estimate_no_figure(results):
    none = results.evaluations.assign(estimate_train=np.nan, divergence_train=np.nan)
    assert gaps(none).empty
    empty = replace(results, evaluations=none)
    assert not list(overfitting_figures(empty, "overfitting"))


def test_a_gap_exceeds_the_seeds_spread_or_not():
    assert exceeds_spread([1.0, 1.2])
    assert exceeds_spread([-1.0, -1.2])
    assert not exceeds_spread([-1.0, 1.2])
    assert exceeds_spread([1.0]) is None


def test_the_papers_cells_are_found_in_the_image_grid(root):
    found: dict[str, list[str]] = {}
    for run in plan("gpu", ["image-grid"], root / "experiments")["image-grid"]:
        if cell := cell_of(run.configuration):
            found.setdefault(cell, []).append(run.configuration.method)
    assert found == {cell: ["gan", "wgan"] for cell in CELLS.values()}


def test_other_clips_methods_and_nets_are_in_no_cell():
    nets = {"generator__name": "mlp", "generator__norm": "none"}
    base = {k: v for k, v in IMAGES.items() if k != "generator.width"}
    assert cell_of(configuration("wgan", base, **nets)) is not None
    assert cell_of(configuration("wgan", base, **nets, constraint__clip_value=0.1)) is None
    assert cell_of(configuration("wgan-gp", base, **nets)) is None
    assert cell_of(configuration("gan", base, **nets | {"generator__norm": "batch"})) is None


def test_the_papers_cells_show_what_there_is_with_correlations(results):
    (figure,) = cells_figures(results, "cells")
    (finding,) = figure.findings
    cell = CELLS["mlp", "none", "mlp"].replace("\n", " ")
    assert list(rows(finding)) == [cell]
    assert set(rows(finding)[cell]) == {"GAN", "WGAN c=0.01"}  # the variant few is in no cell
    assert "Jensen-Shannon" in figure.drawing
    assert "aria-label" in figure.drawing


def test_without_its_cells_there_is_no_figure(results):
    assert not list(cells_figures(results.where(line="WGAN c=0.01, few"), "cells"))
