"""`wganbench measure run`: a run that no plan has gets the tables that planned ones have."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from experiment_files import example, write
from raw_files import smooth

from wganbench.data.gaussians import EightGaussians
from wganbench.files import sha256_of
from wganbench.plan.run_files import run_as_yaml
from wganbench.plan.runs import Run, plan

SMALL = {
    "generator.name": "mlp", "generator.width": 8, "critic.width": 8, "batch_size": 8,
    "iterations": 3, "evaluations": 2, "samples": 20,
}  # fmt: skip
IMAGES = {"data.name": "image-folder", "data.folder": "mine", "data.size": 16,
          "generator.output": "tanh"}  # fmt: skip


@pytest.fixture(autouse=True)
def _project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("experiments").mkdir()
    Path("params.yaml").write_text("scale: smoke\n")


def trained_apart(wganbench, **base) -> tuple[Run, Path]:
    """Train a run by a file of its own that no experiment's file stands beside."""
    path = write(Path("experiments"), example(base=SMALL | base, grid=[{"method": "wgan"}]), "toys")
    (run,) = plan("smoke")["toys"]
    path.unlink()
    Path("apart").mkdir()
    Path("apart/run.yaml").write_text(run_as_yaml(run))
    assert wganbench("train", "--config", "apart/run.yaml")[0] == 0
    return run, Path("apart") / f"wgan-{run.digest[:8]}"


def test_a_run_from_a_file_gets_the_numbers_of_a_planned_one(wganbench):
    run, folder = trained_apart(wganbench)
    code, out, err = wganbench("measure", "run", str(folder))
    assert code == 0, err
    assert "Written: fidelity.parquet, transport.parquet." in out
    before = {name: sha256_of(folder / name) for name in ("fidelity.parquet", "transport.parquet")}
    code, out, _ = wganbench("measure", "run", str(folder), "--json")
    assert {name: sha256_of(folder / name) for name in before} == before  # was current
    found = {number["name"]: number for number in json.loads(out)["numbers"]}

    write(Path("experiments"), example(base=SMALL, grid=[{"method": "wgan"}]), "toys")
    assert wganbench("run", "toys", "--no-report")[0] == wganbench("summary")[0] == 0
    ends = pd.read_csv("results/scales/smoke/summary.csv")
    for name in ("w1", "modes_loose", "share_strict"):
        assert found[name]["mean"] == pytest.approx(ends[name].mean())
        assert found[name]["sd"] == pytest.approx(ends[name].std())
    assert found["w1"]["floor"] == pytest.approx(ends["floor"].mean())
    assert found["w1"]["floor_sd"] == pytest.approx(ends["floor_sd"].mean())
    assert "floor" not in found
    planned = Path("results/runs") / run.id
    again = json.loads(wganbench("measure", "run", run.id, "--json")[1])
    assert again["folder"] == str(planned)
    assert {number["name"]: number for number in again["numbers"]} == found


def test_images_without_labels_have_a_page_that_says_what_is_left_out(wganbench):
    for k in range(100):
        path = Path(f"raw/mine/{k}.png")
        path.parent.mkdir(parents=True, exist_ok=True)
        smooth(k, 16, 16).save(path)
    _, folder = trained_apart(wganbench, **IMAGES)
    code, out, err = wganbench("measure", "run", str(folder), "--html", "page.html")
    assert code == 0, err
    assert "images in the space random-convolutions-1-3@" in out
    for text in ("patches", "kid_random", "FID, KID, precision and recall are not measured"):
        assert text in out
        assert text in Path("page.html").read_text()


def test_other_data_than_it_was_trained_on_are_refused_and_missing_ones_made(
    wganbench, monkeypatch
):
    _, folder = trained_apart(wganbench)
    for path in Path("data").iterdir():
        path.unlink()
    assert wganbench("measure", "run", str(folder))[0] == 0
    (folder / "transport.parquet").unlink()
    generate = EightGaussians.generate
    other = np.random.default_rng(1)
    monkeypatch.setattr(EightGaussians, "generate", lambda data, _: generate(data, other))
    Path("data/8gaussians.npz").unlink()
    code, _, err = wganbench("measure", "run", str(folder))
    assert code == 2
    assert "data/8gaussians.npz: is not the file that" in err
    assert not (folder / "transport.parquet").exists()


def test_what_is_no_finished_run_is_told(wganbench):
    code, _, err = wganbench("measure", "run", "apart")
    assert code == 2
    assert "'apart': is no finished run" in err
