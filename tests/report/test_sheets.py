"""Sheets of generated images: one for each run, the same latents along training, small."""

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from configurations import IMAGES, configuration, generated
from experiment_files import example, planned
from image_projects import trained_images
from PIL import Image
from report_site import write

from wganbench.gather.load import Results, load_results
from wganbench.plan.experiment import load_experiment
from wganbench.records.samples import read_samples
from wganbench.report.figures.sheets import GAP, SIDE, _side, _steps, _values_of_sheet, image_sheets
from wganbench.report.style.blocks import Sheets
from wganbench.training.process import prepare_torch
from wganbench.training.train import train

EXPERIMENT = example(
    base={
        "data.name": "digits", "generator.name": "dcgan", "generator.latent_dim": 4,
        "critic.name": "dcgan", "critic.width": 4, "batch_size": 8, "iterations": 6,
        "evaluations": 3, "samples": 40, "optimizer.lr": 1e-2,
    },
    # Runs that architecture and label do not tell apart.
    grid=[{"method": ["gan", "wgan"], "generator.width": [4, 8]}],
)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sheets")
    trained_images(folder, EXPERIMENT)
    return folder


@pytest.fixture(scope="module")
def results(project) -> Results:
    return load_results(planned(project / "experiments", EXPERIMENT), project / "results")


@pytest.fixture(scope="module")
def sheets(results) -> Sheets:
    return image_sheets(results, "sheets")


def pixels(uri: str) -> np.ndarray:
    encoded = uri.removeprefix("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))


def test_every_run_has_its_sheet_where_architecture_and_label_are_the_same(results, sheets):
    heads = [head for head, _ in sheets.rows]
    assert len(heads) == len(set(heads)) == 3
    assert ["(width 4)" in head for head in heads[:2]] == [True, False]
    assert ["(width 8)" in head for head in heads[:2]] == [False, True]
    alts = [sheet.alt for _, row in sheets.rows[:2] for sheet in row]
    assert {alt.partition(":")[0] for alt in alts} == set(results.runs)
    assert [len(values) for values in sheets.findings[0].values.values()] == [2, 2]


def test_a_sheets_tiles_are_the_saved_images_at_every_point_of_training(project, results, sheets):
    for _, row in sheets.rows[:2]:
        for sheet in row:
            run = sheet.alt.partition(":")[0]
            samples = read_samples(project / "results" / run / "samples.npz")
            sprite = pixels(sheet.image)
            height = len(sprite) // 3
            assert sheet.iterations == [2, 4, 6]
            for point in range(3):
                for tile in (0, 7, SIDE**2 - 1):
                    y = point * height + GAP + tile // SIDE * (16 + GAP)
                    x = GAP + tile % SIDE * (16 + GAP)
                    shown = sprite[y : y + 16, x : x + 16]
                    assert np.array_equal(shown, samples.generated[0, point, tile, 0])


def test_the_latents_are_the_same_at_every_evaluation():
    prepare_torch("cpu")
    still = configuration("wgan", IMAGES, optimizer__lr=1e-30)  # float32 does not see such a step
    samples = train(still, generated(still), (0, 1)).samples
    assert len(samples.iterations) == 2
    assert np.array_equal(samples.generated[:, 0], samples.generated[:, 1])
    assert not np.array_equal(samples.generated[0], samples.generated[1])


@pytest.mark.parametrize(
    ("shape", "side", "steps"),
    [((9, 1, 16, 16), 6, 12), ((9, 1, 32, 32), 6, 10), ((9, 3, 32, 32), 5, 4),
     ((9, 3, 64, 64), 3, 4)],
)  # fmt: skip
def test_large_images_are_shown_in_smaller_and_fewer_sheets(shape, side, steps):
    assert _side(shape) == side
    shown = _steps(50, side, shape)
    assert len(shown) == steps
    assert shown[-1] == 49
    assert _values_of_sheet(shape, side) * steps < 500_000


def test_few_evaluations_are_all_shown():
    assert _steps(3, 6, (9, 1, 16, 16)) == [0, 1, 2]


@pytest.fixture(scope="module")
def page(project, results, tmp_path_factory) -> str:
    experiment = load_experiment(project / "experiments/example.yaml")
    runs = planned(project / "experiments", EXPERIMENT)
    reports = tmp_path_factory.mktemp("reports")
    experiments, planned_runs = {"example": experiment}, {"example": runs}
    site = write(experiments, planned_runs, project / "results", reports, project / "data")
    return site.pages["images.html"].text


def test_a_slider_with_a_label_steps_through_training(page):
    (line,) = re.findall(r'<p class="steps" hidden>.*?</p>', page, re.DOTALL)
    assert (
        '<label>Point of training <input type="range" min="1" max="3" step="1" value="3">' in line
    )
    assert "aria-valuetext" in page
    assert page.count('data-iterations="2 4 6"') == 4


def test_without_a_script_the_last_sheet_is_shown_and_no_slider(page):
    assert page.count("--shown: 2; --count: 3") == 4  # the style, before any script
    assert 'class="steps" hidden' in page
    assert page.count('iteration <span class="iteration">6</span>') == 4
