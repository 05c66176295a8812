"""Codes of a trained InfoGAN: what is measured of them, and what the report draws."""

from pathlib import Path

import numpy as np
import pytest
import torch
from configurations import configuration
from digits_space import write_digits
from training_cases import INFOGAN

from wganbench.algorithms.infogan import InfoGAN
from wganbench.fidelity.codes import agreement, measure, source, traversals
from wganbench.fidelity.measure import measure as measure_fidelity
from wganbench.gather.load import Results, load_results
from wganbench.grey_levels import HALF_RANGE
from wganbench.papers import papers
from wganbench.plan.measurements.codes import ROW
from wganbench.plan.runs import Run
from wganbench.records.codes import FIRST_CODE, read_codes
from wganbench.records.data import read_data
from wganbench.report.figures.codes import code_blocks
from wganbench.training.train import train, train_run

SEEDS = (3, 5)
K, STEPS = 10, len(FIRST_CODE)


def planned(**changes: object) -> Run:
    return Run(
        experiment="e", scale="smoke", seeds=SEEDS, point={},
        configuration=configuration("gan", INFOGAN, samples=60, **changes),
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder with two trained and measured runs, the control without a continuous code."""
    folder = tmp_path_factory.mktemp("project")
    write_digits(folder / "data", folder / "extractors")
    for run in RUNS:
        train_run(run, folder / "runs" / run.id, data=folder / "data")
        for step in (measure_fidelity, measure):
            step(run, folder / "runs" / run.id, folder / "extractors")
    return folder


RUNS = [planned(), planned(information_weight=0.0, recogniser="own", continuous=0)]


@pytest.fixture(scope="module")
def results(project) -> Results:
    return load_results(RUNS, project / "runs")


def test_categories_that_are_the_labels_agree_and_chance_does_not():
    categories = np.arange(360) % K
    same = agreement(categories, (categories + 3) % K, (K, K))
    assert same["matched_accuracy"] == 1
    assert same["label_information"] == pytest.approx(np.log(K))
    assert same["matched_accuracy_floor"] == pytest.approx(0.16, abs=0.02)
    assert same["label_information_floor"] < 0.2
    one = agreement(categories, np.zeros(360, dtype=int), (K, K))
    assert one["matched_accuracy"] == pytest.approx(0.1)
    assert one["matched_accuracy_floor"] == pytest.approx(0.1)
    assert one["label_information"] == pytest.approx(0)


@pytest.mark.parametrize("run", RUNS)
def test_there_is_a_row_for_each_evaluation_and_a_traversal_at_the_last(project, run):
    rows = read_codes(project / "runs" / run.id / ROW.file, run.digest).to_pylist()
    assert [(r["seed"], r["iteration"]) for r in rows] == [(3, 2), (3, 4), (5, 2), (5, 4)]
    assert [r["traversal"] is None for r in rows] == [True, False] * 2
    assert [len(r["traversal"]) for r in rows[1::2]] == [K * STEPS * 16 * 16] * 2
    assert [sorted(r["classes"]) for r in rows[1::2]] == [list(range(K))] * 2


def test_a_traversal_is_what_the_trained_generator_makes(project):
    """In each row a category; in the middle column the continuous code is 0."""
    run = RUNS[0]
    algorithm, data = run.configuration.algorithm, run.configuration.data
    assert isinstance(algorithm, InfoGAN)
    moved = traversals(run, project / "runs" / run.id).reshape(2, K, STEPS, 1, 16, 16)
    game = train(run.configuration, read_data(data, project / "data"), SEEDS).game
    noise = game.task.streams.bounded("traversal", 1.0, 1, 2 + algorithm.generator.latent_dim)
    noise[..., 0] = 0
    latents = torch.cat([torch.eye(K).expand(2, K, K), noise.expand(2, K, -1)], dim=-1)
    with torch.no_grad():
        made = algorithm.generate(game, latents)
    levels = ((made + 1) * HALF_RANGE).round().clamp(0, 255).numpy()
    np.testing.assert_allclose(moved[:, :, STEPS // 2], levels, atol=1)
    assert (moved[:, :, 0] != moved[:, :, -1]).any()


def test_it_is_measured_again_where_samples_networks_or_classifier_change(project, tmp_path):
    run = RUNS[0]
    folder, copy = project / "runs" / run.id, tmp_path / "run"
    copy.mkdir()
    for name in ("samples.npz", "networks.safetensors"):
        (copy / name).write_bytes((folder / name).read_bytes())
    before = source(run, copy, project / "extractors")
    for name in ("samples.npz", "networks.safetensors"):
        whole = (copy / name).read_bytes()
        (copy / name).write_bytes(whole + b" ")
        assert source(run, copy, project / "extractors") != before
        (copy / name).write_bytes(whole)
    assert source(run, copy, project / "extractors") == before


def test_it_applies_to_images_with_a_classifier_alone():
    assert ROW.applies(RUNS[0])
    assert not ROW.applies(RUNS[0].model_copy(update={"extractor": "inception"}))
    law = configuration("wgan-gp", algorithm="infogan", recogniser="own")
    assert not ROW.applies(RUNS[0].model_copy(update={"configuration": law}))
    assert not ROW.applies(RUNS[0].model_copy(update={"configuration": configuration("gan")}))


def test_the_report_has_the_bound_a_table_and_traversals(results):
    figure, table, sheets = code_blocks(results, "x")
    assert set(figure.data["run"]) == set(table.behind) == set(sheets.behind) == set(results.runs)
    assert figure.data.groupby("run")["iteration"].nunique().eq(2).all()
    assert [[cell.text for cell in row[:2]] for row in table.rows] == [
        ["shared body", "lambda 1"], ["own recogniser", "lambda 0"],
    ]  # fmt: skip
    assert all(cell.text for row in table.rows for cell in row)
    assert sheets.columns == ["lambda 1", "lambda 0"]
    (_, first), (_, second) = sheets.rows
    assert [sheet is None for sheet in (*first, *second)] == [False, True, True, False]
    assert first[0].width / first[0].height == pytest.approx((STEPS * 17 + 1) / (K * 17 + 1))
    assert first[0].note.startswith("seed 3; matched 0.")


def test_without_such_runs_there_is_nothing(results):
    assert list(code_blocks(results.select([]), "x")) == []


def test_the_page_has_them():
    (figure,) = papers()["infogan.html"].figures
    assert figure.draw is code_blocks


def test_slant_and_width_are_told_where_there_is_a_code_to_follow(results):
    table = next(block for block in code_blocks(results, "codes") if block.name == "codes-ends")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    for name in ("slant follows it", "width follows it"):
        with_code, without = (row[name] for row in rows)
        assert 0 <= with_code.key <= 1
        assert without.key is None
