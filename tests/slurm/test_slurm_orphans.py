"""Finding and cancelling the jobs of one folder on a real Slurm."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wganbench.errors import UserError
from wganbench.operations import slurm as queue

pytestmark = pytest.mark.slurm
COMMENT = "rule_train_wildcards_toy-grid_wgan-8gaussians-c0.01-0123abcd"


def submit(folder: Path, name: str = "wganbench_0a1b", *options: str, does="sleep 300") -> str:
    folder.mkdir(exist_ok=True)
    command = ["sbatch", "--parsable", f"--chdir={folder}", f"--job-name={name}", *options]
    command += [f"--comment={COMMENT}", "--output=/dev/null", f"--wrap={does}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def listed() -> set[str]:
    command = ["squeue", "-h", "-o", "%i"]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


@pytest.fixture(autouse=True)
def _no_job_is_left(slurm) -> Iterator[None]:
    yield
    subprocess.run(["scancel", "--me"], check=True)
    until = time.monotonic() + 20
    while listed() and time.monotonic() < until:
        time.sleep(0.1)


def test_only_this_folders_jobs_are_found_and_cancelled(tmp_path):
    ours = {submit(tmp_path / "a b|c"), submit(tmp_path / "a b|c")}
    others = {submit(tmp_path / "other"), submit(tmp_path / "a b|c", "somebody_elses")}
    found = queue.jobs_of(tmp_path / "a b|c")
    assert {job.id for job in found} == ours
    assert {job.run for job in found} == {"toy-grid/wgan-8gaussians-c0.01-0123abcd"}
    queue.cancel(found)
    assert listed() == others
    assert queue.jobs_of(tmp_path / "a b|c") == []


def test_a_folder_is_the_same_through_a_symbolic_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    job = submit(tmp_path / "link")
    assert [found.id for found in queue.jobs_of(tmp_path / "real")] == [job]


def test_a_pending_job_is_found_and_cancelled(tmp_path):
    submit(tmp_path, "wganbench_0a1b", "--hold")
    found = queue.jobs_of(tmp_path)
    assert [job.state for job in found] == ["PENDING"]
    queue.cancel(found)
    assert queue.jobs_of(tmp_path) == []


def test_a_job_that_ends_by_itself_meanwhile_is_no_mistake(tmp_path):
    submit(tmp_path)
    found = queue.jobs_of(tmp_path)
    queue.cancel(found)
    queue.cancel([*found, queue.Job("999999", "RUNNING", "")])


def test_a_job_that_cannot_be_ended_is_named(tmp_path):
    job = submit(tmp_path, does="trap '' TERM; touch deaf; sleep 300")
    while not (tmp_path / "deaf").exists():
        time.sleep(0.1)
    with pytest.raises(UserError, match=f"Slurm jobs {job} still run 1 s after scancel"):
        queue.cancel(queue.jobs_of(tmp_path), seconds=1)


def test_a_slurm_that_does_not_answer_is_one_line(monkeypatch, tmp_path):
    (tmp_path / "slurm.conf").write_text("nonsense\n")
    monkeypatch.setenv("SLURM_CONF", str(tmp_path / "slurm.conf"))
    with pytest.raises(UserError, match=r"squeue failed: .*slurm\.conf"):
        queue.jobs_of(tmp_path)
