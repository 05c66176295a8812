"""Sheets of nearest training images: the pairs are those of the files, memorisation is told."""

import base64
import io
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from experiment_files import example, planned
from image_projects import trained_images
from PIL import Image

from wganbench.errors import UserError
from wganbench.gather.load import Results, load_results
from wganbench.grey_levels import levels_of
from wganbench.records.data import read_data
from wganbench.records.run import read_record, write_record
from wganbench.report.figures.nearest import (
    GUTTER,
    PAIRS_ACROSS,
    memorisation,
    nearest_sheets,
    paired,
)
from wganbench.report.figures.sheets import GAP, Slot

EXPERIMENT = example(
    base={
        "data.name": "digits", "generator.name": "dcgan", "generator.latent_dim": 4,
        "generator.width": 4, "critic.name": "dcgan", "critic.width": 4, "batch_size": 8,
        "iterations": 2, "evaluations": 2, "samples": 40,
    },
    grid=[{"method": ["wgan"], "train_samples": [0, 100]}],
)  # fmt: skip
SIZE = 16


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("nearest")
    trained_images(folder, EXPERIMENT)
    return folder


@pytest.fixture(scope="module")
def results(project) -> Results:
    runs = planned(project / "experiments", EXPERIMENT)
    return load_results(runs, project / "results", project / "data")


def sheets_by_run(results: Results):
    (block,) = nearest_sheets(results, "nearest")
    cells = [sheet for _, row in block.rows for sheet in row if sheet]
    return {sheet.alt.partition(":")[0]: sheet for sheet in cells}


def test_each_pair_is_a_saved_sample_and_the_training_image_that_the_file_names(results):
    shown = sheets_by_run(results)
    assert set(shown) == set(results.runs)
    for run, sheet in shown.items():
        table = pq.read_table(results.folder / run / "fidelity.parquet").to_pandas()
        last = table[(table["seed"] == 0) & (table["iteration"] == 2)].iloc[0]
        train = levels_of(read_data(results.runs[run].configuration.data, results.data).train)
        encoded = sheet.image.removeprefix("data:image/png;base64,")
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))
        for pair in (0, PAIRS_ACROSS, 3 * PAIRS_ACROSS - 1):
            y = GAP + pair // PAIRS_ACROSS * (SIZE + GAP)
            x = GAP + pair % PAIRS_ACROSS * (2 * SIZE + 2 * GAP + GUTTER)
            left, right = (
                picture[y : y + SIZE, at : at + SIZE] for at in (x, x + SIZE + GAP)
            )  # fmt: skip
            assert np.array_equal(left, results.samples(run).generated[0, -1, pair, 0])
            assert np.array_equal(right, train[last["nearest_places"][pair], 0])
            assert len(np.unique(right)) > 5  # grey levels, not a silhouette


def test_a_run_on_few_images_says_how_many_of_the_nearest_it_has_seen(results):
    notes = {run: sheet.note for run, sheet in sheets_by_run(results).items()}
    for run, note in notes.items():
        few = results.runs[run].configuration.train_samples == 100
        assert ("of 40 nearest ones are among the 100 of 1,437" in note) == few


def test_data_of_another_making_or_none_are_one_line(results, tmp_path):
    run = next(iter(results.runs))
    with pytest.raises(UserError, match=r"digits\.json: is missing; run `wganbench data digits`"):
        list(nearest_sheets(replace(results, data=tmp_path), "nearest"))
    record = results.records[run]
    other = record.provenance.model_copy(update={"data_sha256": "0" * 64})
    records = {**results.records, run: record.model_copy(update={"provenance": other})}
    with pytest.raises(UserError, match=r"digits\.npz: is not the file that example/.* train"):
        list(nearest_sheets(replace(results, records=records), "nearest"))


def test_a_run_whose_seeds_all_diverged_has_words_in_place_of_pairs(project, tmp_path):
    runs = planned(tmp_path, EXPERIMENT)
    for run in runs:
        shutil.copytree(project / "results" / run.id, tmp_path / run.id)
        path = tmp_path / run.id / "run.json"
        record = read_record(path)
        lost = [s.model_copy(update={"status": "diverged", "diverged_at": 1}) for s in record.seeds]
        write_record(record.model_copy(update={"seeds": lost}), path)
    (block,) = nearest_sheets(load_results(runs, tmp_path, project / "data"), "nearest")
    assert {sheet.note for _, row in block.rows for sheet in row} == {"every seed diverged"}
    assert block.findings == []


def test_images_nearer_than_held_out_ones_are_counted():
    final = pd.DataFrame(
        {"run": ["a", "a", "b", "b"], "nearest_train": [0.5, 0.7, 3.0, 5.0],
         "nearest_train_heldout": [1.0, 1.0, 2.0, 2.0]}
    )  # fmt: skip
    places = {"a": Slot("nets", "GAN"), "b": Slot("nets", "WGAN-GP")}
    quotients, verdict = memorisation(final, places)
    assert quotients.text.endswith("over seeds: nets: GAN: 0.60 ± 0.14; WGAN-GP: 2.0 ± 0.71.")
    assert verdict.statement.startswith("In 1 of 2 runs generated images")
    assert "the smallest quotient is 0.60 (GAN, nets)" in verdict.statement


def test_images_are_paired_as_8_bit_ones_whatever_they_are_stored_as():
    stored = np.array([-1.0, 0.0, 1.0, 0.5], np.float32).reshape(1, 1, 2, 2)
    levels = levels_of(stored)
    assert levels.dtype == np.uint8
    assert levels.ravel().tolist() == [0, 128, 255, 191]
    assert levels_of(levels) is levels
    assert paired(levels, levels).shape == (1, 1, 2, 2 + GAP + 2 + GUTTER)
