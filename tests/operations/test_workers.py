"""Workers: many processes make a plan's runs together, each run once."""

import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from experiment_files import tuned_project
from smoke_project import BIN

from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.locks import writing
from wganbench.operations.run import WORKER
from wganbench.plan.runs import plan
from wganbench.training import train as training

WORK = [BIN / "wganbench", "run", "rates", "--worker"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project's folder with a tuned experiment, as the working folder."""
    monkeypatch.chdir(tuned_project(tmp_path))
    return tmp_path


def worker() -> subprocess.Popen[str]:
    return subprocess.Popen(WORK, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def made() -> dict[Path, str]:
    """Return the digests of what is measured and chosen, which depend on all before."""
    files = [*Path("results/runs").rglob("*.parquet"), *Path("results/runs").rglob("choices-*")]
    return {path: sha256_of(path) for path in files}


def test_workers_share_a_plan_and_make_each_run_once_with_the_same_bytes(project, wganbench):
    workers = [worker() for _ in range(2)]
    outs = [one.communicate(timeout=300) for one in workers]
    assert [one.returncode for one in workers] == [0, 0], outs
    said = "".join(out for out, _ in outs)
    trained = re.findall(r"^(rates/\S+): trained", said, re.MULTILINE)
    assert len(trained) == len(set(trained)) == 4
    assert said.count("8gaussians.npz") == 1  # data are made once, and waited for
    found = made()
    assert wganbench("run", "rates", "--no-report")[1].count("was done") == 4
    shutil.rmtree("results")
    assert wganbench("run", "rates", "--no-report")[0] == 0
    assert made() == found


def test_a_worker_passes_over_what_another_is_at_and_says_so(project, wganbench):
    runs = [run for run in plan("smoke")["rates"] if run.candidate or not run.tuned]
    with writing(runs[0].id, (WORKER,)):
        code, out, _ = wganbench(*WORK[1:])
    assert code == 0
    assert out.endswith("made 2 of 3 runs; 1 are another process's\n")
    assert not (Path("results/runs") / runs[0].id).exists()
    code, out, _ = wganbench(*WORK[1:])  # it takes over, chooses and makes what follows
    assert code == 0
    assert "made 1 of 3 runs; 0 are another process's" in out
    assert out.endswith("made 1 of 1 runs; 0 are another process's\n")


def test_a_run_that_fails_is_named_by_its_worker_and_the_others_are_made(
    project, wganbench, monkeypatch
):
    (first, *_) = plan("smoke")["rates"]
    honest = training.train_run

    def failing(run, *arguments, **others):
        if run.id == first.id:
            raise UserError("device: the GPU fell off the bus")
        return honest(run, *arguments, **others)

    monkeypatch.setattr(training, "train_run", failing)
    code, out, err = wganbench(*WORK[1:])
    assert code == 2
    assert f"{first.id}: failed: device: the GPU fell off the bus" in out
    assert "made 2 of 3 runs; 0 are another process's" in out
    assert "1 of 3 runs failed" in err


@pytest.mark.long  # a lock ends with its process, as tests/test_locks.py shows
def test_a_killed_workers_run_is_taken_over_by_the_next(project):
    first = worker()
    while not list(Path("scratch/locks").glob("rates/*/worker.lock")):
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    second = worker()
    assert second.communicate(timeout=300)[1].count("Traceback") == 0
    assert second.returncode == 0
    assert len(list(Path("results/runs/rates").glob("*/transport.parquet"))) == 4
