"""What distances stand beside is measured once for all runs on the same samples, never stale."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import sleep

import numpy as np
import pyarrow.parquet as pq
import pytest
from configurations import configuration

from wganbench.data import Arrays
from wganbench.data.gaussians import EightGaussians
from wganbench.data.pairs import TwoGaussians
from wganbench.data.store import write_data
from wganbench.plan.runs import Run
from wganbench.training.train import train_run
from wganbench.transport import floors as module
from wganbench.transport.exact import exact_w1, floor
from wganbench.transport.floors import FRESH_DRAWS, floors
from wganbench.transport.measure import measure

N = 40


@pytest.fixture(scope="module")
def pair() -> Arrays:
    return TwoGaussians().generate(np.random.default_rng(0))


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    monkeypatch.chdir(tmp_path)  # where the locks are
    monkeypatch.setattr(module, "FLOORS", tmp_path / "floors")
    return tmp_path / "floors"


@pytest.fixture
def solved(monkeypatch) -> list[int]:
    """How often floors were measured."""
    calls: list[int] = []
    measured = module.floor

    def counted(*arguments, **named):
        calls.append(1)
        return measured(*arguments, **named)

    monkeypatch.setattr(module, "floor", counted)
    return calls


def test_another_run_takes_over_the_very_numbers(pair, solved):
    first = floors("pair", pair.heldout[:N], pair, "code")
    assert floors("pair", pair.heldout[:N], pair, "code") == first
    assert len(solved) == 1
    fresh = [
        exact_w1(pair.train[k * N : (k + 1) * N], pair.train_model[k * N : (k + 1) * N])
        for k in range(FRESH_DRAWS)
    ]
    assert first["w1_fresh"] == np.mean(fresh)
    assert first["w1_fresh_sd"] == np.std(fresh, ddof=1)
    own = floor(pair.heldout[:N], pair.train, N, FRESH_DRAWS, np.random.default_rng(0))
    assert first["floor"] == own.mean()
    assert first["floor_sd"] == own.std(ddof=1)


def test_what_no_pair_has_stays_unknown(solved):
    mixture = EightGaussians().generate(np.random.default_rng(0))
    first = floors("mixture", mixture.heldout[:N], mixture, "code")
    assert first["w1_fresh"] is first["w1_fresh_sd"] is None
    assert floors("mixture", mixture.heldout[:N], mixture, "code") == first
    assert len(solved) == 1


@pytest.mark.parametrize("changed", ["code", "held out", "train", "train_model", "size", "solver"])
def test_other_samples_code_or_solver_are_measured_anew(pair, solved, changed, monkeypatch):
    floors("pair", pair.heldout[:N], pair, "code")
    real, arrays, code = pair.heldout[:N], pair, "code"
    if changed == "code":
        code = "another"
    elif changed == "held out":
        real = pair.heldout[N : 2 * N]
    elif changed == "size":
        real = pair.heldout[: N + 1]
    elif changed == "solver":
        monkeypatch.setattr(module, "version", lambda name: "0.0")
    else:
        arrays = replace(pair, **{changed: getattr(pair, changed) + np.float32(0.5)})
    other = floors("pair", real, arrays, code)
    assert len(solved) == 2
    assert other == floors("pair", real, arrays, code)
    assert len(solved) == 2


def test_without_room_for_the_file_the_numbers_are_there(pair, solved, folder):
    folder.touch()  # where a folder is wanted
    found = [floors("pair", pair.heldout[:N], pair, "code") for _ in range(2)]
    assert found[0] == found[1]
    assert len(solved) == 2


def test_who_comes_second_waits_for_the_first(pair, solved, monkeypatch):
    begun = Event()
    measured = module.floor

    def slow(*arguments, **named):
        begun.set()
        sleep(0.3)
        return measured(*arguments, **named)

    monkeypatch.setattr(module, "floor", slow)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(floors, "pair", pair.heldout[:N], pair, "code")
        assert begun.wait(10)
        second = pool.submit(floors, "pair", pair.heldout[:N], pair, "code")
        assert first.result() == second.result()
    assert len(solved) == 1


def test_runs_share_their_data_sets_floor(solved):
    config = configuration("gan", samples=30, iterations=2, evaluations=1)
    write_data(config.data, Path("data"))
    rows = []
    for seed in (0, 1):
        run = Run(experiment="e", scale="smoke", seeds=(seed,), point={}, configuration=config)
        folder = Path(f"runs/{seed}")
        train_run(run, folder, data=Path("data"))
        measure(run, folder, Path("data"))
        rows += pq.read_table(folder / "transport.parquet").to_pylist()
    assert rows[0]["floor"] == rows[1]["floor"]
    assert rows[0]["w1"] != rows[1]["w1"]
    assert len(solved) == 1


def test_a_damaged_file_is_measured_anew_and_mended(pair, solved, folder):
    first = floors("pair", pair.heldout[:N], pair, "code")
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    for place in range(4, len(whole), 97):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        assert floors("pair", pair.heldout[:N], pair, "code") == first
    path.write_bytes(whole[: len(whole) // 2])
    assert floors("pair", pair.heldout[:N], pair, "code") == first
    assert path.read_bytes() == whole
    assert len(solved) > 1
