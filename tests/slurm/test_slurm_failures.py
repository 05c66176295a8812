"""What breaks on a cluster: nodes that die or hang, the controller, a disk.

The same bytes come out, and a witness sees that no run is trained twice at once.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import until

from slurm.cluster import Cluster
from slurm.daemons import job_processes
from slurm.witness import attempts, tries
from slurm.workflow import (
    SMOKE,
    THROUGH_SLURM,
    come_back,
    finish,
    has_ended,
    jobs,
    plain_path,
    project,
    resumed,
    runs,
    said,
    start,
    training,
    wait_for_iterations,
    work,
)
from wganbench.operations import processes

pytestmark = [
    pytest.mark.slurm,
    pytest.mark.workflow,
    pytest.mark.long,
    plain_path,
]
RUNS = [*THROUGH_SLURM, "runs", *SMOKE]
VICTIM = "node2"


@pytest.fixture(autouse=True)
def cluster(slurm) -> Iterator[Cluster]:
    """Yield the cluster, and mend afterwards what a test has broken of it."""
    yield slurm
    slurm.repair(VICTIM)


@pytest.fixture
def folder(tmp_path) -> Iterator[Path]:
    """Yield a project's folder, in which no Snakemake is left afterwards."""
    made = project(tmp_path / "a project")
    yield made
    processes.end(processes.live_snakemakes(made))


def is_down(cluster: Cluster) -> bool:
    return cluster.states().get(VICTIM, "").startswith("down")


def hurry(folder: Path) -> None:
    """Have Slurm start at once what it has put back; it would wait for two minutes."""
    command = ["squeue", "--me", "-h", "-r", "-t", "PENDING", "-o", "%i %Z"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    for job in (line.split()[0] for line in lines if line.endswith(f" {folder}")):
        subprocess.run(["scontrol", "update", f"JobId={job}", "StartTime=now"])


def train_on_both(folder: Path) -> subprocess.Popen[str]:
    """Start Snakemake and return it when both trainings are at it, each on its node."""
    snakemake = start(folder, *RUNS)
    for job in training(folder):
        wait_for_iterations(job.run)
    return snakemake


def victims(folder: Path) -> list[str]:
    """Return the runs that were begun on the node that breaks."""
    found = attempts(folder).items()
    return [run for run, of_run in found if VICTIM in [attempt.node for attempt in of_run]]


def states(folder: Path) -> list[str]:
    """Return the last states of all trainings' jobs."""
    return sorted(state for rule, _, state in jobs(folder) if rule == "train")


@pytest.mark.parametrize("puts_back", [False, True], ids=["Snakemake", "Slurm"])
def test_a_training_on_a_node_that_dies_is_started_again_on_another(
    folder, cluster, uninterrupted, puts_back
):
    if puts_back:
        come_back(folder)
    snakemake = train_on_both(folder)
    cluster.kill_node(VICTIM)
    died = time.time()
    until(lambda: is_down(cluster), 90)
    hurry(folder)
    finish(folder, snakemake)
    assert runs(folder) == uninterrupted
    assert tries(folder, died) == [1, 2]
    (victim,) = victims(folder)
    assert [attempt.node for attempt in attempts(folder)[victim]] == [VICTIM, "node1"]
    assert states(folder) == ["COMPLETED"] * 2 + ["NODE_FAIL"] * (not puts_back)


def test_a_worker_on_a_node_that_dies_comes_back_and_its_run_goes_on(
    folder, cluster, uninterrupted
):
    array = work(folder, "0-1", "--checkpoint-every", "0.5")
    kept = folder / "scratch/checkpoints"
    until(lambda: [run for run in victims(folder) if (kept / run / "state").exists()], 300)
    (victim,) = victims(folder)
    cluster.kill_node(VICTIM)
    died = time.time()
    until(lambda: is_down(cluster), 90)
    hurry(folder)
    until(lambda: has_ended(array), 240)
    assert runs(folder) == uninterrupted
    assert tries(folder, died) == [1, 2]
    assert resumed(folder)[Path(victim).name] == 1


def test_a_node_that_hangs_keeps_its_run_until_it_is_switched_off(folder, cluster, uninterrupted):
    snakemake = train_on_both(folder)
    cluster.halt_node(VICTIM)
    (victim,) = victims(folder)
    log = folder / f"logs/train/{victim}.log"
    # Slurm has given it up, and the next attempt on the other node finds it locked.
    until(lambda: log.exists() and "is writing this run's files" in log.read_text(), 300)
    cluster.kill_node(VICTIM)
    died = time.time()
    finish(folder, snakemake)
    assert runs(folder) == uninterrupted
    assert tries(folder, died) == [1, 2]
    assert "NODE_FAIL" in states(folder)


def test_jobs_are_noticed_that_end_while_the_controller_is_away(folder, cluster, uninterrupted):
    snakemake = train_on_both(folder)
    cluster.kill_controller()
    until(lambda: "Slurm does not answer" in said(folder), 120)
    assert not cluster.states()
    cluster.start_controller()
    finish(folder, snakemake)
    assert runs(folder) == uninterrupted
    assert tries(folder) == [1, 1]
    assert states(folder) == ["COMPLETED"] * 2


def test_jobs_that_the_controller_has_forgotten_are_submitted_again(folder, cluster, uninterrupted):
    written, before = cluster.folder / "state", folder / "state"
    shutil.copytree(written, before)
    snakemake = train_on_both(folder)
    cluster.kill_controller()
    shutil.rmtree(written)
    shutil.copytree(before, written)  # as if it had died before it wrote the jobs down
    cluster.start_controller()  # it ends what runs on its nodes and it knows nothing of
    until(lambda: not job_processes(cluster.name))
    died = time.time()
    finish(folder, snakemake)
    assert runs(folder) == uninterrupted
    assert tries(folder, died) == [2, 2]


def full(place: Path) -> str:
    """Return a shell's command that puts a full disk in a folder's place."""
    return f"mount -t tmpfs -o size=64k none '{place}'; dd if=/dev/zero 'of={place}/full' || true"


def test_a_node_whose_own_disk_is_full_is_drained_by_slurm_and_its_jobs_go_to_another(
    folder, cluster, uninterrupted
):
    cluster.kill_node(VICTIM)
    cluster.start_node(VICTIM, full(cluster.folder / f"spool-{VICTIM}"))
    finish(folder, start(folder, *RUNS))
    assert cluster.states()[VICTIM] == "drained"
    assert runs(folder) == uninterrupted
    assert tries(folder) == [1, 1]
    assert not victims(folder)
    assert states(folder) == ["CANCELLED", "COMPLETED", "COMPLETED"]


def test_where_a_node_cannot_write_its_job_fails_in_one_line_and_succeeds_without_that_node(
    folder, cluster, uninterrupted
):
    results = folder / "results"
    results.mkdir()
    cluster.kill_node(VICTIM)
    cluster.start_node(VICTIM, full(results))
    snakemake = start(folder, *RUNS, "--retries", "0")
    assert snakemake.wait(400) == 1
    (victim,) = victims(folder)
    (*_, line) = (folder / f"logs/train/{victim}.log").read_text().splitlines()
    assert line.startswith(f"wganbench: results/runs/{victim}/")
    assert "cannot be written (No space left on device); make room" in line
    finish(folder, start(folder, *RUNS, "--slurm-exclude-failed-nodes", VICTIM))
    assert runs(folder) == uninterrupted
    assert tries(folder) == [1, 2]
    assert not list(folder.rglob("*.partial"))
    assert cluster.on_node(VICTIM, "find", str(results), "-type", "f") == f"{results}/full\n"
