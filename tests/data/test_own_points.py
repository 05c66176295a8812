"""The user's own points as a law to learn, and two files as a pair for critics."""

from pathlib import Path

import numpy as np
import pytest
from experiment_files import example, mistake_in, write

from wganbench.data.points import Points, PointsPair
from wganbench.data.store import write_data
from wganbench.records.data import read_data

POINTS = np.random.default_rng(0).normal(size=(205, 3))
SMALL = {"data.name": "points", "data.file": "mine.csv", "data.dim": 3, "generator.width": 8,
         "critic.width": 8, "iterations": 3, "evaluations": 2, "samples": 20}  # fmt: skip


@pytest.fixture
def raw(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    np.savetxt(tmp_path / "raw/mine.csv", POINTS, delimiter=",")
    np.save(tmp_path / "raw/other.npy", POINTS[:100] + 1)
    return tmp_path / "raw"


def sorted_rows(points: np.ndarray) -> np.ndarray:
    return points[np.lexsort(points.T)]


def test_every_point_is_in_one_part_and_one_in_five_is_held_out(raw):
    write_data(law := Points(file="mine.csv", dim=3))
    arrays = read_data(law)
    assert (len(arrays.train), len(arrays.heldout)) == (164, 41)
    both = np.concatenate([arrays.train, arrays.heldout])
    np.testing.assert_array_equal(sorted_rows(both), sorted_rows(POINTS.astype(np.float32)))
    assert not np.array_equal(both, POINTS.astype(np.float32))  # in random order


def test_a_pair_has_both_files(raw):
    arrays = PointsPair(file="mine.csv", model_file="other.npy", dim=3).generate(
        np.random.default_rng(0)
    )
    sizes = [len(part) for part in vars(arrays).values() if part is not None]
    assert sizes == [164, 41, 80, 20]
    assert arrays.heldout_model.mean() == pytest.approx(1, abs=0.5)


@pytest.mark.parametrize(
    ("law", "told"),
    [
        (Points(file="mine.csv", dim=2), "raw/mine.csv: points have 3 coordinates, and data.dim"),
        (Points(file="no.csv", dim=2), "raw/no.csv: is missing; name a file of points"),
        (PointsPair(file="mine.csv", model_file="no.npy", dim=3), "raw/no.npy: is missing"),
    ],
)
def test_what_does_not_fit_is_told(raw, law, told):
    assert told in mistake_in(write_data, law)


def test_four_points_are_too_few(raw):
    np.save(raw / "few.npy", POINTS[:4])
    told = mistake_in(write_data, Points(file="few.npy", dim=3))
    assert told == "raw/few.npy: holds 4 points, at least 5 are needed"


def test_an_experiment_trains_measures_and_reports_on_them(raw, wganbench):
    Path("experiments").mkdir()
    write(Path("experiments"), example(base=SMALL, grid=[{"method": "wgan-gp"}]), "mine")
    Path("params.yaml").write_text("scale: smoke\n")
    code, out, err = wganbench("run", "mine")
    assert code == 0, err
    assert "trained, measured transport" in out
    assert "1 of the 1 runs" in out
