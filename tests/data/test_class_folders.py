"""Images of the user's in a folder for each class: labels, a split of each, a classifier."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from experiment_files import example, mistake_in, write
from PIL import Image

from wganbench.data.image_folder import ImageFolder
from wganbench.data.store import write_data
from wganbench.records.data import read_data

SORTED = ImageFolder(folder="animals", size=16, grey=True, labels="folders")
COUNTS = {"a cat": 20, "Dog": 35, "bee/large": 10}
LEVELS = {"a cat": 200, "Dog": 20, "bee/large": 100}
SMALL = {
    "data.name": "image-folder", "data.folder": "animals", "data.size": 16, "data.grey": True,
    "data.labels": "folders", "samples": 12, "generator.name": "mlp", "generator.width": 8,
    "generator.output": "tanh", "critic.width": 8, "iterations": 2, "evaluations": 1,
}  # fmt: skip


def draw(name: str, level: int) -> None:
    path = Path("raw/animals", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((16, 16), level, np.uint8)).save(path)


@pytest.fixture(autouse=True)
def _animals(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder, count in COUNTS.items():
        for n in range(count):
            draw(f"{folder}/{n}.png", LEVELS[folder] + n % 9)


def test_each_folder_is_a_class_in_the_order_of_their_names():
    write_data(SORTED)
    arrays = read_data(SORTED)
    for images, labels in ((arrays.train, arrays.labels), (arrays.heldout, arrays.heldout_labels)):
        assert set(labels) == {0, 1, 2}
        for label, level in enumerate((20, 200, 100)):  # Dog, a cat, bee
            shown = images[labels == label]
            assert ((shown >= level) & (shown < level + 9)).all()


def test_one_in_five_of_each_class_is_held_out_and_none_is_in_both():
    write_data(SORTED)
    arrays = read_data(SORTED)
    assert np.bincount(arrays.heldout_labels).tolist() == [7, 4, 2]
    assert np.bincount(arrays.labels).tolist() == [28, 16, 8]


def test_without_the_setting_folders_are_no_classes_and_the_id_is_as_before():
    plain = ImageFolder(folder="animals", size=16, grey=True)
    write_data(plain)
    assert read_data(plain).labels is None
    assert (plain.labelled, SORTED.labelled) == (False, True)
    assert "labels" not in plain.id
    assert SORTED.id == f"{plain.id}-labelsfolders"


def test_what_is_no_class_is_told():
    draw("stray.png", 0)
    assert mistake_in(write_data, SORTED) == (
        "raw/animals/stray.png: lies in no class's folder; data.labels is folders"
    )
    Path("raw/animals/stray.png").unlink()
    draw("alone/1.png", 0)
    assert "a class has 1 image; 2 are needed" in mistake_in(write_data, SORTED)
    one = ImageFolder(folder="one", labels="folders")
    Path("raw/one").mkdir()
    Path("raw/animals/Dog").rename("raw/one/Dog")
    assert "holds one folder alone, Dog; two classes are needed" in mistake_in(write_data, one)


def test_a_run_on_them_is_measured_by_a_classifier_of_these_classes(wganbench):
    Path("experiments").mkdir()
    write(Path("experiments"), example(base=SMALL, grid=[{"method": "wgan-gp"}]), "mine")
    Path("params.yaml").write_text("scale: smoke\n")
    code, out, err = wganbench("run", "mine", "--no-report")
    assert code == 0, err
    assert "measured fidelity" in out
    (table,) = Path("results/runs/mine").glob("*/fidelity.parquet")
    measured = pq.read_table(table).to_pandas()
    assert set(measured["classes"]) == {3}
    assert measured["fid"].notna().all()
