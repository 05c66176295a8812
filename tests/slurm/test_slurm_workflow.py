"""The real workflow through the real Slurm: the literal command, a crash, a cancelled job."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import yaml
from conftest import ROOT

from wganbench.files import sha256_of
from wganbench.operations import slurm as queue

pytestmark = [
    pytest.mark.slurm,
    pytest.mark.workflow,
    # Snakemake's Slurm jobs do not quote it; `wganbench slurm check` says so.
    pytest.mark.skipif(" " in sys.executable, reason="the path of this Python has a space"),
]
SOURCES = ("Snakefile", "pipelines", "params.yaml", "profiles", "slurm")
EXPERIMENT = "experiments/wgan-fig2.yaml"  # two runs on one data set
BYTES = ("curves.parquet", "samples.npz", "networks.safetensors")
# A training of some seconds: time enough to see it run and to break it off.
ITERATIONS = 600
SNAKEMAKE = [sys.executable, "-m", "snakemake"]
BIN = Path(sys.executable).parent
THROUGH_SLURM = ["--cores", "8", "--profile", "slurm"]
SMOKE = ["--config", "scale=smoke"]


def project(folder: Path) -> Path:
    """Copy the project, with one experiment, and the profile with a test's short waits."""
    (folder / "experiments").mkdir(parents=True)
    for name in SOURCES:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    experiment = yaml.safe_load((ROOT / EXPERIMENT).read_text())
    experiment["scales"]["smoke"]["set"]["iterations"] = ITERATIONS
    (folder / EXPERIMENT).write_text(yaml.safe_dump(experiment, sort_keys=False))
    profile = folder / "slurm/config.yaml"
    settings = yaml.safe_load(profile.read_text())
    settings |= {"slurm-init-seconds-before-status-checks": 2, "latency-wait": 5}
    profile.write_text(yaml.safe_dump(settings))
    return folder


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    with (folder / "said").open("a") as said:
        return subprocess.Popen(
            [*SNAKEMAKE, *arguments], cwd=folder, env=os.environ | environment,
            stdout=said, stderr=said, text=True,
        )  # fmt: skip


def finish(folder: Path, snakemake: subprocess.Popen[str]) -> None:
    assert snakemake.wait(240) == 0, (folder / "said").read_text()[-5000:]


def jobs(folder: Path) -> list[tuple[str, str, str]]:
    """Return rule, run and state of every job that was ever submitted from a folder."""
    command = ["squeue", "--states=all", "-h", "-o", "%T|%k|%Z"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split("|", 2) for line in lines]
    return [
        (re.sub(r"^rule_|_wildcards.*", "", comment), queue.Job("", "", comment).run, state)
        for state, comment, place in rows
        if Path(place) == folder
    ]


def training(folder: Path) -> list[queue.Job]:
    """Return the two training jobs once both are really at it, not just starting Python."""
    logs = folder / "logs/train"
    for _ in range(600):
        found = [job for job in queue.jobs_of(folder) if job.comment.startswith("rule_train")]
        begun = list(logs.rglob("*.log")) if logs.exists() else []
        if len(found) == 2 and {job.state for job in found} == {"RUNNING"} and len(begun) == 2:
            return found
        time.sleep(0.1)
    raise AssertionError((folder / "said").read_text()[-5000:])


def give_way(folder: Path) -> None:
    """Let a project's jobs be preempted and come back."""
    profile = folder / "slurm/config.yaml"
    settings = yaml.safe_load(profile.read_text())
    del settings["slurm-no-requeue"]
    settings["slurm-requeue"] = True
    settings["default-resources"]["slurm_partition"] = "spot"
    profile.write_text(yaml.safe_dump(settings))


def wait_for_iterations(run: str) -> None:
    """Wait until a run's process is past its start: it then catches the signal that Slurm sends."""
    for _ in range(600):
        for process in psutil.process_iter(["cmdline"]):
            if {"train", run} <= set(process.info["cmdline"] or []):
                status = Path(f"/proc/{process.pid}/status").read_text()
                caught = int(re.search(r"SigCgt:\s*(\w+)", status)[1], 16)
                if caught >> (signal.SIGTERM - 1) & 1:
                    return
        time.sleep(0.05)
    raise AssertionError(f"{run} has not begun")


def runs(folder: Path) -> dict[str, dict[str, str]]:
    """Return the digests of every run's files by the run's name."""
    found = {record.parent for record in (folder / "results").rglob("run.json")}
    return {run.name: {name: sha256_of(run / name) for name in BYTES} for run in found}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory) -> dict[str, dict[str, str]]:
    """Return the runs' digests as they come without Slurm and without a crash."""
    folder = project(tmp_path_factory.mktemp("local") / "a project")
    command = [BIN / "wganbench", "run", Path(EXPERIMENT).stem, "--scale", "smoke", "--no-report"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=240)
    return runs(folder)


@pytest.fixture(scope="module")
def finished(slurm, tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """Yield a folder where everything ran, one training job having been cancelled, and its run."""
    folder = project(tmp_path_factory.mktemp("slurm") / "a project")
    (folder / "gpus").mkdir()
    # Every rule's bash reads this first, inside its job.
    seen = 'scontrol show job -d "$SLURM_JOB_ID" > "$RECORDS/$SLURM_JOB_ID"\n'
    seen += 'echo "visible=$CUDA_VISIBLE_DEVICES" >> "$RECORDS/$SLURM_JOB_ID"\n'
    (folder / "gpus.sh").write_text(f'if [ -n "$SLURM_JOB_ID" ]; then\n{seen}fi\n')
    snakemake = start(
        folder, *THROUGH_SLURM, "--set-resources", "train:gpu=1", *SMOKE,
        BASH_ENV=str(folder / "gpus.sh"), RECORDS=str(folder / "gpus"),
    )  # fmt: skip
    victim = training(folder)[0]
    wait_for_iterations(victim.run)
    subprocess.run(["scancel", victim.id], check=True)  # as at a time limit: SIGTERM, then SIGKILL
    finish(folder, snakemake)
    yield folder, victim.run
    queue.cancel(queue.jobs_of(folder))


def test_every_product_is_made_through_slurm(finished, uninterrupted):
    folder, _ = finished
    assert runs(folder) == uninterrupted
    assert len(uninterrupted) == 2
    assert (folder / "reports/index.html").exists()
    done = Counter(rule for rule, _, state in jobs(folder) if state == "COMPLETED")
    assert done == {"data": 1, "train": 2, "transport": 2, "summary": 1, "claims": 1, "report": 1}


def test_a_cancelled_job_is_submitted_again_and_its_neighbour_is_unharmed(finished):
    folder, victim = finished
    trainings = {}
    for rule, run, state in jobs(folder):
        if rule == "train":
            trainings.setdefault(run, []).append(state)
    assert sorted(trainings.pop(victim)) == ["CANCELLED", "COMPLETED"]
    assert list(trainings.values()) == [["COMPLETED"]]


def test_the_cancelled_trainings_next_attempt_goes_on_where_it_was(finished):
    folder, victim = finished
    resumed = {
        run.parent.name: len(json.loads(run.read_text())["timings"]["resumed_at"])
        for run in (folder / "results").rglob("run.json")
    }
    assert resumed.pop(Path(victim).name) == 1
    assert set(resumed.values()) == {0}
    assert not list((folder / "scratch/checkpoints").rglob("state"))


def test_a_training_job_that_asks_for_a_gpu_is_given_one(finished):
    folder, _ = finished
    records = [path.read_text() for path in (folder / "gpus").iterdir()]
    trainings = [record for record in records if "Comment=rule_train" in record]
    others = [record for record in records if "Comment=rule_train" not in record]
    assert len(trainings) == 3  # two runs, and the cancelled one again
    for record in trainings:
        assert re.search(r"GRES=gpu:fake:1\(IDX:[01]\)", record)
        assert re.search(r"^visible=[01]$", record, re.M)
    assert others
    assert not any("GRES=gpu" in record for record in others)


def test_a_cancelled_trainings_next_attempt_asks_for_the_same_memory_and_minutes(finished):
    folder, _ = finished
    records = [path.read_text() for path in (folder / "gpus").iterdir()]
    trainings = [record for record in records if "Comment=rule_train" in record]
    assert [re.search(r"mem=(\w+)", record)[1] for record in trainings] == ["1500M"] * 3
    assert {re.search(r"TimeLimit=(\S+)", record)[1] for record in trainings} == {"00:10:00"}


@pytest.mark.long  # Slurm starts what was preempted again after two minutes
def test_preempted_trainings_come_back_and_end_with_the_same_bytes(slurm, tmp_path, uninterrupted):
    folder = project(tmp_path / "a project")
    give_way(folder)
    snakemake = start(folder, *THROUGH_SLURM, "runs", *SMOKE)
    for job in training(folder):
        wait_for_iterations(job.run)
    urgent = ["sbatch", "-p", "urgent", "-c", "8", "--mem=100", "-o", "/dev/null", "--wrap", "true"]
    subprocess.run(urgent, check=True, stdout=subprocess.DEVNULL)
    assert snakemake.wait(400) == 0, (folder / "said").read_text()[-5000:]
    assert runs(folder) == uninterrupted
    for record in (folder / "results").rglob("run.json"):
        assert len(json.loads(record.read_text())["timings"]["resumed_at"]) == 1


@pytest.mark.long  # the same command without Slurm: tests/operations/test_workers.py
def test_an_array_of_workers_makes_each_run_once_with_the_same_bytes(
    slurm, tmp_path, uninterrupted
):
    folder = project(tmp_path / "a project")
    work = f"{BIN / 'wganbench'} run wgan-fig2 --scale smoke --worker"
    array = ["sbatch", "--array=0-2", "--requeue", "--wait", "-c", "1", "--mem=2G",
             "-o", "worker-%a.log", "--wrap", work]  # fmt: skip
    subprocess.run(array, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=300)
    said = "".join(log.read_text() for log in folder.glob("worker-*.log"))
    assert len(re.findall(r": trained, ", said)) == 2
    assert runs(folder) == uninterrupted
    finish(folder, start(folder, "--cores", "2", "runs", *SMOKE))  # Snakemake takes them as done
    assert runs(folder) == uninterrupted
    assert not (folder / "logs/train").exists()


@pytest.mark.long  # without Slurm: tests/jobs/test_crashes.py
def test_after_kill_9_recover_leaves_one_writer_and_the_same_bytes(slurm, tmp_path, uninterrupted):
    folder = project(tmp_path / "a project")
    snakemake = start(folder, *THROUGH_SLURM, "runs", *SMOKE)
    orphans = training(folder)
    snakemake.kill()
    snakemake.wait()
    assert {job.id for job in queue.jobs_of(folder)} == {job.id for job in orphans}

    command = [BIN / "wganbench", "recover", *THROUGH_SLURM, "runs", *SMOKE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-5000:]
    for job in orphans:
        assert f"cancelling Slurm job {job.id} ({job.run}, running)" in done.stdout
    assert "unlocking the folder" in done.stdout
    assert runs(folder) == uninterrupted
    by_run = Counter((run, state) for rule, run, state in jobs(folder) if rule == "train")
    names = {job.run for job in orphans}
    assert by_run == {(run, state): 1 for run in names for state in ("CANCELLED", "COMPLETED")}
    assert [state for rule, _, state in jobs(folder) if rule == "data"] == ["COMPLETED"]
    assert not list(folder.rglob("*.partial"))
