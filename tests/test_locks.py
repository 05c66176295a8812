"""A run's lock: one writer at a time, whatever became of the last one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wganbench import locks
from wganbench.errors import UserError
from wganbench.locks import is_written, writing
from wganbench.plan.steps import STEPS

RUN = "an-experiment/a-run"
LOCKS = {step.name: step.locks for step in STEPS}
HOLD = """
import sys, time
from pathlib import Path
from wganbench.locks import writing
with writing({run!r}, {locks!r}, Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", 0.2)


class Holder:
    """Another process that holds a lock."""

    def __init__(self, folder: Path, step: str) -> None:
        code = HOLD.format(run=RUN, locks=LOCKS[step])
        command = [sys.executable, "-c", code, str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "held\n"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def hold(tmp_path):
    holders = []

    def start(step: str) -> Holder:
        holders.append(Holder(tmp_path, step))
        return holders[-1]

    yield start
    for holder in holders:
        holder.kill()


def test_a_second_writer_fails_and_learns_who_is_writing(hold, tmp_path):
    holder = hold("train")
    with pytest.raises(UserError) as refused, writing(RUN, LOCKS["train"], tmp_path):
        pass
    assert f"{RUN}: process {holder.process.pid} on " in str(refused.value)
    assert "wganbench recover" in str(refused.value)


def test_a_second_writer_waits_for_one_that_is_about_to_end(hold, tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", 30.0)
    holder = hold("train")
    subprocess.Popen(["sh", "-c", f"sleep 0.5; kill {holder.process.pid}"])
    began = time.monotonic()
    with writing(RUN, LOCKS["train"], tmp_path):
        assert 0.3 < time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("held", "wanted", "free"),
    [
        ("train", "transport", False),
        ("train", "fidelity", False),
        ("transport", "train", False),
        ("transport", "fidelity", True),
        ("fidelity", "transport", True),
    ],
)
def test_training_excludes_measuring_but_two_measurements_go_together(
    hold, tmp_path, held, wanted, free
):
    hold(held)
    if free:
        with writing(RUN, LOCKS[wanted], tmp_path):
            pass
    else:
        with pytest.raises(UserError), writing(RUN, LOCKS[wanted], tmp_path):
            pass


def test_another_run_is_free(hold, tmp_path):
    hold("train")
    with writing("an-experiment/another-run", LOCKS["train"], tmp_path):
        pass


def test_a_killed_writer_leaves_no_lock(hold, tmp_path):
    holder = hold("train")
    assert is_written(RUN, "train", tmp_path)
    holder.kill()
    assert not is_written(RUN, "train", tmp_path)
    with writing(RUN, LOCKS["train"], tmp_path):
        pass


def test_a_look_at_a_lock_changes_nothing_and_keeps_nobody_out(tmp_path):
    assert is_written(RUN, "train", tmp_path) == ""
    assert list(tmp_path.iterdir()) == []
    with writing(RUN, LOCKS["train"], tmp_path):
        assert f"process {os.getpid()} on" in is_written(RUN, "train", tmp_path)
        before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
        is_written(RUN, "train", tmp_path)
        assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before
