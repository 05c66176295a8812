"""`wganbench plan --estimate`: hours from measured rates and nothing else, and disk."""

import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from experiment_files import example, write

from wganbench.cli import main
from wganbench.data.store import write_data
from wganbench.operations.sizes import Sizes
from wganbench.plan.runs import Run, plan
from wganbench.training.train import train_run

TOYS = example(
    base={"generator.width": 16, "critic.width": 16, "samples": 60, "evaluations": 4},
    grid=[{"method": ["gan", "wgan-gp"]}],
    scales={
        "smoke": {"seeds": 2},
        "gpu": {"seeds": 2, "set": {"iterations": 100_000}},
        "paper": {"seeds": 2, "set": {"critic.width": 512, "iterations": 100_000}},
    },
)
IMAGES = example(
    base={"data.name": "digits", "generator.name": "dcgan", "generator.width": 4,
          "critic.name": "dcgan", "critic.width": 4, "iterations": 6, "samples": 100,
          "evaluations": 3, "batch_size": 16},
    grid=[{"method": "wgan"}],
)  # fmt: skip
PAIR = example(
    base={"data.name": "two-gaussians", "generator.name": "fixed", "critic.width": 32,
          "iterations": 60, "samples": 300, "evaluations": 3},
    grid=[{"method": "wgan-gp"}],
)  # fmt: skip


@dataclass
class Project:
    folder: Path
    runs: list[Run]


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Project:
    """A folder whose runs at scale smoke are trained."""
    folder = tmp_path_factory.mktemp("estimate")
    (folder / "experiments").mkdir()
    (folder / "params.yaml").write_text("scale: smoke\n")
    for name, content in (("toys", TOYS), ("images", IMAGES), ("pair", PAIR)):
        write(folder / "experiments", content, name)
    runs = [r for listed in plan("smoke", None, folder / "experiments").values() for r in listed]
    for run in runs:
        if not (folder / "data" / f"{run.configuration.data.id}.npz").exists():
            write_data(run.configuration.data, folder / "data")
        train_run(run, folder / "results/runs" / run.id, data=folder / "data")
    return Project(folder, runs)


@pytest.fixture
def estimate(done, tmp_path, monkeypatch, capsys):
    """Ask for an estimate in a copy of the folder and return what is told."""
    shutil.copytree(done.folder, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")

    def told(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["wganbench", "plan", "--estimate", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        return capsys.readouterr().out

    return told


def timed(run: Run, seconds: float, joules: float | None = None, **provenance: str) -> None:
    """Make a record say that every iteration took so long, where, and what the device drew."""
    path = Path("results/runs") / run.id / "run.json"
    record = json.loads(path.read_text())
    times = {"per_iteration": seconds, "training": 1.0, "total": 1.5}
    record["timings"] |= times | {"energy_joules": joules}
    record["provenance"] |= provenance
    path.write_text(json.dumps(record))


def row(out: str, experiment: str) -> list[str]:
    (line,) = [line for line in out.splitlines() if line.startswith(f"{experiment} ")]
    return line.split(maxsplit=3)


def test_hours_are_the_measured_seconds_times_the_iterations(done, estimate):
    gan, penalised = (r for r in done.runs if r.experiment == "toys")
    timed(gan, 0.036, device_name="a slow processor")
    timed(penalised, 0.072, device_name="a slow processor")
    out = estimate("toys", "--scale", "gpu")
    assert "on a slow processor (cpu), in core hours" in out
    _, runs, hours, source = row(out, "toys")
    assert (runs, hours) == ("2", "4.50")  # 1.5 * (.036 + .072) * 100,000 s
    assert source.startswith("the same work: toys/gan-")
    assert penalised.id in source


def test_kilowatt_hours_are_the_recorded_watts_for_the_estimated_hours(done, estimate):
    gan, penalised = (r for r in done.runs if r.experiment == "toys")
    gpu = {"device": "cuda", "device_name": "a GPU"}
    timed(gan, 0.036, joules=300, **gpu)  # in 1.5 s: 200 W
    timed(penalised, 0.072, joules=600, **gpu)
    out = estimate("toys", "--scale", "gpu")
    _, runs, *numbers = next(line for line in out.splitlines() if line.startswith("toys ")).split()
    assert (runs, *numbers[:2]) == ("2", "4.50", "1.50")  # 1.5 h of 200 W and 3 h of 400 W
    assert "in all 4.50 GPU hours and 1.50 kWh" in out


def test_what_one_run_did_not_tell_is_not_left_out_of_a_sum(done, estimate):
    gan, penalised = (r for r in done.runs if r.experiment == "toys")
    gpu = {"device": "cuda", "device_name": "a GPU"}
    timed(gan, 0.036, joules=300, **gpu)
    timed(penalised, 0.072, **gpu)
    assert "kWh" not in estimate("toys", "--scale", "gpu")


def test_without_a_finished_run_there_is_no_number_of_hours(estimate):
    shutil.rmtree("results")
    out = estimate("toys")
    assert "time: no measured rate, as no run is finished in results/runs/" in out
    assert "hours" not in out


def test_other_nets_give_no_rate(estimate):
    out = estimate("toys", "--scale", "paper")
    assert "no measured rate here: toys" in out
    assert "in all" not in out


def test_hours_on_two_devices_are_told_apart(done, estimate):
    gan, penalised = (r for r in done.runs if r.experiment == "toys")
    timed(gan, 0.036, device_name="a slow processor")
    timed(penalised, 0.0036, device="cuda", device_name="a GPU")
    out = estimate("toys", "--scale", "gpu")
    on_cpu, on_gpu = out.split("training and evaluation on a GPU (cuda), in GPU hours:")
    assert row(on_cpu.partition("slow processor")[2], "toys")[1:3] == ["2", "1.50"]
    assert row(on_gpu, "toys")[1:3] == ["2", "0.15"]
    assert out.count("and 1 runs without a measured rate") == 2


def test_a_record_that_cannot_be_read_tells_nothing(done, estimate):
    for run in done.runs:
        (Path("results/runs") / run.id / "run.json").write_text("{}")
    assert "no measured rate" in estimate()


def test_the_disk_is_that_of_the_real_files(done):
    sizes = Sizes()
    for run in done.runs:
        folder = done.folder / "results/runs" / run.id
        told = sizes.files(run)
        for file, margin in (("samples.npz", 5000), ("networks.safetensors", 6000)):
            real = (folder / file).stat().st_size
            assert 0 <= real - told[file] < margin, (run.id, file)  # headers
        curves = (folder / "curves.parquet").stat().st_size
        assert curves < 2 * told["curves.parquet"] + told["other"]
    assert {run.configuration.data.kind for run in done.runs} == {"law", "images", "pair"}


def test_what_is_timed_now_is_told_before_anything_has_run(estimate):
    shutil.rmtree("results")
    told = estimate("--scale", "smoke", "--measure")
    (hours,) = re.findall(r"in all ([\d.]+) core hours", told)
    assert 0 < float(hours) < 0.1
    assert "no measured rate" not in told.replace("no measured rate  ", "")  # but for the heading
    assert not Path("results").exists()


def test_rates_that_are_timed_now_are_about_those_of_the_finished_runs(estimate):
    before, now = estimate("--scale", "smoke"), estimate("--scale", "smoke", "--measure")
    ours, theirs = (
        float(re.search(r"in all ([\d.]+) core hours", one)[1]) for one in (now, before)
    )
    assert 0.1 < ours / theirs < 10  # these runs are of a few iterations, and begin slowly


def test_measure_without_estimate_is_a_slip(wganbench, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = wganbench("plan", "--measure")
    assert code == 2
    assert "add --estimate" in err
