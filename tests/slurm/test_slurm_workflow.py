"""The real workflow through the real Slurm: the literal command, a crash, a cancelled job."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import until

from slurm.cluster import NODES
from slurm.witness import attempts, tries, witnessed
from slurm.workflow import (
    BIN,
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
    start,
    training,
    wait_for_iterations,
    work,
)
from wganbench.operations import slurm as queue

pytestmark = [
    pytest.mark.slurm,
    pytest.mark.workflow,
    plain_path,
]


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
    found = resumed(folder)
    assert found.pop(Path(victim).name) == 1
    assert set(found.values()) == {0}
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


def test_the_trainings_are_on_both_nodes_and_no_run_is_trained_twice_at_once(finished):
    folder, victim = finished
    assert tries(folder) == [1, 2]
    found = attempts(folder)
    assert len(found[victim]) == 2
    assert {attempt.node for of_run in found.values() for attempt in of_run} == set(NODES)


@pytest.mark.long  # Slurm starts what was preempted again after two minutes
def test_preempted_trainings_come_back_and_end_with_the_same_bytes(slurm, tmp_path, uninterrupted):
    folder = project(tmp_path / "a project")
    come_back(folder, "spot")
    snakemake = start(folder, *THROUGH_SLURM, "runs", *SMOKE)
    for job in training(folder):
        wait_for_iterations(job.run)
    urgent = ["sbatch", "-p", "urgent", "-N", "2", "-n", "2", "-c", "8", "--mem=100",
              "-o", "/dev/null", "--wrap", "true"]  # fmt: skip
    subprocess.run(urgent, check=True, stdout=subprocess.DEVNULL)
    finish(folder, snakemake, 600)
    assert runs(folder) == uninterrupted
    assert tries(folder) == [2, 2]
    assert set(resumed(folder).values()) == {1}


@pytest.mark.long  # the same command without Slurm: tests/operations/test_workers.py
def test_an_array_of_workers_makes_each_run_once_with_the_same_bytes(
    slurm, tmp_path, uninterrupted
):
    folder = project(tmp_path / "a project")
    array = work(folder, "0-2")
    until(lambda: has_ended(array), 300)
    logs = "".join(log.read_text() for log in folder.glob("worker-*.log"))
    assert len(re.findall(r": trained, ", logs)) == 2
    assert runs(folder) == uninterrupted
    assert tries(folder) == [1, 1]
    command = ["squeue", "--states=all", "-h", "-j", array, "-o", "%N"]
    nodes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert set(nodes.split()) == set(NODES)
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
    done = subprocess.run(
        command, cwd=folder, env=os.environ | witnessed(folder), capture_output=True, text=True,
        timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-5000:]
    for job in orphans:
        assert f"cancelling Slurm job {job.id} ({job.run}, running)" in done.stdout
    assert "unlocking the folder" in done.stdout
    assert runs(folder) == uninterrupted
    tries(folder)
    by_run = Counter((run, state) for rule, run, state in jobs(folder) if rule == "train")
    names = {job.run for job in orphans}
    assert by_run == {(run, state): 1 for run in names for state in ("CANCELLED", "COMPLETED")}
    assert [state for rule, _, state in jobs(folder) if rule == "data"] == ["COMPLETED"]
    assert not list(folder.rglob("*.partial"))
