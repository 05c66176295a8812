"""The table and the walks of saved networks: numbers of the files, and chance beside them."""

from shutil import copytree
from typing import Any

import numpy as np
import pytest
import torch
from configurations import IMAGES, configuration
from trained_runs import trained

from wganbench.fidelity.asking import SHOWN, STEPS, WALKS
from wganbench.fidelity.nets import source
from wganbench.gather.load import Results
from wganbench.grey_levels import HALF_RANGE
from wganbench.plan.measurements.nets import ROW
from wganbench.plan.runs import Run
from wganbench.records.nets import read_nets
from wganbench.report.figures.saved_nets import COLUMNS, saved_net_blocks
from wganbench.training.restored import restore
from wganbench.training.streams import Streams

SIDE = 16  # pixels
SMALL = {"batch_size": 16, "samples": 60, "iterations": 4}


def run(method: str, seeds: tuple[int, ...], **changes: object) -> Run:
    return Run(
        experiment="e", scale="smoke", seeds=seeds, point={"method": method},
        configuration=configuration(method, IMAGES, **(SMALL | changes)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("saved nets")
    runs = [
        run("gan", (0, 1)),
        run("wgan", (1,), constraint__name="spectral-norm", critic__norm="none"),
        run("gan", (0,), algorithm="infogan", recogniser_width=8, critic__name="mlp"),
    ]
    return trained(runs, folder / "results", folder / "data")


def told(results: Results, run: str) -> list[dict[str, Any]]:
    return read_nets(results.folder / run / ROW.file, results.runs[run].digest).to_pylist()


def test_the_nets_of_a_critic_and_a_generator_in_turns_are_asked(results):
    assert [ROW.applies(run) for run in results.runs.values()] == [True, True, False]


def test_numbers_are_shares_and_of_each_seed_at_its_last_evaluation(results):
    for run in list(results.runs)[:2]:
        rows = told(results, run)
        assert [row["seed"] for row in rows] == list(results.runs[run].seeds)
        assert {row["iteration"] for row in rows} == {SMALL["iterations"]}
        for row in rows:
            assert 0.5 < row["probe_pixels"] < 1
            assert 0.1 < row["probe"] <= 1
            assert 0.1 < row["probe_untrained"] <= 1
            assert row["moved"] is None or 0 <= row["moved"] <= 1
            assert len(row["walks"]) == SHOWN * (STEPS + 1) * SIDE**2


def test_a_critic_that_was_trained_has_other_features_than_before(results):
    row = told(results, next(iter(results.runs)))[0]
    assert row["probe"] != row["probe_untrained"]


def test_a_walk_begins_at_an_image_of_the_saved_generator(results):
    """As the generator makes it of the same latent, beside as many others."""
    run = next(iter(results.runs.values()))
    streams = Streams(run.seeds, torch.device("cpu"))
    net = run.configuration.generator.build(run.configuration.data.shape, streams)
    restore(net, "generator", run, results.folder / run.id)
    start = streams.normal("walk", 2, WALKS, run.configuration.generator.latent_dim)[:, 0]
    with torch.no_grad():
        levels = ((net(start) + 1) * HALF_RANGE).round().clamp(0, 255).numpy()
    for images, row in zip(levels, told(results, run.id), strict=True):
        walks = np.array(row["walks"]).reshape(SHOWN, STEPS + 1, *images.shape[1:])
        np.testing.assert_allclose(walks[:, 0], images[:SHOWN], atol=1)


def test_it_is_measured_again_where_networks_data_or_classifier_change(results, tmp_path):
    run = next(iter(results.runs.values()))
    folders = [results.folder / run.id, results.data, results.folder.with_name("extractors")]
    copies = [tmp_path / name for name in ("run", "data", "extractors")]
    for folder, copy in zip(folders, copies, strict=True):
        copytree(folder, copy)
    before = source(run, *copies)
    assert before == source(run, *folders)
    for file, old, new in (
        (copies[0] / "networks.safetensors", b"", b" "),
        (copies[1] / "digits.json", b'"sha256": "', b'"sha256": "0'),
        (copies[2] / "digits.json", b'"sha256": "', b'"sha256": "0'),
    ):
        whole = file.read_bytes()
        file.write_bytes(whole.replace(old, new, 1))
        assert source(run, *copies) != before, file
        file.write_bytes(whole)


def test_the_table_has_every_number_and_the_sheet_every_run(results):
    table, sheets = saved_net_blocks(results, "saved")
    assert len(table.rows) == 2
    assert set(COLUMNS.values()) < set(table.columns)
    shown = [sheet for _, row in sheets.rows for sheet in row if sheet]
    assert len(shown) == 2
    assert all(sheet.image.startswith("data:image/png;base64,") for sheet in shown)


def test_without_such_runs_there_is_nothing(results):
    last = list(results.runs)[-1]
    assert list(saved_net_blocks(results.select([last]), "saved")) == []
