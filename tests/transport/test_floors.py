"""What distances stand beside is measured once for all runs on the same samples, never stale."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wganbench.data import Arrays
from wganbench.data.gaussians import EightGaussians
from wganbench.data.pairs import TwoGaussians
from wganbench.transport import floors as module
from wganbench.transport.exact import exact_w1
from wganbench.transport.floors import FRESH_DRAWS, floors

N = 40


@pytest.fixture(scope="module")
def pair() -> Arrays:
    return TwoGaussians().generate(np.random.default_rng(0))


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


def test_another_run_takes_over_the_very_numbers(pair, tmp_path, solved):
    first = floors("pair", pair.heldout[:N], pair, "code", tmp_path)
    assert floors("pair", pair.heldout[:N], pair, "code", tmp_path) == first
    assert len(solved) == 1
    fresh = [
        exact_w1(pair.train[k * N : (k + 1) * N], pair.train_model[k * N : (k + 1) * N])
        for k in range(FRESH_DRAWS)
    ]
    assert first["w1_fresh"] == np.mean(fresh)
    assert first["w1_fresh_sd"] == np.std(fresh, ddof=1)
    assert 0 < first["floor"] < first["w1_fresh"]


def test_what_no_pair_has_stays_unknown(tmp_path, solved):
    mixture = EightGaussians().generate(np.random.default_rng(0))
    first = floors("mixture", mixture.heldout[:N], mixture, "code", tmp_path)
    assert first["w1_fresh"] is first["w1_fresh_sd"] is None
    assert floors("mixture", mixture.heldout[:N], mixture, "code", tmp_path) == first
    assert len(solved) == 1


@pytest.mark.parametrize("changed", ["code", "held out", "train", "train_model", "size", "POT"])
def test_other_samples_code_or_solver_are_measured_anew(
    pair, tmp_path, solved, changed, monkeypatch
):
    floors("pair", pair.heldout[:N], pair, "code", tmp_path)
    real, arrays, code = pair.heldout[:N], pair, "code"
    if changed == "code":
        code = "another"
    elif changed == "held out":
        real = pair.heldout[N : 2 * N]
    elif changed == "size":
        real = pair.heldout[: N + 1]
    elif changed == "POT":
        monkeypatch.setattr(module, "version", lambda name: "0.0")
    else:
        arrays = replace(pair, **{changed: getattr(pair, changed) + np.float32(0.5)})
    other = floors("pair", real, arrays, code, tmp_path)
    assert len(solved) == 2
    assert other == floors("pair", real, arrays, code, tmp_path)
    assert len(solved) == 2


def test_a_damaged_file_is_measured_anew_and_mended(pair, tmp_path, solved):
    first = floors("pair", pair.heldout[:N], pair, "code", tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for place in range(4, len(whole), 97):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        assert floors("pair", pair.heldout[:N], pair, "code", tmp_path) == first
    path.write_bytes(whole[: len(whole) // 2])
    assert floors("pair", pair.heldout[:N], pair, "code", tmp_path) == first
    assert Path(path).read_bytes() == whole
    assert len(solved) > 1
