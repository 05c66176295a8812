"""`wganbench watch` shows what a training leaves while it runs, and changes nothing of it."""

import os
import shutil
import time
from io import StringIO

import pandas as pd
import pytest
from rich.console import Console
from runs_in_the_making import ITERATIONS, Making

from wganbench import cli
from wganbench.locks import writing
from wganbench.operations.looking import Looker
from wganbench.operations.watch import duration, line, sparkline, watch
from wganbench.plan.measurements.transport import ROW as TRANSPORT
from wganbench.plan.steps import TRAIN
from wganbench.records.curves import read_curves
from wganbench.transport.measure import measure as measure_transport


@pytest.fixture
def making(tmp_path) -> Making:
    return Making(tmp_path)


def shown(making: Making, terminal: bool, *steps) -> str:
    """Return what is printed while these steps are taken, one after each look."""
    file = StringIO()
    console = Console(file=file, force_terminal=terminal, width=120, color_system=None)
    waiting = list(steps)
    watch(Looker(making.run, making.places), console, 0.5, sleep=lambda _: waiting.pop(0)())
    assert not waiting
    return file.getvalue()


def test_of_a_run_in_the_making_there_are_the_curves_of_its_checkpoint(making):
    making.advance(5)
    look = Looker(making.run, making.places).look()
    assert not look.is_over
    assert look.iteration == 5
    pd.testing.assert_frame_equal(look.curves, pd.DataFrame(making.training.history.curves.rows()))
    assert 0 <= look.age < 60


def test_a_look_changes_no_file_and_keeps_no_training_out(making, tmp_path):
    making.advance(2)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    Looker(making.run, making.places).look()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    with writing(making.run.id, TRAIN.locks, making.places.locks):
        look = Looker(making.run, making.places).look()
    assert look.state == "running"
    assert f"process {os.getpid()}" in look.note


def test_a_file_is_read_again_only_when_it_is_another(making, monkeypatch):
    looker, read = Looker(making.run, making.places), []
    from wganbench.training import state

    real = state.read_state
    monkeypatch.setattr(
        state, "read_state", lambda path, *more: read.append(path) or real(path, *more)
    )
    making.advance(1)
    assert [looker.look().iteration for _ in range(3)] == [1, 1, 1]
    making.advance(1)
    os.utime(read[0], (time.time(), time.time() + 1))
    assert looker.look().iteration == 2
    assert len(read) == 2


def test_the_time_left_is_the_rest_at_the_pace_so_far_less_the_checkpoints_age(making):
    making.advance(4)
    making.training.seconds_before = 40.0  # of 4 of 8 iterations
    making.checkpoints.save(making.training)
    path = making.checkpoints.folder / "state"
    os.utime(path, (time.time(), time.time() - 10))
    look = Looker(making.run, making.places).look()
    assert look.age == pytest.approx(10, abs=3)
    assert look.seconds_left == pytest.approx(30, abs=5)
    os.utime(path, (time.time(), time.time() - 1000))
    assert Looker(making.run, making.places).look().seconds_left is None  # it may have stopped


def test_between_two_checkpoints_the_log_has_the_iteration(making):
    making.advance(2)
    making.log(f"{making.run.id}: iteration 6/{ITERATIONS}, 3.1 it/s, estimate 1 2, 1 s left\n")
    with writing(making.run.id, TRAIN.locks, making.places.locks):
        look = Looker(making.run, making.places).look()
    assert look.iteration == 6
    assert look.curves["iteration"].max() == 2


def test_a_run_that_is_not_started_is_waited_for_and_the_end_ends_it(making):
    text = shown(
        making,
        False,
        lambda: None,
        lambda: making.advance(2),
        lambda: making.advance(2),
        making.finish,
    )
    lines = text.splitlines()
    assert len(lines) == 4  # none for the look that saw nothing new
    assert lines[0] == f"{making.run.id}: to do, nothing of it is known yet"
    for place, iteration in ((1, 2), (2, 4), (3, ITERATIONS)):
        assert f"iteration {iteration}/{ITERATIONS}, estimate " in lines[place]
    assert "to measure" in lines[3]
    assert "generator's loss" in lines[3]
    assert "ago" in lines[2]
    assert "ago" not in lines[3]


def test_a_terminal_gets_curves_and_their_last_values(making):
    text = shown(making, True, lambda: making.advance(4), making.finish)
    curves = read_curves(making.places.results / making.run.id / "curves.parquet").to_pandas()
    last = curves.groupby("iteration")["estimate"].mean().iloc[-1]
    final = text[text.rindex(making.run.id) :]
    (row,) = [one for one in final.splitlines() if one.startswith("estimate")]
    assert f"{last:.3g}" in row
    assert set("▁█") <= set(row)
    assert "largest gradient norm" in final
    assert "Mean over 2 seeds" in final


def test_exact_w1_is_shown_where_it_is_measured(making):
    making.finish()
    folder = making.places.results / making.run.id
    measure_transport(making.run, folder, making.data)
    w1 = TRANSPORT.read(folder / TRANSPORT.file).to_pandas().groupby("iteration")["w1"].mean()
    assert f"exact W1 {w1.iloc[-1]:.3g}" in shown(making, False)


@pytest.mark.parametrize("content", [b"no state", b""])
def test_a_damaged_checkpoint_is_named_and_watched_on(making, content):
    making.advance(1)
    (making.checkpoints.folder / "state").write_bytes(content)
    look = Looker(making.run, making.places).look()
    assert "is damaged" in look.note
    assert look.curves.empty
    assert "is damaged" in line(look)


def test_another_runs_checkpoint_is_none_of_this_one(making, tmp_path):
    (tmp_path / "other").mkdir()
    other = Making(tmp_path / "other", batch_size=4)
    other.advance(1)
    shutil.copytree(other.checkpoints.folder, making.checkpoints.folder)
    look = Looker(making.run, making.places).look()
    assert "another run's checkpoint" in look.note
    assert look.curves.empty


def test_a_curve_has_its_iterations_from_left_to_right():
    rising = pd.Series([1.0, 2, 3, 4], index=[1, 2, 3, 4])
    assert sparkline(rising, 4) == "▁▃▆█"
    assert sparkline(rising, 2) == "▁█"
    seldom = pd.Series([1.0, 2], index=[3, 6])
    assert sparkline(seldom, 6) == "  ▁▁▁█"
    assert sparkline(pd.Series([5.0, 5.0], index=[1, 2]), 2) == "▁▁"


def test_times_are_rounded():
    assert [duration(s) for s in (0.4, 59, 61, 3599, 9000)] == [
        "0 s",
        "59 s",
        "1 min",
        "60 min",
        "2.5 h",
    ]


def test_the_command_looks_once_on_request_and_refuses_what_no_plan_has(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "experiments").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    run_id = Making(tmp_path / "experiments").run.id
    monkeypatch.setattr("sys.argv", ["wganbench", "watch", run_id, "--once"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert capsys.readouterr().out == f"{run_id}: to do, nothing of it is known yet\n"
    monkeypatch.setattr("sys.argv", ["wganbench", "watch", "example/none-00000000"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "is not on the grid" in capsys.readouterr().err
