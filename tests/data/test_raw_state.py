"""Data sets know the user's files that they were made from, and every way of running looks."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from experiment_files import example, write
from PIL import Image

from wganbench.data.image_folder import ImageFolder
from wganbench.data.raw.state import state_of
from wganbench.data.ring import Ring
from wganbench.data.store import write_data
from wganbench.operations.freshness import why_stale_data
from wganbench.records.data import raw_state, read_manifest

PHOTOS = ImageFolder(folder="photos", size=16)
PATH = Path("data") / f"{PHOTOS.id}.npz"
CHANGED = "the raw files that it was made from have changed"
SMALL = {"data.name": "image-folder", "data.folder": "photos", "data.size": 16, "samples": 4,
         "generator.name": "mlp", "generator.width": 8, "critic.width": 8, "iterations": 2,
         "evaluations": 1}  # fmt: skip


def draw(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    path = Path("raw/photos", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)).save(path)


@pytest.fixture
def made(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for seed in range(25):
        draw(f"{'below/' if seed % 2 else ''}{seed}.png", seed)
    return write_data(PHOTOS)


def over_in_place() -> None:
    """Write other pixels over a file, whose folder does not change."""
    image, folder = Path("raw/photos/below/1.png"), Path("raw/photos/below")
    before = folder.stat()
    image.write_bytes(Path("raw/photos/2.png").read_bytes())
    os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES = {
    "written over in place": over_in_place,
    "added": lambda: draw("below/new.png", 99),
    "deleted": lambda: (
        Path("raw/photos/3.png").unlink(missing_ok=True) or Path("raw/photos/below/3.png").unlink()
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is(made, change):
    assert why_stale_data(PHOTOS, made) == ""
    CHANGES[change]()
    assert why_stale_data(PHOTOS, made) == CHANGED
    before = read_manifest(made).sha256
    write_data(PHOTOS)
    assert why_stale_data(PHOTOS, made) == ""
    assert read_manifest(made).sha256 != before


def test_raw_files_that_are_gone_change_nothing(made):
    recorded = read_manifest(made).raw
    assert recorded == state_of(PHOTOS.raw_files()) == raw_state(PHOTOS, made)
    shutil.rmtree("raw")
    assert why_stale_data(PHOTOS, made) == ""
    assert raw_state(PHOTOS, made) == recorded


def test_laws_are_made_from_no_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write_data(law := Ring())
    assert read_manifest(path).raw == raw_state(law, path) == ""
    assert why_stale_data(law, path) == ""


def test_hidden_files_are_none_of_the_sets(made):
    Path("raw/photos/.DS_Store").write_bytes(b"x")
    assert why_stale_data(PHOTOS, made) == ""


def test_run_and_train_from_a_file_make_the_set_again(made, wganbench):
    Path("experiments").mkdir()
    write(Path("experiments"), example(base=SMALL, grid=[{"method": "wgan-gp"}]), "mine")
    Path("params.yaml").write_text("scale: smoke\n")
    assert wganbench("run", "mine", "--no-report")[0] == 0
    assert "was done" in wganbench("run", "mine", "--no-report")[1]
    over_in_place()
    code, out, _ = wganbench("run", "mine", "--no-report")
    assert code == 0
    assert str(PATH) in out
    assert "trained" in out


def test_more_samples_than_are_held_out_are_refused_before_anything_is_trained(made, wganbench):
    Path("experiments").mkdir()
    base = SMALL | {"samples": 6}
    write(Path("experiments"), example(base=base, grid=[{"method": "wgan-gp"}]), "mine")
    Path("params.yaml").write_text("scale: smoke\n")
    for command in (("run", "mine"), ("data", PHOTOS.id)):
        code, _, err = wganbench(*command)
        assert code == 2
        assert "samples: 6 held-out samples are asked for, and " in err
        assert "has 5; set samples: 5, or fewer, in the experiment's file" in err
    assert not Path("results/runs").exists()
