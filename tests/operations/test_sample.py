"""`wganbench sample`: what a finished generator makes, as many as are wanted."""

from pathlib import Path

import numpy as np
import pytest
from experiment_files import example, write
from PIL import Image

from wganbench.records.run import read_record, write_record

SMALL = {"generator.width": 8, "critic.width": 8, "iterations": 3, "evaluations": 2, "samples": 20}
IMAGES = SMALL | {"data.name": "digits", "generator.name": "dcgan", "critic.name": "dcgan",
                  "generator.width": 4, "critic.width": 4, "batch_size": 8}  # fmt: skip
PAIR = {"data.name": "two-gaussians", "generator.name": "fixed", "critic.width": 8,
        "iterations": 3, "evaluations": 2, "samples": 20}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A project with a finished run on a law, on images with batch norm, and on a pair."""
    from wganbench.operations.run import chosen, run_all
    from wganbench.plan.params import load_params

    folder = tmp_path_factory.mktemp("sampled")
    (folder / "experiments").mkdir()
    for name, base in (("law", SMALL), ("images", IMAGES), ("pair", PAIR)):
        content = example(grid=[{"method": "wgan"}])
        content["base"] = {k: v for k, v in content["base"].items() if name != "pair"} | base
        content["base"].setdefault("critic.name", "mlp")
        write(folder / "experiments", content, name)
    (folder / "params.yaml").write_text("scale: smoke\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run_all(chosen(load_params(), ["law", "images", "pair"]))
    return folder


@pytest.fixture
def here(project, monkeypatch) -> Path:
    monkeypatch.chdir(project)
    return project


def folder_of(project: Path, name: str) -> Path:
    (folder,) = (project / "results/runs" / name).iterdir()
    return folder


@pytest.mark.parametrize("name", ["law", "images"])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_first_samples_are_those_that_the_run_saved(here, tmp_path, wganbench, name, seed):
    folder, out = folder_of(here, name), tmp_path / "out.npy"
    saved = np.load(folder / "samples.npz")["generated"][seed, -1]
    command = ("sample", f"{name}/{folder.name}", str(out), "-n", "47", "--seed", str(seed))
    assert wganbench(*command)[0] == 0
    made = np.load(out)
    assert made.shape == (47, *saved.shape[1:])
    assert made.dtype == saved.dtype
    np.testing.assert_array_equal(made[: len(saved)], saved)
    assert len(np.unique(made, axis=0)) > 40


def test_fewer_are_the_first_of_more_and_the_folder_names_the_run_too(here, tmp_path, wganbench):
    folder = folder_of(here, "law")
    for n in (5, 30):
        assert wganbench("sample", str(folder), str(tmp_path / f"{n}.npy"), "-n", str(n))[0] == 0
    few, many = (np.load(tmp_path / f"{n}.npy") for n in (5, 30))
    np.testing.assert_array_equal(few, many[:5])


def test_images_are_written_one_by_one(here, tmp_path, wganbench):
    folder, out = folder_of(here, "images"), tmp_path / "pngs"
    assert wganbench("sample", str(folder), str(out), "-n", "12")[0] == 0
    saved = np.load(folder / "samples.npz")["generated"][0, -1]
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"{k:02}.png" for k in range(12)]
    np.testing.assert_array_equal(np.asarray(Image.open(out / "07.png")), saved[7, 0])
    code, _, err = wganbench("sample", str(folder), str(out))
    assert code == 2
    assert "is there already; name an empty folder, or a new one" in err


def test_what_has_no_such_generator_is_told(here, tmp_path, wganbench):
    out = str(tmp_path / "out.npy")
    told = {
        ("pair", out, "0"): "has no generator: its critic is trained between given laws",
        ("law", out, "7"): "--seed: 7 is none of the run's; there are 0, 1",
        (
            "law",
            str(tmp_path / "pngs"),
            "0",
        ): "makes points; write them to a file",
    }
    for (name, where, seed), expected in told.items():
        command = ("sample", str(folder_of(here, name)), where, "--seed", seed)
        code, _, err = wganbench(*command)
        assert code == 2
        assert expected in err
    assert wganbench("sample", "no/such-run", out)[0] == 2
    assert not list(tmp_path.iterdir())


def test_a_replica_that_diverged_is_not_sampled(here, tmp_path, wganbench):
    folder = folder_of(here, "law")
    record = read_record(folder / "run.json")
    lost = [s.model_copy(update={"status": "diverged", "diverged_at": 2}) for s in record.seeds]
    changed = record.model_copy(update={"seeds": [lost[0], record.seeds[1]]})
    write_record(changed, folder / "run.json")
    try:
        code, out, _ = wganbench("sample", str(folder), str(tmp_path / "out.npy"), "-n", "3")
        assert (code, out.split(", ")[-1]) == (0, "seed 1\n")
        code, _, err = wganbench("sample", str(folder), str(tmp_path / "x.npy"), "--seed", "0")
        assert code == 2
        assert "--seed: 0 diverged; there are 1" in err
    finally:
        write_record(record, folder / "run.json")
