"""An interrupted training goes on from its checkpoint, to the same result bit for bit."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from configurations import configuration, generated
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from training_cases import ALL, assert_identical, replica

from wganbench.operations.plugin_check import interrupted_everywhere
from wganbench.training import checkpoint
from wganbench.training.checkpoint import Checkpoints, Identity
from wganbench.training.loop import Training
from wganbench.training.process import prepare_torch
from wganbench.training.train import train

SEEDS = (7, 1)
IDENTITY = Identity(run="run", code="code", data="data", device="cpu", torch=torch.__version__)


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


def finished(training: Training) -> Training:
    while not training.is_over():
        training.advance()
    training.history.settle()
    return training


@pytest.mark.parametrize("case", ALL)
def test_a_training_goes_on_bit_for_bit_after_any_of_its_iterations(case):
    config, arrays = ALL[case], generated(ALL[case])
    whole = train(config, arrays, SEEDS)
    assert whole.resumed_at == []
    ended = interrupted_everywhere(lambda: Training(config, arrays, SEEDS, "cpu"))
    assert ended.resumed_at == list(range(1, whole.iteration + 1))
    assert ended.history.diverged_at == whole.history.diverged_at
    assert ended.history.converged_at == whole.history.converged_at
    for position in range(len(SEEDS)):
        assert_identical(replica(whole, position), replica(ended, position))


def test_early_stopping_is_among_the_cases():
    config = ALL["stopping early"]
    assert train(config, generated(config), SEEDS).history.converged_at != [None, None]


@settings(max_examples=15)
@given(ends=st.sets(st.integers(1, 19), max_size=4), seeds=st.sets(st.integers(0, 99), min_size=1))
def test_where_and_how_often_it_is_interrupted_makes_no_difference(ends, seeds, tmp_path_factory):
    config = configuration("wgan-gp", iterations=20, evaluations=5)
    arrays, folder, seeds = generated(config), tmp_path_factory.mktemp("checkpoint"), tuple(seeds)
    training = Training(config, arrays, seeds, "cpu")
    for end in sorted(ends):
        while training.iteration < end:
            training.advance()
        Checkpoints(folder, IDENTITY).save(training)
        training = Training(config, arrays, seeds, "cpu")
        Checkpoints(folder, IDENTITY).resume(training)
    ended, whole = finished(training), train(config, arrays, seeds)
    for position in range(len(seeds)):
        assert_identical(replica(whole, position), replica(ended, position))


def interrupted(folder: Path, after: int = 4) -> Training:
    """Leave a checkpoint and return the training that it is of."""
    config = configuration("wgan", iterations=8, evaluations=4)
    training = Training(config, generated(config), SEEDS, "cpu")
    for _ in range(after):
        training.advance()
    assert Checkpoints(folder, IDENTITY).save(training)
    return training


def taken_up(folder: Path, identity: Identity = IDENTITY) -> Training:
    config = configuration("wgan", iterations=8, evaluations=4)
    training = Training(config, generated(config), SEEDS, "cpu")
    Checkpoints(folder, identity).resume(training)
    return training


def test_a_checkpoint_is_taken_up(tmp_path, capsys):
    interrupted(tmp_path)
    assert taken_up(tmp_path).iteration == 4
    assert capsys.readouterr().err == f"{tmp_path}: goes on after iteration 4\n"


@pytest.mark.parametrize("file", ["state", "evaluation-2", "evaluation-4"])
@pytest.mark.parametrize("damage", ["flipped", "truncated", "empty", "missing", "another's"])
def test_a_damaged_checkpoint_is_named_and_training_starts_over(file, damage, tmp_path, capsys):
    interrupted(tmp_path)
    path = tmp_path / file
    content = path.read_bytes()
    if damage == "flipped":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    elif damage == "truncated":
        path.write_bytes(content[:-1])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "missing":
        path.unlink()
    else:
        interrupted(tmp_path / "other", after=6)
        path.write_bytes((tmp_path / "other/evaluation-6").read_bytes())
    training = taken_up(tmp_path)
    told = capsys.readouterr().err
    assert training.iteration == 0
    if (file, damage) == ("state", "missing"):
        assert told == ""  # there is no checkpoint then
    else:
        assert f"{path}: " in told
        assert told.endswith("; training starts over\n")
        assert not tmp_path.exists()


@settings(max_examples=60)
@given(place=st.integers(0), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_state_goes_unseen(place, bit, tmp_path_factory):
    folder = tmp_path_factory.mktemp("flipped")
    interrupted(folder, after=1)
    content = bytearray((folder / "state").read_bytes())
    content[place % len(content)] ^= 1 << bit
    (folder / "state").write_bytes(content)
    assert taken_up(folder).iteration == 0


@pytest.mark.parametrize("field", ["run", "code", "data", "device", "torch", "schema_version"])
def test_a_checkpoint_of_another_training_is_refused_by_name(field, tmp_path, capsys):
    interrupted(tmp_path)
    foreign = Identity(**{**IDENTITY.__dict__, field: "other"})
    assert taken_up(tmp_path, foreign).iteration == 0
    assert f"{tmp_path / 'state'}: {field}: is " in capsys.readouterr().err


def test_a_disk_that_takes_no_checkpoint_ends_no_training(tmp_path, capsys, monkeypatch):
    def full(state, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "write_state", full)
    config = configuration("wgan", iterations=3)
    arrays = generated(config)
    trained = train(config, arrays, SEEDS, checkpoints=Checkpoints(tmp_path, IDENTITY, every=0))
    assert trained.iteration == 3
    told = capsys.readouterr().err
    assert told.count("no checkpoint was written: [Errno 28] No space left on device") == 3


def test_checkpoints_are_written_as_often_as_asked_whatever_the_wall_clock_does(
    tmp_path, monkeypatch
):
    now = [0.0]
    monkeypatch.setattr(checkpoint.time, "monotonic", lambda: now[0])
    kept = Checkpoints(tmp_path, IDENTITY, every=60)
    training = interrupted(tmp_path / "other", after=1)
    written = []
    for now[0] in (59.0, 60.0, 100.0, 119.0, 120.0):
        (tmp_path / "state").unlink(missing_ok=True)
        kept.save_if_due(training)
        written.append((tmp_path / "state").exists())
    assert written == [False, True, False, False, True]


@pytest.mark.parametrize("kills", [10, pytest.param(120, marks=pytest.mark.long)])
def test_a_run_killed_at_random_moments_ends_with_the_same_bytes(kills, tmp_path):
    # Real processes and SIGKILL, in the middle of writing a checkpoint too; see killing.py.
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "killing.py", tmp_path, str(kills)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["different"] == []
    assert told["kills"] >= kills
    assert told["kills while writing"] >= kills // 4
    assert told["went on from a checkpoint"] >= kills // 4
